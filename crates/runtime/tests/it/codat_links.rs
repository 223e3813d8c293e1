//! Approving a data connection: every ending, decided by Codat and not by the window.

use crate::codat_place::{begin, codat_place, comes_back, known, outcome, until};
use connections::connection::{Needs, Status};
use connections::error::ErrorCode;
use connections::view::{ActivityView, AttemptHint, AttemptPhase, CodatEvent, CoreEvent, Surface};
use connections::{Connections, activity::ActivityKind};
use secret::SecretString;

async fn lines(core: &Connections, key: &connections::ConnectionKey) -> Vec<ActivityView> {
    core.activity(Some(key), None, 100).await.unwrap().0
}

#[tokio::test]
async fn an_approval_links_when_codat_says_so() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    assert_eq!(attempt.phase, AttemptPhase::Waiting);
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::PendingAuth);
    // A return that claims success decides nothing, however often Codat is looked at afterwards.
    let looks = || place.world.codat().count("GET /companies/{}/connections/{}");
    let before = looks();
    core.deliver(&comes_back(&place, "200", "Rowan Ltd")).await.unwrap();
    let mut events = core.subscribe();
    let looked = async {
        while looks() < before + 2 {
            let _ = tokio::time::timeout(std::time::Duration::from_millis(50), events.recv()).await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), looked).await.expect("two looks");
    assert_eq!(core.attempt(&attempt.id).unwrap().phase, AttemptPhase::Exchanging);
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::PendingAuth);
    place.world.codat().link(attempt.key.connection_id.as_str(), "Rowan Ltd").unwrap();
    assert_eq!(outcome(&core, &attempt).await.phase, AttemptPhase::Succeeded);
    let connection = core.connection(&attempt.key).unwrap();
    assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Nothing));
    assert!(connection.first_authorized_at.is_some());
    assert!(place.windows.closed.lock().unwrap().contains(&attempt.id), "the window goes by itself");
    let kinds: Vec<_> = lines(&core, &attempt.key).await.into_iter().map(|one| one.kind).collect();
    assert!(kinds.contains(&ActivityKind::Connected), "{kinds:?}");
}

#[tokio::test]
async fn a_return_without_the_nonce_is_refused_and_changes_nothing() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    for forged in [
        "http://127.0.0.1:47621/callback?statusCode=200",
        "http://127.0.0.1:47621/callback?statusCode=200&mooringNonce=guessed",
        "http://127.0.0.1:47621/callback?mooringNonce=",
    ] {
        let refused = core.deliver(&SecretString::from(forged)).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::ForeignAnswer, "{forged}");
    }
    assert_eq!(core.attempt(&attempt.id).unwrap().phase, AttemptPhase::Waiting);
}

#[tokio::test]
async fn who_stops_keeps_a_connection_that_can_be_linked_or_deleted() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    core.deliver(&comes_back(&place, "403", "")).await.unwrap();
    let ended = outcome(&core, &attempt).await;
    assert_eq!(ended.phase, AttemptPhase::Cancelled);
    assert_eq!(ended.error.unwrap().code, ErrorCode::AccessDenied);
    let view = core.show_codat(&attempt.key).await.unwrap();
    assert_eq!(view.status, Status::PendingAuth);
    let actions: Vec<_> = view.actions.iter().map(|one| one.action).collect();
    assert_eq!(actions, [connections::view::CodatAction::Link, connections::view::CodatAction::Delete]);
    let refused = core.disconnect(&attempt.key).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::NotApproved, "what was never linked cannot be unlinked");
    core.delete(&attempt.key).await.unwrap();
    assert!(core.connection(&attempt.key).is_err());
}

#[tokio::test]
async fn a_platform_that_is_not_supported_is_told_as_such() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    core.deliver(&comes_back(&place, "501", "")).await.unwrap();
    let ended = outcome(&core, &attempt).await;
    assert_eq!(ended.error.unwrap().code, ErrorCode::PlatformNotSupported);
}

#[tokio::test]
async fn a_link_that_was_approved_while_the_program_was_closed_is_found() {
    let place = codat_place().await;
    let attempt = begin(&place.core(), "gbol").await;
    let place = place.restart().await;
    place.world.codat().link(attempt.key.connection_id.as_str(), "Rowan Ltd").unwrap();
    let core = place.core();
    until(&core, &attempt.key, |view| view.status == Status::Linked).await;
}

#[tokio::test]
async fn an_address_that_is_good_once_is_read_anew_for_each_opening() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    let asked = || place.world.codat().count("GET /companies/{}/connections/{}");
    let before = asked();
    let moved = core.switch_surface(&attempt.id, Surface::Browser).await.unwrap();
    assert_eq!(moved.surface, Surface::Browser);
    assert!(asked() > before, "the address was read again");
    let forwarded = core.codat_forward_address(&attempt.key).await.unwrap();
    assert!(!forwarded.expose().contains(codat::NONCE_PARAMETER), "a forwarded link does not come back here");
}

#[tokio::test]
async fn a_reconnect_stays_the_same_connection_and_says_so_in_the_components_words() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "gbol", "Deauthorized");
    let mut events = core.subscribe();
    let attempt = core.approve_codat(&key, None).await.unwrap();
    assert!(attempt.reconnect);
    place.world.codat().link(key.connection_id.as_str(), "Ginkgo Studio").unwrap();
    assert_eq!(outcome(&core, &attempt).await.phase, AttemptPhase::Succeeded);
    assert_eq!(core.connection(&key).unwrap().status, Status::Linked);
    let wanted = CodatEvent::OnReconnect { connection_id: key.connection_id.to_string() };
    let happened = std::iter::from_fn(|| events.try_recv().ok())
        .any(|event| matches!(event, CoreEvent::CodatHappened { event, .. } if event == wanted));
    assert!(happened, "onReconnect");
    let line =
        lines(&core, &key).await.into_iter().find(|one| one.kind == ActivityKind::Reconnected).unwrap();
    assert_eq!(line.params["event"], "onReconnect");
}

#[tokio::test]
async fn another_organization_is_noticed_and_can_be_kept() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    core.deliver(&comes_back(&place, "200", "Rowan Ltd")).await.unwrap();
    let id = attempt.key.connection_id.to_string();
    place.world.codat().link(&id, "Rowan Ltd").unwrap();
    outcome(&core, &attempt).await;
    core.disconnect(&attempt.key).await.unwrap();
    let again = core.approve_codat(&attempt.key, None).await.unwrap();
    core.deliver(&comes_back(&place, "200", "Somebody Else Ltd")).await.unwrap();
    place.world.codat().link(&id, "Somebody Else Ltd").unwrap();
    outcome(&core, &again).await;
    let view = until(&core, &attempt.key, |view| view.other_organization.is_some()).await;
    let other = view.other_organization.unwrap();
    assert_eq!(
        (other.before.as_deref(), other.after.as_deref()),
        (Some("Rowan Ltd"), Some("Somebody Else Ltd"))
    );
    let kept = core.keep_codat_organization(&attempt.key).await.unwrap();
    assert!(kept.other_organization.is_none());
    assert_eq!(kept.organization.as_deref(), Some("Somebody Else Ltd"));
}

/// The page that was opened last.
fn page(place: &crate::place::Place) -> String {
    place.windows.opened.lock().unwrap().last().cloned().expect("a page").1
}

#[tokio::test]
async fn a_person_goes_through_the_whole_journey_and_comes_back_with_the_nonce() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    let choices = sandbox::person::Choices::default();
    let back = sandbox::person::approve(&page(&place), &choices).await.unwrap();
    assert!(back.starts_with(connections::codat_config::REDIRECT), "{back}");
    core.deliver(&SecretString::from(back.as_str())).await.unwrap();
    assert_eq!(outcome(&core, &attempt).await.phase, AttemptPhase::Succeeded);
    let view = core.show_codat(&attempt.key).await.unwrap();
    assert_eq!(view.status, Status::Linked);
    assert!(view.organization.is_some(), "the return has told which");
    // The same return a second time belongs to nothing any more.
    let again = core.deliver(&SecretString::from(back.as_str())).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::ForeignAnswer);
}

#[tokio::test]
async fn a_person_who_declines_at_the_platform_links_nothing() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "qhyg").await;
    let back = sandbox::person::deny(&page(&place)).await.unwrap();
    core.deliver(&SecretString::from(back.as_str())).await.unwrap();
    assert_eq!(outcome(&core, &attempt).await.phase, AttemptPhase::Cancelled);
    assert_eq!(core.connection(&attempt.key).unwrap().status, Status::PendingAuth);
}

#[tokio::test]
async fn a_platform_that_fails_keeps_the_connection_as_it_was() {
    let place = codat_place().await;
    let core = place.core();
    let key = known(&place, "gbol", "Deauthorized");
    place.world.codat().next_link(sandbox::codat::LinkOutcome::PlatformFails);
    let attempt = core.approve_codat(&key, None).await.unwrap();
    let choices = sandbox::person::Choices::default();
    let back = sandbox::person::approve(&page(&place), &choices).await.unwrap();
    core.deliver(&SecretString::from(back.as_str())).await.unwrap();
    let ended = outcome(&core, &attempt).await;
    assert_eq!((ended.phase, ended.error.unwrap().code), (AttemptPhase::Failed, ErrorCode::ProviderTrouble));
    assert_eq!(core.connection(&key).unwrap().status, Status::Deauthorized);
}

#[tokio::test]
async fn a_page_that_is_closed_says_nothing_and_can_be_opened_again() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "gbol").await;
    core.hint(&attempt.id, AttemptHint::WindowClosed);
    let view = core.attempt(&attempt.id).unwrap();
    assert_eq!((view.phase, view.hint), (AttemptPhase::Waiting, Some(AttemptHint::WindowClosed)));
    core.switch_surface(&attempt.id, Surface::Embedded).await.unwrap();
    assert_eq!(place.windows.opened.lock().unwrap().len(), 2);
    let choices = sandbox::person::Choices::default();
    sandbox::person::approve(&page(&place), &choices).await.unwrap();
    assert_eq!(outcome(&core, &attempt).await.phase, AttemptPhase::Succeeded, "without any return");
}

#[tokio::test]
async fn who_has_nothing_left_to_link_is_told_and_waits_for_nothing() {
    let place = codat_place().await;
    let core = place.core();
    place.world.codat().next_link(sandbox::codat::LinkOutcome::NothingToLink);
    let attempt = begin(&core, "gbol").await;
    let mut events = core.subscribe();
    let back = sandbox::person::approve(&page(&place), &sandbox::person::Choices::default()).await.unwrap();
    core.deliver(&SecretString::from(back.as_str())).await.unwrap();
    let ended = outcome(&core, &attempt).await;
    assert_eq!((ended.phase, ended.error.unwrap().code), (AttemptPhase::Failed, ErrorCode::NotApproved));
    let told = std::iter::from_fn(|| events.try_recv().ok()).any(|event| {
        matches!(
            event,
            CoreEvent::CodatHappened { event: CodatEvent::OnError { user_recoverable: true, .. }, .. }
        )
    });
    assert!(told, "onError");
}

#[tokio::test]
async fn the_first_bank_behind_truelayer_is_no_other_organization() {
    let place = codat_place().await;
    let core = place.core();
    let attempt = begin(&core, "upvr").await;
    let id = attempt.key.connection_id.to_string();
    place.world.codat().link(&id, "Alder Bank").unwrap();
    assert_eq!(outcome(&core, &attempt).await.phase, AttemptPhase::Succeeded);
    let view = core.show_codat(&attempt.key).await.unwrap();
    assert_eq!((view.status, view.other_organization), (Status::Linked, None));
    // Another bank at the second time is one.
    core.disconnect(&attempt.key).await.unwrap();
    let again = core.approve_codat(&attempt.key, None).await.unwrap();
    place.world.codat().link(&id, "Birch Bank").unwrap();
    outcome(&core, &again).await;
    assert!(core.show_codat(&attempt.key).await.unwrap().other_organization.is_some());
}

#[tokio::test]
async fn the_data_tells_another_organization_where_no_return_does() {
    let place = codat_place().await;
    let core = place.core();
    for (platform, first, second) in [("gbol", "Rowan Ltd", "Elm Ltd"), ("fztf", "Alder Shop", "Birch Shop")]
    {
        let attempt = begin(&core, platform).await;
        let key = attempt.key.clone();
        let id = key.connection_id.to_string();
        let read = async || {
            core.sync_codat(&key, None).await.unwrap();
            until(&core, &key, |_| !core.connection(&key).unwrap().syncing).await
        };
        place.world.codat().link(&id, first).unwrap();
        outcome(&core, &attempt).await;
        let view = read().await;
        assert_eq!(
            (view.organization.as_deref(), view.other_organization),
            (Some(first), None),
            "{platform}"
        );
        core.disconnect(&key).await.unwrap();
        let again = core.approve_codat(&key, None).await.unwrap();
        place.world.codat().link(&id, second).unwrap();
        outcome(&core, &again).await;
        let other = read().await.other_organization.expect("another one");
        assert_eq!(
            (other.before.as_deref(), other.after.as_deref()),
            (Some(first), Some(second)),
            "{platform}"
        );
        core.delete(&key).await.unwrap();
    }
}
