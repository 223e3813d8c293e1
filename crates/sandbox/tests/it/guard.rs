//! What the sandbox refuses whoever asks.

use crate::client::{authorization_url, bank, connected, http, post, text};
use sandbox::{Endpoint, Options, Sandbox};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// The status of a raw request.
async fn status(bank: &Sandbox, request: &str) -> String {
    let mut stream = TcpStream::connect(bank.address()).await.unwrap();
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    answer.split(' ').nth(1).unwrap_or_default().to_owned()
}

#[tokio::test]
async fn a_foreign_host_name_is_refused_on_every_path() {
    let bank = bank().await;
    let port = bank.address().port();
    let get =
        |target: &str, hosts: &str| format!("GET {target} HTTP/1.1\r\n{hosts}Connection: close\r\n\r\n");
    let own = format!("Host: 127.0.0.1:{port}\r\n");
    for path in [
        "/",
        "/.well-known/openid-configuration",
        "/oauth/authorize",
        "/api/accounts",
        "/farol.css",
        "/pluggy/auth",
    ] {
        for hosts in [
            "Host: rebound.example\r\n".to_owned(),
            format!("Host: rebound.example:{port}\r\n"),
            format!("Host: localhost:{port}\r\n"),
            "Host: 127.0.0.1\r\n".to_owned(),
            format!("{own}Host: rebound.example\r\n"),
            String::new(),
        ] {
            let refused = status(&bank, &get(path, &hosts)).await;
            assert!(refused == "421" || refused == "400", "{path} with {hosts:?}: {refused}");
        }
    }
    let absolute = get(&format!("http://rebound.example:{port}/"), &own);
    assert_eq!(status(&bank, &absolute).await, "421");
    assert_eq!(status(&bank, &get("/", &own)).await, "200", "its own name is answered");
    assert_eq!(bank.requests().count(Endpoint::Accounts), 0, "a refused request reaches no endpoint");
}

#[tokio::test]
async fn it_listens_on_loopback_only() {
    for bind in ["0.0.0.0:0", "[::]:0", "192.0.2.1:0"] {
        let options = Options { bind: bind.parse().unwrap(), ..Options::default() };
        let error = Sandbox::start(options).await.unwrap_err();
        assert_eq!(error.kind(), std::io::ErrorKind::InvalidInput, "{bind}");
    }
}

#[tokio::test]
async fn its_port_is_free_when_it_has_stopped() {
    let bank = bank().await;
    let bind = bank.address();
    bank.stop().await;
    assert!(TcpStream::connect(bind).await.is_err());
    let again = Sandbox::start(Options { bind, ..Options::default() }).await.unwrap();
    assert_eq!(again.address(), bind);
}

#[tokio::test]
async fn long_bodies_and_long_addresses_are_refused() {
    let bank = bank().await;
    let long = "x".repeat(20_000);
    let form = post(&bank, "/oauth/token", &[("grant_type", &long)]).send().await.unwrap();
    assert_eq!(form.status(), 413);
    let url = authorization_url(&bank, &[("state", &long)]);
    assert_eq!(http().get(url).send().await.unwrap().status(), 414);
}

#[tokio::test]
async fn no_foreign_origin_may_read_an_answer() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let accounts = http()
        .get(format!("{}/api/accounts", bank.issuer()))
        .header("origin", "https://evil.example")
        .bearer_auth(text(&answer, "access_token"))
        .send()
        .await
        .unwrap();
    assert!(accounts.headers().get("access-control-allow-origin").is_none());
    assert_eq!(accounts.headers()["cache-control"], "no-store");
    assert_eq!(accounts.headers()["x-content-type-options"], "nosniff");
}

#[tokio::test]
async fn a_token_request_must_be_a_form_posted_once() {
    let bank = bank().await;
    let json = http()
        .post(format!("{}/oauth/token", bank.issuer()))
        .header("content-type", "application/json")
        .body("{\"grant_type\":\"refresh_token\"}");
    assert_eq!(json.send().await.unwrap().status(), 400);
    let get = http().get(format!("{}/oauth/token?grant_type=refresh_token", bank.issuer()));
    assert_eq!(get.send().await.unwrap().status(), 405);
    let twice = [("client_id", bank.client_id()), ("grant_type", "a"), ("grant_type", "a")];
    assert_eq!(post(&bank, "/oauth/token", &twice).send().await.unwrap().status(), 400);
}

#[tokio::test]
async fn what_is_logged_of_a_request_holds_none_of_its_values() {
    let bank = bank().await;
    let answer = connected(&bank).await;
    let shown = format!("{:?} {:?}", bank.requests(), bank);
    assert!(!shown.contains("farol_") && !shown.contains("state-1"));
    assert!(!shown.contains(text(&answer, "access_token")));
}
