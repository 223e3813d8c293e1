//! An authorization that a page begins, to its end.

use crate::place::{BANK, Door, PAGE, PUBLISHABLE, Place, client, refusal};
use broker::caller::Access;
use broker::gate::Outcome;
use broker::http::Limits;
use connections::connection::Status;
use connections::view::AttemptPhase;
use reqwest::{RequestBuilder, Response};
use sandbox::Misbehaviour;
use sandbox::person::{self, Choices};
use serde_json::{Value, json};

const CONNECT: &str = "/oauth/connect/bank?connection_id=1";
const NO_KEY: &str = "Authentication failed. The request is missing a valid publishable key.";
const WRONG_KEY: &str = "Authentication failed. The provided publishable key is invalid.";

/// As a browser opens the address in a window that a page of `origin` opened.
fn opened_by(place: &Place, origin: &str, path: &str) -> RequestBuilder {
    let asked = place.bare(path).header("referer", format!("{origin}/"));
    asked
        .header("sec-fetch-site", "same-site")
        .header("sec-fetch-dest", "document")
        .header("sec-fetch-mode", "navigate")
}

fn location(answer: &Response) -> String {
    assert_eq!(answer.status(), 302);
    answer.headers()["location"].to_str().unwrap().to_owned()
}

/// The address that the provider leads back to, at an address that this test can reach.
fn reachable(place: &Place, landed: &str) -> String {
    let port = place.serving.address().port();
    let own = format!("http://localhost:{port}");
    assert!(landed.starts_with(&format!("{own}/oauth/callback?")), "{landed}");
    landed.to_owned()
}

/// What the page tells, and whom.
async fn told(answer: Response) -> (u16, Value, Value) {
    let status = answer.status().as_u16();
    let page = answer.text().await.unwrap();
    let value = |name: &str| {
        let after = page.split(&format!("var {name} = ")).nth(1).unwrap();
        serde_json::from_str::<Value>(after.split(";\n").next().unwrap()).unwrap()
    };
    (status, value("message"), value("origin"))
}

#[tokio::test]
async fn a_page_links_a_connection_and_is_told_at_its_origin_alone() {
    let place = Place::new().await;
    let begun = opened_by(&place, PAGE, CONNECT).send().await.unwrap();
    let landed = person::approve(&location(&begun), &Choices::default()).await.unwrap();
    let answer = client().get(reachable(&place, &landed)).send().await.unwrap();
    assert!(!answer.headers().contains_key("cross-origin-opener-policy"), "the opener would be lost");
    let data = json!({ "connectionId": "1", "providerConfigKey": BANK, "integrationKey": BANK });
    let message = json!({ "eventType": "AUTHORIZATION_SUCEEDED", "data": data });
    assert_eq!(told(answer).await, (200, message, json!(PAGE)));
    let connections = place.core.connections();
    assert_eq!(connections[0].status, Status::Linked);
    {
        let lines = place.door.lines.lock().unwrap();
        assert_eq!((lines[0].0.clone(), lines[0].1), (format!("web:{PAGE}"), Access::Connect));
        assert_eq!(lines[0].2.as_deref(), Some("bank/1"));
    }
    // An answer is taken once.
    let (status, message, origin) = told(client().get(&landed).send().await.unwrap()).await;
    assert_eq!((status, &origin), (500, &Value::Null));
    assert_eq!(message["data"]["error"]["type"], "state_err");
}

#[tokio::test]
async fn a_refusal_at_the_provider_and_one_of_its_tokens_have_their_types() {
    let place = Place::new().await;
    for (how, kind) in [(None, "callback_err"), (Some(Misbehaviour::InvalidGrant), "token_err")] {
        let begun = opened_by(&place, PAGE, CONNECT).send().await.unwrap();
        let landed = match how {
            None => person::deny(&location(&begun)).await.unwrap(),
            Some(how) => {
                place.bank.misbehave(how, None);
                person::approve(&location(&begun), &Choices::default()).await.unwrap()
            }
        };
        let (status, message, origin) = told(client().get(&landed).send().await.unwrap()).await;
        assert_eq!((status, origin), (500, json!(PAGE)));
        assert_eq!(message["eventType"], "AUTHORIZATION_FAILED");
        assert_eq!(message["data"]["error"]["type"], kind, "{message}");
        assert_eq!(message["data"]["connectionId"], "1");
    }
    assert!(place.core.connections().iter().all(|one| one.status != Status::Linked));
}

#[tokio::test]
async fn a_page_that_is_not_allowed_begins_nothing_whatever_it_sends() {
    let place = Place::new().await;
    let with_key = format!("{CONNECT}&pizzly_pkey={PUBLISHABLE}");
    for path in [CONNECT, with_key.as_str()] {
        let foreign = opened_by(&place, "https://evil.example", path);
        assert_eq!(foreign.send().await.unwrap().status(), 403, "{path}");
        for site in ["cross-site", "same-site", "same-origin"] {
            let hidden = place.bare(path).header("sec-fetch-site", site);
            assert_eq!(hidden.send().await.unwrap().status(), 403, "{site} without a referrer");
        }
        for dest in ["iframe", "image", "empty", "script"] {
            let framed =
                place.bare(path).header("referer", format!("{PAGE}/")).header("sec-fetch-dest", dest);
            assert_eq!(framed.send().await.unwrap().status(), 403, "{dest}");
        }
        let fetched = place.bare(path).header("origin", "https://evil.example");
        assert_eq!(fetched.send().await.unwrap().status(), 403);
        let bent = place.bare(path).header("referer", "about:blank");
        assert_eq!(bent.send().await.unwrap().status(), 403);
    }
    assert_eq!(refusal(place.bare(CONNECT)).await, (401, NO_KEY.to_owned()));
    let wrong = format!("{CONNECT}&pizzly_pkey=x");
    assert_eq!(refusal(place.bare(&wrong)).await, (401, WRONG_KEY.to_owned()));
    assert_eq!(refusal(opened_by(&place, PAGE, &wrong)).await, (401, WRONG_KEY.to_owned()));
    assert!(place.core.current_attempt().is_none());
    let lines = place.door.lines.lock().unwrap();
    assert!(lines.iter().all(|line| line.3 != Outcome::Given), "the person is not even asked: {lines:?}");
}

#[tokio::test]
async fn a_person_with_the_publishable_key_links_without_a_page() {
    let place = Place::new().await;
    let path = format!("{CONNECT}&pizzly_pkey={PUBLISHABLE}");
    let begun = place.bare(&path).header("sec-fetch-site", "none").send().await.unwrap();
    let landed = person::approve(&location(&begun), &Choices::default()).await.unwrap();
    let (status, _, origin) = told(client().get(&landed).send().await.unwrap()).await;
    assert_eq!((status, origin), (200, Value::Null), "nobody is told");
}

#[tokio::test]
async fn what_cannot_begin_is_told_to_the_page_in_the_old_types() {
    let place = Place::new().await;
    for (path, kind, text) in [
        ("/oauth/connect/bank", "missing_connection_id", "Missing connectionId."),
        ("/oauth/connect/", "no_provider_config_key", "Missing provider unique key."),
        (
            "/oauth/connect/none?connection_id=1",
            "unknown_config_key",
            "No Provider configuration with key \"none\".",
        ),
    ] {
        let (status, message, origin) = told(opened_by(&place, PAGE, path).send().await.unwrap()).await;
        assert_eq!((status, origin), (500, json!(PAGE)), "{path}");
        assert_eq!(message["data"]["error"], json!({ "type": kind, "message": text }));
    }
}

#[tokio::test]
async fn names_cannot_leave_the_page_script() {
    let place = Place::new().await;
    let bent = "%3C%2Fscript%3E%3Cscript%3Ealert(1)%3C%2Fscript%3E";
    let path = format!("/oauth/connect/{bent}?connection_id={bent}");
    let page = opened_by(&place, PAGE, &path).send().await.unwrap().text().await.unwrap();
    assert_eq!(page.matches("<script").count(), 1, "{page}");
    assert_eq!(page.matches("</script").count(), 1);
}

#[tokio::test]
async fn what_the_person_refuses_does_not_begin() {
    let place = Place::with(Door { shut: true, ..Door::default() }, Limits::default()).await;
    let answer = opened_by(&place, PAGE, CONNECT).send().await.unwrap();
    let (status, message, origin) = told(answer).await;
    assert_eq!((status, origin), (500, json!(PAGE)));
    assert_eq!(message["data"]["error"]["type"], "not_permitted");
    assert!(place.core.current_attempt().is_none());
}

#[tokio::test]
async fn a_forged_answer_ends_nothing() {
    let place = Place::new().await;
    opened_by(&place, PAGE, CONNECT).send().await.unwrap();
    for query in ["", "?code=c", "?state=s", "?code=c&state=forged", "?error=access_denied&state=forged"] {
        let (status, message, origin) =
            told(place.bare(&format!("/oauth/callback{query}")).send().await.unwrap()).await;
        assert_eq!((status, origin), (500, Value::Null), "{query}");
        assert_eq!(message["eventType"], "AUTHORIZATION_FAILED");
    }
    let framed = place.bare("/oauth/callback?code=c&state=s").header("sec-fetch-dest", "iframe");
    assert_eq!(framed.send().await.unwrap().status(), 403);
    assert_eq!(place.core.current_attempt().unwrap().phase, AttemptPhase::Waiting);
}
