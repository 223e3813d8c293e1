//! Members of a token response that are the provider's own: where its API answers, which account was chosen.

use secret::SecretString;
use serde_json::{Map, Value};

/// Members that the protocol gives a meaning and that hold for one answer alone.
const OF_ONE_ANSWER: &[&str] = &[
    "access_token",
    "token_type",
    "expires_in",
    "refresh_token",
    "refresh_token_expires_in",
    "x_refresh_token_expires_in",
    "refresh_expires_in",
    "expires_at",
    "refresh_token_expires_at",
    "scope",
    "id_token",
    "issued_at",
    "created_at",
];

/// The new answer, with the provider's own members of the old one where the new one does not say them again.
///
/// Shopify, Salesforce, Zoho and others tell shop or host once, at the approval, and not at a refresh. What cannot be
/// read is left as it came.
pub fn carry_over(old: &SecretString, new: &SecretString) -> SecretString {
    // EXPOSE: twice, parsed and written again into a secret.
    let parsed = |text: &SecretString| serde_json::from_str::<Map<String, Value>>(text.expose()).ok();
    let (Some(old), Some(mut members)) = (parsed(old), parsed(new)) else { return new.duplicate() };
    for (name, value) in old {
        if !OF_ONE_ANSWER.contains(&name.as_str()) {
            members.entry(name).or_insert(value);
        }
    }
    serde_json::to_string(&members).map_or_else(|_| new.duplicate(), SecretString::from)
}

#[cfg(test)]
mod tests {
    use super::carry_over;
    use secret::SecretString;
    use serde_json::{Value, json};

    fn carried(old: &str, new: &str) -> Value {
        serde_json::from_str(carry_over(&old.into(), &new.into()).expose()).unwrap()
    }

    #[test]
    fn what_is_told_once_stays_and_what_is_told_anew_counts() {
        let old = r#"{"access_token":"a","expires_in":5,"id_token":"i","instance_url":"https://eu1.example","m":"1"}"#;
        let new = r#"{"access_token":"b","m":"2"}"#;
        assert_eq!(
            carried(old, new),
            json!({"access_token": "b", "instance_url": "https://eu1.example", "m": "2"})
        );
    }

    #[test]
    fn an_old_answer_that_cannot_be_read_changes_nothing() {
        assert_eq!(carried("{}", r#"{"a":1}"#), json!({"a": 1}));
        assert_eq!(carried("<html>", r#"{"a":1}"#), json!({"a": 1}));
        assert_eq!(carry_over(&SecretString::from("{}"), &SecretString::from("?")).expose(), "?");
    }
}
