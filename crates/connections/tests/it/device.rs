//! Approving on another device: the person types a code, and Mooring asks with patience.

use crate::world::{World, key, provider, rotated};
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::ports::HttpError;
use connections::view::{AttemptPhase, AttemptView, Surface};
use connections::{BeginAuthorization, Connections};
use std::collections::BTreeMap;

const PENDING: &str = r#"{"error":"authorization_pending"}"#;

fn bank_with_devices() -> providers::Provider {
    let bank = provider();
    let mut metadata = bank.discovered.unwrap();
    metadata.device_authorization_endpoint = Some("https://bank.example/device".parse().unwrap());
    providers::Provider::custom("Bank", metadata)
}

fn ask(surface: Surface) -> BeginAuthorization {
    BeginAuthorization {
        config_key: key().config_key,
        connection_id: Some(key().connection_id),
        surface: Some(surface),
        preferred: None,
        parameters: BTreeMap::new(),
        language: None,
    }
}

async fn begun(world: &World) -> (Connections, AttemptView) {
    let core = world.with(bank_with_devices(), None).await;
    world.bank.answer(
        200,
        r#"{"device_code":"CANARY-device","user_code":"WDJB-MJHT","verification_uri":"https://bank.example/type",
            "expires_in":600,"interval":5}"#,
    );
    let view = core.begin(ask(Surface::Device)).await.unwrap();
    (core, view)
}

fn phase(core: &Connections, view: &AttemptView) -> AttemptPhase {
    core.attempt(&view.id).unwrap().phase
}

#[tokio::test]
async fn a_code_is_shown_asked_about_and_becomes_a_connection() {
    let world = World::new();
    let (core, view) = begun(&world).await;
    assert_eq!(
        (view.surface, view.phase, view.host.as_str()),
        (Surface::Device, AttemptPhase::Waiting, "bank.example")
    );
    let device = view.device.clone().unwrap();
    assert_eq!(
        (device.user_code.as_str(), device.verification_uri.as_str()),
        ("WDJB-MJHT", "https://bank.example/type")
    );
    assert!(!serde_json::to_string(&view).unwrap().contains("CANARY"), "the device code stays in Rust");
    world.bank.answer(400, PENDING);
    world.bank.answer(200, rotated(1, 300));
    world.until(|| phase(&core, &view) == AttemptPhase::Succeeded).await;
    assert_eq!(world.store.connection().status, Status::Linked);
    assert_eq!(world.store.refresh_token().as_deref(), Some("refresh-1"));
    let asked = world.bank.asked();
    assert_eq!(asked.len(), 3);
    assert!(asked[1].contains("device_code=CANARY-device") && asked[1].contains("client_id=mooring"));
}

#[tokio::test]
async fn the_pause_is_kept_and_grows_when_the_server_asks_for_it() {
    let world = World::new();
    let (core, view) = begun(&world).await;
    world.bank.answer(400, r#"{"error":"slow_down"}"#);
    world.until(|| world.bank.asked().len() == 2).await;
    for _ in 0..9 {
        world.clock.advance(jiff::SignedDuration::from_secs(1));
        for _ in 0..50 {
            tokio::task::yield_now().await;
        }
    }
    assert_eq!(world.bank.asked().len(), 2, "five seconds have become ten");
    world.bank.answer(400, r#"{"error":"access_denied"}"#);
    world.until(|| phase(&core, &view) == AttemptPhase::Failed).await;
    assert_eq!(core.attempt(&view.id).unwrap().error.unwrap().code, ErrorCode::AccessDenied);
    world.until(|| !world.store.has_connections()).await;
}

#[tokio::test]
async fn outages_and_lost_answers_are_waited_out() {
    let world = World::new();
    let (core, view) = begun(&world).await;
    world.bank.answer(503, "");
    world.bank.fail(HttpError::AnswerLost);
    world.bank.fail(HttpError::Offline);
    world.bank.answer(200, rotated(1, 300));
    world.until(|| phase(&core, &view) == AttemptPhase::Succeeded).await;
}

#[tokio::test]
async fn a_code_that_is_over_ends_its_attempt_and_nothing_else() {
    for over in [Some(r#"{"error":"expired_token"}"#), None] {
        let world = World::new();
        let (core, view) = begun(&world).await;
        match over {
            Some(body) => world.bank.answer(400, body),
            None => (0..200).for_each(|_| world.bank.answer(400, PENDING)),
        }
        world.until(|| phase(&core, &view) == AttemptPhase::Expired).await;
        assert!(core.attempt(&view.id).unwrap().error.is_none(), "nobody refused anything");
    }
}

#[tokio::test]
async fn giving_up_ends_the_asking() {
    let world = World::new();
    let (core, view) = begun(&world).await;
    core.cancel(&view.id).await.unwrap();
    for _ in 0..60 {
        world.clock.advance(jiff::SignedDuration::from_secs(10));
        tokio::task::yield_now().await;
    }
    assert_eq!(world.bank.asked().len(), 1, "only the request for the codes");
}

#[tokio::test]
async fn an_approval_that_comes_after_giving_up_is_revoked() {
    let world = World::new();
    let (core, view) = begun(&world).await;
    let gate = world.bank.hold();
    world.bank.answer(200, rotated(1, 300));
    world.bank.answer(200, "");
    world.until(|| world.bank.asked().len() == 2).await;
    core.cancel(&view.id).await.unwrap();
    gate.send_replace(true);
    world.until(|| world.bank.asked().len() == 3).await;
    assert!(world.bank.asked()[2].starts_with("/revoke") && world.bank.asked()[2].contains("refresh-1"));
    assert_eq!(world.store.access_token(), None);
}

#[tokio::test]
async fn a_waiting_code_survives_a_restart() {
    let world = World::new();
    let (core, view) = begun(&world).await;
    drop(core);
    let core = world.start().await;
    let again = core.attempt(&view.id).unwrap();
    assert_eq!((again.phase, again.device), (AttemptPhase::Waiting, view.device.clone()));
    assert_eq!(again.hint, None, "no window of ours was closed");
    world.bank.answer(200, rotated(1, 300));
    world.until(|| phase(&core, &view) == AttemptPhase::Succeeded).await;
}

#[tokio::test]
async fn nothing_begins_where_the_server_gives_no_codes() {
    let refusals = [
        (200, "<html>", ErrorCode::ProviderAnswer),
        (401, r#"{"error":"invalid_client"}"#, ErrorCode::ClientRefused),
        (503, "", ErrorCode::ProviderTrouble),
    ];
    for (status, body, code) in refusals {
        let world = World::new();
        let core = world.with(bank_with_devices(), None).await;
        world.bank.answer(status, body);
        assert_eq!(core.begin(ask(Surface::Device)).await.err().map(|error| error.code), Some(code));
        assert!(!world.store.has_connections());
    }
    let world = World::new();
    let core = world.with(provider(), None).await;
    let refused = core.begin(ask(Surface::Device)).await.err().map(|error| error.code);
    assert_eq!(refused, Some(ErrorCode::SurfaceUnavailable), "this bank knows no devices");
}

#[tokio::test]
async fn a_person_can_change_to_a_code_in_the_middle() {
    let world = World::new();
    let core = world.with(bank_with_devices(), None).await;
    let page = core.begin(ask(Surface::Browser)).await.unwrap();
    assert_eq!(page.surfaces, [Surface::Embedded, Surface::Browser, Surface::Device]);
    world.bank.answer(
        200,
        r#"{"device_code":"d","user_code":"U","verification_uri":"https://bank.example/type","expires_in":60}"#,
    );
    let typed = core.switch_surface(&page.id, Surface::Device).await.unwrap();
    assert_eq!(typed.surface, Surface::Device);
    assert_eq!(phase(&core, &page), AttemptPhase::Cancelled);
    let opened = core.switch_surface(&typed.id, Surface::Browser).await.unwrap();
    assert_eq!((opened.id, opened.surface), (typed.id, Surface::Device), "the page opens, the code stays");
}
