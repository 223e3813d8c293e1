//! Connectors: how one institution is reached, and the form that it asks for. Source: P `connector`.

use crate::json::{Object, Read};
use crate::words::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use url::Url;

/// Longest pattern that is kept; a longer one is no pattern for a form's field.
const LONGEST_PATTERN: usize = 1_000;
/// Longest picture in base64, in characters: more than a screenful of QR code.
const LONGEST_PICTURE: usize = 1 << 20;

words! {
    /// What kind of institution it is.
    ConnectorType {
        /// For people.
        PersonalBank = "PERSONAL_BANK",
        /// For companies.
        BusinessBank = "BUSINESS_BANK",
        /// Invoices.
        Invoice = "INVOICE",
        /// Brokers.
        Investment = "INVESTMENT",
        /// Telephone companies.
        Telecommunication = "TELECOMMUNICATION",
        /// Earnings from platforms.
        DigitalEconomy = "DIGITAL_ECONOMY",
        /// Wallets.
        PaymentAccount = "PAYMENT_ACCOUNT",
        /// Anything else, in Pluggy's own word.
        Unclassified = "OTHER",
    }
}

words! {
    /// What can be collected.
    Product {
        /// Bank accounts.
        Accounts = "ACCOUNTS",
        /// Credit cards.
        CreditCards = "CREDIT_CARDS",
        /// Transactions of accounts and cards.
        Transactions = "TRANSACTIONS",
        /// Who paid whom.
        PaymentData = "PAYMENT_DATA",
        /// Investments.
        Investments = "INVESTMENTS",
        /// Transactions of investments.
        InvestmentsTransactions = "INVESTMENTS_TRANSACTIONS",
        /// Who the holder is.
        Identity = "IDENTITY",
        /// Brokerage notes.
        BrokerageNote = "BROKERAGE_NOTE",
        /// Securities that move to another broker.
        MoveSecurity = "MOVE_SECURITY",
        /// Loans.
        Loans = "LOANS",
        /// Statements as documents.
        AccountStatements = "ACCOUNT_STATEMENTS",
    }
}

words! {
    /// How a field is filled in.
    FieldKind {
        /// Digits, of which leading zeros count.
        Number = "number",
        /// Hidden while it is typed.
        Password = "password",
        /// Any text.
        Text = "text",
        /// A picture or QR code is shown; what it says may be asked for.
        Image = "image",
        /// One of several options.
        Select = "select",
        /// An address of the Ethereum network.
        EthAddress = "ethaddress",
        /// A riddle that proves a person.
        Hcaptcha = "hcaptcha",
        /// An approval at the institution, whose address is the data. Not in P's list; clients have met it.
        Oauth = "oauth",
    }
}

words! {
    /// How well a connector works.
    HealthStatus {
        /// As it should.
        Online = "ONLINE",
        /// Not at all; connections are refused.
        Offline = "OFFLINE",
        /// Sometimes.
        Unstable = "UNSTABLE",
    }
}

/// How an institution is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Connector {
    /// Its number; 600 and up are Open Finance (D), which [`Self::is_open_finance`] says too.
    pub id: u64,
    /// The institution's name.
    pub name: Option<String>,
    /// The institution's site.
    pub institution_url: Option<Url>,
    /// The institution's logo.
    pub image_url: Option<Url>,
    /// The institution's color as six lower-case hexadecimal digits without `#`.
    pub primary_color: Option<String>,
    /// What kind of institution it is.
    pub kind: Option<ConnectorType>,
    /// Code of the country, such as `BR`.
    pub country: Option<String>,
    /// What to ask the person for.
    pub fields: Vec<Field>,
    /// Whether questions follow the form.
    pub has_mfa: bool,
    /// Whether the person approves on the institution's own page.
    pub oauth: bool,
    /// That page, where it is the same for everybody.
    pub oauth_url: Option<String>,
    /// How well it works; none when it was not asked for.
    pub health: Option<ConnectorHealth>,
    /// Whether it is of Open Finance.
    pub is_open_finance: bool,
    /// Whether it is for practice.
    pub is_sandbox: bool,
    /// Where a forgotten password is mended.
    pub reset_password_url: Option<Url>,
    /// What it can collect.
    pub products: Vec<Product>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// How well a connector works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConnectorHealth {
    /// In a word.
    pub status: HealthStatus,
    /// Whether it is new, and may fail more than others.
    pub is_beta: bool,
    /// What the trouble is.
    pub message: Option<String>,
}

/// A field of a connector's form, or the question of an item. Holds what the server asks, never an answer.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Name under which the value is sent.
    pub name: String,
    /// What it is called for people; the name where nothing else is said.
    pub label: String,
    /// How it is filled in.
    pub kind: FieldKind,
    /// Whether it is a second factor.
    pub is_mfa: bool,
    /// A picture in base64, or an address to open.
    pub data: Option<String>,
    /// Help.
    pub assistive_text: Option<String>,
    /// What can be chosen.
    pub options: Vec<SelectOption>,
    /// A regular expression of JavaScript that the value must match.
    pub validation: Option<String>,
    /// What to say when it does not.
    pub validation_message: Option<String>,
    /// An example in the empty field.
    pub placeholder: Option<String>,
    /// Whether it may stay empty.
    pub is_optional: bool,
    /// What the institution says about the question.
    pub instructions: Option<String>,
    /// Until when it can be answered.
    pub expires_at: Option<Timestamp>,
}

/// What can be chosen in a field.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SelectOption {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}

impl Read for Connector {
    fn read(object: &Object<'_>) -> Option<Self> {
        let flag = |name: &str| object.flag(name).unwrap_or(false);
        Some(Self {
            id: object.count("id")?,
            name: object.label("name"),
            institution_url: object.web_address("institutionUrl"),
            image_url: object.web_address("imageUrl"),
            primary_color: object.text("primaryColor").as_deref().and_then(color),
            kind: object.word("type"),
            country: object.label("country"),
            fields: object.parts("credentials"),
            has_mfa: flag("hasMFA"),
            oauth: flag("oauth"),
            oauth_url: object.text("oauthUrl"),
            health: object.part("health"),
            is_open_finance: flag("isOpenFinance"),
            is_sandbox: flag("isSandbox"),
            reset_password_url: object.web_address("resetPasswordUrl"),
            products: object.words("products"),
            created_at: object.instant("createdAt"),
            updated_at: object.instant("updatedAt"),
        })
    }
}

/// Six hexadecimal digits, with or without `#` before them: whether it is there is not documented.
fn color(text: &str) -> Option<String> {
    let digits = text.trim().trim_start_matches('#');
    let fits = digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit());
    fits.then(|| digits.to_ascii_lowercase())
}

impl Read for ConnectorHealth {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            status: object.word("status")?,
            is_beta: object.text("stage").as_deref() == Some("BETA"),
            message: object.object("details").and_then(|details| details.label("error")),
        })
    }
}

impl Read for Field {
    fn read(object: &Object<'_>) -> Option<Self> {
        let name = object.text("name").filter(|name| !name.is_empty())?;
        Some(Self {
            label: object.label("label").unwrap_or_else(|| crate::printable::printable(&name, 200)),
            // A type that is new is a text field: the person can still type what the label asks for.
            kind: object.word("type").unwrap_or(FieldKind::Text),
            is_mfa: object.flag("mfa").unwrap_or(false),
            data: data(object),
            assistive_text: object.label("assistiveText"),
            options: object.parts("options"),
            validation: object.exact("validation", LONGEST_PATTERN).filter(|pattern| !pattern.is_empty()),
            validation_message: object.label("validationMessage"),
            placeholder: object.label("placeholder"),
            is_optional: object.flag("optional").unwrap_or(false),
            instructions: object.label("instructions"),
            expires_at: object.instant("expiresAt"),
            name,
        })
    }
}

impl Field {
    /// Whether it asks for an approval at the institution, and for no answer: by its kind or name, or because its
    /// data is an address.
    pub fn is_approval(&self) -> bool {
        let leads = |data: &str| data.starts_with("https://") || data.starts_with("http://");
        self.kind == FieldKind::Oauth || self.name == "oauth_code" || self.data.as_deref().is_some_and(leads)
    }
}

/// The data itself, or the address in it.
fn data(object: &Object<'_>) -> Option<String> {
    let inside = || object.object("data")?.exact("url", LONGEST_PICTURE);
    object.exact("data", LONGEST_PICTURE).or_else(inside)
}

impl Read for SelectOption {
    fn read(object: &Object<'_>) -> Option<Self> {
        let value = object.text("value")?;
        let label = object.label("label").unwrap_or_else(|| crate::printable::printable(&value, 200));
        Some(Self { value, label })
    }
}

impl std::fmt::Debug for Field {
    /// By name and kind: a QR code in `data` can be a login.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Field({} {})", self.kind, crate::printable::printable(&self.name, 100))
    }
}
