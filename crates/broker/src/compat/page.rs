//! The page at which an authorization ends in the window that the calling page opened.
//!
//! Invariants
//! - It tells one origin, the one that opened it and was allowed then; without one it tells nobody.
//! - Whatever is in it came through a JSON writer and has no `<`, so no value can end the script; only the one script
//!   runs, by its nonce.
//! - It has no `Cross-Origin-Opener-Policy`: with one the window would lose the page that waits for it.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse as _, Response};
use base64::Engine as _;
use connections::error::{CoreError, ErrorCode};
use serde_json::{Value, json};

/// How an authorization ended.
pub(super) enum End {
    /// The connection is linked.
    Linked,
    /// It is not.
    Failed(Failure),
}

/// Why not: the type is for the page's program, the message for whoever reads its log.
pub(super) struct Failure {
    pub(super) kind: &'static str,
    pub(super) message: String,
}

impl Failure {
    pub(super) fn new(kind: &'static str, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }
}

/// For whom the page is.
#[derive(Default)]
pub(super) struct Waiting<'a> {
    pub(super) origin: Option<&'a str>,
    pub(super) config_key: Option<&'a str>,
    pub(super) connection_id: Option<&'a str>,
}

/// The page. As in the original, one that tells of a failure is a 500.
pub(super) fn page(waiting: &Waiting<'_>, end: &End) -> Response {
    let Some(nonce) = nonce() else {
        return crate::http::error_json(StatusCode::INTERNAL_SERVER_ERROR, "No randomness is to be had.");
    };
    let (status, text) = match end {
        End::Linked => (StatusCode::OK, "Linked. You can close this window."),
        End::Failed(_) => {
            (StatusCode::INTERNAL_SERVER_ERROR, "Nothing was linked. You can close this window.")
        }
    };
    let (message, origin) = (in_script(&message(waiting, end)), in_script(&json!(waiting.origin)));
    let html = format!(
        "<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>Mooring</title></head><body>\
         <p>{text}</p><script nonce=\"{nonce}\">\n\
         (function () {{\n\
         var message = {message};\n\
         var origin = {origin};\n\
         history.replaceState(null, '', location.pathname);\n\
         if (window.opener && origin) {{ window.opener.postMessage(message, origin); }}\n\
         if (window.opener) {{ setTimeout(function () {{ window.close(); }}, 300); }}\n\
         }})();\n</script></body></html>"
    );
    let mut response = (status, Html(html)).into_response();
    let policy = format!(
        "default-src 'none'; script-src 'nonce-{nonce}'; base-uri 'none'; form-action 'none'; \
         frame-ancestors 'none'"
    );
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response.headers_mut().insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    response
}

/// The event under both names that its members had. One C in the first word is how it has always been spelled.
fn message(waiting: &Waiting<'_>, end: &End) -> Value {
    let mut data = json!({
        "connectionId": waiting.connection_id,
        "providerConfigKey": waiting.config_key,
        "integrationKey": waiting.config_key,
    });
    let event = match end {
        End::Linked => "AUTHORIZATION_SUCEEDED",
        End::Failed(failure) => {
            if let Some(members) = data.as_object_mut() {
                let error = json!({ "type": failure.kind, "message": failure.message });
                members.insert("error".to_owned(), error);
            }
            "AUTHORIZATION_FAILED"
        }
    };
    json!({ "eventType": event, "data": data })
}

/// JSON that stays inside a script, whatever it holds.
fn in_script(value: &Value) -> String {
    let escaped = [('<', "\\u003c"), ('>', "\\u003e"), ('&', "\\u0026")];
    let separators = [('\u{2028}', "\\u2028"), ('\u{2029}', "\\u2029")];
    let all = escaped.into_iter().chain(separators);
    all.fold(value.to_string(), |text, (c, escape)| text.replace(c, escape))
}

fn nonce() -> Option<String> {
    let mut bytes = [0; 18];
    getrandom::fill(&mut bytes).ok()?;
    Some(base64::engine::general_purpose::STANDARD.encode(bytes))
}

/// Why an authorization did not begin, in the original's types and texts.
pub(super) fn not_begun(error: &CoreError, config_key: &str) -> Failure {
    let text = crate::http::sentence(error);
    match error.code {
        ErrorCode::UnknownConfig => Failure::new(
            "unknown_config_key",
            format!("No Provider configuration with key \"{config_key}\"."),
        ),
        ErrorCode::ClientRefused => Failure::new(
            "provider_config_err",
            format!(
                "Provider config w/ key \"{config_key}\" is missing params (cliend ID, secret and/or scopes)."
            ),
        ),
        ErrorCode::BadInput => Failure::new("url_param_err", text),
        ErrorCode::BadName => Failure::new("missing_connection_id", text),
        ErrorCode::SurfaceUnavailable => Failure::new("auth_mode_err", text),
        ErrorCode::NotPermitted => Failure::new("not_permitted", text),
        _ => Failure::new("server_err", text),
    }
}

#[cfg(test)]
mod tests {
    use super::{End, Failure, Waiting, in_script, message, page};
    use serde_json::json;

    #[test]
    fn no_value_leaves_the_script() {
        let bent = json!("</script><script>alert(1)</script>\u{2028}<!--&\"\\");
        let text = in_script(&bent);
        assert!(!text.contains(['<', '>', '&', '\u{2028}']), "{text}");
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&text).unwrap(),
            bent,
            "and it is still the same"
        );
    }

    #[test]
    fn both_generations_find_their_names() {
        let waiting = Waiting { origin: None, config_key: Some("github"), connection_id: Some("1") };
        let told = message(&waiting, &End::Linked);
        assert_eq!(
            told,
            json!({"eventType": "AUTHORIZATION_SUCEEDED", "data":
                {"connectionId": "1", "providerConfigKey": "github", "integrationKey": "github"}})
        );
        let failed = message(&waiting, &End::Failed(Failure::new("state_err", "Late.")));
        assert_eq!(failed["eventType"], "AUTHORIZATION_FAILED");
        assert_eq!(failed["data"]["error"], json!({"type": "state_err", "message": "Late."}));
    }

    #[test]
    fn only_its_own_script_runs_and_no_policy_parts_it_from_its_opener() {
        let response = page(&Waiting::default(), &End::Linked);
        let header =
            |name: &str| response.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
        let policy = header("content-security-policy").unwrap();
        assert!(policy.starts_with("default-src 'none'; script-src 'nonce-"), "{policy}");
        assert!(policy.contains("frame-ancestors 'none'") && !policy.contains("unsafe"));
        assert_eq!(header("cross-origin-opener-policy"), None);
        assert_ne!(policy, {
            let again = page(&Waiting::default(), &End::Linked);
            again.headers()["content-security-policy"].to_str().unwrap().to_owned()
        });
    }
}
