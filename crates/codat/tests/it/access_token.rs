//! Access tokens: which endpoint is asked, how long an answer counts, and who else may hand one out.

use crate::fixtures::{
    COMPANY, OTHER_COMPANY, TOKEN, answer, codat_error, company, company_token, later, now, sent, text_answer,
};
use codat::{
    Api, CompanyId, CompanyToken, Credentials, ErrorKind, Generation, ListQuery, RequestError, TokenEndpoint,
    TokenEndpointError, judge_access_token, judge_company, judge_token_endpoint,
};
use secret::SecretString;
use serde_json::{Value, json};

#[test]
fn the_former_endpoint_is_asked_after_a_404_and_only_once() {
    for (asked, status, next) in [
        (Generation::Current, 404, Some(Generation::Former)),
        (Generation::Current, 410, Some(Generation::Former)),
        (Generation::Former, 404, None),
        (Generation::Current, 401, None),
        (Generation::Current, 403, None),
        (Generation::Current, 429, None),
        (Generation::Current, 503, None),
    ] {
        let error = judge_access_token(&codat_error(status), &company(), now()).unwrap_err();
        assert_eq!(asked.next_after_404(&error), next, "{asked:?} {status}");
    }
    assert_eq!(Generation::default(), Generation::Current);
}

fn judged(body: &Value) -> Result<CompanyToken, ErrorKind> {
    judge_access_token(&answer(200, body), &company(), now()).map_err(|error| error.kind())
}

#[test]
fn the_answers_own_lifetime_is_believed() {
    for (body, expires, renew) in [
        (json!({ "accessToken": TOKEN, "expiresIn": 86_400, "tokenType": "Bearer" }), 86_400, 86_100),
        (json!({ "accessToken": TOKEN }), 3_600, 3_300),
        (json!({ "accessToken": TOKEN, "expiresIn": null, "tokenType": null }), 3_600, 3_300),
        (json!({ "accessToken": TOKEN, "expiresIn": "600", "tokenType": "bearer" }), 600, 540),
        (json!({ "accessToken": TOKEN, "expiresIn": 0 }), 0, 0),
        (json!({ "accessToken": TOKEN, "expiresIn": -5 }), 0, 0),
        (json!({ "accessToken": TOKEN, "expiresIn": i64::MAX }), 2_678_400, 2_678_100),
        (json!({ "accessToken": TOKEN, "expiresIn": "soon" }), 3_600, 3_300),
    ] {
        let token = judged(&body).unwrap();
        assert_eq!((token.company(), token.token().expose().as_str()), (&company(), TOKEN));
        assert_eq!(token.expires_at(), later(expires), "{body}");
        assert_eq!(token.renew_at(), later(renew), "{body}");
        assert!(token.needs_renewal(later(renew)) && (renew == 0 || !token.needs_renewal(later(renew - 1))));
    }
}

#[test]
fn what_is_no_bearer_token_is_refused() {
    for body in [
        json!({}),
        json!({ "accessToken": null }),
        json!({ "accessToken": "" }),
        json!({ "accessToken": 7 }),
        json!({ "accessToken": "two words" }),
        json!({ "accessToken": "line\r\nX-Evil: 1" }),
        json!({ "accessToken": "é" }),
        json!({ "accessToken": "a".repeat(65_537) }),
        json!({ "accessToken": TOKEN, "tokenType": "mac" }),
    ] {
        assert_eq!(judged(&body).map(|_| ()), Err(ErrorKind::Unreadable), "{body}");
    }
    let parts = CompanyToken::new(company(), SecretString::from("a\nb"), now(), later(1));
    assert_eq!(parts.map(|_| ()).unwrap_err(), RequestError::Token);
}

#[test]
fn a_token_is_sent_as_bearer() {
    let api = Api::codat();
    let credentials = Credentials::CompanyToken(judged(&json!({ "accessToken": TOKEN })).unwrap());
    let request = api.with(&credentials).list_connections(&company(), &ListQuery::default()).unwrap();
    assert_eq!(sent(request).authorization.unwrap(), format!("Bearer {TOKEN}"));
    let refused = judge_company(&codat_error(401), now()).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Unauthorized, "what ended in the middle is had again");
    assert!(matches!(company_token(), Credentials::CompanyToken(_)));
}

fn endpoint(address: &str) -> Result<TokenEndpoint, TokenEndpointError> {
    TokenEndpoint::parse(&SecretString::from(address))
}

#[test]
fn an_endpoint_of_somebody_else_is_https_or_this_computer() {
    for (address, expected) in [
        ("https://lender.example/codat/token?k=CANARY", Ok("lender.example")),
        (" https://lender.example#x ", Ok("lender.example")),
        ("http://127.0.0.1:4000/token", Ok("127.0.0.1")),
        ("http://lender.example/token", Err(TokenEndpointError::NotHttps)),
        ("javascript:alert(1)", Err(TokenEndpointError::NotHttps)),
        ("https://u:p@lender.example/", Err(TokenEndpointError::UserInformation)),
        ("lender.example", Err(TokenEndpointError::NotAnAddress)),
        ("", Err(TokenEndpointError::NotAnAddress)),
    ] {
        let found = endpoint(address).map(|endpoint| endpoint.host().to_owned());
        assert_eq!(found, expected.map(ToOwned::to_owned), "{address}");
    }
    assert!(endpoint("http://localhost:4000/").unwrap().is_loopback());
}

#[test]
fn an_endpoint_is_asked_with_or_without_a_bearer() {
    let one = endpoint("https://lender.example/token?k=CANARY#x").unwrap();
    let plain = sent(one.request(None).unwrap());
    assert_eq!(plain.line, "GET https://lender.example/token?k=CANARY");
    assert_eq!(plain.authorization, None);
    let bearer = sent(one.request(Some(&SecretString::from("CANARY2"))).unwrap());
    assert_eq!(bearer.authorization.as_deref(), Some("Bearer CANARY2"));
    assert!(bearer.sensitive);
    let refused = one.request(Some(&SecretString::from("a\nb")));
    assert_eq!(refused.map(|_| ()).unwrap_err(), RequestError::Token);
    let again = TokenEndpoint::parse(&one.to_vault()).unwrap();
    assert_eq!(sent(again.request(None).unwrap()).line, plain.line);
}

#[test]
fn an_endpoints_answer_is_about_the_company_or_refused() {
    let judge = |body: &Value, expected: Option<&CompanyId>| {
        judge_token_endpoint(&answer(200, body), expected, now())
            .map(|token| (token.company().to_string(), token.expires_at()))
            .map_err(|error| error.kind())
    };
    let refused = Err(ErrorKind::Unreadable);
    let camel = json!({ "accessToken": TOKEN, "expiresIn": 60 });
    let snake = json!({ "access_token": TOKEN, "expires_in": 60, "token_type": "Bearer" });
    let ours = json!({ "accessToken": TOKEN, "companyId": COMPANY.to_uppercase() });
    let other = json!({ "accessToken": TOKEN, "companyId": OTHER_COMPANY });
    let broken = json!({ "accessToken": TOKEN, "companyId": "../x" });
    let dpop = json!({ "access_token": TOKEN, "token_type": "DPoP" });
    let known = company();
    for (body, expected, judged) in [
        (&camel, Some(&known), Ok((COMPANY.to_owned(), later(60)))),
        (&snake, Some(&known), Ok((COMPANY.to_owned(), later(60)))),
        (&ours, Some(&known), Ok((COMPANY.to_owned(), later(3_600)))),
        (&other, Some(&known), refused.clone()),
        (&broken, Some(&known), refused.clone()),
        (&dpop, Some(&known), refused.clone()),
        (&other, None, Ok((OTHER_COMPANY.to_owned(), later(3_600)))),
        (&camel, None, refused.clone()),
    ] {
        assert_eq!(judge(body, expected), judged, "{body} {expected:?}");
    }
    let page = judge_token_endpoint(&text_answer(200, "<html>"), Some(&known), now()).unwrap_err();
    assert_eq!(page.kind(), ErrorKind::Unreadable);
}
