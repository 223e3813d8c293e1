//! Where a person approves, wherever an item may hold the address; and which addresses are not opened.

use crate::fixtures::{api, connector, item, later, with};
use pluggy::{Api, Item, PictureKind, code_to_scan, page_to_open};
use serde_json::{Value, json};

const PNG: &str = "iVBORw0KGgowMDAw";

fn waiting(changes: Value) -> Item {
    item(with(json!({ "status": "WAITING_USER_ACTION", "executionStatus": "WAITING_USER_ACTION" }), changes))
}

fn opened(item: &Item) -> Option<String> {
    page_to_open(item, None, &api()).map(|page| page.url.to_string())
}

#[test]
fn the_address_is_found_wherever_it_is() {
    let (first, second, third) = (
        "https://auth.bancoipe.example/action",
        "https://auth.bancoipe.example/question",
        "https://auth.bancoipe.example/all",
    );
    let action = |name: &str| json!({ "type": "authorize-access", "attributes": { name: first } });
    let question = json!({ "name": "oauth", "label": "Autorize", "data": second });
    let of_connector =
        || serde_json::to_value(json!({ "id": 600, "oauth": true, "oauthUrl": third })).unwrap();
    for name in ["url", "authorizationUrl", "oauthUrl", "redirectUrl", "link"] {
        let item = waiting(
            json!({ "userAction": action(name), "parameter": question, "connector": of_connector() }),
        );
        assert_eq!(opened(&item).as_deref(), Some(first), "{name}");
    }
    let item = waiting(json!({ "parameter": question, "connector": of_connector() }));
    assert_eq!(opened(&item).as_deref(), Some(second));
    let asked = waiting(
        json!({ "status": "WAITING_USER_INPUT", "executionStatus": "WAITING_USER_INPUT", "parameter": question }),
    );
    assert_eq!(opened(&asked).as_deref(), Some(second));
    let nested = json!({ "name": "oauth_code", "type": "oauth", "data": { "url": second } });
    assert_eq!(opened(&waiting(json!({ "parameter": nested }))).as_deref(), Some(second));
    assert_eq!(opened(&waiting(json!({ "connector": of_connector() }))).as_deref(), Some(third));
    let known = connector(json!({ "oauthUrl": third }));
    let bare = waiting(json!({ "connector": null }));
    assert_eq!(page_to_open(&bare, Some(&known), &api()).unwrap().url.as_str(), third);
    let closed = connector(json!({ "oauth": false, "oauthUrl": third }));
    assert!(page_to_open(&bare, Some(&closed), &api()).is_none());
    assert_eq!(opened(&waiting(json!({}))), None);
}

#[test]
fn nothing_is_opened_when_nothing_waits() {
    let action =
        json!({ "type": "authorize-access", "attributes": { "url": "https://auth.bancoipe.example/" } });
    for (status, execution, opens) in [
        ("UPDATING", "LOGIN_IN_PROGRESS", true),
        ("WAITING_USER_ACTION", "WAITING_USER_ACTION", true),
        ("UPDATED", "SUCCESS", false),
        ("UPDATED", "PARTIAL_SUCCESS", false),
        ("LOGIN_ERROR", "USER_AUTHORIZATION_NOT_GRANTED", false),
        ("OUTDATED", "ERROR", false),
    ] {
        let item = item(json!({ "status": status, "executionStatus": execution, "userAction": action }));
        assert_eq!(opened(&item).is_some(), opens, "{status}");
    }
    let running = item(json!({
        "status": "UPDATING", "executionStatus": "LOGIN_IN_PROGRESS",
        "connector": { "id": 1, "oauth": true, "oauthUrl": "https://auth.bancoipe.example/" }
    }));
    assert_eq!(opened(&running), None, "a connector's own address is meant only when the item waits");
}

#[test]
fn addresses_that_are_not_opened() {
    let at = |address: &str, api: &Api| {
        let item = waiting(json!({ "connector": null, "userAction": { "attributes": { "url": address } } }));
        page_to_open(&item, None, api).is_some()
    };
    let practice = Api::parse("http://127.0.0.1:9090").unwrap();
    let long = format!("https://auth.bancoipe.example/{}", "a".repeat(16 * 1024));
    for address in [
        "http://auth.bancoipe.example/",
        "javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "bancoipe://consent",
        "//auth.bancoipe.example",
        "https://ana:senha@auth.bancoipe.example/",
        "https://bancoipe.example@evil.example/",
        "",
        "x",
        long.as_str(),
        "http://localhost.evil.example/",
        "http://app.localhost/",
        "http://0.0.0.0/",
    ] {
        assert!(!at(address, &api()) && !at(address, &practice), "{address}");
    }
    for address in ["http://127.0.0.1:9090/bank", "http://localhost:9090/bank", "http://[::1]/"] {
        assert!(!at(address, &api()), "{address} is for practice only");
        assert!(at(address, &practice), "{address}");
    }
    assert!(at("https://auth.bancoipe.example/", &practice));
}

#[test]
fn the_page_says_until_when_and_shows_its_code() {
    let item = waiting(json!({
        "userAction": {
            "type": "qr", "expiresAt": "2026-11-21T12:10:00.000Z",
            "attributes": { "url": "https://auth.bancoipe.example/?CANARY", "qrCode": PNG }
        },
        "parameter": { "name": "x", "expiresAt": "2026-11-21T12:20:00.000Z" }
    }));
    let page = page_to_open(&item, None, &api()).unwrap();
    assert_eq!(page.expires_at, Some(later(600)));
    assert_eq!(page.qr.as_ref().map(pluggy::Picture::kind), Some(PictureKind::Png));
    assert!(!format!("{page:?}").contains("CANARY"));
    let item = waiting(json!({
        "parameter": { "name": "x", "data": "https://auth.bancoipe.example/", "expiresAt": "2026-11-21T12:20:00.000Z" }
    }));
    let page = page_to_open(&item, None, &api()).unwrap();
    assert_eq!((page.expires_at, page.qr), (Some(later(1_200)), None));
}

#[test]
fn a_code_may_be_all_there_is_to_scan() {
    let svg = "PHN2Zy8+";
    for (changes, shown) in [
        (json!({ "userAction": { "type": "qr", "attributes": { "qr": PNG } } }), true),
        (
            json!({ "userAction": { "type": "qr", "attributes": { "image": format!("data:image/png;base64,{PNG}") } } }),
            true,
        ),
        (json!({ "parameter": { "name": "qr", "type": "image", "data": PNG } }), true),
        (json!({ "userAction": { "type": "qr", "attributes": { "qr": svg } } }), false),
        (json!({ "userAction": { "type": "qr" } }), false),
        (json!({}), false),
    ] {
        let item = waiting(changes);
        assert_eq!(code_to_scan(&item).is_some(), shown, "{item:?}");
        assert!(page_to_open(&item, None, &api()).is_none());
    }
}
