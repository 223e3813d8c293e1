//! What is sent, to where, and with which key.

use crate::fixtures::{ACCOUNT, ITEM, api, key, now, taken};
use jiff::civil::date;
use pluggy::{
    Api, ApiAddressRefused, ApiKey, ConnectTokenOptions, ConnectorFilter, ConnectorType, Credential,
    CursorFilter, ItemDraft, ItemOptions, OauthRedirect, PageNumber, Parameters, Product, RequestError,
    TransactionFilter, company_connect_token,
};
use secret::SecretString;
use serde_json::{Value, json};
use url::Url;
use web::Request;

/// Method, address, key and JSON body of a request.
fn seen(request: Result<Request, RequestError>) -> (String, String, Option<String>, Value) {
    let request = taken(request.unwrap());
    let header = |name: &str| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    assert_eq!(header("accept").as_deref(), Some("application/json"));
    assert_eq!(header("authorization"), None);
    let body = match request.body().as_slice() {
        [] => Value::Null,
        body => {
            assert_eq!(header("content-type").as_deref(), Some("application/json"));
            serde_json::from_slice(body).unwrap()
        }
    };
    (request.method().to_string(), request.uri().to_string(), header("x-api-key"), body)
}

fn api_key() -> ApiKey {
    ApiKey { secret: key(), expires_at: now() }
}

fn password() -> Parameters {
    Parameters::new().with("user", "ana.souza").with("password", "CANARY \"senha\" ç")
}

#[test]
fn addresses_of_the_api() {
    for address in [
        "https://api.pluggy.ai",
        "https://gateway.example/pluggy/",
        "http://127.0.0.1:9090",
        "http://localhost:9090",
        "http://[::1]:9090",
    ] {
        assert!(Api::parse(address).is_ok(), "{address}");
    }
    for (address, why) in [
        ("http://api.pluggy.ai", ApiAddressRefused::NotHttps),
        ("http://127.0.0.1.evil.example", ApiAddressRefused::NotHttps),
        ("http://app.localhost:9090", ApiAddressRefused::NotHttps),
        ("http://0.0.0.0:9090", ApiAddressRefused::NotHttps),
        ("http://192.168.0.7", ApiAddressRefused::NotHttps),
        ("ftp://api.pluggy.ai", ApiAddressRefused::NotHttps),
        ("https://ana:CANARY@api.pluggy.ai", ApiAddressRefused::NotPlain),
        ("https://api.pluggy.ai?x=1", ApiAddressRefused::NotPlain),
        ("https://api.pluggy.ai#x", ApiAddressRefused::NotPlain),
        ("api.pluggy.ai", ApiAddressRefused::NotPlain),
    ] {
        assert_eq!(Api::parse(address), Err(why), "{address}");
    }
}

#[test]
fn the_address_may_lie_below_another() {
    let api = Api::parse("https://gateway.example/pluggy/").unwrap();
    let key = key();
    let (_, address, ..) = seen(api.item(Credential::ApiKey(&key), ITEM));
    assert_eq!(address, format!("https://gateway.example/pluggy/items/{ITEM}"));
}

#[test]
fn keys_and_tokens_are_asked_for() {
    let secret = SecretString::from("CANARY-secret");
    let (method, address, key_sent, body) = seen(api().auth("client-1", &secret));
    assert_eq!((method.as_str(), address.as_str(), key_sent), ("POST", "https://api.pluggy.ai/auth", None));
    assert_eq!(
        body,
        json!({ "clientId": "client-1", "clientSecret": "CANARY-secret", "nonExpiring": false })
    );

    let options = ConnectTokenOptions {
        client_user_id: Some("familia-souza".to_owned()),
        webhook_url: Some(Url::parse("https://mooring.example/hook").unwrap()),
        oauth_redirect_uri: Some(OauthRedirect::parse("https://mooring.example/back", false).unwrap()),
        avoid_duplicates: Some(true),
    };
    let (_, address, key_sent, body) = seen(api().connect_token(&api_key(), Some(ITEM), &options));
    assert_eq!(address, "https://api.pluggy.ai/connect_token");
    assert_eq!(key_sent.as_deref(), Some("CANARY-key"));
    assert_eq!(
        body,
        json!({
            "itemId": ITEM,
            "options": {
                "clientUserId": "familia-souza",
                "webhookUrl": "https://mooring.example/hook",
                "oauthRedirectUri": "https://mooring.example/back",
                "avoidDuplicates": true
            }
        })
    );
    let (.., body) = seen(api().connect_token(&api_key(), None, &ConnectTokenOptions::default()));
    assert_eq!(body, json!({ "options": {} }));
}

#[test]
fn a_company_gets_no_key_of_ours() {
    let endpoint = Url::parse("https://ipe.example/api/token?v=2#x").unwrap();
    let (method, address, key_sent, body) =
        seen(company_connect_token(&endpoint, Some(ITEM), &ConnectTokenOptions::default()));
    assert_eq!((method.as_str(), address.as_str()), ("POST", "https://ipe.example/api/token?v=2"));
    assert_eq!(key_sent, None);
    assert_eq!(body, json!({ "itemId": ITEM, "options": {} }));
    for refused in ["http://ipe.example/api/token", "ws://127.0.0.1/"] {
        let refused =
            company_connect_token(&Url::parse(refused).unwrap(), None, &ConnectTokenOptions::default());
        assert_eq!(refused.err(), Some(RequestError::Endpoint));
    }
}

#[test]
fn connectors_are_asked_for() {
    let key = key();
    let filter = ConnectorFilter {
        name: Some("Ipê & Cia".to_owned()),
        countries: vec!["BR".to_owned(), "AR".to_owned()],
        types: vec![ConnectorType::PersonalBank, ConnectorType::Other("FUTURE".to_owned())],
        include_sandbox: true,
        is_open_finance: Some(false),
        include_health: true,
    };
    let page = PageNumber { page: Some(2), page_size: Some(9_000) };
    let request = api().connectors(Credential::ConnectToken(&key), &filter, page).unwrap();
    assert_eq!(request.largest_answer(), 16 << 20);
    let (_, address, key_sent, _) = seen(Ok(request));
    assert_eq!(key_sent.as_deref(), Some("CANARY-key"));
    let query: Vec<_> = Url::parse(&address).unwrap().query_pairs().into_owned().collect();
    let pairs: Vec<_> = query.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    assert_eq!(
        pairs,
        [
            ("name", "Ipê & Cia"),
            ("countries", "BR,AR"),
            ("types", "PERSONAL_BANK,FUTURE"),
            ("sandbox", "true"),
            ("isOpenFinance", "false"),
            ("includeHealth", "true"),
            ("page", "2"),
            ("pageSize", "500"),
        ]
    );
    let all = api().connectors(Credential::ApiKey(&key), &ConnectorFilter::default(), PageNumber::default());
    assert_eq!(seen(all).1, "https://api.pluggy.ai/connectors");
}

#[test]
fn items_are_made_updated_answered_and_removed() {
    let key = key();
    let credential = Credential::ConnectToken(&key);
    let sent = json!({ "user": "ana.souza", "password": "CANARY \"senha\" ç" });
    let draft = ItemDraft {
        connector_id: 600,
        parameters: password(),
        options: ItemOptions {
            client_user_id: Some("familia-souza".to_owned()),
            products: vec![Product::Accounts, Product::Transactions],
            avoid_duplicates: Some(true),
            oauth_redirect_uri: Some(OauthRedirect::parse("https://mooring.example/back", false).unwrap()),
            webhook_url: None,
        },
    };
    let at = |path: &str| format!("https://api.pluggy.ai/{path}");
    let (method, address, _, body) = seen(api().create_item(credential, &draft));
    assert_eq!((method.as_str(), address), ("POST", at("items")));
    assert_eq!(
        body,
        json!({
            "connectorId": 600, "parameters": sent, "clientUserId": "familia-souza",
            "products": ["ACCOUNTS", "TRANSACTIONS"], "avoidDuplicates": true,
            "oauthRedirectUri": "https://mooring.example/back"
        })
    );
    let (method, address, _, body) = seen(api().validate_parameters(credential, 600, &password()));
    assert_eq!((method.as_str(), address, body), ("POST", at("connectors/600/validate"), sent.clone()));
    let (method, address, _, body) = seen(api().answer_mfa(credential, ITEM, &password()));
    assert_eq!((method.as_str(), address, body), ("POST", at(&format!("items/{ITEM}/mfa")), sent.clone()));
    let options = ItemOptions::default();
    let (method, _, _, body) = seen(api().update_item(credential, ITEM, Some(&password()), &options));
    assert_eq!((method.as_str(), body), ("PATCH", json!({ "parameters": sent })));
    let (_, address, _, body) = seen(api().update_item(credential, ITEM, None, &options));
    assert_eq!((address, body), (at(&format!("items/{ITEM}")), json!({})), "sync again");
    let (method, address, _, body) = seen(api().delete_item(credential, ITEM));
    assert_eq!((method.as_str(), address, body), ("DELETE", at(&format!("items/{ITEM}")), Value::Null));
}

#[test]
fn collected_data_is_asked_for() {
    let key = key();
    let (credential, api) = (Credential::ApiKey(&key), api());
    let page = PageNumber { page: Some(1), page_size: Some(500) };
    let by_page = TransactionFilter { from: Some(date(2026, 1, 2)), to: Some(date(2026, 11, 21)), page };
    let by_cursor =
        CursorFilter { from: Some(date(2026, 1, 2)), to: None, after: Some("a+b/c==".to_owned()) };
    let none = PageNumber::default();
    for (request, address) in [
        (api.connector(credential, 600), "connectors/600?includeHealth=true".to_owned()),
        (api.item(credential, ITEM), format!("items/{ITEM}")),
        (api.accounts(credential, ITEM, none), format!("accounts?itemId={ITEM}")),
        (api.accounts(credential, ITEM, page), format!("accounts?itemId={ITEM}&page=1&pageSize=500")),
        (
            api.transactions(credential, ACCOUNT, by_page),
            format!("transactions?accountId={ACCOUNT}&from=2026-01-02&to=2026-11-21&page=1&pageSize=500"),
        ),
        (
            api.transactions_after(credential, ACCOUNT, &by_cursor),
            format!("v2/transactions?accountId={ACCOUNT}&dateFrom=2026-01-02&after=a%2Bb%2Fc%3D%3D"),
        ),
        (api.identity(credential, ITEM), format!("identity?itemId={ITEM}")),
        (api.investments(credential, ITEM, page), format!("investments?itemId={ITEM}&page=1&pageSize=500")),
        (api.loans(credential, ITEM, none), format!("loans?itemId={ITEM}")),
        (api.consents(credential, ITEM, none), format!("consents?itemId={ITEM}")),
        (api.bills(credential, ACCOUNT, none), format!("bills?accountId={ACCOUNT}")),
        (api.categories(credential), "categories".to_owned()),
    ] {
        let (method, sent_to, key_sent, body) = seen(request);
        assert_eq!((method.as_str(), body), ("GET", Value::Null));
        assert_eq!(sent_to, format!("https://api.pluggy.ai/{address}"));
        assert_eq!(key_sent.as_deref(), Some("CANARY-key"));
    }
}

#[test]
fn what_is_no_identifier_leads_nowhere() {
    let key = key();
    let credential = Credential::ApiKey(&key);
    let long = "a".repeat(129);
    for id in ["", "..", ".", "../auth", "a/b", "a b", "a?b", "a%2f", "ã", "a\r\nb", long.as_str()] {
        let api = api();
        for request in [
            api.item(credential, id),
            api.delete_item(credential, id),
            api.update_item(credential, id, None, &ItemOptions::default()),
            api.answer_mfa(credential, id, &password()),
            api.accounts(credential, id, PageNumber::default()),
            api.transactions(credential, id, TransactionFilter::default()),
            api.transactions_after(credential, id, &CursorFilter::default()),
            api.connect_token(&api_key(), Some(id), &ConnectTokenOptions::default()),
        ] {
            assert_eq!(request.err(), Some(RequestError::Id), "{id:?}");
        }
    }
}

#[test]
fn what_fits_into_no_header_is_not_sent() {
    for token in ["", "CANARY\r\nX-Other: 1", "CANARY é", "CANARY key"] {
        let token = SecretString::from(token);
        for credential in [Credential::ApiKey(&token), Credential::ConnectToken(&token)] {
            let refused = api().item(credential, ITEM).unwrap_err();
            assert_eq!(refused, RequestError::Token);
            assert!(!format!("{refused} {refused:?} {credential:?}").contains("CANARY"));
        }
    }
}

#[test]
fn what_a_person_typed_is_not_printed() {
    let draft = ItemDraft { connector_id: 1, parameters: password(), options: ItemOptions::default() };
    let printed = format!("{draft:?} {:?}", password());
    assert!(!printed.contains("CANARY") && !printed.contains("ana.souza"), "{printed}");
}
