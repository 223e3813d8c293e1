//! Registrations at Codat, and connections through it, seen from the window.

use crate::Host;
use crate::dto::{
    CodatDraft, CodatHistoryAsk, CodatLinkAgain, CodatLinkBegin, CodatSync, CodatTextsDraft, CompanyCreate,
    ConfigRef, CorsChange, CspAsk, DraftFinding, OriginAsk, TypedSecret,
};
use connections::codat_config::CodatFields;
use connections::configs::DraftProblem;
use connections::error::{CoreError, ErrorCode};
use connections::id::ConnectionKey;
use connections::view::{
    AttemptView, CodatHistory, CodatListing, CodatTexts, CodatView, CompanyView, ConfigView, CorsView,
    CspView, Failure, IntegrationView,
};
use connections::{BeginCodatLink, CodatTextsInput};
use secret::SecretString;

fn given(typed: Option<TypedSecret>) -> Option<SecretString> {
    typed.map(TypedSecret::into_secret).filter(|secret| !secret.is_empty())
}

fn fields_of(draft: CodatDraft) -> CodatFields {
    CodatFields {
        config_key: draft.config_key,
        api_key: given(draft.api_key),
        token_endpoint: given(draft.token_endpoint),
        token_bearer: given(draft.token_bearer),
        company: draft.company,
        ..CodatFields::default()
    }
}

fn finding_of(one: &DraftProblem) -> DraftFinding {
    DraftFinding { field: one.field.to_owned(), problem: one.problem.to_owned(), blocking: one.blocking }
}

/// What is wrong with a registration at Codat, while it is typed; asks nobody.
pub async fn codat_check(host: &Host, draft: CodatDraft) -> Result<Vec<DraftFinding>, Failure> {
    let problems = host.connections()?.check_codat(&fields_of(draft));
    Ok(problems.iter().map(finding_of).collect())
}

/// Makes a registration at Codat, once Codat has taken it; its connections are then listed.
pub async fn codat_create(host: &Host, draft: CodatDraft) -> Result<ConfigView, Failure> {
    Ok(host.connections()?.create_codat(fields_of(draft)).await?)
}

/// Changes a registration at Codat; its name stays.
pub async fn codat_edit(host: &Host, draft: CodatDraft) -> Result<ConfigView, Failure> {
    Ok(host.connections()?.edit_codat(fields_of(draft)).await?)
}

/// Makes sure that the practice Codat is there, and answers its registration.
pub async fn codat_practice(host: &Host, _request: ()) -> Result<ConfigView, Failure> {
    Ok(host.runtime().practice_codat().await?)
}

/// Looks for connections that were made, changed or deleted elsewhere.
pub async fn codat_list(host: &Host, request: ConfigRef) -> Result<CodatListing, Failure> {
    Ok(host.connections()?.list_codat(&request.config_key).await?)
}

/// The companies that a registration reaches.
pub async fn codat_companies(host: &Host, request: ConfigRef) -> Result<Vec<CompanyView>, Failure> {
    Ok(host.connections()?.codat_companies(&request.config_key).await?)
}

/// Makes a company.
pub async fn codat_company_create(host: &Host, request: CompanyCreate) -> Result<CompanyView, Failure> {
    let core = host.connections()?;
    let description = request.description.as_deref();
    Ok(core.create_codat_company(&request.config_key, &request.name, description).await?)
}

/// What companies can be connected to.
pub async fn codat_integrations(host: &Host, request: ConfigRef) -> Result<Vec<IntegrationView>, Failure> {
    Ok(host.connections()?.codat_integrations(&request.config_key).await?)
}

/// Makes a connection and shows where it is approved.
pub async fn codat_link_begin(host: &Host, request: CodatLinkBegin) -> Result<AttemptView, Failure> {
    let begin = BeginCodatLink {
        config_key: request.config_key,
        company: request.company,
        integration: request.integration,
        connection_id: request.connection_id,
        surface: request.surface.or_else(|| crate::authorization::preferred(host)),
    };
    Ok(host.connections()?.begin_codat_link(begin).await?)
}

/// Shows where a connection is approved, for the first time or again.
pub async fn codat_link_again(host: &Host, request: CodatLinkAgain) -> Result<AttemptView, Failure> {
    let surface = request.surface.or_else(|| crate::authorization::preferred(host));
    Ok(host.connections()?.approve_codat(&request.key, surface).await?)
}

/// Puts a fresh link address on the clipboard, to be forwarded. It does not pass through the page that asked.
pub async fn codat_copy_link(host: &Host, key: ConnectionKey) -> Result<(), Failure> {
    let address = host.connections()?.codat_forward_address(&key).await?;
    // EXPOSE: onto the clipboard, which the person asked for; nothing of it is logged.
    if host.ports.clipboard.put(address.expose()) {
        Ok(())
    } else {
        Err(CoreError::new(ErrorCode::Defect).detail("the clipboard did not take the link").into())
    }
}

/// A connection in full.
pub async fn codat_show(host: &Host, key: ConnectionKey) -> Result<CodatView, Failure> {
    Ok(host.connections()?.show_codat(&key).await?)
}

/// Keeps the organization that a reconnect came back with.
pub async fn codat_keep_organization(host: &Host, key: ConnectionKey) -> Result<CodatView, Failure> {
    Ok(host.connections()?.keep_codat_organization(&key).await?)
}

/// Has data read.
pub async fn codat_sync(host: &Host, request: CodatSync) -> Result<CodatView, Failure> {
    Ok(host.connections()?.sync_codat(&request.key, request.data_type.as_deref()).await?)
}

/// What was read.
pub async fn codat_history(host: &Host, request: CodatHistoryAsk) -> Result<CodatHistory, Failure> {
    Ok(host.connections()?.codat_history(&request.key, request.page).await?)
}

/// The person leaves the screen of a connection.
pub async fn codat_close(host: &Host, key: ConnectionKey) -> Result<(), Failure> {
    Ok(host.connections()?.close_codat(&key).await?)
}

/// What is wrong with an origin, while it is typed; asks nobody.
pub async fn codat_cors_check(_host: &Host, request: OriginAsk) -> Result<Vec<DraftFinding>, Failure> {
    let problem = connections::check_origin(&request.origin, request.development);
    Ok(problem.iter().map(finding_of).collect())
}

/// Origins whose pages may embed Codat's component.
pub async fn codat_cors_get(host: &Host, request: ConfigRef) -> Result<CorsView, Failure> {
    Ok(host.connections()?.codat_origins(&request.config_key).await?)
}

/// Adds or removes an origin.
pub async fn codat_cors_set(host: &Host, request: CorsChange) -> Result<CorsView, Failure> {
    let core = host.connections()?;
    let (add, remove) = (request.add.as_deref(), request.remove.as_deref());
    Ok(core.set_codat_origins(&request.config_key, add, remove, request.development).await?)
}

/// The content security policy that a page with Codat's component needs.
pub async fn codat_csp(_host: &Host, request: CspAsk) -> Result<CspView, Failure> {
    Ok(connections::csp(request.detailed, request.unsafe_inline, request.policy.as_deref()))
}

/// The person's own words about data.
pub async fn codat_texts_get(host: &Host, _request: ()) -> Result<CodatTexts, Failure> {
    Ok(host.connections()?.codat_texts())
}

/// What would be shown of words of the person's own; keeps nothing.
pub async fn codat_texts_check(host: &Host, request: CodatTextsDraft) -> Result<CodatTexts, Failure> {
    Ok(host.connections()?.check_codat_texts(&texts_of(request))?)
}

/// Sets the person's own words about data.
pub async fn codat_texts_set(host: &Host, request: CodatTextsDraft) -> Result<CodatTexts, Failure> {
    Ok(host.connections()?.set_codat_texts(&texts_of(request)).await?)
}

fn texts_of(draft: CodatTextsDraft) -> CodatTextsInput {
    CodatTextsInput {
        json: draft.json,
        accounting: draft.accounting,
        banking: draft.banking,
        commerce: draft.commerce,
    }
}
