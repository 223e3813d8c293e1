//! What is taken from callbacks and token answers, with the providers' own examples.

use jiff::Timestamp;
use providers::{Catalogue, Provider, ProviderId, TakenError, TokenEncoding};
use serde_json::{Value, json};
use std::collections::BTreeMap;

fn entry(id: &str) -> &'static Provider {
    Catalogue::built_in().get(&ProviderId::new(id)).unwrap()
}

fn pairs(list: &[(&str, &str)]) -> BTreeMap<String, String> {
    list.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

/// Entry, callback as the provider sends it, and what is kept of it.
type Callback =
    (&'static str, &'static [(&'static str, &'static str)], &'static [(&'static str, &'static str)]);

const CALLBACKS: &[Callback] = &[
    (
        "quickbooks-online",
        &[("code", "AB11"), ("state", "s"), ("realmId", "9341453474484455")],
        &[("realmId", "9341453474484455")],
    ),
    (
        "shopify",
        &[("code", "c"), ("hmac", "da9d83c171400a41f8db91a950508985"), ("shop", "acme.myshopify.com")],
        &[("shop", "acme")],
    ),
    (
        "lightspeed-x-series",
        &[("code", "c"), ("domain_prefix", "honestmulch"), ("user_id", "b8ca3a6e")],
        &[("domain_prefix", "honestmulch")],
    ),
    (
        "clover",
        &[
            ("merchant_id", "ABCDEFGH12345"),
            ("employee_id", "ZYXWVUTS09876"),
            ("client_id", "x"),
            ("code", "c"),
        ],
        &[("employee_id", "ZYXWVUTS09876"), ("merchant_id", "ABCDEFGH12345")],
    ),
    (
        "amazon-seller",
        &[
            ("selling_partner_id", "A3FHEXAMPLEYWS"),
            ("spapi_oauth_code", "ANDMxqpCmqWHJeyzdbMH"),
            ("state", "s"),
        ],
        &[("selling_partner_id", "A3FHEXAMPLEYWS")],
    ),
    (
        "myob",
        &[("code", "c"), ("businessId", "0a1b2c3d-1111-2222-3333-444455556666")],
        &[("businessId", "0a1b2c3d-1111-2222-3333-444455556666")],
    ),
    (
        "zoho-books",
        &[("code", "c"), ("location", "eu"), ("accounts-server", "https://accounts.zoho.eu")],
        &[("domain", "zoho.eu")],
    ),
];

#[test]
fn a_callback_says_which_account_it_is_for() {
    for (id, said, kept) in CALLBACKS {
        assert_eq!(entry(id).taken_from_callback(&pairs(said)).as_ref(), Ok(&pairs(kept)), "{id}");
    }
}

fn token_answers() -> Vec<(&'static str, Value, BTreeMap<String, String>)> {
    vec![
        (
            "square",
            json!({"access_token": "T", "token_type": "bearer", "expires_at": "2026-12-21T16:15:50Z",
                   "merchant_id": "ML2PMZQ0EXAMPLE", "refresh_token": "R", "short_lived": false,
                   "refresh_token_expires_at": "2027-02-19T16:15:50Z"}),
            pairs(&[("merchant_id", "ML2PMZQ0EXAMPLE")]),
        ),
        (
            "salesforce",
            json!({"access_token": "T", "refresh_token": "R", "token_type": "Bearer", "issued_at": "1795262400000",
                   "instance_url": "https://acme.my.salesforce.com"}),
            pairs(&[("instance_url", "https://acme.my.salesforce.com")]),
        ),
        (
            "slack",
            json!({"ok": true, "access_token": "T", "token_type": "bot", "scope": "commands,incoming-webhook",
                   "bot_user_id": "U0KRQLJ9H", "team": {"name": "Acme", "id": "T9TK3CUKW"},
                   "enterprise": null, "authed_user": {"id": "U1234", "token_type": "user"}}),
            pairs(&[("team_id", "T9TK3CUKW")]),
        ),
        (
            "notion",
            json!({"access_token": "T", "token_type": "bearer", "workspace_id": "3c90c3cc-0d44-4b50-8888-8dd25736052a",
                   "bot_id": "4c90c3cc-0d44-4b50-8888-8dd25736052a", "workspace_name": "Ada's"}),
            pairs(&[
                ("bot_id", "4c90c3cc-0d44-4b50-8888-8dd25736052a"),
                ("workspace_id", "3c90c3cc-0d44-4b50-8888-8dd25736052a"),
            ]),
        ),
        (
            "mercado-pago",
            json!({"access_token": "T", "token_type": "bearer", "expires_in": 15_552_000, "refresh_token": "R",
                   "user_id": 123_456_789, "scope": "offline_access read write"}),
            pairs(&[("user_id", "123456789")]),
        ),
        (
            "dropbox",
            json!({"access_token": "T", "token_type": "bearer", "expires_in": 14_400,
                   "account_id": "dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc"}),
            pairs(&[("account_id", "dbid:AAH4f99T0taONIb-OurWxbNQ6ywGRopQngc")]),
        ),
        (
            "zoho-invoice",
            json!({"access_token": "T", "token_type": "Bearer", "expires_in": 3600,
                   "api_domain": "https://www.zohoapis.eu"}),
            pairs(&[("api_domain", "https://www.zohoapis.eu")]),
        ),
    ]
}

#[test]
fn a_token_answer_says_which_account_it_is_for() {
    for (id, answer, kept) in token_answers() {
        assert_eq!(entry(id).taken_from_token_answer(&answer), Ok(kept), "{id}");
    }
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
fn every_token_answer_here_is_one_that_links() {
    for (id, answer, _) in token_answers() {
        assert!(judged(id, &answer).is_some_and(|grant| grant.access_token.matches("T")), "{id}");
    }
}

#[test]
fn the_end_of_a_token_is_known_however_a_provider_says_it() {
    let square = &token_answers().remove(0).1;
    let grant = judged("square", square).unwrap();
    assert_eq!(grant.expires_at, Some("2026-12-21T16:15:50Z".parse().unwrap()));
    assert_eq!(grant.refresh_expires_at, Some("2027-02-19T16:15:50Z".parse().unwrap()));
    let clover = json!({"access_token": "T", "access_token_expiration": 1_795_264_200,
                        "refresh_token": "R", "refresh_token_expiration": 1_826_798_400});
    let grant = judged("clover", &clover).unwrap();
    assert_eq!(grant.expires_at, Some(Timestamp::from_second(1_795_264_200).unwrap()));
    assert_eq!(grant.refresh_expires_at, Some(Timestamp::from_second(1_826_798_400).unwrap()));
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
fn every_entry_that_takes_something_has_an_example_here() {
    let answers = token_answers();
    for provider in Catalogue::built_in().iter() {
        let id = provider.id.as_str();
        let callback = provider.quirks.callback.is_empty() || CALLBACKS.iter().any(|(one, ..)| *one == id);
        let answer = provider.quirks.token_answer.is_empty() || answers.iter().any(|(one, ..)| *one == id);
        let shared = id.starts_with("zoho-");
        assert!(shared || (callback && answer), "{id} takes something that no example shows");
    }
}

#[test]
fn the_identity_is_among_what_is_taken() {
    for (id, _, kept) in CALLBACKS.iter().filter(|(id, ..)| entry(id).quirks.identity.is_some()) {
        assert!(entry(id).identity_of(&pairs(kept)).is_some(), "{id}");
    }
    assert_eq!(entry("xero").identity_of(&pairs(&[("x", "y")])), None);
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

#[test]
fn odd_token_requests_are_told_apart() {
    assert_eq!(entry("bunq").quirks.token_request, TokenEncoding::Query);
    for id in ["notion", "spendesk", "square", "clover"] {
        assert_eq!(entry(id).quirks.token_request, TokenEncoding::Json, "{id}");
    }
    assert_eq!(entry("xero").quirks.token_request, TokenEncoding::Form);
    assert_eq!(entry("shopify").quirks.token_parameters, pairs(&[("expiring", "1")]));
    assert_eq!(entry("amazon-seller").quirks.code_parameter.as_deref(), Some("spapi_oauth_code"));
}
