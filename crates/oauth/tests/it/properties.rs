//! Whatever arrives: nothing panics, nothing secret is printed, and only what fits is taken.

use crate::fixtures::{ISSUER, REDIRECT, answer, later, now, secrets, state};
use oauth::{
    Disposition, ExpectedIdentity, ExpectedResponse, Jwks, Response, is_redirect,
    judge_authorization_response, judge_discovery, judge_id_token, judge_revocation, judge_token_response,
    judge_userinfo, state_of,
};
use proptest::prelude::*;
use secret::SecretString;
use url::form_urlencoded::Serializer;

/// A good answer of which a hostile page has dropped some parameters, and to which it has added others, in any order.
fn parameters() -> impl Strategy<Value = Vec<(String, String)>> {
    let good = vec![
        ("state".to_owned(), state()),
        ("iss".to_owned(), ISSUER.to_owned()),
        ("code".to_owned(), "CANARY-code".to_owned()),
    ];
    let name = prop_oneof![
        2 => prop::sample::select(vec!["code", "state", "iss", "error", "error_description", "realmId"])
            .prop_map(ToOwned::to_owned),
        1 => "\\PC{0,8}",
    ];
    let value = prop_oneof![Just(state()), Just(ISSUER.to_owned()), Just(String::new()), ".{0,20}"];
    (prop::sample::subsequence(good, 0..=3), prop::collection::vec((name, value), 0..3))
        .prop_map(|(kept, added)| [kept, added].concat())
        .prop_shuffle()
}

fn judge(address: &str) -> Result<oauth::AuthorizationResponse, oauth::AuthorizationResponseError> {
    let expected = ExpectedResponse {
        code_parameter: "code",
        redirect_uri: REDIRECT,
        secrets: &secrets(),
        issuer: Some(ISSUER),
        iss_required: true,
        expires_at: later(600),
    };
    judge_authorization_response(&SecretString::from(address), &expected, now())
}

/// JSON of any shape, with members that token answers have.
fn token_answer() -> impl Strategy<Value = String> {
    let scalar = prop_oneof![
        Just("null".to_owned()),
        Just("true".to_owned()),
        any::<i64>().prop_map(|number| number.to_string()),
        any::<f64>().prop_map(|number| serde_json::json!(number).to_string()),
        Just("\"CANARY\"".to_owned()),
        Just("\"Bearer\"".to_owned()),
        Just("\"\"".to_owned()),
        ".{0,12}".prop_map(|text| serde_json::json!(text).to_string()),
        Just("[[{}]]".to_owned()),
    ];
    let name = prop::sample::select(vec![
        "access_token",
        "refresh_token",
        "id_token",
        "token_type",
        "expires_in",
        "refresh_token_expires_in",
        "scope",
        "error_description",
        "other",
    ]);
    prop::collection::vec((name, scalar), 0..8).prop_map(|members| {
        let members: Vec<_> = members.iter().map(|(name, value)| format!("\"{name}\":{value}")).collect();
        format!("{{{}}}", members.join(","))
    })
}

/// Whatever the judges make of a response, their words hold no secret. Answers the token endpoint's disposition.
fn judge_everywhere(response: &Response) -> Option<Disposition> {
    let mut printed = format!("{response:?}");
    let mut keep = |words: String| printed.push_str(&words);
    if let Err(error) = judge_discovery(ISSUER, response) {
        keep(format!("{error} {error:?}"));
    }
    if let Err(error) = judge_userinfo(response, Some("subject")) {
        keep(format!("{error} {error:?}"));
    }
    if let Err(error) = Jwks::parse(response) {
        keep(format!("{error} {error:?}"));
    }
    keep(format!("{:?}", judge_revocation(response, now())));
    let error = judge_token_response(response, &[], now()).err();
    if let Some(error) = &error {
        keep(format!("{error} {error:?}"));
    }
    assert!(!printed.contains("CANARY"), "{printed}");
    error.map(|error| error.disposition())
}

proptest! {
    #[test]
    fn answers_of_any_shape_give_a_code_only_when_everything_fits(parameters in parameters()) {
        let query = Serializer::new(String::new()).extend_pairs(&parameters).finish();
        let judged = judge(&format!("{REDIRECT}?{query}"));
        let values = |name: &str| -> Vec<&str> {
            parameters.iter().filter(|(key, _)| key == name).map(|(_, value)| value.as_str()).collect()
        };
        match judged {
            Ok(response) => {
                prop_assert_eq!(values("state"), [state()]);
                prop_assert_eq!(values("iss"), [ISSUER]);
                prop_assert_eq!(values("code"), [response.code.expose().as_str()]);
                prop_assert!(values("error").iter().all(|error| error.is_empty()));
            }
            Err(error) => {
                let ours = values("state") == [state()];
                prop_assert_eq!(error == oauth::AuthorizationResponseError::Foreign, !ours);
            }
        }
    }

    #[test]
    fn addresses_of_any_shape_are_foreign(address in "\\PC{0,200}") {
        prop_assert!(judge(&address).is_err_and(|error| error == oauth::AuthorizationResponseError::Foreign));
        prop_assert!(!is_redirect(&address, REDIRECT));
        let _ = state_of(&SecretString::from(address.as_str()));
    }

    #[test]
    fn queries_of_any_bytes_are_survived(query in "([%0-9a-fA-F&=+;#?/\\\\ ]|state|code|CANARY){0,60}") {
        let judged = judge(&format!("{REDIRECT}?{query}"));
        prop_assert!(judged.is_err());
    }

    #[test]
    fn bodies_of_any_bytes_say_nothing_about_a_grant(
        status in 100_u16..600,
        body in prop::collection::vec(any::<u8>(), 0..300),
        pause in prop::option::of("\\PC{0,30}"),
    ) {
        let response = Response { retry_after: pause, ..answer(status, body) };
        let disposition = judge_everywhere(&response);
        let later = matches!(disposition, Some(Disposition::Later { .. }));
        prop_assert!(later, "{disposition:?}");
    }

    #[test]
    fn token_answers_of_any_shape_are_judged_without_harm(
        body in token_answer(),
        cut in prop::option::of(0_usize..200),
        status in prop::sample::select(vec![200_u16, 201, 202, 400, 503]),
    ) {
        let body: String = body.chars().take(cut.unwrap_or(usize::MAX)).collect();
        let response = answer(status, body);
        judge_everywhere(&response);
        if let Ok(grant) = judge_token_response(&response, &[], now()) {
            prop_assert!(grant.access_token.expose().bytes().all(|byte| (0x20..=0x7e).contains(&byte)));
            prop_assert!(grant.expires_at.is_none_or(|at| at >= now() && at <= later(366 * 24 * 3600)));
        }
    }

    #[test]
    fn refresh_token_of_a_whole_answer_is_never_lost(
        access_token in ".{0,12}",
        token_type in ".{0,8}",
        refresh_token in "[!-~]{1,40}",
    ) {
        let body = serde_json::json!({
            "access_token": access_token, "token_type": token_type, "refresh_token": &refresh_token,
        });
        let kept = match judge_token_response(&answer(200, body.to_string()), &[], now()) {
            Ok(grant) => grant.refresh_token,
            Err(error) => error.salvaged(),
        };
        prop_assert!(kept.is_some_and(|kept| kept.matches(&refresh_token)));
    }

    #[test]
    fn pauses_end_within_the_hour(pause in prop_oneof!["-?[0-9]{1,25}", "\\PC{0,40}"]) {
        let response = Response { retry_after: Some(pause), ..answer(429, "") };
        if let Some(Disposition::Later { not_before: Some(at) }) = judge_everywhere(&response) {
            prop_assert!(at > now() && at <= later(3600));
        }
    }

    #[test]
    fn id_tokens_of_any_shape_prove_nothing(token in "\\PC{0,80}(\\.\\PC{0,80}){0,3}") {
        let secrets = secrets();
        let expected = ExpectedIdentity {
            issuer: Some(ISSUER),
            client_id: "client-1",
            nonce: Some(secrets.nonce()),
            access_token: &SecretString::from("CANARY"),
            allowed_algorithms: &[],
        };
        prop_assert!(judge_id_token(&SecretString::from(token), None, &expected, now()).is_err());
    }
}
