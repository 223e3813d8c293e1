//! What the person decides without being asked: who may, who may no more.

use super::{Callers, GateEvent};
use crate::caller::{Access, Caller, CallerId};
use crate::permission::Permission;
use crate::ports::KnownCaller;
use crate::view::CallerView;
use connections::ConnectionKey;
use connections::error::{CoreError, ErrorCode};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Allows a caller something, or forbids it, before it asks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Allowance {
    /// Who: `program:` and the path of an executable, `http:` and the same or `unknown`, `web:` and an origin.
    pub caller: CallerId,
    /// What.
    pub access: Vec<Access>,
    /// Of which connection; none is all.
    pub connection: Option<ConnectionKey>,
    /// Whether it may, or may never.
    pub allowed: bool,
}

/// Takes decisions back. What is left out is not looked at, so that a caller alone is forgotten whole.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct Withdrawal {
    /// About whom.
    pub caller: CallerId,
    /// Only those about this.
    #[serde(default)]
    pub access: Option<Access>,
    /// Only those about this connection.
    #[serde(default)]
    pub connection: Option<ConnectionKey>,
    /// Only those about all connections: what was decided about one of them stays.
    #[serde(default)]
    pub general: bool,
}

impl Withdrawal {
    fn concerns(&self, one: &Permission) -> bool {
        self.access.is_none_or(|access| one.access == access)
            && self.connection.as_ref().is_none_or(|key| one.connection.as_ref() == Some(key))
            && (!self.general || one.connection.is_none())
    }
}

impl Callers {
    /// Whether a refusal would be taken back.
    pub(crate) fn frees(&self, withdrawal: &Withdrawal) -> bool {
        let state = self.state();
        let known = state.known.get(&withdrawal.caller);
        known
            .is_some_and(|known| known.permissions.iter().any(|one| !one.allowed && withdrawal.concerns(one)))
    }

    /// All callers that have asked or were decided about, the one that asked last first.
    pub fn list(&self) -> Vec<CallerView> {
        let mut all: Vec<CallerView> = self.state().known.values().map(CallerView::of).collect();
        all.sort_by(|one, other| (other.last_asked_at, &one.name).cmp(&(one.last_asked_at, &other.name)));
        all
    }

    /// Decides about a caller before it asks.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] for what is no caller, or for nothing to decide; the store's failure.
    pub async fn allow(&self, allowance: Allowance) -> Result<CallerView, CoreError> {
        let bad = |field: &str, problem: &str| {
            CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", problem)
        };
        let caller = Caller::from_id(&allowance.caller).ok_or_else(|| bad("caller", "unknown"))?;
        if allowance.access.is_empty() {
            return Err(bad("access", "empty"));
        }
        let since = self.now();
        let permission = |access: &Access| Permission {
            access: *access,
            connection: allowance.connection.clone(),
            allowed: allowance.allowed,
            until_locked: false,
            since,
        };
        self.decide(&caller, allowance.access.iter().map(permission).collect()).await?;
        self.find(&caller.id)
    }

    /// Takes decisions back, or forgets a caller.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] when nothing is known about the caller; the store's failure, and then nothing changed.
    pub async fn revoke(&self, withdrawal: &Withdrawal) -> Result<(), CoreError> {
        let _turn = self.inner.writes.lock().await;
        let before = self.known(&withdrawal.caller)?;
        let whole = withdrawal.access.is_none() && withdrawal.connection.is_none() && !withdrawal.general;
        let left = |keep: fn(&Permission) -> bool| {
            let mut left = before.clone();
            left.permissions.retain(|one| keep(one) || !withdrawal.concerns(one));
            left
        };
        // What was allowed is over at once, also while the disk is waited for; what was refused is not.
        self.keep_decisions(left(|one| !one.allowed));
        let after = left(|_| false);
        let store = &self.inner.ports.store;
        let stored = if whole {
            store.delete_callers(vec![withdrawal.caller.clone()]).await
        } else {
            store.put_callers(vec![written(&after)]).await
        };
        if let Err(error) = stored {
            self.keep_decisions(before);
            return Err(error.into());
        }
        if whole {
            self.state().known.remove(&withdrawal.caller);
        } else {
            self.keep_decisions(after);
        }
        self.state().questions.speak_again(&withdrawal.caller);
        self.tell(GateEvent::CallersChanged);
        Ok(())
    }

    /// Stores decisions, each in place of what was decided about the same before.
    pub(super) async fn decide(&self, caller: &Caller, new: Vec<Permission>) -> Result<(), CoreError> {
        let _turn = self.inner.writes.lock().await;
        let since = self.now();
        let known = self.state().known.get(&caller.id).cloned();
        let mut known = known.unwrap_or_else(|| KnownCaller::new(caller, since));
        for permission in new {
            known
                .permissions
                .retain(|one| (one.access, &one.connection) != (permission.access, &permission.connection));
            known.permissions.push(permission);
        }
        self.inner.ports.store.put_callers(vec![written(&known)]).await?;
        self.keep_decisions(known);
        self.state().questions.speak_again(&caller.id);
        self.tell(GateEvent::CallersChanged);
        Ok(())
    }

    /// Takes over the decisions alone: what was counted while they were written stays counted.
    fn keep_decisions(&self, decided: KnownCaller) {
        let mut state = self.state();
        match state.known.get_mut(&decided.caller.id) {
            Some(known) => known.permissions = decided.permissions,
            None => drop(state.known.insert(decided.caller.id.clone(), decided)),
        }
    }

    fn known(&self, id: &CallerId) -> Result<KnownCaller, CoreError> {
        self.state().known.get(id).cloned().ok_or_else(|| {
            CoreError::new(ErrorCode::BadInput).with("field", "caller").with("problem", "unknown")
        })
    }

    fn find(&self, id: &CallerId) -> Result<CallerView, CoreError> {
        self.known(id).map(|known| CallerView::of(&known))
    }
}

/// What is written of a caller: nothing that ends with the vault's next lock.
pub(super) fn written(known: &KnownCaller) -> KnownCaller {
    let mut written = known.clone();
    written.permissions.retain(|one| !one.until_locked);
    written
}
