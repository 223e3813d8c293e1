//! Lists, companies and integrations: what is taken of a whole, of a broken and of a strange answer.

use crate::fixtures::{
    COMPANY, CONNECTION, answer, connection_json, connection_with, later, now, page_json, text_answer,
};
use codat::{
    Category, ErrorKind, FeatureState, FeatureType, ListQuery, Page, SourceType, category, judge_companies,
    judge_company, judge_connections, judge_integration, judge_integrations,
};
use serde_json::{Value, json};

fn company_json() -> Value {
    json!({
        "id": COMPANY,
        "name": "Acme Ltd",
        "description": "Customer 7",
        "platform": "",
        "redirect": format!("https://link.codat.io/company/{COMPANY}?link.otp=CANARY1"),
        "lastSync": "2026-11-21T11:59:00+01:00",
        "created": "2024-04-22T08:24:45",
        "createdByUserName": null,
        "products": ["SyncForPayables"],
        "tags": { "uid": "7", "number": 7 },
        "ownerUserIds": [],
        "referenceSubsidiaryCompanies": [],
        "dataConnections": [connection_json(), { "status": "Linked" }, null]
    })
}

fn integration_json() -> Value {
    json!({
        "key": "gbol",
        "logoUrl": "https://static.codat.io/public/platforms/gbol.png",
        "name": "Xero",
        "enabled": true,
        "sourceId": "8a156a5a-39cb-4f9d-856e-76ef9b9a9607",
        "sourceType": "Accounting",
        "integrationId": "0f20c943-12d0-4800-9f6c-d218f62d494c",
        "isOfflineConnector": false,
        "isBeta": false,
        "dataProvidedBy": "Xero",
        "supportedEnvironments": "LiveAndSandbox",
        "datatypeFeatures": [
            { "datatype": "invoices", "supportedFeatures": [
                { "featureType": "Get", "featureState": "Release" },
                { "featureType": "Fly", "featureState": "Soon" }
            ]},
            { "dataType": "bills", "supportedFeatures": [{ "featureType": "Get", "featureState": "NotSupported" }] },
            { "supportedFeatures": [] }
        ]
    })
}

#[test]
fn a_company_is_read_with_its_connections() {
    let company = judge_company(&answer(200, &company_json()), now()).unwrap();
    assert_eq!(company.id.as_str(), COMPANY);
    assert_eq!(company.name.as_deref(), Some("Acme Ltd"));
    assert_eq!(company.last_sync, Some(later(-3_660)), "an offset counts");
    assert_eq!(company.created, Some("2024-04-22T08:24:45Z".parse().unwrap()), "no zone is UTC");
    assert_eq!(company.created_by, None);
    assert_eq!(company.products, ["SyncForPayables"]);
    assert_eq!(company.tags.into_iter().collect::<Vec<_>>(), [("uid".to_owned(), "7".to_owned())]);
    assert_eq!(company.connections.len(), 1);
    assert_eq!(company.connections[0].id.as_str(), CONNECTION);
    assert_eq!(company.skipped_connections, 2);
    assert!(company.link_url.unwrap().expose().contains("otp"));
}

#[test]
fn only_the_id_of_a_company_cannot_be_missed() {
    let bare = judge_company(&answer(200, &json!({ "id": COMPANY })), now()).unwrap();
    assert!(bare.name.is_none() && bare.link_url.is_none() && bare.connections.is_empty());
    let nulls: Value = company_json()
        .as_object()
        .unwrap()
        .keys()
        .map(|key| (key.clone(), if key == "id" { json!(COMPANY) } else { Value::Null }))
        .collect::<serde_json::Map<_, _>>()
        .into();
    assert!(judge_company(&answer(200, &nulls), now()).is_ok());
    for id in [json!(null), json!(""), json!(7), json!("../connections")] {
        let error = judge_company(&answer(200, &json!({ "id": id })), now()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{id}");
    }
}

#[test]
fn a_broken_element_is_skipped_and_counted() {
    let list =
        [connection_json(), json!(null), json!("x"), json!({}), connection_with(&json!({ "id": "b" }))];
    let page =
        judge_connections(&answer(200, &page_json(&list, false)), &ListQuery::default(), now()).unwrap();
    let ids: Vec<&str> = page.items.iter().map(|one| one.id.as_str()).collect();
    assert_eq!(ids, [CONNECTION, "b"]);
    assert_eq!(page.skipped, 3);
    assert_eq!(page.total, Some(5));
    assert_eq!(page.next, None);
}

fn page(asked: &ListQuery, body: &Value) -> Page<codat::Company> {
    judge_companies(&answer(200, body), asked, now()).unwrap()
}

#[test]
fn the_next_page_is_a_later_number() {
    let one = [json!({ "id": "a" })];
    let first = ListQuery::default();
    assert_eq!(page(&first, &page_json(&one, true)).next, Some(2));
    assert_eq!(page(&first, &page_json(&one, false)).next, None);
    assert_eq!(page(&first, &page_json(&[], true)).next, None, "an empty page ends the list");
    let second = ListQuery::default().at_page(2);
    assert_eq!(
        page(&second, &page_json(&one, true)).next,
        None,
        "a server that repeats page 1 ends the list"
    );
    let bare = |number: Value, total: u64| json!({ "results": one, "pageNumber": number, "pageSize": 1, "totalResults": total });
    assert_eq!(page(&first, &bare(json!(1), 2)).next, Some(2), "without links the count decides");
    assert_eq!(page(&first, &bare(json!(1), 1)).next, None);
    assert_eq!(page(&second, &bare(Value::Null, 3)).next, Some(3), "the page asked for stands in");
    assert_eq!(page(&first, &bare(json!(u64::from(u32::MAX)), u64::MAX)).next, None);
}

#[test]
fn a_link_to_elsewhere_is_not_followed() {
    let mut body = page_json(&[json!({ "id": "a" })], true);
    body["_links"]["next"]["href"] = json!("https://evil.example/companies?page=9000");
    assert_eq!(page(&ListQuery::default(), &body).next, Some(2));
}

#[test]
fn an_object_that_is_no_list_is_not_an_empty_list() {
    for body in ["{}", r#"{"error":"x"}"#, "[]"] {
        let error = judge_companies(&text_answer(200, body), &ListQuery::default(), now()).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::Unreadable, "{body}");
    }
    let empty = json!({ "pageNumber": 1, "pageSize": 100, "totalResults": 0 });
    assert!(page(&ListQuery::default(), &empty).items.is_empty());
}

#[test]
fn an_integration_is_read() {
    let one = judge_integration(&answer(200, &integration_json()), now()).unwrap();
    assert_eq!(one.key.as_str(), "gbol");
    assert!(one.enabled && !one.supports_offline_connector);
    assert_eq!(one.logo_url.as_ref().unwrap().host_str(), Some("static.codat.io"));
    let types: Vec<&str> = one.data_types.iter().map(|support| support.data_type.as_str()).collect();
    assert_eq!(types, ["invoices", "bills"], "both spellings count");
    assert_eq!(one.readable_types().map(ToString::to_string).collect::<Vec<_>>(), ["invoices"]);
    assert_eq!(
        one.data_types[0].features[1],
        (FeatureType::Other("Fly".to_owned()), FeatureState::Other("Soon".to_owned())),
        "unknown words survive"
    );
    assert_eq!(category(&one), Category::Accounting);
}

#[test]
fn an_integration_that_does_not_say_so_is_not_offered() {
    let list = [
        json!({ "key": "abcd", "logoUrl": "http://static.codat.io/x.png" }),
        json!({ "key": "efgh", "logoUrl": "javascript:alert(1)", "enabled": "yes" }),
        json!({ "name": "no key" }),
    ];
    let page =
        judge_integrations(&answer(200, &page_json(&list, false)), &ListQuery::default(), now()).unwrap();
    assert_eq!((page.items.len(), page.skipped), (2, 1));
    for one in &page.items {
        assert!(!one.enabled && one.logo_url.is_none(), "{one:?}");
        assert_eq!(category(one), Category::Other);
    }
}

#[test]
fn each_kind_of_platform_has_a_category() {
    for (word, expected) in [
        ("Accounting", Category::Accounting),
        ("accounting", Category::Accounting),
        ("Banking", Category::Banking),
        ("Commerce", Category::Commerce),
        ("BankFeed", Category::Other),
        ("Expense", Category::Other),
        ("Other", Category::Other),
        ("Unknown", Category::Other),
        ("Payroll", Category::Other),
        ("", Category::Other),
    ] {
        let body = connection_with(&json!({ "sourceType": word }));
        let page = judge_connections(&answer(200, &page_json(&[body], false)), &ListQuery::default(), now());
        assert_eq!(category(&page.unwrap().items[0]), expected, "{word}");
    }
    assert_eq!(SourceType::of("Payroll").as_str(), "Payroll");
    assert_eq!(SourceType::of("BANKFEED"), SourceType::BankFeed);
}
