//! What a passphrase must be, and how hard it is to guess.
//!
//! Guessing is judged without a list of words: every run of letters is taken for words that a guesser has, so a word is
//! never called hard because a list lacks it, and random letters are called easier than they are. A list that knows
//! better is a tenth of the program that people download.
//!
//! The scale is that of D. Wheeler, "zxcvbn: Low-Budget Password Strength Estimation" (USENIX Security 2016).

use connections::error::{CoreError, ErrorCode};
use secret::SecretString;

/// In characters. It guards against whoever has the file, where nothing slows a guess but Argon2id.
pub(crate) const SHORTEST: usize = 12;
/// What is behind does not count: nobody guesses that far.
const LOOKED_AT: usize = 100;

/// Words that a guesser tries for each run of letters.
const WORDS: f64 = 5_000.0;
/// Letters of one word, where a run is longer than a word.
const WORD_LENGTH: usize = 8;
/// Ways to begin a row of keys or of the alphabet, forwards and backwards.
const ROW_STARTS: f64 = 20.0;
/// Years that people live in.
const YEARS: f64 = 120.0;
/// Signs on a keyboard that are neither letters nor digits.
const SIGNS: f64 = 33.0;
/// Signs that stand between words, and are tried first.
const SEPARATORS: &str = " -_.,";
/// Fewest characters that are a row and not a coincidence.
const SHORTEST_ROW: usize = 3;

/// Neighbours that fingers find by themselves.
const ROWS: [&str; 6] =
    ["qwertyuiop", "asdfghjkl", "zxcvbnm", "1234567890", "abcdefghijklmnopqrstuvwxyz", "0123456789"];
/// Signs for letters that they resemble.
const LOOKALIKES: &str = "0134578@$!";

/// Refuses a passphrase that is too short to stand alone against whoever has the file.
pub(crate) fn long_enough(passphrase: Option<&SecretString>) -> Result<(), CoreError> {
    // EXPOSE: counted only.
    if passphrase.is_some_and(|one| one.expose().chars().count() >= SHORTEST) {
        return Ok(());
    }
    Err(CoreError::new(ErrorCode::WeakPassphrase).with("shortest", SHORTEST.to_string()))
}

/// How hard a passphrase is to guess: 0 is fewer than a thousand guesses, then a million, a hundred million, ten
/// thousand million; 4 is more.
pub fn hardness(passphrase: &SecretString) -> u8 {
    // EXPOSE: a computation in memory, which answers a number.
    let characters: Vec<char> = passphrase.expose().chars().take(LOOKED_AT).collect();
    let tens = guesses(&characters).log10();
    [3.0, 6.0, 8.0, 10.0].iter().map(|step| u8::from(tens >= *step)).sum()
}

/// About how many guesses it takes; every part multiplies what is before it.
fn guesses(mut rest: &[char]) -> f64 {
    match (row(rest), repeated(rest)) {
        (Some((length, ways)), _) if length == rest.len() => return ways,
        (_, Some((block, times))) => return guesses(block) * times,
        _ => {}
    }
    let mut all = 1.0;
    while !rest.is_empty() {
        let (length, ways) = next(rest);
        all *= ways;
        rest = rest.get(length..).unwrap_or_default();
    }
    all
}

/// The first part: how long it is, and how many guesses it takes.
fn next(rest: &[char]) -> (usize, f64) {
    if let Some(row) = row(rest) {
        return row;
    }
    let digits = run(rest, |_, one| one.is_ascii_digit());
    let word = run(rest, |at, one| one.is_alphabetic() || is_lookalike(rest, at));
    match rest.first() {
        Some(first) if first.is_alphabetic() => (word, words(rest.get(..word).unwrap_or_default())),
        Some(_) if digits > 0 => (digits, number(rest.get(..digits).unwrap_or_default())),
        Some(first) => {
            let same = run(rest, |_, one| one == *first);
            let of = if SEPARATORS.contains(*first) { count(SEPARATORS.len()) } else { SIGNS };
            (same, of * count(same))
        }
        None => (1, 1.0),
    }
}

/// How many characters from the beginning on are of a kind.
fn run(rest: &[char], fits: impl Fn(usize, char) -> bool) -> usize {
    rest.iter().enumerate().take_while(|(at, one)| fits(*at, **one)).count()
}

/// Whether a sign stands for a letter: between two letters it does.
fn is_lookalike(rest: &[char], at: usize) -> bool {
    let letter = |at: Option<usize>| at.and_then(|at| rest.get(at)).is_some_and(|one| one.is_alphabetic());
    rest.get(at).is_some_and(|one| LOOKALIKES.contains(*one))
        && letter(at.checked_sub(1))
        && letter(Some(at + 1))
}

/// A run of letters: as many words as fit into it, each of a guesser's list, and each way to write them.
fn words(run: &[char]) -> f64 {
    let by_letter = 26f64.powf(count(run.len()));
    let by_word = WORDS.powf(count(run.len().div_ceil(WORD_LENGTH)));
    let unusual = |(at, one): &(usize, &char)| !one.is_alphabetic() || (*at > 0 && one.is_uppercase());
    let is_shouted = run.iter().all(|one| one.is_uppercase());
    let odd = if is_shouted { 1 } else { run.iter().enumerate().filter(unusual).count() };
    let begins_upper = usize::from(!is_shouted && run.first().is_some_and(|one| one.is_uppercase()));
    by_letter.min(by_word) * 2f64.powf(count(odd + begins_upper))
}

/// A year is one of few, and a date too.
fn number(run: &[char]) -> f64 {
    let text: String = run.iter().collect();
    match text.len() {
        4 if text.starts_with("19") || text.starts_with("20") => YEARS,
        8 if ["19", "20"]
            .iter()
            .any(|century| text.starts_with(century) || text.get(4..6) == Some(century)) =>
        {
            YEARS * 366.0
        }
        length => 10f64.powf(count(length)),
    }
}

/// A row of keys, of the alphabet or of one character.
fn row(rest: &[char]) -> Option<(usize, f64)> {
    let first = *rest.first()?;
    let same = run(rest, |_, one| one == first);
    let along = ROWS.iter().map(|row| {
        let forwards: Vec<char> = row.chars().collect();
        let backwards: Vec<char> = row.chars().rev().collect();
        along(rest, &forwards).max(along(rest, &backwards))
    });
    let longest = along.max().unwrap_or(0).max(same);
    (longest >= SHORTEST_ROW).then(|| (longest, ROW_STARTS * count(longest)))
}

/// How many characters follow a row from where it has the first of them.
fn along(rest: &[char], row: &[char]) -> usize {
    let lower = |one: &char| one.to_lowercase().next().unwrap_or(*one);
    let Some(start) = rest.first().and_then(|first| row.iter().position(|one| *one == lower(first))) else {
        return 0;
    };
    rest.iter().zip(row.iter().skip(start)).take_while(|(one, key)| lower(one) == **key).count()
}

/// The block that the whole is made of, and how often.
fn repeated(all: &[char]) -> Option<(&[char], f64)> {
    let fits = |length: &usize| {
        all.len().is_multiple_of(*length) && all.chunks(*length).all(|chunk| all.starts_with(chunk))
    };
    let length = (2..=all.len() / 2).find(fits)?;
    Some((all.get(..length)?, count(all.len() / length)))
}

/// Lengths are at most a hundred.
fn count(number: usize) -> f64 {
    f64::from(u8::try_from(number).unwrap_or(u8::MAX))
}

#[cfg(test)]
mod tests {
    use super::{SHORTEST, hardness, long_enough};
    use secret::SecretString;

    fn score(text: &str) -> u8 {
        hardness(&SecretString::from(text))
    }

    #[test]
    fn what_people_choose_is_easy_and_what_dice_choose_is_hard() {
        let cases = [
            ("", 0),
            ("aaaaaaaaaaaaaaaa", 0),
            ("abcdefghijklmnop", 0),
            ("qwertyuiopQWERTYUIOP", 1),
            ("password1234", 1),
            ("passwordpassword", 1),
            ("P@ssw0rd12345", 2),
            ("iloveyouforever", 2),
            ("Summer2024!!", 2),
            ("19071984 Maria", 3),
            ("correct horse battery staple", 4),
            ("correcthorsebatterystaple", 4),
            ("x7Kq9ZpLw2Rt", 4),
            ("caderno azul, trem e chuva", 4),
        ];
        let wrong = |(text, expected): &(&str, u8)| {
            let found = score(text);
            (found != *expected).then(|| format!("{text}: {found} and not {expected}"))
        };
        assert_eq!(cases.iter().filter_map(wrong).collect::<Vec<_>>(), Vec::<String>::new());
    }

    #[test]
    fn more_is_never_easier_and_no_length_takes_long() {
        let text = "uma canoa 7 remos & Um rio largo de manhã cedo";
        let scores: Vec<u8> =
            (1..text.chars().count()).map(|n| score(&text.chars().take(n).collect::<String>())).collect();
        assert!(scores.is_sorted(), "{scores:?}");
        assert_eq!(score(&"x".repeat(1_000_000)), 1);
        assert_eq!(score(&"ab12".repeat(1_000_000)), score(&"ab12".repeat(25)));
    }

    #[test]
    fn the_shortest_is_counted_in_characters() {
        let told = |text: &str| long_enough(Some(&SecretString::from(text)));
        assert!(told(&"ã".repeat(SHORTEST)).is_ok());
        assert!(told(&"ã".repeat(SHORTEST - 1)).is_err());
        assert!(long_enough(None).is_err());
    }
}
