//! Who approved, as the userinfo endpoint tells it.

use crate::fixtures::answer;
use oauth::{UserinfoError as Error, judge_userinfo};

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
