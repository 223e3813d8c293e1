//! Calls that may hang, made on a thread of their own and waited for with a bound.
//!
//! A hanging call cannot be ended from outside: its thread stays until the system answers. Its result is then dropped,
//! and wiped if it is a secret.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use vault::KeychainError;

/// Whose turn it is. Clones share it.
pub(super) type Turn = Arc<Mutex<()>>;

/// Runs `work` on its own thread and waits, at most for `wait`, the time until its turn comes included.
///
/// Work whose caller has given up is not begun any more; work that was begun is not undone.
///
/// # Errors
/// `Timeout` after `wait`; whatever `work` says before.
pub(super) fn run<T: Send + 'static>(
    wait: Duration,
    turn: Option<&Turn>,
    work: impl FnOnce() -> Result<T, KeychainError> + Send + 'static,
) -> Result<T, KeychainError> {
    let (answer, answered) = mpsc::sync_channel(1);
    let given_up = Arc::new(AtomicBool::new(false));
    let (turn, seen) = (turn.cloned(), Arc::clone(&given_up));
    let begun = std::thread::Builder::new().name("keychain".to_owned()).spawn(move || {
        let _turn = turn.as_ref().map(|turn| turn.lock().unwrap_or_else(PoisonError::into_inner));
        if !seen.load(Ordering::SeqCst) {
            // Nobody listens after a timeout.
            let _ = answer.send(work());
        }
    });
    if let Err(error) = begun {
        return Err(KeychainError::Other(format!("no thread to ask it from: {}", error.kind())));
    }
    answered.recv_timeout(wait).unwrap_or_else(|error| {
        given_up.store(true, Ordering::SeqCst);
        Err(match error {
            RecvTimeoutError::Timeout => KeychainError::Timeout,
            RecvTimeoutError::Disconnected => KeychainError::Other("its thread ended early".to_owned()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::{Turn, run};
    use std::sync::mpsc;
    use std::time::Duration;
    use vault::KeychainError;

    const LONG: Duration = Duration::from_secs(60);
    const SHORT: Duration = Duration::from_millis(20);

    #[test]
    fn answers_what_the_work_answers() {
        assert_eq!(run(LONG, None, || Ok(7)), Ok(7));
        assert_eq!(run::<()>(LONG, None, || Err(KeychainError::Denied)), Err(KeychainError::Denied));
    }

    #[test]
    fn work_that_panics_is_an_error_and_not_a_hang() {
        let outcome = run::<()>(LONG, None, || panic!("inside the keychain"));
        assert!(matches!(outcome, Err(KeychainError::Other(_))), "{outcome:?}");
    }

    #[test]
    fn hanging_work_times_out_and_what_waits_behind_it_is_never_begun() {
        let turn = Turn::default();
        let (let_go, held) = mpsc::channel::<()>();
        let (begun, saw_begin) = mpsc::channel::<()>();
        let hung = run(SHORT, Some(&turn), move || {
            let _ = held.recv();
            Ok(())
        });
        assert_eq!(hung, Err(KeychainError::Timeout));
        let behind = run(SHORT, Some(&turn), move || {
            let _ = begun.send(());
            Ok(())
        });
        assert_eq!(behind, Err(KeychainError::Timeout));
        drop(let_go);
        assert_eq!(
            run(LONG, Some(&turn), || Ok(())),
            Ok(()),
            "the turn comes free when the hanging call ends"
        );
        assert!(saw_begin.recv().is_err(), "its caller had been told that it did not happen");
    }

    #[test]
    fn a_probe_does_not_wait_for_its_turn() {
        let turn = Turn::default();
        let _held = turn.lock().unwrap();
        assert_eq!(run(LONG, None, || Ok(1)), Ok(1));
    }
}
