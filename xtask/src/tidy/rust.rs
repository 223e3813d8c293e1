//! Rules about Rust source: headers, sizes, names, secrets taken out of their wrapper, and honest tests.

use super::rust_source::{RustSource, closing_brace, line_at, sources};
use super::{File, Finding};

/// Lines of a file. The best read files of the field lie far below; more is two files.
const FILE_LINES: usize = 600;
/// Lines of a function, from `fn` to its last brace.
const FUNCTION_LINES: usize = 80;
/// Lines of the window's crate in all: it composes, and decides nothing.
const WINDOW_LINES: usize = 1_320;
/// How far above a use its reason may begin.
const REASON_REACH: usize = 3;

/// Endings that say nothing about what a type is.
const VAGUE_ENDINGS: &[&str] = &["Manager", "Service", "Helper", "Util", "Utils", "Processor", "Controller"];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let sources = sources(files);
    let mut findings: Vec<Finding> = sources.iter().flat_map(check_one).collect();
    findings.extend(window_size(&sources));
    findings
}

fn check_one(source: &RustSource<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    findings.extend(header(source));
    findings.extend(file_size(source));
    findings.extend(function_sizes(source));
    findings.extend(vague_names(source));
    findings.extend(exposed_secrets(source));
    findings.extend(skipped_tests(source));
    findings.extend(waiting_tests(source));
    findings
}

fn header(source: &RustSource<'_>) -> Option<Finding> {
    let first = source.file.text.lines().find(|line| !line.trim().is_empty()).unwrap_or_default();
    let says = first.strip_prefix("//!").is_some_and(|rest| !rest.trim().is_empty());
    (!says).then(|| {
        source.file.finding(
            1,
            "header",
            "begin the file with a `//!` line that says what it is and is not about",
        )
    })
}

fn file_size(source: &RustSource<'_>) -> Option<Finding> {
    let lines = source.file.text.lines().count();
    (lines > FILE_LINES).then(|| {
        source.file.finding(
            1,
            "file-size",
            format!("{lines} lines, at most {FILE_LINES}: split it by subject"),
        )
    })
}

fn window_size(sources: &[RustSource<'_>]) -> Option<Finding> {
    let window: Vec<_> = sources.iter().filter(|one| one.file.path.starts_with("src-tauri/src/")).collect();
    let lines: usize = window.iter().map(|one| one.file.text.lines().count()).sum();
    let first = window.first().filter(|_| lines >= WINDOW_LINES)?;
    Some(Finding {
        path: "src-tauri/src".to_owned(),
        ..first.file.finding(
            1,
            "window-size",
            format!("{lines} lines in all, fewer than {WINDOW_LINES} allowed: move decisions into crates/"),
        )
    })
}

fn function_sizes(source: &RustSource<'_>) -> Vec<Finding> {
    let code = source.mask.code.as_str();
    let long = functions(code).into_iter().filter(|(_, first, last)| last - first + 1 > FUNCTION_LINES);
    long.map(|(name, first, last)| {
        let lines = last - first + 1;
        let advice = format!("`{name}` has {lines} lines, at most {FUNCTION_LINES}: give its parts names");
        source.file.finding(first, "function-size", advice)
    })
    .collect()
}

/// Name, first line and last line of each function with a body.
fn functions(code: &str) -> Vec<(String, usize, usize)> {
    let mut found = Vec::new();
    for (at, _) in code.match_indices("fn ") {
        let starts_word =
            code.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|last| !is_word(last));
        let Some(rest) = code.get(at + 3..) else { continue };
        let name: String = rest.trim_start().chars().take_while(|letter| is_word(*letter)).collect();
        if !starts_word || name.is_empty() {
            continue;
        }
        let Some(open) = body(rest) else { continue };
        let end = closing_brace(code, at + 3 + open);
        found.push((name, line_at(code, at), line_at(code, end)));
    }
    found
}

/// Position of the brace that opens a function's body; none for a declaration without one.
fn body(signature: &str) -> Option<usize> {
    let mut depth = 0_i32;
    for (at, letter) in signature.char_indices() {
        match letter {
            '(' | '[' => depth += 1,
            ')' | ']' => depth -= 1,
            '{' if depth == 0 => return Some(at),
            ';' if depth == 0 => return None,
            _ => {}
        }
    }
    None
}

fn vague_names(source: &RustSource<'_>) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (line, code) in source.code_lines() {
        let words: Vec<&str> =
            code.split(|letter| !is_word(letter)).filter(|word| !word.is_empty()).collect();
        let declared = words.windows(2).filter_map(|pair| match pair {
            ["struct" | "enum" | "trait" | "type" | "union", name] => Some(*name),
            _ => None,
        });
        for name in declared {
            if let Some(ending) = VAGUE_ENDINGS.iter().find(|ending| name.ends_with(**ending)) {
                let advice = format!("`{name}`: `{ending}` says nothing; name what the type is");
                findings.push(source.file.finding(line, "names", advice));
            }
        }
    }
    findings
}

fn exposed_secrets(source: &RustSource<'_>) -> Vec<Finding> {
    let comments: Vec<&str> = source.mask.comments.lines().collect();
    let explained = |line: usize| {
        let nearby = comments.iter().take(line).skip(line.saturating_sub(REASON_REACH + 1));
        nearby.into_iter().any(|comment| comment.contains("EXPOSE:"))
    };
    let uses =
        source.code_lines().filter(|(_, code)| code.contains(".expose()") || code.contains(".expose_mut()"));
    uses.filter(|(line, _)| !source.is_test(*line) && !explained(*line))
        .map(|(line, _)| {
            let advice =
                "say `// EXPOSE: who receives the secret, and why it is not logged` at most 3 lines above";
            source.file.finding(line, "expose", advice)
        })
        .collect()
}

fn skipped_tests(source: &RustSource<'_>) -> Vec<Finding> {
    let skipped = source.code_lines().filter(|(_, code)| code.contains("#[ignore"));
    skipped.map(|(line, _)| source.file.finding(line, "ignore", "a test runs, or it is removed")).collect()
}

fn waiting_tests(source: &RustSource<'_>) -> Vec<Finding> {
    let waits = |code: &str| {
        code.match_indices("sleep(").any(|(at, _)| {
            code.get(..at).and_then(|before| before.chars().next_back()).is_none_or(|last| !is_word(last))
        })
    };
    let lines = source.code_lines().filter(|(line, code)| source.is_test(*line) && waits(code));
    let advice =
        "a test waits for what it expects, with a deadline, or moves a clock by hand; it does not sleep";
    lines.map(|(line, _)| source.file.finding(line, "sleep", advice)).collect()
}

fn is_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::super::File;
    use super::check;

    /// Rules that `text` at `path` breaks, with their lines.
    fn broken(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let files = [File { path: path.to_owned(), text: text.to_owned() }];
        check(&files).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    fn in_crate(body: &str) -> Vec<(&'static str, usize)> {
        broken("crates/x/src/lib.rs", &format!("//! What it is.\n{body}"))
    }

    fn lines(count: usize) -> String {
        (0..count).fold(String::new(), |mut text, line| {
            let _ = writeln!(text, "    a({line});");
            text
        })
    }

    #[test]
    fn a_file_has_a_header() {
        assert_eq!(in_crate("fn a() {}\n"), []);
        assert_eq!(broken("crates/x/src/a.rs", "fn a() {}\n"), [("header", 1)]);
        assert_eq!(
            broken("crates/x/src/a.rs", "//!\nfn a() {}\n"),
            [("header", 1)],
            "an empty header says nothing"
        );
        assert_eq!(broken("ui/build.rs", "fn a() {}\n"), [], "other folders are not ours to judge");
    }

    #[test]
    fn a_file_is_short() {
        let comment = |count| "// a\n".repeat(count);
        assert_eq!(in_crate(&comment(599)), []);
        assert_eq!(in_crate(&comment(600)), [("file-size", 1)]);
    }

    #[test]
    fn a_function_is_short() {
        assert_eq!(in_crate(&format!("fn a() {{\n{}}}\n", lines(78))), []);
        assert_eq!(in_crate(&format!("fn a() {{\n{}}}\n", lines(79))), [("function-size", 2)]);
    }

    #[test]
    fn a_brace_in_a_literal_or_comment_does_not_lengthen_a_function() {
        let text = format!("fn a() {{\n    b(\"{{\"); // {{\n}}\nfn c() {{\n{}}}\n", lines(78));
        assert_eq!(in_crate(&text), []);
    }

    #[test]
    fn a_declaration_without_a_body_has_no_length() {
        let text = format!("trait T {{\n    fn a(b: [u8; 3]);\n}}\nconst A: &[u8] = &[\n{}];\n", lines(90));
        assert_eq!(in_crate(&text), []);
    }

    #[test]
    fn type_names_are_not_vague() {
        assert_eq!(in_crate("struct TokenRequest;\nenum Managers {}\nuse a::WindowManager;\n"), []);
        assert_eq!(in_crate("pub struct TokenManager;\n"), [("names", 2)]);
        assert_eq!(in_crate("trait AuthService {}\ntype StringUtil<T> = T;\n"), [("names", 2), ("names", 3)]);
    }

    #[test]
    fn an_exposed_secret_has_its_reason() {
        let use_of = "fn a() {\n    b(c.expose());\n}\n";
        assert_eq!(in_crate(use_of), [("expose", 3)]);
        assert_eq!(
            in_crate("// EXPOSE: the form, which is never logged\nfn a() {\n    b(c.expose());\n}\n"),
            []
        );
        assert_eq!(in_crate("fn a() {\n    b(c.expose()); // EXPOSE: to the form\n}\n"), []);
        let far = "// EXPOSE: too far\nfn a() {\n    b();\n    b();\n    b(c.expose());\n}\n";
        assert_eq!(in_crate(far), [("expose", 6)]);
        assert_eq!(
            in_crate("fn a() {\n    b(\"EXPOSE:\", c.expose());\n}\n"),
            [("expose", 3)],
            "text is no reason"
        );
        assert_eq!(in_crate(&format!("#[cfg(test)]\nmod tests {{\n{use_of}}}\n")), []);
        assert_eq!(in_crate("fn a() {\n    b(c.expose_mut());\n}\n"), [("expose", 3)]);
    }

    #[test]
    fn no_test_is_skipped() {
        assert_eq!(in_crate("#[test]\nfn a() {} // #[ignore]\n"), []);
        assert_eq!(in_crate("#[test]\n#[ignore]\nfn a() {}\n"), [("ignore", 3)]);
        assert_eq!(in_crate("#[ignore = \"slow\"]\nfn a() {}\n"), [("ignore", 2)]);
    }

    #[test]
    fn no_test_sleeps() {
        assert_eq!(in_crate("fn a() {\n    thread::sleep(b);\n}\n"), [], "the rule is about tests");
        assert_eq!(
            in_crate("#[cfg(test)]\nmod tests {\n    fn a() {\n        sleep(b);\n    }\n}\n"),
            [("sleep", 5)]
        );
        assert_eq!(broken("tests/a.rs", "//! A.\nfn a() { tokio::time::sleep(b) }\n"), [("sleep", 2)]);
        assert_eq!(broken("tests/a.rs", "//! A.\nfn a() { oversleep(b) }\n"), []);
    }

    #[test]
    fn the_window_stays_thin() {
        let part = |name: &str, count| File {
            path: format!("src-tauri/src/{name}.rs"),
            text: format!("//! A.\n{}", "// a\n".repeat(count)),
        };
        assert_eq!(check(&[part("a", 598), part("b", 598), part("c", 119)]), []);
        let thick = check(&[part("a", 598), part("b", 598), part("c", 122)]);
        assert_eq!(thick.len(), 1);
        assert_eq!((thick[0].rule, thick[0].path.as_str()), ("window-size", "src-tauri/src"));
    }
}
