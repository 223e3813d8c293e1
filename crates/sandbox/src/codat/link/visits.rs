//! People in the middle of linking.
//!
//! Invariants
//! - A visit is found only with the cookie of the browser that it began in, and changed only with its anti-forgery value.
//! - A visit ends with its answer, after ten minutes, or when too many begin.

use crate::bank::words::Language;
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

/// One person linking one connection.
#[derive(Clone)]
pub(in crate::codat) struct Visit {
    pub id: String,
    pub company: String,
    pub connection: String,
    /// Parameters that the client put on the link address.
    pub custom: Vec<(String, String)>,
    pub language: Language,
    /// Proves that a form came from a page of this journey.
    pub form_proof: String,
    /// Who signed in; nobody so far.
    pub user: Option<String>,
    cookie_sha256: String,
    expires_at: Timestamp,
}

#[derive(Default)]
pub(in crate::codat) struct Visits(Mutex<VecDeque<Visit>>);

impl Visits {
    fn lock(&self) -> MutexGuard<'_, VecDeque<Visit>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins a visit; answers its id and the cookie value of its browser.
    pub(super) fn begin(
        &self,
        company: String,
        connection: String,
        custom: Vec<(String, String)>,
        language: Language,
        now: Timestamp,
    ) -> io::Result<(String, String)> {
        let (id, cookie) = (random()?, random()?);
        let visit = Visit {
            id: id.clone(),
            company,
            connection,
            custom,
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
