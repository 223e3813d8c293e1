//! Questions: put once, answered once, gone when nobody waits.

use crate::place::{Place, heard, key, program, reason};
use broker::caller::Access;
use broker::gate::Gate as _;
use broker::permission::Decision;
use broker::{GateEvent, Withdrawal};
use connections::error::ErrorCode;
use std::sync::atomic::Ordering;
use std::time::Duration;

#[tokio::test(start_paused = true)]
async fn many_calls_wait_for_one_question_and_for_one_answer() {
    let place = Place::with_somebody().await;
    let calls: Vec<_> = (0..5).map(|_| place.asks(&program("sheet"), Access::Token, "ana")).collect();
    place.until(1, 5).await;
    let asked = place.callers.pending().remove(0);
    assert_eq!(
        (asked.name.as_str(), asked.access, asked.connection),
        ("sheet", Access::Token, Some(key("ana")))
    );
    place.answers(Decision::Once).await;
    for call in calls {
        call.await.unwrap().unwrap();
    }
    assert!(place.callers.pending().is_empty());
    let again = place.asks(&program("sheet"), Access::Token, "ana");
    place.until(1, 1).await;
    place.answers(Decision::NotNow).await;
    assert_eq!(reason(&again.await.unwrap().unwrap_err()), "refused", "once was once");
}

#[tokio::test(start_paused = true)]
async fn a_question_that_nobody_answers_ends_after_two_minutes() {
    let place = Place::with_somebody().await;
    let mut events = place.callers.subscribe();
    let began = tokio::time::Instant::now();
    let refused = place.asks(&program("sheet"), Access::Token, "ana").await.unwrap().unwrap_err();
    assert_eq!(reason(&refused), "nobodyAnswered");
    let waited = began.elapsed();
    assert!(waited >= Duration::from_secs(120) && waited < Duration::from_secs(121), "{waited:?}");
    assert!(place.callers.pending().is_empty());
    heard(&mut events, GateEvent::QuestionsChanged).await;
    // Asked again at once, the person is left alone; a little later not.
    let at_once = place.callers.admit(&program("sheet"), Access::Token, Some(&key("ana"))).await;
    assert_eq!(reason(&at_once.unwrap_err()), "nobodyAnswered");
    tokio::time::advance(Duration::from_secs(31)).await;
    let later = place.asks(&program("sheet"), Access::Token, "ana");
    place.until(1, 1).await;
    later.abort();
}

#[tokio::test(start_paused = true)]
async fn a_program_that_hangs_up_withdraws_its_question() {
    let place = Place::with_somebody().await;
    let (one, other) = (
        place.asks(&program("sheet"), Access::Token, "ana"),
        place.asks(&program("sheet"), Access::Token, "ana"),
    );
    place.until(1, 2).await;
    one.abort();
    place.until(1, 1).await;
    let question = place.callers.pending()[0].question;
    other.abort();
    place.until(0, 0).await;
    let late = place.callers.answer(question, Decision::Always, false).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::AnswerTooLate);
    assert!(place.callers.list().is_empty(), "an answer that came too late decides nothing");
}

#[tokio::test(start_paused = true)]
async fn always_and_never_stay_and_until_locked_does_not() {
    let place = Place::with_somebody().await;
    for (name, decision) in
        [("always", Decision::Always), ("never", Decision::Never), ("locked", Decision::UntilLocked)]
    {
        let call = place.asks(&program(name), Access::Token, "ana");
        place.until(1, 1).await;
        place.answers(decision).await;
        assert_eq!(call.await.unwrap().is_ok(), decision != Decision::Never);
    }
    let ask = |place: &Place, name: &str| place.asks(&program(name), Access::Token, "ana");
    assert!(ask(&place, "locked").await.unwrap().is_ok(), "not asked again");
    let place = place.again().await;
    assert!(ask(&place, "always").await.unwrap().is_ok());
    assert_eq!(reason(&ask(&place, "never").await.unwrap().unwrap_err()), "refused");
    let locked = ask(&place, "locked");
    place.until(1, 1).await;
    locked.abort();
}

#[tokio::test(start_paused = true)]
async fn an_answer_for_all_lets_through_whoever_waits_for_another_connection() {
    let place = Place::with_somebody().await;
    let ana = place.asks(&program("sheet"), Access::Token, "ana");
    place.until(1, 1).await;
    let joao = place.asks(&program("sheet"), Access::Token, "joao");
    let other = place.asks(&program("other"), Access::Token, "ana");
    place.until(3, 1).await;
    let question = place.callers.pending()[0].question;
    place.callers.answer(question, Decision::Always, true).await.unwrap();
    ana.await.unwrap().unwrap();
    joao.await.unwrap().unwrap();
    place.until(1, 1).await;
    assert_eq!(place.callers.pending()[0].name, "other", "another program still waits");
    other.abort();
}

#[tokio::test(start_paused = true)]
async fn an_answer_that_cannot_be_stored_lets_nobody_through_and_can_be_given_again() {
    let place = Place::with_somebody().await;
    let call = place.asks(&program("sheet"), Access::Token, "ana");
    place.until(1, 1).await;
    place.kept.full.store(true, Ordering::SeqCst);
    let question = place.callers.pending()[0].question;
    let failed = place.callers.answer(question, Decision::Always, false).await.unwrap_err();
    assert_eq!(failed.code, ErrorCode::DiskFull);
    place.until(1, 1).await;
    place.kept.full.store(false, Ordering::SeqCst);
    place.answers(Decision::Always).await;
    call.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn programs_cannot_bury_the_person_in_questions() {
    let place = Place::with_somebody().await;
    let calls: Vec<_> = (0..20).map(|n| place.asks(&program(&n.to_string()), Access::Token, "ana")).collect();
    place.until(20, 1).await;
    let one_more = place.callers.admit(&program("21"), Access::Token, Some(&key("ana"))).await;
    assert_eq!(reason(&one_more.unwrap_err()), "nobodyAnswered");
    calls.iter().for_each(tokio::task::JoinHandle::abort);
}

#[tokio::test(start_paused = true)]
async fn where_nobody_is_nothing_is_asked() {
    let place = Place::with_nobody().await;
    let refused = place.callers.admit(&program("sheet"), Access::Token, Some(&key("ana"))).await;
    assert_eq!(reason(&refused.unwrap_err()), "nobodyThere");
    assert!(place.callers.pending().is_empty());
}

#[tokio::test(start_paused = true)]
async fn a_decision_that_is_taken_back_lets_nobody_in_who_has_not_gone_on_yet() {
    for decision in [Decision::Always, Decision::UntilLocked] {
        let place = Place::with_somebody().await;
        let who = program("sheet");
        let (ana, joao) = (place.asks(&who, Access::Token, "ana"), place.asks(&who, Access::Token, "joao"));
        place.until(2, 1).await;
        let question = place.callers.pending()[0].question;
        // Both calls are answered, and neither has looked yet.
        place.callers.answer(question, decision, true).await.unwrap();
        assert!(place.callers.pending().is_empty());
        let all = Withdrawal { caller: who.id.clone(), access: None, connection: None, general: false };
        place.callers.revoke(&all).await.unwrap();
        for call in [ana, joao] {
            assert_eq!(reason(&call.await.unwrap().unwrap_err()), "refused", "{decision:?}");
        }
    }
}
