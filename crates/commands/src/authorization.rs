//! Attempts to authorize, seen from the window.

use crate::Host;
use crate::dto::{AttemptPaste, AttemptRef, AttemptSwitch, AuthorizationBegin, SurfacePreference};
use connections::BeginAuthorization;
use connections::error::{CoreError, ErrorCode};
use connections::id::AttemptId;
use connections::view::{AttemptPhase, AttemptView, CoreEvent, Failure, Surface};
use std::collections::BTreeMap;

/// Begins an attempt: a first one, or a reconnect.
pub async fn authorization_begin(host: &Host, request: AuthorizationBegin) -> Result<AttemptView, Failure> {
    let begin = BeginAuthorization {
        config_key: request.config_key,
        connection_id: request.connection_id,
        surface: request.surface,
        preferred: preferred(host),
        parameters: request.parameters,
        language: Some(host.language()),
    };
    Ok(host.connections()?.begin(begin).await?)
}

/// The attempt that waits, or the one that ended last.
pub async fn authorization_current(host: &Host, _request: ()) -> Result<Option<AttemptView>, Failure> {
    Ok(host.connections()?.current_attempt())
}

/// Moves an attempt to another surface.
pub async fn authorization_switch(host: &Host, request: AttemptSwitch) -> Result<AttemptView, Failure> {
    Ok(host.connections()?.switch_surface(&request.attempt, request.surface).await?)
}

/// Opens the page of an attempt once more, where it was.
pub async fn authorization_reopen(host: &Host, request: AttemptRef) -> Result<AttemptView, Failure> {
    let core = host.connections()?;
    let surface = core.attempt(&request.attempt)?.surface;
    Ok(core.switch_surface(&request.attempt, surface).await?)
}

/// Puts the address of the provider's page on the clipboard. It does not pass through the page that asked.
pub async fn authorization_copy_link(host: &Host, request: AttemptRef) -> Result<(), Failure> {
    if let Some(key) = host.connections()?.codat_attempt(&request.attempt) {
        // Codat's addresses can be good once, so a copy is read anew.
        return crate::codat::codat_copy_link(host, key).await;
    }
    let address = host.connections()?.authorization_address(&request.attempt)?;
    if host.ports.clipboard.put(address.as_str()) {
        Ok(())
    } else {
        Err(CoreError::new(ErrorCode::Defect).detail("the clipboard did not take the link").into())
    }
}

/// Takes the address on which the person landed.
pub async fn authorization_paste(host: &Host, request: AttemptPaste) -> Result<AttemptView, Failure> {
    Ok(host.connections()?.deliver(&request.address.into_secret()).await?)
}

/// Gives an attempt up.
pub async fn authorization_cancel(host: &Host, request: AttemptRef) -> Result<AttemptView, Failure> {
    Ok(host.connections()?.cancel(&request.attempt).await?)
}

/// A button of the bar above a provider's page.
#[derive(Debug, Clone, Copy)]
pub enum PageButton {
    /// Leads to the browser.
    Browser,
    /// Copies the link.
    Copy,
    /// Ends the attempt.
    Cancel,
}

/// Does what a button of the bar says. One that is pressed too late does nothing.
pub async fn page_button(host: &Host, attempt: AttemptId, button: PageButton) {
    let done = match button {
        PageButton::Browser => {
            let request = AttemptSwitch { attempt, surface: Surface::Browser };
            authorization_switch(host, request).await.map(drop)
        }
        PageButton::Copy => authorization_copy_link(host, AttemptRef { attempt }).await,
        PageButton::Cancel => authorization_cancel(host, AttemptRef { attempt }).await.map(drop),
    };
    if let Err(failure) = done {
        tracing::info!(?button, code = ?failure.code, "a button of the bar did nothing");
    }
}

/// Whether the person, who has just approved in the browser, goes on in the window.
pub fn brings_back(event: &CoreEvent) -> bool {
    matches!(event, CoreEvent::AttemptChanged { attempt }
        if attempt.surface == Surface::Browser && attempt.phase == AttemptPhase::Exchanging)
}

/// Starts the practice bank, if need be, and begins to connect it.
pub async fn sandbox_connect(host: &Host, _request: ()) -> Result<AttemptView, Failure> {
    let config_key = host.runtime.practice_bank().await?;
    let begin = BeginAuthorization {
        config_key,
        connection_id: None,
        surface: None,
        preferred: preferred(host),
        parameters: BTreeMap::new(),
        language: Some(host.language()),
    };
    Ok(host.connections()?.begin(begin).await?)
}

/// Removes everything that came from practising.
pub async fn sandbox_remove(host: &Host, _request: ()) -> Result<(), Failure> {
    Ok(host.runtime.remove_practice().await?)
}

pub(crate) fn preferred(host: &Host) -> Option<Surface> {
    match host.ports.settings.load().surface {
        SurfacePreference::Automatic => None,
        SurfacePreference::Embedded => Some(Surface::Embedded),
        SurfacePreference::Browser => Some(Surface::Browser),
    }
}
