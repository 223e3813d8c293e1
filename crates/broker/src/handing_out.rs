//! A token on its way to a program: what renews the grant stays here.
//!
//! Invariant: wherever a provider puts a refresh token or an ID token into its answer, no program sees it.

use crate::wire::Token;
use connections::FreshToken;
use serde_json::Value;

/// The token as programs get it.
pub(crate) fn handed_out(token: FreshToken) -> Token {
    // EXPOSE: to the program that asked, over a socket of this person's own.
    let mut raw: Value = serde_json::from_str(token.raw.expose()).unwrap_or_default();
    withhold(&mut raw);
    Token {
        // EXPOSE: to the program that asked, as above.
        access_token: token.access_token.expose().clone(),
        expires_at: token.expires_at.map(|at| at.to_string()),
        scopes: token.scopes,
        raw,
        extras: token.extras,
    }
}

/// Takes out what renews a grant, however deep: Slack has a token of the person's own under `authed_user`, and some
/// providers put the whole answer under a member of another name.
fn withhold(value: &mut Value) {
    match value {
        Value::Object(members) => {
            members.retain(|name, _| !is_withheld(name));
            members.values_mut().for_each(withhold);
        }
        Value::Array(elements) => elements.iter_mut().for_each(withhold),
        _ => {}
    }
}

/// `refresh_token`, `refreshToken`, `user-refresh-token` and the like; not `refresh_token_expires_in`, which tells until
/// when.
fn is_withheld(name: &str) -> bool {
    let letters: String = name.chars().filter(char::is_ascii_alphanumeric).collect();
    let letters = letters.to_ascii_lowercase();
    letters.ends_with("refreshtoken") || letters == "idtoken"
}

#[cfg(test)]
mod tests {
    use super::handed_out;
    use connections::FreshToken;
    use serde_json::{Value, json};

    fn raw_of(answer: &Value) -> Value {
        handed_out(FreshToken {
            access_token: "at".into(),
            expires_at: None,
            scopes: Vec::new(),
            raw: answer.to_string().as_str().into(),
            extras: std::collections::BTreeMap::new(),
        })
        .raw
    }

    #[test]
    fn a_refresh_token_leaves_from_no_depth() {
        let slack = json!({
            "ok": true,
            "access_token": "at",
            "refresh_token": "CANARY-1",
            "team": { "id": "T1" },
            "authed_user": { "id": "U1", "access_token": "user", "refresh_token": "CANARY-2", "expires_in": 43_200 },
        });
        let left = json!({
            "ok": true,
            "access_token": "at",
            "team": { "id": "T1" },
            "authed_user": { "id": "U1", "access_token": "user", "expires_in": 43_200 },
        });
        assert_eq!(raw_of(&slack), left);
        let deep = json!({ "data": [{ "token": { "refreshToken": "CANARY-3", "id_token": "CANARY-4", "scope": "a" } }] });
        assert_eq!(raw_of(&deep), json!({ "data": [{ "token": { "scope": "a" } }] }));
        let spelled =
            json!({ "RefreshToken": "CANARY-5", "user-refresh-token": "CANARY-6", "idToken": "CANARY-7" });
        assert_eq!(raw_of(&spelled), json!({}));
    }

    #[test]
    fn what_only_sounds_alike_stays() {
        let alike = json!({ "refresh_token_expires_in": 60, "is_valid_token": true, "token_type": "Bearer" });
        assert_eq!(raw_of(&alike), alike);
        assert_eq!(raw_of(&json!("no object")), json!("no object"));
    }
}
