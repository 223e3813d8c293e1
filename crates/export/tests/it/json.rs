//! JSON, read back.

use crate::fixtures::usual;
use export::Format;
use serde_json::{Value, json};

#[test]
fn the_shape_is_what_the_documentation_says() {
    let value: Value = serde_json::from_str(&Format::Json.write(&usual()).text).unwrap();
    assert_eq!((&value["format"], &value["version"]), (&json!("mooring-export"), &json!(1)));
    let accounts = value["accounts"].as_array().unwrap();
    let card = accounts.iter().find(|one| one["kind"] == "creditCard").unwrap();
    assert_eq!(card["balance"], "899.50", "as the institution says it: owed");
    assert_eq!(card["transactions"][0]["amount"], "-123456789012.34");
    assert_eq!(card["connection"], "banks/ana");
    let documented = include_str!("../../../../docs/export.md");
    for name in card.as_object().unwrap().keys().chain(card["transactions"][0].as_object().unwrap().keys()) {
        assert!(documented.contains(&format!("`{name}`")), "docs/export.md does not tell of `{name}`");
    }
}
