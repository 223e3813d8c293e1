//! One client of Codat with one company; an instant that stands still; answers in the shapes of the platform API.

use codat::{ApiKey, CompanyId, CompanyToken, ConnectionId, Credentials};
use jiff::{SignedDuration, Timestamp};
use secret::{Secret, SecretString};
use serde_json::{Value, json};
use web::{Request, Response};

pub(crate) const COMPANY: &str = "8a210b68-6988-11ed-a1eb-0242ac120002";
pub(crate) const OTHER_COMPANY: &str = "1f0a7c11-6988-11ed-a1eb-0242ac120002";
pub(crate) const CONNECTION: &str = "2e9d2c44-f675-40ba-8049-353bfcb5e171";
pub(crate) const XERO: &str = "0f20c943-12d0-4800-9f6c-d218f62d494c";
pub(crate) const KEY: &str = "CANARYkey01234567890123456789012345678901";
pub(crate) const TOKEN: &str = "CANARYtoken.eyJhbGciOiJub25lIn0.0123456789";

/// 2026-11-21T12:00:00Z.
pub(crate) fn now() -> Timestamp {
    Timestamp::from_second(1_795_262_400).unwrap()
}

pub(crate) fn later(seconds: i64) -> Timestamp {
    now() + SignedDuration::from_secs(seconds)
}

pub(crate) fn company() -> CompanyId {
    CompanyId::parse(COMPANY).unwrap()
}

pub(crate) fn connection() -> ConnectionId {
    ConnectionId::parse(CONNECTION).unwrap()
}

pub(crate) fn api_key() -> Credentials {
    Credentials::ApiKey(ApiKey::parse(&SecretString::from(KEY)).unwrap())
}

pub(crate) fn company_token() -> Credentials {
    let token = CompanyToken::new(company(), SecretString::from(TOKEN), now(), later(3_600)).unwrap();
    Credentials::CompanyToken(token)
}

/// An answer with JSON.
pub(crate) fn answer(status: u16, body: &Value) -> Response {
    text_answer(status, &body.to_string())
}

pub(crate) fn text_answer(status: u16, body: &str) -> Response {
    Response {
        status,
        content_type: Some("application/json; charset=utf-8".to_owned()),
        retry_after: None,
        body: Secret::new(body.as_bytes().to_vec()),
    }
}

/// An error as Codat writes it.
pub(crate) fn codat_error(status: u16) -> Response {
    answer(
        status,
        &json!({
            "statusCode": status,
            "service": "PublicApi",
            "error": "Something is wrong",
            "correlationId": "2b60a2bafedd3238702c2186a2dc833f",
            "validation": null,
            "canBeRetried": "Unknown",
            "detailedErrorCode": 0
        }),
    )
}

/// A linked connection to Xero.
pub(crate) fn connection_json() -> Value {
    json!({
        "id": CONNECTION,
        "integrationId": XERO,
        "integrationKey": "gbol",
        "sourceId": "8a156a5a-39cb-4f9d-856e-76ef9b9a9607",
        "sourceType": "Accounting",
        "platformName": "Xero",
        "linkUrl": format!("https://link-api.codat.io/companies/{COMPANY}/connections/{CONNECTION}/start?otp=CANARY7"),
        "status": "Linked",
        "lastSync": "2026-11-20T06:15:43.6464237Z",
        "created": "2024-04-22T08:24:45",
        "dataConnectionErrors": [{
            "statusCode": "403",
            "statusText": "Forbidden",
            "errorMessage": "User cancelled linking",
            "erroredOnUtc": "2024-04-22T08:20:00.123Z",
            "status": "Resolved",
            "resolvedOnUtc": "2024-04-22T08:24:45Z"
        }],
        "connectionInfo": { "organisation": "Acme Ltd", "secretish": "CANARY8" }
    })
}

/// `connection_json` with other members; null removes nothing, it is sent as null.
pub(crate) fn connection_with(members: &Value) -> Value {
    let mut one = connection_json();
    for (name, value) in members.as_object().unwrap() {
        one[name] = value.clone();
    }
    one
}

/// A page around `results`.
pub(crate) fn page_json(results: &[Value], more: bool) -> Value {
    let mut links = json!({
        "self": { "href": "/companies" },
        "current": { "href": "/companies?page=1&pageSize=100" }
    });
    if more {
        links["next"] = json!({ "href": "/companies?page=2&pageSize=100" });
    }
    json!({
        "results": results,
        "pageNumber": 1,
        "pageSize": 100,
        "totalResults": results.len(),
        "_links": links
    })
}

/// Method, address, body and `Authorization` of a request, taken apart.
pub(crate) struct Sent {
    pub(crate) line: String,
    pub(crate) body: String,
    pub(crate) authorization: Option<String>,
    pub(crate) content_type: Option<String>,
    pub(crate) sensitive: bool,
}

pub(crate) fn sent(request: Request) -> Sent {
    let request = request.into_http();
    let header =
        |name: http::HeaderName| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    Sent {
        line: format!("{} {}", request.method(), request.uri()),
        authorization: header(http::header::AUTHORIZATION),
        content_type: header(http::header::CONTENT_TYPE),
        sensitive: request
            .headers()
            .get(http::header::AUTHORIZATION)
            .is_some_and(http::HeaderValue::is_sensitive),
        body: String::from_utf8(request.body().clone()).unwrap(),
    }
}
