//! The entries' files. A test compares the list with the folder.

macro_rules! files {
    ($($id:literal),* $(,)?) => {
        /// File name and content of each entry.
        pub(crate) const FILES: &[(&str, &str)] =
            &[$((concat!($id, ".toml"), include_str!(concat!("../data/", $id, ".toml")))),*];
    };
}

files![
    "akahu",
    "asaas",
    "bamboohr",
    "bigcommerce",
    "chargebee",
    "deel",
    "dynamics-365-business-central",
    "e-conomic",
    "factorial",
    "firefly-iii",
    "freeagent",
    "github",
    "gocardless",
    "google",
    "harvest",
    "holded",
    "lemon-squeezy",
    "lexware-office",
    "lunch-money",
    "maxio",
    "mercury",
    "microsoft",
    "mollie",
    "moneybird",
    "monzo",
    "netsuite",
    "paddle",
    "pagarme",
    "paystack",
    "pennylane",
    "pipedrive",
    "pocketsmith",
    "qonto",
    "razorpay",
    "sage-accounting",
    "sevdesk",
    "splitwise",
    "squarespace",
    "starling-bank",
    "stripe",
    "sumup",
    "toggl-track",
    "up",
    "wise",
    "woocommerce",
    "xendit",
    "xero",
    "ynab",
    "zoho-books",
    "zoho-invoice",
];
