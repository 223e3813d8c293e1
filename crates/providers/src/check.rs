//! Looks at what a person typed or pasted as client id, secret and scopes. Words are the interface's.

use secret::SecretString;

/// What was looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The client id.
    ClientId,
    /// The client secret.
    ClientSecret,
    /// The scopes.
    Scopes,
}

impl Field {
    /// As the interface spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::ClientId => "clientId",
            Self::ClientSecret => "clientSecret",
            Self::Scopes => "scopes",
        }
    }
}

/// What is wrong with it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Problem {
    /// Nothing in it.
    Empty,
    /// White space inside; two things were pasted.
    Whitespace,
    /// Control or unprintable characters.
    Characters,
    /// Longer than any provider's.
    TooLong,
    /// An address was pasted.
    LooksLikeUrl,
    /// It has the shape of a secret.
    LooksLikeSecret,
}

impl Problem {
    /// As the interface spells it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Empty => "empty",
            Self::Whitespace => "whitespace",
            Self::Characters => "characters",
            Self::TooLong => "tooLong",
            Self::LooksLikeUrl => "looksLikeUrl",
            Self::LooksLikeSecret => "looksLikeSecret",
        }
    }
}

/// One thing that is wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Finding {
    /// Where.
    pub field: Field,
    /// What.
    pub problem: Problem,
}

impl Finding {
    /// Whether nothing can come of it, or it is only worth a second look.
    pub const fn is_blocking(&self) -> bool {
        !matches!(self.problem, Problem::LooksLikeSecret)
    }
}

/// Longest id or secret in use, with room.
const LONGEST: usize = 2048;
/// How secrets of well-known providers begin.
const SECRET_PREFIXES: [&str; 5] = ["sk_live_", "sk_test_", "GOCSPX-", "shpss_", "secret_"];

/// Looks at a client id.
pub fn check_client_id(text: &str) -> Vec<Finding> {
    let mut problems = common(text.trim());
    if SECRET_PREFIXES.iter().any(|start| text.trim().starts_with(start)) {
        problems.push(Problem::LooksLikeSecret);
    }
    found(Field::ClientId, problems)
}

/// Looks at a client secret.
pub fn check_client_secret(secret: &SecretString) -> Vec<Finding> {
    // EXPOSE: looked at; findings carry none of it.
    found(Field::ClientSecret, common(secret.expose().trim()))
}

/// Looks at scopes, parted already. None at all is fine: some providers have none.
pub fn check_scopes(scopes: &[String]) -> Vec<Finding> {
    // RFC 6749 §3.3: visible ASCII without quote and backslash.
    let allowed = |c: char| c.is_ascii_graphic() && c != '"' && c != '\\';
    let wrong = scopes.iter().any(|scope| scope.is_empty() || !scope.chars().all(allowed));
    let long = scopes.iter().map(String::len).sum::<usize>() > 4 * LONGEST;
    let mut problems = Vec::new();
    if wrong {
        problems.push(Problem::Characters);
    }
    if long {
        problems.push(Problem::TooLong);
    }
    found(Field::Scopes, problems)
}

fn common(text: &str) -> Vec<Problem> {
    if text.is_empty() {
        return vec![Problem::Empty];
    }
    let mut problems = Vec::new();
    if text.len() > LONGEST {
        problems.push(Problem::TooLong);
    }
    if text.chars().any(char::is_whitespace) {
        problems.push(Problem::Whitespace);
    } else if !text.chars().all(|c| c.is_ascii_graphic()) {
        problems.push(Problem::Characters);
    }
    if text.starts_with("http://") || text.starts_with("https://") {
        problems.push(Problem::LooksLikeUrl);
    }
    problems
}

fn found(field: Field, problems: Vec<Problem>) -> Vec<Finding> {
    problems.into_iter().map(|problem| Finding { field, problem }).collect()
}

#[cfg(test)]
mod tests {
    use super::{Problem, check_client_id, check_client_secret, check_scopes};
    use secret::SecretString;

    #[test]
    fn slips_of_pasting_are_named() {
        let id = |text: &str| check_client_id(text).into_iter().map(|one| one.problem).collect::<Vec<_>>();
        assert!(id(" abc-123.apps ").is_empty(), "white space at the ends is trimmed, not complained of");
        assert_eq!(id("  "), [Problem::Empty]);
        assert_eq!(id("abc def"), [Problem::Whitespace]);
        assert_eq!(id("https://portal.example/app"), [Problem::LooksLikeUrl]);
        assert_eq!(id("GOCSPX-abc"), [Problem::LooksLikeSecret]);
        assert_eq!(id("abc\u{202e}"), [Problem::Characters]);
        assert_eq!(id(&"a".repeat(3000)), [Problem::TooLong]);
        assert!(check_client_secret(&SecretString::from("GOCSPX-abc")).is_empty());
        assert!(check_scopes(&[]).is_empty());
        assert!(!check_scopes(&["a\"b".to_owned()]).is_empty());
    }
}
