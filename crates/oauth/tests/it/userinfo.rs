//! Who approved, as the userinfo endpoint tells it.

use crate::fixtures::answer;
use oauth::{AccountsShape, UserinfoError as Error, judge_accounts, judge_userinfo};

#[test]
fn subject_must_be_the_one_that_approved() {
    let response = answer(200, r#"{"sub":"s-1","name":"Ada Example","email":"ada@example.org"}"#);
    let identity = judge_userinfo(&response, Some("s-1")).unwrap();
    assert_eq!((identity.subject.as_str(), identity.name.as_deref()), ("s-1", Some("Ada Example")));
    assert_eq!(identity.email.as_deref(), Some("ada@example.org"));
    assert_eq!(judge_userinfo(&response, None).as_ref(), Ok(&identity), "nothing to compare with");
    assert_eq!(judge_userinfo(&response, Some("s-2")), Err(Error::OtherSubject), "userinfo-invalid-sub");
    assert_eq!(judge_userinfo(&response, Some("S-1")), Err(Error::OtherSubject), "to the letter");
}

#[test]
fn answers_without_a_usable_subject_say_nothing() {
    let long = format!(r#"{{"sub":"{}"}}"#, "s".repeat(256));
    for body in [
        "",
        "<html>",
        "{}",
        r#"{"sub":""}"#,
        r#"{"sub":7}"#,
        r#"{"sub":"a","sub":"b"}"#,
        r#"{"sub":"a\nb"}"#,
        // A signed answer is a JWT, and we asked for JSON.
        "eyJhbGciOiJSUzI1NiJ9.e30.c2ln",
        &long,
    ] {
        assert_eq!(judge_userinfo(&answer(200, body), None), Err(Error::NoClaims), "{body}");
    }
    for status in [302, 401, 403, 500] {
        assert_eq!(judge_userinfo(&answer(status, r#"{"sub":"s"}"#), None), Err(Error::Status(status)));
    }
}

#[test]
fn names_are_one_line_in_one_direction() {
    let body = "{\"sub\":\"s\",\"name\":\" A\u{202e}d\u{2028}a\\r\\n\\u0007 \",\"email\":\" \\t \"}";
    let identity = judge_userinfo(&answer(200, body), None).unwrap();
    assert_eq!((identity.name.as_deref(), identity.email), (Some("Ada"), None));
    let long = format!(r#"{{"sub":"s","name":"{}"}}"#, "é".repeat(500));
    let name = judge_userinfo(&answer(200, long), None).unwrap().name.unwrap();
    assert_eq!(name.chars().count(), 120);
}

#[test]
fn accounts_are_listed_in_order_and_once() {
    let names = ["/name".to_owned(), "/login".to_owned()];
    let shape = |list| AccountsShape { list, subject: "/id", names: &names };
    let told = |body: &str, list| {
        judge_accounts(&answer(200, body), &shape(list))
            .map(|all| all.into_iter().map(|one| (one.subject, one.name)).collect::<Vec<_>>())
    };
    let pair = |id: &str, name: Option<&str>| (id.to_owned(), name.map(ToOwned::to_owned));
    let whole = r#"[{"id":7,"name":null,"login":"ada"},{"id":"b"},{"id":"b","name":"twice"},{"id":{}},{"name":"x"},3]"#;
    assert_eq!(told(whole, Some("")), Ok(vec![pair("7", Some("ada")), pair("b", None)]));
    assert_eq!(told(r#"{"data":[{"id":"a"}]}"#, Some("/data")), Ok(vec![pair("a", None)]));
    assert_eq!(told(r#"{"id":"a","name":" A\u202eda "}"#, None), Ok(vec![pair("a", Some("Ada"))]));
    for (body, list) in [
        ("", None),
        ("<html>", None),
        ("{}", None),
        (r#"{"id":1.5}"#, None),
        (r#"{"id":""}"#, None),
        (r#"{"id":"a\nb"}"#, None),
        ("[]", Some("")),
        (r#"{"id":"a"}"#, Some("")),
        (r#"{"data":{"id":"a"}}"#, Some("/data")),
    ] {
        assert_eq!(told(body, list), Err(Error::NoClaims), "{body}");
    }
    for status in [204, 302, 401, 500] {
        let judged = judge_accounts(&answer(status, r#"{"id":"a"}"#), &shape(None));
        assert_eq!(judged, Err(Error::Status(status)));
    }
    let many = (0..600).map(|n| format!(r#"{{"id":{n}}}"#)).collect::<Vec<_>>().join(",");
    assert_eq!(told(&format!("[{many}]"), Some("")).unwrap().len(), 500);
}
