//! What the person decides unasked, and the local API's settings.

use crate::place::{Place, key, program, reason};
use broker::caller::{Access, Caller, CallerId};
use broker::gate::Gate as _;
use broker::permission::Decision;
use broker::settings::AccessSettings;
use broker::{Allowance, Withdrawal};
use connections::error::ErrorCode;

fn allowance(name: &str, connection: Option<&str>, allowed: bool) -> Allowance {
    Allowance {
        caller: program(name).id,
        access: vec![Access::Token],
        connection: connection.map(key),
        allowed,
    }
}

fn withdrawal(name: &str) -> Withdrawal {
    Withdrawal { caller: program(name).id, access: None, connection: None, general: false }
}

#[tokio::test(start_paused = true)]
async fn what_was_allowed_before_is_given_unasked_and_what_is_revoked_is_refused_at_once() {
    let place = Place::with_nobody().await;
    let admitted = |id: &'static str| {
        let callers = place.callers.clone();
        async move { callers.admit(&program("sheet"), Access::Token, Some(&key(id))).await }
    };
    let shown = place.callers.allow(allowance("sheet", Some("ana"), true)).await.unwrap();
    assert_eq!((shown.name.as_str(), shown.asked), ("sheet", 0));
    admitted("ana").await.unwrap();
    assert_eq!(reason(&admitted("joao").await.unwrap_err()), "nobodyThere");
    let one = Withdrawal { connection: Some(key("ana")), ..withdrawal("sheet") };
    place.callers.revoke(&one).await.unwrap();
    assert_eq!(reason(&admitted("ana").await.unwrap_err()), "nobodyThere");
    assert_eq!(place.callers.list().len(), 1, "the caller is still known");
    place.callers.revoke(&withdrawal("sheet")).await.unwrap();
    assert!(place.callers.list().is_empty() && place.kept.callers.lock().unwrap().is_empty());
    let unknown = place.callers.revoke(&withdrawal("sheet")).await.unwrap_err();
    assert_eq!(unknown.code, ErrorCode::BadInput);
}

#[tokio::test(start_paused = true)]
async fn taking_back_what_holds_everywhere_leaves_a_refusal_about_one_connection() {
    let place = Place::with_nobody().await;
    place.callers.allow(allowance("sheet", None, true)).await.unwrap();
    place.callers.allow(allowance("sheet", Some("ana"), false)).await.unwrap();
    let everywhere = Withdrawal { access: Some(Access::Token), general: true, ..withdrawal("sheet") };
    place.callers.revoke(&everywhere).await.unwrap();
    let asked = |id: &'static str| {
        let callers = place.callers.clone();
        async move { callers.admit(&program("sheet"), Access::Token, Some(&key(id))).await.unwrap_err() }
    };
    assert_eq!(reason(&asked("joao").await), "nobodyThere");
    assert_eq!(reason(&asked("ana").await), "refused");
}

#[tokio::test(start_paused = true)]
async fn the_last_decision_about_the_same_is_the_one_that_holds() {
    let place = Place::with_nobody().await;
    place.callers.allow(allowance("sheet", None, true)).await.unwrap();
    let shown = place.callers.allow(allowance("sheet", None, false)).await.unwrap();
    assert_eq!(shown.permissions.len(), 1);
    let refused = place.callers.admit(&program("sheet"), Access::Token, Some(&key("ana"))).await;
    assert_eq!(reason(&refused.unwrap_err()), "refused");
}

#[tokio::test(start_paused = true)]
async fn who_goes_on_for_long_is_noticed_when_it_is_forbidden() {
    let place = Place::with_somebody().await;
    let who = program("sheet");
    assert!(place.callers.is_allowed(&who, Access::List, None), "let in for once, it stays");
    let never = Allowance { access: vec![Access::List], ..allowance("sheet", None, false) };
    place.callers.allow(never).await.unwrap();
    assert!(!place.callers.is_allowed(&who, Access::List, None));
}

#[tokio::test(start_paused = true)]
async fn what_is_no_caller_is_not_decided_about() {
    let place = Place::with_nobody().await;
    let nobody = Allowance { caller: CallerId::new("sheet"), ..allowance("sheet", None, true) };
    assert_eq!(place.callers.allow(nobody).await.unwrap_err().params["field"], "caller");
    let nothing = Allowance { access: Vec::new(), ..allowance("sheet", None, true) };
    assert_eq!(place.callers.allow(nothing).await.unwrap_err().params["field"], "access");
}

#[tokio::test(start_paused = true)]
async fn the_secret_is_made_once_and_replaced_on_request() {
    let place = Place::with_nobody().await;
    let first = place.callers.http_secret().await.unwrap();
    assert!(place.callers.http_secret().await.unwrap().matches(first.expose()));
    assert_eq!(first.expose().len(), 64);
    let mut told = place.callers.watch_settings();
    told.mark_unchanged();
    let second = place.callers.rotate_http_secret().await.unwrap();
    assert!(!second.matches(first.expose()));
    assert!(told.has_changed().unwrap(), "whoever serves HTTP reads it anew");
}

#[tokio::test(start_paused = true)]
async fn settings_that_are_wrong_change_nothing() {
    let place = Place::with_nobody().await;
    let wanted = AccessSettings {
        http: true,
        port: 4000,
        origins: vec!["https://Books.example/".to_owned()],
        ..AccessSettings::default()
    };
    let kept = place.callers.set_settings(wanted).await.unwrap();
    assert_eq!(kept.origins, ["https://books.example"]);
    let wrong = AccessSettings { origins: vec!["*".to_owned()], ..kept.clone() };
    assert_eq!(place.callers.set_settings(wrong).await.unwrap_err().params["problem"], "wildcard");
    assert_eq!(place.again().await.callers.settings(), kept);
}

#[tokio::test(start_paused = true)]
async fn what_holds_until_the_vault_is_locked_is_over_then_and_what_holds_for_good_is_not() {
    let place = Place::with_somebody().await;
    for (name, decision) in [("sheet", Decision::UntilLocked), ("books", Decision::Always)] {
        let asked = place.asks(&program(name), Access::Token, "ana");
        place.until(1, 1).await;
        place.answers(decision).await;
        asked.await.unwrap().unwrap();
        place.callers.admit(&program(name), Access::Token, Some(&key("ana"))).await.unwrap();
    }
    place.callers.forget_until_locked();
    place.callers.admit(&program("books"), Access::Token, Some(&key("ana"))).await.unwrap();
    let asked_again = place.asks(&program("sheet"), Access::Token, "ana");
    place.until(1, 1).await;
    place.answers(Decision::NotNow).await;
    assert_eq!(reason(&asked_again.await.unwrap().unwrap_err()), "refused");
    // A refusal that was meant for good outlives the lock as well.
    let never = Allowance { access: vec![Access::List], ..allowance("sheet", None, false) };
    place.callers.allow(never).await.unwrap();
    place.callers.forget_until_locked();
    assert!(!place.callers.is_allowed(&program("sheet"), Access::List, None));
}

#[tokio::test(start_paused = true)]
async fn what_was_decided_holds_behind_our_command_line_too() {
    let place = Place::with_nobody().await;
    let through = Caller { through_cli: true, ..program("sheet") };
    place.callers.admit(&through, Access::List, None).await.unwrap();
    let never = Allowance { access: vec![Access::List, Access::Manage], ..allowance("sheet", None, false) };
    place.callers.allow(never).await.unwrap();
    for access in [Access::List, Access::Manage] {
        let refused = place.callers.admit(&through, access, Some(&key("ana"))).await.unwrap_err();
        assert_eq!(reason(&refused), "refused", "{access:?}");
    }
    place.callers.admit(&through, Access::Connect, None).await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn a_strict_gate_lets_through_what_was_allowed_before_and_nothing_else() {
    let place = Place::with_nobody().await;
    let through = Caller { through_cli: true, ..program("sheet") };
    place.callers.allow(allowance("sheet", None, true)).await.unwrap();
    place.callers.be_strict();
    place.callers.admit(&through, Access::Token, Some(&key("ana"))).await.unwrap();
    for access in [Access::ReadData, Access::Connect, Access::Manage, Access::Admission] {
        let refused = place.callers.admit(&through, access, None).await.unwrap_err();
        assert_eq!(reason(&refused), "nobodyThere", "{access:?}");
    }
}
