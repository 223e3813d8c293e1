//! People in the middle of signing in: one visit for each authorization request.
//!
//! Invariants
//! - A visit is found only with the cookie of the browser it began in, and changed only with its anti-forgery value.
//! - A visit ends with its answer, after ten minutes, or when too many begin.

use super::authorize::AuthorizationRequest;
use super::words::Language;
use crate::clock::later;
use crate::values::{random, sha256};
use jiff::Timestamp;
use std::collections::VecDeque;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use subtle::ConstantTimeEq as _;

/// How long a person may take.
pub(super) const VISIT_LIFE: Duration = Duration::from_secs(10 * 60);
const VISITS: usize = 128;

/// One person answering one authorization request.
#[derive(Clone)]
pub(super) struct Visit {
    pub id: String,
    pub request: AuthorizationRequest,
    pub language: Language,
    /// Proves that a form came from this bank's page.
    pub form_proof: String,
    /// Who signed in; nobody yet.
    pub user: Option<String>,
    cookie_sha256: String,
    expires_at: Timestamp,
}

#[derive(Default)]
pub(super) struct Visits(Mutex<VecDeque<Visit>>);

impl Visits {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Visit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a visit; answers its id and the cookie value of its browser.
    pub(super) fn begin(
        &self,
        request: AuthorizationRequest,
        language: Language,
        now: Timestamp,
    ) -> io::Result<(String, String)> {
        let (id, cookie) = (random()?, random()?);
        let visit = Visit {
            id: id.clone(),
            request,
            language,
            form_proof: random()?,
            user: None,
            cookie_sha256: sha256(&cookie),
            expires_at: later(now, VISIT_LIFE),
        };
        let mut visits = self.lock();
        visits.retain(|visit| now < visit.expires_at);
        if visits.len() == VISITS {
            visits.pop_front();
        }
        visits.push_back(visit);
        Ok((id, cookie))
    }

    pub(super) fn find(&self, id: &str, cookie: &str, now: Timestamp) -> Option<Visit> {
        let cookie = sha256(cookie);
        let visits = self.lock();
        visits.iter().find(|one| one.id == id && one.cookie_sha256 == cookie && now < one.expires_at).cloned()
    }

    pub(super) fn signed_in(&self, id: &str, user: &str) {
        if let Some(visit) = self.lock().iter_mut().find(|visit| visit.id == id) {
            visit.user = Some(user.to_owned());
        }
    }

    /// Ends a visit; false when somebody else ended it first.
    pub(super) fn end(&self, id: &str) -> bool {
        let mut visits = self.lock();
        let before = visits.len();
        visits.retain(|visit| visit.id != id);
        visits.len() < before
    }
}

impl Visit {
    pub(super) fn is_proved_by(&self, form_proof: &str) -> bool {
        bool::from(self.form_proof.as_bytes().ct_eq(form_proof.as_bytes()))
    }
}
