//! What the keys or tokens at hand do not allow: understood, explained, and not asked again.

use crate::place::{COMPANY, Place, ask, login};
use connections::BeginLink;
use connections::RevocationOutcome;
use connections::connection::{Needs, Reachability, Status};
use connections::error::ErrorCode;
use connections::id::ConfigKey;
use connections::view::{LinkPhase, LinkReason, LinkRemedy};

async fn company_login(place: &Place, user: &str) -> connections::id::ConnectionKey {
    place.core().create_pluggy(place.company()).await.unwrap();
    let config_key = ConfigKey::parse(COMPANY).unwrap();
    let begin = BeginLink { config_key, ..ask(0, login(user, "password-ok")) };
    place.core().begin_link(begin).await.unwrap().key
}

#[tokio::test]
async fn a_token_that_may_not_look_is_explained_and_not_used_again() {
    let place = Place::new().await;
    let key = company_login(&place, "user-ok").await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    place.accounts(&key).await;
    // From now on the company hands out tokens for new logins alone, and those that were at hand are gone.
    place.world.misbehave("pluggy-company-ignores-item".parse().unwrap(), None);
    let place = place.restart().await;
    place.core().edit_pluggy(place.company()).await.unwrap();
    let link = place.reaches(&key, &[LinkPhase::Failed]).await;
    let problem = link.problem.unwrap();
    assert_eq!((problem.reason, problem.remedy), (LinkReason::Forbidden, LinkRemedy::AskKeyHolder));
    let connection = place.core().connection(&key).unwrap();
    assert_eq!(connection.status, Status::Linked, "nobody said that it is over");
    assert_eq!(connection.needs, Needs::ActThere { reason: LinkReason::Forbidden });
    assert_eq!(connection.reachability, Reachability::Reachable, "it is no outage");
    assert!(!place.accounts(&key).await.is_empty());
    let again = place.core().sync(&key).await.unwrap_err();
    assert_eq!(again.code, ErrorCode::NeedsCompanyKey);
    // The company puts it right.
    place.world.behave();
    place.core().sync(&key).await.unwrap();
    place.reaches(&key, &[LinkPhase::Done]).await;
    let connection = place.core().connection(&key).unwrap();
    assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Nothing));
}

#[tokio::test]
async fn giving_up_with_a_companys_tokens_forgets_it_here_and_leaves_it_there() {
    let place = Place::new().await;
    let key = company_login(&place, "user-locked").await;
    place.reaches(&key, &[LinkPhase::Failed]).await;
    assert_eq!(place.core().cancel_link(&key).await.unwrap(), RevocationOutcome::NotOffered);
    assert!(place.core().connections().is_empty());
    assert_eq!(place.world.pluggy().items().len(), 1, "only the company's key could have it removed");
}

#[tokio::test]
async fn transactions_that_the_plan_leaves_out_cost_no_accounts_and_are_asked_once() {
    let place = Place::new().await;
    place.world.misbehave("pluggy-no-transactions".parse().unwrap(), None);
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    let link = place.until(&key, |link| link.transactions_refused).await;
    assert_eq!((link.phase, link.error), (LinkPhase::Done, None), "all that can be had is here");
    let accounts = place.accounts(&key).await;
    assert!(accounts.len() >= 2);
    assert_eq!(place.count("GET", "/v2/transactions"), 1, "the others would be refused as well");
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked);
    // The plan changes; the next reading brings them.
    place.world.behave();
    place.core().sync(&key).await.unwrap();
    place.until(&key, |link| !link.transactions_refused).await;
    let account = &accounts[0].account.id;
    assert!(!place.core().transactions(&key, account).await.unwrap().is_empty());
}
