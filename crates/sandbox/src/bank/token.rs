//! The token endpoint.
//!
//! Knows nothing of people and pages.
//!
//! Invariants
//! - The client is proved before its code or refresh token is looked at.
//! - What is issued is in the book, and on disk, before the response exists.
//!
//! Source: RFC 6749 §2.3.1, §3.2, §4.1.3, §4.4, §5 and §6; RFC 8628 §3.4; RFC 7636 §4.1 and §4.5 (checked 2026-11-21).

use super::Bank;
use super::authorize::scopes;
use super::clients::Client;
use super::grants::{Approval, Issue, Presented, REPLAYED, Refused, Rotation};
use super::odd_answers;
use crate::clock::later;
use crate::values::{Parameters, Repeated, random, sha256};
use crate::{ExpiresIn, Misbehaviour};
use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Map, Value, json};
use std::sync::Arc;
use std::time::Duration;

/// RFC 8628 §3.4.
const DEVICE_GRANT: &str = "urn:ietf:params:oauth:grant-type:device_code";

/// A token error response.
pub(super) struct TokenError {
    status: StatusCode,
    error: &'static str,
    description: &'static str,
}

impl TokenError {
    pub(super) const fn new(error: &'static str, description: &'static str) -> Self {
        Self { status: StatusCode::BAD_REQUEST, error, description }
    }

    pub(super) const fn invalid_client() -> Self {
        Self { status: StatusCode::UNAUTHORIZED, error: "invalid_client", description: "client not proved" }
    }

    /// The bank could not write or had no randomness: nothing the client did.
    pub(super) const fn unavailable() -> Self {
        let status = StatusCode::SERVICE_UNAVAILABLE;
        Self { status, error: "temporarily_unavailable", description: "the bank is in trouble" }
    }
}

impl From<Repeated> for TokenError {
    fn from(_: Repeated) -> Self {
        Self::new("invalid_request", "a parameter is repeated")
    }
}

impl From<Refused> for TokenError {
    fn from(refused: Refused) -> Self {
        Self::new("invalid_grant", refused.0)
    }
}

impl IntoResponse for TokenError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.error, "error_description": self.description }));
        let mut response = (self.status, body).into_response();
        if self.status == StatusCode::UNAUTHORIZED {
            let challenge = HeaderValue::from_static("Basic realm=\"farol\"");
            response.headers_mut().insert(header::WWW_AUTHENTICATE, challenge);
        }
        response
    }
}

pub(super) async fn endpoint(State(bank): State<Arc<Bank>>, headers: HeaderMap, body: Bytes) -> Response {
    let form = Parameters::parse(&body);
    let kind = form.one("grant_type").ok().flatten().unwrap_or_default();
    bank.log().token_request(kind);
    if kind == "refresh_token" {
        bank.refreshes.send_modify(|seen| seen.arrived += 1);
    }
    if let Some(answer) = odd_answers::instead(&bank.mood, &bank.over).await {
        return answer;
    }
    let drops = bank.mood.plays(Misbehaviour::DropsTokenResponse);
    let slow = |one| if let Misbehaviour::SlowAnswer(wait) = one { Some(wait) } else { None };
    let (wait, over) = (bank.mood.play(slow), bank.over.clone());
    // Answering may wait for the disk.
    let answer = tokio::task::spawn_blocking(move || bank.answer(&headers, &form)).await;
    if let Some(wait) = wait {
        odd_answers::held_back(wait, over).await;
    }
    match answer {
        _ if drops => odd_answers::cut_connection(),
        Ok(Ok(answer)) => Json(answer).into_response(),
        Ok(Err(error)) => error.into_response(),
        Err(_) => TokenError::unavailable().into_response(),
    }
}

impl Bank {
    fn answer(&self, headers: &HeaderMap, form: &Parameters) -> Result<Map<String, Value>, TokenError> {
        if !is_form(headers) {
            return Err(TokenError::new("invalid_request", "the body must be a form"));
        }
        let client = self.proved_client(headers, form)?;
        match form.one("grant_type")? {
            Some("authorization_code") => self.exchange(client, form),
            Some("refresh_token") => self.refresh(client, form),
            Some("client_credentials") => self.for_client(client, form),
            Some(DEVICE_GRANT) => self.for_device(client, form),
            Some(_) => Err(TokenError::new("unsupported_grant_type", "this bank does not know it")),
            None => Err(TokenError::new("invalid_request", "grant_type is missing")),
        }
    }

    /// The client of a request, by HTTP Basic or by the form, never both.
    pub(super) fn proved_client(&self, headers: &HeaderMap, form: &Parameters) -> Result<Client, TokenError> {
        let form_secret = form.one("client_secret")?.map(str::to_owned);
        let form_id = form.one("client_id")?.map(str::to_owned);
        let (id, secret) = match headers.get(header::AUTHORIZATION) {
            Some(_) if form_secret.is_some() => {
                return Err(TokenError::new("invalid_request", "more than one client authentication"));
            }
            Some(basic) => {
                let (id, secret) = basic_credentials(basic).ok_or(TokenError::invalid_client())?;
                if form_id.is_some_and(|other| other != id) {
                    return Err(TokenError::new("invalid_request", "two clients are named"));
                }
                (Some(id), Some(secret))
            }
            None => (form_id, form_secret),
        };
        let client = id.as_deref().and_then(Client::find);
        let proved = client.filter(|client| client.is_proved_by(secret.as_deref(), &self.client_secret));
        proved.ok_or(TokenError::invalid_client())
    }

    fn exchange(&self, client: Client, form: &Parameters) -> Result<Map<String, Value>, TokenError> {
        let missing = |what| TokenError::new("invalid_request", what);
        let code = form.one("code")?.ok_or(missing("code is missing"))?;
        let redirect_uri = form.one("redirect_uri")?.ok_or(missing("redirect_uri is missing"))?;
        let code_verifier = form.one("code_verifier")?.ok_or(missing("code_verifier is missing"))?;
        if !is_verifier(code_verifier) {
            return Err(missing("code_verifier is not 43 to 128 unreserved characters"));
        }
        let tokens = mint(!self.mood.plays(Misbehaviour::NoRefreshToken))?;
        let grant = random().map_err(|_| TokenError::unavailable())?;
        let presented = Presented { client_id: client.id(), redirect_uri, code_verifier };
        let now = self.clock.now();
        let redeemed = self.book.change(|ledger| {
            let (approval, nonce) = ledger.redeem(code, &presented, grant.clone(), now)?;
            let scopes = self.granted_scopes(&approval.scopes);
            ledger.issue(&grant, self.issue(&tokens, &scopes), now);
            Ok::<_, Refused>((approval, nonce, scopes))
        });
        let (approval, nonce, scopes) = redeemed.map_err(|_| TokenError::unavailable())??;
        let mut answer = self.token_response(&tokens, &scopes);
        if scopes.iter().any(|scope| scope == "openid") {
            let id_token = self.id_token(&approval, nonce.as_deref(), &tokens.access);
            answer.insert("id_token".to_owned(), id_token.ok_or(TokenError::unavailable())?.into());
        }
        Ok(answer)
    }

    /// Tokens for the device whose code the person typed and approved (RFC 8628 §3.4).
    fn for_device(&self, client: Client, form: &Parameters) -> Result<Map<String, Value>, TokenError> {
        let missing = TokenError::new("invalid_request", "device_code is missing");
        let device_code = form.one("device_code")?.ok_or(missing)?;
        let approval = self.devices.collect(device_code, client.id(), self.clock.now())?;
        let tokens = mint(!self.mood.plays(Misbehaviour::NoRefreshToken))?;
        let mut answer = self.begin_grant(&approval, &tokens)?;
        if approval.scopes.iter().any(|scope| scope == "openid") {
            let id_token = self.id_token(&approval, None, &tokens.access);
            answer.insert("id_token".to_owned(), id_token.ok_or(TokenError::unavailable())?.into());
        }
        Ok(answer)
    }

    /// Tokens for the client itself (RFC 6749 §4.4): no person, and no refresh token (§4.4.3).
    fn for_client(&self, client: Client, form: &Parameters) -> Result<Map<String, Value>, TokenError> {
        if client != Client::Confidential {
            return Err(TokenError::new("unauthorized_client", "a public client speaks for nobody"));
        }
        let asked = scopes(form.one("scope")?.unwrap_or("accounts"));
        let asked = asked.map_err(|(error, description)| TokenError::new(error, description))?;
        let approval = Approval {
            client_id: client.id().to_owned(),
            scopes: asked.into_iter().filter(|scope| scope == "accounts").collect(),
            accounts: super::accounts::ACCOUNTS.iter().map(|account| account.id.to_owned()).collect(),
            user: client.id().to_owned(),
            approved_at: self.clock.now(),
        };
        self.begin_grant(&approval, &mint(false)?)
    }

    fn begin_grant(&self, approval: &Approval, tokens: &Tokens) -> Result<Map<String, Value>, TokenError> {
        let id = random().map_err(|_| TokenError::unavailable())?;
        let scopes = self.granted_scopes(&approval.scopes);
        let written = self.book.change(|ledger| {
            ledger.open(id.clone(), approval.clone());
            ledger.issue(&id, self.issue(tokens, &scopes), self.clock.now());
        });
        written.map_err(|_| TokenError::unavailable())?;
        Ok(self.token_response(tokens, &scopes))
    }

    fn refresh(&self, client: Client, form: &Parameters) -> Result<Map<String, Value>, TokenError> {
        let missing = TokenError::new("invalid_request", "refresh_token is missing");
        let token = form.one("refresh_token")?.ok_or(missing)?;
        let wanted = form.one("scope")?.map(scopes).transpose();
        let wanted = wanted.map_err(|(error, description)| TokenError::new(error, description))?;
        let keeps = self.mood.plays(Misbehaviour::NoRefreshToken);
        let rotation = if keeps { Rotation::Keep } else { Rotation::Replace };
        let mut tokens = mint(!keeps)?;
        let (now, grace) = (self.clock.now(), self.grace());
        let refreshed = self.book.change(|ledger| {
            let (grant, approval) = ledger.refresh(token, client.id(), rotation, grace, now)?;
            let scopes = narrowed(&approval, wanted).map(|scopes| self.granted_scopes(&scopes));
            if let Some(scopes) = &scopes {
                ledger.issue(&grant, self.issue(&tokens, scopes), now);
            }
            Ok::<_, Refused>(scopes)
        });
        let refreshed = refreshed.map_err(|_| TokenError::unavailable())?;
        self.refreshes.send_modify(|seen| match &refreshed {
            Ok(scopes) => seen.performed += u64::from(scopes.is_some()),
            Err(refused) => seen.replayed += u64::from(*refused == REPLAYED),
        });
        let scopes = refreshed?.ok_or(TokenError::new("invalid_scope", "more than the person approved"))?;
        if self.mood.plays(Misbehaviour::RotatesWithoutTelling) {
            tokens.refresh = None;
        }
        Ok(self.token_response(&tokens, &scopes))
    }

    fn issue(&self, tokens: &Tokens, scopes: &[String]) -> Issue {
        Issue {
            access: sha256(&tokens.access),
            scopes: scopes.to_vec(),
            expires_at: later(self.clock.now(), self.access_token_life),
            refresh: tokens.refresh.as_deref().map(sha256),
        }
    }

    fn grace(&self) -> Duration {
        let grace = |one| if let Misbehaviour::GraceForReuse(grace) = one { Some(grace) } else { None };
        self.mood.play(grace).unwrap_or_default()
    }

    fn granted_scopes(&self, approved: &[String]) -> Vec<String> {
        let mut granted = approved.to_vec();
        if self.mood.plays(Misbehaviour::FewerScopes) {
            // What a person misses, and not what keeps the access.
            let last = granted.iter().rposition(|scope| scope != "offline_access");
            if let Some(last) = last {
                granted.remove(last);
            }
        }
        if self.mood.plays(Misbehaviour::MoreScopes) {
            granted.push("payments".to_owned());
        }
        granted
    }

    fn token_response(&self, tokens: &Tokens, scopes: &[String]) -> Map<String, Value> {
        let life = self.access_token_life.as_secs();
        let expires_in =
            self.mood.play(|one| if let Misbehaviour::ExpiresIn(how) = one { Some(how) } else { None });
        let expires_in = match expires_in {
            None => Some(json!(life)),
            Some(ExpiresIn::Missing) => None,
            Some(ExpiresIn::Zero) => Some(json!(0)),
            Some(ExpiresIn::Negative) => Some(json!(-5)),
            Some(ExpiresIn::String) => Some(json!(life.to_string())),
            Some(ExpiresIn::Garbage) => Some(json!("soon")),
            Some(ExpiresIn::Huge) => Some(json!(1_000_000_000_000_000_u64)),
        };
        let members = [
            ("access_token", Some(json!(tokens.access))),
            ("token_type", Some(json!("Bearer"))),
            ("expires_in", expires_in),
            ("refresh_token", tokens.refresh.as_ref().map(|refresh| json!(refresh))),
            ("scope", Some(json!(scopes.join(" ")))),
        ];
        members.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
    }
}

struct Tokens {
    access: String,
    refresh: Option<String>,
}

fn mint(with_refresh: bool) -> Result<Tokens, TokenError> {
    let fresh = |kind: &str| random().map(|value| format!("farol_{kind}_{value}"));
    let minted = fresh("at").and_then(|access| {
        let refresh = with_refresh.then(|| fresh("rt")).transpose()?;
        Ok(Tokens { access, refresh })
    });
    minted.map_err(|_| TokenError::unavailable())
}

/// The scopes a refresh asks for; nothing when they are more than the person approved.
fn narrowed(approval: &Approval, wanted: Option<Vec<String>>) -> Option<Vec<String>> {
    let wanted = wanted.unwrap_or_else(|| approval.scopes.clone());
    wanted.iter().all(|scope| approval.scopes.contains(scope)).then_some(wanted)
}

pub(super) fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE).and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    kind.trim().eq_ignore_ascii_case("application/x-www-form-urlencoded")
}

fn is_verifier(text: &str) -> bool {
    let unreserved = |byte: u8| byte.is_ascii_alphanumeric() || b"-._~".contains(&byte);
    (43..=128).contains(&text.len()) && text.bytes().all(unreserved)
}

/// Id and secret of HTTP Basic; both are form-encoded inside (RFC 6749 §2.3.1).
fn basic_credentials(header: &HeaderValue) -> Option<(String, String)> {
    let (scheme, encoded) = header.to_str().ok()?.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let pair = String::from_utf8(STANDARD.decode(encoded.trim()).ok()?).ok()?;
    let (id, secret) = pair.split_once(':')?;
    Some((form_decoded(id), form_decoded(secret)))
}

fn form_decoded(text: &str) -> String {
    url::form_urlencoded::parse(text.as_bytes()).next().map(|(name, _)| name.into_owned()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn basic_credentials_are_form_decoded() {
        let header = HeaderValue::try_from(format!("basic {}", STANDARD.encode("a%3Ab:c+d%25"))).unwrap();
        assert_eq!(basic_credentials(&header), Some(("a:b".to_owned(), "c d%".to_owned())));
        assert_eq!(basic_credentials(&HeaderValue::from_static("Bearer YTpi")), None);
        assert_eq!(basic_credentials(&HeaderValue::from_static("Basic ***")), None);
    }

    #[test]
    fn a_verifier_has_a_length_and_an_alphabet() {
        assert!(is_verifier(&"a".repeat(43)) && is_verifier(&"~".repeat(128)));
        assert!(
            !is_verifier(&"a".repeat(42)) && !is_verifier(&"a".repeat(129)) && !is_verifier(&"+".repeat(43))
        );
    }
}
