//! Rules about the interface: sizes, the one door to the window's API, markup that is never made from text, and words
//! that exist in every language.

use std::collections::BTreeSet;

use serde_json::Value;

use super::rust_source::has_ending;
use super::{File, Finding};

/// Lines of a component or a TypeScript file.
const FILE_LINES: usize = 400;
/// The only folder that may know that a Tauri window surrounds the interface.
const DOOR: &str = "ui/src/ipc/";
const WORDS: &str = "ui/src/i18n/";

pub(super) fn check(files: &[File]) -> Vec<Finding> {
    let ui = |file: &&File| file.path.starts_with("ui/");
    let mut findings: Vec<Finding> = files.iter().filter(ui).flat_map(check_one).collect();
    let languages: Vec<&File> =
        files.iter().filter(|file| file.path.starts_with(WORDS) && has_ending(&file.path, "json")).collect();
    findings.extend(languages_agree(&languages));
    findings
}

fn check_one(file: &File) -> Vec<Finding> {
    let mut findings = Vec::new();
    let svelte = has_ending(&file.path, "svelte");
    if !svelte && !has_ending(&file.path, "ts") {
        return findings;
    }
    let lines = file.text.lines().count();
    if lines > FILE_LINES && !file.path.ends_with(".gen.ts") {
        let advice = format!("{lines} lines, at most {FILE_LINES}: split it by subject");
        findings.push(file.finding(1, "file-size", advice));
    }
    for (line, text) in (1..).zip(file.text.lines()) {
        if file.path.starts_with("ui/src/") && !file.path.starts_with(DOOR) && text.contains("@tauri-apps") {
            let advice = "only ui/src/ipc/ may import from Tauri: ask through the client there";
            findings.push(file.finding(line, "ipc-door", advice));
        }
        if svelte && text.contains("{@html") {
            let advice = "markup made from text can carry a script: write the elements out";
            findings.push(file.finding(line, "html", advice));
        }
    }
    findings
}

/// Each language has exactly the keys of all others.
fn languages_agree(languages: &[&File]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut keys = Vec::new();
    for file in languages {
        match serde_json::from_str::<Value>(&file.text) {
            Ok(words) => keys.push((*file, key_paths(&words))),
            Err(error) => {
                findings.push(file.finding(error.line(), "languages", format!("this is not JSON: {error}")));
            }
        }
    }
    let all: BTreeSet<&String> = keys.iter().flat_map(|(_, paths)| paths).collect();
    for (file, paths) in &keys {
        let missing = all.iter().filter(|path| !paths.contains(**path));
        findings.extend(missing.map(|path| {
            file.finding(1, "languages", format!("`{path}` is missing here, another language has it"))
        }));
    }
    findings
}

fn key_paths(words: &Value) -> BTreeSet<String> {
    let mut paths = BTreeSet::new();
    let mut rest = vec![(String::new(), words)];
    while let Some((path, value)) = rest.pop() {
        match value.as_object() {
            Some(object) => rest.extend(object.iter().map(|(key, value)| {
                (if path.is_empty() { key.clone() } else { format!("{path}.{key}") }, value)
            })),
            None => {
                paths.insert(path);
            }
        }
    }
    paths
}

#[cfg(test)]
mod tests {
    use super::super::File;
    use super::check;

    fn file(path: &str, text: &str) -> File {
        File { path: path.to_owned(), text: text.to_owned() }
    }

    fn broken(path: &str, text: &str) -> Vec<(&'static str, usize)> {
        check(&[file(path, text)]).into_iter().map(|finding| (finding.rule, finding.line)).collect()
    }

    #[test]
    fn a_component_is_short() {
        assert_eq!(broken("ui/src/A.svelte", &"a\n".repeat(400)), []);
        assert_eq!(broken("ui/src/A.svelte", &"a\n".repeat(401)), [("file-size", 1)]);
        assert_eq!(broken("ui/src/a.ts", &"a\n".repeat(401)), [("file-size", 1)]);
        assert_eq!(
            broken("ui/src/ipc/types.gen.ts", &"a\n".repeat(401)),
            [],
            "nobody reads what is generated"
        );
        assert_eq!(broken("ui/src/a.css", &"a\n".repeat(401)), []);
    }

    #[test]
    fn only_the_door_knows_tauri() {
        let import = "import { invoke } from '@tauri-apps/api/core';\n";
        assert_eq!(broken("ui/src/ipc/tauri.ts", import), []);
        assert_eq!(broken("ui/src/features/a.ts", &format!("\n{import}")), [("ipc-door", 2)]);
        assert_eq!(broken("ui/src/app/App.svelte", import), [("ipc-door", 1)]);
    }

    #[test]
    fn no_markup_is_made_from_text() {
        assert_eq!(broken("ui/src/A.svelte", "<p>{name}</p>\n"), []);
        assert_eq!(broken("ui/src/A.svelte", "<p>\n{@html name}</p>\n"), [("html", 2)]);
    }

    #[test]
    fn languages_have_the_same_keys() {
        let english = file("ui/src/i18n/en.json", r#"{"a": {"b": "x"}, "c": "y"}"#);
        let same = file("ui/src/i18n/pt-BR.json", r#"{"c": "z", "a": {"b": "w"}}"#);
        let other = file("ui/src/i18n/pt-BR.json", r#"{"c": "z", "a": {"d": "w"}}"#);
        assert_eq!(check(&[file("ui/src/i18n/en.json", &english.text), same]), []);
        let found: Vec<String> = check(&[english, other]).iter().map(ToString::to_string).collect();
        assert_eq!(found.len(), 2);
        assert!(found[0].starts_with("ui/src/i18n/en.json:1: `a.d` is missing"), "{found:?}");
        assert!(found[1].starts_with("ui/src/i18n/pt-BR.json:1: `a.b` is missing"), "{found:?}");
    }

    #[test]
    fn a_broken_language_is_found() {
        assert_eq!(broken("ui/src/i18n/en.json", "{\n\"a\": \n}"), [("languages", 3)]);
    }
}
