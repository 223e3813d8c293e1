//! Approving on the bank's own page: every ending of the page, and the program ending in between.

use crate::place::Place;
use connections::connection::Status;
use connections::ports::{PageEnd, PageStep};
use connections::view::{AttemptHint, LinkPhase};
use pluggy::{Api, OauthRedirect, Parameters, Platform};
use std::sync::atomic::Ordering;
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
fn a_window_knows_where_a_page_ends_on_both_platforms() {
    let url = |text: &str| Url::parse(text).unwrap();
    let api = Api::parse("https://api.pluggy.ai").unwrap();
    let redirect = OauthRedirect::parse("https://app.example/back", false).unwrap();
    let (back, bank_app) = (url("https://app.example/back?itemId=1"), url("bancoipe://consent/1"));
    for (platform, to_bank_app, over_when_closed) in
        [(Platform::Desktop, PageStep::Stay, true), (Platform::Mobile, PageStep::Go, false)]
    {
        let with = PageEnd::Over { redirect: Some(redirect.clone()), api: api.clone(), platform };
        let without = PageEnd::Over { redirect: None, api: api.clone(), platform };
        assert_eq!(with.step(&back), PageStep::Over, "{platform:?}");
        assert_eq!(without.step(&back), PageStep::Go, "{platform:?}");
        assert_eq!(with.step(&url("https://bank.example/consent")), PageStep::Go, "{platform:?}");
        assert_eq!(with.step(&bank_app), to_bank_app, "{platform:?}");
        for script in ["javascript:alert(1)", "file:///etc/passwd", "intent://x#Intent;component=y;end"] {
            assert_eq!(with.step(&url(script)), PageStep::Stay, "{platform:?} {script}");
        }
        assert_eq!(with.is_over_when_closed(), over_when_closed, "{platform:?}");
        assert!(with.is_returned_by(&back) && !without.is_returned_by(&back), "{platform:?}");
        assert!(!with.is_returned_by(&url("https://app.example/backdoor")), "{platform:?}");
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
}

#[tokio::test]
async fn who_leaves_our_screen_on_a_phone_comes_back_to_the_same_page() {
    let place = Place::new().await;
    place.windows.is_phone.store(true, Ordering::Relaxed);
    let key = place.begin(600, cpf()).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    let open = place.core().open_page(&key, None).await.unwrap();
    let attempt = open.action.unwrap().attempt.unwrap();
    place.core().hint(&attempt, AttemptHint::WindowClosed);
    let still = place.core().show_link(&key).unwrap().action.unwrap();
    assert_eq!(still.attempt.as_ref(), Some(&attempt), "they may be in the bank's app");
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
    // On a desktop a window that is closed is over.
    place.windows.is_phone.store(false, Ordering::Relaxed);
    let other = place.begin(601, cpf()).await;
    place.reaches(&other, &[LinkPhase::Action]).await;
    let open = place.core().open_page(&other, None).await.unwrap();
    place.core().hint(&open.action.unwrap().attempt.unwrap(), AttemptHint::WindowClosed);
    place.until(&other, |link| link.action.as_ref().is_some_and(|one| one.attempt.is_none())).await;
}
