//! Judges what the userinfo endpoint answers (OpenID Connect Core §5.3).

use crate::Response;
use crate::id_token::{Identity, is_subject, printable};
use crate::json::{self, text};

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
