//! Asking Pluggy: with which key, and what its refusals mean.

use super::Held;
use crate::driver::{Connections, store_error, unknown_config};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConfigKey;
use crate::pluggy_config::PluggyConfig;
use crate::ports::{ApiKey, Change, HttpError};
use crate::step::LookFailure;
use jiff::Timestamp;
use pluggy::{
    Api, ApiError, ConnectTokenOptions, Credential, ErrorKind, Item, ItemDraft, ItemOptions, Page,
    PageNumber, Parameters, RequestError,
};
use secret::SecretString;
use web::{Request, Response};

/// Pages that are read of one list at most, of 500 each.
const MOST_PAGES: u64 = 100;

/// Why Pluggy did not do it.
pub(super) enum Refusal {
    /// Something of ours: the vault, the registration.
    Core(CoreError),
    /// Pluggy's own word.
    Api(ApiError),
    /// No answer.
    Http(HttpError),
}

impl From<CoreError> for Refusal {
    fn from(error: CoreError) -> Self {
        Self::Core(error)
    }
}

impl Refusal {
    /// In words for the person.
    pub(super) fn told(self, limited: bool) -> CoreError {
        match self {
            Self::Core(error) => error,
            Self::Http(error) => {
                let code = match error {
                    HttpError::Offline => ErrorCode::Offline,
                    HttpError::Certificate => ErrorCode::CertificateRefused,
                    HttpError::Unreadable | HttpError::Redirected => ErrorCode::ProviderAnswer,
                    HttpError::Unreachable | HttpError::AnswerLost => ErrorCode::ProviderTrouble,
                };
                CoreError::new(code).with("provider", "Pluggy").detail(error)
            }
            Self::Api(error) => api_error(&error, limited),
        }
    }

    /// Whether it says nothing about the other things that are asked at the same time.
    pub(super) const fn is_about_this_alone(&self) -> bool {
        match self {
            Self::Api(error) => matches!(
                error.kind,
                ErrorKind::NotFound | ErrorKind::Invalid { .. } | ErrorKind::Unreadable(_)
            ),
            Self::Core(_) | Self::Http(_) => false,
        }
    }

    /// Whether it passes by itself, so that the same may be asked again.
    pub(super) const fn passes(&self) -> bool {
        match self {
            Self::Http(_) => true,
            Self::Api(error) => matches!(
                error.kind,
                ErrorKind::RateLimited { .. } | ErrorKind::Unavailable { .. } | ErrorKind::Unreadable(_)
            ),
            Self::Core(_) => false,
        }
    }

    /// What it means for a look.
    pub(super) fn of_look(&self) -> LookFailure {
        match self {
            Self::Http(HttpError::Offline) => LookFailure::Offline,
            Self::Api(error) => match &error.kind {
                ErrorKind::NotFound => LookFailure::Gone,
                ErrorKind::Forbidden => LookFailure::Forbidden,
                ErrorKind::Unauthorized | ErrorKind::CompanyMisconfigured => LookFailure::Configuration,
                ErrorKind::RateLimited { retry_after } | ErrorKind::Unavailable { retry_after } => {
                    LookFailure::Trouble { not_before: *retry_after }
                }
                _ => LookFailure::Trouble { not_before: None },
            },
            Self::Core(_) | Self::Http(_) => LookFailure::Trouble { not_before: None },
        }
    }
}

fn api_error(error: &ApiError, limited: bool) -> CoreError {
    let code = match &error.kind {
        ErrorKind::Forbidden if limited => ErrorCode::NeedsCompanyKey,
        ErrorKind::Unauthorized | ErrorKind::CompanyMisconfigured | ErrorKind::Forbidden => {
            ErrorCode::ClientRefused
        }
        ErrorKind::NotFound => ErrorCode::Gone,
        ErrorKind::Invalid { .. } => ErrorCode::BadInput,
        ErrorKind::ConnectorOffline => ErrorCode::InstitutionOffline,
        ErrorKind::Conflict => ErrorCode::Busy,
        ErrorKind::AlreadyExists { .. } => ErrorCode::AlreadyConnected,
        ErrorKind::RateLimited { .. } | ErrorKind::Unavailable { .. } => ErrorCode::ProviderTrouble,
        ErrorKind::Unreadable(_) => ErrorCode::ProviderAnswer,
    };
    let mut told = CoreError::new(code).with("provider", "Pluggy");
    if let ErrorKind::Invalid { fields } = &error.kind
        && let Some(first) = fields.first()
    {
        told = told.with("field", first.parameter.clone()).with("problem", first.message.clone());
    }
    if let ErrorKind::RateLimited { retry_after: Some(at) } = &error.kind {
        told = told.with("retryAt", at.to_string());
    }
    // The server's sentence is for the person; it is bounded and quotes nothing that was sent.
    match &error.message {
        Some(message) => told.detail(message),
        None => told.detail(format_args!("HTTP {}", error.status)),
    }
}

impl Connections {
    pub(super) fn pluggy_config(&self, key: &ConfigKey) -> Result<PluggyConfig, CoreError> {
        self.state().pluggy.configs.get(key).cloned().ok_or_else(|| unknown_config(key))
    }

    /// Reads a list to its end, page by page.
    pub(super) async fn every_page<T>(
        &self,
        config: &PluggyConfig,
        item: Option<&str>,
        build: impl Fn(&Api, Credential<'_>, PageNumber) -> Result<Request, RequestError>,
        judge: impl Fn(&Response, Timestamp) -> Result<Page<T>, ApiError>,
    ) -> Result<Vec<T>, Refusal> {
        let mut all = Vec::new();
        let mut number = 1;
        while number <= MOST_PAGES {
            let wanted = PageNumber { page: Some(number), page_size: Some(500) };
            let page = self.ask_pluggy(config, item, |api, held| build(api, held, wanted), &judge).await?;
            let next = page.next_number();
            all.extend(page.results);
            match next {
                Some(next) if next > number => number = next,
                _ => break,
            }
        }
        Ok(all)
    }

    /// Asks Pluggy, with a key that is renewed once when it is refused.
    ///
    /// `item` is the item that the request is about: a connect token is good for one.
    pub(super) async fn ask_pluggy<T>(
        &self,
        config: &PluggyConfig,
        item: Option<&str>,
        build: impl Fn(&Api, Credential<'_>) -> Result<Request, RequestError>,
        judge: impl Fn(&Response, Timestamp) -> Result<T, ApiError>,
    ) -> Result<T, Refusal> {
        let api = config.api()?;
        for last in [false, true] {
            let held = self.credential(config, &api, item).await?;
            let request = build(&api, held.credential())
                .map_err(|error| CoreError::new(ErrorCode::BadInput).detail(error))?;
            let answer = self.inner.ports.http.send(request).await.map_err(Refusal::Http)?;
            match judge(&answer, self.now()) {
                Err(error) if error.kind == ErrorKind::Unauthorized && !last => {
                    self.forget_credential(config, item, &held).await?;
                }
                Err(error) => return Err(Refusal::Api(error)),
                Ok(value) => return Ok(value),
            }
        }
        Err(Refusal::Core(CoreError::new(ErrorCode::ClientRefused)))
    }

    async fn credential(
        &self,
        config: &PluggyConfig,
        api: &Api,
        item: Option<&str>,
    ) -> Result<Held, Refusal> {
        if config.is_limited() {
            return self.connect_token(config, api, item).await.map(|token| Held::Token(token.secret));
        }
        self.api_key(config, api).await.map(|key| Held::Key(key.secret))
    }

    /// The key of a registration: from memory, else from the vault, else a new one.
    async fn api_key(&self, config: &PluggyConfig, api: &Api) -> Result<ApiKey, Refusal> {
        let _turn = self.inner.keys.at(&config.key).await;
        let now = self.now();
        let fresh = |key: &ApiKey| key.renew_at > now;
        if let Some(key) = self.state().pluggy.keys.get(&config.key).filter(|key| fresh(key)) {
            return Ok(key.duplicate());
        }
        let stored = self.inner.ports.store.api_key(&config.key).await.map_err(store_error)?;
        let key = match stored.filter(fresh) {
            Some(key) => key,
            None => {
                let key = self.new_api_key(config, api).await?;
                let change = Change::PutApiKey(config.key.clone(), key.duplicate());
                self.inner.ports.store.commit(vec![change]).await.map_err(store_error)?;
                key
            }
        };
        self.state().pluggy.keys.insert(config.key.clone(), key.duplicate());
        Ok(key)
    }

    async fn new_api_key(&self, config: &PluggyConfig, api: &Api) -> Result<ApiKey, Refusal> {
        let secret = self.inner.ports.store.client_secret(&config.key).await.map_err(store_error)?;
        let (Some(client_id), Some(secret)) = (&config.client_id, secret) else {
            return Err(Refusal::Core(CoreError::new(ErrorCode::ClientRefused).with("provider", "Pluggy")));
        };
        self.ask_key(api, client_id, &secret).await
    }

    /// Asks for a key with a client id and its secret.
    pub(super) async fn ask_key(
        &self,
        api: &Api,
        client_id: &str,
        secret: &SecretString,
    ) -> Result<ApiKey, Refusal> {
        let sent_at = self.now();
        let request = api
            .auth(client_id, secret)
            .map_err(|error| CoreError::new(ErrorCode::BadInput).with("field", "clientId").detail(error))?;
        let answer = self.inner.ports.http.send(request).await.map_err(Refusal::Http)?;
        let key = pluggy::judge_api_key(&answer, secret, sent_at).map_err(Refusal::Api)?;
        Ok(ApiKey { renew_at: key.renew_at(), secret: key.secret })
    }

    /// A connect token to read one item with, or the institutions; the last one while it is good.
    async fn connect_token(
        &self,
        config: &PluggyConfig,
        api: &Api,
        item: Option<&str>,
    ) -> Result<ApiKey, Refusal> {
        let slot = (config.key.clone(), item.map(ToOwned::to_owned));
        let now = self.now();
        if let Some(token) = self.state().pluggy.tokens.get(&slot).filter(|token| token.renew_at > now) {
            return Ok(token.duplicate());
        }
        let token = self.new_connect_token(config, api, item, true).await?;
        self.state().pluggy.tokens.insert(slot, token.duplicate());
        Ok(token)
    }

    /// A new connect token for one item, or for one that will be made; by the company where it keeps the keys.
    pub(super) async fn new_connect_token(
        &self,
        config: &PluggyConfig,
        api: &Api,
        item: Option<&str>,
        avoid_duplicates: bool,
    ) -> Result<ApiKey, Refusal> {
        let now = self.now();
        let options = ConnectTokenOptions {
            client_user_id: config.client_user_id.clone(),
            oauth_redirect_uri: config.redirect(),
            avoid_duplicates: Some(avoid_duplicates),
            ..ConnectTokenOptions::default()
        };
        let refused = |error: RequestError| CoreError::new(ErrorCode::BadInput).detail(error);
        let token = match &config.connect_token_endpoint {
            Some(endpoint) => {
                let request = pluggy::company_connect_token(endpoint, item, &options).map_err(refused)?;
                let answer = self.inner.ports.http.send(request).await.map_err(Refusal::Http)?;
                pluggy::judge_company_connect_token(&answer, now).map_err(Refusal::Api)?
            }
            None => {
                let key = self.api_key(config, api).await?;
                let key = pluggy::ApiKey { secret: key.secret, expires_at: key.renew_at };
                let request = api.connect_token(&key, item, &options).map_err(refused)?;
                let answer = self.inner.ports.http.send(request).await.map_err(Refusal::Http)?;
                pluggy::judge_connect_token(&answer, now).map_err(Refusal::Api)?
            }
        };
        Ok(ApiKey { renew_at: token.renew_at(), secret: token.secret })
    }

    /// The token that made an item is good for that item from then on.
    pub(super) fn keep_token(&self, config: &ConfigKey, item: &str, token: ApiKey) {
        self.state().pluggy.tokens.insert((config.clone(), Some(item.to_owned())), token);
    }

    /// Makes an item. Each is made with a connect token of its own where there are only these.
    pub(super) async fn create_item(
        &self,
        config: &PluggyConfig,
        draft: &ItemDraft,
    ) -> Result<Item, Refusal> {
        let judge = |answer: &Response, now| pluggy::judge_submission(answer, &draft.parameters, now);
        if !config.is_limited() {
            let build = |api: &Api, credential: Credential<'_>| api.create_item(credential, draft);
            return self.ask_pluggy(config, None, build, judge).await;
        }
        let api = config.api()?;
        let avoids = draft.options.avoid_duplicates.unwrap_or_default();
        let token = self.new_connect_token(config, &api, None, avoids).await?;
        let request = api
            .create_item(Credential::ConnectToken(&token.secret), draft)
            .map_err(|error| CoreError::new(ErrorCode::BadInput).detail(error))?;
        let answer = self.inner.ports.http.send(request).await.map_err(Refusal::Http)?;
        let item = judge(&answer, self.now()).map_err(Refusal::Api)?;
        self.keep_token(&config.key, &item.id, token);
        Ok(item)
    }

    /// Updates an item; with a connect token of its own where there are only these.
    pub(super) async fn update_item(
        &self,
        config: &PluggyConfig,
        item: &str,
        values: Option<&Parameters>,
    ) -> Result<Item, Refusal> {
        self.state().pluggy.tokens.remove(&(config.key.clone(), Some(item.to_owned())));
        let options = ItemOptions { oauth_redirect_uri: config.redirect(), ..ItemOptions::default() };
        let none = Parameters::new();
        self.ask_pluggy(
            config,
            Some(item),
            |api, credential| api.update_item(credential, item, values, &options),
            |answer, now| pluggy::judge_submission(answer, values.unwrap_or(&none), now),
        )
        .await
    }

    /// Forgets what was refused, and not what somebody else has got in its place meanwhile.
    async fn forget_credential(
        &self,
        config: &PluggyConfig,
        item: Option<&str>,
        refused: &Held,
    ) -> Result<(), CoreError> {
        let secret = match refused {
            Held::Key(secret) => secret,
            Held::Token(secret) => {
                let slot = (config.key.clone(), item.map(ToOwned::to_owned));
                let mut state = self.state();
                if state.pluggy.tokens.get(&slot).is_some_and(|token| is_same(token, secret)) {
                    state.pluggy.tokens.remove(&slot);
                }
                return Ok(());
            }
        };
        // In turn with those who look for a key: one of them may have the refused one in hand, and keep it.
        let _turn = self.inner.keys.at(&config.key).await;
        {
            let mut state = self.state();
            if state.pluggy.keys.get(&config.key).is_some_and(|key| !is_same(key, secret)) {
                return Ok(());
            }
            state.pluggy.keys.remove(&config.key);
        }
        let lapsed = ApiKey { secret: SecretString::from(""), renew_at: Timestamp::MIN };
        let change = Change::PutApiKey(config.key.clone(), lapsed);
        self.inner.ports.store.commit(vec![change]).await.map(drop).map_err(store_error)
    }
}

fn is_same(key: &ApiKey, other: &SecretString) -> bool {
    // EXPOSE: compared, in constant time.
    key.secret.matches(other.expose())
}
