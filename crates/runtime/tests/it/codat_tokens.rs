//! A customer without an API key: their accountant's endpoint hands out access tokens of one company.

use crate::codat_place::{codat_place, config, key_of};
use crate::place::Place;
use base64::Engine as _;
use connections::RevocationOutcome;
use connections::codat_config::CodatFields;
use connections::connection::Status;
use connections::error::ErrorCode;
use connections::id::ConfigKey;
use connections::view::{CodatAction, CodatMode, Source};
use sandbox::codat::Known;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use url::Url;

const LIMITED: &str = "limited";

/// Passes Codat's own answer on, with the accountant's key, and counts.
async fn accountant(api: &str, company: &str) -> (String, Arc<AtomicU32>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}/token", listener.local_addr().unwrap());
    let api = Url::parse(api).unwrap();
    let codat = format!("{}:{}", api.host_str().unwrap(), api.port().unwrap());
    let key = base64::engine::general_purpose::STANDARD.encode(sandbox::codat::API_KEY);
    let ask = format!(
        "GET /codat/companies/{company}/accessToken HTTP/1.1\r\nhost: {codat}\r\nauthorization: Basic {key}\r\nconnection: close\r\n\r\n"
    );
    let asked = Arc::new(AtomicU32::new(0));
    let count = Arc::clone(&asked);
    tokio::spawn(async move {
        while let Ok((mut person, _)) = listener.accept().await {
            count.fetch_add(1, Ordering::SeqCst);
            let mut request = [0; 4096];
            let _ = person.read(&mut request).await;
            let mut there = TcpStream::connect(&codat).await.unwrap();
            there.write_all(ask.as_bytes()).await.unwrap();
            let mut answer = Vec::new();
            there.read_to_end(&mut answer).await.unwrap();
            let _ = person.write_all(&answer).await;
        }
    });
    (address, asked)
}

async fn limited() -> (Place, Known, Arc<AtomicU32>) {
    let place = codat_place().await;
    let known = place.world.codat().find("qhyg", "Linked").unwrap();
    let (endpoint, asked) = accountant(&place.world.codat_api(), &known.company).await;
    let fields = CodatFields {
        config_key: LIMITED.to_owned(),
        token_endpoint: Some(endpoint.into()),
        company: Some(known.company.clone()),
        api: Some(Url::parse(&place.world.codat_api()).unwrap()),
        ..CodatFields::default()
    };
    // The connections of the other registration are out of the way.
    let view = place.core().create_codat(fields).await.unwrap();
    let codat = view.codat.unwrap();
    assert_eq!((codat.mode, codat.company.as_ref()), (CodatMode::AccessToken, Some(&known.company)));
    assert!(codat.abilities.is_empty(), "what the mode cannot do is not offered");
    (place, known, asked)
}

fn limited_key() -> ConfigKey {
    ConfigKey::parse(LIMITED).unwrap()
}

/// Lists until the list that follows a registration is out of the way.
async fn listed(place: &Place) {
    while let Err(error) = place.core().list_codat(&limited_key()).await {
        assert_eq!(error.code, ErrorCode::Busy);
        tokio::task::yield_now().await;
    }
}

fn mine(place: &Place, known: &Known) -> connections::ConnectionKey {
    let mut key = key_of(&place.core(), &known.connection);
    key.config_key = limited_key();
    key
}

#[tokio::test]
async fn a_customer_sees_and_ends_the_access_that_they_gave() {
    let (place, known, _) = limited().await;
    listed(&place).await;
    let core = place.core();
    let there = place.world.codat().connections();
    let of_company = there.iter().filter(|one| one.company == known.company).count();
    let here = core.connections().into_iter().filter(|one| one.key.config_key == limited_key());
    assert_eq!(here.filter(|one| one.source == Source::Codat).count(), of_company);
    let key = mine(&place, &known);
    let view = core.show_codat(&key).await.unwrap();
    let actions: Vec<_> = view.actions.iter().map(|one| one.action).collect();
    assert_eq!(actions, [CodatAction::Pause, CodatAction::Unlink]);
    assert_eq!(core.disconnect(&key).await.unwrap(), RevocationOutcome::Confirmed);
    assert_eq!(core.connection(&key).unwrap().status, Status::Unlinked);
    // The same at the accountant's, as soon as they look.
    core.list_codat(&config()).await.unwrap();
    assert_eq!(core.connection(&key_of_other(&place, &known)).unwrap().status, Status::Unlinked);
}

fn key_of_other(place: &Place, known: &Known) -> connections::ConnectionKey {
    let mut key = mine(place, known);
    key.config_key = config();
    key
}

#[tokio::test]
async fn what_only_a_key_can_do_is_not_even_asked() {
    let (place, known, _) = limited().await;
    listed(&place).await;
    let core = place.core();
    let key = mine(&place, &known);
    let before = place.world.codat().count("GET /companies");
    assert_eq!(core.codat_companies(&limited_key()).await.unwrap_err().code, ErrorCode::NeedsCompanyKey);
    assert_eq!(core.codat_origins(&limited_key()).await.unwrap_err().code, ErrorCode::NeedsCompanyKey);
    assert_eq!(core.sync(&key).await.unwrap_err().code, ErrorCode::NeedsCompanyKey);
    assert_eq!(core.codat_history(&key, None).await.unwrap_err().code, ErrorCode::NeedsCompanyKey);
    assert_eq!(place.world.codat().count("GET /companies"), before);
}

#[tokio::test]
async fn a_token_that_ends_in_the_middle_is_renewed_once_and_nobody_notices() {
    let (place, known, asked) = limited().await;
    listed(&place).await;
    let core = place.core();
    let before = asked.load(Ordering::SeqCst);
    core.list_codat(&limited_key()).await.unwrap();
    assert_eq!(asked.load(Ordering::SeqCst), before, "a token that is good is used again");
    place.world.codat().end_access_tokens().unwrap();
    assert_eq!(core.disconnect(&mine(&place, &known)).await.unwrap(), RevocationOutcome::Confirmed);
    assert_eq!(asked.load(Ordering::SeqCst), before + 1, "one new token");
}

#[tokio::test]
async fn no_token_and_no_address_is_shown_or_lies_in_the_profile() {
    let (place, _, _) = limited().await;
    listed(&place).await;
    let shown = serde_json::to_string(&place.core().configs()).unwrap();
    for canary in ["/token", "codat_sandbox_"] {
        assert!(!shown.contains(canary), "{canary}");
        for entry in std::fs::read_dir(place.folder.path()).unwrap() {
            let path = entry.unwrap().path();
            if path.is_file() {
                let content = std::fs::read(&path).unwrap();
                let found = content.windows(canary.len()).any(|window| window == canary.as_bytes());
                assert!(!found, "{} holds `{canary}`", path.display());
            }
        }
    }
}

#[tokio::test]
async fn what_is_deleted_here_and_cannot_be_there_stays_away_until_it_has_access_again() {
    let (place, known, _) = limited().await;
    listed(&place).await;
    let key = mine(&place, &known);
    place.core().delete(&key).await.unwrap();
    listed(&place).await;
    assert!(place.core().connection(&key).is_err(), "the person deleted it");
    let place = place.restart().await;
    listed(&place).await;
    assert!(place.core().connection(&key).is_err(), "for good");
    place.world.codat().link(&known.connection, "Rowan Ltd").unwrap();
    listed(&place).await;
    assert_eq!(place.core().connection(&key).unwrap().status, Status::Linked, "an access must be seen");
}

#[tokio::test]
async fn a_program_gets_the_token_of_the_one_company_and_of_no_other() {
    let (place, known, asked) = limited().await;
    listed(&place).await;
    let core = place.core();
    let before = asked.load(Ordering::SeqCst);
    let token = core.codat_company_token(&limited_key(), None, None, "a test").await.unwrap();
    assert_eq!(token.extras()["companyId"], known.company);
    assert_eq!(asked.load(Ordering::SeqCst), before, "the one that is held");
    let loud = known.company.to_uppercase();
    core.codat_company_token(&limited_key(), Some(&loud), None, "a test").await.unwrap();
    let other =
        place.world.codat().connections().into_iter().find(|one| one.company != known.company).unwrap();
    let refused = core.codat_company_token(&limited_key(), Some(&other.company), None, "a test").await;
    assert_eq!(refused.err().unwrap().code, ErrorCode::BadInput);
}
