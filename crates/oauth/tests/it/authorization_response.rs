//! The answer that comes back through the person's browser or window. Numbers T01 to T24 name the failure cases.

use crate::fixtures::{ISSUER, REDIRECT, later, now, secrets, state};
use oauth::{
    AuthorizationResponse, AuthorizationResponseError as Error, ExpectedResponse, is_redirect,
    judge_authorization_response, state_of,
};
use secret::SecretString;

/// What an attempt makes of an answer: the code, or why not.
fn check(address: &str, now_in: i64) -> Result<String, Error> {
    judge(address, Some(ISSUER), true, now_in).map(|response| response.code.expose().clone())
}

fn judge(
    address: &str,
    issuer: Option<&str>,
    iss_required: bool,
    now_in: i64,
) -> Result<AuthorizationResponse, Error> {
    let expected = ExpectedResponse {
        code_parameter: "code",
        redirect_uri: REDIRECT,
        secrets: &secrets(),
        issuer,
        iss_required,
        expires_at: later(600),
    };
    let judged = judge_authorization_response(&SecretString::from(address), &expected, later(now_in));
    if let Err(error) = &judged {
        let printed = format!("{error} {error:?}");
        assert!(!printed.contains("CANARY") && !printed.contains(&state()), "{printed}");
    }
    judged
}

/// A good answer whose query may be changed: `STATE` and `ISS` stand for the attempt's.
fn with_query(query: &str) -> String {
    let query = query.replace("STATE", &state()).replace("ISS", "https%3A%2F%2Fbank.example%2Ftenant");
    format!("{REDIRECT}?{query}")
}

#[test]
fn good_answer_gives_the_code_and_the_provider_s_extras() {
    let address = with_query("code=CANARY-code&state=STATE&iss=ISS&realmId=913&session_state=s&scope=a");
    let response = judge(&address, Some(ISSUER), true, 0).unwrap();
    assert!(response.code.matches("CANARY-code"));
    let extras: Vec<_> = response.extras.iter().collect();
    assert_eq!(extras, [(&"realmId".to_owned(), &"913".to_owned())]);
}

#[test]
fn foreign_answers_leave_the_attempt_alone() {
    for (case, query) in [
        ("T01 state differs", "code=CANARY&state=AQEBAQ&iss=ISS"),
        ("T01 state differs in its last character", "code=CANARY&state=STATEx&iss=ISS"),
        ("T02 state missing", "code=CANARY&iss=ISS"),
        ("T03 state empty", "code=CANARY&state=&iss=ISS"),
        ("T03 state not ASCII", "code=CANARY&state=%C3%A9&iss=ISS"),
        ("T15 error without state", "error=access_denied&iss=ISS"),
        ("T15 error with another state", "error=access_denied&state=x&iss=ISS"),
        ("T18 state twice, both right", "code=CANARY&state=STATE&state=STATE&iss=ISS"),
        ("T18 state twice, one right", "code=CANARY&state=STATE&state=x&iss=ISS"),
        ("T20 a zero byte in the state", "code=CANARY&state=STATE%00&iss=ISS"),
        ("T20 invalid UTF-8 in the state", "code=CANARY&state=STATE%FF&iss=ISS"),
        ("T20 broken percent-encoding in the state", "code=CANARY&state=STATE%G&iss=ISS"),
        ("name in another case", "code=CANARY&State=STATE&iss=ISS"),
        ("nothing at all", ""),
    ] {
        assert_eq!(check(&with_query(query), 0), Err(Error::Foreign), "{case}");
    }
    let long_state = "s".repeat(10_000);
    assert_eq!(
        check(&with_query(&format!("code=c&state={long_state}")), 0),
        Err(Error::Foreign),
        "T03 10 kB"
    );
    let page = "x".repeat(1 << 20);
    let long = with_query(&format!("error=e&state=STATE&error_description={page}"));
    assert_eq!(check(&long, 0), Err(Error::Foreign), "T14 a megabyte of description is not even parsed");
}

#[test]
fn answer_counts_only_where_it_was_asked_for() {
    let query = format!("code=CANARY&state={}&iss=https%3A%2F%2Fbank.example%2Ftenant", state());
    for address in [
        "https://127.0.0.1:49152/callback",
        "http://127.0.0.1:49153/callback",
        "http://127.0.0.1/callback",
        "http://localhost:49152/callback",
        "http://127.0.0.2:49152/callback",
        "http://[::1]:49152/callback",
        "http://127.0.0.1:49152/callback/",
        "http://127.0.0.1:49152//callback",
        "http://127.0.0.1:49152/Callback",
        "http://127.0.0.1:49152/callback/../other",
        "http://127.0.0.1:49152/%63allback",
        "http://127.0.0.1:49152@evil.example/callback",
        "http://evil.example@127.0.0.1:49152/callback",
        "http://127.0.0.1.evil.example:49152/callback",
        "mooring://127.0.0.1:49152/callback",
        "javascript:alert(1)//callback",
        "callback",
        "--config=callback",
    ] {
        let arrived = format!("{address}?{query}");
        assert_eq!(check(&arrived, 0), Err(Error::Foreign), "{address}");
        assert!(!is_redirect(&arrived, REDIRECT), "{address}");
    }
    assert!(is_redirect(&format!("{REDIRECT}?{query}"), REDIRECT));
    assert_eq!(
        check(&format!("{REDIRECT}#{query}"), 0),
        Err(Error::Foreign),
        "T20 fragment instead of query"
    );
}

#[test]
fn private_use_schemes_and_https_redirects_are_recognized() {
    for (redirect, arrived, ours) in [
        ("com.example.app:/oauth", "com.example.app:/oauth?code=c", true),
        ("com.example.app:/oauth", "COM.EXAMPLE.APP:/oauth?code=c", true),
        ("com.example.app:/oauth", "com.example.app:/other?code=c", false),
        ("com.example.app:/oauth", "com.example.app://oauth?code=c", false),
        ("mooring://oauth/callback", "mooring://oauth/callback?code=c", true),
        ("mooring://oauth/callback", "mooring://evil/callback?code=c", false),
        ("mooring://oauth/callback", "mooring://oauth:80/callback?code=c", false),
        ("https://app.example/cb", "https://app.example:443/cb?code=c#_=_", true),
        ("https://app.example/cb", "https://app.example.evil.example/cb?code=c", false),
        ("https://app.example/cb", "http://app.example/cb?code=c", false),
        ("https://app.example/cb", "https://app.example/cb.html?code=c", false),
    ] {
        assert_eq!(is_redirect(arrived, redirect), ours, "{arrived} for {redirect}");
    }
}

#[test]
fn issuer_must_be_the_one_that_was_asked_even_in_errors() {
    const ANOTHER: Result<String, Error> = Err(Error::Malformed("another issuer answered"));
    for (case, query) in [
        ("T06 another issuer", "code=CANARY&state=STATE&iss=https%3A%2F%2Fevil.example"),
        ("T08 a slash more", "code=CANARY&state=STATE&iss=ISS%2F"),
        ("T08 another case", "code=CANARY&state=STATE&iss=https%3A%2F%2Fbank.example%2FTenant"),
        (
            "T08 a port that changes nothing",
            "code=CANARY&state=STATE&iss=https%3A%2F%2Fbank.example%3A443%2Ftenant",
        ),
        ("empty", "code=CANARY&state=STATE&iss="),
        ("T09 another issuer in an error", "error=access_denied&state=STATE&iss=https%3A%2F%2Fevil.example"),
    ] {
        assert_eq!(check(&with_query(query), 0), ANOTHER, "{case}");
    }
    let missing = Err(Error::Malformed("the issuer is missing"));
    assert_eq!(check(&with_query("code=CANARY&state=STATE"), 0), missing, "T07 promised and missing");
    assert_eq!(check(&with_query("error=access_denied&state=STATE"), 0), missing, "T07 in an error");
}

#[test]
fn issuer_that_was_not_promised_may_be_missing_but_not_wrong() {
    let code = |query: &str| judge(&with_query(query), Some(ISSUER), false, 0).map(|_| ());
    assert_eq!(code("code=c&state=STATE"), Ok(()));
    assert_eq!(code("code=c&state=STATE&iss=ISS"), Ok(()));
    assert_eq!(code("code=c&state=STATE&iss=x"), Err(Error::Malformed("another issuer answered")));
    let unknown_issuer = judge(&with_query("code=c&state=STATE&iss=x"), None, false, 0);
    assert!(unknown_issuer.is_ok(), "where no issuer is known there is nothing to compare with");
}

#[test]
fn errors_of_the_server_are_told_apart() {
    let failed = |query: &str| check(&with_query(query), 0);
    assert_eq!(failed("error=access_denied&state=STATE&iss=ISS"), Err(Error::Refused), "T11");
    let Err(Error::Failed(unknown)) = failed("error=bank_is_on_holiday&state=STATE&iss=ISS") else {
        panic!("T12: an unknown code is a failure")
    };
    assert_eq!((unknown.code.as_str(), unknown.description), ("bank_is_on_holiday", None));
    assert_eq!(
        failed("error=server_error&code=CANARY&state=STATE&iss=ISS"),
        Err(Error::Malformed("both an error and a code")),
        "T13"
    );
    assert_eq!(
        failed("error=&state=STATE&iss=ISS"),
        Err(Error::Malformed("no code")),
        "an empty error is none"
    );
}

#[test]
fn error_text_is_bounded_and_printable_and_never_printed_by_itself() {
    let text = "%3Cb%3ECANARY%0D%0A%E2%80%AEsecond%E2%80%A8third".to_owned() + &"y".repeat(400);
    let query =
        format!("error=a%0Ab%20c%E2%80%AE{}&error_description={text}&state=STATE&iss=ISS", "z".repeat(90));
    let Err(Error::Failed(error)) = check(&with_query(&query), 0) else {
        panic!("T14: an error is an error")
    };
    assert_eq!(error.code, format!("abc{}", "z".repeat(61)), "64 visible ASCII characters at most");
    let description = error.description.clone().unwrap();
    assert_eq!(description.chars().count(), 200);
    assert!(description.starts_with("<b>CANARYsecondthird"), "one line, in one direction: {description}");
    assert!(
        !format!("{error} {error:?}").contains("CANARY"),
        "somebody else's text may repeat what was sent"
    );
}

#[test]
fn answers_that_are_ours_and_make_no_sense_end_the_attempt() {
    for (case, query, why) in [
        ("T16 code missing", "state=STATE&iss=ISS", "no code"),
        ("T17 code twice", "code=a&code=a&state=STATE&iss=ISS", "a parameter is repeated"),
        ("T19 code empty", "code=&state=STATE&iss=ISS", "no code"),
        ("issuer twice", "code=a&state=STATE&iss=ISS&iss=ISS", "a parameter is repeated"),
        ("an extra twice", "code=a&state=STATE&iss=ISS&realmId=1&realmId=2", "a parameter is repeated"),
        ("a line end in the code", "code=a%0D%0Ab&state=STATE&iss=ISS", "a code with control characters"),
        ("a zero byte in the code", "code=a%00&state=STATE&iss=ISS", "a code with control characters"),
    ] {
        assert_eq!(check(&with_query(query), 0), Err(Error::Malformed(why)), "{case}");
    }
}

#[test]
fn attempt_is_over_at_its_deadline() {
    let good = with_query("code=CANARY&state=STATE&iss=ISS");
    assert!(check(&good, 599).is_ok());
    assert_eq!(check(&good, 600), Err(Error::Expired), "T22");
    assert_eq!(
        check(&with_query("code=CANARY&state=x"), 600),
        Err(Error::Foreign),
        "a foreign answer stays foreign"
    );
    assert!(now() < later(600));
}

#[test]
fn extras_are_bounded() {
    let many = (10..60).map(|number| format!("&x{number}=v")).collect::<Vec<_>>().concat();
    let long = "v".repeat(257);
    let address = with_query(&format!("code=c&state=STATE&iss=ISS&long={long}{many}"));
    let extras = judge(&address, Some(ISSUER), true, 0).unwrap().extras;
    assert_eq!(extras.len(), 20);
    assert!(!extras.contains_key("long"), "a value of more than 256 bytes is dropped, not cut");
}

#[test]
fn claimed_state_is_found_only_when_it_is_unambiguous() {
    let claimed = |address: &str| state_of(&SecretString::from(address)).map(|state| state.expose().clone());
    assert_eq!(claimed("mooring://oauth/callback?code=c&state=abc").as_deref(), Some("abc"));
    assert_eq!(
        claimed(" mooring://oauth/callback?state=abc\n").as_deref(),
        Some("abc"),
        "pasted with blanks"
    );
    for address in [
        "mooring://oauth/callback?state=abc&state=abc",
        "mooring://oauth/callback?state=",
        "mooring://oauth/callback#state=abc",
        "mooring://oauth/callback",
        "state=abc",
        "--state=abc",
        "",
    ] {
        assert_eq!(claimed(address), None, "{address}");
    }
    let long = format!("mooring://oauth/callback?state=abc&x={}", "y".repeat(64 * 1024));
    assert_eq!(claimed(&long), None, "T33 64 kB");
}
