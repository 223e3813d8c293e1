//! Giving a link up, disconnecting it, deleting it: here, and at Pluggy where the keys allow it.

use crate::activity::ActivityKind;
use crate::driver::{Connections, RevocationOutcome};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ports::Change;
use crate::step::Event;
use crate::view::CoreEvent;

impl Connections {
    /// Gives up a link that was never made; one that was linked before stays as it is. Answers whether Pluggy has
    /// removed the login.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn cancel_link(&self, key: &ConnectionKey) -> Result<RevocationOutcome, CoreError> {
        let (_, _) = self.item_of(key)?;
        self.close_page(key).await;
        let never_linked =
            self.state().connections.get(key).is_some_and(|one| one.first_authorized_at.is_none());
        if !never_linked {
            return Ok(RevocationOutcome::Kept);
        }
        let line = self.line_for(key, ActivityKind::AuthorizationCancelled)?;
        let outcome = self.delete_item(key).await?;
        self.remove_link(key, line).await?;
        Ok(outcome)
    }

    /// Disconnects: nothing is looked at or fetched any more. Pluggy keeps its access until the link is deleted.
    pub(in crate::driver) async fn disconnect_link(
        &self,
        key: &ConnectionKey,
    ) -> Result<RevocationOutcome, CoreError> {
        self.close_page(key).await;
        self.apply(key, Event::Disconnect, |_| Vec::new()).await?;
        Ok(RevocationOutcome::Kept)
    }

    /// Deletes a link here and at Pluggy, where its consent ends with it.
    pub(in crate::driver) async fn delete_link(
        &self,
        key: &ConnectionKey,
    ) -> Result<RevocationOutcome, CoreError> {
        self.close_page(key).await;
        let line = self.line_for(key, ActivityKind::Deleted)?;
        let outcome = self.delete_item(key).await?;
        self.remove_link(key, line).await?;
        Ok(outcome)
    }

    /// Deletes an item at Pluggy. One that cannot be deleted with what is at hand is left there, and the answer says so.
    async fn delete_item(&self, key: &ConnectionKey) -> Result<RevocationOutcome, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let deleted = self
            .ask_pluggy(
                &config,
                Some(&facts.item_id),
                |api, credential| api.delete_item(credential, &facts.item_id),
                pluggy::judge_deletion,
            )
            .await;
        match deleted.map_err(|refusal| refusal.told(config.is_limited())) {
            Ok(()) => Ok(RevocationOutcome::Confirmed),
            Err(error) => match error.code {
                ErrorCode::Gone => Ok(RevocationOutcome::Confirmed),
                ErrorCode::NeedsCompanyKey | ErrorCode::ClientRefused => Ok(RevocationOutcome::NotOffered),
                // Deleting it here alone would leave an access there that nobody sees any more.
                _ => Err(error),
            },
        }
    }

    async fn remove_link(
        &self,
        key: &ConnectionKey,
        line: crate::activity::Activity,
    ) -> Result<(), CoreError> {
        let accounts = self.account_ids(key).await?;
        let changes = vec![Change::DeleteData(key.clone(), accounts), Change::DeleteConnection(key.clone())];
        self.write(changes, vec![line]).await?;
        {
            let mut state = self.state();
            state.connections.remove(key);
            state.pluggy.forget(key);
        }
        self.forget_book();
        self.announce(CoreEvent::ConnectionRemoved { key: key.clone() });
        Ok(())
    }
}
