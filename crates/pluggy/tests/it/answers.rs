//! Lists: their pages, their cursors, and elements that cannot be read.

use crate::fixtures::{answer, connector_json, json_answer, now};
use pluggy::{
    ErrorKind, Page, UnreadableAnswer, judge_accounts, judge_categories, judge_connectors, judge_transactions,
};
use serde_json::{Value, json};
use std::time::{Duration, Instant};

fn transactions(body: &Value) -> Page<pluggy::Transaction> {
    judge_transactions(&json_answer(200, body), now()).unwrap()
}

#[test]
fn pages_count_on() {
    let page = |page: Value, pages: Value| {
        transactions(&json!({ "results": [{ "id": "t-1" }], "page": page, "total": 41, "totalPages": pages }))
    };
    let first = page(json!(1), json!(3));
    assert_eq!(
        (first.page, first.total_pages, first.total, first.next_number()),
        (Some(1), Some(3), Some(41), Some(2))
    );
    assert_eq!(page(json!(3), json!(3)).next_number(), None);
    assert_eq!(page(json!("2"), json!("3")).next_number(), Some(3), "numbers as texts");
    for odd in [json!(null), json!(-1), json!(1.5), json!("x"), json!([])] {
        assert_eq!(page(odd.clone(), json!(3)).next_number(), None, "{odd}");
    }
    assert_eq!(page(json!(u64::MAX), json!(u64::MAX)).next_number(), None);
}

#[test]
fn cursors_are_taken_out_of_their_link() {
    for (next, cursor) in [
        (json!("https://api.pluggy.ai/v2/transactions?accountId=1&after=YWJj%3D%3D"), Some("YWJj==")),
        (json!("/v2/transactions?after=YWJj"), Some("YWJj")),
        (json!("?after=YWJj#x"), Some("YWJj")),
        (json!("https://evil.example/?after=YWJj"), Some("YWJj")),
        (json!("https://api.pluggy.ai/v2/transactions?after="), None),
        (json!("https://api.pluggy.ai/v2/transactions"), None),
        (json!(null), None),
        (json!(7), None),
    ] {
        let page = transactions(&json!({ "results": [], "next": next }));
        assert_eq!(page.next.as_deref(), cursor, "{next}");
        assert_eq!((page.page, page.next_number()), (None, None));
    }
}

#[test]
fn a_broken_element_costs_itself_and_is_counted() {
    let body = json!({
        "results": [
            { "id": "t-1", "amount": 1 },
            null, 7, "x", [], {}, { "id": null }, { "id": "" },
            { "id": "t-2", "amount": { "value": 1 }, "date": "yesterday", "type": [], "merchant": "loja" },
            { "id": 3 }
        ],
        "page": 1, "total": 10, "totalPages": 1
    });
    let page = transactions(&body);
    assert_eq!(page.results.iter().map(|one| one.id.as_str()).collect::<Vec<_>>(), ["t-1", "t-2", "3"]);
    assert_eq!(page.skipped, 7);
    let odd = &page.results[1];
    assert_eq!((odd.amount, odd.date, &odd.direction, &odd.merchant), (None, None, &None, &None));
}

#[test]
fn lists_come_bare_or_without_numbers() {
    for body in ["[{\"id\":\"01\",\"description\":\"Alimentação\"}]", "{\"results\":[{\"id\":\"01\"}]}"] {
        let page = judge_categories(&answer(200, body), now()).unwrap();
        assert_eq!((page.results[0].id.as_str(), page.skipped, page.total), ("01", 0, None));
    }
    let marked = answer(200, "\u{feff}[]");
    assert!(judge_categories(&marked, now()).unwrap().results.is_empty(), "a byte order mark is no harm");
    for body in ["{}", "null", "7", "{\"results\":null}", "{\"results\":{}}", "{\"result\":[]}"] {
        let error = judge_accounts(&answer(200, body), now()).unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unreadable(UnreadableAnswer::Shape), "{body}");
    }
}

#[test]
fn ten_thousand_connectors_are_read_at_once() {
    let one = connector_json().to_string();
    let connectors: Vec<String> = (0..10_000)
        .map(|id| {
            one.replace("\"id\":600", &format!("\"id\":{id}")).replace("Banco Ipê", &format!("Banco {id}"))
        })
        .collect();
    let body = format!("{{\"results\":[{}],\"page\":1,\"totalPages\":1}}", connectors.join(","));
    assert!(body.len() < 16 << 20, "{} bytes, which is what is read", body.len());
    let response = answer(200, body);
    let begun = Instant::now();
    let page = judge_connectors(&response, now()).unwrap();
    // A hundred times what it takes, unoptimized, on a slow machine.
    assert!(begun.elapsed() < Duration::from_secs(60), "{:?}", begun.elapsed());
    assert_eq!((page.results.len(), page.skipped), (10_000, 0));
    assert_eq!(page.results[9_999].name.as_deref(), Some("Banco 9999"));
}

#[test]
fn depth_is_no_harm() {
    for depth in [100, 100_000] {
        let deep = format!("{}{}", "[".repeat(depth), "]".repeat(depth));
        let body = format!("{{\"results\":[{{\"id\":\"t-1\",\"merchant\":{deep}}}]}}");
        if let Ok(page) = judge_transactions(&answer(200, body), now()) {
            assert_eq!(page.results[0].merchant, None);
        }
    }
}
