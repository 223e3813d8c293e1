//! The desktop around the window: what needs the person, the tray, notices, starting with the session, our links.

mod links;
mod watch;

pub(crate) use links::LinkProbe;
pub use links::{links_repair, links_test};
pub use watch::attend;

use crate::Host;
use crate::dto::{CloseAnswer, DeskState, LoginChoice};
use attention::AttentionView;
use attention::closing::{Closing, on_close};
use attention::item::{attention, put_off};
use connections::Connections;
use connections::error::{CoreError, ErrorCode};
use connections::id::ConnectionKey;
use connections::view::Failure;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What needs the person.
pub async fn attention_list(host: &Host, _request: ()) -> Result<AttentionView, Failure> {
    Ok(list(&host.connections()?))
}

/// Puts off what a connection needs, until tomorrow morning.
pub async fn attention_later(host: &Host, key: ConnectionKey) -> Result<AttentionView, Failure> {
    let core = host.connections()?;
    later(&core, &key).await?;
    Ok(list(&core))
}

/// What the desktop offers.
pub async fn desk_state(host: &Host, _request: ()) -> Result<DeskState, Failure> {
    let desk = &host.ports.desk;
    Ok(DeskState {
        notices: desk.notices.is_there().await,
        tray: desk.tray.is_there().await,
        tray_shown: desk.tray.is_shown(),
        start_at_login: desk.login.is_on(),
    })
}

/// Starts with the session from now on, or no longer.
pub async fn login_set(host: &Host, request: LoginChoice) -> Result<DeskState, Failure> {
    if !host.ports.desk.login.set(request.on) {
        return Err(CoreError::new(ErrorCode::Storage).into());
    }
    desk_state(host, ()).await
}

/// Carries out what the person answered when they closed the window.
pub async fn window_close(host: &Host, request: CloseAnswer) -> Result<(), Failure> {
    let desk = &host.ports.desk;
    if request.hide && desk.tray.is_shown() {
        desk.window.hide();
    } else {
        desk.window.quit();
    }
    Ok(())
}

impl Host {
    /// What to do about the window that is being closed; `asked` when the question stands unanswered.
    pub fn on_close(&self, asked: bool) -> Closing {
        on_close(self.ports.settings.load().closing, self.ports.desk.tray.is_shown(), asked)
    }
}

fn list(core: &Connections) -> AttentionView {
    // Programs that ask to be let in come with the broker's permissions.
    attention(&core.attended(), &[], Timestamp::now())
}

async fn later(core: &Connections, key: &ConnectionKey) -> Result<(), CoreError> {
    let view = core.connection(key)?;
    let put_off = put_off(&view, Timestamp::now(), &TimeZone::system());
    core.remember_attention(key, |memory| memory.later = put_off.or(memory.later.take())).await
}
