//! Locking: nobody gets to the core from one moment to the next, and the vault closes as soon as that loses nothing.
//!
//! Invariants
//! - From the moment that `lock` returns, window and socket are refused; who waits for an answer is refused as well.
//! - A refresh that was sent is waited for and written, since the provider may have rotated.
//! - Whoever unlocks meanwhile proves the way in, and gets the same core back.

use crate::{Core, Open, Phase, Runtime, WhileLocked, keychain_open_error, open_error};
use connections::Connections;
use connections::error::{CoreError, ErrorCode};
use secret::SecretString;
use std::time::Duration;
use vault::UnlockWith;

/// How often a core that winds up is looked at.
const LOOK_AGAIN: Duration = Duration::from_millis(20);
/// Pause between two tries to write a grant that a full disk has refused.
const SAVE_AGAIN: Duration = Duration::from_secs(5);

impl Runtime {
    /// Locks now. Does nothing when the vault is not open.
    pub fn lock(&self) {
        let Some(connections) = self.keep_behind_the_lock() else { return };
        self.inner.phase.send_replace(Phase::Locked);
        let keep = self.policy().while_locked == WhileLocked::KeepAlive;
        if !keep {
            connections.rest();
        }
        let runtime = self.clone();
        tokio::spawn(async move {
            connections.close_pages().await;
            drop(connections);
            if !keep {
                runtime.wind_up().await;
            }
        });
    }

    /// Waits until the vault is closed, but no longer than `longest`; one that is kept open does not close.
    pub async fn closed(&self, longest: Duration) {
        let closed = async {
            while matches!(*self.core(), Core::Kept(_) | Core::Ending) {
                tokio::time::sleep(LOOK_AGAIN).await;
            }
        };
        // Whichever comes first: a machine that goes to sleep does not wait for a provider.
        let _ = tokio::time::timeout(longest, closed).await;
    }

    /// Shuts everybody out, and leaves the core as it is. Answers it, if there is one.
    fn keep_behind_the_lock(&self) -> Option<Connections> {
        let mut core = self.core();
        let Core::Open(open) = std::mem::replace(&mut *core, Core::Closed) else { return None };
        let connections = open.connections.clone();
        open.callers.forget_until_locked();
        open.http.shut();
        open.store.forget_grants();
        *core = Core::Kept(open);
        self.inner.door.send_replace(broker::Door::Closed(CoreError::new(ErrorCode::Locked)));
        Some(connections)
    }

    /// Drops the core once nothing is lost by it, unless somebody unlocks first.
    async fn wind_up(&self) {
        let mut since_saving = Duration::ZERO;
        let callers = match &*self.core() {
            Core::Kept(open) => open.callers.clone(),
            Core::Open(_) | Core::Ending | Core::Closed => return,
        };
        // Uses that were only counted so far are written down while there is a vault to write them to.
        callers.flush().await;
        drop(callers);
        loop {
            match self.take_if_at_rest() {
                Wound::Down(open) => {
                    open.end().await;
                    *self.core() = Core::Closed;
                    return;
                }
                Wound::NotYet => {}
                Wound::Otherwise => return,
            }
            tokio::time::sleep(LOOK_AGAIN).await;
            since_saving += LOOK_AGAIN;
            if since_saving >= SAVE_AGAIN {
                since_saving = Duration::ZERO;
                let kept = match &*self.core() {
                    Core::Kept(open) => Some(open.connections.clone()),
                    _ => None,
                };
                if let Some(kept) = kept {
                    kept.save_what_waits().await;
                }
            }
        }
    }

    fn take_if_at_rest(&self) -> Wound {
        let mut core = self.core();
        match std::mem::replace(&mut *core, Core::Ending) {
            Core::Kept(open) if open.connections.is_at_rest() => Wound::Down(Box::new(open)),
            Core::Kept(open) => {
                *core = Core::Kept(open);
                Wound::NotYet
            }
            other => {
                *core = other;
                Wound::Otherwise
            }
        }
    }

    /// Closes the core for good, with everybody shut out and the phase as it is: for what needs the vault alone.
    pub(crate) async fn close_core(&self) {
        if let Some(connections) = self.keep_behind_the_lock() {
            connections.rest();
            connections.close_pages().await;
        }
        self.wind_up().await;
    }

    /// Gives a core that is kept behind the lock back to whoever has the way in. Answers whether there is one.
    pub(crate) async fn reopen(&self, passphrase: Option<&SecretString>) -> Result<bool, CoreError> {
        if !matches!(*self.core(), Core::Kept(_)) {
            return Ok(false);
        }
        let (folder, keychain) = (self.folder().to_owned(), self.inner.keychain.clone());
        let passphrase = passphrase.map(SecretString::duplicate);
        let told = if passphrase.is_some() { open_error } else { keychain_open_error };
        let checked = crate::unlock::blocking(move || match &passphrase {
            Some(passphrase) => vault::check(&folder, UnlockWith::Passphrase(passphrase)),
            None => vault::check(&folder, UnlockWith::Keychain(&keychain)),
        });
        checked.await?.map_err(|error| told(&error))?;
        let mut core = self.core();
        match std::mem::replace(&mut *core, Core::Closed) {
            Core::Kept(open) => {
                open.connections.rise();
                self.inner
                    .door
                    .send_replace(broker::Door::Open(open.connections.clone(), open.callers.clone()));
                open.http.open_again();
                *core = Core::Open(open);
                drop(core);
                self.begin_session();
                Ok(true)
            }
            // It has closed meanwhile, and is opened like any other.
            other => {
                *core = other;
                Ok(false)
            }
        }
    }
}

/// What became of a core that is to be dropped.
enum Wound {
    /// Nothing is lost when it goes.
    Down(Box<Open>),
    /// Something is still to be written.
    NotYet,
    /// Somebody unlocked, or it is gone.
    Otherwise,
}
