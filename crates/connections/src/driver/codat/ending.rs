//! How approvals of data connections end: by Codat's word, by the person, by time.

use crate::activity::ActivityKind;
use crate::attempt::ATTEMPT_LIFE;
use crate::driver::Connections;
use crate::error::{CoreError, ErrorCode, wire_name};
use crate::id::{AttemptId, ConnectionKey};
use crate::step::{Event, add};
use crate::view::AttemptPhase;
use codat::ErrorArgs;

impl Connections {
    /// What the connection as it was just seen means for its approvals.
    pub(super) async fn settle_links(&self, key: &ConnectionKey) {
        let outcomes: Vec<_> = {
            let state = self.state();
            let Some(seen) = state.codat.seen.get(key) else { return };
            let standing = codat::standing(seen);
            let open = state.codat.attempts.values().filter(|one| one.is_open() && one.key == *key);
            // Until the page was shown, how the connection stands is no outcome of it.
            open.filter(|one| one.address.is_some())
                .map(|one| (one.id.clone(), codat::attempt_outcome(&standing, one.known_error, one.claim)))
                .collect()
        };
        for (id, outcome) in outcomes {
            self.settle_link(&id, outcome).await;
        }
    }

    async fn settle_link(&self, id: &AttemptId, outcome: codat::AttemptOutcome) {
        use codat::AttemptOutcome as Outcome;
        let new = |code| CoreError::new(code).with("provider", "Codat");
        self.tell_failed_link(id, &outcome);
        let ended = match outcome {
            Outcome::Linked => self.end_link_attempt(id, AttemptPhase::Succeeded, None).await,
            Outcome::Cancelled => {
                self.end_link_attempt(id, AttemptPhase::Cancelled, Some(new(ErrorCode::AccessDenied))).await
            }
            Outcome::NotSupported => {
                let error = Some(new(ErrorCode::PlatformNotSupported));
                self.end_link_attempt(id, AttemptPhase::Failed, error).await
            }
            Outcome::Failed(reason) => {
                let mut error = new(ErrorCode::ProviderTrouble);
                if let Some(message) = reason.and_then(|one| one.message.or(one.status_text)) {
                    error = error.detail(message);
                }
                self.end_link_attempt(id, AttemptPhase::Failed, Some(error)).await
            }
            Outcome::NothingDone => {
                // Whatever the person had there is linked already; this one waits as before.
                self.end_link_attempt(id, AttemptPhase::Failed, Some(new(ErrorCode::NotApproved))).await
            }
            Outcome::Waiting => Ok(()),
        };
        if let Err(error) = ended {
            tracing::warn!(%error, "how an approval ended could not be written down");
        }
    }

    /// An approval that failed, in the component's words. Who stopped knows it.
    fn tell_failed_link(&self, id: &AttemptId, outcome: &codat::AttemptOutcome) {
        use codat::AttemptOutcome as Outcome;
        let (message, code) = match outcome {
            Outcome::NotSupported => ("the platform is not supported".to_owned(), Some(501)),
            Outcome::Failed(reason) => {
                let said =
                    reason.as_ref().and_then(|one| one.message.clone().or_else(|| one.status_text.clone()));
                let code = reason.as_ref().and_then(|one| one.status_code.as_deref()?.parse().ok());
                (said.unwrap_or_else(|| "the platform was not connected".to_owned()), code)
            }
            Outcome::NothingDone => ("nothing was connected".to_owned(), Some(201)),
            Outcome::Linked | Outcome::Cancelled | Outcome::Waiting => return,
        };
        let args = ErrorArgs {
            correlation_id: None,
            message: Some(message),
            error_code: code,
            user_recoverable: true,
        };
        self.announce_happened(self.codat_attempt(id), super::on_error(args));
    }

    /// Ends an approval as far as somebody watches it.
    pub(in crate::driver) async fn end_link_attempt(
        &self,
        id: &AttemptId,
        phase: AttemptPhase,
        error: Option<CoreError>,
    ) -> Result<(), CoreError> {
        let (key, code) = {
            let mut state = self.state();
            let attempt = state.codat.attempts.get_mut(id).filter(|one| one.is_open());
            let attempt = attempt.ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
            attempt.phase = phase;
            let code = error.as_ref().map(|error| error.code);
            attempt.error = error.map(Into::into);
            let key = attempt.key.clone();
            state.listeners.remove(id);
            (key, code)
        };
        self.user_agent_close(id).await;
        self.announce_attempt(id);
        let kind = match phase {
            AttemptPhase::Cancelled => ActivityKind::AuthorizationCancelled,
            AttemptPhase::Failed | AttemptPhase::Expired => ActivityKind::AuthorizationFailed,
            _ => return Ok(()),
        };
        // Who forwarded the link may have let the page expire: that one is still waited for.
        if phase != AttemptPhase::Expired && self.is_data(&key) {
            self.apply(&key, Event::ApprovalOver, |_| Vec::new()).await?;
        }
        let code = if phase == AttemptPhase::Expired { Some(ErrorCode::AttemptOver) } else { code };
        let params: Vec<_> = code.iter().map(|code| ("code", wire_name(code))).collect();
        let line = self.codat_line(&key, kind, &params)?;
        self.write(Vec::new(), vec![line]).await
    }

    /// Ends whatever waits for this connection.
    pub(super) async fn end_link_attempts(&self, key: &ConnectionKey, code: Option<ErrorCode>) {
        let now = self.now();
        let open: Vec<AttemptId> = {
            let mut state = self.state();
            state.codat.attempts.retain(|_, one| one.is_open() || add(one.expires_at, ATTEMPT_LIFE) > now);
            let of_it = state.codat.attempts.values().filter(|one| one.is_open() && one.key == *key);
            of_it.map(|one| one.id.clone()).collect()
        };
        for id in open {
            let error = code.map(CoreError::new);
            if let Err(error) = self.end_link_attempt(&id, AttemptPhase::Cancelled, error).await {
                tracing::warn!(%error, "an approval could not be ended");
            }
        }
    }
}
