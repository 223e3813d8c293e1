//! Every status with every execution status, and what each becomes.

use crate::fixtures::item;
use pluggy::{ExecutionStatus, ItemStatus, ProductState, Progress, Reason, Turn, standing};
use serde_json::json;

/// What one cell of the table says.
fn cell(status: &str, execution: &str) -> (Progress, Turn, bool) {
    // Never linked before, so that a refused approval is not a consent that ended.
    let item = item(json!({
        "status": status, "executionStatus": execution, "lastUpdatedAt": null,
        "parameter": { "name": "token", "label": "Token", "type": "number" }
    }));
    let standing = standing(&item);
    (standing.progress, standing.turn, standing.may_retry)
}

const RUNNING: [&str; 14] = [
    "CREATING",
    "CREATED",
    "LOGIN_IN_PROGRESS",
    "ACCOUNTS_IN_PROGRESS",
    "CREDITCARDS_IN_PROGRESS",
    "TRANSACTIONS_IN_PROGRESS",
    "PAYMENT_DATA_IN_PROGRESS",
    "INVESTMENTS_IN_PROGRESS",
    "INVESTMENTS_TRANSACTIONS_IN_PROGRESS",
    "IDENTITY_IN_PROGRESS",
    "LOANS_IN_PROGRESS",
    "ACCOUNT_STATEMENTS_IN_PROGRESS",
    "OPPORTUNITIES_IN_PROGRESS",
    "PORTFOLIO_IN_PROGRESS",
];

/// Execution status, reason, and whose turn it is in `LOGIN_ERROR`, in `OUTDATED`, and where the status is new.
const FAILURES: [(&str, Reason, Turn, Turn, Turn); 17] = {
    use Turn::{Nobody, PersonAction, PersonAnswer, PersonApproval, PersonCredentials, ProviderTrouble};
    [
        (
            "INVALID_CREDENTIALS",
            Reason::CredentialsWrong,
            PersonCredentials,
            ProviderTrouble,
            PersonCredentials,
        ),
        ("INVALID_CREDENTIALS_MFA", Reason::MfaWrong, PersonAnswer, PersonAnswer, PersonAnswer),
        ("USER_INPUT_TIMEOUT", Reason::QuestionTimedOut, PersonAnswer, PersonAnswer, PersonAnswer),
        ("ACCOUNT_LOCKED", Reason::AccountLocked, PersonAction, PersonAction, PersonAction),
        (
            "ACCOUNT_CREDENTIALS_RESET",
            Reason::CredentialsReset,
            PersonCredentials,
            ProviderTrouble,
            PersonCredentials,
        ),
        ("ACCOUNT_NEEDS_ACTION", Reason::NeedsActionAtBank, PersonAction, PersonAction, PersonAction),
        ("ALREADY_LOGGED_IN", Reason::AlreadyLoggedIn, PersonAction, Nobody, Nobody),
        (
            "USER_AUTHORIZATION_PENDING",
            Reason::AuthorizationPending,
            PersonApproval,
            PersonApproval,
            PersonApproval,
        ),
        (
            "USER_AUTHORIZATION_NOT_GRANTED",
            Reason::AuthorizationNotGranted,
            PersonApproval,
            PersonApproval,
            PersonApproval,
        ),
        (
            "USER_AUTHORIZATION_REVOKED",
            Reason::ConsentRevokedOrOver,
            PersonApproval,
            PersonApproval,
            PersonApproval,
        ),
        (
            "USER_NOT_SUPPORTED",
            Reason::UserNotSupported,
            PersonCredentials,
            ProviderTrouble,
            PersonCredentials,
        ),
        ("SITE_NOT_AVAILABLE", Reason::SiteNotAvailable, PersonCredentials, ProviderTrouble, ProviderTrouble),
        ("CONNECTION_ERROR", Reason::ConnectorTrouble, PersonCredentials, ProviderTrouble, ProviderTrouble),
        ("CREATE_ERROR", Reason::ConnectorTrouble, PersonCredentials, ProviderTrouble, ProviderTrouble),
        ("MERGE_ERROR", Reason::ConnectorTrouble, PersonCredentials, ProviderTrouble, ProviderTrouble),
        ("ERROR", Reason::ConnectorTrouble, PersonCredentials, ProviderTrouble, ProviderTrouble),
        ("UNEXPECTED_ERROR", Reason::Unexpected, PersonCredentials, ProviderTrouble, ProviderTrouble),
    ]
};

/// The whole of the table, written out by status.
#[expect(clippy::match_same_arms, reason = "a table: one row, one rule")]
fn expected(status: &str, execution: &str) -> (Progress, Turn, bool) {
    let failure = FAILURES.iter().find(|row| row.0 == execution);
    let working = (Progress::Working, Turn::Nobody, false);
    let question = (Progress::AsksQuestion, Turn::PersonAnswer, false);
    let action = (Progress::AsksAction, Turn::PersonApproval, false);
    let unknown = Progress::Failed(Reason::Unknown(String::new()));
    match (status, execution, failure) {
        ("UPDATED", "PARTIAL_SUCCESS", _) => (Progress::DoneWithGaps(Vec::new()), Turn::Nobody, true),
        ("UPDATED", ..) => (Progress::Done, Turn::Nobody, true),
        ("UPDATING" | "MERGING", "WAITING_USER_INPUT", _) => question,
        ("UPDATING" | "MERGING", "WAITING_USER_ACTION", _) => action,
        ("UPDATING" | "MERGING", ..) => working,
        ("WAITING_USER_INPUT", "LOGIN_MFA_IN_PROGRESS", _) => working,
        ("WAITING_USER_INPUT", "WAITING_USER_ACTION", _) => action,
        ("WAITING_USER_ACTION", "WAITING_USER_INPUT", _) => question,
        ("WAITING_USER_ACTION", "USER_AUTHORIZATION_PENDING", _) => action,
        ("WAITING_USER_INPUT" | "WAITING_USER_ACTION", _, Some(row)) => {
            (Progress::Failed(row.1.clone()), row.4, true)
        }
        ("WAITING_USER_INPUT", ..) => question,
        ("WAITING_USER_ACTION", ..) => action,
        ("LOGIN_ERROR", _, Some(row)) => (Progress::Failed(row.1.clone()), row.2, false),
        ("LOGIN_ERROR", ..) => (unknown, Turn::PersonCredentials, false),
        ("OUTDATED", _, Some(row)) => (Progress::Failed(row.1.clone()), row.3, true),
        ("OUTDATED", ..) => (unknown, Turn::ProviderTrouble, true),
        (_, "SUCCESS", _) => (Progress::Done, Turn::Nobody, true),
        (_, "PARTIAL_SUCCESS", _) => (Progress::DoneWithGaps(Vec::new()), Turn::Nobody, true),
        (_, "WAITING_USER_INPUT", _) => question,
        (_, "WAITING_USER_ACTION", _) => action,
        (_, _, Some(row)) => (Progress::Failed(row.1.clone()), row.4, true),
        _ => working,
    }
}

#[test]
fn every_status_with_every_execution_status() {
    let statuses = ItemStatus::KNOWN.iter().chain(&["A_NEW_STATUS"]);
    let mut cells = 0;
    for status in statuses {
        for execution in ExecutionStatus::KNOWN {
            assert_eq!(cell(status, execution), expected(status, execution), "{status} with {execution}");
            cells += 1;
        }
    }
    assert_eq!(cells, 8 * 36, "seven statuses and a new one, 34 words of today and two of the past");
}

#[test]
fn the_table_above_covers_each_execution_status() {
    let waiting =
        ["WAITING_USER_INPUT", "WAITING_USER_ACTION", "LOGIN_MFA_IN_PROGRESS", "SUCCESS", "PARTIAL_SUCCESS"];
    let failing = FAILURES.map(|row| row.0);
    let mut covered: Vec<&str> = [&RUNNING[..], &waiting, &failing].concat();
    let mut known = ExecutionStatus::KNOWN.to_vec();
    covered.sort_unstable();
    known.sort_unstable();
    assert_eq!(covered, known);
}

#[test]
fn new_execution_statuses_run_or_fail_with_their_word() {
    for status in ["UPDATING", "A_NEW_STATUS"] {
        assert_eq!(cell(status, "PIX_IN_PROGRESS").0, Progress::Working);
    }
    let lost = |status| cell(status, "BANK_ON_STRIKE");
    let reason = || Progress::Failed(Reason::Unknown("BANK_ON_STRIKE".to_owned()));
    assert_eq!(lost("OUTDATED"), (reason(), Turn::ProviderTrouble, true));
    assert_eq!(lost("LOGIN_ERROR"), (reason(), Turn::PersonCredentials, false));
    let failed =
        item(json!({ "status": "NEW", "executionStatus": "NEW", "error": { "code": "ACCOUNT_LOCKED" } }));
    assert_eq!(standing(&failed).progress, Progress::Failed(Reason::AccountLocked));
}

#[test]
fn an_outage_is_never_shown_as_sign_in_again() {
    for execution in ExecutionStatus::KNOWN {
        let (_, turn, may_retry) = cell("OUTDATED", execution);
        assert_ne!(turn, Turn::PersonCredentials, "{execution}");
        assert!(may_retry, "{execution}");
        assert!(!cell("LOGIN_ERROR", execution).2, "{execution} is not asked again by itself");
    }
}

#[test]
fn the_error_beside_a_general_status_names_the_reason() {
    for execution in ["ERROR", "CREATE_ERROR", "SUCCESS"] {
        let item = item(json!({
            "status": "LOGIN_ERROR", "executionStatus": execution,
            "error": { "code": "USER_NOT_SUPPORTED", "message": "Usuário não suportado." }
        }));
        assert_eq!(standing(&item).progress, Progress::Failed(Reason::UserNotSupported), "{execution}");
    }
    let both = item(json!({
        "status": "LOGIN_ERROR", "executionStatus": "ACCOUNT_LOCKED", "error": { "code": "ERROR" }
    }));
    assert_eq!(standing(&both).progress, Progress::Failed(Reason::AccountLocked));
}

#[test]
fn a_refused_approval_after_success_is_a_consent_that_ended() {
    let reason = |changes| match standing(&item(changes)).progress {
        Progress::Failed(reason) => reason,
        other => panic!("{other:?}"),
    };
    let refused = |last: Option<&str>, end: Option<&str>| {
        reason(json!({
            "status": "LOGIN_ERROR", "executionStatus": "USER_AUTHORIZATION_NOT_GRANTED",
            "lastUpdatedAt": last, "consentExpiresAt": end
        }))
    };
    assert_eq!(refused(None, None), Reason::AuthorizationNotGranted);
    assert_eq!(refused(Some("2026-10-01T00:00:00.000Z"), None), Reason::ConsentRevokedOrOver);
    assert_eq!(refused(None, Some("2026-11-20T00:00:00.000Z")), Reason::ConsentRevokedOrOver);
    assert_eq!(refused(None, Some("2027-11-20T00:00:00.000Z")), Reason::AuthorizationNotGranted);
}

#[test]
fn gaps_name_their_products() {
    let detail = |updated: bool, at: Option<&str>| json!({ "isUpdated": updated, "lastUpdatedAt": at });
    let item = item(json!({
        "status": "UPDATED",
        "executionStatus": "PARTIAL_SUCCESS",
        "statusDetail": {
            "accounts": detail(true, Some("2026-11-21T10:58:00.000Z")),
            "identity": { "isUpdated": false, "lastUpdatedAt": null, "warnings": [
                { "code": "001", "message": "Missing permission", "providerMessage": "Sem permissão" }, null, 7
            ] },
            "investments": null,
            "loans": detail(false, None),
            "pensions": detail(true, None),
            "creditCards": "soon"
        }
    }));
    let standing = standing(&item);
    let missing = match standing.progress {
        Progress::DoneWithGaps(products) => products.iter().map(ToString::to_string).collect::<Vec<_>>(),
        other => panic!("{other:?}"),
    };
    assert_eq!(missing, ["IDENTITY", "LOANS"]);
    let states: Vec<_> = standing.products.iter().map(|one| (one.product.as_str(), one.state)).collect();
    assert_eq!(
        states,
        [
            ("IDENTITY", ProductState::Failed),
            ("ACCOUNTS", ProductState::Done),
            ("LOANS", ProductState::Failed),
            ("pensions", ProductState::Done),
        ]
    );
    assert_eq!(standing.products[0].warnings[0].provider_message.as_deref(), Some("Sem permissão"));
    assert_eq!(standing.products[0].warnings.len(), 1);
}

#[test]
fn products_move_while_a_run_goes_on() {
    let running = item(json!({
        "status": "UPDATING",
        "executionStatus": "TRANSACTIONS_IN_PROGRESS",
        "lastUpdatedAt": "2026-11-20T00:00:00.000Z",
        "statusDetail": {
            "accounts": { "isUpdated": true, "lastUpdatedAt": "2026-11-21T00:00:00.000Z" },
            "identity": { "isUpdated": true, "lastUpdatedAt": "2026-11-19T00:00:00.000Z" },
            "loans": { "isUpdated": false, "lastUpdatedAt": null }
        }
    }));
    let states: Vec<_> =
        standing(&running).products.into_iter().map(|one| (one.product.to_string(), one.state)).collect();
    let state = |name: &str| states.iter().find(|one| one.0 == name).unwrap().1;
    assert_eq!(state("ACCOUNTS"), ProductState::Done);
    assert_eq!(state("IDENTITY"), ProductState::Waiting, "collected by the run before");
    assert_eq!(state("LOANS"), ProductState::Waiting);
    assert_eq!(state("TRANSACTIONS"), ProductState::Running, "though the item does not list it");
}

#[test]
fn a_question_that_is_an_address_is_something_to_do_elsewhere() {
    let asks = |changes| {
        let item = item(crate::fixtures::with(
            json!({ "status": "WAITING_USER_INPUT", "executionStatus": "WAITING_USER_INPUT" }),
            changes,
        ));
        standing(&item).progress
    };
    let question =
        |data: &str| json!({ "parameter": { "name": "oauth", "label": "Autorize", "data": data } });
    assert_eq!(asks(question("https://auth.bancoipe.example/consent/1")), Progress::AsksAction);
    assert_eq!(asks(question("iVBORw0KGgo=")), Progress::AsksQuestion);
    // Before the address is there.
    assert_eq!(asks(json!({ "parameter": { "name": "oauth_code", "type": "text" } })), Progress::AsksAction);
    assert_eq!(
        asks(json!({ "parameter": { "name": "x", "type": "oauth", "data": null } })),
        Progress::AsksAction
    );
    // Before anything is there.
    let nothing = |oauth: bool| asks(json!({ "parameter": null, "connector": { "id": 1, "oauth": oauth } }));
    assert_eq!((nothing(true), nothing(false)), (Progress::AsksAction, Progress::Working));
    let action = json!({ "userAction": { "type": "authorize-access", "instructions": "Autorize no app" } });
    assert_eq!(asks(action), Progress::AsksAction);
}

#[test]
fn a_code_is_scanned_and_access_is_approved() {
    for (kind, turn) in [
        (json!("qr"), Turn::PersonAction),
        (json!("authorize-access"), Turn::PersonApproval),
        (json!("sing"), Turn::PersonApproval),
        (json!(null), Turn::PersonApproval),
    ] {
        let item = item(json!({
            "status": "WAITING_USER_ACTION", "executionStatus": "WAITING_USER_ACTION", "userAction": { "type": kind }
        }));
        assert_eq!((standing(&item).progress, standing(&item).turn), (Progress::AsksAction, turn), "{kind}");
    }
}
