//! What the widget's page reports.

use crate::fixtures::{ITEM, item_json, now};
use pluggy::{WidgetEvent, WidgetStep};
use serde_json::{Value, json};

fn parsed(message: &Value) -> Option<WidgetEvent> {
    WidgetEvent::parse(&message.to_string())
}

#[test]
fn callbacks_are_read_in_every_wrapping() {
    for name in ["callback", "type", "name"] {
        for (word, event) in
            [("onOpen", WidgetEvent::Open), ("close", WidgetEvent::Close), ("onHide", WidgetEvent::Hide)]
        {
            assert_eq!(parsed(&json!({ name: word })), Some(event), "{name} {word}");
        }
    }
    for message in [
        json!({ "callback": "onSuccess", "payload": { "item": item_json() } }),
        json!({ "callback": "onSuccess", "detail": { "item": item_json() } }),
        json!({ "type": "success", "item": item_json() }),
        json!({ "type": "success", "data": { "item": item_json() } }),
    ] {
        let Some(WidgetEvent::Success { item: Some(item) }) = parsed(&message) else { panic!("{message}") };
        assert_eq!(item.id, ITEM);
    }
    assert_eq!(parsed(&json!({ "callback": "onSuccess" })), Some(WidgetEvent::Success { item: None }));
}

#[test]
fn errors_may_have_an_item() {
    let message = json!({ "callback": "onError", "payload": { "message": "Item\nwith error", "data": { "item": { "id": ITEM } } } });
    let Some(WidgetEvent::Error { message, item }) = parsed(&message) else { panic!() };
    assert_eq!((message.as_deref(), item.unwrap().id.as_str()), (Some("Item with error"), ITEM));
    let bare = json!({ "callback": "onError", "payload": { "message": null, "data": null } });
    assert_eq!(parsed(&bare), Some(WidgetEvent::Error { message: None, item: None }));
}

#[test]
fn steps_are_read() {
    let step = |payload: Value| match parsed(&json!({ "callback": "onEvent", "payload": payload })) {
        Some(WidgetEvent::Step { step, at, item, connector }) => {
            (step, at, item.is_some(), connector.map(|one| one.id))
        }
        other => panic!("{other:?}"),
    };
    let milliseconds = now().as_millisecond();
    for word in WidgetStep::KNOWN {
        let read = step(json!({ "event": word, "timestamp": milliseconds }));
        assert_eq!((read.0.as_str(), read.1), (*word, Some(now())));
        assert!(!matches!(read.0, WidgetStep::Other(_)));
    }
    let chosen = step(
        json!({ "event": "SELECTED_INSTITUTION", "timestamp": "2026-11-21T12:00:00.000Z", "connector": { "id": 600 } }),
    );
    assert_eq!(chosen, (WidgetStep::SelectedInstitution, Some(now()), false, Some(600)));
    let answered = step(json!({ "event": "ITEM_RESPONSE", "item": { "id": ITEM } }));
    assert_eq!(answered, (WidgetStep::ItemResponse, None, true, None));
    let unwrapped = json!({ "event": "SUBMITTED_LOGIN", "timestamp": milliseconds });
    assert!(matches!(parsed(&unwrapped), Some(WidgetEvent::Step { step: WidgetStep::SubmittedLogin, .. })));
    let new = step(json!({ "event": "SUBMITTED_VOICE", "timestamp": {} }));
    assert_eq!(new.0, WidgetStep::Other("SUBMITTED_VOICE".to_owned()));
}

#[test]
fn what_is_no_message_is_none() {
    for message in [
        "",
        "null",
        "7",
        "[]",
        "\"onOpen\"",
        "{}",
        "{\"callback\":null}",
        "{\"callback\":{}}",
        "{\"callback\":\"onEvent\"}",
        "{\"callback\":\"onEvent\",\"payload\":{}}",
        "onOpen",
    ] {
        assert_eq!(WidgetEvent::parse(message), None, "{message}");
    }
    let large = json!({ "callback": "onOpen", "x": "a".repeat(1 << 20) });
    assert_eq!(parsed(&large), None);
    assert_eq!(parsed(&json!({ "callback": "onDance" })), Some(WidgetEvent::Other("onDance".to_owned())));
}
