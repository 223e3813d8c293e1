//! The entries' files. A test compares the list with the folder.

macro_rules! files {
    ($($id:literal),* $(,)?) => {
        /// File name and content of each entry.
        pub(crate) const FILES: &[(&str, &str)] =
            &[$((concat!($id, ".toml"), include_str!(concat!("../data/", $id, ".toml")))),*];
    };
}

files![
    "dynamics-365-business-central",
    "freeagent",
    "github",
    "google",
    "microsoft",
    "mollie",
    "monzo",
    "netsuite",
    "sage-accounting",
    "splitwise",
    "sumup",
    "xero",
    "zoho-books",
    "zoho-invoice",
];
