//! Events in the spelling of Codat's component.

use crate::fixtures::{CONNECTION, codat_error, connection, now, text_answer};
use codat::{ComponentEvent, ErrorArgs, judge_company};
use serde_json::json;

#[test]
fn events_are_spelled_as_the_component_spells_them() {
    let error = ErrorArgs {
        correlation_id: Some("a".to_owned()),
        message: Some("b".to_owned()),
        error_code: Some(7),
        user_recoverable: true,
    };
    let silent = ErrorArgs { correlation_id: None, message: None, error_code: None, user_recoverable: false };
    for (event, spelled) in [
        (
            ComponentEvent::reconnected(&connection()),
            json!({ "name": "onReconnect", "args": { "connectionId": CONNECTION } }),
        ),
        (
            ComponentEvent::disconnected(&connection()),
            json!({ "name": "onDisconnect", "args": { "connectionId": CONNECTION } }),
        ),
        (
            ComponentEvent::OnError(error),
            json!({ "name": "onError", "args": {
                "correlationId": "a", "message": "b", "errorCode": 7, "userRecoverable": true
            }}),
        ),
        (ComponentEvent::OnError(silent), json!({ "name": "onError", "args": { "userRecoverable": false } })),
        (ComponentEvent::OnClose, json!({ "name": "onClose" })),
    ] {
        assert_eq!(serde_json::to_value(&event).unwrap(), spelled);
        assert_eq!(serde_json::from_value::<ComponentEvent>(spelled).unwrap(), event);
    }
}

#[test]
fn an_error_says_whether_the_person_can_go_on() {
    for (status, recoverable) in [
        (401, false),
        (402, false),
        (403, false),
        (404, false),
        (400, true),
        (409, true),
        (429, true),
        (503, true),
    ] {
        let event = ComponentEvent::failed(&judge_company(&codat_error(status), now()).unwrap_err());
        let ComponentEvent::OnError(args) = event else { panic!("an error") };
        assert_eq!(args.user_recoverable, recoverable, "{status}");
        assert_eq!(args.error_code, Some(i64::from(status)), "0 is no code of Codat's");
        assert_eq!(args.correlation_id.as_deref(), Some("2b60a2bafedd3238702c2186a2dc833f"));
        assert_eq!(args.message.as_deref(), Some("Something is wrong"));
    }
    let bare = ComponentEvent::failed(&judge_company(&text_answer(503, ""), now()).unwrap_err());
    let ComponentEvent::OnError(args) = bare else { panic!("an error") };
    assert_eq!(args.message.as_deref(), Some("the service is not available (503)"));
}
