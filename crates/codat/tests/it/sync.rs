//! Readings of data, and how each data type stands.

use crate::fixtures::{COMPANY, CONNECTION, answer, later, now, page_json};
use codat::{
    Category, DataType, ListQuery, Phase, PullOperation, PullStatus, judge_data_status, judge_pull_operation,
    judge_pull_operations,
};
use serde_json::{Value, json};

fn operation_json(status: &str) -> Value {
    json!({
        "id": "7911a54a-c808-4f4b-b87e-b195f52b4da5",
        "companyId": COMPANY,
        "connectionId": CONNECTION,
        "dataType": "invoices",
        "status": status,
        "statusDescription": null,
        "errorMessage": null,
        "requested": "2026-11-21T12:00:00",
        "completed": null,
        "progress": 40,
        "isCompleted": false,
        "isErrored": false
    })
}

fn read(body: &Value) -> PullOperation {
    judge_pull_operation(&answer(200, body), now()).unwrap()
}

#[test]
fn a_reading_is_read() {
    let one = read(&operation_json("Fetching"));
    assert_eq!(one.company_id.as_ref().unwrap().as_str(), COMPANY);
    assert_eq!(one.connection_id.as_ref().unwrap().as_str(), CONNECTION);
    assert_eq!(one.data_type, Some(DataType::parse("invoices").unwrap()));
    assert_eq!((one.progress, one.is_over()), (Some(40), false));
    assert_eq!(one.requested, Some(now()));
    for (sent, kept) in
        [(json!(140), Some(100)), (json!(-1), Some(0)), (json!(40.0), Some(40)), (json!("x"), None)]
    {
        let mut body = operation_json("Fetching");
        body["progress"] = sent;
        assert_eq!(read(&body).progress, kept);
    }
    assert!(judge_pull_operation(&answer(200, &json!({ "status": "Complete" })), now()).is_err());
}

#[test]
fn each_status_of_a_reading_has_its_phase() {
    let expected = |word: &str| match word {
        "Initial" | "Queued" => Phase::Waiting,
        "Complete" => Phase::Done,
        "AuthError" => Phase::NeedsApproval,
        "NotSupported" => Phase::NotSupported,
        "Cancelled" => Phase::Cancelled,
        "PrerequisiteNotMet" => Phase::Failed,
        word if word.ends_with("Error") => Phase::Failed,
        _ => Phase::Running,
    };
    assert_eq!(PullStatus::KNOWN.len(), 21, "as many as the platform API 3.0.0 has");
    for word in PullStatus::KNOWN {
        let one = read(&operation_json(word));
        assert_eq!(one.status.phase(), expected(word), "{word}");
        assert_eq!(one.status.as_str(), *word);
        assert_eq!(one.is_over(), !matches!(expected(word), Phase::Waiting | Phase::Running), "{word}");
    }
    let strange = read(&operation_json("Dreaming"));
    assert_eq!(strange.status, PullStatus::Other("Dreaming".to_owned()));
    assert!(!strange.is_over());
}

#[test]
fn a_connector_that_holds_back_says_until_when() {
    for (description, until) in [
        ("Paused until 2026-11-21T13:00:00.000Z", Some(later(3_600))),
        ("Paused until 2026-11-21T13:00:00", Some(later(3_600))),
        ("Paused until tomorrow", None),
        ("Working", None),
    ] {
        let mut body = operation_json("Queued");
        body["statusDescription"] = json!(description);
        assert_eq!(read(&body).paused_until(), until, "{description}");
    }
}

#[test]
fn readings_come_in_pages() {
    let list = [operation_json("Complete"), json!({ "status": "Complete" })];
    let page =
        judge_pull_operations(&answer(200, &page_json(&list, false)), &ListQuery::default(), now()).unwrap();
    assert_eq!((page.items.len(), page.skipped), (1, 1));
}

#[test]
fn data_types_stand_on_their_own() {
    let body = json!({
        "invoices": {
            "dataType": "invoices", "currentStatus": "Complete",
            "lastSuccessfulSync": "2026-11-20T06:15:43", "latestSyncId": "a", "latestSuccessfulSyncId": "b"
        },
        "bills": { "dataType": "bills" },
        "items": null,
        "banking-accounts": { "currentStatus": "Dreaming" },
        "journals": "broken",
        "not a type": {}
    });
    let statuses = judge_data_status(&answer(200, &body), now()).unwrap();
    let names: Vec<&str> = statuses.items.iter().map(|one| one.data_type.as_str()).collect();
    assert_eq!(names, ["banking-accounts", "bills", "invoices", "items"]);
    assert_eq!(statuses.skipped, 2);
    assert_eq!(statuses.items[0].current_status, Some(PullStatus::Other("Dreaming".to_owned())));
    assert_eq!(statuses.items[1].current_status, None, "never read");
    assert_eq!(statuses.items[3].current_status, None, "null: never read, and there to be read");
    assert_eq!(statuses.items[2].last_successful_sync, Some("2026-11-20T06:15:43Z".parse().unwrap()));
    assert!(judge_data_status(&answer(200, &json!([])), now()).is_err());
}

#[test]
fn data_types_have_words() {
    for (word, words) in [
        ("invoices", "invoices"),
        ("profitAndLoss", "profit and loss"),
        ("banking-accountBalances", "account balances"),
        ("commerce-productCategories", "product categories"),
        ("payroll-paySlips", "payroll pay slips"),
    ] {
        assert_eq!(DataType::parse(word).unwrap().words(), words);
    }
}

#[test]
fn data_types_have_categories() {
    for (word, known, category) in [
        ("invoices", true, Category::Accounting),
        ("banking-transactions", true, Category::Banking),
        ("commerce-orders", true, Category::Commerce),
        ("commerce-subscriptions", false, Category::Commerce),
        ("horoscopes", false, Category::Other),
        ("payroll-payslips", false, Category::Other),
    ] {
        let one = DataType::parse(word).unwrap();
        assert_eq!((one.is_known(), one.category()), (known, category), "{word}");
    }
    assert_eq!(DataType::known().count(), 43, "as many as the platform API 3.0.0 has");
}
