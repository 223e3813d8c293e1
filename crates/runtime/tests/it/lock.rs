//! Locking at any moment loses nothing and lets nobody through.

use crate::home::{Home, PASSPHRASE, PATIENCE, key};
use broker::wire::{Operation, Reply};
use connections::attention::Told;
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::ports::Clock as _;
use connections::view::{AttemptPhase, Surface};
use runtime::{IdleSource, Phase, Policy, WhileLocked};
use sandbox::{ExpiresIn, Misbehaviour};
use secret::SecretString;
use std::sync::Arc;
use std::time::Duration;
use vault::{UnlockWith, Vault};

const MINUTE: Duration = Duration::from_secs(60);

fn keep_alive() -> Policy {
    Policy { lock_after: None, with_system: false, while_locked: WhileLocked::KeepAlive }
}

/// Whether another process could open the vault now.
fn is_closed(home: &Home) -> bool {
    let passphrase = SecretString::from(PASSPHRASE);
    Vault::open(home.folder.path(), UnlockWith::Passphrase(&passphrase)).is_ok()
}

/// A connection whose token is over as soon as it is here, so that whoever asks causes a renewal.
async fn linked_with_a_stale_token() -> Home {
    let home = Home::new().await;
    home.bank.misbehave(Misbehaviour::ExpiresIn(ExpiresIn::Zero), Some(1));
    home.link().await;
    home
}

#[tokio::test]
async fn window_and_programs_are_refused_and_the_socket_stays() {
    let home = Home::new().await;
    home.link().await;
    assert!(home.token().await.is_ok());
    home.runtime.lock();
    // From that moment on, whatever is still under way.
    assert_eq!(home.runtime.phase(), Phase::Locked);
    let refused = home.runtime.connections().err().unwrap();
    assert_eq!(refused.code, ErrorCode::Locked);
    assert_eq!(home.token().await.unwrap_err(), ErrorCode::Locked);
    assert_eq!(home.asks(Operation::ConnectionList(None)).await.err(), Some(ErrorCode::Locked));
    let Reply::Status(status) = home.asks(Operation::Status).await.unwrap() else { panic!("no status") };
    assert!(status.locked);

    home.runtime.closed(PATIENCE).await;
    assert!(is_closed(&home), "keys are dropped and the vault is let go");
    let wrong = home.runtime.unlock(Some("not the passphrase".into())).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongPassphrase);
    assert_eq!(home.token().await.unwrap_err(), ErrorCode::Locked);
    home.unlock().await;
    assert!(home.token().await.is_ok());
    let Reply::Status(status) = home.asks(Operation::Status).await.unwrap() else { panic!("no status") };
    assert!(!status.locked);
}

#[tokio::test]
async fn a_vault_whose_records_cannot_be_read_says_so_where_it_is_unlocked() {
    let home = Home::new().await;
    home.runtime.lock();
    home.runtime.closed(PATIENCE).await;
    {
        let passphrase = SecretString::from(PASSPHRASE);
        let vault = Vault::open(home.folder.path(), UnlockWith::Passphrase(&passphrase)).unwrap();
        vault.write(|writer| writer.put("connection", "bank/ana", b"no record")).unwrap();
    }
    let told = home.runtime.unlock(Some(PASSPHRASE.into())).await.unwrap_err();
    assert_eq!(home.runtime.last_unlock_problem().map(|problem| problem.code), Some(told.code));
    assert_eq!(home.runtime.phase(), Phase::Locked);
}

#[tokio::test]
async fn before_there_is_a_vault_programs_are_told_so() {
    let home = Home::new().await;
    let (folder, _runtime) = home.other_computer();
    let refused = crate::home::ask_at(&folder, Operation::ConnectionList(None)).await;
    assert_eq!(refused.err(), Some(ErrorCode::NoVault));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_renewal_that_was_sent_is_written_before_the_vault_closes() {
    let home = linked_with_a_stale_token().await;
    let before = home.asked_for_tokens();
    home.bank.misbehave(Misbehaviour::SlowToken(Duration::from_millis(800)), Some(1));
    let core = home.runtime.connections().unwrap();
    let asking = tokio::spawn(async move { core.token(&key(), None, "a test").await.map(drop) });
    home.asked_more_than(before).await;
    home.runtime.lock();
    assert!(!is_closed(&home), "the answer is waited for");
    home.runtime.closed(PATIENCE).await;
    // Whoever had the core in hand got what was sent for.
    asking.await.unwrap().unwrap();
    assert!(is_closed(&home));

    home.unlock().await;
    let connection = home.runtime.connections().unwrap().connection(&key()).unwrap();
    assert_eq!(connection.status, Status::Linked);
    assert!(connection.last_refreshed_at.is_some(), "the new grant was kept");
    // The bank has rotated, and ends a grant whose old refresh token comes back.
    home.runtime.connections().unwrap().sync(&key()).await.unwrap();
    assert!(home.token().await.is_ok());
}

#[tokio::test(flavor = "multi_thread")]
async fn fifty_programs_that_wait_are_refused_at_once_and_cost_one_renewal() {
    let home = Arc::new(linked_with_a_stale_token().await);
    let before = home.asked_for_tokens();
    home.bank.misbehave(Misbehaviour::SlowToken(Duration::from_millis(800)), Some(1));
    let mut callers = tokio::task::JoinSet::new();
    for _ in 0..50 {
        let home = Arc::clone(&home);
        callers.spawn(async move { home.token().await });
    }
    home.asked_more_than(before).await;
    home.runtime.lock();
    while let Some(answered) = callers.join_next().await {
        assert_eq!(answered.unwrap().unwrap_err(), ErrorCode::Locked);
    }
    home.runtime.closed(PATIENCE).await;
    assert_eq!(home.asked_for_tokens(), before + 1);
    home.unlock().await;
    assert!(home.token().await.is_ok());
    assert_eq!(home.asked_for_tokens(), before + 1, "what the one renewal brought is used");
}

#[tokio::test(flavor = "multi_thread")]
async fn unlocking_while_it_closes_gives_the_same_core_back() {
    let home = linked_with_a_stale_token().await;
    let before = home.asked_for_tokens();
    home.bank.misbehave(Misbehaviour::SlowToken(Duration::from_secs(2)), Some(1));
    let core = home.runtime.connections().unwrap();
    let asking = tokio::spawn(async move { core.token(&key(), None, "a test").await.map(drop) });
    home.asked_more_than(before).await;
    home.runtime.lock();
    let wrong = home.runtime.unlock(Some("not the passphrase".into())).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongPassphrase);
    assert!(home.runtime.connections().is_err());
    home.unlock().await;
    asking.await.unwrap().unwrap();
    assert!(home.token().await.is_ok());
}

#[tokio::test]
async fn an_attempt_that_waits_goes_on_after_unlocking_and_its_page_is_closed() {
    let home = Home::new().await;
    let attempt = home.begin(Surface::Embedded).await;
    home.runtime.lock();
    home.runtime.closed(PATIENCE).await;
    assert!(home.windows.closed.lock().unwrap().contains(&attempt.id));
    home.unlock().await;
    let waiting = home.runtime.connections().unwrap().attempt(&attempt.id).unwrap();
    assert_eq!(waiting.phase, AttemptPhase::Waiting);
    home.approve(&waiting).await;
    assert!(home.token().await.is_ok());
}

#[tokio::test]
async fn nothing_goes_on_while_locked_unless_that_was_chosen() {
    let home = Home::new().await;
    home.link().await;
    let before = home.asked_for_tokens();
    home.runtime.lock();
    home.runtime.closed(PATIENCE).await;
    assert!(is_closed(&home));
    home.clock.advance(24 * 3600 * 30);
    assert_eq!(home.asked_for_tokens(), before);
    // There is nothing left that could ask.
    home.unlock().await;
    home.asked_more_than(before).await;
}

#[tokio::test]
async fn kept_alive_access_is_renewed_behind_the_lock_and_nobody_is_told() {
    let home = Home::new().await;
    home.link().await;
    home.runtime.set_policy(keep_alive());
    let mut events = home.runtime.subscribe();
    home.runtime.lock();
    while events.try_recv().is_ok() {}
    let before = home.asked_for_tokens();
    home.clock.advance(24 * 3600 * 30);
    home.asked_more_than(before).await;
    assert_eq!(home.token().await.unwrap_err(), ErrorCode::Locked);
    assert!(home.runtime.connections().is_err());
    assert!(!is_closed(&home), "the vault stays open for the schedule");

    let wrong = home.runtime.unlock(Some("not the passphrase".into())).await.unwrap_err();
    assert_eq!(wrong.code, ErrorCode::WrongPassphrase, "it asks as if it were closed");
    assert!(home.runtime.connections().is_err());
    assert!(events.try_recv().is_err(), "what is locked tells nothing");
    home.unlock().await;
    let core = home.runtime.connections().unwrap();
    assert!(home.token().await.is_ok());
    assert!(core.connection(&key()).unwrap().last_refreshed_at.is_some());
}

#[tokio::test]
async fn what_needs_the_person_is_known_behind_the_lock_only_where_connections_are_kept_alive() {
    let home = Home::new().await;
    home.link().await;
    assert!(home.runtime.attended_behind_the_lock().is_none(), "it is open: the core itself answers");
    home.runtime.lock();
    assert!(home.runtime.attended_behind_the_lock().is_none(), "even while it still winds up");
    home.runtime.closed(PATIENCE).await;
    assert!(home.runtime.attended_behind_the_lock().is_none());
    home.unlock().await;

    home.runtime.set_policy(keep_alive());
    home.runtime.lock();
    let attended = home.runtime.attended_behind_the_lock().unwrap();
    let mut memory = attended[0].memory.clone();
    memory.told = Some(Told { topic: Some("reconnect".to_owned()), at: home.clock.now() });
    home.runtime.told_behind_the_lock(&key(), memory.clone()).await.unwrap();
    assert_eq!(home.runtime.attended_behind_the_lock().unwrap()[0].memory, memory);
    assert!(home.runtime.connections().is_err(), "it opens no way to the core");
}

/// The system's word on idleness.
struct Elsewhere(Option<Duration>);

impl IdleSource for Elsewhere {
    fn idle_for(&self) -> Option<Duration> {
        self.0
    }
}

async fn with_auto_lock(elsewhere: Option<Duration>) -> Home {
    let home = Home::new().await;
    home.runtime.watch_idleness(Arc::new(Elsewhere(elsewhere)));
    home.runtime.set_policy(Policy { lock_after: Some(MINUTE), ..Policy::default() });
    home
}

#[tokio::test]
async fn it_locks_by_itself_when_nobody_was_there_for_as_long_as_chosen() {
    let home = with_auto_lock(None).await;
    home.clock.advance(45);
    home.runtime.saw_input(Duration::from_secs(5));
    // Half a minute later the minute since that input is not over.
    home.clock.advance(60);
    home.settled().await;
    assert_eq!(home.runtime.phase(), Phase::Ready);
    home.clock.advance(10);
    home.reaches(Phase::Locked).await;
    // Unlocking begins anew: an old idle time does not lock again at once.
    home.unlock().await;
    home.settled().await;
    assert_eq!(home.runtime.phase(), Phase::Ready);
}

#[tokio::test]
async fn somebody_who_works_elsewhere_on_the_computer_is_there() {
    let home = with_auto_lock(Some(Duration::from_secs(3))).await;
    home.clock.advance(3600);
    home.settled().await;
    assert_eq!(home.runtime.phase(), Phase::Ready);
}

#[tokio::test]
async fn a_page_in_our_window_is_not_taken_from_under_who_types_in_it() {
    let home = with_auto_lock(None).await;
    let attempt = home.begin(Surface::Embedded).await;
    home.clock.advance(120);
    home.settled().await;
    assert_eq!(home.runtime.phase(), Phase::Ready);
    home.runtime.connections().unwrap().cancel(&attempt.id).await.unwrap();
    home.clock.advance(120);
    home.reaches(Phase::Locked).await;
}

#[tokio::test]
async fn a_computer_that_sleeps_locks_only_where_that_was_chosen() {
    let home = Home::new().await;
    home.runtime.system_locks();
    assert_eq!(home.runtime.phase(), Phase::Ready, "never is never");
    home.runtime.set_policy(Policy { with_system: true, ..Policy::default() });
    home.runtime.system_locks();
    assert_eq!(home.runtime.phase(), Phase::Locked);
}
