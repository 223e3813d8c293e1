//! Fetching what was read: what came stays, and the rest is fetched when it may be.

use crate::place::{Place, login};
use connections::connection::{Needs, Status};
use connections::error::ErrorCode;
use connections::id::ConnectionKey;
use connections::view::{AccountKind, LinkPhase};
use pluggy::Parameters;
use std::time::Duration;

fn crowded() -> sandbox::pluggy::Settings {
    sandbox::pluggy::Settings {
        pace: Duration::ZERO,
        accounts: 24,
        limit_window: Duration::from_secs(2),
        ..Default::default()
    }
}

/// The accounts that have transactions: all but what is invested.
async fn with_lines(place: &Place, key: &ConnectionKey) -> Vec<String> {
    let accounts = place.accounts(key).await;
    let lined = accounts.into_iter().filter(|one| one.account.kind != AccountKind::Investment);
    lined.map(|one| one.account.id).collect()
}

#[tokio::test]
async fn a_limit_on_transactions_keeps_the_accounts_and_the_rest_comes_by_itself() {
    let place = Place::with(crowded()).await;
    // Everything else needs fewer requests than this.
    place.world.misbehave("pluggy-rate-limit:12".parse().unwrap(), None);
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    let link = place.until(&key, |link| link.error.is_some()).await;
    let error = link.error.unwrap();
    assert_eq!(error.code, ErrorCode::ProviderTrouble);
    assert!(error.params.contains_key("retryAt"), "{error:?}");
    let accounts = with_lines(&place, &key).await;
    assert_eq!(accounts.len(), 24, "the accounts were kept before");
    let connection = place.core().connection(&key).unwrap();
    assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Nothing));
    let asked = place.count("GET", "/v2/transactions");
    assert_eq!(asked, 13, "nothing was asked after the refusal");
    place.world.behave();
    // Nobody presses anything.
    place.until(&key, |link| link.error.is_none()).await;
    for account in &accounts {
        let lines = place.core().transactions(&key, account).await.unwrap();
        assert!(!lines.is_empty(), "{account}");
    }
    assert_eq!(place.count("GET", "/v2/transactions"), 25, "what was here was not asked for again");
}

#[tokio::test]
async fn a_fetch_that_the_end_of_the_program_cut_short_goes_on_after_it() {
    let place = Place::with(crowded()).await;
    place.world.misbehave("pluggy-rate-limit:12".parse().unwrap(), None);
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.until(&key, |link| link.error.is_some()).await;
    place.world.behave();
    let place = place.restart().await;
    assert_eq!(place.core().show_link(&key).unwrap().phase, LinkPhase::Done);
    let last = with_lines(&place, &key).await.pop().unwrap();
    place.transactions(&key, &last).await;
}

#[tokio::test]
async fn an_api_key_reads_who_holds_it_what_is_invested_and_what_the_bank_has_recorded() {
    let place = Place::new().await;
    let key = place.begin(600, Parameters::new().with("cpf", "76109277673")).await;
    let link = place.reaches(&key, &[LinkPhase::Action]).await;
    assert!(place.world.pluggy().authorize(&link.item_id, true));
    let link = place.until(&key, |link| !link.consents.is_empty()).await;
    let consent = &link.consents[0];
    assert!(!consent.permissions.is_empty() && !consent.products.is_empty(), "{consent:?}");
    assert_eq!((consent.expires_at, consent.revoked_at), (link.consent_expires_at, None));
    assert_eq!(place.core().connection(&key).unwrap().account_holder.as_deref(), Some("Ana Souza"));
    let accounts = place.accounts(&key).await;
    let invested: Vec<_> =
        accounts.iter().filter(|one| one.account.kind == AccountKind::Investment).collect();
    assert!(!invested.is_empty(), "{accounts:?}");
    assert!(invested.iter().all(|one| one.account.balance.is_some() && !one.account.name.is_empty()));
    let last = accounts.iter().rfind(|one| one.account.kind != AccountKind::Investment).unwrap();
    place.transactions(&key, &last.account.id).await;
    let asked = place.world.pluggy().requests();
    let lines = asked.iter().filter(|one| one.path.ends_with("/v2/transactions")).count();
    assert_eq!(lines, accounts.len() - invested.len(), "investments have no lines of an account");
}
