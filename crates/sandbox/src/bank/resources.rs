//! What an access token opens: the user info endpoint and the accounts.
//!
//! Source: RFC 6750 §2.1 and §3.1, OIDC Core §5.3 (checked 2026-11-21).

use super::Bank;
use super::accounts::{ACCOUNTS, holder};
use super::front::browser_language;
use super::grants::Rights;
use crate::values::sha256;
use axum::Json;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use std::sync::Arc;

pub(super) async fn user_info(State(bank): State<Arc<Bank>>, headers: HeaderMap) -> Response {
    let rights = match bank.rights(&headers, "openid") {
        Ok(rights) => rights,
        Err(refusal) => return refusal.into_response(),
    };
    let user = &rights.approval.user;
    let mut claims = json!({ "sub": subject(user) });
    if let Some(claims) = claims.as_object_mut() {
        if rights.allows("profile") {
            claims.insert("name".to_owned(), json!(holder(user)));
        }
        if rights.allows("email") {
            claims.insert("email".to_owned(), json!("practice@farol.example"));
            claims.insert("email_verified".to_owned(), json!(false));
        }
    }
    Json(claims).into_response()
}

pub(super) async fn accounts(State(bank): State<Arc<Bank>>, headers: HeaderMap) -> Response {
    let rights = match bank.rights(&headers, "accounts") {
        Ok(rights) => rights,
        Err(refusal) => return refusal.into_response(),
    };
    let language = browser_language(&headers);
    let approved = |id: &str| rights.approval.accounts.iter().any(|other| other == id);
    let accounts: Vec<Value> = ACCOUNTS
        .iter()
        .filter(|account| approved(account.id))
        .map(|account| {
            json!({
                "id": account.id,
                "name": account.name(language),
                "kind": account.kind,
                "last_four": account.last_four,
                "currency": account.currency,
                "balance": account.balance,
            })
        })
        .collect();
    let answer = json!({
        "synthetic": true,
        "holder": { "name": holder(&rights.approval.user) },
        "consent_expires_at": rights.approval.holds_until(),
        "accounts": accounts,
    });
    Json(answer).into_response()
}

impl Bank {
    fn rights(&self, headers: &HeaderMap, scope: &str) -> Result<Rights, Challenge> {
        let token = bearer(headers).ok_or(Challenge::NoToken)?;
        let rights = self.book.read(|ledger| ledger.access(token, self.clock.now()));
        let rights = rights.ok_or(Challenge::InvalidToken)?;
        if rights.allows(scope) { Ok(rights) } else { Err(Challenge::InsufficientScope) }
    }
}

/// Why nothing is shown (RFC 6750 §3.1).
enum Challenge {
    NoToken,
    InvalidToken,
    InsufficientScope,
}

impl IntoResponse for Challenge {
    fn into_response(self) -> Response {
        let (status, challenge) = match self {
            Self::NoToken => (StatusCode::UNAUTHORIZED, "Bearer"),
            Self::InvalidToken => (StatusCode::UNAUTHORIZED, "Bearer error=\"invalid_token\""),
            Self::InsufficientScope => (StatusCode::FORBIDDEN, "Bearer error=\"insufficient_scope\""),
        };
        (status, [(header::WWW_AUTHENTICATE, challenge)]).into_response()
    }
}

impl Rights {
    fn allows(&self, scope: &str) -> bool {
        self.scopes.iter().any(|other| other == scope)
    }
}

/// The stable identifier of a person, which is not their user name.
pub(super) fn subject(user: &str) -> String {
    sha256(&format!("farol:{user}"))
}

fn bearer(headers: &HeaderMap) -> Option<&str> {
    let (scheme, token) = headers.get(header::AUTHORIZATION)?.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then_some(token)
}
