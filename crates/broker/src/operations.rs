//! Carries out what programs ask.

use crate::caller::{Access, Caller};
use crate::callers::{Callers, GateEvent};
use crate::gate::{Gate as _, Outcome};
use crate::handing_out::handed_out;
use crate::listed;
use crate::need::Need;
use crate::paging::{Page, fitting};
use crate::wire::{
    Answer, Body, CompanyTokenAsk, ConfigCreate, Connect, Operation, Progress, Refusal, Reply, Status, Token,
    TokenAsk,
};
use connections::codat_config::CodatFields;
use connections::configs::{CODAT, CUSTOM, CustomProvider, PLUGGY, catalogue, custom_provider};
use connections::error::{CoreError, ErrorCode};
use connections::id::AttemptId;
use connections::pluggy_config::PluggyFields;
use connections::view::{AttemptPhase, AttemptView, CoreEvent, Surface};
use connections::{
    BeginAuthorization, ConfigChange, ConnectKey, Connections, NewConfig, ProviderChoice, RevocationOutcome,
};
use jiff::SignedDuration;
use secret::SecretString;
use tokio::sync::{broadcast, mpsc};
use url::Url;

/// A program, the core it asks, and the gate in between.
#[derive(Clone)]
pub(crate) struct Conversation {
    pub(crate) core: Connections,
    pub(crate) callers: Callers,
    pub(crate) caller: Caller,
    /// Ends when the program asks nothing more.
    pub(crate) asks_more: tokio::sync::watch::Receiver<()>,
    /// Ends when the program is gone and hears no answer.
    pub(crate) listens: tokio::sync::watch::Receiver<()>,
}

impl Conversation {
    pub(crate) async fn perform(&self, id: u64, operation: Operation, out: &mpsc::Sender<Answer>) -> Body {
        let need = Need::of(&operation, &self.callers);
        let result = match self.admitted(id, need.as_ref(), out).await {
            Ok(()) => self.answer(id, operation, out).await,
            Err(error) => Err(error),
        };
        if let Some(need) = need.filter(|need| need.is_written_down(&result)) {
            let outcome = Outcome::of(&result);
            self.callers.record(&self.caller, need.access, need.connection.as_ref(), &outcome).await;
        }
        match result {
            Ok(reply) => Body::Ok(reply),
            Err(error) => Body::Error(refusal(error)),
        }
    }

    /// Waits for the person where need be; whoever hangs up meanwhile withdraws the question.
    async fn admitted(
        &self,
        id: u64,
        need: Option<&Need>,
        out: &mpsc::Sender<Answer>,
    ) -> Result<(), CoreError> {
        let Some(need) = need else { return Ok(()) };
        if self.callers.would_ask(&self.caller, need.demand()) {
            // A program that is gone is noticed below.
            let _ = out.send(Answer { id, body: Body::Event(Progress::Asking) }).await;
        }
        let mut listens = self.listens.clone();
        tokio::select! {
            biased;
            admitted = self.callers.admit_to(&self.caller, need.demand()) => admitted,
            _ = listens.changed() => Err(CoreError::new(ErrorCode::NotPermitted).with("reason", "hungUp")),
        }
    }

    async fn answer(
        &self,
        id: u64,
        operation: Operation,
        out: &mpsc::Sender<Answer>,
    ) -> Result<Reply, CoreError> {
        let core = &self.core;
        Ok(match operation {
            Operation::Status => Reply::Status(status(false)),
            Operation::Events => self.listen(id, out).await?,
            Operation::ProviderList => Reply::Providers(catalogue()),
            Operation::ConfigList => Reply::Configs(core.configs()),
            Operation::ConfigCreate(new) => Reply::Config(Box::new(self.create_config(new).await?)),
            Operation::ConfigEdit(change) => Reply::Config(Box::new(self.edit_config(change).await?)),
            Operation::ConfigDelete { config_key } => {
                core.delete_config(&config_key).await?;
                Reply::Done
            }
            Operation::Connect(ask) if self.takes_key(&ask.config_key) => {
                Reply::Connection(Box::new(self.connect_key(ask).await?))
            }
            Operation::Connect(ask) => Reply::Attempt(Box::new(self.connect(id, ask, out).await?)),
            Operation::ConnectDeliver { address } => {
                Reply::Attempt(Box::new(core.deliver(&SecretString::from(address)).await?))
            }
            Operation::ConnectCancel { attempt } => Reply::Attempt(Box::new(core.cancel(&attempt).await?)),
            Operation::ConnectionList(ask) => {
                paged(listed::connections(core, &ask.unwrap_or_default()), Reply::Connections)?
            }
            Operation::ConnectionShow(key) => Reply::Connection(Box::new(core.connection(&key)?)),
            Operation::ConnectionSync(key) => Reply::Connection(Box::new(core.sync(&key).await?)),
            Operation::ConnectionPause(key) => Reply::Connection(Box::new(core.pause(&key).await?)),
            Operation::ConnectionResume(key) => Reply::Connection(Box::new(core.resume(&key).await?)),
            Operation::ConnectionDisconnect(key) => Reply::Revoked(word(core.disconnect(&key).await?)),
            Operation::ConnectionDelete(key) => {
                core.connection(&key)?;
                Reply::Revoked(word(core.delete(&key).await?))
            }
            Operation::Token(ask) => Reply::Token(self.token(ask).await?),
            Operation::TokenRejected(report) => {
                let rejected = SecretString::from(report.token);
                let token = core.token_rejected(&report.key, &rejected, &self.caller.name).await?;
                Reply::Token(handed_out(&token))
            }
            Operation::CodatToken(ask) => Reply::Token(self.company_token(ask).await?),
            Operation::AccountsList { connection, page } => {
                paged(listed::accounts(core, connection.as_ref(), &page).await, Reply::Accounts)?
            }
            Operation::TransactionsList { connection, account, page } => {
                let page = listed::transactions(core, &connection, &account, &page).await;
                paged(page, Reply::Transactions)?
            }
            Operation::CallerList => Reply::Callers(self.callers.list()),
            Operation::CallerAllow(allowance) => {
                Reply::Caller(Box::new(self.callers.allow(allowance).await?))
            }
            Operation::CallerRevoke(withdrawal) => {
                self.callers.revoke(&withdrawal).await?;
                Reply::Done
            }
            // EXPOSE: to our own command line, which shows it to the person.
            Operation::SecretShow => Reply::Secret(self.callers.http_secret().await?.expose().clone()),
            Operation::SecretRotate => {
                // EXPOSE: as above.
                Reply::Secret(self.callers.rotate_http_secret().await?.expose().clone())
            }
            Operation::SettingsShow => Reply::Settings(Box::new(self.callers.settings())),
            Operation::SettingsChange(change) => {
                Reply::Settings(Box::new(self.callers.change_settings(change).await?))
            }
            Operation::AuditList { filter, before, limit } => {
                lines(self.callers.audit(&filter, before, number(limit)).await, Reply::Audit)?
            }
            Operation::Export(ask) => Reply::Exported(crate::exporting::answer(core, id, ask, out).await?),
            Operation::ActivityList { connection, before, limit } => {
                lines(core.activity(connection.as_ref(), before, number(limit)).await, Reply::Activity)?
            }
        })
    }

    async fn edit_config(&self, change: ConfigCreate) -> Result<connections::view::ConfigView, CoreError> {
        match change.provider.as_str() {
            PLUGGY => self.core.edit_pluggy(pluggy_of(change)?).await,
            CODAT => self.core.edit_codat(codat_of(change)?).await,
            _ => self.core.edit_config(change_of(change)).await,
        }
    }

    async fn create_config(&self, new: ConfigCreate) -> Result<connections::view::ConfigView, CoreError> {
        if new.provider == PLUGGY {
            return self.core.create_pluggy(pluggy_of(new)?).await;
        }
        if new.provider == CODAT {
            return self.core.create_codat(codat_of(new)?).await;
        }
        let provider = if new.provider == CUSTOM {
            let custom = CustomProvider {
                issuer: new.issuer.as_deref(),
                through_scheme: new.through_scheme,
                client_credentials: new.client_credentials,
                ..CustomProvider::default()
            };
            ProviderChoice::Custom(Box::new(custom_provider(&self.core, &custom).await?))
        } else {
            ProviderChoice::catalogue(&new.provider).ok_or_else(|| {
                CoreError::new(ErrorCode::UnknownProvider).with("provider", new.provider.clone())
            })?
        };
        let new = NewConfig {
            key: new.config_key,
            provider,
            client_id: new.client_id,
            client_secret: new.client_secret.map(SecretString::from),
            scopes: new.scopes,
        };
        self.core.create_config(new).await
    }

    /// Tells everything that happens. Nothing in an event is secret, see [`CoreEvent`].
    async fn listen(&self, id: u64, out: &mpsc::Sender<Answer>) -> Result<Reply, CoreError> {
        let mut events = self.core.subscribe();
        let mut decisions = self.callers.subscribe();
        let mut asks_more = self.asks_more.clone();
        let mut progress = Progress::Listening;
        loop {
            if out.send(Answer { id, body: Body::Event(progress) }).await.is_err() {
                return Ok(Reply::Done);
            }
            progress = tokio::select! {
                biased;
                () = self.withdrawn(&mut decisions) => return Err(self.no_more()),
                event = events.recv() => match event {
                    Ok(event) => Progress::Happened(Box::new(event)),
                    Err(broadcast::error::RecvError::Lagged(_)) => Progress::Missed,
                    Err(broadcast::error::RecvError::Closed) => return Err(CoreError::new(ErrorCode::Locked)),
                },
                () = out.closed() => return Ok(Reply::Done),
                // Whoever listens and has hung up is not waited for.
                _ = asks_more.changed() => return Ok(Reply::Done),
            };
        }
    }

    /// Returns when the program may listen no more.
    async fn withdrawn(&self, decisions: &mut broadcast::Receiver<GateEvent>) {
        while self.callers.is_allowed(&self.caller, Access::List, None) {
            // One who fell behind looks as well.
            if matches!(decisions.recv().await, Err(broadcast::error::RecvError::Closed)) {
                return;
            }
        }
    }

    fn no_more(&self) -> CoreError {
        let name = self.caller.name.clone();
        CoreError::new(ErrorCode::NotPermitted).with("reason", "refused").with("caller", name)
    }

    async fn token(&self, ask: TokenAsk) -> Result<Token, CoreError> {
        let min_ttl = ask.min_ttl_seconds.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
        self.core.token(&ask.key, min_ttl, &self.caller.name).await.map(|token| handed_out(&token))
    }

    /// A company's token opens each of its connections: none of them may be forbidden to the program.
    async fn company_token(&self, ask: CompanyTokenAsk) -> Result<Token, CoreError> {
        let opened = self.core.codat_connections_of(&ask.config_key, ask.company.as_deref());
        if opened.iter().any(|key| !self.callers.is_allowed(&self.caller, Access::Token, Some(key))) {
            return Err(self.no_more());
        }
        let min_ttl = ask.min_ttl_seconds.map(|seconds| SignedDuration::from_secs(i64::from(seconds)));
        let (company, name) = (ask.company.as_deref(), &self.caller.name);
        self.core
            .codat_company_token(&ask.config_key, company, min_ttl, name)
            .await
            .map(|token| handed_out(&token))
    }

    fn takes_key(&self, config_key: &connections::ConfigKey) -> bool {
        self.core.key_form(config_key).is_ok()
    }

    /// Links with a key. Programs give its parts among the parameters; the form says which they are.
    async fn connect_key(&self, ask: Connect) -> Result<connections::view::ConnectionView, CoreError> {
        if ask.reconnect {
            self.core.connection(&connections::ConnectionKey {
                config_key: ask.config_key.clone(),
                connection_id: ask.connection_id.clone(),
            })?;
        }
        let form = self.core.key_form(&ask.config_key)?;
        let is_part = |name: &String| form.fields.iter().any(|field| field.name == *name);
        let (parts, parameters): (Vec<_>, Vec<_>) =
            ask.parameters.into_iter().partition(|(name, _)| is_part(name));
        self.core
            .connect_key(ConnectKey {
                config_key: ask.config_key,
                connection_id: Some(ask.connection_id),
                values: parts.into_iter().map(|(name, value)| (name, SecretString::from(value))).collect(),
                parameters: parameters.into_iter().collect(),
            })
            .await
    }

    /// Begins an attempt, tells how it goes, answers when it has ended.
    async fn connect(
        &self,
        id: u64,
        ask: Connect,
        out: &mpsc::Sender<Answer>,
    ) -> Result<AttemptView, CoreError> {
        let key = connections::ConnectionKey {
            config_key: ask.config_key.clone(),
            connection_id: ask.connection_id.clone(),
        };
        if ask.reconnect {
            self.core.connection(&key)?;
        }
        let mut events = self.core.subscribe();
        let began = self.core.begin(BeginAuthorization {
            config_key: ask.config_key,
            connection_id: Some(ask.connection_id),
            surface: ask.surface,
            preferred: None,
            parameters: ask.parameters,
            language: None,
        });
        let attempt = began.await?;
        // Where no page is needed it is over by now, and nothing follows.
        if !matches!(attempt.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging) {
            return ended(attempt);
        }
        // Whoever asked for nothing to be opened opens it: they need the address.
        let address = match attempt.surface {
            Surface::Print => Some(self.core.authorization_address(&attempt.id)?.to_string()),
            Surface::Embedded | Surface::Browser | Surface::Device => None,
        };
        let attempt_id = attempt.id.clone();
        let event = Body::Event(Progress::Began { attempt: Box::new(attempt), address });
        // A program that is gone is noticed below.
        let _ = out.send(Answer { id, body: event }).await;
        self.follow(id, &attempt_id, &mut events, out).await
    }

    /// Tells how an attempt goes, until it has ended or nobody hears it.
    async fn follow(
        &self,
        id: u64,
        attempt: &AttemptId,
        events: &mut broadcast::Receiver<CoreEvent>,
        out: &mpsc::Sender<Answer>,
    ) -> Result<AttemptView, CoreError> {
        let mut listens = self.listens.clone();
        loop {
            let now = self.core.attempt(attempt)?;
            if !matches!(now.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging) {
                return ended(now);
            }
            let moved = tokio::select! {
                event = events.recv() => match event {
                    Ok(CoreEvent::AttemptChanged { attempt: moved }) if moved.id == *attempt => Some(moved),
                    Err(broadcast::error::RecvError::Closed) => return Err(CoreError::new(ErrorCode::Locked)),
                    _ => None,
                },
                _ = listens.changed() => return self.nobody_waits(attempt).await,
                () = out.closed() => return self.nobody_waits(attempt).await,
            };
            if let Some(moved) = moved {
                // When nobody reads, the next turn notices.
                let _ = out.send(Answer { id, body: Body::Event(Progress::Moved(moved)) }).await;
            }
        }
    }

    /// The program that asked is gone (Ctrl+C). The address that it was given went with it, and so does the attempt; a
    /// page or a code that the person has before them leads back without it, and what they approved is not thrown
    /// away.
    async fn nobody_waits(&self, attempt: &AttemptId) -> Result<AttemptView, CoreError> {
        let now = self.core.attempt(attempt)?;
        match (now.surface, now.phase) {
            (Surface::Print, AttemptPhase::Waiting) => self.core.cancel(attempt).await,
            _ => Ok(now),
        }
    }
}

fn status(locked: bool) -> Status {
    Status { version: env!("CARGO_PKG_VERSION").to_owned(), pid: std::process::id(), locked }
}

/// What can be told while nobody gets to the core.
pub(crate) fn without_core(operation: &Operation, reason: CoreError) -> Body {
    match operation {
        Operation::Status => Body::Ok(Reply::Status(status(true))),
        Operation::ProviderList => Body::Ok(Reply::Providers(catalogue())),
        _ => Body::Error(refusal(reason)),
    }
}

/// A page as an answer.
fn paged<T>(
    page: Result<Page<T>, CoreError>,
    answer: fn(Vec<T>, Option<String>) -> Reply,
) -> Result<Reply, CoreError> {
    page.map(|(elements, next)| answer(elements, next))
}

/// As many of the newest lines as fit, and whether there are older ones.
fn lines<T: serde::Serialize>(
    found: Result<(Vec<T>, bool), CoreError>,
    answer: fn(Vec<T>, bool) -> Reply,
) -> Result<Reply, CoreError> {
    let (lines, more) = found?;
    let (lines, cut) = fitting(lines);
    Ok(answer(lines, more || cut))
}

fn number(limit: u32) -> usize {
    usize::try_from(limit).unwrap_or(usize::MAX)
}

fn ended(attempt: AttemptView) -> Result<AttemptView, CoreError> {
    if attempt.phase == AttemptPhase::Succeeded {
        return Ok(attempt);
    }
    Err(match attempt.error {
        Some(failure) => CoreError { code: failure.code, params: failure.params, detail: failure.detail },
        None => CoreError::new(ErrorCode::AttemptOver),
    })
}

fn address(field: &str, text: Option<String>) -> Result<Option<Url>, CoreError> {
    text.map(|text| text.parse::<Url>()).transpose().map_err(|_| {
        CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", "is not an address")
    })
}

fn codat_of(new: ConfigCreate) -> Result<CodatFields, CoreError> {
    let secret = new.client_secret.map(SecretString::from);
    let (api_key, token_endpoint) =
        if new.codat.access_token_endpoint { (None, secret) } else { (secret, None) };
    Ok(CodatFields {
        config_key: new.config_key.to_string(),
        api_key,
        token_endpoint,
        token_bearer: None,
        company: new.codat.company,
        api: address("api", new.codat.api)?,
        practice: false,
    })
}

fn pluggy_of(new: ConfigCreate) -> Result<PluggyFields, CoreError> {
    Ok(PluggyFields {
        config_key: new.config_key.to_string(),
        client_id: Some(new.client_id),
        client_secret: new.client_secret.map(SecretString::from),
        connect_token_endpoint: new.pluggy.connect_token_endpoint,
        client_user_id: new.pluggy.client_user_id,
        oauth_redirect_uri: new.pluggy.oauth_redirect_uri,
        include_sandbox: new.pluggy.include_sandbox,
        api: address("api", new.pluggy.api)?,
        widget: address("widget", new.pluggy.widget)?,
        practice: false,
    })
}

fn change_of(change: ConfigCreate) -> ConfigChange {
    ConfigChange {
        key: change.config_key,
        client_id: change.client_id,
        client_secret: change.client_secret.map(SecretString::from),
        scopes: change.scopes,
    }
}

fn word(outcome: RevocationOutcome) -> String {
    match outcome {
        RevocationOutcome::Confirmed => "confirmed",
        RevocationOutcome::NotOffered => "notOffered",
        RevocationOutcome::Later => "later",
        RevocationOutcome::Refused => "refused",
        RevocationOutcome::Kept => "kept",
        RevocationOutcome::KeyStays => "keyStays",
        RevocationOutcome::Nothing => "nothing",
    }
    .to_owned()
}

pub(crate) fn refusal(error: CoreError) -> Refusal {
    Refusal { code: error.code, params: error.params, detail: error.detail }
}
