//! Everybody who does not get through.

use crate::place::{BANK, Door, PAGE, Place, SECRET, client, options, refusal};
use broker::caller::Access;
use broker::gate::Outcome;
use broker::http::{Limits, ServeError, serve};
use connections::error::ErrorCode;
use std::sync::Arc;

const PATH: &str = "/connection/ana?provider_config_key=bank";
const NO_SECRET: &str = "Authentication failed. The request is missing a valid secret key.";
const WRONG_SECRET: &str = "Authentication failed. The provided secret key is invalid.";

#[tokio::test]
async fn without_the_secret_nobody_learns_anything() {
    let place = Place::new().await;
    place.link("ana").await;
    for path in [PATH, "/config", "/v1/status", "/v1/events", "/nothing"] {
        assert_eq!(refusal(place.bare(path)).await, (401, NO_SECRET.to_owned()), "{path}");
        let wrong = place.bare(path).bearer_auth("CANARY-secret-of-the-local-apj");
        assert_eq!(refusal(wrong).await, (401, WRONG_SECRET.to_owned()), "{path}");
    }
    // What the client of 0.5.2 sends when its environment lacks the secret.
    let undefined = place.bare(PATH).header("authorization", "Basic dW5kZWZpbmVkOg==");
    assert_eq!(refusal(undefined).await, (401, WRONG_SECRET.to_owned()));
    let twice = place.get(PATH).header("authorization", format!("Bearer {SECRET}"));
    assert_eq!(refusal(twice).await.0, 401, "two secrets are none");
    let lines = place.door.lines.lock().unwrap();
    assert_eq!(lines.len(), 12, "each is written down");
    let why = |reason: &str| {
        let outcome = Outcome::Refused { code: ErrorCode::NotPermitted, reason: Some(reason.to_owned()) };
        lines.iter().filter(|line| line.3 == outcome).count()
    };
    assert_eq!((why("noSecret"), why("wrongSecret")), (6, 6), "two secrets are none");
    assert!(lines.iter().any(|line| line.1 == Access::Manage), "with what it was about");
    #[cfg(target_os = "linux")]
    assert!(lines[0].0.starts_with("http:/"), "and by which program: {}", lines[0].0);
}

#[tokio::test]
async fn the_secret_is_taken_as_each_client_sends_it() {
    let place = Place::new().await;
    place.link("ana").await;
    let basic = place.bare(PATH).basic_auth(SECRET, Some(""));
    assert_eq!(basic.send().await.unwrap().status(), 200);
    let in_address = place.url(PATH).replace("http://", &format!("http://{SECRET}@"));
    assert_eq!(client().get(in_address).send().await.unwrap().status(), 200);
}

#[tokio::test]
async fn another_host_name_is_refused_although_it_leads_here() {
    let place = Place::new().await;
    let port = place.serving.address().port();
    for host in ["evil.example".to_owned(), format!("evil.example:{port}"), "127.0.0.1".to_owned()] {
        for path in [PATH, "/oauth/callback?state=x&code=y", "/oauth/connect/a?connection_id=1"] {
            let (status, error) = refusal(place.get(path).header("host", &host)).await;
            assert_eq!((status, error.contains("no other host")), (421, true), "{host}{path}");
        }
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let answer = place.get("/v1/status").header("host", format!("{host}:{port}")).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{host}");
    }
}

#[tokio::test]
async fn a_page_of_another_origin_is_refused_even_with_the_secret() {
    let place = Place::new().await;
    for origin in
        ["https://evil.example", "null", "http://localhost:8081", "http://localhost:8080.evil.example"]
    {
        let answer = place.get(PATH).header("origin", origin).send().await.unwrap();
        assert_eq!(answer.status(), 403, "{origin}");
        assert!(!answer.headers().contains_key("access-control-allow-origin"));
        let asked = client().request(reqwest::Method::OPTIONS, place.url(PATH));
        assert_eq!(asked.header("origin", origin).send().await.unwrap().status(), 403, "{origin}");
    }
    let two = place.get(PATH).header("origin", PAGE).header("origin", "https://evil.example");
    assert_eq!(two.send().await.unwrap().status(), 403);
    for site in ["cross-site", "same-site"] {
        let hidden = place.get(PATH).header("sec-fetch-site", site).send().await.unwrap();
        assert_eq!(hidden.status(), 403, "an image or a frame of another site tells no origin");
    }
    let foreign =
        Outcome::Refused { code: ErrorCode::NotPermitted, reason: Some("foreignOrigin".to_owned()) };
    let lines = place.door.lines.lock().unwrap();
    assert_eq!(lines.len(), 11, "each is written down, under no name that a page chose");
    assert!(lines.iter().all(|line| line.3 == foreign && line.0 == "http:unknown"));
}

#[tokio::test]
async fn a_page_of_an_allowed_origin_may_ask_and_read() {
    let place = Place::new().await;
    let asked = client()
        .request(reqwest::Method::OPTIONS, place.url("/v1/connections"))
        .header("origin", PAGE)
        .header("access-control-request-method", "GET")
        .header("access-control-request-headers", "authorization")
        .header("access-control-request-private-network", "true");
    let answer = asked.send().await.unwrap();
    assert_eq!(answer.status(), 204);
    let header = |name: &str| answer.headers()[name].to_str().unwrap().to_owned();
    assert_eq!(header("access-control-allow-origin"), PAGE);
    assert_eq!(header("access-control-allow-headers"), "authorization, content-type");
    assert_eq!(header("access-control-allow-private-network"), "true");
    let answer = place.get("/v1/connections").header("origin", PAGE).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["access-control-allow-origin"], PAGE);
    assert_eq!(answer.headers()["vary"], "origin");
    assert_eq!(place.door.lines.lock().unwrap()[0].0, format!("web:{PAGE}"), "the page is the caller");
}

#[tokio::test]
async fn a_caller_that_the_person_has_not_permitted_gets_nothing() {
    let place = Place::with(Door { shut: true, ..Door::default() }, Limits::default()).await;
    place.link("ana").await;
    let token = format!("/v1/connections/{BANK}/ana/token");
    for path in [PATH, "/config", "/v1/connections", "/v1/accounts", "/v1/events", &token] {
        let (status, error) = refusal(place.get(path)).await;
        assert_eq!((status, error.contains("has not permitted")), (403, true), "{path}: {error}");
    }
    let lines = place.door.lines.lock().unwrap();
    assert_eq!(lines.len(), 6, "each refusal is written down");
    let refused = |outcome: &broker::gate::Outcome| matches!(outcome, broker::gate::Outcome::Refused { .. });
    assert!(lines.iter().all(|line| refused(&line.3)));
    #[cfg(target_os = "linux")]
    assert!(lines[0].0.starts_with("http:/"), "Linux tells the program: {}", lines[0].0);
}

#[tokio::test]
async fn answers_are_kept_and_guessed_by_nobody() {
    let place = Place::new().await;
    for (request, status) in [(place.get("/v1/status"), 200), (place.bare("/v1/status"), 401)] {
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), status);
        assert_eq!(answer.headers()["cache-control"], "no-store");
        assert_eq!(answer.headers()["x-content-type-options"], "nosniff");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_named_with_one_that_is_free() {
    let place = Place::new().await;
    let taken = place.serving.address();
    let again =
        broker::http::Options { address: taken, ..options(&place.core, &place.door, Limits::default()) };
    let error = serve(again).await.unwrap_err();
    let ServeError::PortTaken { port, next: Some(next) } = error else { panic!("{error:?}") };
    assert_eq!(port, taken.port());
    assert!(next > port);
    let said = error.to_string();
    assert!(said.contains(&port.to_string()) && said.contains(&format!("{next} is free")), "{said}");
}

#[tokio::test]
async fn it_listens_to_this_computer_alone() {
    let place = Place::new().await;
    for address in ["0.0.0.0:0", "192.168.0.1:0", "[::]:0", "127.0.0.2:0"] {
        let address = address.parse().unwrap();
        let refused =
            serve(broker::http::Options { address, ..options(&place.core, &place.door, Limits::default()) });
        assert!(matches!(refused.await, Err(ServeError::NotLoopback(_))), "{address}");
    }
    let bent = broker::http::Options {
        allowed_origins: vec!["*".to_owned()],
        ..options(&place.core, &Arc::clone(&place.door), Limits::default())
    };
    assert!(matches!(serve(bent).await, Err(ServeError::Origin(_))));
}

#[tokio::test]
async fn stopping_frees_the_port() {
    let place = Place::new().await;
    let Place { serving, core, door, .. } = place;
    let address = serving.address();
    serving.stop().await;
    let again = serve(broker::http::Options { address, ..options(&core, &door, Limits::default()) }).await;
    assert_eq!(again.unwrap().address(), address);
}
