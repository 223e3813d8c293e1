//! Words of servers made fit to be shown: bounded, printable, one line, and without what looks like a secret.
//!
//! Invariant: nothing that a server sends reaches a screen or a log without having passed here.

use url::Url;

/// Longest name or word that is kept.
pub(crate) const LONGEST_NAME: usize = 200;
/// Longest message that is kept.
pub(crate) const LONGEST_MESSAGE: usize = 300;
/// Runs of key-like characters from this length on are taken for keys.
const LIKE_A_KEY: usize = 24;
/// Letters alone up to this length are a word, such as the name of an exception.
const LONGEST_WORD: usize = 48;
/// Stands for what is left out.
const LEFT_OUT: &str = "…";

/// `text` without control, invisible and direction characters, cut to `limit` characters, with single spaces.
pub(crate) fn printable(text: &str, limit: usize) -> String {
    let shown: String = text
        .chars()
        .map(|c| if c.is_whitespace() { ' ' } else { c })
        .filter(|c| !is_unprintable(*c))
        .collect();
    let words: Vec<&str> = shown.split(' ').filter(|word| !word.is_empty()).collect();
    words.join(" ").chars().take(limit).collect()
}

/// `text` as [`printable`], with addresses cut to their host and key-like runs left out.
///
/// A message of a server may repeat what was sent to it; so the parts that could open something are not kept.
pub(crate) fn quotable(text: &str) -> String {
    // Bounded before it is looked at, so that a long message costs little; words are hidden before the last cut.
    let shown = printable(text, LONGEST_MESSAGE * 4);
    let mut follows_scheme = false;
    let words: Vec<String> = shown
        .split(' ')
        .map(|word| {
            let hidden = if follows_scheme { LEFT_OUT.to_owned() } else { without_secrets(word) };
            follows_scheme = word.eq_ignore_ascii_case("basic") || word.eq_ignore_ascii_case("bearer");
            hidden
        })
        .collect();
    words.join(" ").chars().take(LONGEST_MESSAGE).collect()
}

fn without_secrets(word: &str) -> String {
    if let Some(at) = word.find("://") {
        let begin = word.get(..at).map_or(0, scheme_begin);
        let address = word.get(begin..).unwrap_or_default();
        let host = Url::parse(address).ok().and_then(|url| url.host_str().map(ToOwned::to_owned));
        return host.unwrap_or_default() + LEFT_OUT;
    }
    let mut kept = String::with_capacity(word.len());
    let mut run = String::new();
    for c in word.chars() {
        if is_key_character(c) {
            run.push(c);
        } else {
            kept.push_str(unless_a_key(&run));
            run.clear();
            kept.push(c);
        }
    }
    kept.push_str(unless_a_key(&run));
    kept
}

/// Where the letters of a scheme begin, so that a bracket or quote before an address does not hide it.
fn scheme_begin(before: &str) -> usize {
    before
        .rfind(|c: char| !c.is_ascii_alphanumeric())
        .map_or(0, |at| at + before.get(at..).and_then(|rest| rest.chars().next()).map_or(1, char::len_utf8))
}

fn unless_a_key(run: &str) -> &str {
    let short = run.len() < LIKE_A_KEY;
    let word = run.len() <= LONGEST_WORD && run.bytes().all(|byte| byte.is_ascii_alphabetic());
    if short || word || is_reference(run) { run } else { LEFT_OUT }
}

/// Ids that people need to quote to a support desk: UUIDs, and correlation ids of 32 hexadecimal digits.
fn is_reference(run: &str) -> bool {
    let hex = |text: &str| text.bytes().all(|byte| byte.is_ascii_hexdigit());
    let uuid = || {
        let lengths: Vec<usize> = run.split('-').map(str::len).collect();
        lengths == [8, 4, 4, 4, 12] && run.split('-').all(hex)
    };
    (run.len() == 32 && hex(run)) || uuid()
}

const fn is_key_character(c: char) -> bool {
    c.is_ascii_alphanumeric() || matches!(c, '+' | '/' | '=' | '_' | '-' | '.' | '~' | '%')
}

/// Control characters, ends of lines, and what is invisible or turns the direction of a text.
pub(crate) const fn is_unprintable(c: char) -> bool {
    matches!(
        c,
        '\0'..='\u{1f}'
            | '\u{7f}'..='\u{9f}'
            | '\u{ad}'
            | '\u{61c}'
            | '\u{180e}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{feff}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e007f}'
    )
}

#[cfg(test)]
mod tests {
    use super::{printable, quotable};

    #[test]
    fn names_are_one_line_and_bounded() {
        assert_eq!(printable("  Acme\r\n\tLtd\u{202e}\u{0} ", 200), "Acme Ltd");
        assert_eq!(printable("äöü", 2), "äö", "characters are counted, not bytes");
    }

    #[test]
    fn messages_keep_words_and_lose_keys() {
        for (sent, kept) in [
            ("Cannot queue invoices", "Cannot queue invoices"),
            ("DatasetAlreadyInProgressException: Cannot", "DatasetAlreadyInProgressException: Cannot"),
            ("for 8a210b68-6988-11ed-a1eb-0242ac120002!", "for 8a210b68-6988-11ed-a1eb-0242ac120002!"),
            ("id 2b60a2bafedd3238702c2186a2dc833f", "id 2b60a2bafedd3238702c2186a2dc833f"),
            ("key 'CANARY0123456789012345678'", "key '…'"),
            ("Bearer CANARY is over", "Bearer … is over"),
            ("see (https://link.codat.io/company/1?link.otp=CANARY)", "see link.codat.io…"),
            ("x:// CANARY1", "… CANARY1"),
        ] {
            assert_eq!(quotable(sent), kept);
        }
    }
}
