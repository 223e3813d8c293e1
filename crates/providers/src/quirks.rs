//! Where a provider's OAuth departs from the standard, as data.
//!
//! Knows no request and no answer of its own; says what to send otherwise, and takes from a callback or a token answer
//! what the provider says there and nowhere else.
//!
//! Each kind of quirk has a name and one place where it is carried out, [`QUIRK_KINDS`]. A kind that no example of a
//! provider shows, or an entry whose quirks none shows, fails a test (`tests/fixtures`).
//!
//! Invariants
//! - What is taken matches its pattern as a whole; a value that does not is refused, not kept.
//! - Nothing secret is taken: an entry that points at a token is refused by the report.

use crate::Provider;
use crate::template::captured;
use jiff::SignedDuration;
use oauth::{AnswerShape, Dress, Encoding};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Where a provider departs from the standard.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Quirks {
    /// Callback parameters to keep with the connection; `at` is the parameter's name.
    pub callback: Vec<Taken>,
    /// Values of the token answer to keep with the connection; `at` is a JSON pointer (RFC 6901).
    pub token_answer: Vec<Taken>,
    /// Which value taken tells two accounts at this provider apart.
    pub identity: Option<String>,
    /// The callback parameter that holds the code, if it is not `code`.
    pub code_parameter: Option<String>,
    /// The JSON pointer to what holds the tokens, if it is not the whole answer.
    pub token_at: Option<String>,
    /// The JSON pointer to the instant at which the access token ends (RFC 3339, or seconds since 1970), where that is
    /// said instead of `expires_in`.
    pub expires_at: Option<String>,
    /// The same of the refresh token.
    pub refresh_expires_at: Option<String>,
    /// What the provider says as `token_type` of tokens that are sent as bearer tokens, if it is not `Bearer`.
    pub token_types: Vec<String>,
    /// How the parameters of token requests are sent.
    pub token_request: TokenEncoding,
    /// Fixed parameters of its own for each token request.
    pub token_parameters: BTreeMap<String, String>,
    /// Fixed headers of its own for each token request.
    pub token_headers: BTreeMap<String, String>,
}

/// The kinds of quirk: the name, which is the field's, and where it is carried out.
pub const QUIRK_KINDS: [(&str, &str); 11] = [
    ("callback", "Provider::taken_from_callback"),
    ("token_answer", "Provider::taken_from_token_answer"),
    ("identity", "Provider::identity_of"),
    ("code_parameter", "oauth::judge_authorization_response"),
    ("token_at", "oauth::judge_token_response_in, as Provider::answer_shape has it"),
    ("expires_at", "oauth::judge_token_response_in, as Provider::answer_shape has it"),
    ("refresh_expires_at", "oauth::judge_token_response_in, as Provider::answer_shape has it"),
    ("token_types", "oauth::judge_token_response_in, as Provider::answer_shape has it"),
    ("token_request", "oauth::Dress::on, as Provider::dress has it"),
    ("token_parameters", "oauth::Dress::on, as Provider::dress has it"),
    ("token_headers", "oauth::Dress::on, as Provider::dress has it"),
];

impl Quirks {
    /// The kinds that are in use here, by name.
    pub fn kinds(&self) -> Vec<&'static str> {
        let in_use = |name: &str| match name {
            "callback" => !self.callback.is_empty(),
            "token_answer" => !self.token_answer.is_empty(),
            "identity" => self.identity.is_some(),
            "code_parameter" => self.code_parameter.is_some(),
            "token_at" => self.token_at.is_some(),
            "expires_at" => self.expires_at.is_some(),
            "refresh_expires_at" => self.refresh_expires_at.is_some(),
            "token_types" => !self.token_types.is_empty(),
            "token_request" => self.token_request != TokenEncoding::Form,
            "token_parameters" => !self.token_parameters.is_empty(),
            "token_headers" => !self.token_headers.is_empty(),
            _ => false,
        };
        QUIRK_KINDS.into_iter().map(|(name, _)| name).filter(|name| in_use(name)).collect()
    }
}

/// How the parameters of token requests are sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum TokenEncoding {
    /// As a form, as RFC 6749 has it.
    #[default]
    Form,
    /// As a JSON object.
    Json,
    /// In the address, with an empty body.
    Query,
}

/// One value to keep with a connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Taken {
    /// Where it stands.
    pub at: String,
    /// Under which name it is kept; the name of a parameter fills that parameter.
    pub name: String,
    /// Regular expression that the whole value must match; of a group `(?<kept>…)` in it, only the group is kept.
    pub pattern: String,
    /// Whether a connection without it is of no use.
    #[serde(default)]
    pub required: bool,
}

/// Why nothing is taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TakenError {
    /// The provider did not say it.
    #[error("the provider did not say `{0}`")]
    Missing(String),
    /// What it said does not have its shape.
    #[error("what the provider said as `{0}` is malformed")]
    Malformed(String),
}

impl Provider {
    /// What the callback says besides code and state.
    ///
    /// # Errors
    /// [`TakenError`].
    pub fn taken_from_callback(
        &self,
        query: &BTreeMap<String, String>,
    ) -> Result<BTreeMap<String, String>, TakenError> {
        take(&self.quirks.callback, |at| query.get(at).cloned())
    }

    /// What the token answer says besides tokens.
    ///
    /// # Errors
    /// [`TakenError`].
    pub fn taken_from_token_answer(
        &self,
        answer: &serde_json::Value,
    ) -> Result<BTreeMap<String, String>, TakenError> {
        take(&self.quirks.token_answer, |at| match answer.pointer(at)? {
            serde_json::Value::String(text) => Some(text.clone()),
            serde_json::Value::Number(number) => Some(number.to_string()),
            _ => None,
        })
    }

    /// How the provider's token answers are to be read.
    pub fn answer_shape(&self) -> AnswerShape<'_> {
        let quirks = &self.quirks;
        let life = self.refresh.access_token_life_seconds;
        AnswerShape {
            tokens_at: quirks.token_at.as_deref(),
            expires_at: quirks.expires_at.as_deref(),
            refresh_expires_at: quirks.refresh_expires_at.as_deref(),
            token_types: &quirks.token_types,
            access_token_life: life.map(|seconds| SignedDuration::from_secs(i64::from(seconds))),
        }
    }

    /// How the provider wants its token requests.
    pub fn dress(&self) -> Dress<'_> {
        let encoding = match self.quirks.token_request {
            TokenEncoding::Form => Encoding::Form,
            TokenEncoding::Json => Encoding::Json,
            TokenEncoding::Query => Encoding::Query,
        };
        let (parameters, headers) = (&self.quirks.token_parameters, &self.quirks.token_headers);
        Dress { encoding, parameters: Some(parameters), headers: Some(headers) }
    }

    /// What tells this account from another one at the same provider, of what was taken.
    pub fn identity_of<'a>(&self, taken: &'a BTreeMap<String, String>) -> Option<&'a str> {
        taken.get(self.quirks.identity.as_deref()?).map(String::as_str)
    }
}

fn take(
    wanted: &[Taken],
    said: impl Fn(&str) -> Option<String>,
) -> Result<BTreeMap<String, String>, TakenError> {
    let mut taken = BTreeMap::new();
    for one in wanted {
        match said(&one.at).filter(|value| !value.is_empty()) {
            Some(value) => {
                let kept = captured(&one.pattern, &value);
                let kept = kept.ok_or_else(|| TakenError::Malformed(one.name.clone()))?;
                taken.insert(one.name.clone(), kept);
            }
            None if one.required => return Err(TakenError::Missing(one.name.clone())),
            None => {}
        }
    }
    Ok(taken)
}
