//! One client, one item; an instant that stands still; answers in the shapes of the API's own types.

use jiff::Timestamp;
use pluggy::{Api, Connector, Item, PRODUCTION, judge_connector, judge_item};
use secret::{Secret, SecretString};
use serde_json::{Value, json};
use web::{Request, Response};

/// The item that all answers are about.
pub(crate) const ITEM: &str = "1b0f3cd5-c902-4836-b68b-04cbd847f99a";
/// Its checking account.
pub(crate) const ACCOUNT: &str = "a658c848-e475-457b-8565-d1fffba127c4";

/// 2026-11-21T12:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_795_262_400).unwrap()
}

/// `seconds` from [`now`].
pub(crate) fn later(seconds: i64) -> Timestamp {
    Timestamp::from_second(now().as_second() + seconds).unwrap()
}

pub(crate) fn api() -> Api {
    Api::parse(PRODUCTION).unwrap()
}

pub(crate) fn key() -> SecretString {
    SecretString::from("CANARY-key")
}

pub(crate) fn answer(status: u16, body: impl AsRef<[u8]>) -> Response {
    Response {
        status,
        content_type: Some("application/json".to_owned()),
        retry_after: None,
        body: Secret::new(body.as_ref().to_vec()),
    }
}

pub(crate) fn json_answer(status: u16, body: &Value) -> Response {
    answer(status, body.to_string())
}

/// What a request prints must not show what it carries.
pub(crate) fn taken(request: Request) -> http::Request<Vec<u8>> {
    let printed = format!("{request:?}{request:#?}");
    assert!(!printed.contains("CANARY"), "{printed}");
    let request = request.into_http();
    let printed = format!("{:?}", request.headers());
    assert!(!printed.contains("CANARY"), "{printed}");
    request
}

/// A connector of Open Finance as the API lists it.
pub(crate) fn connector_json() -> Value {
    json!({
        "id": 600,
        "name": "Banco Ipê",
        "institutionUrl": "https://www.bancoipe.example",
        "imageUrl": "https://cdn.example/600.svg",
        "primaryColor": "1A7F37",
        "type": "PERSONAL_BANK",
        "country": "BR",
        "credentials": [{
            "validation": "^\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}$",
            "validationMessage": "O CPF deve ter 11 dígitos.",
            "label": "CPF",
            "name": "cpf",
            "type": "number",
            "placeholder": "000.000.000-00",
            "optional": false
        }],
        "hasMFA": false,
        "oauth": true,
        "health": { "status": "ONLINE", "stage": null, "details": { "connectionRateLast6Hours": 97.5, "connectionsLast6Hours": 40 } },
        "isOpenFinance": true,
        "isSandbox": false,
        "supportsPaymentInitiation": true,
        "supportsScheduledPayments": true,
        "supportsSmartTransfers": false,
        "supportsAutomaticPix": false,
        "supportsBoletoManagement": false,
        "products": ["ACCOUNTS", "CREDIT_CARDS", "TRANSACTIONS", "IDENTITY", "LOANS"],
        "createdAt": "2023-09-01T18:05:09.145Z",
        "updatedAt": "2026-11-01T09:00:00.000Z"
    })
}

/// An item whose last run ended well.
pub(crate) fn item_json() -> Value {
    json!({
        "id": ITEM,
        "connector": connector_json(),
        "status": "UPDATED",
        "executionStatus": "SUCCESS",
        "statusDetail": null,
        "error": null,
        "createdAt": "2026-11-20T10:00:00.000Z",
        "updatedAt": "2026-11-21T11:00:00.000Z",
        "lastUpdatedAt": "2026-11-21T10:59:00.000Z",
        "parameter": null,
        "userAction": null,
        "webhookUrl": null,
        "clientUserId": "familia-souza",
        "consecutiveFailedLoginAttempts": 0,
        "nextAutoSyncAt": "2026-11-22T10:59:00.000Z",
        "consentExpiresAt": null
    })
}

/// `base` with the members of `changes` in place of its own.
pub(crate) fn with(mut base: Value, changes: Value) -> Value {
    let (Value::Object(members), Value::Object(changes)) = (&mut base, changes) else {
        panic!("both are objects")
    };
    members.extend(changes);
    base
}

pub(crate) fn item(changes: Value) -> Item {
    judge_item(&json_answer(200, &with(item_json(), changes)), now()).unwrap()
}

pub(crate) fn connector(changes: Value) -> Connector {
    judge_connector(&json_answer(200, &with(connector_json(), changes)), now()).unwrap()
}
