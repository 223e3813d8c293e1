//! Patterns of connectors: JavaScript's syntax, never in the way, never for long.

use crate::fixtures::connector;
use pluggy::{Check, Complaint, Form, FormField};
use serde_json::json;
use std::time::{Duration, Instant};

fn field(pattern: &str) -> FormField {
    let connector = connector(json!({ "credentials": [{ "name": "a", "validation": pattern }] }));
    Form::of(&connector).fields.remove(0)
}

#[test]
fn patterns_mean_what_they_mean_in_javascript() {
    const WRONG: Check = Check::Wrong(Complaint::AgainstPattern);
    for (pattern, value, expected) in [
        ("^\\d{11}$|^\\d{14}$", "01234567890", Check::Fits),
        ("^\\d{11}$|^\\d{14}$", "012345678901", WRONG),
        ("^\\d{3}\\.?\\d{3}\\.?\\d{3}-?\\d{2}$", "012.345.678-90", Check::Fits),
        // A test finds its pattern anywhere.
        ("\\d", "a1b", Check::Fits),
        ("^\\d+$", "١٢", WRONG),
        ("^.{6,8}$", "senha1", Check::Fits),
        ("^.{6,8}$", "senha", WRONG),
        ("^(?!.*(\\d)\\1{3})\\d{6}$", "123456", Check::Fits),
        ("^(?!.*(\\d)\\1{3})\\d{6}$", "111156", WRONG),
        ("^(?<dia>\\d\\d)\\/\\k<dia>$", "11/11", Check::Fits),
        ("^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "ana.souza@bancoipe.example", Check::Fits),
        ("^[\\w.+-]+@[\\w-]+\\.[\\w.-]+$", "ana.souza", WRONG),
        ("^[^]{3}$", "a\nb", Check::Fits),
        ("^(?:[a-z]|[0-9]){4}$", "a1b2", Check::Fits),
        ("^a{,2}$", "a{,2}", Check::Fits),
        ("^(a|b)*?c$", "ababc", Check::Fits),
        ("^0x[a-fA-F0-9]{40}$", &format!("0x{}", "aB".repeat(20)), Check::Fits),
    ] {
        let field = field(pattern);
        assert!(!field.pattern_ignored, "{pattern}");
        assert_eq!(field.check(value), expected, "{pattern} on {value}");
    }
}

#[test]
fn a_pattern_that_is_none_is_ignored_and_said_to_be() {
    let deep = format!("{}a{}", "(".repeat(400), ")".repeat(400));
    let long = format!("^{}$", "a?".repeat(499));
    for pattern in [
        "[",
        "(",
        ")",
        "*",
        "a**",
        "(?<a",
        "\\",
        "[z-a]",
        "(?",
        "(?i",
        "a{2,1}",
        "(?<n>a)(?<n>b)",
        deep.as_str(),
    ] {
        let field = field(pattern);
        assert!(field.pattern_ignored, "{pattern}");
        assert_eq!(field.check("anything"), Check::Untried, "{pattern}");
        assert_eq!(field.check(""), Check::Wrong(Complaint::Missing), "what else is known still counts");
    }
    assert_eq!(field(&long).check(&"a".repeat(250)), Check::Untried, "499 choices");
}

#[test]
fn no_pattern_can_hang() {
    let patterns = [
        "^(a+)+$",
        "^(a|a)*$",
        "^(a|aa)+$",
        "^(a*)*$",
        "^(?=(a+)+$)",
        "^(?:a?){60}a{60}$",
        "^(.*)*(.*)*(.*)*$",
        "a*a*a*a*a*a*a*a*b",
        "^((a{0,50}){0,50}){0,50}$",
        "^(a?){1000000}$",
        "^(a+)\\1+\\1+\\1+$",
        "^(([a-z])+.)+[A-Z]([a-z])+$",
        "(x+x+)+y",
        "^(\\w+\\s?)*$",
        "(?<=(a+)+)b",
        "^(a{1,99999999999999999999})+$",
    ];
    let values = [20, 60, 250, 1_000].map(|length| format!("{}!", "a".repeat(length - 1)));
    let begun = Instant::now();
    let mut untried = 0;
    for pattern in patterns {
        let field = field(pattern);
        for value in &values {
            untried += usize::from(field.check(value) == Check::Untried);
        }
    }
    // One such match alone would outlive the machine.
    assert!(begun.elapsed() < Duration::from_secs(20), "{:?}", begun.elapsed());
    assert!(untried >= patterns.len() * 2, "{untried} were not tried");
}

#[test]
fn letters_written_as_numbers_do_not_hide_what_follows() {
    let hidden = |letter: &str| format!("^{}(a+)+$", letter.repeat(12));
    let value = format!("{}!", "a".repeat(50));
    for letter in [
        "\\u0061",
        "\\x61",
        "\\u{61}",
        "\\u{061}",
        "\\141",
        "\\p{L}",
        "\\cA",
        "(?:a)",
        "\\d?",
        "[a]",
        "[\\u0061]",
    ] {
        assert_eq!(field(&hidden(letter)).check(&value), Check::Untried, "{letter}");
    }
    assert_eq!(field("^\\u0061\\x62$").check("ab"), Check::Fits);
    assert_eq!(field("^\\u0061\\x62$").check("ba"), Check::Wrong(Complaint::AgainstPattern));
}

#[test]
fn patterns_that_could_hang_are_tried_on_short_values() {
    assert_eq!(field("^(a+)+$").check("aaaa"), Check::Fits);
    assert_eq!(field("^(a+)+$").check("aaab"), Check::Wrong(Complaint::AgainstPattern));
    assert_eq!(field("^(\\w+\\s?)*$").check("ana"), Check::Fits);
}
