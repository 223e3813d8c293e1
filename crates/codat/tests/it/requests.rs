//! What each request looks like, and which credentials may make it.

use crate::fixtures::{
    COMPANY, CONNECTION, OTHER_COMPANY, TOKEN, api_key, company, company_token, connection, sent,
};
use codat::{
    Api, CompanyId, ConnectionId, CorsSettings, DataType, Generation, ListQuery, NewCompany, NewCompanyError,
    Origin, PlatformKey, PullOperationId, RequestError,
};
use web::Request;

type Built = Result<Request, RequestError>;

#[test]
fn each_request_has_its_line_and_body() {
    let api = Api::codat();
    let credentials = api_key();
    let with = api.with(&credentials);
    let all = ListQuery::default();
    let base = "https://api.codat.io";
    let of_company = format!("{base}/companies/{COMPANY}");
    let invoices = DataType::parse("invoices").unwrap();
    let operation = PullOperationId::parse("d0f1").unwrap();
    let xero = PlatformKey::parse("gbol").unwrap();
    let origins = CorsSettings::default().with(&Origin::parse("https://a.example", false).unwrap());
    let list = "page=1&pageSize=100";
    let rows: Vec<(Built, String, &str)> = vec![
        (with.list_companies(&all), format!("GET {base}/companies?{list}"), ""),
        (
            with.create_company(&NewCompany::named("Acme").unwrap()),
            format!("POST {base}/companies"),
            r#"{"name":"Acme"}"#,
        ),
        (with.company(&company()), format!("GET {of_company}"), ""),
        (with.list_connections(&company(), &all), format!("GET {of_company}/connections?{list}"), ""),
        (
            with.connection(&company(), &connection()),
            format!("GET {of_company}/connections/{CONNECTION}"),
            "",
        ),
        (
            with.create_connection(&company(), &xero),
            format!("POST {of_company}/connections"),
            r#"{"platformKey":"gbol"}"#,
        ),
        (
            with.unlink(&company(), &connection()),
            format!("PATCH {of_company}/connections/{CONNECTION}"),
            r#"{"status":"Unlinked"}"#,
        ),
        (
            with.delete_connection(&company(), &connection()),
            format!("DELETE {of_company}/connections/{CONNECTION}"),
            "",
        ),
        (with.list_integrations(&all), format!("GET {base}/integrations?{list}"), ""),
        (with.integration(&xero), format!("GET {base}/integrations/gbol"), ""),
        (with.data_status(&company()), format!("GET {of_company}/dataStatus"), ""),
        (with.refresh_all(&company()), format!("POST {of_company}/data/all"), ""),
        (
            with.refresh_data_type(&company(), &invoices, None),
            format!("POST {of_company}/data/queue/invoices"),
            "",
        ),
        (
            with.refresh_data_type(&company(), &invoices, Some(&connection())),
            format!("POST {of_company}/data/queue/invoices?connectionId={CONNECTION}"),
            "",
        ),
        (with.list_pull_operations(&company(), &all), format!("GET {of_company}/data/history?{list}"), ""),
        (with.pull_operation(&company(), &operation), format!("GET {of_company}/data/history/d0f1"), ""),
        (with.access_token(&company(), Generation::Current), format!("GET {of_company}/accessToken"), ""),
        (
            with.access_token(&company(), Generation::Former),
            format!("GET {of_company}/connectionManagement/accessToken"),
            "",
        ),
        (with.cors_settings(Generation::Current), format!("GET {base}/corsSettings"), ""),
        (with.cors_settings(Generation::Former), format!("GET {base}/connectionManagement/corsSettings"), ""),
        (
            with.set_cors_settings(Generation::Current, &origins),
            format!("POST {base}/corsSettings"),
            r#"{"allowedOrigins":["https://a.example"]}"#,
        ),
        (
            with.set_cors_settings(Generation::Former, &CorsSettings::default()),
            format!("POST {base}/connectionManagement/corsSettings"),
            r#"{"allowedOrigins":[]}"#,
        ),
    ];
    for (built, line, body) in rows {
        let sent = sent(built.unwrap());
        assert_eq!(sent.line, line);
        assert_eq!(sent.body, body, "{line}");
        assert_eq!(sent.content_type.is_some(), !body.is_empty(), "{line}");
        assert!(sent.authorization.unwrap().starts_with("Basic "), "{line}");
        assert!(sent.sensitive, "the header is marked as not to be printed: {line}");
    }
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
    let asked = ListQuery::default().at_page(2).filtered("name~Acme&&created>2024").ordered("-created");
    assert_eq!(
        query(&asked).unwrap(),
        "page=2&pageSize=100&query=name%7EAcme%26%26created%3E2024&orderBy=-created"
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
