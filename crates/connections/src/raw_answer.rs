//! A provider's own token answer: whole for the vault, and without what renews the grant for programs.
//!
//! Invariant: wherever a provider puts a refresh token or an ID token into its answer, no program sees it.

use secret::SecretString;
use serde_json::Value;
use std::sync::OnceLock;

/// A token answer as the provider gave it.
pub struct RawAnswer {
    whole: SecretString,
    /// What programs see. Made when the first one asks, since most grants are renewed far more often than read; wiped
    /// with the rest.
    for_programs: OnceLock<SecretString>,
}

impl RawAnswer {
    /// An answer. Shape: JSON; what is none stands for `null` to programs.
    pub const fn new(whole: SecretString) -> Self {
        Self { whole, for_programs: OnceLock::new() }
    }

    /// All of it, with the refresh token: for the vault, and for what the core itself reads.
    pub const fn whole(&self) -> &SecretString {
        &self.whole
    }

    /// What a program may see. Shape: JSON.
    pub fn for_programs(&self) -> &SecretString {
        self.for_programs.get_or_init(|| {
            // EXPOSE: parsed, and a secret again without what is withheld.
            let mut answer: Value = serde_json::from_str(self.whole.expose()).unwrap_or_default();
            withhold(&mut answer);
            SecretString::from(answer.to_string())
        })
    }

    /// Another copy of it.
    #[must_use]
    pub fn duplicate(&self) -> Self {
        Self::new(self.whole.duplicate())
    }
}

impl From<&str> for RawAnswer {
    fn from(whole: &str) -> Self {
        Self::new(SecretString::from(whole))
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
    use super::RawAnswer;
    use serde_json::{Value, json};

    fn told(answer: &Value) -> Value {
        let answer = RawAnswer::from(answer.to_string().as_str());
        serde_json::from_str(answer.for_programs().expose()).unwrap()
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
        assert_eq!(told(&slack), left);
        let deep = json!({ "data": [{ "token": { "refreshToken": "CANARY-3", "id_token": "CANARY-4", "scope": "a" } }] });
        assert_eq!(told(&deep), json!({ "data": [{ "token": { "scope": "a" } }] }));
        let spelled =
            json!({ "RefreshToken": "CANARY-5", "user-refresh-token": "CANARY-6", "idToken": "CANARY-7" });
        assert_eq!(told(&spelled), json!({}));
    }

    #[test]
    fn what_only_sounds_alike_stays() {
        let alike = json!({ "refresh_token_expires_in": 60, "is_valid_token": true, "token_type": "Bearer" });
        assert_eq!(told(&alike), alike);
        assert_eq!(told(&json!("no object")), json!("no object"));
    }

    #[test]
    fn what_is_no_json_is_told_as_nothing() {
        assert_eq!(RawAnswer::from("refresh_token=CANARY").for_programs().expose(), "null");
    }

    #[test]
    fn the_vault_gets_all_of_it() {
        let whole = r#"{"refresh_token": "one",  "a":1}"#;
        let answer = RawAnswer::from(whole);
        assert_eq!(answer.for_programs().expose(), r#"{"a":1}"#);
        assert_eq!(answer.whole().expose(), whole, "to the letter, also after a program has seen it");
    }
}
