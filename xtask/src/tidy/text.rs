//! Rules about every text file of the project: no promises to do it later, no addresses of package registries.

use super::rust_source::{has_ending, sources};
use super::{File, Finding};

/// Words that postpone, in two pieces each so that this file passes its own rule.
const POSTPONING: &[(&str, &str)] = &[("TO", "DO"), ("FIX", "ME"), ("HA", "CK")];

/// Hosts of package registries, in two pieces each. Which registry serves a package is the machine's business: a
/// mirror must do.
const REGISTRIES: &[(&str, &str)] =
    &[("crates", ".io"), ("npmjs", ".org"), ("npmjs", ".com"), ("yarnpkg", ".com"), ("pypi", ".org")];

/// Files that package tools write.
const LOCKS: &[&str] = &["Cargo.lock", "package-lock.json"];

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    for source in sources(files) {
        findings.extend(
            source.comment_lines().filter_map(|(line, comment)| postponed(source.file, line, comment)),
        );
    }
    for file in files {
        let name = file.path.rsplit('/').next().unwrap_or_default();
        if LOCKS.contains(&name) {
            findings.extend(lock_addresses(file, name));
            continue;
        }
        for (line, text) in (1..).zip(file.text.lines()) {
            findings.extend(registry(file, line, text));
            if !has_ending(&file.path, "rs") {
                findings.extend(postponed(file, line, text));
            }
        }
    }
    findings
}

fn postponed(file: &File, line: usize, text: &str) -> Option<Finding> {
    let mut words = text.split(|letter: char| !letter.is_alphanumeric() && letter != '_');
    let word = words.find(|word| POSTPONING.iter().any(|(one, two)| word.strip_prefix(one) == Some(two)))?;
    Some(file.finding(line, "later", format!("`{word}`: do it now, or write down the limit as a fact")))
}

fn registry(file: &File, line: usize, text: &str) -> Option<Finding> {
    let lower = text.to_ascii_lowercase();
    let named = REGISTRIES.iter().any(|(one, two)| lower.contains(&format!("{one}{two}")));
    named.then(|| file.finding(line, "registry", "name the package, not the host that serves it"))
}

fn lock_addresses(file: &File, name: &str) -> Vec<Finding> {
    let lines = (1..).zip(file.text.lines());
    let addressed =
        lines.filter(|(_, text)| name == "package-lock.json" && text.contains("\"resolved\": \"http"));
    let advice = "remove the `resolved` addresses: `omit-lockfile-registry-resolved=true` in .npmrc";
    // One finding for a file: hundreds of lines would say the same.
    addressed.take(1).map(|(line, _)| file.finding(line, "registry", advice)).collect()
}

#[cfg(test)]
mod tests {
    use super::super::File;
    use super::{POSTPONING, REGISTRIES, check};

    fn broken(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        let files = [File { path: path.to_owned(), text: text.to_owned() }];
        check(&files).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn nothing_is_postponed() {
        for (one, two) in POSTPONING {
            let word = format!("{one}{two}");
            assert_eq!(broken("crates/x/src/lib.rs", &format!("//! A.\n// {word}: b\n")), [("later", 2)]);
            assert_eq!(broken("README.md", &format!("a {word}\n")), [("later", 1)]);
            assert_eq!(broken("ui/src/A.svelte", &format!("<!-- {word} -->\n")), [("later", 1)]);
            assert_eq!(broken("README.md", &format!("{word}S and {}\n", word.to_lowercase())), []);
            assert_eq!(
                broken("crates/x/src/lib.rs", &format!("fn a() {{ b(\"{word}\") }}\n")),
                [],
                "not a comment"
            );
        }
    }

    #[test]
    fn no_registry_is_named() {
        for (one, two) in REGISTRIES {
            let host = format!("{one}{two}");
            assert_eq!(broken("README.md", &format!("a\nhttps://www.{host}/x\n")), [("registry", 2)]);
            assert_eq!(
                broken("crates/x/src/lib.rs", &format!("const A: &str = \"{host}\";\n")),
                [("registry", 1)]
            );
            assert_eq!(broken("Cargo.lock", &format!("source = \"{host}-index\"\n")), [], "cargo writes it");
        }
        assert_eq!(broken("README.md", "crates and npm\n"), []);
    }

    #[test]
    fn lock_files_hold_no_addresses() {
        let lock = |address: &str| format!("{{\n\"a\": {{ \"resolved\": \"{address}\" }}\n}}\n");
        assert_eq!(broken("ui/package-lock.json", &lock("https://example.org/a.tgz")), [("registry", 2)]);
        assert_eq!(broken("ui/package-lock.json", &lock("../peer")), []);
    }
}
