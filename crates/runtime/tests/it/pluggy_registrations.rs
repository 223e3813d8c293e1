//! Registrations at Pluggy: tried before they are kept, keys renewed, companies that keep their keys.

use crate::place::{PLUGGY, Place, login};
use connections::error::ErrorCode;
use connections::id::ConfigKey;
use connections::pluggy_config::PluggyFields;
use connections::view::LinkPhase;
use url::Url;

#[tokio::test]
async fn keys_that_pluggy_refuses_are_not_kept() {
    let place = Place::new().await;
    let wrong = PluggyFields {
        config_key: "other".to_owned(),
        client_secret: Some("not-the-secret-of-this-client".into()),
        ..place.fields()
    };
    assert_eq!(place.core().create_pluggy(wrong).await.unwrap_err().code, ErrorCode::ClientRefused);
    assert!(place.core().config(&ConfigKey::parse("other").unwrap()).is_err());
}

#[tokio::test]
async fn a_redirect_address_of_this_computer_is_refused_before_anything_is_sent() {
    let place = Place::new().await;
    let before = place.world.pluggy().requests().len();
    for address in [
        "http://app.example/back",
        "https://localhost/back",
        "https://127.0.0.1/b",
        "https://[::1]/",
        "https://0x7f.1/",
    ] {
        let fields = PluggyFields {
            config_key: "other".to_owned(),
            oauth_redirect_uri: Some(address.to_owned()),
            ..place.fields()
        };
        let refused = place.core().create_pluggy(fields).await.unwrap_err();
        assert_eq!(refused.code, ErrorCode::BadInput, "{address}");
        assert_eq!(refused.params["field"], "oauthRedirectUri", "{address}");
    }
    assert_eq!(place.world.pluggy().requests().len(), before);
}

#[tokio::test]
async fn a_key_is_kept_over_a_restart_and_renewed_when_it_is_refused() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    let auths =
        |place: &Place| place.world.pluggy().requests().iter().filter(|one| one.path == "/auth").count();
    let before = auths(&place);
    let place = place.restart().await;
    place.core().sync(&key).await.unwrap();
    assert_eq!(auths(&place), before, "the key in the vault was good");
    place.world.pluggy().end_tokens();
    place.core().sync(&key).await.unwrap();
    assert_eq!(auths(&place), before + 1, "one new key");
}

#[tokio::test]
async fn many_who_need_a_key_cause_one_request() {
    let place = Place::new().await;
    let key = ConfigKey::parse(PLUGGY).unwrap();
    place.world.pluggy().end_tokens();
    let place = place.restart().await;
    let auths =
        |place: &Place| place.world.pluggy().requests().iter().filter(|one| one.path == "/auth").count();
    let before = auths(&place);
    let core = place.core();
    let asked = (0..8).map(|_| core.institution_form(&key, 0));
    for form in futures_util::future::join_all(asked).await {
        form.unwrap();
    }
    assert_eq!(auths(&place), before + 1);
}

#[tokio::test]
async fn many_whose_key_was_refused_get_one_new_key() {
    let place = Place::new().await;
    let key = ConfigKey::parse(PLUGGY).unwrap();
    let core = place.core();
    let auths = || place.world.pluggy().requests().iter().filter(|one| one.path == "/auth").count();
    let before = auths();
    place.world.pluggy().end_tokens();
    let asked = (0..8).map(|_| core.institution_form(&key, 0));
    for form in futures_util::future::join_all(asked).await {
        form.unwrap();
    }
    assert_eq!(auths(), before + 1, "nobody gives up what another has just got");
}

#[tokio::test]
async fn with_a_companys_tokens_no_secret_is_here_and_what_is_forbidden_is_said() {
    let place = Place::new().await;
    let endpoint = format!("{}/company/connect-token", place.world.pluggy_api());
    let fields = PluggyFields {
        config_key: "company".to_owned(),
        connect_token_endpoint: Some(endpoint),
        api: Some(Url::parse(&place.world.pluggy_api()).unwrap()),
        include_sandbox: true,
        ..PluggyFields::default()
    };
    let view = place.core().create_pluggy(fields).await.unwrap();
    assert!(!view.has_secret);
    let begin = connections::BeginLink {
        config_key: view.config_key.clone(),
        ..crate::place::ask(0, login("user-ok", "password-ok"))
    };
    let key = place.core().begin_link(begin).await.unwrap().key;
    let link = place.reaches(&key, &[LinkPhase::Done]).await;
    assert!(link.limited);
    let account = place.accounts(&key).await.remove(0).account.id;
    assert!(place.core().transactions(&key, &account).await.unwrap().is_empty());
    let forbidden = place.world.pluggy().requests();
    assert!(forbidden.iter().all(|one| !one.path.contains("transactions")), "what is forbidden is not asked");
}

#[tokio::test]
async fn a_company_that_has_no_keys_is_told_as_such() {
    let place = Place::new().await;
    place.world.misbehave("pluggy-company-fails".parse().unwrap(), None);
    let fields = PluggyFields {
        config_key: "company".to_owned(),
        connect_token_endpoint: Some(format!("{}/company/connect-token", place.world.pluggy_api())),
        api: Some(Url::parse(&place.world.pluggy_api()).unwrap()),
        ..PluggyFields::default()
    };
    assert_eq!(place.core().create_pluggy(fields).await.unwrap_err().code, ErrorCode::ClientRefused);
}

#[tokio::test]
async fn no_secret_lies_in_the_profile_in_clear() {
    let place = Place::new().await;
    let key = place.begin(0, login("user-ok", "password-ok")).await;
    place.reaches(&key, &[LinkPhase::Done]).await;
    place.accounts(&key).await;
    let (_, secret) = place.world.pluggy_client();
    for entry in std::fs::read_dir(place.folder.path()).unwrap() {
        let path = entry.unwrap().path();
        if path.is_file() {
            let content = std::fs::read(&path).unwrap();
            for canary in [secret, "password-ok", "user-ok"] {
                let found = content.windows(canary.len()).any(|window| window == canary.as_bytes());
                assert!(!found, "{} holds `{canary}`", path.display());
            }
        }
    }
}
