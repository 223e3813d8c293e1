//! Grants that were asked for lately, so that handing out a token that is fresh costs no look into the file.
//!
//! Invariants
//! - What is told from here is what is on disk: a commit changes it after it has returned, and before whoever committed
//!   is answered. A look into the file that was overtaken by a commit is not kept.
//! - It lies in memory that is wiped, and only in this.

use connections::id::ConnectionKey;
use connections::ports::{Change, Grant};
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Grants that are kept at most: as many as programs ask for in turn, and a few megabytes.
const MOST: usize = 4096;

/// The grants that are kept.
#[derive(Default)]
pub(super) struct Grants(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    by_key: HashMap<ConnectionKey, Place>,
    looks: u64,
}

enum Place {
    /// Somebody looks into the file; of several, the one who began last may keep what was found.
    Looking(u64),
    Known(Arc<Grant>),
}

/// A look into the file.
pub(super) struct Look(u64);

/// What a commit does to the grant of a connection.
pub(super) enum Becomes {
    Known(Arc<Grant>),
    Unknown,
}

impl Grants {
    /// The grant, if it is kept.
    pub(super) fn get(&self, key: &ConnectionKey) -> Option<Arc<Grant>> {
        match self.kept().by_key.get(key)? {
            Place::Known(grant) => Some(Arc::clone(grant)),
            Place::Looking(_) => None,
        }
    }

    /// Before the file is looked into.
    pub(super) fn look(&self, key: &ConnectionKey) -> Look {
        let mut kept = self.kept();
        kept.looks += 1;
        let look = kept.looks;
        if kept.by_key.len() >= MOST && !kept.by_key.contains_key(key) {
            // Whichever comes first: none is of more use than another as far as anybody knows.
            let some = kept.by_key.keys().next().cloned();
            some.map(|some| kept.by_key.remove(&some));
        }
        kept.by_key.insert(key.clone(), Place::Looking(look));
        Look(look)
    }

    /// What was found there. Not kept when the grant has changed since the look began.
    pub(super) fn found(&self, key: &ConnectionKey, look: &Look, grant: Option<&Arc<Grant>>) {
        let mut kept = self.kept();
        let Entry::Occupied(mut place) = kept.by_key.entry(key.clone()) else { return };
        if !matches!(place.get(), Place::Looking(last) if *last == look.0) {
            return;
        }
        match grant {
            Some(grant) => drop(place.insert(Place::Known(Arc::clone(grant)))),
            None => drop(place.remove()),
        }
    }

    /// What a commit has done, once it is on disk; nobody has been told yet.
    pub(super) fn committed(&self, changes: Vec<(ConnectionKey, Becomes)>) {
        let mut kept = self.kept();
        for (key, becomes) in changes {
            match becomes {
                // Only where somebody asks: most renewals are of connections that nobody asks for.
                Becomes::Known(grant) => {
                    if let Entry::Occupied(mut place) = kept.by_key.entry(key) {
                        place.insert(Place::Known(grant));
                    }
                }
                Becomes::Unknown => drop(kept.by_key.remove(&key)),
            }
        }
    }

    /// Keeps nothing of what it has.
    pub(super) fn forget(&self) {
        self.kept().by_key.clear();
    }

    fn kept(&self) -> MutexGuard<'_, Kept> {
        // A panic while the lock was held cannot leave half a change: each change is one assignment.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The connections whose grants these changes touch.
pub(super) fn touched(changes: &[Change]) -> Vec<(ConnectionKey, Becomes)> {
    let touched = changes.iter().filter_map(|change| match change {
        Change::PutGrant(key, grant) => Some((key.clone(), Becomes::Known(Arc::clone(grant)))),
        Change::EraseGrant(key) | Change::DeleteConnection(key) => Some((key.clone(), Becomes::Unknown)),
        _ => None,
    });
    touched.collect()
}

/// The same, where nobody knows what became of them.
pub(super) fn in_doubt(touched: Vec<(ConnectionKey, Becomes)>) -> Vec<(ConnectionKey, Becomes)> {
    touched.into_iter().map(|(key, _)| (key, Becomes::Unknown)).collect()
}

#[cfg(test)]
mod tests {
    use super::{Becomes, Grants, MOST, in_doubt, touched};
    use connections::id::ConnectionKey;
    use connections::ports::{Change, Grant};
    use connections::raw_answer::RawAnswer;
    use secret::SecretString;
    use std::sync::Arc;

    fn key(id: usize) -> ConnectionKey {
        ConnectionKey::parse("bank", &format!("holder-{id}")).unwrap()
    }

    fn grant(token: &str) -> Arc<Grant> {
        Arc::new(Grant {
            access_token: SecretString::from(token),
            refresh_token: None,
            raw: RawAnswer::from("{}"),
            extras: std::collections::BTreeMap::new(),
            scopes: Vec::new(),
            obtained_at: jiff::Timestamp::UNIX_EPOCH,
            expires_at: None,
            refresh_expires_at: None,
        })
    }

    fn has(grants: &Grants, token: &str) -> bool {
        grants.get(&key(0)).is_some_and(|one| one.access_token.matches(token))
    }

    fn with(token: &str) -> Grants {
        let grants = Grants::default();
        let look = grants.look(&key(0));
        grants.found(&key(0), &look, Some(&grant(token)));
        assert!(has(&grants, token));
        grants
    }

    #[test]
    fn what_was_found_is_kept_until_a_commit_changes_it() {
        let grants = with("one");
        grants.committed(touched(&[Change::PutGrant(key(0), grant("two"))]));
        assert!(has(&grants, "two"));
        for change in [Change::EraseGrant(key(0)), Change::DeleteConnection(key(0))] {
            let grants = with("one");
            grants.committed(touched(&[change]));
            assert!(grants.get(&key(0)).is_none());
        }
        let grants = with("one");
        grants.committed(in_doubt(touched(&[Change::PutGrant(key(0), grant("two"))])));
        assert!(
            grants.get(&key(0)).is_none(),
            "whether it is the old one or the new one is asked of the file"
        );
    }

    #[test]
    fn a_look_that_was_overtaken_by_a_commit_brings_nothing_old_back() {
        for (becomes, told) in [(Becomes::Known(grant("new")), Some("new")), (Becomes::Unknown, None)] {
            let grants = Grants::default();
            let look = grants.look(&key(0));
            grants.committed(vec![(key(0), becomes)]);
            grants.found(&key(0), &look, Some(&grant("old")));
            assert_eq!(told.is_some_and(|token| has(&grants, token)), told.is_some());
            assert!(!has(&grants, "old"));
        }
        let grants = Grants::default();
        let (early, late) = (grants.look(&key(0)), grants.look(&key(0)));
        grants.found(&key(0), &early, Some(&grant("old")));
        assert!(!has(&grants, "old"), "somebody began to look later, who may see more");
        grants.found(&key(0), &late, Some(&grant("new")));
        assert!(has(&grants, "new"));
    }

    #[test]
    fn nothing_is_kept_that_is_not_there_or_was_forgotten() {
        let grants = with("one");
        let look = grants.look(&key(0));
        grants.forget();
        grants.found(&key(0), &look, Some(&grant("one")));
        assert!(grants.get(&key(0)).is_none(), "forgotten while somebody looked");
        let look = grants.look(&key(0));
        grants.found(&key(0), &look, None);
        grants.committed(touched(&[Change::PutGrant(key(0), grant("two"))]));
        assert!(grants.get(&key(0)).is_none(), "nobody has asked for it");
    }

    #[test]
    fn no_more_is_kept_than_is_allowed() {
        let grants = Grants::default();
        for id in 0..MOST + 10 {
            let look = grants.look(&key(id));
            grants.found(&key(id), &look, Some(&grant("one")));
        }
        assert_eq!(grants.kept().by_key.len(), MOST);
    }
}
