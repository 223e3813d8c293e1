//! A link's life: made, refused, asked, mended, synced, disconnected, reconnected, deleted.

use crate::place::{Place, ask, login};
use connections::RevocationOutcome;
use connections::connection::{ApprovalReason, Needs, Reachability, Status};
use connections::error::ErrorCode;
use connections::view::{LinkPhase, LinkProductState, LinkReason, LinkRemedy};
use pluggy::Parameters;

#[tokio::test]
async fn a_login_becomes_a_connection_with_accounts_and_lines() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::Done]).await;
    assert!(link.products.iter().all(|one| one.state == LinkProductState::Done), "{:?}", link.products);
    let connection = place.core().connection(&key).unwrap();
    assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Nothing));
    assert!(connection.first_authorized_at.is_some() && connection.last_synced_at.is_some());
    assert_eq!(connection.provider_name, "Pluggy Bank (Sandbox)");
    let accounts = place.accounts(&key).await;
    assert_ne!(place.core().connection(&key).unwrap().display_name, key.connection_id.to_string());
    let card = accounts.iter().find(|one| one.account.credit.is_some()).unwrap();
    assert_eq!(card.account.currency.as_deref(), Some("BRL"));
    assert!(card.account.last_digits.as_ref().is_some_and(|digits| digits.len() <= 4));
    let lines = place.transactions(&key, &card.account.id).await;
    assert!(lines.windows(2).all(|two| two[0].date >= two[1].date), "the newest come first");
}

#[tokio::test]
async fn a_wrong_password_is_mended_in_place() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "a wrong one")).await;
    let link = place.reaches(&key, &[LinkPhase::Failed]).await;
    let problem = link.problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::WrongLogin, LinkRemedy::SignInAgain));
    let connection = place.core().connection(&key).unwrap();
    assert_eq!(connection.needs, Needs::SignIn { reason: LinkReason::WrongLogin });
    assert_eq!(connection.status, Status::PendingAuth, "nothing was ever linked");
    place.core().sign_in_again(&key, login("user-ok", "password-ok")).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_question_is_asked_and_answered() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::Question]).await;
    let question = link.question.unwrap();
    assert_eq!(place.core().connection(&key).unwrap().needs, Needs::Answer);
    let empty = place.core().answer_link(&key, Parameters::new()).await.unwrap_err();
    assert_eq!(empty.code, ErrorCode::BadInput, "nothing was sent");
    let answer = Parameters::new().with(question.field.name, "123456");
    place.core().answer_link(&key, answer).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn a_wrong_answer_can_be_tried_again() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    let wrong = Parameters::new().with(question.field.name, "000000");
    place.core().answer_link(&key, wrong).await.unwrap();
    let problem = place.reaches(&key, &[LinkPhase::Failed]).await.problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::WrongAnswer, LinkRemedy::TryAgain));
    place.core().run_again(&key).await.unwrap();
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    let right = Parameters::new().with(question.field.name, "123456");
    place.core().answer_link(&key, right).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn each_documented_refusal_says_what_helps() {
    let place = Place::new().await;
    for (user, reason, remedy) in [
        ("user-locked", LinkReason::AccountLocked, LinkRemedy::ActThere),
        ("user-account-need-actions", LinkReason::ActionThere, LinkRemedy::ActThere),
        ("user-unavailable", LinkReason::InstitutionDown, LinkRemedy::Wait),
        ("user-error", LinkReason::AggregatorTrouble, LinkRemedy::Wait),
    ] {
        let key = place.begin(0, login(user, "password-ok")).await;
        let problem = place.reaches(&key, &[LinkPhase::Failed]).await.problem.unwrap();
        assert_eq!((problem.reason, problem.remedy), (reason, remedy), "{user}");
    }
}

#[tokio::test]
async fn a_login_that_brings_only_a_part_says_which_part_is_missing() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok-account-error", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::DoneWithGaps]).await;
    let missing: Vec<_> = link.products.iter().filter(|one| one.state == LinkProductState::Failed).collect();
    assert!(missing.iter().any(|one| one.product == "ACCOUNTS"), "{:?}", link.products);
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn disconnecting_keeps_the_data_and_reconnecting_goes_on_in_place() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    let before = place.accounts(&key).await.len();
    place.core().disconnect(&key).await.unwrap();
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Unlinked);
    assert_eq!(place.accounts(&key).await.len(), before, "what was fetched is kept");
    let item = place.core().show_link(&key).unwrap().item_id;
    assert!(place.world.pluggy().auto_sync(&item), "Pluggy has it still");
    place.core().run_again(&key).await.unwrap();
    place.until(&key, |link| link.phase == LinkPhase::Done).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
    assert_eq!(place.core().show_link(&key).unwrap().item_id, item, "in place");
}

#[tokio::test]
async fn deleting_deletes_at_pluggy_too_and_the_data_with_it() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    let account = place.accounts(&key).await.remove(0).account.id;
    assert_eq!(place.core().delete(&key).await.unwrap(), RevocationOutcome::Confirmed);
    assert!(place.world.pluggy().items().is_empty());
    assert!(place.core().accounts(None).await.unwrap().is_empty());
    assert_eq!(
        place.core().transactions(&key, &account).await.unwrap_err().code,
        ErrorCode::UnknownConnection
    );
}

#[tokio::test]
async fn a_delete_that_pluggy_does_not_hear_deletes_nothing() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    place.accounts(&key).await;
    place.world.misbehave("pluggy-outage".parse().unwrap(), None);
    assert_eq!(place.core().delete(&key).await.unwrap_err().code, ErrorCode::ProviderTrouble);
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
    assert!(!place.accounts(&key).await.is_empty());
}

#[tokio::test]
async fn giving_up_before_it_was_linked_leaves_nothing_behind() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Question]).await;
    place.core().cancel_link(&key).await.unwrap();
    assert!(place.core().connections().is_empty());
    assert!(place.world.pluggy().items().is_empty());
}

#[tokio::test]
async fn an_outage_is_never_told_as_sign_in_again() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    place.world.misbehave("pluggy-outage".parse().unwrap(), None);
    assert_eq!(place.core().sync(&key).await.unwrap_err().code, ErrorCode::ProviderTrouble);
    let connection = loop {
        let connection = place.core().connection(&key).unwrap();
        if connection.reachability != Reachability::Reachable {
            break connection;
        }
        tokio::task::yield_now().await;
    };
    assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Nothing));
    assert!(matches!(connection.reachability, Reachability::ProviderTrouble { .. }));
    place.world.behave();
    place.core().sync(&key).await.unwrap();
    place.until(&key, |link| link.phase == LinkPhase::Done).await;
    assert_eq!(place.core().connection(&key).unwrap().reachability, Reachability::Reachable);
}

#[tokio::test]
async fn a_consent_that_was_taken_back_asks_to_be_approved_again() {
    let place = Place::new().await;
    let key = place.begin(600, Parameters::new().with("cpf", "76109277673")).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert!(place.world.pluggy().revoke_consent(&link.item_id));
    place.looks_again().await;
    let problem = place.reaches(&key, &[LinkPhase::Failed]).await.problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::ConsentOver, LinkRemedy::ApproveAgain));
    let connection = place.core().connection(&key).unwrap();
    assert_eq!(connection.status, Status::Deauthorized);
    assert_eq!(connection.needs, Needs::Approval { reason: ApprovalReason::ConsentEnded });
    // Approved again, it goes on in place.
    place.core().run_again(&key).await.unwrap();
    place.reaches(&key, &[LinkPhase::Action]).await;
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_form_that_does_not_fit_is_refused_before_anything_is_sent() {
    let place = Place::new().await;
    let before = place.world.pluggy().requests().len();
    place.core().institutions(&ask(0, Parameters::new()).config_key).await.unwrap();
    let listed = place.world.pluggy().requests().len();
    assert!(listed > before);
    let refused = place.core().begin_link(ask(201, Parameters::new().with("agency", "x"))).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadInput);
    assert!(refused.params.contains_key("field"));
    assert_eq!(place.world.pluggy().requests().len(), listed, "nothing was sent");
}
