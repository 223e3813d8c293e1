//! What institutions and Pluggy may send that nobody hopes for.

use crate::place::{PLUGGY, Place, login};
use connections::error::ErrorCode;
use connections::id::ConfigKey;
use connections::view::{InstitutionHealth, LinkPhase};
use pluggy::Parameters;
use std::time::Duration;

#[tokio::test]
async fn ten_thousand_institutions_are_listed_and_each_can_be_opened() {
    let settings =
        sandbox::pluggy::Settings { pace: Duration::ZERO, connectors: 10_000, ..Default::default() };
    let place = Place::with(settings).await;
    let key = ConfigKey::parse(PLUGGY).unwrap();
    let all = place.core().institutions(&key).await.unwrap();
    assert!(all.len() >= 10_000, "{}", all.len());
    let last = all.iter().max_by_key(|one| one.id).unwrap();
    assert!(!place.core().institution_form(&key, last.id).await.unwrap().is_empty());
    assert_eq!(
        place.core().institution_form(&key, 9_999_999).await.unwrap_err().code,
        ErrorCode::UnknownProvider
    );
}

#[tokio::test]
async fn a_pattern_that_is_no_pattern_and_an_unknown_field_stop_nobody() {
    let place = Place::new().await;
    let key = ConfigKey::parse(PLUGGY).unwrap();
    for institution in [218, 219] {
        let form = place.core().institution_form(&key, institution).await.unwrap();
        let values =
            form.iter().fold(Parameters::new(), |values, field| values.with(field.name.clone(), "something"));
        let findings = place.core().check_institution_form(&key, institution, &values).await.unwrap();
        assert!(findings.iter().all(|(_, problem)| *problem != "againstPattern"), "{findings:?}");
    }
}

#[tokio::test]
async fn an_institution_that_is_down_says_so_before_and_after() {
    let place = Place::new().await;
    let key = ConfigKey::parse(PLUGGY).unwrap();
    let offline = place.core().institutions(&key).await.unwrap();
    let offline = offline.iter().find(|one| one.health == InstitutionHealth::Offline).unwrap();
    let ask = crate::place::ask(offline.id, login("user-ok", "password-ok"));
    let refused = place.core().begin_link(ask).await.unwrap_err();
    assert_eq!(refused.code, ErrorCode::InstitutionOffline, "{refused:?}");
    assert_eq!(refused.params["institution"], offline.name);
    assert!(place.core().connections().is_empty() && place.world.pluggy().items().is_empty());
    // It comes back, and the same form is taken.
    assert!(place.world.pluggy().set_health(220, sandbox::pluggy::Health::Online));
    let ask = crate::place::ask(offline.id, login("user-ok", "password-ok"));
    let linked = place.core().begin_link(ask).await.unwrap().key;
    place.reaches(&linked, &[LinkPhase::Done]).await;
}

#[tokio::test]
async fn torn_and_foreign_answers_lose_nothing() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    let before = place.core().connection(&key).unwrap();
    for misbehaviour in ["pluggy-html-answer:200", "pluggy-html-answer:502", "pluggy-truncated-answer"] {
        place.world.misbehave(misbehaviour.parse().unwrap(), None);
        let error = place.core().sync(&key).await.unwrap_err();
        assert!(
            matches!(error.code, ErrorCode::ProviderAnswer | ErrorCode::ProviderTrouble),
            "{misbehaviour}: {error:?}"
        );
        place.world.behave();
        assert_eq!(place.core().connection(&key).unwrap().status, before.status);
    }
}

#[tokio::test]
async fn five_thousand_accounts_are_all_here() {
    let settings = sandbox::pluggy::Settings { pace: Duration::ZERO, accounts: 5_000, ..Default::default() };
    let place = Place::with(settings).await;
    let endpoint = format!("{}/company/connect-token", place.world.pluggy_api());
    // With the company's tokens only accounts are read, so that the count is what takes the time.
    let fields = connections::pluggy_config::PluggyFields {
        config_key: "company".to_owned(),
        connect_token_endpoint: Some(endpoint),
        client_id: None,
        client_secret: None,
        ..place.fields()
    };
    let view = place.core().create_pluggy(fields).await.unwrap();
    let ask = connections::BeginLink {
        config_key: view.config_key,
        ..crate::place::ask(0, login("user-ok", "password-ok"))
    };
    let key = place.core().begin_link(ask).await.unwrap().key;
    assert!(place.accounts(&key).await.len() >= 5_000);
}
