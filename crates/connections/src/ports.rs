//! What the core needs from outside, each narrow and named for the operation.

use crate::activity::Activity;
use crate::attempt::Attempt;
use crate::codat_config::CodatConfig;
use crate::config::ClientConfig;
use crate::connection::Connection;
use crate::id::{AttemptId, ConfigKey, ConnectionKey};
use crate::ledger::BalancePoint;
use crate::pluggy_config::PluggyConfig;
use crate::raw_answer::RawAnswer;
use crate::view::{Account, Surface, TransactionView};
use async_trait::async_trait;
use jiff::Timestamp;
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

pub use pluggy::Platform;

/// Sends one request to a provider.
///
/// An implementation follows no redirect, bounds the size of the answer before and after decompression, and bounds
/// time; it logs neither bodies nor queries.
#[async_trait]
pub trait Http: Send + Sync {
    /// The whole answer, whatever its status.
    async fn send(&self, request: oauth::Request) -> Result<oauth::Response, HttpError>;

    /// The same, with what the answer says of how many requests there are; for servers that say it.
    async fn send_counted(
        &self,
        request: oauth::Request,
    ) -> Result<(oauth::Response, oauth::RateLimit), HttpError> {
        Ok((self.send(request).await?, oauth::RateLimit::default()))
    }
}

/// Why there is no answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum HttpError {
    /// No network, or the name does not resolve: nothing was sent.
    #[error("no network")]
    Offline,
    /// The server could not be reached: nothing was sent.
    #[error("the server could not be reached")]
    Unreachable,
    /// The server's certificate is not trusted: nothing was sent.
    #[error("the server's certificate is not trusted")]
    Certificate,
    /// The request went out and no whole answer came back: it may have been carried out.
    #[error("the answer was lost")]
    AnswerLost,
    /// The answer was too large, too compressed or otherwise not to be read: the request may have been carried out.
    #[error("the answer was not readable")]
    Unreadable,
    /// The server pointed elsewhere. Nobody was asked there.
    #[error("the server answered with a redirect")]
    Redirected,
}

impl HttpError {
    /// Whether the server may have acted on the request.
    pub const fn may_have_been_carried_out(self) -> bool {
        matches!(self, Self::AnswerLost | Self::Unreadable)
    }
}

/// Keeps everything. The implementation is an encrypted file with one owner.
#[async_trait]
pub trait Store: Send + Sync {
    /// Everything but grants, client secrets and activity.
    async fn load(&self) -> Result<Stored, StoreError>;
    /// Carries out all changes or none; durable when it returns. Answers the sequence numbers of the logged lines.
    async fn commit(&self, changes: Vec<Change>) -> Result<Vec<u64>, StoreError>;
    /// The grant of a connection.
    async fn grant(&self, key: &ConnectionKey) -> Result<Option<Arc<Grant>>, StoreError>;
    /// The key that Pluggy gave for a registration, and when it lapses.
    async fn api_key(&self, key: &ConfigKey) -> Result<Option<ApiKey>, StoreError>;
    /// Accounts that were fetched, of all connections.
    async fn accounts(&self) -> Result<Vec<(ConnectionKey, Vec<Account>)>, StoreError>;
    /// Accounts that were fetched of one connection; none where nothing ever was.
    async fn accounts_of(&self, key: &ConnectionKey) -> Result<Option<Vec<Account>>, StoreError>;
    /// Balances that were noted of one account, the oldest first.
    async fn balances(&self, key: &ConnectionKey, account: &str) -> Result<Vec<BalancePoint>, StoreError>;
    /// Transactions that were fetched of one account, the newest first.
    async fn transactions(
        &self,
        key: &ConnectionKey,
        account: &str,
    ) -> Result<Vec<TransactionView>, StoreError>;
    /// The secret of a client registration.
    async fn client_secret(&self, key: &ConfigKey) -> Result<Option<SecretString>, StoreError>;
    /// Lines of Activity, the newest first.
    async fn activity(
        &self,
        connection: Option<&ConnectionKey>,
        before: Option<u64>,
        limit: usize,
    ) -> Result<Vec<(u64, Activity)>, StoreError>;
}

/// What a store holds at start.
#[derive(Default)]
pub struct Stored {
    /// All connections.
    pub connections: Vec<Connection>,
    /// All client registrations for OAuth.
    pub configs: Vec<ClientConfig>,
    /// All registrations at Pluggy.
    pub pluggy_configs: Vec<PluggyConfig>,
    /// All registrations at Codat.
    pub codat_configs: Vec<CodatConfig>,
    /// The person's own words about data, as Codat's component takes them.
    pub codat_texts: Option<String>,
    /// Attempts that were waiting.
    pub attempts: Vec<Attempt>,
    /// Revocations that the provider has not confirmed.
    pub revocations: Vec<PendingRevocation>,
}

/// One change to a store.
pub enum Change {
    /// Writes a connection.
    PutConnection(Box<Connection>),
    /// Removes a connection and its grant.
    DeleteConnection(ConnectionKey),
    /// Writes a grant.
    PutGrant(ConnectionKey, Arc<Grant>),
    /// Removes a grant.
    EraseGrant(ConnectionKey),
    /// Writes a registration; a secret of `None` leaves the stored one.
    PutConfig(Box<ClientConfig>, Option<SecretString>),
    /// Removes a registration and its secret.
    DeleteConfig(ConfigKey),
    /// Writes a registration at Pluggy and forgets its key; a secret of `None` leaves the stored one.
    PutPluggyConfig(Box<PluggyConfig>, Option<SecretString>),
    /// Removes a registration at Pluggy, its secret and its key.
    DeletePluggyConfig(ConfigKey),
    /// Writes a registration at Codat; a secret of `None` leaves the stored one.
    PutCodatConfig(Box<CodatConfig>, Option<SecretString>),
    /// Removes a registration at Codat and its secret.
    DeleteCodatConfig(ConfigKey),
    /// Writes the person's own words about data.
    PutCodatTexts(String),
    /// Writes the key that Pluggy gave.
    PutApiKey(ConfigKey, ApiKey),
    /// Writes the accounts of a connection in place of those before.
    PutAccounts(ConnectionKey, Vec<Account>),
    /// Writes the transactions of a month (see [`crate::ledger::by_month`]) of an account in place of those before.
    PutTransactions(ConnectionKey, String, String, Vec<TransactionView>),
    /// Writes the balances of an account in place of those before.
    PutBalances(ConnectionKey, String, Vec<BalancePoint>),
    /// Removes the list of accounts of a connection, and the transactions and balances of the accounts that are named.
    DeleteData(ConnectionKey, Vec<String>),
    /// Writes an attempt.
    PutAttempt(Box<Attempt>),
    /// Removes an attempt.
    DeleteAttempt(AttemptId),
    /// Queues a revocation.
    PutRevocation(PendingRevocation),
    /// Takes a revocation off the queue.
    DeleteRevocation(String),
    /// Writes a line of Activity.
    Log(Activity),
    /// Removes the lines of Activity before this number.
    TrimLog(u64),
}

/// Why the store did not do it. Nothing was changed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum StoreError {
    /// No space left.
    #[error("the disk is full")]
    DiskFull,
    /// The file or folder cannot be written.
    #[error("the vault cannot be written")]
    ReadOnly,
    /// A record cannot be understood.
    #[error("the vault is damaged: {0}")]
    Damaged(String),
    /// Anything else, in words without secrets.
    #[error("the vault failed: {0}")]
    Other(String),
}

/// A key to Pluggy's API.
pub struct ApiKey {
    /// What is sent.
    pub secret: SecretString,
    /// When to get another.
    pub renew_at: Timestamp,
}

impl ApiKey {
    /// Another copy.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self { secret: self.secret.duplicate(), renew_at: self.renew_at }
    }
}

/// The token set of an attempt that succeeded, or of a refresh after it.
pub struct Grant {
    /// For resource servers.
    pub access_token: SecretString,
    /// For the token endpoint.
    pub refresh_token: Option<SecretString>,
    /// The last token response.
    pub raw: RawAnswer,
    /// What the authorization response carried besides (realmId ...).
    pub extras: BTreeMap<String, String>,
    /// Scopes granted.
    pub scopes: Vec<String>,
    /// When it was obtained: the instant the request was sent.
    pub obtained_at: Timestamp,
    /// Until when the access token lives, if the provider says.
    pub expires_at: Option<Timestamp>,
    /// Until when the refresh token lives, if the provider says.
    pub refresh_expires_at: Option<Timestamp>,
}

impl Grant {
    /// Another copy, to be changed.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self {
            access_token: self.access_token.duplicate(),
            refresh_token: self.refresh_token.as_ref().map(SecretString::duplicate),
            raw: self.raw.duplicate(),
            extras: self.extras.clone(),
            scopes: self.scopes.clone(),
            obtained_at: self.obtained_at,
            expires_at: self.expires_at,
            refresh_expires_at: self.refresh_expires_at,
        }
    }
}

/// A revocation that the provider has to be told.
pub struct PendingRevocation {
    /// Names it in the store.
    pub id: String,
    /// The connection it was for.
    pub key: ConnectionKey,
    /// What that connection was called.
    pub connection_name: String,
    /// The provider's name.
    pub provider_name: String,
    /// Where to say it.
    pub endpoint: Url,
    /// Who says it.
    pub client_id: String,
    /// The client's secret.
    pub client_secret: Option<SecretString>,
    /// How the client proves itself.
    pub authentication: oauth::ClientAuthentication,
    /// What to revoke.
    pub token: SecretString,
    /// Whether that is a refresh token.
    pub is_refresh_token: bool,
    /// How often it was tried.
    pub tries: u32,
    /// When it is tried next.
    pub next_at: Timestamp,
}

/// What to open for an attempt.
pub struct Opening {
    /// The attempt.
    pub attempt: AttemptId,
    /// Where.
    pub surface: Surface,
    /// The authorization request. Holds `state`: for the page only, never for a log.
    pub address: Url,
    /// How the page ends; an embedded window watches for it.
    pub end: PageEnd,
    /// The provider's name, for a title.
    pub provider_name: String,
}

/// How a page ends.
#[derive(Debug, Clone)]
pub enum PageEnd {
    /// It leads to this redirect address, with the answer; caught by exact match before it is requested.
    Answer(String),
    /// It closes itself, or leads to one of the addresses at which an aggregator's pages end. It answers nothing: how
    /// the connection stands is asked at the aggregator.
    Over {
        /// Where the bank's page leads when its window cannot be closed.
        redirect: Option<pluggy::OauthRedirect>,
        /// The API whose own last page is known.
        api: pluggy::Api,
        /// Where the app runs: a phone has the bank's app beside ours.
        platform: Platform,
    },
    /// It leads to an address with the nonce of this attempt. The answer is a claim: how the connection stands is asked
    /// at Codat.
    Link {
        /// Binds the return to the attempt.
        nonce: Arc<codat::LinkNonce>,
        /// Where Codat's own pages are; they carry the nonce along and are no return.
        origin: String,
    },
    /// It closes itself; until then it reports what the person does.
    Widget,
    /// It leads nowhere: whether the person has approved is asked at the provider (RFC 8628).
    Elsewhere,
}

/// What a window does about the place that a page wants to lead to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PageStep {
    /// Lead there.
    Go,
    /// Do not; nothing is over by it.
    Stay,
    /// Do not: it is the answer, to be handed in.
    Answer,
    /// Do not: the page is over.
    Over,
    /// Do not: the page closed its window.
    Closed,
    /// Do not: the page asks for a passkey.
    Passkey,
    /// Do not: a Connect page reports what the person did in it.
    Report,
}

/// A page cannot be seen from outside to close its window or to ask for a passkey, and the webviews do something else
/// each; so it is made to lead to a name that cannot exist.
const TELLING_HOST: &str = "window.mooring.invalid";

impl PageEnd {
    /// What to do about `url`, before anything is requested.
    pub fn step(&self, url: &Url) -> PageStep {
        if url.host_str() == Some(TELLING_HOST) {
            return match (url.path(), self) {
                ("/close", _) => PageStep::Closed,
                ("/passkey", _) => PageStep::Passkey,
                ("/widget", Self::Widget) => PageStep::Report,
                _ => PageStep::Stay,
            };
        }
        match self {
            Self::Answer(redirect_uri) if oauth::is_redirect(url.as_str(), redirect_uri) => PageStep::Answer,
            Self::Link { nonce, origin } if is_link_return(url, nonce, origin) => PageStep::Answer,
            Self::Answer(_) | Self::Widget | Self::Elsewhere | Self::Link { .. } => page_scheme(url),
            Self::Over { .. } => {
                let actions = self.actions(pluggy::Event::Navigation(url));
                if actions.contains(&pluggy::Action::CloseWindow) {
                    PageStep::Over
                } else if actions.contains(&pluggy::Action::LetNavigate) {
                    PageStep::Go
                } else {
                    PageStep::Stay
                }
            }
        }
    }

    /// Whether the page is over now that `url` has loaded.
    pub fn is_over_at(&self, url: &Url) -> bool {
        self.actions(pluggy::Event::Loaded(url)).contains(&pluggy::Action::CloseWindow)
    }

    /// Whether the system has brought the person back from the page by opening `url`.
    pub fn is_returned_by(&self, url: &Url) -> bool {
        self.actions(pluggy::Event::ReturnedThroughLink(url)).contains(&pluggy::Action::CloseWindow)
    }

    /// Whether the page is over when the person closes its window.
    pub fn is_over_when_closed(&self) -> bool {
        match self {
            Self::Over { .. } => {
                self.actions(pluggy::Event::PersonClosedWindow).contains(&pluggy::Action::CloseWindow)
            }
            _ => true,
        }
    }

    /// What an aggregator's page asks for; nothing for other pages.
    fn actions(&self, event: pluggy::Event<'_>) -> &'static [pluggy::Action] {
        match self {
            Self::Over { redirect, api, platform } => {
                pluggy::Endings { platform: *platform, redirect: redirect.as_ref(), api }.actions(event)
            }
            _ => &[],
        }
    }
}

fn is_link_return(url: &Url, nonce: &codat::LinkNonce, origin: &str) -> bool {
    url.origin().ascii_serialization() != origin
        && codat::LinkReturn::judge(&SecretString::from(url.as_str()), nonce).is_ok()
}

/// Links into other programs would leave a window with nobody to come back.
fn page_scheme(url: &Url) -> PageStep {
    if matches!(url.scheme(), "https" | "http" | "about" | "data" | "blob") {
        PageStep::Go
    } else {
        PageStep::Stay
    }
}

/// Shows the provider's page to the person.
#[async_trait]
pub trait UserAgent: Send + Sync {
    /// Surfaces that exist on this machine.
    fn surfaces(&self) -> Vec<Surface>;
    /// Where the app runs.
    fn platform(&self) -> Platform {
        Platform::Desktop
    }
    /// Opens the page.
    async fn open(&self, opening: Opening) -> Result<(), SurfaceError>;
    /// Closes what was opened for the attempt, if it can be closed.
    async fn close(&self, attempt: &AttemptId);
}

/// Why a page could not be shown.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the page could not be opened: {0}")]
pub struct SurfaceError(pub String);

/// What came back on a loopback listener, and where to say how it was taken.
pub struct LoopbackHit {
    /// The attempt that the listener was opened for.
    pub attempt: AttemptId,
    /// The whole address, as requested.
    pub address: SecretString,
    /// How it was taken; decides what the page says.
    pub answer: tokio::sync::oneshot::Sender<HitAnswer>,
}

/// How a loopback hit was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HitAnswer {
    /// It belongs to the attempt.
    Taken,
    /// It does not; the attempt still waits.
    Ignored,
}

/// Listens for the person's return on this machine.
#[async_trait]
pub trait Loopback: Send + Sync {
    /// Listens on 127.0.0.1, on `port` or on any. The listener ends when the returned guard is dropped.
    async fn listen(
        &self,
        attempt: &AttemptId,
        port: Option<u16>,
        hits: tokio::sync::mpsc::Sender<LoopbackHit>,
    ) -> Result<Listening, std::io::Error>;
}

/// A listener that is open.
pub struct Listening {
    /// The port it listens on.
    pub port: u16,
    /// Keeps it open.
    pub guard: Box<dyn Send + Sync>,
}

/// Tells the time, and waits.
#[async_trait]
pub trait Clock: Send + Sync {
    /// Wall-clock time.
    fn now(&self) -> Timestamp;
    /// Waits at least `duration` of running time; a suspended machine may make it longer.
    async fn sleep(&self, duration: Duration);
}

/// Draws random bytes from the operating system.
pub trait Random: Send + Sync {
    /// 32 bytes.
    fn bytes(&self) -> [u8; 32];
}
