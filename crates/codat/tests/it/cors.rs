//! Origins, and the header lines of pages that embed Codat's component.

use crate::fixtures::{answer, now};
use codat::{
    CorsSettings, CspOptions, Origin, OriginError, csp_lines, judge_cors_settings, missing_directives,
};
use serde_json::{Value, json};

#[test]
fn an_origin_is_a_scheme_a_host_and_a_port() {
    for (typed, development, expected) in [
        ("https://shop.example", false, Ok("https://shop.example")),
        (" https://Shop.Example/ ", false, Ok("https://shop.example")),
        ("https://shop.example:443", false, Ok("https://shop.example")),
        ("https://shop.example:8443", false, Ok("https://shop.example:8443")),
        ("https://bücher.example", false, Ok("https://xn--bcher-kva.example")),
        ("https://localhost:3000", false, Ok("https://localhost:3000")),
        ("http://localhost:3000", true, Ok("http://localhost:3000")),
        ("http://127.0.0.1:3000", true, Ok("http://127.0.0.1:3000")),
        ("http://localhost:3000", false, Err(OriginError::Loopback)),
        ("", false, Err(OriginError::Empty)),
        ("*", false, Err(OriginError::Wildcard)),
        ("https://*.shop.example", false, Err(OriginError::Wildcard)),
        ("null", false, Err(OriginError::Null)),
        ("shop.example", false, Err(OriginError::NotAnAddress)),
        ("shop.example:8443", false, Err(OriginError::NotAnAddress)),
        ("https://", false, Err(OriginError::NotAnAddress)),
        ("http://shop.example", true, Err(OriginError::NotHttps)),
        ("http://localhost.evil.example", true, Err(OriginError::NotHttps)),
        ("tauri://localhost", true, Err(OriginError::Scheme)),
        ("file:///index.html", true, Err(OriginError::Scheme)),
        ("https://u@shop.example", false, Err(OriginError::UserInformation)),
        ("https://u:p@shop.example", false, Err(OriginError::UserInformation)),
        ("https://shop.example/app", false, Err(OriginError::Path)),
        ("https://shop.example/?a", false, Err(OriginError::Path)),
        ("https://shop.example/#a", false, Err(OriginError::Path)),
    ] {
        let found = Origin::parse(typed, development).map(|origin| origin.as_str().to_owned());
        assert_eq!(found, expected.map(ToOwned::to_owned), "{typed}");
    }
}

fn settings(body: &Value) -> CorsSettings {
    judge_cors_settings(&answer(200, body), now()).unwrap()
}

#[test]
fn origins_are_added_and_removed_in_a_whole_list() {
    let old = settings(&json!({ "allowedOrigins": ["https://Old.example/", 7, "strange one", ""] }));
    assert_eq!(old.origins(), ["https://Old.example/", "strange one"], "what is there goes back as it came");
    assert_eq!(
        old.skipped(),
        2,
        "what cannot be read is counted, and must not be dropped by setting the rest"
    );
    let new = Origin::parse("https://new.example", false).unwrap();
    let grown = old.clone().with(&new).with(&new);
    assert_eq!(grown.origins(), ["https://Old.example/", "strange one", "https://new.example"]);
    let same = old.clone().with(&Origin::parse("https://old.example", false).unwrap());
    assert_eq!(same, old, "the same origin in another spelling");
    assert_eq!(
        grown.clone().without("https://old.example").origins(),
        ["strange one", "https://new.example"]
    );
    assert!(settings(&json!({ "allowedOrigins": null })).origins().is_empty());
    assert_eq!(settings(&json!({ "allowedOrigins": [] })).skipped(), 0);
}

#[test]
fn an_answer_without_the_list_is_no_empty_list() {
    for body in [json!({}), json!({ "allowedOrigins": "https://a.example" }), json!({ "origins": [] })] {
        let judged = judge_cors_settings(&answer(200, &body), now());
        assert!(judged.is_err_and(|error| error.kind() == codat::ErrorKind::Unreadable), "{body}");
    }
    let long = format!("https://{}.example", "a".repeat(4_000));
    assert_eq!(settings(&json!({ "allowedOrigins": [long] })).skipped(), 1, "it would go back cut");
}

#[test]
fn an_answer_that_is_not_what_was_asked_for_is_noticed() {
    let asked = settings(&json!({ "allowedOrigins": ["https://a.example", "https://b.example"] }));
    assert!(
        settings(&json!({ "allowedOrigins": ["https://B.example/", "https://a.example"] }))
            .differs_from(&asked)
            .is_empty()
    );
    let merged = settings(&json!({ "allowedOrigins": ["https://a.example", "https://gone.example"] }));
    assert_eq!(merged.differs_from(&asked), ["https://gone.example", "https://b.example"]);
}

#[test]
fn a_page_gets_the_lines_that_it_needs() {
    for (options, line) in [
        (
            CspOptions::default(),
            "Content-Security-Policy: default-src 'self' *.codat.io; style-src 'self' 'nonce-<value>' *.codat.io",
        ),
        (
            CspOptions { unsafe_inline: true, ..CspOptions::default() },
            "Content-Security-Policy: default-src 'self' *.codat.io; style-src 'self' 'unsafe-inline' *.codat.io",
        ),
        (
            CspOptions { detailed: true, unsafe_inline: false },
            "Content-Security-Policy: script-src 'self' *.codat.io; style-src 'self' 'nonce-<value>' *.codat.io; \
             font-src 'self' *.codat.io; connect-src 'self' *.codat.io; img-src 'self' *.codat.io",
        ),
    ] {
        assert_eq!(csp_lines(options), [line]);
        assert!(missing_directives(line).is_empty(), "{line}");
    }
}

#[test]
fn what_a_policy_lacks_is_named() {
    let nonce = "style-src 'nonce-<value>'";
    for (policy, lacking) in [
        ("", vec![]),
        ("frame-ancestors 'none'", vec![]),
        ("default-src *.codat.io 'unsafe-inline'", vec![]),
        ("default-src *.codat.io", vec![nonce]),
        ("content-security-policy: default-src https:; style-src https: 'nonce-abc'", vec![]),
        ("default-src *.codat.io; style-src 'self'", vec!["style-src 'nonce-<value>' *.codat.io"]),
        ("script-src 'self'; SCRIPT-SRC *.codat.io", vec!["script-src *.codat.io"]),
        // A hash makes browsers ignore 'unsafe-inline', and hashes of the component's styles change without notice.
        ("default-src *.codat.io; style-src *.codat.io 'unsafe-inline' 'sha256-abc='", vec![nonce]),
        ("style-src *.codat.io 'unsafe-inline' 'sha512-abc=' 'nonce-x'", vec![]),
        // 'strict-dynamic' makes browsers ignore hosts.
        ("script-src 'strict-dynamic' *.codat.io", vec!["script-src 'nonce-<value>'"]),
        ("script-src 'strict-dynamic' 'nonce-x'", vec![]),
        ("script-src 'strict-dynamic' 'sha256-x='", vec![]),
        // For elements, a directive of their own counts.
        ("script-src *.codat.io; script-src-elem 'self'", vec!["script-src-elem *.codat.io"]),
        ("script-src 'self'; script-src-elem *.codat.io", vec![]),
        (
            "style-src *.codat.io 'nonce-x'; style-src-elem *.codat.io 'unsafe-inline' 'sha256-y='",
            vec!["style-src-elem 'nonce-<value>'"],
        ),
        ("Content-Security-Policy-Report-Only: script-src 'self'", vec!["script-src *.codat.io"]),
        // Two policies count both, on lines of their own or after a comma.
        (
            "Content-Security-Policy: img-src *.codat.io\r\nContent-Security-Policy: img-src 'self'",
            vec!["img-src *.codat.io"],
        ),
        (
            "default-src 'self';\n  script-src *.codat.io;\n style-src * 'nonce-x'; font-src *; connect-src *; img-src *",
            vec![],
        ),
        ("img-src *, img-src 'none'", vec!["img-src *.codat.io"]),
        (
            "default-src 'self'",
            vec![
                "script-src *.codat.io",
                "style-src 'nonce-<value>' *.codat.io",
                "font-src *.codat.io",
                "connect-src *.codat.io",
                "img-src *.codat.io",
            ],
        ),
    ] {
        assert_eq!(missing_directives(policy), lacking, "{policy}");
    }
}
