//! What each request looks like, and which credentials may make it.

use crate::fixtures::{
    COMPANY, CONNECTION, OTHER_COMPANY, TOKEN, answer, api_key, company, company_token, connection, now, sent,
};
use codat::{
    Api, CompanyId, ConnectionId, CorsSettings, DataType, Generation, ListQuery, NewCompany, NewCompanyError,
    Origin, PlatformKey, PullOperationId, RequestError,
};
use serde_json::json;
use web::Request;

type Built = Result<Request, RequestError>;

/// Sends each with a key and compares it with its line and body.
fn check(rows: Vec<(Built, String, &str)>) {
    for (built, line, body) in rows {
        let sent = sent(built.unwrap());
        assert_eq!(sent.line, line);
        assert_eq!(sent.body, body, "{line}");
        assert_eq!(sent.content_type.is_some(), !body.is_empty(), "{line}");
        assert!(sent.authorization.unwrap().starts_with("Basic "), "{line}");
        assert!(sent.sensitive, "the header is marked as not to be printed: {line}");
    }
}

const BASE: &str = "https://api.codat.io";
const LIST: &str = "page=1&pageSize=100";

#[test]
fn companies_and_connections_are_asked_for_as_codat_says() {
    let (api, credentials, all) = (Api::codat(), api_key(), ListQuery::default());
    let with = api.with(&credentials);
    let of_company = format!("{BASE}/companies/{COMPANY}");
    let one = format!("{of_company}/connections/{CONNECTION}");
    let acme = NewCompany::named("Acme").unwrap();
    let xero = PlatformKey::parse("gbol").unwrap();
    check(vec![
        (with.list_companies(&all), format!("GET {BASE}/companies?{LIST}"), ""),
        (with.create_company(&acme), format!("POST {BASE}/companies"), r#"{"name":"Acme"}"#),
        (with.company(&company()), format!("GET {of_company}"), ""),
        (with.list_connections(&company(), &all), format!("GET {of_company}/connections?{LIST}"), ""),
        (with.connection(&company(), &connection()), format!("GET {one}"), ""),
        (
            with.create_connection(&company(), &xero),
            format!("POST {of_company}/connections"),
            r#"{"platformKey":"gbol"}"#,
        ),
        (with.unlink(&company(), &connection()), format!("PATCH {one}"), r#"{"status":"Unlinked"}"#),
        (with.delete_connection(&company(), &connection()), format!("DELETE {one}"), ""),
        (with.list_integrations(&all), format!("GET {BASE}/integrations?{LIST}"), ""),
        (with.integration(&xero), format!("GET {BASE}/integrations/gbol"), ""),
    ]);
}

#[test]
fn syncs_are_asked_for_as_codat_says() {
    let (api, credentials, all) = (Api::codat(), api_key(), ListQuery::default());
    let with = api.with(&credentials);
    let of_company = format!("{BASE}/companies/{COMPANY}");
    let queue = format!("POST {of_company}/data/queue/invoices");
    let invoices = DataType::parse("invoices").unwrap();
    let operation = PullOperationId::parse("d0f1").unwrap();
    check(vec![
        (with.data_status(&company()), format!("GET {of_company}/dataStatus"), ""),
        (with.refresh_all(&company()), format!("POST {of_company}/data/all"), ""),
        (with.refresh_data_type(&company(), &invoices, None), queue.clone(), ""),
        (
            with.refresh_data_type(&company(), &invoices, Some(&connection())),
            format!("{queue}?connectionId={CONNECTION}"),
            "",
        ),
        (with.list_pull_operations(&company(), &all), format!("GET {of_company}/data/history?{LIST}"), ""),
        (with.pull_operation(&company(), &operation), format!("GET {of_company}/data/history/d0f1"), ""),
    ]);
}

#[test]
fn whose_data_it_is_is_asked_for_as_codat_says() {
    let body = |members: serde_json::Value| codat::judge_profile(&answer(200, &members), now());
    assert_eq!(
        body(json!({ "companyName": "Rowan", "companyLegalName": "Rowan Ltd" })).unwrap().unwrap(),
        "Rowan"
    );
    assert_eq!(body(json!({ "companyLegalName": "Rowan Ltd" })).unwrap().unwrap(), "Rowan Ltd");
    assert_eq!(body(json!({})).unwrap(), None);
    assert!(body(json!([])).is_err());
}

#[test]
fn both_generations_are_asked_for_as_codat_says() {
    let (api, credentials) = (Api::codat(), api_key());
    let with = api.with(&credentials);
    let of_company = format!("{BASE}/companies/{COMPANY}");
    let former = format!("{BASE}/connectionManagement/corsSettings");
    let origins = CorsSettings::default().with(&Origin::parse("https://a.example", false).unwrap());
    check(vec![
        (with.access_token(&company(), Generation::Current), format!("GET {of_company}/accessToken"), ""),
        (
            with.access_token(&company(), Generation::Former),
            format!("GET {of_company}/connectionManagement/accessToken"),
            "",
        ),
        (with.cors_settings(Generation::Current), format!("GET {BASE}/corsSettings"), ""),
        (with.cors_settings(Generation::Former), format!("GET {former}"), ""),
        (
            with.set_cors_settings(Generation::Current, &origins),
            format!("POST {BASE}/corsSettings"),
            r#"{"allowedOrigins":["https://a.example"]}"#,
        ),
        (
            with.set_cors_settings(Generation::Former, &CorsSettings::default()),
            format!("POST {former}"),
            r#"{"allowedOrigins":[]}"#,
        ),
    ]);
}

#[test]
fn only_lists_may_be_large() {
    let (api, credentials, all) = (Api::codat(), api_key(), ListQuery::default());
    let with = api.with(&credentials);
    for built in
        [with.list_companies(&all), with.list_connections(&company(), &all), with.list_integrations(&all)]
    {
        assert_eq!(built.unwrap().largest_answer(), 16 << 20);
    }
    assert_eq!(with.connection(&company(), &connection()).unwrap().largest_answer(), web::LARGEST_ANSWER);
}

#[test]
fn a_token_reads_and_unlinks_connections_of_its_company_and_nothing_else() {
    let api = Api::codat();
    let credentials = company_token();
    let with = api.with(&credentials);
    let all = ListQuery::default();
    for built in [
        with.list_connections(&company(), &all),
        with.connection(&company(), &connection()),
        with.unlink(&company(), &connection()),
    ] {
        let sent = sent(built.unwrap());
        assert_eq!(sent.authorization.unwrap(), format!("Bearer {TOKEN}"));
        assert!(sent.sensitive);
    }
    let other = CompanyId::parse(OTHER_COMPANY).unwrap();
    for built in [
        with.list_connections(&other, &all),
        with.connection(&other, &connection()),
        with.unlink(&other, &connection()),
    ] {
        assert_eq!(built.map(|_| ()), Err(RequestError::OtherCompany));
    }
    let xero = PlatformKey::parse("gbol").unwrap();
    let invoices = DataType::parse("invoices").unwrap();
    for built in [
        with.list_companies(&all),
        with.create_company(&NewCompany::named("Acme").unwrap()),
        with.company(&company()),
        with.create_connection(&company(), &xero),
        with.delete_connection(&company(), &connection()),
        with.list_integrations(&all),
        with.integration(&xero),
        with.data_status(&company()),
        with.refresh_all(&company()),
        with.refresh_data_type(&company(), &invoices, None),
        with.list_pull_operations(&company(), &all),
        with.pull_operation(&company(), &PullOperationId::parse("1").unwrap()),
        with.access_token(&company(), Generation::Current),
        with.cors_settings(Generation::Current),
        with.set_cors_settings(Generation::Current, &CorsSettings::default()),
    ] {
        assert_eq!(built.map(|_| ()), Err(RequestError::NeedsApiKey));
    }
}

#[test]
fn a_list_is_asked_for_in_codats_words() {
    let api = Api::codat();
    let credentials = api_key();
    let query = |asked: &ListQuery| {
        api.with(&credentials)
            .list_companies(asked)
            .map(|request| sent(request).line.split_once('?').map(|(_, query)| query.to_owned()).unwrap())
    };
    let asked = ListQuery { page: 3, page_size: 50, ..ListQuery::default() };
    assert_eq!(query(&asked).unwrap(), "page=3&pageSize=50");
    let asked = ListQuery { page: 0, page_size: 9_999, ..ListQuery::default() };
    assert_eq!(query(&asked).unwrap(), "page=1&pageSize=5000", "what Codat refuses is not sent");
    let asked = ListQuery::default().at_page(2).filtered("name~Acme Ltd+&&created>2024").ordered("-created");
    assert_eq!(
        query(&asked).unwrap(),
        "page=2&pageSize=100&query=name%7EAcme%20Ltd%2B%26%26created%3E2024&orderBy=-created"
    );
    let long = ListQuery::default().filtered(&"a".repeat(2_048));
    assert_eq!(query(&long), Err(RequestError::QueryTooLong));
    for order in ["", "-", "name&x=1", "a b"] {
        assert_eq!(query(&ListQuery::default().ordered(order)), Err(RequestError::Order), "{order}");
    }
}

#[test]
fn an_id_cannot_lead_elsewhere() {
    for text in ["", ".", "..", "a/b", "a?b", "a#b", "%2e%2e", "a b", "é", "a\u{0}", &"a".repeat(65)] {
        assert!(CompanyId::parse(text).is_err(), "{text:?}");
        assert!(ConnectionId::parse(text).is_err(), "{text:?}");
        assert!(DataType::parse(text).is_err(), "{text:?}");
    }
    for text in ["gbol", "demobank_truelayer", "banking-accounts"] {
        assert_eq!(PlatformKey::parse(text).unwrap().as_str(), text);
    }
}

#[test]
fn a_company_is_made_as_codat_will_store_it() {
    let stored = |name: &str| NewCompany::named(name).map(|company| company.name().to_owned());
    assert_eq!(stored("  Smith & Söhne (UK) Ltd. "), Ok("Smith & Söhne UK Ltd.".to_owned()));
    assert_eq!(stored("<script>"), Ok("script".to_owned()));
    for name in ["", "   ", "---", "§%/()"] {
        assert_eq!(stored(name), Err(NewCompanyError::Name), "{name:?}");
    }
    let company = || NewCompany::named("Acme").unwrap();
    assert_eq!(company().tagged("", "x"), Err(NewCompanyError::Tag));
    assert_eq!(company().tagged(&"k".repeat(28), "x"), Err(NewCompanyError::Tag));
    assert_eq!(company().tagged("k", &"v".repeat(101)), Err(NewCompanyError::Tag));
    let ten = (0..10).try_fold(company(), |one, n| one.tagged(&format!("k{n}"), "v")).unwrap();
    assert_eq!(ten.tagged("k10", "v"), Err(NewCompanyError::TooManyTags));

    let api = Api::codat();
    let credentials = api_key();
    let full = company().described("A shop").tagged("uid", "1").unwrap();
    let sent = sent(api.with(&credentials).create_company(&full).unwrap());
    assert_eq!(sent.body, r#"{"description":"A shop","name":"Acme","tags":{"uid":"1"}}"#);
}
