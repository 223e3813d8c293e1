//! Client registrations and the catalogue.

use crate::Host;
use crate::dto::{ConfigDraft, ConfigRef, DraftFinding, IssuerAsk, IssuerView};
use connections::attempt::host_of;
use connections::configs::{CustomProvider, custom_provider, split_scopes};
use connections::error::{CoreError, ErrorCode};
use connections::view::{ConfigView, Failure, ProviderView};
use connections::{ConfigChange, ConfigKey, NewConfig, ProviderChoice};

/// The catalogue.
pub async fn providers_list(_host: &Host, _request: ()) -> Result<Vec<ProviderView>, Failure> {
    Ok(connections::configs::catalogue())
}

/// Fetches an issuer's discovery document.
pub async fn issuer_discover(host: &Host, request: IssuerAsk) -> Result<IssuerView, Failure> {
    let metadata = host.connections()?.discover(&request.issuer).await?;
    Ok(IssuerView {
        issuer: metadata.issuer.clone().unwrap_or_default(),
        host: host_of(&metadata.authorization_endpoint),
        public_clients: metadata.client_authentication_methods.iter().any(|method| method == "none"),
        revocation: metadata.revocation_endpoint.is_some(),
        scopes: metadata.scopes_supported,
    })
}

/// All client registrations.
pub async fn configs_list(host: &Host, _request: ()) -> Result<Vec<ConfigView>, Failure> {
    Ok(host.connections()?.configs())
}

/// What is wrong with a draft, while it is typed; asks nobody.
pub async fn config_check(host: &Host, draft: ConfigDraft) -> Result<Vec<DraftFinding>, Failure> {
    let taken: Vec<ConfigKey> = host.connections()?.configs().into_iter().map(|one| one.config_key).collect();
    let secret = draft.client_secret.map(crate::dto::TypedSecret::into_secret);
    let checked = connections::configs::DraftFields {
        config_key: &draft.config_key,
        taken: &taken,
        provider: &draft.provider,
        client_id: &draft.client_id,
        client_secret: secret.as_ref(),
        scopes: &draft.scopes,
        issuer: draft.issuer.as_deref(),
        authorization_endpoint: draft.authorization_endpoint.as_deref(),
        token_endpoint: draft.token_endpoint.as_deref(),
        revocation_endpoint: draft.revocation_endpoint.as_deref(),
        client_credentials: draft.client_credentials,
    };
    let findings = connections::configs::check_draft(&checked);
    Ok(findings
        .into_iter()
        .map(|one| DraftFinding {
            field: one.field.to_owned(),
            problem: one.problem.to_owned(),
            blocking: one.blocking,
        })
        .collect())
}

/// Makes a client registration.
pub async fn config_create(host: &Host, draft: ConfigDraft) -> Result<ConfigView, Failure> {
    let core = host.connections()?;
    let key = ConfigKey::parse(&draft.config_key).map_err(CoreError::from)?;
    let provider = if draft.provider == "custom" {
        let custom = CustomProvider {
            name: draft.name.as_deref(),
            issuer: draft.issuer.as_deref(),
            authorization_endpoint: draft.authorization_endpoint.as_deref(),
            token_endpoint: draft.token_endpoint.as_deref(),
            revocation_endpoint: draft.revocation_endpoint.as_deref(),
            through_scheme: false,
            client_credentials: draft.client_credentials,
        };
        ProviderChoice::Custom(Box::new(custom_provider(&core, &custom).await?))
    } else {
        ProviderChoice::catalogue(&draft.provider).ok_or_else(|| {
            CoreError::new(ErrorCode::UnknownProvider).with("provider", draft.provider.clone())
        })?
    };
    let new = NewConfig {
        key,
        provider,
        client_id: draft.client_id,
        client_secret: draft
            .client_secret
            .map(crate::dto::TypedSecret::into_secret)
            .filter(|one| !one.is_empty()),
        scopes: split_scopes(&draft.scopes),
    };
    Ok(core.create_config(new).await?)
}

/// Changes a client registration; its name and provider stay.
pub async fn config_edit(host: &Host, draft: ConfigDraft) -> Result<ConfigView, Failure> {
    let change = ConfigChange {
        key: ConfigKey::parse(&draft.config_key).map_err(CoreError::from)?,
        client_id: draft.client_id,
        client_secret: draft
            .client_secret
            .map(crate::dto::TypedSecret::into_secret)
            .filter(|one| !one.is_empty()),
        scopes: split_scopes(&draft.scopes),
    };
    Ok(host.connections()?.edit_config(change).await?)
}

/// Deletes a client registration that nothing uses.
pub async fn config_delete(host: &Host, request: ConfigRef) -> Result<(), Failure> {
    Ok(host.connections()?.delete_config(&request.config_key).await?)
}
