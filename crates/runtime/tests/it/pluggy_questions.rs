//! Questions in the middle: pictures, choices, codes at the login, later ones, late answers; codes to scan.

use crate::place::{Place, login};
use connections::connection::{Needs, Status};
use connections::error::ErrorCode;
use connections::view::{FieldInput, LinkPhase, LinkReason, LinkRemedy};
use pluggy::Parameters;
use std::time::Duration;

fn answer(name: &str, value: &str) -> Parameters {
    Parameters::new().with(name, value)
}

#[tokio::test]
async fn a_picture_is_shown_and_what_it_says_is_taken() {
    let place = Place::new().await;
    let key = place.begin(4, login("user-ok", "password-ok")).await;
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    let FieldInput::Picture { image } = &question.field.input else { panic!("{:?}", question.field.input) };
    assert!(image.starts_with("data:image/png;base64,"), "{image}");
    assert!(question.instructions.is_some() && question.expires_at.is_some());
    place.core().answer_link(&key, answer(&question.field.name, "123456")).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn one_of_several_is_chosen_and_nothing_else_is_sent() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok-select", "password-ok")).await;
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    let FieldInput::Choice { choices } = &question.field.input else { panic!("{:?}", question.field.input) };
    let wrong = place.core().answer_link(&key, answer(&question.field.name, "9")).await.unwrap_err();
    assert_eq!((wrong.code, wrong.params["problem"].as_str()), (ErrorCode::BadInput, "notAChoice"));
    assert_eq!(place.count("POST", "/mfa"), 0);
    place.core().answer_link(&key, answer(&question.field.name, &choices[1].value)).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn a_code_that_belongs_to_the_login_is_asked_with_it_each_time() {
    let place = Place::new().await;
    let form = place.core().institution_form(&crate::place::ask(2, Parameters::new()).config_key, 2).await;
    assert!(form.unwrap().iter().any(|field| field.second_factor));
    let key = place.begin(2, login("user-ok", "password-ok").with("token", "000000")).await;
    let problem = place.reaches(&key, &[LinkPhase::Failed]).await.problem.unwrap();
    assert_eq!(problem.reason, LinkReason::WrongAnswer);
    let right = login("user-ok", "password-ok").with("token", "123456");
    place.core().sign_in_again(&key, right).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
    // A code is good once: a sync without one is refused, and nothing is lost by it.
    let refused = place.core().sync(&key).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::BadInput, "{refused:?}");
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
}

#[tokio::test]
async fn a_later_sync_may_ask_again_and_what_is_linked_stays_linked() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    place.core().answer_link(&key, answer(&question.field.name, "123456")).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
    place.core().sync(&key).await.unwrap();
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    let connection = place.core().connection(&key).unwrap();
    assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Answer));
    place.core().answer_link(&key, answer(&question.field.name, "123456")).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().needs, Needs::Nothing);
}

#[tokio::test]
async fn a_question_waits_over_a_restart() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Question]).await;
    let place = place.restart().await;
    let question = place.until(&key, |link| link.question.is_some()).await.question.unwrap();
    place.core().answer_link(&key, answer(&question.field.name, "123456")).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn an_answer_that_comes_too_late_is_told_as_that_and_can_be_given_again() {
    let settings = sandbox::pluggy::Settings {
        pace: Duration::ZERO,
        answer_life: Duration::from_millis(900),
        ..Default::default()
    };
    let place = Place::with(settings).await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    let question = place.reaches(&key, &[LinkPhase::Question]).await.question.unwrap();
    let problem = place.reaches(&key, &[LinkPhase::Failed]).await.problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::AnswerTooLate, LinkRemedy::TryAgain));
    let late = place.core().answer_link(&key, answer(&question.field.name, "123456")).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::AnswerTooLate);
    assert_ne!(place.core().connection(&key).unwrap().status, Status::Deauthorized);
    place.core().run_again(&key).await.unwrap();
    place.reaches(&key, &[LinkPhase::Question]).await;
}

#[tokio::test]
async fn an_answer_to_what_pluggy_asks_no_more_is_too_late_and_not_gone() {
    let place = Place::new().await;
    let key = place.begin(3, login("user-ok", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::Question]).await;
    // Another program has answered it.
    place.world.pluggy().answer(&link.item_id, "123456");
    let name = link.question.unwrap().field.name;
    let late = place.core().answer_link(&key, answer(&name, "123456")).await.unwrap_err();
    assert_eq!(late.code, ErrorCode::AnswerTooLate, "{late:?}");
    place.reaches(&key, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn a_code_to_scan_is_shown_where_there_is_no_page() {
    let place = Place::new().await;
    let key = place.begin(10, Parameters::new().with("cpf", "76109277673")).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    let action = link.action.unwrap();
    assert!(action.picture.unwrap().starts_with("data:image/png;base64,"));
    assert!(action.expires_at.is_some() && action.instructions.is_some());
    assert_eq!((action.host, action.surfaces.len()), (None, 0), "there is no page to open");
    assert_eq!(place.core().open_page(&key, None).await.unwrap_err().code, ErrorCode::AttemptOver);
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    place.reaches(&key, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn who_waits_for_somebody_else_goes_on_by_itself_once_they_had_their_time() {
    let settings = sandbox::pluggy::Settings {
        pace: Duration::ZERO,
        others_take: Duration::from_secs(2),
        ..Default::default()
    };
    let place = Place::with(settings).await;
    let key = place.begin(0, login("user-ok-auth-pending", "password-ok")).await;
    let link = place.reaches(&key, &[LinkPhase::WaitsForOthers]).await;
    assert!(link.waits_until.is_some() && link.problem.is_none());
    let connection = place.core().connection(&key).unwrap();
    assert_eq!((connection.status, connection.needs), (Status::PendingAuth, Needs::Nothing));
    assert_eq!(place.count("PATCH", &link.item_id), 0, "before, another run leads nowhere");
    let place = place.restart().await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
    assert_eq!(place.count("PATCH", &link.item_id), 1);
}
