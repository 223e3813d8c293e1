//! Links through an aggregator: registrations, institutions, forms, progress, accounts.

use crate::Host;
use crate::dto::{
    AccountsAsk, ConfigRef, DraftFinding, InstitutionRef, InstitutionValues, LinkBegin, LinkOpen, LinkValues,
    PluggyDraft, TypedSecret, WidgetOpen,
};
use connections::BeginLink;
use connections::id::ConnectionKey;
use connections::pluggy_config::PluggyFields;
use connections::view::{AccountView, ConfigView, Failure, FieldView, InstitutionView, LinkView};
use pluggy::Parameters;
use std::collections::BTreeMap;

fn fields_of(draft: PluggyDraft) -> PluggyFields {
    PluggyFields {
        config_key: draft.config_key,
        client_id: draft.client_id,
        client_secret: draft.client_secret.map(TypedSecret::into_secret).filter(|secret| !secret.is_empty()),
        connect_token_endpoint: draft.connect_token_endpoint,
        client_user_id: draft.client_user_id,
        oauth_redirect_uri: draft.oauth_redirect_uri,
        include_sandbox: draft.include_sandbox,
        ..PluggyFields::default()
    }
}

fn parameters_of(values: BTreeMap<String, TypedSecret>) -> Parameters {
    let mut parameters = Parameters::new();
    for (name, value) in values {
        parameters.set(name, value.into_secret());
    }
    parameters
}

/// What is wrong with a registration at Pluggy, while it is typed; asks nobody.
pub async fn pluggy_check(host: &Host, draft: PluggyDraft) -> Result<Vec<DraftFinding>, Failure> {
    let problems = host.connections()?.check_pluggy(&fields_of(draft));
    Ok(problems
        .into_iter()
        .map(|one| DraftFinding {
            field: one.field.to_owned(),
            problem: one.problem.to_owned(),
            blocking: one.blocking,
        })
        .collect())
}

/// Makes a registration at Pluggy, once Pluggy has taken it.
pub async fn pluggy_create(host: &Host, draft: PluggyDraft) -> Result<ConfigView, Failure> {
    Ok(host.connections()?.create_pluggy(fields_of(draft)).await?)
}

/// Changes a registration at Pluggy; its name stays.
pub async fn pluggy_edit(host: &Host, draft: PluggyDraft) -> Result<ConfigView, Failure> {
    Ok(host.connections()?.edit_pluggy(fields_of(draft)).await?)
}

/// Makes sure that the practice institutions are there, and answers their registration.
pub async fn pluggy_practice(host: &Host, _request: ()) -> Result<ConfigView, Failure> {
    Ok(host.runtime().practice_pluggy().await?)
}

/// The institutions that a registration reaches.
pub async fn institutions_list(host: &Host, request: ConfigRef) -> Result<Vec<InstitutionView>, Failure> {
    Ok(host.connections()?.institutions(&request.config_key).await?)
}

/// The form of an institution.
pub async fn institution_form(host: &Host, request: InstitutionRef) -> Result<Vec<FieldView>, Failure> {
    Ok(host.connections()?.institution_form(&request.config_key, request.institution).await?)
}

/// What is wrong with the values of a form; asks nobody.
pub async fn institution_check(
    host: &Host,
    request: InstitutionValues,
) -> Result<Vec<DraftFinding>, Failure> {
    let values = parameters_of(request.values);
    let core = host.connections()?;
    let found = core.check_institution_form(&request.config_key, request.institution, &values).await?;
    Ok(found
        .into_iter()
        .map(|(field, problem)| DraftFinding { field, problem: problem.to_owned(), blocking: true })
        .collect())
}

/// Makes a link.
pub async fn link_begin(host: &Host, request: LinkBegin) -> Result<LinkView, Failure> {
    let begin = BeginLink {
        config_key: request.config_key,
        institution: request.institution,
        connection_id: request.connection_id,
        values: parameters_of(request.values),
        another: request.another,
    };
    Ok(host.connections()?.begin_link(begin).await?)
}

/// How a link stands.
pub async fn link_show(host: &Host, key: ConnectionKey) -> Result<LinkView, Failure> {
    Ok(host.connections()?.show_link(&key)?)
}

/// Answers the institution's question.
pub async fn link_answer(host: &Host, request: LinkValues) -> Result<LinkView, Failure> {
    Ok(host.connections()?.answer_link(&request.key, parameters_of(request.values)).await?)
}

/// The form for giving user and password again.
pub async fn link_form(host: &Host, key: ConnectionKey) -> Result<Vec<FieldView>, Failure> {
    Ok(host.connections()?.link_form(&key).await?)
}

/// Gives user and password again.
pub async fn link_sign_in(host: &Host, request: LinkValues) -> Result<LinkView, Failure> {
    Ok(host.connections()?.sign_in_again(&request.key, parameters_of(request.values)).await?)
}

/// Asks for another run.
pub async fn link_retry(host: &Host, key: ConnectionKey) -> Result<LinkView, Failure> {
    Ok(host.connections()?.run_again(&key).await?)
}

/// Shows the institution's page.
pub async fn link_open(host: &Host, request: LinkOpen) -> Result<LinkView, Failure> {
    let surface = request.surface.or_else(|| crate::authorization::preferred(host));
    Ok(host.connections()?.open_page(&request.key, surface).await?)
}

/// Gives up a link that was never made.
pub async fn link_cancel(host: &Host, key: ConnectionKey) -> Result<(), Failure> {
    Ok(host.connections()?.cancel_link(&key).await.map(drop)?)
}

/// Shows the aggregator's own page for connecting.
pub async fn widget_open(host: &Host, request: WidgetOpen) -> Result<(), Failure> {
    Ok(host
        .connections()?
        .open_widget(&request.config_key, request.key.as_ref(), Some(host.language()))
        .await?)
}

/// Accounts that were fetched.
pub async fn accounts_list(host: &Host, request: AccountsAsk) -> Result<Vec<AccountView>, Failure> {
    Ok(host.connections()?.accounts(request.key.as_ref()).await?)
}
