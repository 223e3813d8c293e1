//! Approving on another device: what is asked, what is believed, when it is asked again.

use crate::fixtures::{answer, form, later, metadata, now, taken};
use oauth::{
    AnswerShape, ClientAuthentication, ClientRegistration, DeviceAuthorization, DeviceError, DevicePoll,
    device_authorization_request, device_token_request, judge_device_authorization, judge_device_token,
};
use secret::SecretString;
use serde_json::{Value, json};

fn client(authentication: ClientAuthentication) -> ClientRegistration {
    ClientRegistration {
        client_id: "client-1".to_owned(),
        client_secret: (authentication != ClientAuthentication::None).then(|| "CANARY-secret".into()),
        authentication,
    }
}

fn codes(change: impl Fn(&mut Value)) -> Result<DeviceAuthorization, DeviceError> {
    let mut body = json!({
        "device_code": "CANARY-device",
        "user_code": "WDJB-MJHT",
        "verification_uri": "https://bank.example/device",
        "verification_uri_complete": "https://bank.example/device?user_code=WDJB-MJHT",
        "expires_in": 900,
        "interval": 7,
    });
    change(&mut body);
    judge_device_authorization(&answer(200, body.to_string()), now())
}

#[test]
fn codes_are_asked_for_with_scopes_and_the_clients_id() {
    let endpoint = "https://bank.example/device_authorization".parse().unwrap();
    for way in [ClientAuthentication::None, ClientAuthentication::Basic, ClientAuthentication::Post] {
        let scopes = ["a".to_owned(), "b".to_owned()];
        let request = taken(device_authorization_request(&endpoint, &client(way), &scopes, " ").unwrap());
        assert_eq!(
            (form(&request)["scope"].as_str(), form(&request)["client_id"].as_str()),
            ("a b", "client-1")
        );
    }
    let request = device_token_request(
        &metadata().token_endpoint,
        &client(ClientAuthentication::None),
        &SecretString::from("CANARY-device"),
    );
    let request = taken(request.unwrap());
    assert_eq!(form(&request)["grant_type"], "urn:ietf:params:oauth:grant-type:device_code");
    assert_eq!(form(&request)["device_code"], "CANARY-device");
}

#[test]
fn codes_are_believed_within_bounds() {
    let given = codes(|_| {}).unwrap();
    assert_eq!(given.user_code, "WDJB-MJHT");
    assert!(given.device_code.matches("CANARY-device"));
    assert_eq!((given.expires_at, given.interval.as_secs()), (later(900), 7));
    assert_eq!(given.verification_uri_complete.unwrap().query(), Some("user_code=WDJB-MJHT"));
    let odd = codes(|body| {
        body["interval"] = json!(null);
        body["expires_in"] = json!(1e12);
        body["verification_uri"] = json!(null);
        body["verification_url"] = json!("https://bank.example/typed");
    })
    .unwrap();
    assert_eq!((odd.interval.as_secs(), odd.expires_at), (5, later(3600)));
    assert_eq!(odd.verification_uri.path(), "/typed", "the name of the drafts is still in use");
    assert_eq!(codes(|body| body["interval"] = json!(0)).unwrap().interval.as_secs(), 1);
}

#[test]
fn what_would_mislead_a_person_is_refused() {
    let wrong: [fn(&mut Value); 7] = [
        |body| body["verification_uri"] = json!("http://bank.example/device"),
        |body| body["verification_uri"] = json!("javascript:alert(1)"),
        |body| body["verification_uri"] = json!("https://bank@evil.example/"),
        |body| body["user_code"] = json!("AB\u{202e}CD"),
        |body| body["user_code"] = json!("A".repeat(65)),
        |body| body["device_code"] = json!("a\r\nb"),
        |body| body["device_code"] = json!(null),
    ];
    for (row, change) in wrong.into_iter().enumerate() {
        let refused = codes(change).err();
        assert!(matches!(refused, Some(DeviceError::Unusable(_))), "row {row}");
        assert!(!format!("{refused:?}").contains("CANARY"));
    }
    let elsewhere = codes(|body| body["verification_uri_complete"] = json!("https://evil.example/?c=1"));
    assert!(elsewhere.unwrap().verification_uri_complete.is_none(), "a page elsewhere is not opened");
}

#[test]
fn refusals_of_the_device_endpoint_are_told_apart() {
    let refused =
        |status, body: &str| judge_device_authorization(&answer(status, body), now()).err().unwrap();
    assert!(refused(401, r#"{"error":"invalid_client"}"#).is_about_the_client());
    assert_eq!(
        refused(503, r#"{"error":"invalid_client"}"#),
        DeviceError::Status(503),
        "an outage in disguise"
    );
    assert_eq!(refused(404, "<html>"), DeviceError::Status(404));
    assert!(matches!(refused(200, "<html>"), DeviceError::Unusable(_)));
}

#[test]
fn each_answer_to_a_question_has_one_meaning() {
    let poll = |status, body: &str| match judge_device_token(
        &answer(status, body),
        &AnswerShape::default(),
        &[],
        now(),
    ) {
        DevicePoll::Granted(grant) => grant.access_token.expose().clone(),
        DevicePoll::Pending => "pending".to_owned(),
        DevicePoll::SlowDown => "slower".to_owned(),
        DevicePoll::Refused => "refused".to_owned(),
        DevicePoll::Expired => "expired".to_owned(),
        DevicePoll::Trouble(_) => "trouble".to_owned(),
        DevicePoll::Failed(_) => "failed".to_owned(),
    };
    let rows = [
        (400, r#"{"error":"authorization_pending"}"#, "pending"),
        (400, r#"{"error":"slow_down"}"#, "slower"),
        (400, r#"{"error":"access_denied"}"#, "refused"),
        (400, r#"{"error":"expired_token"}"#, "expired"),
        (400, r#"{"error":"invalid_grant"}"#, "expired"),
        (401, r#"{"error":"invalid_client"}"#, "failed"),
        (503, r#"{"error":"access_denied"}"#, "trouble"),
        (502, "<html>", "trouble"),
        (200, "{", "trouble"),
        (200, r#"{"access_token":"at","token_type":"bearer"}"#, "at"),
    ];
    for (status, body, meaning) in rows {
        assert_eq!(poll(status, body), meaning, "{status} {body}");
    }
}
