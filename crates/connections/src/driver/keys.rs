//! Connections by a key that the provider hands out: asked, proved, kept like a grant, handed out like a token.
//!
//! Invariants
//! - A key that the provider did not take is stored nowhere; neither is one that could not be tried.
//! - What was typed goes to the provider's one harmless request and to the vault, and is never shown again.

use super::{ConfigKey, Connections, refresh::config_of};
use crate::config::ClientConfig;
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConnectionId, ConnectionKey};
use crate::ports::{Grant, HttpError};
use crate::raw_answer::RawAnswer;
use crate::step::{Event, GrantFacts};
use crate::view::{ConnectionView, KeyFieldView, KeyForm, ParameterView};
use providers::{Auth, CredentialError, Provider};
use secret::SecretString;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

/// A key that the person typed.
pub struct ConnectKey {
    /// With which registration.
    pub config_key: ConfigKey,
    /// Under which name; none picks a free one.
    pub connection_id: Option<ConnectionId>,
    /// The key, in parts, by the names of the form's fields.
    pub values: BTreeMap<String, SecretString>,
    /// Values that are not secret.
    pub parameters: BTreeMap<String, String>,
}

impl Connections {
    /// What to ask for a connection of this registration.
    ///
    /// # Errors
    /// Unknown config key, or a registration whose connections take no key.
    pub fn key_form(&self, config_key: &ConfigKey) -> Result<KeyForm, CoreError> {
        let config = config_of(&self.state(), config_key)?;
        let provider = config.provider();
        takes_key(provider)?;
        Ok(KeyForm {
            config_key: config_key.clone(),
            provider_name: provider.name.clone(),
            documentation: provider.documentation.as_ref().map(Url::to_string),
            host: provider.sign_in_host(),
            fields: key_fields(provider),
            parameters: parameters_asked(provider),
        })
    }

    /// Links with a key, or replaces the key of a connection in place. The provider is asked first.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] names the field; [`ErrorCode::KeyRefused`] when the provider does not take the key;
    /// [`ErrorCode::KeyNotChecked`] when it could not be asked. In each case nothing is stored.
    pub async fn connect_key(&self, ask: ConnectKey) -> Result<ConnectionView, CoreError> {
        let beginning = self.beginning(&ask.config_key, ask.connection_id.as_ref(), &ask.parameters)?;
        let provider = beginning.config.provider().clone();
        takes_key(&provider)?;
        if let Some(name) = ask.values.keys().find(|name| !is_asked(&provider, name)) {
            return Err(bad_field(name, "unknown"));
        }
        self.prove_key(&provider, &ask.values, &beginning.parameters).await?;
        let now = self.now();
        let grant = grant_of(&provider, &ask.values, now)?;
        let facts = GrantFacts { parameters: Some(beginning.parameters.clone()), ..GrantFacts::default() };
        self.authorize_at_once(beginning.pending(now), facts, Arc::new(grant)).await?;
        self.connection(&beginning.key)
    }

    /// Asks the provider whether the stored key still works. Only the provider's own refusal ends the connection.
    pub(super) async fn check_key(
        &self,
        key: &ConnectionKey,
        config: &ClientConfig,
    ) -> Result<(), CoreError> {
        let parameters =
            self.state().connections.get(key).map(|one| one.parameters.clone()).unwrap_or_default();
        let grant = self.fresh_grant(key, None, super::refresh::Asker::Person).await?;
        let values = values_in(&grant);
        let proved = self.prove_key(config.provider(), &values, &parameters).await;
        match proved {
            Err(error) if error.code == ErrorCode::KeyRefused => {
                self.apply(key, Event::KeyRefused, |_| Vec::new()).await?;
                Err(CoreError { code: ErrorCode::ApproveAgain, ..error })
            }
            Err(error) if error.code == ErrorCode::KeyNotChecked => {
                let offline = error.params.get("reason").is_some_and(|reason| reason == "offline");
                let code = if offline { ErrorCode::Offline } else { ErrorCode::ProviderTrouble };
                Err(CoreError { code, ..error })
            }
            other => other,
        }
    }

    async fn prove_key(
        &self,
        provider: &Provider,
        values: &BTreeMap<String, SecretString>,
        parameters: &BTreeMap<String, String>,
    ) -> Result<(), CoreError> {
        let (request, expected) = provider.check_request(values, parameters).map_err(|error| {
            let problem = match &error {
                CredentialError::Missing(_) => "required",
                CredentialError::Parameter(error) => return super::endpoints::bad_parameter(error),
                CredentialError::Malformed(_) | CredentialError::NoKey => "malformed",
            };
            bad_field(error.field(), problem)
        })?;
        let named = |error: CoreError| error.with("provider", provider.name.clone());
        let answer = self.inner.ports.http.send(request).await.map_err(|error| {
            named(match error {
                HttpError::Certificate => CoreError::new(ErrorCode::CertificateRefused),
                HttpError::Offline => CoreError::new(ErrorCode::KeyNotChecked).with("reason", "offline"),
                other => CoreError::new(ErrorCode::KeyNotChecked).detail(other),
            })
        })?;
        let status = answer.status;
        let detail = format!("the check answered with status {status}");
        let code = match status {
            _ if status == expected || (expected == 200 && (200..300).contains(&status)) => return Ok(()),
            401 | 403 => ErrorCode::KeyRefused,
            429 | 500.. => ErrorCode::KeyNotChecked,
            _ => ErrorCode::ProviderAnswer,
        };
        Err(named(CoreError::new(code).detail(detail)))
    }
}

fn takes_key(provider: &Provider) -> Result<(), CoreError> {
    if provider.takes_key() { Ok(()) } else { Err(bad_field("configKey", "unknown")) }
}

fn bad_field(field: &str, problem: &str) -> CoreError {
    CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", problem)
}

fn is_asked(provider: &Provider, name: &str) -> bool {
    provider.credential.iter().flat_map(|credential| &credential.fields).any(|field| field.name == name)
}

/// The key as a grant: the first secret part is what is handed out, the raw answer holds all parts and headers.
fn grant_of(
    provider: &Provider,
    values: &BTreeMap<String, SecretString>,
    now: jiff::Timestamp,
) -> Result<Grant, CoreError> {
    let credential = provider.credential.as_ref().ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
    let main = credential.fields.iter().find(|field| field.secret).or_else(|| credential.fields.first());
    let main = main.and_then(|field| values.get(&field.name));
    let main = main.ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
    let kind = if provider.auth == Auth::Basic { "basic" } else { "api_key" };
    let text = |value: &SecretString| {
        // EXPOSE: the grant's raw answer, which is a secret and goes to the vault.
        Value::String(value.expose().trim().to_owned())
    };
    let fields: Map<String, Value> = values.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let headers = credential.headers(values).map_err(|error| bad_field(error.field(), "malformed"))?;
    let headers: Map<String, Value> =
        headers.iter().map(|(name, value)| (name.clone(), text(value))).collect();
    let raw = json!({ "type": kind, "fields": fields, "headers": headers });
    Ok(Grant {
        // EXPOSE: trimmed into a secret again.
        access_token: SecretString::from(main.expose().trim()),
        refresh_token: None,
        raw: RawAnswer::new(SecretString::from(raw.to_string())),
        extras: BTreeMap::new(),
        scopes: Vec::new(),
        obtained_at: now,
        expires_at: None,
        refresh_expires_at: None,
    })
}

/// The parts of a stored key.
fn values_in(grant: &Grant) -> BTreeMap<String, SecretString> {
    // EXPOSE: parsed into secrets again.
    let raw: Value = serde_json::from_str(grant.raw.whole().expose()).unwrap_or_default();
    let fields = raw.get("fields").and_then(Value::as_object);
    let texts = fields.into_iter().flatten().filter_map(|(name, value)| Some((name, value.as_str()?)));
    texts.map(|(name, value)| (name.clone(), SecretString::from(value))).collect()
}

pub(crate) fn key_fields(provider: &Provider) -> Vec<KeyFieldView> {
    let fields = provider.credential.iter().flat_map(|credential| &credential.fields);
    let view = |field: &providers::CredentialField| KeyFieldView {
        name: field.name.clone(),
        en: field.en.clone(),
        pt_br: field.pt_br.clone(),
        where_en: field.where_en.clone(),
        where_pt_br: field.where_pt_br.clone(),
        secret: field.secret,
    };
    fields.map(view).collect()
}

/// Parameters that the person is asked for: all but those that only the callback brings.
pub(crate) fn parameters_asked(provider: &Provider) -> Vec<ParameterView> {
    let before = [&provider.endpoints.authorization, &provider.endpoints.device_authorization];
    let needed =
        |name: &str| before.into_iter().flatten().any(|one| one.as_str().contains(&format!("{{{name}}}")));
    let brought = |name: &str| {
        let quirks = &provider.quirks;
        quirks.callback.iter().chain(&quirks.token_answer).any(|one| one.name == name)
    };
    let asked = provider.parameters.iter().filter(|one| needed(&one.name) || !brought(&one.name));
    asked
        .map(|one| ParameterView {
            name: one.name.clone(),
            en: one.en.clone(),
            pt_br: one.pt_br.clone(),
            pattern: one.pattern.clone(),
            example: one.example.clone(),
        })
        .collect()
}
