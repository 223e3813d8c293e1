//! The desktop around the window: what needs the person, the tray, notices, starting with the session, our links.

mod links;
mod watch;

pub(crate) use links::LinkProbe;
pub use links::{links_repair, links_test};
pub use watch::attend;

use crate::Host;
use crate::dto::{CloseAnswer, DeskState, LoginChoice};
use attention::closing::{Closing, on_close};
use attention::item::{attention, put_off};
use attention::{AttentionView, WaitingProgram};
use broker::view::QuestionView;
use connections::Connections;
use connections::error::{CoreError, ErrorCode};
use connections::id::ConnectionKey;
use connections::view::Failure;
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// What needs the person.
pub async fn attention_list(host: &Host, _request: ()) -> Result<AttentionView, Failure> {
    Ok(list(&host.connections()?, &waiting(host)))
}

/// Puts off what a connection needs, until tomorrow morning.
pub async fn attention_later(host: &Host, key: ConnectionKey) -> Result<AttentionView, Failure> {
    let core = host.connections()?;
    later(&core, &key).await?;
    Ok(list(&core, &waiting(host)))
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

fn list(core: &Connections, programs: &[WaitingProgram]) -> AttentionView {
    attention(&core.attended(), programs, Timestamp::now())
}

/// Programs whose questions wait, each once, with the first of its questions to lapse; none while the vault is closed.
fn waiting(host: &Host) -> Vec<WaitingProgram> {
    let questions = host.runtime.callers().map(|callers| callers.pending()).unwrap_or_default();
    once_each(&questions)
}

fn once_each(questions: &[QuestionView]) -> Vec<WaitingProgram> {
    let mut programs: Vec<WaitingProgram> = Vec::new();
    for one in questions {
        let id = one.caller.to_string();
        match programs.iter_mut().find(|known| known.id == id) {
            Some(known) => known.until = known.until.min(Some(one.until)),
            None => programs.push(WaitingProgram { id, name: one.name.clone(), until: Some(one.until) }),
        }
    }
    programs
}

async fn later(core: &Connections, key: &ConnectionKey) -> Result<(), CoreError> {
    let view = core.connection(key)?;
    let put_off = put_off(&view, Timestamp::now(), &TimeZone::system());
    core.remember_attention(key, |memory| memory.later = put_off.or(memory.later.take())).await
}

#[cfg(test)]
mod tests {
    use super::once_each;
    use broker::caller::{Access, CallerId, Channel};
    use broker::view::QuestionView;
    use jiff::Timestamp;

    fn question(number: u64, caller: &str, until: i64) -> QuestionView {
        QuestionView {
            question: number,
            caller: CallerId::new(caller),
            name: caller.rsplit('/').next().unwrap_or_default().to_owned(),
            channel: Channel::Socket,
            executable: None,
            pid: None,
            through_cli: false,
            access: Access::Token,
            connection: None,
            ends: false,
            asked_at: Timestamp::UNIX_EPOCH,
            until: Timestamp::from_second(until).unwrap(),
            waiting: 1,
        }
    }

    #[test]
    fn a_program_that_asks_twice_waits_once_until_the_first_of_its_questions_lapses() {
        let asked = [
            question(1, "program:/bin/books", 120),
            question(2, "program:/bin/ledger", 60),
            question(3, "program:/bin/books", 90),
        ];
        let waiting = once_each(&asked);
        let told: Vec<_> =
            waiting.iter().map(|one| (one.name.as_str(), one.until.unwrap().as_second())).collect();
        assert_eq!(told, [("books", 90), ("ledger", 60)]);
        assert!(once_each(&[]).is_empty());
    }
}
