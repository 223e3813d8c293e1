//! What Pluggy's Connect page reports, read. Hearsay: nothing in it is believed.
//!
//! Source: two dialects of the same reports. A page around the widget calls back as the package `pluggy-connect-sdk`
//! 2.14.2 does; Pluggy's page opened alone posts what its shell for phones (`react-native-pluggy-connect` 1.6.0)
//! reads: `{type: "LOCATION", message: "events=...&item_id=..."}`, `OAUTH_OPEN` and `LINK_OPEN`.

use pluggy::WidgetEvent;
use std::collections::BTreeMap;
use url::{Url, form_urlencoded};

/// Items that one report names at most.
const MOST_NAMED: usize = 10;

/// What a Connect page reported.
pub(super) enum Report {
    /// A callback, and the items that it names.
    Event(WidgetEvent, Vec<String>),
    /// The item moved.
    Item(String),
    /// A page to be shown.
    Open(Url),
    Closed,
}

/// What a page says; none when it is nothing to us.
pub(super) fn read(message: &str) -> Option<Report> {
    let shell: Option<Shell> = serde_json::from_str(message).ok();
    match shell {
        Some(Shell { kind, message }) if kind == "LOCATION" => location(&message),
        Some(Shell { kind, message }) if kind == "OAUTH_OPEN" || kind == "LINK_OPEN" => {
            let address = Url::parse(&message).ok()?;
            oauth::is_acceptable_endpoint(&address).then_some(Report::Open(address))
        }
        Some(Shell { kind, .. }) if kind == "CONTINUE_IN_BACKGROUND" => Some(Report::Closed),
        _ => WidgetEvent::parse(message).map(|event| Report::Event(event, items_named(message))),
    }
}

/// The items that a callback names: whole, or by identifier alone; beside the callback, in its payload or its data.
/// An error about a login that is there already names a list of them.
fn items_named(message: &str) -> Vec<String> {
    let Ok(message) = serde_json::from_str::<serde_json::Value>(message) else { return Vec::new() };
    let one = ["/item", "/payload/item", "/detail/item", "/data/item", "/payload/data/item"]
        .into_iter()
        .filter_map(|place| message.pointer(place));
    let list = ["/data/items", "/payload/data/items"]
        .into_iter()
        .filter_map(|place| message.pointer(place)?.as_array())
        .flatten();
    let id = |item: &serde_json::Value| Some(item.as_str().or_else(|| item.get("id")?.as_str())?.to_owned());
    let mut items: Vec<String> = one.chain(list).filter_map(id).filter(|id| !id.is_empty()).collect();
    items.truncate(MOST_NAMED);
    items
}

/// What Pluggy's page posts to a shell.
#[derive(serde::Deserialize)]
struct Shell {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

/// The page tells its state as the query that its address would have.
fn location(text: &str) -> Option<Report> {
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    let pairs: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let last = pairs.get("events").and_then(|events| events.rsplit(',').next());
    match last {
        Some("CLOSE" | "IN_BACKGROUND") => Some(Report::Closed),
        _ => pairs.get("item_id").filter(|id| !id.is_empty()).cloned().map(Report::Item),
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, read};

    #[test]
    fn both_dialects_are_understood() {
        let item = |message: &str| match read(message) {
            Some(Report::Item(id)) => id,
            _ => String::new(),
        };
        assert_eq!(
            item(r#"{"type":"LOCATION","message":"?events=OPEN,SUCCESS&item_id=i-1&timestamp=1"}"#),
            "i-1"
        );
        assert!(matches!(read(r#"{"type":"LOCATION","message":"events=OPEN,CLOSE"}"#), Some(Report::Closed)));
        assert!(matches!(
            read(r#"{"callback":"onClose"}"#),
            Some(Report::Event(pluggy::WidgetEvent::Close, items)) if items.is_empty()
        ));
        for named in [
            r#"{"callback":"onSuccess","payload":{"item":{"id":"i-2"}}}"#,
            r#"{"callback":"onSuccess","item":"i-2"}"#,
            r#"{"callback":"onError","message":"x","data":{"item":{"id":"i-2"}}}"#,
        ] {
            assert!(matches!(read(named), Some(Report::Event(_, items)) if items == ["i-2"]), "{named}");
        }
        let twice = r#"{"callback":"onError","message":"ITEM_USER_ALREADY_EXISTS","data":{"items":["i-3",{"id":"i-4"}]}}"#;
        assert!(matches!(read(twice), Some(Report::Event(_, items)) if items == ["i-3", "i-4"]));
    }

    #[test]
    fn a_page_that_is_not_safe_to_show_is_not_shown() {
        let opens = |url: &str| {
            let message = serde_json::json!({ "type": "OAUTH_OPEN", "message": url }).to_string();
            matches!(read(&message), Some(Report::Open(_)))
        };
        assert!(opens("https://bank.example/authorize?x=1"));
        for refused in ["http://bank.example/", "javascript:alert(1)", "file:///etc/passwd", "nonsense"] {
            assert!(!opens(refused), "{refused}");
        }
    }
}
