//! One login, one item: lost answers, second logins at one bank, items that are gone, tokens of their own.

use crate::place::{COMPANY, Place, ask, login};
use connections::BeginLink;
use connections::connection::{Needs, Status};
use connections::error::ErrorCode;
use connections::id::{ConfigKey, ConnectionId};
use connections::pluggy_config::PluggyFields;
use connections::view::{LinkPhase, LinkReason, LinkRemedy};

/// A place whose person has a name at Pluggy: only then does it tell a second login from the first.
async fn named() -> Place {
    let place = Place::new().await;
    let fields = PluggyFields { client_user_id: Some("ana".to_owned()), ..place.fields() };
    place.core().edit_pluggy(fields).await.unwrap();
    place
}

#[tokio::test]
async fn a_login_whose_answer_was_lost_is_taken_in_and_not_made_twice() {
    let place = named().await;
    place.core().institutions(&ask(0, login("", "")).config_key).await.unwrap();
    place.world.misbehave("pluggy-drops-response".parse().unwrap(), Some(1));
    let lost = place.core().begin_link(ask(0, login("user-ok", "password-ok"))).await.unwrap_err();
    assert_eq!(lost.code, ErrorCode::ProviderTrouble);
    let orphan = place.world.pluggy().items();
    assert_eq!((orphan.len(), place.core().connections().len()), (1, 0), "there, and not here");
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(link.item_id, orphan[0]);
    assert_eq!(place.world.pluggy().items().len(), 1);
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_login_that_works_already_is_said_and_another_one_can_be_made() {
    let place = named().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    let twice = place.core().begin_link(ask(0, login("user-ok", "password-ok"))).await.unwrap_err();
    assert_eq!(twice.code, ErrorCode::AlreadyConnected);
    assert_eq!(twice.params["connection"], key.connection_id.to_string());
    assert_eq!(place.core().connections().len(), 1);
    let another = BeginLink { another: true, ..ask(0, login("user-ok", "password-ok")) };
    let other = place.core().begin_link(another).await.unwrap().key;
    place.reaches(&other, &[LinkPhase::Done]).await;
    assert_ne!(other, key);
    assert_eq!(place.world.pluggy().items().len(), 2);
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_login_that_failed_before_is_mended_in_place() {
    let place = named().await;
    let key = place.begin(0, login("user-ok", "a wrong one")).await;
    place.reaches(&key, &[LinkPhase::Failed]).await;
    let again = place.core().begin_link(ask(0, login("user-ok", "password-ok"))).await.unwrap();
    assert_eq!(again.key, key);
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!((place.world.pluggy().items().len(), place.core().connections().len()), (1, 1));
}

#[tokio::test]
async fn one_item_is_one_connection_whatever_it_is_called() {
    let place = named().await;
    let first = BeginLink {
        connection_id: Some(ConnectionId::parse("household").unwrap()),
        ..ask(0, login("user-ok", "password-ok"))
    };
    let key = place.core().begin_link(first).await.unwrap().key;
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(key.connection_id.to_string(), "household");
    let twice = place.core().begin_link(ask(0, login("user-ok", "password-ok"))).await.unwrap_err();
    assert_eq!(twice.params["connection"], "household");
    assert_eq!(place.core().connections().len(), 1);
}

#[tokio::test]
async fn an_item_that_is_gone_is_made_anew_on_the_same_connection() {
    let place = named().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::Done]).await;
    place.accounts(&key).await;
    let before = place.core().connection(&key).unwrap();
    assert!(place.world.pluggy().forget_item(&link.item_id));
    let fields = PluggyFields { client_user_id: Some("ana".to_owned()), ..place.fields() };
    place.core().edit_pluggy(fields).await.unwrap();
    let problem = place.reaches(&key, &[LinkPhase::Failed]).await.problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::Gone, LinkRemedy::ConnectAgain));
    let gone = place.core().connection(&key).unwrap();
    assert_eq!((gone.status, gone.needs), (Status::Deauthorized, Needs::SignIn { reason: LinkReason::Gone }));
    assert!(!place.accounts(&key).await.is_empty(), "what was read is kept");
    assert!(!place.core().link_form(&key).await.unwrap().is_empty());
    place.core().sign_in_again(&key, login("user-ok", "password-ok")).await.unwrap();
    let anew = place.reaches(&key, &[LinkPhase::Done]).await;
    assert_ne!(anew.item_id, link.item_id);
    let after = place.core().connection(&key).unwrap();
    assert_eq!(after.status, Status::Linked);
    assert_eq!(after.first_authorized_at, before.first_authorized_at, "its history goes on");
    assert_eq!(place.core().connections().len(), 1);
}

#[tokio::test]
async fn each_login_and_each_update_has_a_connect_token_of_its_own() {
    let place = Place::new().await;
    place.core().create_pluggy(place.company()).await.unwrap();
    let tokens = |place: &Place| place.count("POST", "/company/connect-token");
    let company = |values| BeginLink { config_key: ConfigKey::parse(COMPANY).unwrap(), ..ask(0, values) };
    place.core().institutions(&ConfigKey::parse(COMPANY).unwrap()).await.unwrap();
    let before = tokens(&place);
    let one = place.core().begin_link(company(login("user-ok", "password-ok"))).await.unwrap().key;
    place.reaches(&one, &[LinkPhase::Done]).await;
    place.accounts(&one).await;
    assert_eq!(tokens(&place), before + 1, "and it reads the item with the same");
    let two = place.core().begin_link(company(login("user-ok", "password-ok"))).await.unwrap().key;
    place.reaches(&two, &[LinkPhase::Done]).await;
    assert_eq!(tokens(&place), before + 2);
    place.core().sync(&one).await.unwrap();
    assert_eq!(tokens(&place), before + 3);
    place.until(&one, |link| link.phase == LinkPhase::Done).await;
}
