//! What is taken from callbacks and token answers, and what is refused; `fixtures` has the providers' own examples.

use jiff::Timestamp;
use providers::{Catalogue, Provider, ProviderId, TakenError};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn entry(id: &str) -> &'static Provider {
    Catalogue::built_in().get(&ProviderId::new(id)).unwrap()
}

fn pairs(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// When the answers below were asked for: 2026-11-21T12:00:00Z.
fn asked_at() -> Timestamp {
    Timestamp::from_second(1_795_262_400).unwrap()
}

fn judged(id: &str, answer: &Value) -> Option<oauth::Grant> {
    let response = oauth::Response {
        status: 200,
        content_type: None,
        retry_after: None,
        body: secret::Secret::new(answer.to_string().into_bytes()),
    };
    oauth::judge_token_response_in(&response, &entry(id).answer_shape(), &[], asked_at()).ok()
}

#[test]
fn the_end_of_a_token_that_says_none_is_the_documented_one() {
    let mut silent = 0;
    for provider in Catalogue::built_in().iter() {
        let Some(life) = provider.refresh.access_token_life_seconds else { continue };
        silent += 1;
        let id = provider.id.as_str();
        let mut answer = json!({"access_token": "T"});
        if let Some(at) = &provider.quirks.token_at {
            answer = json!({at.trim_start_matches('/'): answer});
        }
        let ends = judged(id, &answer).unwrap().expires_at.unwrap();
        assert_eq!(ends.duration_since(asked_at()).as_secs(), i64::from(life), "{id}: as documented");
    }
    assert!(silent > 0);
}

#[test]
fn what_does_not_match_is_refused() {
    let malformed = |name: &str| Err(TakenError::Malformed(name.to_owned()));
    let taken = |id: &str, name: &str, value: &str| entry(id).taken_from_callback(&pairs(&[(name, value)]));
    for value in ["1234567890\n", "1/../2345678", "12a45", "１２３４５６７８９０"] {
        assert_eq!(taken("quickbooks-online", "realmId", value), malformed("realmId"), "{value:?}");
    }
    for value in
        ["acme.myshopify.com.evil.example", "evil.example", "acme.myshopify.com/x", "x@acme.myshopify.com"]
    {
        assert_eq!(taken("shopify", "shop", value), malformed("shop"), "{value}");
    }
    for value in ["https://accounts.zoho.eu.evil.example", "http://accounts.zoho.eu", "https://evil.example"]
    {
        assert_eq!(taken("zoho-books", "accounts-server", value), malformed("domain"), "{value}");
    }
    for value in ["https://evil.example", "http://acme.my.salesforce.com", "https://acme.my.salesforce.com/x"]
    {
        let answer = json!({"instance_url": value});
        assert_eq!(
            entry("salesforce").taken_from_token_answer(&answer),
            malformed("instance_url"),
            "{value}"
        );
    }
}

#[test]
fn what_is_required_and_not_said_is_named() {
    let missing = |name: &str| Err(TakenError::Missing(name.to_owned()));
    assert_eq!(entry("quickbooks-online").taken_from_callback(&pairs(&[("code", "c")])), missing("realmId"));
    assert_eq!(
        entry("quickbooks-online").taken_from_callback(&pairs(&[("realmId", "")])),
        missing("realmId")
    );
    assert_eq!(entry("slack").taken_from_token_answer(&json!({"ok": false})), missing("team_id"));
    assert_eq!(entry("slack").taken_from_token_answer(&json!({"team": {"id": {}}})), missing("team_id"));
    assert_eq!(entry("zoho-books").taken_from_callback(&pairs(&[("code", "c")])), Ok(BTreeMap::new()));
}

#[test]
fn what_the_callback_says_fills_the_token_endpoint() {
    let lightspeed = entry("lightspeed-x-series");
    let none = BTreeMap::new();
    let sign_in = lightspeed.authorization_endpoint(&none).unwrap();
    assert_eq!(sign_in.as_str(), "https://secure.retail.lightspeed.app/connect");
    assert!(lightspeed.token_endpoint(&none).is_err(), "the store is not known yet");
    let store = lightspeed.taken_from_callback(&pairs(&[("domain_prefix", "honestmulch")])).unwrap();
    let exchange = lightspeed.token_endpoint(&store).unwrap();
    assert_eq!(exchange.as_str(), "https://honestmulch.retail.lightspeed.app/api/1.0/token");

    let zoho = entry("zoho-books");
    let mut values = pairs(&[("domain", "zoho.com")]);
    values.extend(
        zoho.taken_from_callback(&pairs(&[("accounts-server", "https://accounts.zoho.in")])).unwrap(),
    );
    assert_eq!(zoho.token_endpoint(&values).unwrap().host_str(), Some("accounts.zoho.in"));
}

#[test]
fn refreshing_has_its_own_endpoint_only_where_that_is_proven() {
    let clover = entry("clover");
    let region = pairs(&[("region", "eu.clover.com")]);
    assert_eq!(
        clover.refresh_endpoint(&region).unwrap().as_str(),
        "https://api.eu.clover.com/oauth/v2/refresh"
    );
    assert_eq!(clover.token_endpoint(&region).unwrap().as_str(), "https://api.eu.clover.com/oauth/v2/token");
    let none = BTreeMap::new();
    assert_eq!(entry("xero").refresh_endpoint(&none), entry("xero").token_endpoint(&none));
}
