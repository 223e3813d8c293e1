//! Words of the person's own: what is read of options, and what is given back.

use codat::{Block, Category, CustomText, CustomTextError, Inline};
use serde_json::json;

#[test]
fn dotted_nested_and_bare_options_are_read() {
    let expected = ["Invoices".to_owned(), "**Journals**".to_owned()];
    for text in [
        r#"{"text":{"accounting.connectionDetails.dataTypes":["Invoices","**Journals**"]}}"#,
        r#"{"options":{"text":{"accounting.connectionDetails.dataTypes":["Invoices","**Journals**"]}}}"#,
        r#"{"accounting.connectionDetails.dataTypes":["Invoices"," **Journals** "]}"#,
        r#"{"text":{"accounting":{"connectionDetails":{"dataTypes":["Invoices","**Journals**"]}}}}"#,
    ] {
        let read = CustomText::parse(text).unwrap();
        assert_eq!(read.data_types(Category::Accounting), expected, "{text}");
        assert!(read.data_types(Category::Banking).is_empty());
        assert!(read.data_types(Category::Other).is_empty());
    }
    let single = CustomText::parse(r#"{"text":{"banking.connectionDetails.dataTypes":"Accounts"}}"#).unwrap();
    assert_eq!(single.data_types(Category::Banking), ["Accounts"]);
}

#[test]
fn what_cannot_be_read_is_counted() {
    let long = "x".repeat(2_001);
    let many: Vec<String> = (0..101).map(|n| n.to_string()).collect();
    let read = CustomText::parse(
        &json!({ "text": {
            "accounting.connectionDetails.dataTypes": [1, null, "", long, "Bills"],
            "banking.connectionDetails.dataTypes": many,
            "commerce.connectionDetails.dataTypes": {},
            "other.connectionDetails.dataTypes": ["x"]
        }})
        .to_string(),
    )
    .unwrap();
    assert_eq!(read.data_types(Category::Accounting), ["Bills"]);
    assert_eq!(read.data_types(Category::Banking).len(), 100);
    assert!(read.data_types(Category::Commerce).is_empty());
    assert_eq!(read.skipped(), 6);
}

#[test]
fn what_is_no_object_is_refused() {
    for text in ["", "x", "[]", "null", "7"] {
        assert_eq!(CustomText::parse(text), Err(CustomTextError::NotAnObject), "{text}");
    }
    assert_eq!(CustomText::parse(&" ".repeat(300_000)), Err(CustomTextError::TooLong));
    assert_eq!(CustomText::parse("{}"), Ok(CustomText::default()));
}

#[test]
fn it_is_given_back_as_the_component_takes_it() {
    let text = CustomText::default()
        .with(Category::Commerce, &["Orders".to_owned()])
        .with(Category::Banking, &["Accounts".to_owned()])
        .with(Category::Banking, &[])
        .with(Category::Other, &["x".to_owned()]);
    let json = text.to_json();
    assert_eq!(json, json!({ "text": { "commerce.connectionDetails.dataTypes": ["Orders"] } }));
    assert_eq!(CustomText::parse(&json.to_string()), Ok(text));
}

#[test]
fn entries_are_shown_as_text() {
    let entries = ["**Invoices**".to_owned(), "<img src=x onerror=alert(1)>".to_owned()];
    let shown = CustomText::default().with(Category::Accounting, &entries).shown(Category::Accounting);
    let strong = Inline::Strong { content: vec![Inline::Text { text: "Invoices".to_owned() }] };
    assert_eq!(shown, [[Block::Paragraph { content: vec![strong] }]]);
}
