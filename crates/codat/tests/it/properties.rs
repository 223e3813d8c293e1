//! Whatever arrives: nothing panics, nothing secret is printed, and only what fits is taken.

use crate::fixtures::{company, now, text_answer};
use codat::{
    Api, Block, ConnectionStatus, CustomText, DataType, Inline, LinkNonce, LinkReturn, ListQuery, Origin,
    PullStatus, SourceType, judge_access_token, judge_companies, judge_company, judge_connection,
    judge_connections, judge_cors_settings, judge_data_status, judge_done, judge_integration,
    judge_integrations, judge_pull_operation, judge_pull_operations, judge_token_endpoint,
    link_url_with_nonce, missing_directives, sanitize, standing,
};
use proptest::prelude::*;
use secret::SecretString;
use serde_json::{Map, Value, json};

/// Names that answers have.
const NAMES: &[&str] = &[
    "id",
    "results",
    "dataConnections",
    "dataConnectionErrors",
    "connectionInfo",
    "status",
    "linkUrl",
    "redirect",
    "lastSync",
    "created",
    "erroredOnUtc",
    "pageNumber",
    "pageSize",
    "totalResults",
    "_links",
    "next",
    "href",
    "key",
    "datatypeFeatures",
    "supportedFeatures",
    "datatype",
    "progress",
    "accessToken",
    "expiresIn",
    "allowedOrigins",
    "error",
    "correlationId",
    "canBeRetried",
    "detailedErrorCode",
    "validation",
    "errors",
    "tags",
    "text",
    "accounting.connectionDetails.dataTypes",
];

fn json_value() -> impl Strategy<Value = Value> {
    let word =
        prop::sample::select(vec!["Linked", "Active", "Get", "invoices", "2024-01-01", "CANARY", "True"]);
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<f64>().prop_map(|number| json!(number)),
        word.prop_map(Value::from),
        "\\PC{0,12}".prop_map(Value::from),
    ];
    leaf.prop_recursive(4, 48, 6, |inner| {
        let member = (prop::sample::select(NAMES), inner.clone());
        prop_oneof![
            prop::collection::vec(inner, 0..6).prop_map(Value::from),
            prop::collection::vec(member, 0..8).prop_map(|members| {
                members
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value))
                    .collect::<Map<_, _>>()
                    .into()
            }),
        ]
    })
}

proptest! {
    #[test]
    fn any_answer_is_judged(body in json_value(), status in 100_u16..=599) {
        judge_everything(status, &body.to_string())?;
    }

    #[test]
    fn any_text_is_judged(body in ".{0,60}", status in prop::sample::select(vec![200_u16, 204, 404, 500])) {
        judge_everything(status, &body)?;
    }

    #[test]
    fn unknown_words_survive(word in "[A-Za-z]{1,20}") {
        prop_assert!(ConnectionStatus::of(&word).as_str().eq_ignore_ascii_case(&word));
        prop_assert!(SourceType::of(&word).as_str().eq_ignore_ascii_case(&word));
        prop_assert!(PullStatus::of(&word).as_str().eq_ignore_ascii_case(&word));
        let data_type = DataType::parse(&word).unwrap();
        prop_assert_eq!(data_type.as_str(), word);
    }

    #[test]
    fn a_return_counts_only_with_the_nonce(query in "[a-zA-Z0-9=&%._-]{0,60}", bytes in any::<[u8; 32]>()) {
        let nonce = LinkNonce::from_random(bytes);
        let address = SecretString::from(format!("https://a.example/?{query}"));
        prop_assert!(LinkReturn::judge(&address, &nonce).is_err());
    }

    #[test]
    fn an_opened_link_is_https_and_comes_back(path in "[a-z0-9/?=&.%-]{0,40}", bytes in any::<[u8; 32]>()) {
        let nonce = LinkNonce::from_random(bytes);
        let link = SecretString::from(format!("https://link.codat.io/{path}"));
        let opened = link_url_with_nonce(&link, &nonce, &Api::codat()).unwrap();
        prop_assert!(opened.expose().starts_with("https://link.codat.io/"));
        let pairs = url::Url::parse(opened.expose()).unwrap();
        let text = nonce.to_vault();
        let last = pairs.query_pairs().last().unwrap();
        prop_assert_eq!(last.1.as_ref(), text.expose());
    }

    #[test]
    fn an_origin_is_never_more_than_one(typed in "(https?://)?[a-zA-Z0-9.:/*@?#_-]{0,30}") {
        if let Ok(origin) = Origin::parse(&typed, true) {
            let url = url::Url::parse(origin.as_str()).unwrap();
            prop_assert_eq!(url.origin().ascii_serialization(), origin.as_str());
            prop_assert!(url.path() == "/" && !origin.as_str().contains('*'));
        }
    }

    #[test]
    fn any_markdown_becomes_text_and_https_links(markdown in "[\\PC\n<>\\[\\]()*_`#!&;:/-]{0,120}") {
        check_blocks(&sanitize(&markdown))?;
    }

    #[test]
    fn any_options_and_policies_are_read(text in "\\PC{0,60}", body in json_value()) {
        let _ = CustomText::parse(&text);
        let _ = missing_directives(&text);
        if let Ok(read) = CustomText::parse(&body.to_string()) {
            let read_again = CustomText::parse(&read.to_json().to_string()).unwrap();
            prop_assert_eq!(read_again.to_json(), read.to_json());
        }
    }
}

fn judge_everything(status: u16, body: &str) -> Result<(), TestCaseError> {
    let answer = text_answer(status, body);
    let asked = ListQuery::default();
    let connection = judge_connection(&answer, now());
    if let Ok(connection) = &connection {
        let _ = standing(connection);
        let _ = connection.info.shown();
    }
    let token = judge_access_token(&answer, &company(), now());
    let page = judge_companies(&answer, &asked, now());
    if let Ok(page) = &page {
        prop_assert!(page.next.is_none_or(|next| next > asked.page));
    }
    if !(200..=299).contains(&status) {
        prop_assert!(connection.is_err() && token.is_err() && page.is_err());
        prop_assert!(judge_done(&answer, now()).is_err());
    }
    let printed = format!(
        "{connection:?}{token:?}{:?}{:?}",
        judge_token_endpoint(&answer, None, now()),
        judge_done(&answer, now()),
    );
    prop_assert!(!printed.contains("accessToken"), "no body is printed");
    let _ = judge_company(&answer, now());
    let _ = judge_connections(&answer, &asked, now());
    let _ = judge_integration(&answer, now());
    let _ = judge_integrations(&answer, &asked, now());
    let _ = judge_data_status(&answer, now());
    let _ = judge_pull_operation(&answer, now());
    let _ = judge_pull_operations(&answer, &asked, now());
    let _ = judge_cors_settings(&answer, now());
    Ok(())
}

fn check_blocks(blocks: &[Block]) -> Result<(), TestCaseError> {
    for block in blocks {
        match block {
            Block::Paragraph { content } => check_inlines(content)?,
            Block::List { items, .. } => {
                for item in items {
                    check_blocks(item)?;
                }
            }
        }
    }
    Ok(())
}

fn check_inlines(inlines: &[Inline]) -> Result<(), TestCaseError> {
    for inline in inlines {
        match inline {
            Inline::Text { text } => prop_assert!(!text.is_empty() && !text.contains('\n')),
            Inline::Break => {}
            Inline::Emphasis { content } | Inline::Strong { content } => check_inlines(content)?,
            Inline::Link { address, host, content } => {
                prop_assert!(address.starts_with("https://") && host.is_ascii() && !content.is_empty());
                check_inlines(content)?;
            }
        }
    }
    Ok(())
}
