//! Texts of a server, made fit to be shown: bounded, on one line, without what is invisible or turns the direction.

/// Longest text that is meant for people.
pub(crate) const LONGEST_LABEL: usize = 2_000;

/// `text` without unprintable characters, at most `longest` characters; line ends become spaces.
pub(crate) fn printable(text: &str, longest: usize) -> String {
    let shown = text.chars().filter_map(|c| match c {
        '\n' | '\r' | '\t' => Some(' '),
        c if is_unprintable(c) => None,
        c => Some(c),
    });
    shown.take(longest).collect::<String>().trim().to_owned()
}

/// `text` if it looks like a code (`SITE_NOT_AVAILABLE`, `400`, `001`): nothing else goes into logs.
pub(crate) fn code(text: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-' | '.');
    (!text.is_empty() && text.len() <= 64 && text.chars().all(fits)).then(|| text.to_owned())
}

/// Control characters, and what is invisible or turns the direction of a text.
const fn is_unprintable(c: char) -> bool {
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
