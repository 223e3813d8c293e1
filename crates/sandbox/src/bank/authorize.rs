//! Judges authorization requests.
//!
//! Knows nothing of pages or of the person.
//!
//! Invariant: unless client and redirect URI are good, nothing is redirected; the person sees the refusal here.
//!
//! Source: RFC 6749 §4.1.1 and §4.1.2.1, RFC 7636 §4.3 and §4.4.1, OIDC Core §3.1.2.1 (checked 2026-11-21).

use super::clients::{Client, SCOPES, is_registered};
use crate::values::Parameters;

/// An authorization request that can be put to the person.
#[derive(Clone, Debug)]
pub(super) struct AuthorizationRequest {
    pub client: Client,
    pub redirect_uri: String,
    pub state: Option<String>,
    pub scopes: Vec<String>,
    pub code_challenge: String,
    pub nonce: Option<String>,
    /// The user code, where the answer goes to a device and not to an address.
    pub device: Option<String>,
}

/// Why a request cannot be put to the person.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Refusal {
    /// Said on a page of the bank.
    Shown(Trust),
    /// Said to the client.
    Redirected { redirect_uri: String, state: Option<String>, error: &'static str, description: &'static str },
}

/// What makes a request unfit to be answered by a redirect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Trust {
    UnknownClient,
    UnregisteredRedirect,
}

type Flaw = (&'static str, &'static str);

const REPEATED: Flaw = ("invalid_request", "a parameter is repeated");

pub(super) fn judge(parameters: &Parameters) -> Result<AuthorizationRequest, Refusal> {
    let client = parameters.one("client_id").ok().flatten().and_then(Client::find);
    let client = client.ok_or(Refusal::Shown(Trust::UnknownClient))?;
    let redirect_uri = parameters.one("redirect_uri").ok().flatten().filter(|uri| is_registered(uri));
    let redirect_uri = redirect_uri.ok_or(Refusal::Shown(Trust::UnregisteredRedirect))?;
    let state = parameters.one("state").ok().flatten();
    details(parameters, client, redirect_uri).map_err(|(error, description)| Refusal::Redirected {
        redirect_uri: redirect_uri.to_owned(),
        state: state.map(str::to_owned),
        error,
        description,
    })
}

fn details(
    parameters: &Parameters,
    client: Client,
    redirect_uri: &str,
) -> Result<AuthorizationRequest, Flaw> {
    let one = |name| parameters.one(name).map_err(|_| REPEATED);
    if one("request")?.is_some() {
        return Err(("request_not_supported", "request objects are not supported"));
    }
    if one("request_uri")?.is_some() {
        return Err(("request_uri_not_supported", "request objects are not supported"));
    }
    match one("response_type")? {
        Some("code") => {}
        Some(_) => return Err(("unsupported_response_type", "only code is supported")),
        None => return Err(("invalid_request", "response_type is missing")),
    }
    if one("response_mode")?.is_some_and(|mode| mode != "query") {
        return Err(("invalid_request", "only the query response mode is supported"));
    }
    let code_challenge = one("code_challenge")?.ok_or(("invalid_request", "code_challenge is required"))?;
    if one("code_challenge_method")? != Some("S256") {
        return Err(("invalid_request", "code_challenge_method must be S256"));
    }
    if !is_challenge(code_challenge) {
        return Err(("invalid_request", "code_challenge is not a SHA-256 in base64url"));
    }
    Ok(AuthorizationRequest {
        client,
        redirect_uri: redirect_uri.to_owned(),
        state: one("state")?.map(str::to_owned),
        scopes: scopes(one("scope")?.unwrap_or("accounts"))?,
        code_challenge: code_challenge.to_owned(),
        nonce: one("nonce")?.map(str::to_owned),
        device: None,
    })
}

fn is_challenge(text: &str) -> bool {
    text.len() == 43 && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte))
}

/// The known scopes of a list, in the bank's order and each once.
pub(super) fn scopes(asked: &str) -> Result<Vec<String>, Flaw> {
    if asked.split(' ').any(|scope| !SCOPES.contains(&scope)) {
        return Err(("invalid_scope", "a scope is unknown"));
    }
    let is_asked = |scope: &&str| asked.split(' ').any(|other| other == *scope);
    Ok(SCOPES.into_iter().filter(is_asked).map(str::to_owned).collect())
}
