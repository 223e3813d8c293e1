//! Approving on the bank's own page: every ending of the page, and the program ending in between.

use crate::place::Place;
use connections::connection::Status;
use connections::ports::{PageEnd, PageStep};
use connections::view::LinkPhase;
use pluggy::{Api, OauthRedirect, Parameters};
use url::Url;

fn cpf() -> Parameters {
    Parameters::new().with("cpf", "76109277673")
}

#[tokio::test]
async fn closing_the_page_asks_pluggy_and_nothing_else_decides() {
    let place = Place::new().await;
    let key = place.begin(600, cpf()).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    assert!(link.action.as_ref().unwrap().host.is_some());
    let open = place.core().open_page(&key, None).await.unwrap();
    let attempt = open.action.unwrap().attempt.unwrap();
    assert!(place.windows.opened.lock().unwrap()[0].1.contains("/pluggy/bank/authorize"));
    // The person closes the window without approving: the link still waits.
    assert!(place.core().page_is_over(&attempt));
    let link = place.until(&key, |link| link.action.as_ref().is_some_and(|one| one.attempt.is_none())).await;
    assert_eq!(link.phase, LinkPhase::Action);
    assert_eq!(place.core().connection(&key).unwrap().status, Status::PendingAuth);
    // The person approves elsewhere.
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_page_whose_item_moved_on_is_closed() {
    let place = Place::new().await;
    let key = place.begin(600, cpf()).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    let open = place.core().open_page(&key, None).await.unwrap();
    let attempt = open.action.unwrap().attempt.unwrap();
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert!(place.windows.closed.lock().unwrap().contains(&attempt));
}

#[tokio::test]
async fn a_refusal_at_the_bank_links_nothing() {
    let place = Place::new().await;
    let key = place.begin(600, cpf()).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    assert!(place.world.pluggy().authorize(&link.item_id, false));
    place.reaches(&key, &[LinkPhase::Failed]).await;
    assert_ne!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn an_approval_that_comes_while_the_program_is_closed_is_found() {
    let place = Place::new().await;
    let key = place.begin(600, cpf()).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    let place = place.restart().await;
    assert_eq!(place.core().show_link(&key).unwrap().phase, LinkPhase::Action, "it waits over the restart");
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[test]
fn a_window_knows_where_a_page_ends() {
    let url = |text: &str| Url::parse(text).unwrap();
    let api = Api::parse("https://api.pluggy.ai").unwrap();
    let redirect = OauthRedirect::parse("https://app.example/back", false).unwrap();
    let with = PageEnd::Over { redirect: Some(redirect), api: api.clone() };
    let without = PageEnd::Over { redirect: None, api };
    assert_eq!(with.step(&url("https://app.example/back?itemId=1")), PageStep::Over);
    assert_eq!(without.step(&url("https://app.example/back?itemId=1")), PageStep::Go);
    assert_eq!(with.step(&url("https://bank.example/consent")), PageStep::Go);
    assert_eq!(with.step(&url("itau://open")), PageStep::Stay, "no window leads to another program");
    for (told, step, by_widget) in [
        ("close", PageStep::Closed, PageStep::Closed),
        ("passkey", PageStep::Passkey, PageStep::Passkey),
        ("widget?m=1", PageStep::Stay, PageStep::Report),
        ("anything", PageStep::Stay, PageStep::Stay),
    ] {
        let told = url(&format!("https://window.mooring.invalid/{told}"));
        assert_eq!((with.step(&told), PageEnd::Widget.step(&told)), (step, by_widget), "{told}");
    }
    assert!(without.is_over_at(&url("https://api.pluggy.ai/oauthCallback.html?x=1")));
    assert!(!without.is_over_at(&url("https://evil.example/oauthCallback.html")));
}
