//! Whatever arrives: nothing panics, nothing that was sent is printed, and no element is lost without being counted.

use crate::fixtures::{ITEM, answer, api, connector_json, item_json, now, with};
use pluggy::{
    Amount, ApiError, Form, OauthRedirect, Parameters, Picture, Question, Retry, WidgetEvent, judge_accounts,
    judge_api_key, judge_bills, judge_categories, judge_company_connect_token, judge_connector,
    judge_connectors, judge_consents, judge_deletion, judge_identity, judge_investments, judge_item,
    judge_loans, judge_submission, judge_transactions, judge_validation, page_to_open, standing,
};
use proptest::prelude::*;
use secret::SecretString;
use serde_json::{Map, Value, json};
use std::fmt::Write as _;
use web::Response;

/// JSON of any shape, with values that fields of answers have.
fn any_json() -> impl Strategy<Value = Value> {
    let scalar = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        "\\PC{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "UPDATED",
            "SUCCESS",
            "2026-11-21T12:00:00.000Z",
            "https://x.example/",
            "CANARY",
            "-1.50",
            "image",
            "(a+)+$",
        ])
        .prop_map(Value::from),
    ];
    scalar.prop_recursive(3, 24, 4, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
            prop::collection::vec((member(), inner), 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// Names that answers have, and others.
fn member() -> impl Strategy<Value = String> {
    let known = prop::sample::select(vec![
        "id",
        "status",
        "executionStatus",
        "statusDetail",
        "accounts",
        "isUpdated",
        "warnings",
        "error",
        "code",
        "message",
        "parameter",
        "userAction",
        "attributes",
        "url",
        "name",
        "type",
        "data",
        "validation",
        "credentials",
        "connector",
        "results",
        "page",
        "total",
        "totalPages",
        "next",
        "balance",
        "amount",
        "bankData",
        "errors",
        "details",
        "apiKey",
        "accessToken",
        "date",
        "dueDate",
        "callback",
        "payload",
        "event",
        "products",
        "emails",
    ]);
    prop_oneof![9 => known.prop_map(ToOwned::to_owned), 1 => "\\PC{0,8}"]
}

/// Everything that judges answers or reads what they gave; their words hold nothing that was sent.
fn judge_everywhere(response: &Response) {
    let sent = Parameters::new().with("senha", "CANARY");
    let mut printed = format!("{response:?}");
    let mut errors = Vec::new();
    macro_rules! keep {
        ($($judged:expr),+ $(,)?) => { $(errors.extend($judged.err());)+ };
    }
    keep!(
        judge_accounts(response, now()),
        judge_bills(response, now()),
        judge_categories(response, now()),
        judge_connectors(response, now()),
        judge_consents(response, now()),
        judge_deletion(response, now()),
        judge_identity(response, now()),
        judge_investments(response, now()),
        judge_loans(response, now()),
        judge_transactions(response, now()),
        judge_validation(response, &sent, now()),
        judge_submission(response, &sent, now()),
        judge_api_key(response, &SecretString::from("CANARY"), now()),
        judge_company_connect_token(response, now()),
    );
    match judge_connector(response, now()) {
        Ok(connector) => {
            for field in Form::of(&connector).fields {
                let _ = field.check("aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa!");
            }
        }
        Err(error) => errors.push(error),
    }
    match judge_item(response, now()) {
        Ok(item) => {
            let _ = (standing(&item), Question::of(&item), page_to_open(&item, None, &api()));
            let stored = serde_json::to_string(&item).unwrap();
            assert_eq!(serde_json::from_str::<pluggy::Item>(&stored).unwrap(), item);
        }
        Err(error) => errors.push(error),
    }
    for error in &errors {
        let error: &ApiError = error;
        write!(printed, "{error} {error:?}").unwrap();
        if let Retry::Later { not_before: Some(at) } = error.retry() {
            assert!(at > now() && at <= crate::fixtures::later(3_600));
        }
    }
    assert!(!printed.contains("CANARY"), "{printed}");
}

/// `whole` with some of its members replaced by anything.
fn damaged(whole: Value) -> impl Strategy<Value = Value> {
    let names: Vec<String> = whole.as_object().unwrap().keys().cloned().collect();
    prop::collection::vec((prop::sample::select(names), any_json()), 0..6).prop_map(move |changes| {
        with(whole.clone(), Value::Object(changes.into_iter().collect::<Map<_, _>>()))
    })
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, ..ProptestConfig::default() })]

    #[test]
    fn json_of_any_shape_is_judged_without_harm(
        body in any_json(),
        status in prop::sample::select(vec![200_u16, 201, 204, 302, 400, 401, 403, 404, 409, 429, 500, 503]),
        pause in prop::option::of("\\PC{0,30}"),
    ) {
        judge_everywhere(&Response { retry_after: pause, ..answer(status, body.to_string()) });
    }

    #[test]
    fn bodies_of_any_bytes_are_judged_without_harm(
        status in 100_u16..700,
        body in prop::collection::vec(any::<u8>(), 0..200),
    ) {
        judge_everywhere(&answer(status, body));
    }

    #[test]
    fn a_damaged_item_is_still_that_item(body in damaged(with(item_json(), json!({})))) {
        let response = answer(200, body.to_string());
        judge_everywhere(&response);
        if body["id"] == ITEM {
            prop_assert_eq!(judge_item(&response, now()).unwrap().id, ITEM);
        }
    }

    #[test]
    fn a_damaged_connector_is_still_that_connector(body in damaged(connector_json())) {
        let response = answer(200, body.to_string());
        judge_everywhere(&response);
        if body["id"] == 600 {
            prop_assert_eq!(judge_connector(&response, now()).unwrap().id, 600);
        }
    }

    #[test]
    fn answers_cut_anywhere_are_no_item(cut in 0_usize..1_500) {
        let body = item_json().to_string();
        let cut = (0..=cut.min(body.len() - 1)).rev().find(|at| body.is_char_boundary(*at)).unwrap();
        prop_assert!(judge_item(&answer(200, &body[..cut]), now()).is_err());
    }

    #[test]
    fn no_element_is_lost_without_being_counted(elements in prop::collection::vec(any_json(), 0..8)) {
        let body = json!({ "results": elements }).to_string();
        let page = judge_accounts(&answer(200, body), now()).unwrap();
        prop_assert_eq!(page.results.len() + page.skipped, elements.len());
    }

    #[test]
    fn amounts_keep_each_digit(units in -99_999_999_999_999_i64..99_999_999_999_999, cents in 0_u8..100) {
        let text = format!("{units}.{cents:02}");
        prop_assert_eq!(Amount::parse(&text).unwrap().to_string(), text.clone());
        let body = format!("[{{\"id\":\"a\",\"balance\":{text}}}]");
        let account = judge_accounts(&answer(200, body), now()).unwrap().results.remove(0);
        prop_assert_eq!(account.balance.unwrap().to_string(), text);
    }

    #[test]
    fn texts_of_any_kind_are_survived(text in "\\PC{0,80}") {
        let _ = (Amount::parse(&text), Picture::from_base64(&text), WidgetEvent::parse(&text));
        for deep_links in [false, true] {
            if let Ok(redirect) = OauthRedirect::parse(&text, deep_links) {
                prop_assert!(deep_links || redirect.as_str().starts_with("https://"));
            }
        }
    }

    #[test]
    fn widget_messages_of_any_shape_are_survived(message in any_json(), name in "on[A-Z][a-z]{3,6}") {
        let _ = WidgetEvent::parse(&message.to_string());
        let wrapped = json!({ "callback": name, "payload": message }).to_string();
        let read = WidgetEvent::parse(&wrapped).is_some();
        prop_assert!(read || name == "onEvent", "{}", wrapped);
    }

    #[test]
    fn patterns_of_any_kind_neither_panic_nor_hang(
        pattern in "([a-z]|\\.|\\(|\\)|\\*|\\+|\\?|\\||\\[|\\]|\\{|\\}|,|[0-9]|\\^|\\$|\\\\|-|:|=|!|<){0,24}",
        value in "[a-z0-9]{0,64}",
    ) {
        let body = with(connector_json(), json!({ "credentials": [{ "name": "a", "validation": pattern }] }));
        let connector = judge_connector(&answer(200, body.to_string()), now()).unwrap();
        let _ = Form::of(&connector).fields[0].check(&value);
    }
}
