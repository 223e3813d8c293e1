//! Asking Codat: with which credentials, and what its refusals mean.

use crate::codat_config::{CodatConfig, CodatSecret};
use crate::driver::{Connections, store_error, unknown_config};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::ports::HttpError;
use crate::step::{LookFailure, add};
use codat::{
    ApiError, Authorized, CompanyId, Credentials, ErrorArgs, ErrorKind, Generation, Mode, Quota,
    RequestError, judge_token_endpoint,
};
use jiff::{SignedDuration, Timestamp};
use std::sync::Arc;
use web::{Request, Response};

/// How long nothing is asked after too many requests, where Codat does not say.
const AFTER_TOO_MANY: SignedDuration = SignedDuration::from_secs(60);

/// Why Codat did not do it.
pub(super) enum Refusal {
    /// Something of ours: the vault, the registration.
    Core(CoreError),
    /// It was not asked: these credentials cannot do it.
    NeedsApiKey,
    /// It was not asked: it wants to be left alone until then.
    Waits(Timestamp),
    /// Codat's own word.
    Api(ApiError),
    /// The endpoint that hands out access tokens refused.
    Endpoint(ApiError),
    /// No answer.
    Http(HttpError),
}

impl From<CoreError> for Refusal {
    fn from(error: CoreError) -> Self {
        Self::Core(error)
    }
}

impl From<RequestError> for Refusal {
    fn from(error: RequestError) -> Self {
        match error {
            RequestError::NeedsApiKey => Self::NeedsApiKey,
            RequestError::OtherCompany => Self::Core(
                CoreError::new(ErrorCode::BadInput).with("field", "company").with("problem", "other"),
            ),
            other => Self::Core(CoreError::new(ErrorCode::BadInput).detail(other)),
        }
    }
}

impl Refusal {
    /// In words for the person.
    pub(super) fn told(self) -> CoreError {
        let new = |code| CoreError::new(code).with("provider", "Codat");
        match self {
            Self::Core(error) => error,
            Self::NeedsApiKey => new(ErrorCode::NeedsCompanyKey),
            Self::Waits(until) => new(ErrorCode::ProviderTrouble).with("retryAt", until.to_string()),
            Self::Http(error) => new(code_of_silence(error)).detail(error),
            Self::Endpoint(error) => {
                let code = match error.kind() {
                    ErrorKind::RateLimited { .. } | ErrorKind::Unavailable { .. } => {
                        ErrorCode::ProviderTrouble
                    }
                    ErrorKind::Unreadable => ErrorCode::ProviderAnswer,
                    _ => ErrorCode::ClientRefused,
                };
                // The endpoint is not Codat: what it says about itself is not quoted.
                CoreError::new(code).with("provider", "Codat").detail(&error)
            }
            Self::Api(error) => api_error(&error),
        }
    }

    /// What it means for a look.
    pub(super) fn of_look(&self) -> LookFailure {
        match self {
            Self::Http(HttpError::Offline) => LookFailure::Offline,
            Self::Waits(until) => LookFailure::Trouble { not_before: Some(*until) },
            Self::Api(error) => match error.kind() {
                // A 404 of somebody in between says nothing.
                ErrorKind::NotFound if error.is_gone() => LookFailure::Gone,
                ErrorKind::Unauthorized => LookFailure::Configuration,
                // An outdated key. That of somebody in between says nothing, and 451 is about the data.
                ErrorKind::Forbidden if error.is_from_codat() && error.status() == 403 => {
                    LookFailure::Configuration
                }
                ErrorKind::RateLimited { retry_after } | ErrorKind::Unavailable { retry_after } => {
                    LookFailure::Trouble { not_before: retry_after }
                }
                _ => LookFailure::Trouble { not_before: None },
            },
            // Whoever hands out the tokens does so no more, or no more at this address.
            Self::Endpoint(error) => match error.kind() {
                ErrorKind::Unauthorized | ErrorKind::Forbidden | ErrorKind::NotFound => {
                    LookFailure::Configuration
                }
                ErrorKind::RateLimited { retry_after } | ErrorKind::Unavailable { retry_after } => {
                    LookFailure::Trouble { not_before: retry_after }
                }
                _ => LookFailure::Trouble { not_before: None },
            },
            Self::Core(error) if error.code == ErrorCode::ClientRefused => LookFailure::Configuration,
            _ => LookFailure::Trouble { not_before: None },
        }
    }

    /// Whether Codat may have done it all the same: the answer was lost or cannot be read.
    pub(super) fn may_be_done(&self) -> bool {
        match self {
            Self::Http(error) => matches!(error, HttpError::AnswerLost | HttpError::Unreadable),
            Self::Api(error) => {
                matches!(error.kind(), ErrorKind::Unavailable { .. } | ErrorKind::Unreadable)
            }
            _ => false,
        }
    }

    /// The same in the component's words; none for what nobody refused.
    pub(super) fn event(&self) -> Option<ErrorArgs> {
        let silent = |message: String| ErrorArgs {
            correlation_id: None,
            message: Some(message),
            error_code: None,
            user_recoverable: true,
        };
        match self {
            Self::Core(_) | Self::NeedsApiKey => None,
            Self::Waits(_) => Some(silent("too many requests".to_owned())),
            Self::Http(error) => Some(silent(error.to_string())),
            Self::Api(error) => Some(ErrorArgs::of(error)),
            // The endpoint is not Codat: what it says about itself is not quoted.
            Self::Endpoint(error) => Some(ErrorArgs {
                correlation_id: None,
                message: Some(error.to_string()),
                ..ErrorArgs::of(error)
            }),
        }
    }

    /// Codat's own word, if it is one.
    pub(super) const fn api(&self) -> Option<&ApiError> {
        match self {
            Self::Api(error) => Some(error),
            _ => None,
        }
    }
}

const fn code_of_silence(error: HttpError) -> ErrorCode {
    match error {
        HttpError::Offline => ErrorCode::Offline,
        HttpError::Certificate => ErrorCode::CertificateRefused,
        HttpError::Unreadable | HttpError::Redirected => ErrorCode::ProviderAnswer,
        HttpError::Unreachable | HttpError::AnswerLost => ErrorCode::ProviderTrouble,
    }
}

fn api_error(error: &ApiError) -> CoreError {
    let code = match error.kind() {
        ErrorKind::Unauthorized | ErrorKind::Forbidden => ErrorCode::ClientRefused,
        ErrorKind::PaymentRequired => ErrorCode::PlanLimit,
        ErrorKind::NotFound if error.is_gone() => ErrorCode::Gone,
        ErrorKind::Conflict => ErrorCode::Busy,
        ErrorKind::Invalid => ErrorCode::BadInput,
        ErrorKind::RateLimited { .. } | ErrorKind::Unavailable { .. } => ErrorCode::ProviderTrouble,
        ErrorKind::NotFound | ErrorKind::Unreadable => ErrorCode::ProviderAnswer,
    };
    let mut told = CoreError::new(code).with("provider", "Codat");
    if let Some(id) = error.correlation_id() {
        told = told.with("correlationId", id);
    }
    if let ErrorKind::RateLimited { retry_after: Some(at) }
    | ErrorKind::Unavailable { retry_after: Some(at) } = error.kind()
    {
        told = told.with("retryAt", at.to_string());
    }
    // The server's sentence is for the person; it is bounded and has lost addresses and what looks like a key.
    match error.message() {
        Some(message) => told.detail(message),
        None => told.detail(format_args!("HTTP {}", error.status())),
    }
}

impl Connections {
    pub(super) fn codat_config(&self, key: &ConfigKey) -> Result<CodatConfig, CoreError> {
        self.state().codat.configs.get(key).cloned().ok_or_else(|| unknown_config(key))
    }

    /// Asks Codat for what it serves at another address since some day: at today's, and where that is missing at the
    /// former.
    pub(super) async fn ask_codat_now_or_before<T>(
        &self,
        config: &CodatConfig,
        build: impl Fn(Authorized<'_>, Generation) -> Result<Request, RequestError>,
        judge: impl Fn(&Response, Timestamp) -> Result<T, ApiError>,
    ) -> Result<T, Refusal> {
        let mut generation = Generation::Current;
        loop {
            match self.ask_codat(config, |api| build(api, generation), &judge).await {
                Err(Refusal::Api(error)) => match generation.next_after_404(&error) {
                    Some(former) => generation = former,
                    None => return Err(Refusal::Api(error)),
                },
                other => return other,
            }
        }
    }

    /// Asks Codat; an access token that is refused is renewed once.
    pub(super) async fn ask_codat<T>(
        &self,
        config: &CodatConfig,
        build: impl Fn(Authorized<'_>) -> Result<Request, RequestError>,
        judge: impl Fn(&Response, Timestamp) -> Result<T, ApiError>,
    ) -> Result<T, Refusal> {
        let api = config.api()?;
        self.refuse_while_waiting(&config.key)?;
        for last in [false, true] {
            let credentials = self.codat_credentials(config).await?;
            let request = build(api.with(&credentials))?;
            let (answer, left) = self.inner.ports.http.send_counted(request).await.map_err(Refusal::Http)?;
            self.note_quota(&config.key, &left);
            match judge(&answer, self.now()) {
                Err(error)
                    if error.kind() == ErrorKind::Unauthorized
                        && config.mode() == Mode::CompanyToken
                        && !last =>
                {
                    self.state().codat.tokens.remove(&config.key);
                }
                Err(error) => {
                    self.note_wait(&config.key, &error);
                    return Err(Refusal::Api(error));
                }
                Ok(value) => return Ok(value),
            }
        }
        Err(Refusal::Core(CoreError::new(ErrorCode::ClientRefused).with("provider", "Codat")))
    }

    /// Too many requests are answered with none, whoever asks: more would only make the pause longer.
    pub(super) fn refuse_while_waiting(&self, key: &ConfigKey) -> Result<(), Refusal> {
        let now = self.now();
        let mut state = self.state();
        match state.codat.waits.get(key) {
            Some(until) if *until > now => Err(Refusal::Waits(*until)),
            Some(_) => {
                state.codat.waits.remove(key);
                Ok(())
            }
            None => Ok(()),
        }
    }

    fn note_wait(&self, key: &ConfigKey, error: &ApiError) {
        if let ErrorKind::RateLimited { retry_after } = error.kind() {
            let until = retry_after.unwrap_or_else(|| add(self.now(), AFTER_TOO_MANY));
            self.state().codat.waits.insert(key.clone(), until);
        }
    }

    /// What is left at the end of a day is the person's: what goes on by itself waits for the next.
    fn note_quota(&self, key: &ConfigKey, left: &web::RateLimit) {
        match codat::quota(left, self.now()) {
            Some(Quota::Scarce(until)) => {
                self.state().codat.spared.insert(key.clone(), until);
            }
            Some(Quota::Ample) => {
                self.state().codat.spared.remove(key);
            }
            None => {}
        }
    }

    async fn codat_credentials(&self, config: &CodatConfig) -> Result<Arc<Credentials>, Refusal> {
        if config.mode() == Mode::CompanyToken {
            return self.company_token(config).await;
        }
        match self.codat_secret(config).await? {
            CodatSecret::Key(key) => Ok(Arc::new(Credentials::ApiKey(key))),
            CodatSecret::Endpoint(..) => Err(Refusal::Core(CoreError::new(ErrorCode::Defect))),
        }
    }

    async fn codat_secret(&self, config: &CodatConfig) -> Result<CodatSecret, CoreError> {
        let stored = self.inner.ports.store.client_secret(&config.key).await.map_err(store_error)?;
        stored
            .and_then(|stored| CodatSecret::from_vault(config.mode(), &stored))
            .ok_or_else(|| CoreError::new(ErrorCode::ClientRefused).with("provider", "Codat"))
    }

    /// The access token of a registration with an endpoint: from memory, else a new one. Many who need one cause one
    /// request.
    pub(super) async fn company_token(&self, config: &CodatConfig) -> Result<Arc<Credentials>, Refusal> {
        let _turn = self.inner.keys.at(&config.key).await;
        let held = self.state().codat.tokens.get(&config.key).cloned();
        let now = self.now();
        if let Some(held) = held.filter(|held| is_fresh(held, now)) {
            return Ok(held);
        }
        let secret = self.codat_secret(config).await?;
        let made = Arc::new(self.ask_endpoint(config, &secret).await?);
        self.state().codat.tokens.insert(config.key.clone(), Arc::clone(&made));
        Ok(made)
    }

    /// Asks the endpoint for an access token.
    pub(super) async fn ask_endpoint(
        &self,
        config: &CodatConfig,
        secret: &CodatSecret,
    ) -> Result<Credentials, Refusal> {
        let CodatSecret::Endpoint(endpoint, bearer) = secret else {
            return Err(Refusal::Core(CoreError::new(ErrorCode::Defect)));
        };
        let company = config.company.as_deref().and_then(|id| CompanyId::parse(id).ok());
        let sent_at = self.now();
        let request = endpoint.request(bearer.as_ref())?;
        let answer = self.inner.ports.http.send(request).await.map_err(Refusal::Http)?;
        let token = judge_token_endpoint(&answer, company.as_ref(), sent_at).map_err(|error| {
            self.note_wait(&config.key, &error);
            Refusal::Endpoint(error)
        })?;
        Ok(Credentials::CompanyToken(token))
    }
}

fn is_fresh(credentials: &Credentials, now: Timestamp) -> bool {
    match credentials {
        Credentials::ApiKey(_) => true,
        Credentials::CompanyToken(token) => !token.needs_renewal(now),
    }
}
