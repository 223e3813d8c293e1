//! Which crate may depend on which, and the one crate that may know each weighty library.
//!
//! The tables are compared with `cargo metadata`: a new edge between crates is a change in this file that a reviewer
//! sees. Dev-dependencies are exempt, since a test may look down from anywhere.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

/// What a crate of ours may depend on.
struct Layer {
    name: &'static str,
    may_use: Below,
}

/// The crates of ours that another may use.
enum Below {
    These(&'static [&'static str]),
    Anything,
}

use Below::{Anything, These};

/// Lowest first.
const LAYERS: &[Layer] = &[
    Layer { name: "secret", may_use: These(&[]) },
    Layer { name: "web", may_use: These(&["secret"]) },
    Layer { name: "oauth", may_use: These(&["secret", "web"]) },
    Layer { name: "pluggy", may_use: These(&["secret", "web"]) },
    Layer { name: "codat", may_use: These(&["secret", "web"]) },
    Layer { name: "providers", may_use: These(&["oauth", "secret"]) },
    Layer { name: "vault", may_use: These(&["secret"]) },
    Layer {
        name: "connections",
        may_use: These(&["oauth", "pluggy", "codat", "providers", "secret", "web"]),
    },
    Layer { name: "export", may_use: These(&["connections"]) },
    Layer { name: "broker", may_use: These(&["connections", "export", "secret"]) },
    Layer { name: "attention", may_use: These(&["connections"]) },
    Layer {
        name: "platform",
        may_use: These(&[
            "attention",
            "connections",
            "broker",
            "vault",
            "oauth",
            "pluggy",
            "codat",
            "providers",
            "secret",
            "web",
        ]),
    },
    Layer { name: "doctor", may_use: These(&["broker", "platform"]) },
    Layer { name: "sandbox", may_use: These(&[]) },
    Layer {
        name: "runtime",
        may_use: These(&[
            "secret",
            "oauth",
            "providers",
            "vault",
            "connections",
            "platform",
            "broker",
            "sandbox",
        ]),
    },
    Layer {
        name: "commands",
        may_use: These(&[
            "attention",
            "connections",
            "export",
            "pluggy",
            "providers",
            "doctor",
            "runtime",
            "secret",
            "broker",
        ]),
    },
    Layer {
        name: "cli",
        may_use: These(&["broker", "connections", "doctor", "export", "platform", "secret"]),
    },
    Layer {
        name: "agent",
        // The core without a window is put together here.
        may_use: These(&["broker", "cli", "connections", "platform", "runtime", "secret"]),
    },
    Layer {
        name: "mooring-desktop",
        may_use: These(&[
            "agent",
            "attention",
            "commands",
            "runtime",
            "connections",
            "platform",
            "oauth",
            "secret",
        ]),
    },
    Layer { name: "tests", may_use: Anything },
    Layer { name: "xtask", may_use: Anything },
];

/// A library that belongs to few crates.
struct Guarded {
    /// A name, or the beginning of one when it ends in `*`.
    library: &'static str,
    owners: &'static [&'static str],
    /// Crates that may name it as an optional dependency, behind a feature that the app does not turn on.
    optional_in: &'static [&'static str],
    why: &'static str,
}

const WINDOW_ONLY: &str = "only the window knows how windows are made";

const GUARDED: &[Guarded] = &[
    Guarded { library: "tauri*", owners: &["mooring-desktop"], optional_in: &[], why: WINDOW_ONLY },
    Guarded { library: "wry", owners: &["mooring-desktop"], optional_in: &[], why: WINDOW_ONLY },
    Guarded { library: "tao", owners: &["mooring-desktop"], optional_in: &[], why: WINDOW_ONLY },
    Guarded { library: "gtk*", owners: &["mooring-desktop"], optional_in: &[], why: WINDOW_ONLY },
    Guarded { library: "webkit2gtk*", owners: &["mooring-desktop"], optional_in: &[], why: WINDOW_ONLY },
    Guarded {
        library: "reqwest",
        owners: &["platform", "tests"],
        optional_in: &["sandbox"],
        why: "every request leaves through `platform`, where limits and redirects are decided",
    },
    Guarded {
        library: "rusqlite",
        owners: &["vault"],
        optional_in: &[],
        why: "only the vault opens its file",
    },
];

/// Asks cargo for the packages of the workspace at `root`.
pub fn metadata(root: &Path) -> Result<Value> {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let output = Command::new(cargo)
        .args(["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .current_dir(root)
        .output()
        .context("`cargo metadata` could not be started")?;
    if !output.status.success() {
        bail!("`cargo metadata` failed: {}", String::from_utf8_lossy(&output.stderr).trim());
    }
    serde_json::from_slice(&output.stdout).context("`cargo metadata` gave something that is not JSON")
}

/// Sentences about edges that the tables do not allow; none when all is well.
pub fn check(metadata: &Value) -> Vec<String> {
    let packages: &[Value] = metadata["packages"].as_array().map_or(&[], Vec::as_slice);
    let ours: Vec<&str> = packages.iter().filter_map(|package| package["name"].as_str()).collect();
    let mut findings = Vec::new();
    if ours.is_empty() {
        findings.push("`cargo metadata` names no package: nothing was compared".to_owned());
    }
    for package in packages {
        let Some(name) = package["name"].as_str() else { continue };
        let Some(layer) = LAYERS.iter().find(|layer| layer.name == name) else {
            findings.push(format!("`{name}` has no row in xtask/src/layers.rs: add one, lowest layer first"));
            continue;
        };
        let dependencies: &[Value] = package["dependencies"].as_array().map_or(&[], Vec::as_slice);
        for dependency in dependencies.iter().filter(|one| one["kind"].as_str() != Some("dev")) {
            let Some(used) = dependency["name"].as_str() else { continue };
            let optional = dependency["optional"].as_bool() == Some(true);
            findings.extend(edge(layer, used, &ours));
            findings.extend(library(name, used, optional));
        }
    }
    findings
}

fn edge(layer: &Layer, used: &str, ours: &[&str]) -> Option<String> {
    let allowed = match layer.may_use {
        Anything => true,
        These(names) => !ours.contains(&used) || names.contains(&used),
    };
    (!allowed).then(|| {
        format!("`{}` must not depend on `{used}`: xtask/src/layers.rs does not list this edge", layer.name)
    })
}

fn library(name: &str, used: &str, optional: bool) -> Option<String> {
    let guard = GUARDED.iter().find(|guard| match guard.library.strip_suffix('*') {
        Some(beginning) => used.starts_with(beginning),
        None => used == guard.library,
    })?;
    let allowed = guard.owners.contains(&name) || (optional && guard.optional_in.contains(&name));
    (!allowed).then(|| format!("`{name}` must not use `{used}`: {}", guard.why))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::check;

    fn one(name: &str, dependency: &str, kind: Option<&str>, optional: bool) -> Vec<String> {
        let names = ["secret", "oauth", "vault", "platform", "sandbox", "runtime", "tests"];
        let mut packages: Vec<_> = names
            .iter()
            .filter(|other| **other != name)
            .map(|other| json!({"name": other, "dependencies": []}))
            .collect();
        packages.push(json!({
            "name": name,
            "dependencies": [{"name": dependency, "kind": kind, "optional": optional}],
        }));
        check(&json!({"packages": packages}))
    }

    #[test]
    fn an_edge_in_the_table_passes() {
        assert!(one("oauth", "secret", None, false).is_empty());
        assert!(one("tests", "vault", None, false).is_empty());
    }

    #[test]
    fn an_edge_outside_the_table_is_named() {
        let found = one("oauth", "vault", None, false);
        assert_eq!(found.len(), 1);
        assert!(found[0].starts_with("`oauth` must not depend on `vault`"), "{found:?}");
        assert_eq!(one("oauth", "vault", Some("build"), false).len(), 1, "build dependencies count");
    }

    #[test]
    fn a_dev_dependency_is_exempt() {
        assert!(one("oauth", "vault", Some("dev"), false).is_empty());
        assert!(one("oauth", "reqwest", Some("dev"), false).is_empty());
    }

    #[test]
    fn a_guarded_library_has_one_owner() {
        assert!(one("vault", "rusqlite", None, false).is_empty());
        assert_eq!(one("runtime", "rusqlite", None, false).len(), 1);
        assert_eq!(one("runtime", "tauri-plugin-store", None, false).len(), 1, "a star covers the family");
        assert!(one("runtime", "wrytten", None, false).is_empty(), "a name without a star is whole");
    }

    #[test]
    fn the_sandbox_may_name_reqwest_only_behind_a_feature() {
        assert!(one("sandbox", "reqwest", None, true).is_empty());
        assert_eq!(one("sandbox", "reqwest", None, false).len(), 1);
    }

    #[test]
    fn a_crate_without_a_row_is_named() {
        let found = one("newcomer", "secret", None, false);
        assert!(found.iter().any(|finding| finding.contains("`newcomer` has no row")), "{found:?}");
    }

    #[test]
    fn an_empty_answer_does_not_pass() {
        assert_eq!(check(&json!({"packages": []})).len(), 1);
    }
}
