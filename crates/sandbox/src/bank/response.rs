//! Authorization responses: the way back to the client.
//!
//! Knows nothing of why the bank answers as it does.
//!
//! Invariant: every response names its issuer, unless a misbehaviour forbids it.
//!
//! Source: RFC 6749 §4.1.2 and §4.1.2.1, RFC 9207 §2 (checked 2026-11-21).

use super::Bank;
use super::authorize::AuthorizationRequest;
use super::grants::{Approval, CODE_LIFE, Code, CodeOutcome};
use crate::Misbehaviour;
use crate::clock::later;
use crate::values::{random, sha256};
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::form_urlencoded::Serializer;

/// An authorization error response.
pub(super) struct Failure<'a> {
    pub error: &'a str,
    pub description: &'a str,
}

impl Bank {
    /// Redirects with a code for what was approved.
    pub(super) fn redirect_with_code(&self, request: &AuthorizationRequest, approval: Approval) -> Response {
        let Ok(code) = random().map(|code| format!("farol_code_{code}")) else {
            return StatusCode::INTERNAL_SERVER_ERROR.into_response();
        };
        let now = self.clock.now();
        let promise = Code {
            approval,
            redirect_uri: request.redirect_uri.clone(),
            challenge: request.code_challenge.clone(),
            nonce: request.nonce.clone(),
            expires_at: later(now, CODE_LIFE),
            outcome: CodeOutcome::Unspent,
        };
        self.book.note(|ledger| ledger.add_code(sha256(&code), promise, now));
        self.redirect(&request.redirect_uri, request.state.as_deref(), &[("code", &code)])
    }

    /// Redirects with an error.
    pub(super) fn redirect_with_error(
        &self,
        redirect_uri: &str,
        state: Option<&str>,
        failure: &Failure<'_>,
    ) -> Response {
        let answer = [("error", failure.error), ("error_description", failure.description)];
        self.redirect(redirect_uri, state, &answer)
    }

    fn redirect(&self, redirect_uri: &str, state: Option<&str>, answer: &[(&str, &str)]) -> Response {
        let mut query = Serializer::new(String::new());
        query.extend_pairs(answer);
        if self.mood.plays(Misbehaviour::WrongState) {
            query.append_pair("state", "a-state-nobody-sent");
        } else if !self.mood.plays(Misbehaviour::MissingState)
            && let Some(state) = state
        {
            query.append_pair("state", state);
        }
        if self.mood.plays(Misbehaviour::WrongIss) {
            query.append_pair("iss", "https://another-bank.example");
        } else if !self.mood.plays(Misbehaviour::MissingIss) {
            query.append_pair("iss", &self.issuer);
        }
        // No registered redirect URI has a query of its own.
        see_other(&format!("{redirect_uri}?{}", query.finish()))
    }
}

/// 303, so that a form's POST is never repeated at the target.
pub(super) fn see_other(target: &str) -> Response {
    match HeaderValue::try_from(target) {
        Ok(target) => (StatusCode::SEE_OTHER, [(header::LOCATION, target)]).into_response(),
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}
