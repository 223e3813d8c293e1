//! Items: one login of one person at one institution. Sources: P `item`, P `execution`, J for older words.

use super::connector::{Connector, Field, Product};
use crate::json::{Object, Read};
use crate::parameters::Parameters;
use crate::words::words;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

words! {
    /// How an item stands.
    ItemStatus {
        /// The last run ended well, perhaps with gaps.
        Updated = "UPDATED",
        /// A run is under way.
        Updating = "UPDATING",
        /// It waits for an answer.
        WaitingUserInput = "WAITING_USER_INPUT",
        /// It waits for something that is done elsewhere.
        WaitingUserAction = "WAITING_USER_ACTION",
        /// What was collected is being stored.
        Merging = "MERGING",
        /// It does nothing more until it gets new parameters.
        LoginError = "LOGIN_ERROR",
        /// The last run failed, through no fault of the person; it can be repeated.
        Outdated = "OUTDATED",
    }
}

words! {
    /// How the last run of an item stands or ended.
    ExecutionStatus {
        /// About to begin.
        Creating = "CREATING",
        /// Begun.
        Created = "CREATED",
        /// Never begun.
        CreateError = "CREATE_ERROR",
        /// Logging in.
        LoginInProgress = "LOGIN_IN_PROGRESS",
        /// Waiting for an answer.
        WaitingUserInput = "WAITING_USER_INPUT",
        /// Waiting for something that is done elsewhere.
        WaitingUserAction = "WAITING_USER_ACTION",
        /// Logging in with the answer.
        LoginMfaInProgress = "LOGIN_MFA_IN_PROGRESS",
        /// Collecting.
        AccountsInProgress = "ACCOUNTS_IN_PROGRESS",
        /// Collecting.
        CreditCardsInProgress = "CREDITCARDS_IN_PROGRESS",
        /// Collecting.
        TransactionsInProgress = "TRANSACTIONS_IN_PROGRESS",
        /// Collecting.
        PaymentDataInProgress = "PAYMENT_DATA_IN_PROGRESS",
        /// Collecting.
        InvestmentsInProgress = "INVESTMENTS_IN_PROGRESS",
        /// Collecting.
        InvestmentsTransactionsInProgress = "INVESTMENTS_TRANSACTIONS_IN_PROGRESS",
        /// Collecting.
        IdentityInProgress = "IDENTITY_IN_PROGRESS",
        /// Collecting.
        LoansInProgress = "LOANS_IN_PROGRESS",
        /// Collecting.
        AccountStatementsInProgress = "ACCOUNT_STATEMENTS_IN_PROGRESS",
        /// Collecting, in an older word (J).
        OpportunitiesInProgress = "OPPORTUNITIES_IN_PROGRESS",
        /// Collecting, in an older word (J).
        PortfolioInProgress = "PORTFOLIO_IN_PROGRESS",
        /// What was collected could not be stored.
        MergeError = "MERGE_ERROR",
        /// Failed.
        Error = "ERROR",
        /// Everything was collected.
        Success = "SUCCESS",
        /// Something was not collected.
        PartialSuccess = "PARTIAL_SUCCESS",
        /// A wrong user or password.
        InvalidCredentials = "INVALID_CREDENTIALS",
        /// A wrong answer to the question.
        InvalidCredentialsMfa = "INVALID_CREDENTIALS_MFA",
        /// Logged in elsewhere.
        AlreadyLoggedIn = "ALREADY_LOGGED_IN",
        /// Failed, and nobody expected it.
        UnexpectedError = "UNEXPECTED_ERROR",
        /// The institution cannot be reached.
        SiteNotAvailable = "SITE_NOT_AVAILABLE",
        /// The institution has locked the login.
        AccountLocked = "ACCOUNT_LOCKED",
        /// The institution wants a new password to be set.
        AccountCredentialsReset = "ACCOUNT_CREDENTIALS_RESET",
        /// Between Pluggy and the institution.
        ConnectionError = "CONNECTION_ERROR",
        /// The institution wants the person to do something there.
        AccountNeedsAction = "ACCOUNT_NEEDS_ACTION",
        /// The approval is not there yet.
        UserAuthorizationPending = "USER_AUTHORIZATION_PENDING",
        /// The approval was refused, or has ended.
        UserAuthorizationNotGranted = "USER_AUTHORIZATION_NOT_GRANTED",
        /// The consent was taken back at the institution, or has ended.
        UserAuthorizationRevoked = "USER_AUTHORIZATION_REVOKED",
        /// This kind of login cannot be linked.
        UserNotSupported = "USER_NOT_SUPPORTED",
        /// No answer came in time.
        UserInputTimeout = "USER_INPUT_TIMEOUT",
    }
}

words! {
    /// What is to be done elsewhere.
    UserActionKind {
        /// A QR code is scanned.
        Qr = "qr",
        /// Access is approved at the institution.
        AuthorizeAccess = "authorize-access",
    }
}

/// One login of one person at one institution.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Item {
    /// Its identifier.
    pub id: String,
    /// Where it is; with a connect token less is said of it.
    pub connector: Option<Connector>,
    /// How it stands.
    pub status: Option<ItemStatus>,
    /// How its last run stands or ended.
    pub execution_status: Option<ExecutionStatus>,
    /// What was collected and what was not, of the products that were asked for.
    pub status_detail: Vec<ProductDetail>,
    /// Why the last run failed.
    pub error: Option<ExecutionError>,
    /// The question to answer.
    pub parameter: Option<Field>,
    /// What is to be done elsewhere.
    pub user_action: Option<UserAction>,
    /// When it was made.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
    /// When the institution was last read.
    pub last_updated_at: Option<Timestamp>,
    /// When Pluggy reads the institution next by itself.
    pub next_auto_sync_at: Option<Timestamp>,
    /// Until when the consent holds; none when it has no end or is none of Open Finance.
    pub consent_expires_at: Option<Timestamp>,
    /// How many logins have failed in a row.
    pub consecutive_failed_login_attempts: u64,
    /// Where events are posted.
    pub webhook_url: Option<String>,
    /// Our name for the person.
    pub client_user_id: Option<String>,
    /// Where the bank's page leads when its window cannot be closed, as it was made with; not always told.
    pub oauth_redirect_uri: Option<String>,
}

/// What became of one product.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductDetail {
    /// Which.
    pub product: Product,
    /// Whether the last run collected it.
    pub is_updated: bool,
    /// When it was last collected.
    pub last_updated_at: Option<Timestamp>,
    /// Why not, or not all of it.
    pub warnings: Vec<ProductWarning>,
}

/// Why a product was not collected, or not all of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProductWarning {
    /// `001` in the types (P); others may come.
    pub code: Option<String>,
    /// Pluggy's sentence.
    pub message: Option<String>,
    /// The institution's own sentence.
    pub provider_message: Option<String>,
}

/// Why a run failed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ExecutionError {
    /// In a word.
    pub code: Option<ExecutionStatus>,
    /// Pluggy's sentence.
    pub message: Option<String>,
    /// The institution's own sentence.
    pub provider_message: Option<String>,
    /// More, where an institution says more.
    pub attributes: BTreeMap<String, String>,
}

impl ExecutionError {
    /// Until when others have to approve, where an institution says so: before, another run leads nowhere.
    pub fn wait_until(&self) -> Option<Timestamp> {
        crate::calendar::instant(self.attributes.get("waitUntil")?)
    }
}

/// What is to be done elsewhere.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UserAction {
    /// What kind of thing.
    pub kind: Option<UserActionKind>,
    /// What to tell the person.
    pub instructions: Option<String>,
    /// Addresses, pictures and more, by name.
    pub attributes: BTreeMap<String, String>,
    /// Until when.
    pub expires_at: Option<Timestamp>,
}

impl Item {
    /// The same, with no text that quotes what was sent.
    pub(crate) fn without(mut self, sent: &Parameters) -> Self {
        let redact = |text: &mut Option<String>| {
            if let Some(text) = text {
                *text = sent.redact(text);
            }
        };
        if let Some(error) = &mut self.error {
            redact(&mut error.message);
            redact(&mut error.provider_message);
            error.attributes.values_mut().for_each(|text| *text = sent.redact(text));
        }
        for warning in self.status_detail.iter_mut().flat_map(|detail| &mut detail.warnings) {
            redact(&mut warning.message);
            redact(&mut warning.provider_message);
        }
        self
    }
}

impl Read for Item {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            connector: object.part("connector"),
            status: object.word("status"),
            execution_status: object.word("executionStatus"),
            status_detail: object
                .object("statusDetail")
                .map(|details| products(&details))
                .unwrap_or_default(),
            error: object.part("error"),
            parameter: object.part("parameter"),
            user_action: object.part("userAction"),
            created_at: object.instant("createdAt"),
            updated_at: object.instant("updatedAt"),
            last_updated_at: object.instant("lastUpdatedAt"),
            next_auto_sync_at: object.instant("nextAutoSyncAt"),
            consent_expires_at: object.instant("consentExpiresAt"),
            consecutive_failed_login_attempts: object.count("consecutiveFailedLoginAttempts").unwrap_or(0),
            webhook_url: object.text("webhookUrl"),
            client_user_id: object.text("clientUserId"),
            oauth_redirect_uri: object.text("oauthRedirectUri"),
        })
    }
}

/// Details in the order in which a run collects; those that are new come last.
fn products(details: &Object<'_>) -> Vec<ProductDetail> {
    const ORDER: [(&str, Product); 9] = [
        ("identity", Product::Identity),
        ("accounts", Product::Accounts),
        ("creditCards", Product::CreditCards),
        ("transactions", Product::Transactions),
        ("paymentData", Product::PaymentData),
        ("investments", Product::Investments),
        ("investmentTransactions", Product::InvestmentsTransactions),
        ("loans", Product::Loans),
        ("accountStatements", Product::AccountStatements),
    ];
    let known = ORDER.iter().map(|(name, product)| (*name, product.clone()));
    let is_new = |name: &&str| ORDER.iter().all(|(known, _)| known != name);
    let new = details.names().filter(is_new).map(|name| (name, Product::from(name)));
    known.chain(new).filter_map(|(name, product)| detail(&details.object(name)?, product)).collect()
}

fn detail(object: &Object<'_>, product: Product) -> Option<ProductDetail> {
    Some(ProductDetail {
        product,
        is_updated: object.flag("isUpdated")?,
        last_updated_at: object.instant("lastUpdatedAt"),
        warnings: object.parts("warnings"),
    })
}

impl Read for ProductWarning {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            code: object.text("code").as_deref().and_then(crate::printable::code),
            message: object.label("message"),
            provider_message: object.label("providerMessage"),
        })
    }
}

impl Read for ExecutionError {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            code: object.word("code"),
            message: object.label("message"),
            provider_message: object.label("providerMessage"),
            attributes: attributes(object, LONGEST_ATTRIBUTE),
        })
    }
}

impl Read for UserAction {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            kind: object.word("type"),
            instructions: object.label("instructions"),
            attributes: attributes(object, LONGEST_PICTURE),
            expires_at: object.instant("expiresAt"),
        })
    }
}

/// Longest attribute of an error.
const LONGEST_ATTRIBUTE: usize = 4_096;
/// Longest attribute of an action, which may be a picture in base64.
const LONGEST_PICTURE: usize = 1 << 20;
/// Most attributes that are kept.
const MOST_ATTRIBUTES: usize = 50;

fn attributes(object: &Object<'_>, longest: usize) -> BTreeMap<String, String> {
    let Some(attributes) = object.object("attributes") else { return BTreeMap::new() };
    let pairs = attributes.names().take(MOST_ATTRIBUTES);
    pairs.filter_map(|name| Some((name.to_owned(), attributes.exact(name, longest)?))).collect()
}

impl std::fmt::Debug for UserAction {
    /// Without attributes: the address of an approval lets whoever has it approve.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "UserAction({:?})", self.kind)
    }
}
