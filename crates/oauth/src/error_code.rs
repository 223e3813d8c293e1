//! Error codes of servers: a closed list, and a bounded rest.

use std::fmt;

/// Longest code of a server that is quoted.
const LONGEST_CODE: usize = 64;
/// Longest description of a server that is quoted.
const LONGEST_DESCRIPTION: usize = 200;

/// What a server said went wrong, fit to be shown: bounded, printable, one line.
#[derive(Clone, PartialEq, Eq)]
pub struct ServerError {
    /// The `error` member or parameter: at most 64 printable ASCII characters.
    pub code: String,
    /// The `error_description`: at most 200 characters, no control or direction characters. Text, never a page.
    pub description: Option<String>,
}

impl ServerError {
    pub(crate) fn new(code: &str, description: Option<&str>) -> Self {
        let code = code.chars().filter(char::is_ascii_graphic).take(LONGEST_CODE).collect();
        let description = description.map(|text| {
            text.chars().filter(|c| !is_unprintable(*c)).take(LONGEST_DESCRIPTION).collect::<String>()
        });
        Self { code, description: description.filter(|text| !text.is_empty()) }
    }
}

impl fmt::Display for ServerError {
    /// The code alone: a description is somebody else's free text, and may repeat what was sent.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.code)
    }
}

impl fmt::Debug for ServerError {
    /// The code alone, for the same reason.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ServerError({})", self.code)
    }
}

/// Control characters, ends of lines, and what is invisible or turns the direction of a text.
pub(crate) const fn is_unprintable(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{61c}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}
