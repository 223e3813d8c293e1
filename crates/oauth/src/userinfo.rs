//! Judges what a provider answers about who approved: the userinfo endpoint (OpenID Connect Core §5.3), or an address
//! of the provider's own that lists the accounts behind a token.

use crate::Response;
use crate::id_token::{Identity, is_subject, printable};
use crate::json::{self, text};
use serde_json::Value;

/// Why it says nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UserinfoError {
    /// Another status than 200.
    #[error("status {0}")]
    Status(u16),
    /// No JSON object, or none with a usable `sub`.
    #[error("no claims")]
    NoClaims,
    /// Another subject than the one that approved (§5.3.2).
    #[error("another subject")]
    OtherSubject,
}

/// Judges an answer. `subject` is who approved, if an ID token said so.
///
/// # Errors
/// [`UserinfoError`].
pub fn judge_userinfo(response: &Response, subject: Option<&str>) -> Result<Identity, UserinfoError> {
    if response.status != 200 {
        return Err(UserinfoError::Status(response.status));
    }
    let claims = json::object(response).map_err(|_| UserinfoError::NoClaims)?;
    let sub = text(&claims, "sub").filter(|sub| is_subject(sub)).ok_or(UserinfoError::NoClaims)?;
    if subject.is_some_and(|subject| subject != sub) {
        return Err(UserinfoError::OtherSubject);
    }
    Ok(Identity {
        subject: sub.to_owned(),
        name: text(&claims, "name").and_then(printable),
        email: text(&claims, "email").and_then(printable),
    })
}

/// Where an answer of the provider's own says which accounts a token reaches; JSON pointers (RFC 6901).
#[derive(Debug, Clone, Copy)]
pub struct AccountsShape<'a> {
    /// To the list of accounts, empty where it is the whole answer; without it the answer is one account.
    pub list: Option<&'a str>,
    /// From an account to what tells it from others.
    pub subject: &'a str,
    /// From an account to its name, the preferred first.
    pub names: &'a [String],
}

/// So many accounts are looked at; nobody approves more at once.
const MOST_ACCOUNTS: usize = 500;

/// The accounts that a token reaches, in the order of the answer and each once. An account that cannot be told from
/// others is left out.
///
/// # Errors
/// [`UserinfoError::Status`], or [`UserinfoError::NoClaims`] when no account is left.
pub fn judge_accounts(
    response: &Response,
    shape: &AccountsShape<'_>,
) -> Result<Vec<Identity>, UserinfoError> {
    if response.status != 200 {
        return Err(UserinfoError::Status(response.status));
    }
    let answer = json::value(response).map_err(|_| UserinfoError::NoClaims)?;
    let listed = match shape.list {
        Some(at) => answer.pointer(at).and_then(Value::as_array).ok_or(UserinfoError::NoClaims)?.as_slice(),
        None => std::slice::from_ref(&answer),
    };
    let mut accounts: Vec<Identity> = Vec::new();
    for one in listed.iter().take(MOST_ACCOUNTS) {
        let subject = one.pointer(shape.subject).and_then(plain).filter(|subject| is_subject(subject));
        let Some(subject) = subject.filter(|subject| accounts.iter().all(|one| one.subject != *subject))
        else {
            continue;
        };
        let name = shape.names.iter().find_map(|at| printable(&plain(one.pointer(at)?)?));
        accounts.push(Identity { subject, name, email: None });
    }
    if accounts.is_empty() { Err(UserinfoError::NoClaims) } else { Ok(accounts) }
}

/// A text, or a whole number as a text.
fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) if !number.is_f64() => Some(number.to_string()),
        _ => None,
    }
}
