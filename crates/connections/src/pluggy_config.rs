//! A registration at Pluggy: a client id with its secret, or the connect token endpoint of the person's company.

use crate::configs::DraftProblem;
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, NameError};
use crate::view::{ConfigView, PluggyConfigView, Source};
use jiff::Timestamp;
use pluggy::{Api, OauthRedirect, RedirectRefusal};
use providers::Category;
use secret::SecretString;
use serde::{Deserialize, Serialize};
use url::Url;

/// Longest name for the person; Pluggy says nothing about it.
const LONGEST_CLIENT_USER_ID: usize = 200;

/// A registration at Pluggy. The client secret is another record, read only where it is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PluggyConfig {
    /// Its name.
    pub key: ConfigKey,
    /// Where the API is.
    pub api: Url,
    /// The client id, where the keys are the person's own.
    pub client_id: Option<String>,
    /// Where the company hands out connect tokens, where it keeps the keys.
    pub connect_token_endpoint: Option<Url>,
    /// The name under which Pluggy knows the person.
    pub client_user_id: Option<String>,
    /// Where a bank's page leads when its window cannot be closed.
    pub oauth_redirect_uri: Option<String>,
    /// Whether Pluggy's practice institutions are listed too.
    pub include_sandbox: bool,
    /// The page around Pluggy's widget; Pluggy's own page alone where nothing is said.
    pub widget: Option<Url>,
    /// Whether it is Mooring's own practice world.
    pub practice: bool,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was last changed.
    pub updated_at: Timestamp,
}

impl PluggyConfig {
    /// Whether only connect tokens are at hand.
    pub const fn is_limited(&self) -> bool {
        self.client_id.is_none()
    }

    /// The API.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] when its address is not one that secrets may be sent to.
    pub fn api(&self) -> Result<Api, CoreError> {
        Api::at(&self.api)
            .map_err(|error| CoreError::new(ErrorCode::BadInput).with("field", "api").detail(error))
    }

    /// The redirect address, if there is one.
    pub fn redirect(&self) -> Option<OauthRedirect> {
        OauthRedirect::parse(self.oauth_redirect_uri.as_deref()?, false).ok()
    }

    /// What may be shown.
    pub fn view(&self, connections: usize) -> ConfigView {
        let host = self.connect_token_endpoint.as_ref().unwrap_or(&self.api);
        ConfigView {
            config_key: self.key.clone(),
            source: Source::Pluggy,
            approach: crate::view::Approach::Aggregator,
            parameters: Vec::new(),
            pluggy: Some(PluggyConfigView {
                connect_token_endpoint: self.connect_token_endpoint.as_ref().map(ToString::to_string),
                client_user_id: self.client_user_id.clone(),
                oauth_redirect_uri: self.oauth_redirect_uri.clone(),
                include_sandbox: self.include_sandbox,
            }),
            codat: None,
            provider: "pluggy".to_owned(),
            provider_name: if self.practice { "Pluggy (Sandbox)" } else { "Pluggy" }.to_owned(),
            brand_color: None,
            category: Category::Banking,
            client_id: self.client_id.clone().unwrap_or_default(),
            has_secret: self.client_id.is_some(),
            scopes: Vec::new(),
            issuer: None,
            host: host.host_str().unwrap_or_default().to_owned(),
            redirect_uri: self.oauth_redirect_uri.clone().unwrap_or_default(),
            sandbox: self.practice,
            connections,
            created_at: self.created_at,
        }
    }
}

/// A registration at Pluggy, as typed.
#[derive(Default)]
pub struct PluggyFields {
    /// Its name.
    pub config_key: String,
    /// The client id.
    pub client_id: Option<String>,
    /// The client secret; none in an edit keeps the stored one.
    pub client_secret: Option<SecretString>,
    /// The company's endpoint.
    pub connect_token_endpoint: Option<String>,
    /// The name for the person.
    pub client_user_id: Option<String>,
    /// Where a bank's page leads when its window cannot be closed.
    pub oauth_redirect_uri: Option<String>,
    /// Whether practice institutions are listed too.
    pub include_sandbox: bool,
    /// Where the API is; Pluggy's own where nothing is said. Only for practice and tests.
    pub api: Option<Url>,
    /// The page around Pluggy's widget; Pluggy's own page alone where nothing is said. Only for practice and tests.
    pub widget: Option<Url>,
    /// Whether it is Mooring's own practice world.
    pub practice: bool,
}

/// A text without what a paste brings along; none when nothing is left.
fn given(text: Option<&str>) -> Option<&str> {
    text.map(str::trim).filter(|text| !text.is_empty())
}

impl PluggyFields {
    /// What is wrong with it, without asking anybody. `taken` are the names in use by others.
    pub fn problems(&self, taken: &[ConfigKey], secret_is_kept: bool) -> Vec<DraftProblem> {
        let blocking = |field, problem| DraftProblem { field, problem, blocking: true };
        let mut problems = Vec::new();
        match ConfigKey::parse(&self.config_key) {
            Ok(key) if taken.contains(&key) => problems.push(blocking("configKey", "taken")),
            Ok(_) => {}
            Err(NameError::Empty) => problems.push(blocking("configKey", "empty")),
            Err(NameError::TooLong) => problems.push(blocking("configKey", "tooLong")),
            Err(NameError::Character) => problems.push(blocking("configKey", "characters")),
        }
        match given(self.connect_token_endpoint.as_deref()) {
            Some(endpoint) => problems.extend(endpoint_problem(endpoint)),
            None => problems.extend(self.key_problems(secret_is_kept)),
        }
        if let Some(redirect) = given(self.oauth_redirect_uri.as_deref())
            && let Err(refusal) = OauthRedirect::parse(redirect, false)
        {
            problems.push(blocking("oauthRedirectUri", word_of(refusal)));
        }
        if self.client_user_id.as_deref().is_some_and(|id| id.chars().count() > LONGEST_CLIENT_USER_ID) {
            problems.push(blocking("clientUserId", "tooLong"));
        }
        problems
    }

    fn key_problems(&self, secret_is_kept: bool) -> Vec<DraftProblem> {
        let mut findings = providers::check_client_id(self.client_id.as_deref().unwrap_or_default());
        findings.extend(self.client_secret.iter().flat_map(providers::check_client_secret));
        let mut problems: Vec<DraftProblem> = findings
            .iter()
            .map(|one| DraftProblem {
                field: one.field.as_str(),
                problem: one.problem.as_str(),
                blocking: one.is_blocking(),
            })
            .collect();
        if !secret_is_kept && self.client_secret.as_ref().is_none_or(SecretString::is_empty) {
            problems.push(DraftProblem { field: "clientSecret", problem: "required", blocking: true });
        }
        problems
    }

    /// The registration that it describes.
    ///
    /// # Errors
    /// The first problem that blocks.
    pub(crate) fn into_config(
        self,
        taken: &[ConfigKey],
        before: Option<&PluggyConfig>,
        now: Timestamp,
    ) -> Result<(PluggyConfig, Option<SecretString>), CoreError> {
        let kept = before.is_some_and(|one| !one.is_limited());
        if let Some(problem) = self.problems(taken, kept).into_iter().find(|one| one.blocking) {
            let code = if problem.problem == "taken" { ErrorCode::NameTaken } else { ErrorCode::BadInput };
            return Err(CoreError::new(code).with("field", problem.field).with("problem", problem.problem));
        }
        let endpoint = given(self.connect_token_endpoint.as_deref()).and_then(|text| Url::parse(text).ok());
        let owned = |text: &Option<String>| given(text.as_deref()).map(ToOwned::to_owned);
        let config = PluggyConfig {
            key: ConfigKey::parse(&self.config_key)?,
            api: self.api.clone().map_or_else(production, Ok)?,
            client_id: if endpoint.is_some() { None } else { owned(&self.client_id) },
            connect_token_endpoint: endpoint,
            client_user_id: owned(&self.client_user_id),
            oauth_redirect_uri: owned(&self.oauth_redirect_uri),
            include_sandbox: self.include_sandbox,
            widget: self.widget,
            practice: self.practice,
            created_at: before.map_or(now, |one| one.created_at),
            updated_at: now,
        };
        Ok((config, self.client_secret.filter(|secret| !secret.is_empty())))
    }
}

fn production() -> Result<Url, CoreError> {
    Url::parse(pluggy::PRODUCTION).map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))
}

fn endpoint_problem(text: &str) -> Option<DraftProblem> {
    let problem = match Url::parse(text) {
        Ok(url) if oauth::is_acceptable_endpoint(&url) => return None,
        Ok(_) => "notHttps",
        Err(_) => "notAnAddress",
    };
    Some(DraftProblem { field: "connectTokenEndpoint", problem, blocking: true })
}

const fn word_of(refusal: RedirectRefusal) -> &'static str {
    match refusal {
        RedirectRefusal::NotAnAddress => "notAnAddress",
        RedirectRefusal::NotHttps => "notHttps",
        RedirectRefusal::ThisMachine => "localhost",
        RedirectRefusal::UserInformation => "userInformation",
        RedirectRefusal::Fragment => "fragment",
        RedirectRefusal::TooLong => "tooLong",
    }
}
