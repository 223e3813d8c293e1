//! What the person does to a connection through Codat: disconnect, delete, keep, leave.

use super::access::Refusal;
use super::listing::small;
use super::look::ids_of;
use crate::activity::{Activity, ActivityKind};
use crate::codat_config::CodatConfig;
use crate::connection::Status;
use crate::driver::{Connections, RevocationOutcome, line_about, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ports::Change;
use crate::step::Event;
use crate::view::{CodatEvent, CodatView, CoreEvent};
use codat::Mode;

impl Connections {
    /// Disconnects: Codat ends its access and keeps what was read, as Mooring does.
    pub(in crate::driver) async fn disconnect_codat(
        &self,
        key: &ConnectionKey,
    ) -> Result<RevocationOutcome, CoreError> {
        let (config, facts) = self.data_of(key)?;
        self.end_link_attempts(key, None).await;
        match self.connection(key)?.status {
            Status::Linked => {}
            Status::PendingAuth => {
                return Err(CoreError::new(ErrorCode::NotApproved).with("provider", "Codat"));
            }
            // There is no access to end.
            Status::Unlinked | Status::Deauthorized => return Ok(RevocationOutcome::Nothing),
        }
        let (company, id) = ids_of(&facts)?;
        let ended = self.ask_codat(&config, |api| api.unlink(&company, &id), codat::judge_connection).await;
        match ended {
            Ok(seen) => {
                self.state().codat.errors.remove(key);
                self.data_seen(key, seen).await?;
                Ok(RevocationOutcome::Confirmed)
            }
            Err(refusal) if refusal.api().is_some_and(codat::ApiError::is_gone) => {
                self.note_gone(key, &refusal).await?;
                self.announce_codat(key);
                Ok(RevocationOutcome::Confirmed)
            }
            Err(refusal) if refusal.may_be_done() && self.has_ended(key).await? => {
                self.state().codat.errors.remove(key);
                Ok(RevocationOutcome::Confirmed)
            }
            Err(refusal) => Err(self.codat_refused(&config, Some(key), refusal).await),
        }
    }

    /// Whether Codat says that there is no access (any more), after an answer that was lost.
    async fn has_ended(&self, key: &ConnectionKey) -> Result<bool, CoreError> {
        match self.fetch_data_connection(key).await {
            Ok(seen) => self.data_seen(key, seen).await?,
            Err(refusal) => self.note_gone(key, &refusal).await?,
        }
        Ok(self.connection(key)?.status == Status::Unlinked)
    }

    /// Deletes: at Codat where the credentials can, with what it has; here in any case.
    ///
    /// With an access token nothing can be deleted there, so access is ended and the connection goes here alone; lists
    /// then leave it out, until somebody gives access again.
    pub(in crate::driver) async fn delete_codat(
        &self,
        key: &ConnectionKey,
    ) -> Result<RevocationOutcome, CoreError> {
        let (config, facts) = self.data_of(key)?;
        let line = self.codat_line(key, ActivityKind::Deleted, &[])?;
        self.end_link_attempts(key, None).await;
        let outcome = if facts.gone {
            RevocationOutcome::Nothing
        } else if config.mode() == Mode::CompanyToken {
            match self.connection(key)?.status {
                Status::Linked => self.disconnect_codat(key).await?,
                _ => RevocationOutcome::NotOffered,
            }
        } else {
            let (company, id) = ids_of(&facts)?;
            let deleted =
                self.ask_codat(&config, |api| api.delete_connection(&company, &id), codat::judge_done).await;
            match deleted {
                Ok(()) => RevocationOutcome::Confirmed,
                Err(refusal) if refusal.api().is_some_and(codat::ApiError::is_gone) => {
                    RevocationOutcome::Confirmed
                }
                Err(refusal) if refusal.may_be_done() && self.is_gone_there(key).await => {
                    RevocationOutcome::Confirmed
                }
                // Deleting it here alone would leave an access there that nobody sees any more.
                Err(refusal) => return Err(self.codat_refused(&config, Some(key), refusal).await),
            }
        };
        if config.mode() == Mode::CompanyToken && !facts.gone {
            self.change_codat_config(&config.key, |one| {
                one.deleted.insert(small(&facts.id));
            })
            .await?;
        }
        let accounts = self.account_ids(key).await?;
        let changes = vec![Change::DeleteData(key.clone(), accounts), Change::DeleteConnection(key.clone())];
        {
            // Whoever writes next must not find it any more, or it would be back.
            let turn = self.inner.writes.lock().await;
            self.write_in(&turn, changes, vec![line]).await?;
            let mut state = self.state();
            state.connections.remove(key);
            state.codat.forget(key);
            state.codat.deleted.insert((key.config_key.clone(), small(&facts.id)));
        }
        self.forget_book();
        self.announce(CoreEvent::ConnectionRemoved { key: key.clone() });
        Ok(outcome)
    }

    /// Whether Codat has it no more, after an answer that was lost.
    async fn is_gone_there(&self, key: &ConnectionKey) -> bool {
        let asked = self.fetch_data_connection(key).await;
        asked.is_err_and(|refusal| refusal.api().is_some_and(codat::ApiError::is_gone))
    }

    /// The person keeps the organization that a reconnect came back with.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn keep_codat_organization(&self, key: &ConnectionKey) -> Result<CodatView, CoreError> {
        self.data_of(key)?;
        self.apply(key, Event::OrganizationKept, |_| Vec::new()).await?;
        self.announce_codat(key);
        self.codat_view(key)
    }

    /// The person left the screen of a connection.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn close_codat(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        self.data_of(key)?;
        self.state().codat.errors.remove(key);
        let line = self.codat_line(key, ActivityKind::ScreenClosed, &[("event", "onClose".to_owned())])?;
        self.write(Vec::new(), vec![line]).await?;
        self.announce_happened(Some(key.clone()), CodatEvent::OnClose);
        Ok(())
    }

    pub(super) fn codat_line(
        &self,
        key: &ConnectionKey,
        kind: ActivityKind,
        params: &[(&'static str, String)],
    ) -> Result<Activity, CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
        Ok(line_about(connection, self.now(), kind, params))
    }

    /// Tells everybody what was refused, in the component's words, and keeps it with the connection; answers what to tell
    /// the person.
    pub(super) async fn codat_refused(
        &self,
        config: &CodatConfig,
        key: Option<&ConnectionKey>,
        refusal: Refusal,
    ) -> CoreError {
        self.tell_refusal(config, key, &refusal).await;
        let told = refusal.told();
        if let Some(key) = key {
            self.state().codat.errors.insert(key.clone(), told.clone().into());
            self.announce_codat(key);
        }
        told
    }

    /// Tells everybody what was refused, in the component's words. What somebody said about it is written down too.
    pub(super) async fn tell_refusal(
        &self,
        config: &CodatConfig,
        key: Option<&ConnectionKey>,
        refusal: &Refusal,
    ) {
        let Some(args) = refusal.event() else { return };
        if matches!(refusal, Refusal::Api(_) | Refusal::Endpoint(_)) {
            let mut params = vec![("event", "onError".to_owned())];
            params.extend(args.correlation_id.clone().map(|id| ("correlationId", id)));
            params.extend(args.message.clone().map(|message| ("message", message)));
            params.extend(args.error_code.map(|code| ("errorCode", code.to_string())));
            params.push(("userRecoverable", args.user_recoverable.to_string()));
            let line = match key {
                Some(key) => self.codat_line(key, ActivityKind::AggregatorRefused, &params).ok(),
                None => Some(self.line_about_codat(config, ActivityKind::AggregatorRefused, &params)),
            };
            if let Err(error) = self.write(Vec::new(), line.into_iter().collect()).await {
                tracing::warn!(%error, "a refusal could not be written down");
            }
        }
        self.announce_happened(key.cloned(), super::on_error(args));
    }
}
