//! Each misbehaviour does what its name says.

use crate::client::{
    accounts_status, approved, authorization_url, bank, code, connected, exchange, exchange_request, http,
    invalid_grant, post, refresh, refresh_request, refusal, text,
};
use crate::pages::begin;
use sandbox::person::{self, Choices, PersonError};
use sandbox::{Endpoint, ExpiresIn, Misbehaviour, Sandbox};
use serde_json::Value;
use std::time::{Duration, Instant};

async fn bad(how: Misbehaviour) -> Sandbox {
    let bank = bank().await;
    bank.misbehave(how, None);
    bank
}

/// A connected bank that then misbehaves once, and its refresh token.
async fn bad_refresh(how: Misbehaviour) -> (Sandbox, String) {
    let bank = bank().await;
    let token = text(&connected(&bank).await, "refresh_token").to_owned();
    bank.misbehave(how, Some(1));
    (bank, token)
}

#[tokio::test]
async fn the_way_back_is_bent() {
    let returned = approved(&bad(Misbehaviour::WrongState).await).await;
    assert!(returned["state"] != "state-1" && returned.contains_key("code"));
    let returned = approved(&bad(Misbehaviour::MissingState).await).await;
    assert!(!returned.contains_key("state") && returned.contains_key("code"));
    let returned = approved(&bad(Misbehaviour::MissingIss).await).await;
    assert!(!returned.contains_key("iss") && returned.contains_key("code"));
    let bank = bad(Misbehaviour::WrongIss).await;
    let returned = approved(&bank).await;
    assert!(returned["iss"] != bank.issuer() && returned.contains_key("code"));
}

#[tokio::test]
async fn the_answer_is_an_error_although_the_person_allowed() {
    for (how, error) in
        [(Misbehaviour::DeniesConsent, "access_denied"), (Misbehaviour::ErrorServer, "server_error")]
    {
        let returned = approved(&bad(how).await).await;
        assert_eq!(returned["error"], error);
        assert!(!returned.contains_key("code"));
    }
}

#[tokio::test]
async fn a_token_answer_that_is_no_answer_leaves_the_grant_as_it_was() {
    for (how, status) in [
        (Misbehaviour::HtmlTokenAnswer(502), 502),
        (Misbehaviour::HtmlTokenAnswer(200), 200),
        (Misbehaviour::TruncatedTokenAnswer, 200),
        (Misbehaviour::EmptyTokenAnswer, 200),
        (Misbehaviour::TokenRedirect, 307),
        (Misbehaviour::ServerError503, 503),
        (Misbehaviour::RateLimited429, 429),
    ] {
        let (bank, token) = bad_refresh(how).await;
        let answer = refresh(&bank, &token).await;
        assert_eq!(answer.status(), status, "{how}");
        let headers = answer.headers().clone();
        match how {
            Misbehaviour::TokenRedirect => assert!(headers.contains_key("location")),
            Misbehaviour::ServerError503 | Misbehaviour::RateLimited429 => {
                assert_eq!(headers["retry-after"], "2");
            }
            _ => assert!(!headers.contains_key("retry-after")),
        }
        assert!(answer.json::<Value>().await.is_err(), "{how}");
        assert_eq!(refresh(&bank, &token).await.status(), 200, "{how}: once, and nothing was lost");
    }
}

#[tokio::test]
async fn an_error_it_invents_leaves_the_grant_as_it_was() {
    for (how, answer) in [
        (Misbehaviour::InvalidGrant, invalid_grant()),
        (Misbehaviour::InvalidClient, (401, "invalid_client".to_owned())),
    ] {
        let (bank, token) = bad_refresh(how).await;
        assert_eq!(refusal(refresh(&bank, &token).await).await, answer);
        assert_eq!(refresh(&bank, &token).await.status(), 200);
    }
}

#[tokio::test]
async fn a_huge_answer_streams_sixty_four_megabytes() {
    let (bank, token) = bad_refresh(Misbehaviour::HugeTokenAnswer).await;
    let mut answer = refresh(&bank, &token).await;
    let mut received = 0;
    while let Some(chunk) = answer.chunk().await.unwrap() {
        received += chunk.len();
    }
    assert!(received > 64 << 20);
}

#[tokio::test]
async fn a_bomb_is_small_on_the_wire_and_large_behind_it() {
    let (bank, token) = bad_refresh(Misbehaviour::GzipBomb).await;
    let plain = reqwest::Client::builder().no_gzip().no_proxy().build().unwrap();
    let request = refresh_request(&bank, &token).build().unwrap();
    let sent = plain.execute(request).await.unwrap();
    assert_eq!(sent.headers()["content-encoding"], "gzip");
    assert!(sent.bytes().await.unwrap().len() < 1 << 20);
    bank.misbehave(Misbehaviour::GzipBomb, Some(1));
    let mut unpacked = refresh(&bank, &token).await;
    let mut received = 0;
    while received < 32 << 20 {
        received += unpacked.chunk().await.unwrap().expect("more to come").len();
    }
}

#[tokio::test]
async fn a_slow_answer_waits_and_is_good() {
    let wait = Duration::from_millis(300);
    let (bank, token) = bad_refresh(Misbehaviour::SlowToken(wait)).await;
    let asked = Instant::now();
    assert_eq!(refresh(&bank, &token).await.status(), 200);
    assert!(asked.elapsed() >= wait);
}

#[tokio::test]
async fn a_dropped_answer_has_rotated_all_the_same() {
    let (bank, token) = bad_refresh(Misbehaviour::DropsTokenResponse).await;
    let heard = refresh_request(&bank, &token).send().await;
    assert!(heard.is_err(), "not even a status arrives");
    assert_eq!(bank.requests().refreshes(), 1);
    assert_eq!(refusal(refresh(&bank, &token).await).await, invalid_grant(), "the old one is spent");
}

#[tokio::test]
async fn a_grace_forgives_a_client_that_never_heard() {
    let (bank, token) = bad_refresh(Misbehaviour::DropsTokenResponse).await;
    bank.misbehave(Misbehaviour::GraceForReuse(Duration::from_secs(30)), None);
    assert!(refresh_request(&bank, &token).send().await.is_err());
    bank.clock().advance(Duration::from_secs(20));
    let answer: Value = refresh(&bank, &token).await.json().await.unwrap();
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 200);
    bank.clock().advance(Duration::from_secs(20));
    assert_eq!(refusal(refresh(&bank, &token).await).await, invalid_grant(), "the grace is over");
}

#[tokio::test]
async fn the_life_of_a_token_is_told_in_odd_ways() {
    for (how, told) in [
        (ExpiresIn::Missing, None),
        (ExpiresIn::Zero, Some("0")),
        (ExpiresIn::Negative, Some("-5")),
        (ExpiresIn::String, Some("\"300\"")),
        (ExpiresIn::Garbage, Some("\"soon\"")),
        (ExpiresIn::Huge, Some("1000000000000000")),
    ] {
        let answer = connected(&bad(Misbehaviour::ExpiresIn(how)).await).await;
        assert_eq!(answer.get("expires_in").map(Value::to_string).as_deref(), told, "{how:?}");
    }
}

#[tokio::test]
async fn scopes_are_fewer_or_more_than_asked() {
    let bank = bad(Misbehaviour::FewerScopes).await;
    let answer = connected(&bank).await;
    assert_eq!(answer["scope"], "openid profile");
    assert_eq!(accounts_status(&bank, text(&answer, "access_token")).await, 403);
    let answer = connected(&bad(Misbehaviour::MoreScopes).await).await;
    assert_eq!(answer["scope"], "openid profile accounts payments");
}

#[tokio::test]
async fn no_refresh_token_comes() {
    let bank = bad(Misbehaviour::NoRefreshToken).await;
    assert_eq!(connected(&bank).await.get("refresh_token"), None);
    let (bank, token) = bad_refresh(Misbehaviour::NoRefreshToken).await;
    let answer: Value = refresh(&bank, &token).await.json().await.unwrap();
    assert_eq!(answer.get("refresh_token"), None);
    assert_eq!(refresh(&bank, &token).await.status(), 200, "the old one stays good");
}

#[tokio::test]
async fn a_rotation_is_not_told() {
    let (bank, token) = bad_refresh(Misbehaviour::RotatesWithoutTelling).await;
    let answer: Value = refresh(&bank, &token).await.json().await.unwrap();
    assert_eq!(answer.get("refresh_token"), None);
    assert_eq!(refusal(refresh(&bank, &token).await).await, invalid_grant());
}

#[tokio::test]
async fn revocation_fails_and_revokes_nothing() {
    let (bank, token) = bad_refresh(Misbehaviour::RevocationFails).await;
    let form = [("client_id", bank.client_id()), ("token", token.as_str())];
    assert_eq!(post(&bank, "/oauth/revoke", &form).send().await.unwrap().status(), 503);
    assert_eq!(refresh(&bank, &token).await.status(), 200);
}

#[tokio::test]
async fn pages_lead_nowhere_without_a_script() {
    for (how, status) in [
        (Misbehaviour::PageClosesItself, 200),
        (Misbehaviour::PopupConsent, 200),
        (Misbehaviour::BlankPage, 200),
        (Misbehaviour::LoginErrorPage, 503),
    ] {
        let bank = bad(how).await;
        let stuck = person::approve(&authorization_url(&bank, &[]), &Choices::default()).await;
        assert!(matches!(stuck, Err(PersonError::Stuck { status: on }) if on == status), "{how}: {stuck:?}");
    }
}

#[tokio::test]
async fn an_answer_that_is_held_back_is_of_a_refresh_that_was_performed() {
    let (bank, token) = bad_refresh(Misbehaviour::SlowAnswer(Duration::from_secs(60))).await;
    let mut seen = bank.refreshes();
    let asked = tokio::spawn(refresh_request(&bank, &token).send());
    let at = *seen.wait_for(|seen| seen.performed == 1).await.unwrap();
    assert_eq!((at.arrived, at.replayed), (1, 0));
    assert!(!asked.is_finished(), "the client has not heard of it");
    asked.abort();
    assert_eq!(
        refusal(refresh(&bank, &token).await).await,
        invalid_grant(),
        "what it brought is in the book"
    );
    assert_eq!((seen.borrow().arrived, seen.borrow().replayed), (2, 1));
}

#[tokio::test]
async fn a_page_closes_itself_after_consent_and_never_redirects() {
    let bank = bad(Misbehaviour::PageClosesItself).await;
    let visit = begin(&bank, &[]).await;
    visit.post(&bank, "/sign-in", &[("user", "ana")]).await;
    let page = visit.post(&bank, "/consent", &[("decision", "allow"), ("account", "farol-savings")]).await;
    assert!(page.headers().get("location").is_none());
    assert!(page.headers()["content-security-policy"].to_str().unwrap().contains("script-src 'nonce-"));
    assert!(page.text().await.unwrap().contains(">window.close()</script>"));
}

#[tokio::test]
async fn windows_open_by_script_and_only_by_the_one_with_the_nonce() {
    for (how, signs_in, script, next) in [
        (Misbehaviour::PopupConsent, true, "window.open(next", "/consent?visit="),
        (Misbehaviour::BlankPage, false, "window.open('about:blank')", "/sign-in?visit="),
    ] {
        let bank = bad(how).await;
        let visit = begin(&bank, &[]).await;
        let page = if signs_in {
            let answer = visit.post(&bank, "/sign-in", &[("user", "ana")]).await;
            assert!(answer.headers()["location"].to_str().unwrap().starts_with("/open?"), "{how}");
            visit.other_page("/open").await
        } else {
            visit.page().await
        };
        let policy = page.headers()["content-security-policy"].to_str().unwrap().to_owned();
        let html = page.text().await.unwrap();
        assert!(html.contains(script) && html.contains(&format!("data-next=\"{next}")), "{how}");
        let (_, nonce) = policy.split_once("script-src 'nonce-").unwrap();
        let nonce = nonce.split('\'').next().unwrap();
        assert!(html.contains(&format!("<script nonce=\"{nonce}\">")), "{how}");
    }
}

#[tokio::test]
async fn a_page_that_never_answers_has_not_answered_when_the_sandbox_ends() {
    let bank = bad(Misbehaviour::PageNeverAnswers).await;
    let url = authorization_url(&bank, &[]);
    let waiting = tokio::spawn(async move { http().get(url).send().await });
    while bank.requests().count(Endpoint::Authorize) == 0 {
        tokio::task::yield_now().await;
    }
    assert!(!waiting.is_finished());
    drop(bank);
    let ended = waiting.await.unwrap();
    assert!(ended.is_err() || ended.is_ok_and(|answer| answer.status() == 503));
}

#[tokio::test]
async fn it_behaves_again_when_told_to_and_after_its_times() {
    let bank = bad(Misbehaviour::InvalidGrant).await;
    assert_eq!(exchange(&bank, "any", &[]).await.status(), 400);
    bank.behave();
    assert_eq!(exchange(&bank, &code(&bank).await, &[]).await.status(), 200);
    bank.misbehave(Misbehaviour::ServerError503, Some(2));
    let code = code(&bank).await;
    for expected in [503, 503, 200] {
        assert_eq!(exchange_request(&bank, &code, &[]).send().await.unwrap().status(), expected);
    }
}
