//! What the person decides unasked, and the local API's settings.

use crate::place::{Place, key, program, reason};
use broker::caller::{Access, CallerId};
use broker::gate::Gate as _;
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
