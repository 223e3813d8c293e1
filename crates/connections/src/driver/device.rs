//! Approving on another device (RFC 8628): codes are fetched, shown, and asked about until the person has decided.
//!
//! Invariants
//! - The device code never leaves Rust; it is stored with the attempt, which survives a restart.
//! - The server's pause is kept, and grows when it asks for that or does not answer.

use super::begin::Beginning;
use super::{Connections, Inner, authorize::waiting, endpoints, refresh::config_of};
use crate::attempt::{Attempt, DeviceCodes};
use crate::error::{CoreError, ErrorCode};
use crate::id::AttemptId;
use crate::ports::{HttpError, Opening, PageEnd};
use crate::view::{AttemptPhase, AttemptView, Surface};
use jiff::SignedDuration;
use oauth::{DeviceAuthorization, DevicePoll};
use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

/// By how much the pause grows when the server asks for it (RFC 8628 §3.5).
const SLOWER: SignedDuration = SignedDuration::from_secs(5);
/// Longest pause while the server does not answer; the codes live for minutes.
const LONGEST_PAUSE: SignedDuration = SignedDuration::from_secs(60);

/// What to do after a question.
enum Next {
    /// Ask again, after a pause that was changed so.
    Ask(fn(SignedDuration) -> SignedDuration),
    /// It is over.
    Over,
}

impl Connections {
    pub(super) async fn begin_device(
        &self,
        id: AttemptId,
        beginning: Beginning,
        surfaces: Vec<Surface>,
    ) -> Result<AttemptView, CoreError> {
        let now = self.now();
        let provider = beginning.config.provider().clone();
        let metadata = endpoints::metadata_of(&provider, &beginning.parameters)?;
        let endpoint = provider
            .device_authorization_endpoint(&beginning.parameters)
            .map_err(|_| CoreError::new(ErrorCode::SurfaceUnavailable))?;
        let client = self.registration(&beginning.config).await?;
        let request = oauth::device_authorization_request(
            &endpoint,
            &client,
            &beginning.config.scopes,
            provider.scope_separator.as_str(),
        );
        let request = request
            .and_then(|request| endpoints::dressed(&provider, request))
            .map_err(|error| CoreError::new(ErrorCode::ClientRefused).detail(error))?;
        let answer = self.inner.ports.http.send(request).await.map_err(super::exchange::unanswered)?;
        let given = oauth::judge_device_authorization(&answer, now).map_err(|error| {
            let code = match &error {
                one if one.is_about_the_client() => ErrorCode::ClientRefused,
                oauth::DeviceError::Status(status) if *status == 429 || *status >= 500 => {
                    ErrorCode::ProviderTrouble
                }
                _ => ErrorCode::ProviderAnswer,
            };
            CoreError::new(code).with("provider", provider.name.clone()).detail(error)
        })?;
        self.replace_attempts_for(&beginning.key).await;
        let expires_at = given.expires_at;
        let attempt = Attempt {
            id: id.clone(),
            reconnect: beginning.reconnects(),
            key: beginning.key.clone(),
            provider,
            metadata,
            client_id: beginning.config.client_id.clone(),
            redirect_uri: String::new(),
            secrets: self.attempt_secrets(),
            scopes: beginning.config.scopes.clone(),
            parameters: beginning.parameters.clone(),
            surface: Surface::Device,
            surfaces,
            device: Some(codes(given)),
            started_at: now,
            expires_at,
        };
        let address = super::begin::address_of(&attempt, None)?;
        let view = self.wait_for(attempt, address, beginning.pending(now)).await?;
        self.ask_for_device(id);
        Ok(view)
    }

    /// Asks about the codes of an attempt until they are decided or over.
    pub(super) fn ask_for_device(&self, id: AttemptId) {
        let core = Arc::downgrade(&self.inner);
        self.spawn(async move {
            while let Some((clock, pause)) = pause_of(&core, &id) {
                clock.sleep(pause).await;
                // While it sleeps it must not keep the core alive.
                let Some(inner) = core.upgrade() else { return };
                let core = Self { inner };
                match Box::pin(core.ask_once(&id)).await {
                    Next::Ask(change) => core.change_pause(&id, change),
                    Next::Over => return,
                }
            }
        });
    }

    /// Opens the page for the code on this computer; the code stays what is waited for.
    pub(super) async fn open_device_page(
        &self,
        id: &AttemptId,
        surface: Surface,
    ) -> Result<AttemptView, CoreError> {
        let opening = {
            let mut state = self.state();
            let progress = waiting(state.attempts.get_mut(id))?;
            progress.hint = None;
            Opening {
                attempt: id.clone(),
                surface,
                address: progress.address.clone(),
                end: PageEnd::Elsewhere,
                provider_name: progress.attempt.provider.name.clone(),
            }
        };
        let opened = self.inner.ports.user_agent.open(opening).await;
        opened.map_err(|error| CoreError::new(ErrorCode::SurfaceUnavailable).detail(error))?;
        self.attempt(id)
    }

    fn change_pause(&self, id: &AttemptId, change: fn(SignedDuration) -> SignedDuration) {
        let mut state = self.state();
        let codes = state.attempts.get_mut(id).and_then(|one| one.attempt.device.as_mut());
        if let Some(codes) = codes {
            codes.interval = change(codes.interval);
        }
    }

    async fn ask_once(&self, id: &AttemptId) -> Next {
        let attempt = {
            let state = self.state();
            state.attempts.get(id).filter(|one| one.is_waiting()).map(|one| one.attempt.stored_copy())
        };
        let Some(attempt) = attempt else { return Next::Over };
        if attempt.expires_at <= self.now() {
            return self.over(id, AttemptPhase::Expired, None).await;
        }
        match self.poll(&attempt).await {
            Ok(DevicePoll::Pending) => Next::Ask(|pause| pause),
            Ok(DevicePoll::SlowDown) => Next::Ask(|pause| pause.saturating_add(SLOWER)),
            Ok(DevicePoll::Trouble(_)) => Next::Ask(doubled),
            Ok(DevicePoll::Refused) => {
                self.over(id, AttemptPhase::Failed, Some(CoreError::new(ErrorCode::AccessDenied))).await
            }
            Ok(DevicePoll::Expired) => self.over(id, AttemptPhase::Expired, None).await,
            Ok(DevicePoll::Failed(error)) => {
                let code = match error.disposition() {
                    oauth::Disposition::Configuration => ErrorCode::ClientRefused,
                    _ => ErrorCode::ProviderAnswer,
                };
                self.over(id, AttemptPhase::Failed, Some(CoreError::new(code).detail(error))).await
            }
            Ok(DevicePoll::Granted(granted)) => {
                self.take_device_grant(id, attempt, *granted).await;
                Next::Over
            }
            Err(error) if error.code == ErrorCode::Offline => Next::Ask(|pause| pause),
            Err(error) if error.code == ErrorCode::ProviderTrouble => Next::Ask(doubled),
            Err(error) => self.over(id, AttemptPhase::Failed, Some(error)).await,
        }
    }

    async fn poll(&self, attempt: &Attempt) -> Result<DevicePoll, CoreError> {
        let codes = attempt.device.as_ref().ok_or_else(|| CoreError::new(ErrorCode::Defect))?;
        let config = config_of(&self.state(), &attempt.key.config_key)?;
        let client = self.registration(&config).await?;
        let request =
            oauth::device_token_request(&attempt.metadata.token_endpoint, &client, &codes.device_code)
                .and_then(|request| endpoints::dressed(&attempt.provider, request))
                .map_err(|error| CoreError::new(ErrorCode::ClientRefused).detail(error))?;
        let sent_at = self.now();
        let answer = self.inner.ports.http.send(request).await.map_err(|error| match error {
            HttpError::AnswerLost | HttpError::Unreadable => CoreError::new(ErrorCode::ProviderTrouble),
            other => super::exchange::unanswered(other),
        })?;
        let shape = attempt.provider.answer_shape();
        Ok(oauth::judge_device_token(&answer, &shape, &attempt.scopes, sent_at))
    }

    /// A grant that came after the person gave up is revoked, not kept.
    async fn take_device_grant(&self, id: &AttemptId, attempt: Attempt, granted: oauth::Grant) {
        let taken = {
            let mut state = self.state();
            waiting(state.attempts.get_mut(id)).map(|progress| progress.phase = AttemptPhase::Exchanging)
        };
        if taken.is_err() {
            let late = super::refresh::grant_from(granted, None, self.now());
            self.revoke_unwanted(&attempt, &late).await;
            return;
        }
        self.inner.ports.user_agent.close(id).await;
        self.announce_attempt(id);
        let linked = self.establish(&attempt, granted, BTreeMap::new(), self.now()).await;
        self.conclude(id, &attempt, linked).await;
    }

    async fn over(&self, id: &AttemptId, phase: AttemptPhase, error: Option<CoreError>) -> Next {
        if let Err(error) = self.end_attempt(id, phase, error).await {
            tracing::warn!(%error, "an attempt that is over could not be closed");
        }
        Next::Over
    }
}

fn doubled(pause: SignedDuration) -> SignedDuration {
    pause.saturating_add(pause).min(LONGEST_PAUSE).max(pause)
}

fn codes(given: DeviceAuthorization) -> DeviceCodes {
    DeviceCodes {
        device_code: given.device_code,
        user_code: given.user_code,
        verification_uri: given.verification_uri,
        verification_uri_complete: given.verification_uri_complete,
        interval: given.interval,
    }
}

/// The clock and the pause before the next question; nothing when the attempt waits no more.
fn pause_of(core: &Weak<Inner>, id: &AttemptId) -> Option<(Arc<dyn crate::ports::Clock>, Duration)> {
    let inner = core.upgrade()?;
    let state = inner.state.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
    let progress = state.attempts.get(id).filter(|one| one.is_waiting())?;
    let pause = Duration::try_from(progress.attempt.device.as_ref()?.interval).ok()?;
    let clock = Arc::clone(&inner.ports.clock);
    Some((clock, pause))
}
