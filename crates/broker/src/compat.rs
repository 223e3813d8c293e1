//! Pizzly's wire contract, all generations of it in one: what its clients send is understood, and what they read is
//! there, under each name that it ever had.
//!
//! Departures, each on purpose: a secret is always required; client secrets and refresh tokens are in no answer; a page
//! gets its word only at an origin that the person allowed; every value in a page is escaped.
//!
//! Sources: the clients of 0.3.6 to 0.5.2 as published, and the getting-started document of November 2022.

pub(crate) mod callback;
pub(crate) mod configs;
pub(crate) mod connect;
pub(crate) mod connection;
mod page;

use crate::http::Site;
use connections::AttemptId;
use connections::id::ConnectionKey;
use jiff::Timestamp;
use sha2::{Digest as _, Sha256};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// Where providers send the answer; what a person registers there is this, after `http://localhost:` and the port.
pub(crate) const CALLBACK: &str = "/oauth/callback";

/// Pages that may wait at once. Attempts end after ten minutes; what is older than the newest of these is forgotten.
const MOST_OPENERS: usize = 256;

/// Pages that opened an authorization and wait for its end.
#[derive(Default)]
pub(crate) struct Openers(Mutex<HashMap<AttemptId, Opener>>);

/// A page that waits.
#[derive(Clone)]
pub(crate) struct Opener {
    /// Its origin: the only one that is told. None where a person opened the address without a page.
    pub(crate) origin: Option<String>,
    /// What it waits for.
    pub(crate) key: ConnectionKey,
    /// When it began to.
    since: Timestamp,
}

impl Openers {
    pub(crate) fn remember(&self, attempt: AttemptId, origin: Option<String>, key: ConnectionKey) {
        let mut openers = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if openers.len() >= MOST_OPENERS {
            let oldest = openers.iter().min_by_key(|(_, one)| one.since).map(|(id, _)| id.clone());
            oldest.map(|id| openers.remove(&id));
        }
        openers.insert(attempt, Opener { origin, key, since: Timestamp::now() });
    }

    pub(crate) fn forget(&self, attempt: &AttemptId) -> Option<Opener> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).remove(attempt)
    }
}

impl Site {
    /// The address to register at providers.
    pub(crate) fn callback(&self) -> String {
        format!("http://localhost:{}{CALLBACK}", self.port)
    }
}

/// Pizzly numbers what it stores. Here names are the identity; the number is made from the name, so that it stays.
/// Range: 0 to 2^48 - 1, which JavaScript keeps exactly.
fn number_of(name: &str) -> u64 {
    let digest = Sha256::digest(name.as_bytes());
    digest.iter().take(6).fold(0, |number, byte| number << 8 | u64::from(*byte))
}

/// As JavaScript writes instants: ISO 8601 in UTC with milliseconds.
fn instant(at: Timestamp) -> String {
    format!("{at:.3}")
}

/// The parameters of a query, in order. A query is no form: what cannot be read is left out.
fn pairs(query: Option<&str>) -> Vec<(String, String)> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).into_owned().collect()
}

fn first(pairs: &[(String, String)], name: &str) -> Option<String> {
    pairs.iter().find(|(one, value)| one == name && !value.is_empty()).map(|(_, value)| value.clone())
}

#[cfg(test)]
mod tests {
    use super::{MOST_OPENERS, Openers, instant, number_of};
    use connections::{AttemptId, ConnectionKey};

    #[test]
    fn numbers_stay_and_fit_into_javascript() {
        assert_eq!(number_of("github"), number_of("github"));
        assert_ne!(number_of("github"), number_of("gitlab"));
        assert!(number_of("github") < 1 << 48);
    }

    #[test]
    fn instants_have_milliseconds() {
        let at = "2022-11-25T15:55:07Z".parse().unwrap();
        assert_eq!(instant(at), "2022-11-25T15:55:07.000Z");
    }

    #[test]
    fn pages_that_wait_are_bounded_and_each_is_told_once() {
        let openers = Openers::default();
        let id = |number: usize| AttemptId::from_random(u128::try_from(number).unwrap().to_be_bytes());
        for number in 0..=MOST_OPENERS {
            openers.remember(id(number), None, ConnectionKey::parse("a", "b").unwrap());
        }
        assert!(openers.forget(&id(0)).is_none(), "the oldest made room");
        assert!(openers.forget(&id(MOST_OPENERS)).is_some());
        assert!(openers.forget(&id(MOST_OPENERS)).is_none());
    }
}
