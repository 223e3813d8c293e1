//! A registration at Codat: an API key, or the endpoint of the person's accountant or lender for access tokens.

use crate::configs::DraftProblem;
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, NameError};
use crate::view::{CodatAbility, CodatConfigView, CodatMode, ConfigView, Failure, Source};
use codat::{Api, ApiKey, ApiKeyError, ClientAction, CompanyId, Mode, TokenEndpoint, TokenEndpointError};
use jiff::Timestamp;
use providers::Category;
use secret::SecretString;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use url::Url;

/// Where Codat sends a person back to, for who sets it in Codat's portal. One address for all: Codat keeps only one.
pub const REDIRECT: &str = "http://127.0.0.1:47621/callback";
/// The port in [`REDIRECT`].
pub const REDIRECT_PORT: u16 = 47_621;

/// A registration at Codat. What is secret of it is another record, read only where it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct CodatConfig {
    /// Its name.
    pub key: ConfigKey,
    /// Where the API is; Codat's own where nothing is said.
    pub api: Option<Url>,
    /// Who hands out access tokens, where there is no API key.
    pub token_host: Option<String>,
    /// The one company that the tokens are for.
    pub company: Option<String>,
    /// When connections that were made elsewhere were last looked for.
    pub listed_at: Option<Timestamp>,
    /// Codat's ids of connections that were deleted here and, for want of an API key, not there; in small letters.
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub deleted: BTreeSet<String>,
    /// Whether it is Mooring's own practice world.
    pub practice: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl CodatConfig {
    /// What it is made with.
    pub const fn mode(&self) -> Mode {
        if self.token_host.is_some() { Mode::CompanyToken } else { Mode::ApiKey }
    }

    /// The API.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] when its address is not one that secrets may be sent to.
    pub fn api(&self) -> Result<Api, CoreError> {
        let Some(address) = &self.api else { return Ok(Api::codat()) };
        Api::at(address.as_str())
            .map_err(|error| CoreError::new(ErrorCode::BadInput).with("field", "api").detail(error))
    }

    /// What may be shown.
    pub fn view(&self, connections: usize, list_failure: Option<Failure>) -> ConfigView {
        let host = self.token_host.clone().or_else(|| self.api.as_ref().map(crate::attempt::host_of));
        ConfigView {
            config_key: self.key.clone(),
            source: Source::Codat,
            approach: crate::view::Approach::Aggregator,
            parameters: Vec::new(),
            pluggy: None,
            codat: Some(CodatConfigView {
                mode: mode_of(self.mode()),
                token_host: self.token_host.clone(),
                company: self.company.clone(),
                redirect_template: redirect_template(),
                abilities: codat::client_actions(self.mode())
                    .iter()
                    .copied()
                    .filter_map(ability_of)
                    .collect(),
                listed_at: self.listed_at,
                list_failure,
            }),
            provider: "codat".to_owned(),
            provider_name: if self.practice { "Codat (Sandbox)" } else { "Codat" }.to_owned(),
            brand_color: None,
            category: Category::Accounting,
            client_id: String::new(),
            has_secret: true,
            scopes: Vec::new(),
            issuer: None,
            host: host.unwrap_or_else(|| "api.codat.io".to_owned()),
            redirect_uri: REDIRECT.to_owned(),
            sandbox: self.practice,
            connections,
            created_at: self.created_at,
        }
    }
}

/// What to set as redirect in Codat's portal.
pub fn redirect_template() -> String {
    let template = Url::parse(REDIRECT).ok().and_then(|url| codat::redirect_template(&url).ok());
    template.unwrap_or_default()
}

/// A mode as shown.
pub const fn mode_of(mode: Mode) -> CodatMode {
    match mode {
        Mode::ApiKey => CodatMode::ApiKey,
        Mode::CompanyToken => CodatMode::AccessToken,
    }
}

const fn ability_of(action: ClientAction) -> Option<CodatAbility> {
    match action {
        ClientAction::ChooseCompany => Some(CodatAbility::ChooseCompany),
        ClientAction::CreateCompany => Some(CodatAbility::CreateCompany),
        ClientAction::Connect => Some(CodatAbility::Connect),
        ClientAction::ReadHistory => Some(CodatAbility::ReadHistory),
        ClientAction::EditOrigins => Some(CodatAbility::EditOrigins),
        // Not for the person to do.
        ClientAction::IssueToken => None,
    }
}

/// A registration at Codat, as typed.
#[derive(Default)]
pub struct CodatFields {
    /// Its name.
    pub config_key: String,
    /// The API key; none in an edit keeps the stored one.
    pub api_key: Option<SecretString>,
    /// The address that hands out access tokens; none in an edit keeps the stored one.
    pub token_endpoint: Option<SecretString>,
    /// What to send along to that address.
    pub token_bearer: Option<SecretString>,
    /// The company that the tokens are for.
    pub company: Option<String>,
    /// Where the API is; Codat's own where nothing is said. Only for practice and tests.
    pub api: Option<Url>,
    /// Whether it is Mooring's own practice world.
    pub practice: bool,
}

/// What is secret of a registration, as the vault has it.
pub enum CodatSecret {
    /// The API key.
    Key(ApiKey),
    /// The endpoint, and what to send along.
    Endpoint(TokenEndpoint, Option<SecretString>),
}

/// Parts the address from what is sent along; neither holds one.
const PART: char = '\n';

impl CodatSecret {
    /// As one text for the vault.
    pub fn to_vault(&self) -> SecretString {
        match self {
            Self::Key(key) => key.to_vault(),
            Self::Endpoint(endpoint, None) => endpoint.to_vault(),
            Self::Endpoint(endpoint, Some(bearer)) => {
                let address = endpoint.to_vault();
                // EXPOSE: into a new secret, for the encrypted vault.
                SecretString::from(format!("{}{PART}{}", address.expose(), bearer.expose()))
            }
        }
    }

    /// From [`Self::to_vault`].
    pub fn from_vault(mode: Mode, stored: &SecretString) -> Option<Self> {
        if mode == Mode::ApiKey {
            return ApiKey::parse(stored).ok().map(Self::Key);
        }
        // EXPOSE: parted into two new secrets.
        let (address, bearer) = match stored.expose().split_once(PART) {
            Some((address, bearer)) => (SecretString::from(address), Some(SecretString::from(bearer))),
            None => (stored.duplicate(), None),
        };
        TokenEndpoint::parse(&address).ok().map(|endpoint| Self::Endpoint(endpoint, bearer))
    }
}

const fn blocking(field: &'static str, problem: &'static str) -> DraftProblem {
    DraftProblem { field, problem, blocking: true }
}

fn given(secret: Option<&SecretString>) -> Option<&SecretString> {
    secret.filter(|secret| !secret.is_empty())
}

impl CodatFields {
    /// What is wrong with it, without asking anybody. `taken` are the names in use by others.
    pub fn problems(&self, taken: &[ConfigKey], secret_is_kept: bool) -> Vec<DraftProblem> {
        let mut problems = Vec::new();
        match ConfigKey::parse(&self.config_key) {
            Ok(key) if taken.contains(&key) => problems.push(blocking("configKey", "taken")),
            Ok(_) => {}
            Err(NameError::Empty) => problems.push(blocking("configKey", "empty")),
            Err(NameError::TooLong) => problems.push(blocking("configKey", "tooLong")),
            Err(NameError::Character) => problems.push(blocking("configKey", "characters")),
        }
        if let Err(problem) = self.secret(secret_is_kept) {
            problems.push(problem);
        }
        let company = self.company.as_deref().map(str::trim).filter(|text| !text.is_empty());
        if company.is_some_and(|text| CompanyId::parse(text).is_err()) {
            problems.push(blocking("company", "characters"));
        }
        problems
    }

    /// What is secret of it; none where the stored one is kept.
    fn secret(&self, kept: bool) -> Result<Option<CodatSecret>, DraftProblem> {
        let (key, endpoint) = (given(self.api_key.as_ref()), given(self.token_endpoint.as_ref()));
        match (key, endpoint) {
            (Some(_), Some(_)) => Err(blocking("tokenEndpoint", "both")),
            (None, None) if kept => Ok(None),
            (None, None) => Err(blocking("apiKey", "required")),
            (Some(key), None) => ApiKey::parse(key)
                .map(|key| Some(CodatSecret::Key(key)))
                .map_err(|error| blocking("apiKey", word_of_key(error))),
            (None, Some(endpoint)) => {
                let bearer = given(self.token_bearer.as_ref()).map(SecretString::duplicate);
                // EXPOSE: looked at for characters that no header may hold.
                let fits =
                    |bearer: &SecretString| bearer.expose().bytes().all(|byte| byte.is_ascii_graphic());
                if !bearer.as_ref().is_none_or(fits) {
                    return Err(blocking("tokenBearer", "characters"));
                }
                TokenEndpoint::parse(endpoint)
                    .map(|endpoint| Some(CodatSecret::Endpoint(endpoint, bearer)))
                    .map_err(|error| blocking("tokenEndpoint", word_of_endpoint(error)))
            }
        }
    }

    /// The registration that it describes, and what is secret of it where that is new.
    ///
    /// # Errors
    /// The first problem that blocks.
    pub(crate) fn into_config(
        self,
        taken: &[ConfigKey],
        before: Option<&CodatConfig>,
        now: Timestamp,
    ) -> Result<(CodatConfig, Option<CodatSecret>), CoreError> {
        if let Some(problem) = self.problems(taken, before.is_some()).into_iter().find(|one| one.blocking) {
            let code = if problem.problem == "taken" { ErrorCode::NameTaken } else { ErrorCode::BadInput };
            return Err(CoreError::new(code).with("field", problem.field).with("problem", problem.problem));
        }
        let secret = self.secret(before.is_some()).unwrap_or(None);
        let company = self.company.as_deref().map(str::trim).filter(|text| !text.is_empty());
        let token_host = match &secret {
            Some(CodatSecret::Endpoint(endpoint, _)) => Some(endpoint.host().to_owned()),
            Some(CodatSecret::Key(_)) => None,
            None => before.and_then(|one| one.token_host.clone()),
        };
        let config = CodatConfig {
            key: ConfigKey::parse(&self.config_key)?,
            api: self.api,
            company: if token_host.is_some() {
                company.map(ToOwned::to_owned).or_else(|| before.and_then(|one| one.company.clone()))
            } else {
                None
            },
            token_host,
            listed_at: before.and_then(|one| one.listed_at),
            deleted: before.map(|one| one.deleted.clone()).unwrap_or_default(),
            practice: self.practice,
            created_at: before.map_or(now, |one| one.created_at),
            updated_at: now,
        };
        Ok((config, secret))
    }
}

const fn word_of_key(error: ApiKeyError) -> &'static str {
    match error {
        ApiKeyError::Empty => "required",
        ApiKeyError::Malformed => "characters",
        ApiKeyError::TooLong => "tooLong",
        ApiKeyError::NotEncoded => "notEncoded",
    }
}

const fn word_of_endpoint(error: TokenEndpointError) -> &'static str {
    match error {
        TokenEndpointError::NotAnAddress => "notAnAddress",
        TokenEndpointError::NotHttps => "notHttps",
        TokenEndpointError::UserInformation => "userInformation",
    }
}
