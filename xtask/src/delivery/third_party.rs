//! The words of the licenses of everything that is compiled into the programs: most of them ask to be handed on.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::Value;

use crate::shell::{ask, cargo};

/// The programs that are handed out, as packages of the workspace.
const SHIPPED: &[&str] = &["mooring-desktop", "cli", "agent"];
/// A build tool to npm, but its run time ends up in the page.
const BUNDLED: &str = "svelte";
/// How the files that hold a license begin.
const LICENSE_FILES: &[&str] = &["license", "licence", "copying", "notice", "unlicense"];

/// One library.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Library {
    name: String,
    version: String,
    license: String,
}

/// All libraries, and each text of a license with those that it belongs to.
#[derive(Default)]
struct Found {
    libraries: BTreeSet<Library>,
    texts: BTreeMap<String, BTreeSet<String>>,
}

/// The file that goes with the packages.
pub(super) fn licenses() -> Result<String> {
    let mut found = Found::default();
    crates(&mut found)?;
    let root = xtask::workspace_root().join("ui");
    let manifest = json(&root.join("package.json"))?;
    let mut names: BTreeSet<String> = named(&manifest).collect();
    names.insert(BUNDLED.to_owned());
    npm_packages(&root.join("node_modules"), names, &mut found)?;
    Ok(found.shown())
}

impl Found {
    fn add(&mut self, library: Library, folder: &Path) -> Result<()> {
        let title = format!("{} {}", library.name, library.version);
        for entry in fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))? {
            let file = entry.context("a folder cannot be read")?.path();
            let name = file.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            if !LICENSE_FILES.iter().any(|start| name.starts_with(start)) || !file.is_file() {
                continue;
            }
            let bytes = fs::read(&file).with_context(|| format!("{} cannot be read", file.display()))?;
            let text = String::from_utf8_lossy(&bytes).replace("\r\n", "\n").trim().to_owned();
            self.texts.entry(text).or_default().insert(title.clone());
        }
        self.libraries.insert(library);
        Ok(())
    }

    fn shown(&self) -> String {
        let list =
            self.libraries.iter().map(|one| format!("{} {}: {}\n", one.name, one.version, one.license));
        let texts = self.texts.iter().map(|(text, of)| {
            let of: Vec<&str> = of.iter().map(String::as_str).collect();
            format!("\n{}\n{}\n\n{text}\n", "=".repeat(78), of.join(", "))
        });
        let head = "Libraries in Mooring, their licenses, and the words of these.\n\n".to_owned();
        std::iter::once(head).chain(list).chain(texts).collect()
    }
}

fn crates(found: &mut Found) -> Result<()> {
    let host = ask(cargo().args(["-vV"])).context("`cargo -vV` failed")?;
    let host = host.lines().find_map(|line| line.strip_prefix("host: ")).context("cargo names no host")?;
    let mut line = cargo();
    line.args(["metadata", "--format-version=1", "--locked", "--filter-platform", host]);
    let printed = ask(&mut line).context("`cargo metadata` failed")?;
    let metadata: Value = serde_json::from_str(&printed).context("`cargo metadata` printed no JSON")?;
    let packages = list(&metadata, "/packages");
    let nodes = list(&metadata, "/resolve/nodes");
    let id_of =
        |name: &&str| packages.iter().find(|one| text(one, "name") == *name).map(|one| text(one, "id"));
    let mut waiting: Vec<&str> = SHIPPED.iter().filter_map(id_of).collect();
    let mut seen = BTreeSet::new();
    while let Some(id) = waiting.pop() {
        if !seen.insert(id) {
            continue;
        }
        let node = nodes.iter().find(|node| text(node, "id") == id).context("a package is not resolved")?;
        let linked = list(node, "/deps").iter().filter(|dep| is_linked(dep));
        waiting.extend(linked.map(|dep| text(dep, "pkg")));
    }
    for package in packages.iter().filter(|one| seen.contains(text(one, "id")) && one["source"].is_string()) {
        let folder = Path::new(text(package, "manifest_path")).parent().context("a package has no folder")?;
        found.add(library(package), folder)?;
    }
    Ok(())
}

/// Not one that only builds or tests.
fn is_linked(dependency: &Value) -> bool {
    list(dependency, "/dep_kinds").iter().any(|kind| kind["kind"].is_null())
}

fn npm_packages(modules: &Path, names: BTreeSet<String>, found: &mut Found) -> Result<()> {
    let mut waiting: Vec<String> = names.into_iter().collect();
    let mut seen = BTreeSet::new();
    while let Some(name) = waiting.pop() {
        if !seen.insert(name.clone()) {
            continue;
        }
        let folder = modules.join(&name);
        let manifest = json(&folder.join("package.json"))?;
        waiting.extend(named(&manifest));
        found.add(library(&manifest), &folder)?;
    }
    Ok(())
}

/// What a `package.json` depends on.
fn named(manifest: &Value) -> impl Iterator<Item = String> {
    manifest["dependencies"].as_object().into_iter().flat_map(|names| names.keys().cloned())
}

fn library(package: &Value) -> Library {
    let license = package["license"].as_str().unwrap_or("see its own words below");
    Library {
        name: text(package, "name").to_owned(),
        version: text(package, "version").to_owned(),
        license: license.to_owned(),
    }
}

fn json(file: &Path) -> Result<Value> {
    let text = fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))?;
    serde_json::from_str(&text).with_context(|| format!("{} is not JSON", file.display()))
}

fn list<'json>(value: &'json Value, pointer: &str) -> &'json [Value] {
    value.pointer(pointer).and_then(Value::as_array).map_or(&[], Vec::as_slice)
}

fn text<'json>(value: &'json Value, key: &str) -> &'json str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::{Found, Library};

    #[test]
    fn a_text_that_many_share_is_there_once() {
        let folder = std::env::temp_dir().join(format!("mooring-licenses-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("LICENSE-MIT"), "Do what you like.\r\n").unwrap();
        std::fs::write(folder.join("README.md"), "Not a license.").unwrap();
        let mut found = Found::default();
        for name in ["one", "two"] {
            let library =
                Library { name: name.to_owned(), version: "1".to_owned(), license: "MIT".to_owned() };
            found.add(library, &folder).unwrap();
        }
        std::fs::remove_dir_all(&folder).unwrap();
        let shown = found.shown();
        assert!(shown.contains("one 1: MIT\ntwo 1: MIT\n"), "{shown}");
        assert!(shown.contains("one 1, two 1\n\nDo what you like.\n"), "{shown}");
        assert!(!shown.contains("Not a license"), "{shown}");
    }
}
