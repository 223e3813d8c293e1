//! `/config`: client registrations. Of a client secret nothing is told but whether there is one.

use super::{instant, number_of};
use crate::caller::{Access, Caller};
use crate::http::{Asker, Site, error_json, json_members, sentence};
use axum::Json;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse as _, Response};
use connections::configs::{CUSTOM, CustomProvider, custom_provider, split_scopes};
use connections::error::{CoreError, ErrorCode};
use connections::view::{ConfigView, Source};
use connections::{ConfigChange, ConfigKey, NewConfig, ProviderChoice};
use secret::SecretString;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// What stands where a client secret was once listed.
const MASK: &str = "********";

/// All registrations.
pub(crate) async fn list(State(site): State<Arc<Site>>, Asker(caller): Asker) -> Response {
    let all = site.admitted(&caller, Access::List, None, async { Ok(site.core.configs()) }).await;
    match all {
        Ok(all) => Json(json!({ "configs": all.iter().map(listed).collect::<Vec<_>>() })).into_response(),
        Err(error) => refused(&error),
    }
}

/// One registration.
pub(crate) async fn show(
    State(site): State<Arc<Site>>,
    Path(key): Path<String>,
    Asker(caller): Asker,
) -> Response {
    let config = async { site.core.config(&ConfigKey::parse(&key)?) };
    match site.admitted(&caller, Access::List, None, config).await {
        Ok(config) => Json(json!({ "config": listed(&config) })).into_response(),
        Err(error) if is_unknown(&error) => unknown(&key),
        Err(error) => refused(&error),
    }
}

/// Makes a registration.
pub(crate) async fn create(
    State(site): State<Arc<Site>>,
    Asker(caller): Asker,
    headers: HeaderMap,
    body: Body,
) -> Response {
    let fields = match fields(&site, &headers, body, None).await {
        Ok(fields) => fields,
        Err(refusal) => return *refusal,
    };
    let made = Box::pin(site.admitted(&caller, Access::Manage, None, make(&site, &fields))).await;
    match made {
        Ok(config) => Json(json!({ "config_id": number_of(config.config_key.as_str()) })).into_response(),
        Err(error) if error.code == ErrorCode::NameTaken => {
            (StatusCode::INTERNAL_SERVER_ERROR, sentence(&error)).into_response()
        }
        Err(error) => refused(&error),
    }
}

/// Changes the registration that the body names.
pub(crate) async fn edit(
    State(site): State<Arc<Site>>,
    Asker(caller): Asker,
    headers: HeaderMap,
    body: Body,
) -> Response {
    Box::pin(change(&site, &caller, &headers, body, None)).await
}

/// Changes the registration that the path names.
pub(crate) async fn edit_named(
    State(site): State<Arc<Site>>,
    Path(key): Path<String>,
    Asker(caller): Asker,
    headers: HeaderMap,
    body: Body,
) -> Response {
    Box::pin(change(&site, &caller, &headers, body, Some(&key))).await
}

/// Deletes a registration; one that is not there as well.
pub(crate) async fn remove(
    State(site): State<Arc<Site>>,
    Path(key): Path<String>,
    Asker(caller): Asker,
) -> Response {
    let work = async {
        match ConfigKey::parse(&key) {
            Ok(key) => site.core.delete_config(&key).await,
            Err(_) => Ok(()),
        }
    };
    match site.admitted(&caller, Access::Manage, None, work).await {
        Ok(()) => StatusCode::OK.into_response(),
        Err(error) => refused(&error),
    }
}

async fn change(
    site: &Site,
    caller: &Caller,
    headers: &HeaderMap,
    body: Body,
    key: Option<&str>,
) -> Response {
    let fields = match fields(site, headers, body, key).await {
        Ok(fields) => fields,
        Err(refusal) => return *refusal,
    };
    let work = async {
        let key = ConfigKey::parse(&fields.key)?;
        if site.core.config(&key)?.source != Source::Oauth {
            return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
        }
        let client_secret = fields.client_secret();
        let scopes = split_scopes(&fields.scopes);
        let change = ConfigChange { key, client_id: fields.client_id.clone(), client_secret, scopes };
        site.core.edit_config(change).await
    };
    match Box::pin(site.admitted(caller, Access::Manage, None, work)).await {
        Ok(_) => StatusCode::OK.into_response(),
        Err(error) if is_unknown(&error) => unknown(&fields.key),
        Err(error) => refused(&error),
    }
}

/// A registration as the body has it.
struct Fields {
    key: String,
    provider: String,
    client_id: String,
    client_secret: SecretString,
    scopes: String,
    issuer: Option<String>,
}

impl Fields {
    /// An empty one is a public client, or, when editing, the stored one. The mask is what a program read here before.
    fn client_secret(&self) -> Option<SecretString> {
        // EXPOSE: compared with what is no secret.
        let told = self.client_secret.expose();
        (!told.is_empty() && told != MASK).then(|| self.client_secret.duplicate())
    }
}

/// Reads a body of either generation: `unique_key` and `type`, or `provider_config_key` and `provider`.
async fn fields(
    site: &Site,
    headers: &HeaderMap,
    body: Body,
    key: Option<&str>,
) -> Result<Fields, Box<Response>> {
    let mut members = json_members(site, headers, body).await?;
    let early = members.contains_key("unique_key") || members.contains_key("type");
    let names = if early { ("unique_key", "type") } else { ("provider_config_key", "provider") };
    let missing = |name: &str| {
        // The original has no full stop after this one name.
        let stop = if name == "oauth_scopes" { "" } else { "." };
        Box::new(error_json(StatusCode::BAD_REQUEST, format!("Missing param {name}{stop}")))
    };
    let mut text = |name: &str| take(&mut members, name).ok_or_else(|| missing(name));
    Ok(Fields {
        key: match key {
            Some(key) => key.to_owned(),
            None => text(names.0)?,
        },
        provider: text(names.1)?,
        client_id: text("oauth_client_id")?,
        client_secret: text("oauth_client_secret").map(SecretString::from)?,
        scopes: text("oauth_scopes")?,
        issuer: take(&mut members, "issuer"),
    })
}

fn take(members: &mut Map<String, Value>, name: &str) -> Option<String> {
    match members.remove(name)? {
        Value::String(text) => Some(text),
        _ => None,
    }
}

async fn make(site: &Site, fields: &Fields) -> Result<ConfigView, CoreError> {
    let provider = if fields.provider == CUSTOM {
        let custom = CustomProvider { issuer: fields.issuer.as_deref(), ..CustomProvider::default() };
        ProviderChoice::Custom(Box::new(custom_provider(&site.core, &custom).await?))
    } else {
        let unknown = || CoreError::new(ErrorCode::UnknownProvider).with("provider", fields.provider.clone());
        ProviderChoice::catalogue(&fields.provider).ok_or_else(unknown)?
    };
    let new = NewConfig {
        key: ConfigKey::parse(&fields.key)?,
        provider,
        client_id: fields.client_id.clone(),
        client_secret: fields.client_secret(),
        scopes: split_scopes(&fields.scopes),
    };
    site.core.create_config(new).await
}

fn listed(config: &ConfigView) -> Value {
    json!({
        "id": number_of(config.config_key.as_str()),
        "created_at": instant(config.created_at),
        "updated_at": instant(config.created_at),
        "unique_key": config.config_key,
        "provider_config_key": config.config_key,
        "type": config.provider,
        "provider": config.provider,
        "oauth_client_id": config.client_id,
        "oauth_client_secret": config.has_secret.then_some(MASK),
        "oauth_scopes": config.scopes.join(","),
    })
}

fn is_unknown(error: &CoreError) -> bool {
    matches!(error.code, ErrorCode::UnknownConfig | ErrorCode::BadName)
}

fn unknown(key: &str) -> Response {
    let text = format!("There is no matching provider configuration with key: {key}");
    error_json(StatusCode::BAD_REQUEST, text)
}

fn refused(error: &CoreError) -> Response {
    let status = match error.code {
        ErrorCode::NotPermitted => StatusCode::FORBIDDEN,
        ErrorCode::DiskFull | ErrorCode::ReadOnly | ErrorCode::Storage | ErrorCode::Defect => {
            StatusCode::INTERNAL_SERVER_ERROR
        }
        _ => StatusCode::BAD_REQUEST,
    };
    error_json(status, sentence(error))
}
