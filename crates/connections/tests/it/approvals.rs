//! Parameters of a connection and what providers do otherwise, from the person's approval to a renewal.

use crate::person::{approve, begin, tokens};
use crate::world::{World, key, provider};
use connections::error::ErrorCode;
use connections::view::AttemptPhase;
use jiff::SignedDuration;
use providers::{Parameter, Provider, Quirks, Taken, Template, TokenEncoding};
use std::collections::BTreeMap;

fn template(text: &str) -> Template {
    serde_json::from_value(serde_json::json!(text)).unwrap()
}

/// A provider as the catalogue has them: endpoints with a place for a name.
fn listed(authorization: &str, token: &str) -> Provider {
    let mut listed = Provider { discovered: None, ..provider() };
    listed.endpoints.issuer = None;
    listed.endpoints.authorization = Some(template(authorization));
    listed.endpoints.token = Some(template(token));
    listed.endpoints.revocation = None;
    listed
}

fn parameter(name: &str, pattern: &str) -> Parameter {
    Parameter {
        name: name.to_owned(),
        en: "Shop".to_owned(),
        pt_br: "Loja".to_owned(),
        pattern: Some(pattern.to_owned()),
        example: None,
    }
}

fn taken(at: &str, name: &str, pattern: &str, required: bool) -> Taken {
    Taken { at: at.to_owned(), name: name.to_owned(), pattern: pattern.to_owned(), required }
}

#[tokio::test]
async fn a_shops_name_fills_every_address_and_is_kept_for_good() {
    let world = World::new();
    let shop = Provider {
        parameters: vec![parameter("shop", "[a-z0-9-]+")],
        ..listed("https://{shop}.shops.example/oauth", "https://{shop}.shops.example/token")
    };
    let core = world.with(shop, None).await;
    let attempt = begin(&core, &[("shop", " acme ")]).await.unwrap();
    assert_eq!(attempt.host, "acme.shops.example");
    world.bank.answer(200, tokens(0, ""));
    assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded);
    assert_eq!(core.connection(&key()).unwrap().parameters["shop"], "acme", "and is shown");
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, tokens(1, ""));
    core.token(&key(), None, "a test").await.unwrap();
    let hosts: Vec<_> = world.bank.sent().iter().map(|one| one.uri().host().unwrap().to_owned()).collect();
    assert_eq!(hosts, ["acme.shops.example", "acme.shops.example"]);
    let again = begin(&core, &[]).await.unwrap();
    assert_eq!(again.host, "acme.shops.example", "a reconnect need not ask again");
}

#[tokio::test]
async fn values_that_lead_elsewhere_are_refused() {
    let world = World::new();
    let shop = Provider {
        parameters: vec![parameter("shop", "[a-z0-9-]+")],
        ..listed("https://{shop}.shops.example/oauth", "https://{shop}.shops.example/token")
    };
    let core = world.with(shop, None).await;
    for value in ["evil.example/", "evil.example#", "a@evil.example", "a.b", "..", "a\nb", "ACME", ""] {
        let refused = begin(&core, &[("shop", value)]).await.err().unwrap();
        assert_eq!(
            (refused.code, refused.params["field"].as_str()),
            (ErrorCode::BadInput, "shop"),
            "{value:?}"
        );
    }
    let missing = begin(&core, &[]).await.err().unwrap();
    assert_eq!(missing.params["problem"], "required");
    let unknown = begin(&core, &[("shop", "acme"), ("host", "evil")]).await.err().unwrap();
    assert_eq!((unknown.code, unknown.params["field"].as_str()), (ErrorCode::BadInput, "host"));
    assert!(world.bank.sent().is_empty() && !world.store.has_connections());
}

#[tokio::test]
async fn the_accounts_server_of_the_callback_gets_the_code_only_when_it_is_on_the_list() {
    let pattern = r"https://accounts\.(?<kept>zoho\.(?:com|eu|in))";
    let zoho = || Provider {
        parameters: vec![parameter("domain", r"zoho\.(com|eu|in)")],
        quirks: Quirks {
            callback: vec![taken("accounts-server", "domain", pattern, true)],
            ..Quirks::default()
        },
        ..listed("https://accounts.zoho.com/auth", "https://accounts.{domain}/token")
    };
    let world = World::new();
    let core = world.with(zoho(), None).await;
    assert!(core.configs()[0].parameters.is_empty(), "the callback says it; the person is not asked");
    let attempt = begin(&core, &[]).await.unwrap();
    world.bank.answer(200, tokens(0, r#","api_domain":"https://www.zohoapis.eu""#));
    let eu = "code=c&location=eu&accounts-server=https%3A%2F%2Faccounts.zoho.eu";
    assert_eq!(approve(&world, &core, &attempt, eu).await.phase, AttemptPhase::Succeeded);
    assert_eq!(world.bank.sent()[0].uri().host(), Some("accounts.zoho.eu"));
    assert_eq!(world.store.connection().parameters["domain"], "zoho.eu");
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, tokens(1, ""));
    core.token(&key(), None, "a test").await.unwrap();
    assert_eq!(world.bank.sent()[1].uri().host(), Some("accounts.zoho.eu"), "renewals go there as well");

    for server in ["https://accounts.zoho.eu.evil.example", "https://evil.example", ""] {
        let world = World::new();
        let core = world.with(zoho(), None).await;
        let attempt = begin(&core, &[]).await.unwrap();
        let encoded: String = url::form_urlencoded::byte_serialize(server.as_bytes()).collect();
        let ended = approve(&world, &core, &attempt, &format!("code=CANARY&accounts-server={encoded}")).await;
        assert_eq!(ended.error.map(|error| error.code), Some(ErrorCode::ProviderAnswer), "{server}");
        assert!(world.bank.sent().is_empty(), "the code went nowhere");
    }
}

#[tokio::test]
async fn what_only_the_callback_or_the_answer_says_is_kept_as_extras() {
    let world = World::new();
    let books = Provider {
        quirks: Quirks {
            callback: vec![taken("realmId", "realm_id", "[0-9]+", true)],
            token_answer: vec![taken("/team/id", "team", "T[0-9]+", false)],
            identity: Some("realm_id".to_owned()),
            ..Quirks::default()
        },
        ..provider()
    };
    let core = world.with(books, None).await;
    let attempt = begin(&core, &[]).await.unwrap();
    world.bank.answer(200, tokens(0, r#","team":{"id":"T42"}"#));
    assert_eq!(approve(&world, &core, &attempt, "code=c&realmId=4620").await.phase, AttemptPhase::Succeeded);
    world.clock.advance(SignedDuration::from_secs(299));
    world.bank.answer(200, tokens(1, ""));
    let token = core.token(&key(), None, "a test").await.unwrap();
    assert_eq!((token.extras()["realm_id"].as_str(), token.extras()["team"].as_str()), ("4620", "T42"));
    assert_eq!(token.extras()["realmId"], "4620", "and as it came");
    assert_eq!(world.store.connection().subject.as_deref(), Some("4620"));
    assert_eq!(&world.store.extras(), token.extras());
}

#[tokio::test]
async fn token_requests_go_as_the_provider_wants_them() {
    for encoding in [TokenEncoding::Json, TokenEncoding::Query] {
        let world = World::new();
        let mut odd = Provider {
            quirks: Quirks {
                token_request: encoding,
                token_at: Some("/authed_user".to_owned()),
                token_headers: BTreeMap::from([("notion-version".to_owned(), "2022-06-28".to_owned())]),
                ..Quirks::default()
            },
            ..listed("https://odd.example/oauth", "https://odd.example/token")
        };
        odd.endpoints.refresh = Some(template("https://odd.example/renew"));
        let core = world.with(odd, None).await;
        let attempt = begin(&core, &[]).await.unwrap();
        world.bank.answer(200, format!(r#"{{"ok":true,"authed_user":{}}}"#, tokens(0, "")));
        assert_eq!(approve(&world, &core, &attempt, "code=c").await.phase, AttemptPhase::Succeeded);
        world.clock.advance(SignedDuration::from_secs(299));
        world.bank.answer(200, format!(r#"{{"ok":true,"authed_user":{}}}"#, tokens(1, "")));
        let token = core.token(&key(), None, "a test").await.unwrap();
        assert_eq!(token.access_token().expose(), "access-1");
        for (request, path, holds) in world
            .bank
            .sent()
            .iter()
            .zip(["/token", "/renew"])
            .zip(["code_verifier", "refresh_token"])
            .map(|((a, b), c)| (a, b, c))
        {
            assert_eq!(request.uri().path(), path);
            assert_eq!(request.headers()["notion-version"], "2022-06-28");
            let body = String::from_utf8_lossy(request.body());
            let (filled, other) = match encoding {
                TokenEncoding::Json => (body.into_owned(), request.uri().query().unwrap_or_default()),
                _ => (request.uri().query().unwrap_or_default().to_owned(), ""),
            };
            assert!(filled.contains(holds) && other.is_empty(), "{encoding:?}");
        }
    }
}

#[tokio::test]
async fn scopes_are_joined_and_the_code_is_found_where_the_provider_puts_it() {
    let world = World::new();
    let odd = Provider {
        scope_separator: providers::ScopeSeparator::Comma,
        quirks: Quirks { code_parameter: Some("spapi_oauth_code".to_owned()), ..Quirks::default() },
        ..provider()
    };
    let core = world.with(odd, None).await;
    let change = connections::ConfigChange {
        key: key().config_key,
        client_id: "mooring".to_owned(),
        client_secret: None,
        scopes: vec!["a".to_owned(), "b".to_owned()],
    };
    core.edit_config(change).await.unwrap();
    let attempt = begin(&core, &[]).await.unwrap();
    let address = core.authorization_address(&attempt.id).unwrap();
    assert_eq!(address.query_pairs().find(|(name, _)| name == "scope").unwrap().1, "a,b");
    world.bank.answer(200, tokens(0, ""));
    let ended = approve(&world, &core, &attempt, "spapi_oauth_code=CANARY-code&selling_partner_id=A1").await;
    assert_eq!(ended.phase, AttemptPhase::Succeeded);
    assert!(world.bank.asked()[0].contains("code=CANARY-code"));
    let extras = world.store.extras();
    assert_eq!(extras.get("selling_partner_id").map(String::as_str), Some("A1"));
    assert!(!extras.contains_key("spapi_oauth_code"), "a code is no extra");
}
