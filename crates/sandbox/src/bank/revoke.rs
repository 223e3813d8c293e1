//! The revocation endpoint.
//!
//! Source: RFC 7009 §2.1 and §2.2 (checked 2026-11-21).

use super::Bank;
use super::token::{TokenError, is_form};
use crate::Misbehaviour;
use crate::values::Parameters;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

pub(super) async fn endpoint(State(bank): State<Arc<Bank>>, headers: HeaderMap, body: Bytes) -> Response {
    if bank.mood.plays(Misbehaviour::RevocationFails) {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    }
    let revoked = tokio::task::spawn_blocking(move || bank.revoke(&headers, &Parameters::parse(&body))).await;
    match revoked {
        Ok(Ok(())) => StatusCode::OK.into_response(),
        Ok(Err(error)) => error.into_response(),
        Err(_) => TokenError::unavailable().into_response(),
    }
}

impl Bank {
    fn revoke(&self, headers: &HeaderMap, form: &Parameters) -> Result<(), TokenError> {
        if !is_form(headers) {
            return Err(TokenError::new("invalid_request", "the body must be a form"));
        }
        let client = self.proved_client(headers, form)?;
        let missing = TokenError::new("invalid_request", "token is missing");
        let token = form.one("token")?.ok_or(missing)?;
        let revoked = self.book.change(|ledger| ledger.revoke(token, client.id()));
        Ok(revoked.map_err(|_| TokenError::unavailable())??)
    }
}
