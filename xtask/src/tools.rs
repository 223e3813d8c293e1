//! The two things a person installs by hand: Rust and Node.js. Checks their versions, and adds Rust's own parts.

use std::fs;

use anyhow::{Context as _, Result};

use crate::shell::{Unavailable, ask, cargo, command, npm, run, say};

/// The oldest Node.js on which the interface's build tool runs.
const NODE: (u32, u32) = (20, 19);

/// Fails with a sentence that says what to install.
pub(crate) fn check() -> Result<()> {
    rust()?;
    node()
}

fn rust() -> Result<()> {
    let manifest = fs::read_to_string(xtask::workspace_root().join("Cargo.toml"))
        .context("Cargo.toml cannot be read")?;
    let wanted = manifest
        .lines()
        .find_map(|line| version(line.strip_prefix("rust-version")?))
        .context("Cargo.toml names no rust-version")?;
    let printed = ask(command(std::env::var_os("RUSTC").unwrap_or_else(|| "rustc".into())).arg("--version"));
    let have = printed.as_deref().and_then(version);
    if have.is_none_or(|have| have < wanted) {
        let (major, minor) = wanted;
        let message = format!("Rust {major}.{minor} or newer is needed, {}", found(printed.as_deref()));
        return Err(Unavailable(message).into());
    }
    for part in ["clippy", "rustfmt"] {
        let subcommand = if part == "rustfmt" { "fmt" } else { part };
        if ask(cargo().args([subcommand, "--version"])).is_some() {
            continue;
        }
        say(&format!("setup: adding {part} to the Rust toolchain"));
        run(command("rustup").args(["component", "add", part]))
            .map_err(|error| Unavailable(format!("{part} is needed and could not be added: {error:#}")))?;
    }
    Ok(())
}

fn node() -> Result<()> {
    let printed = ask(command("node").arg("--version"));
    if printed.as_deref().and_then(version).is_none_or(|have| have < NODE) {
        let (major, minor) = NODE;
        let message = format!("Node.js {major}.{minor} or newer is needed, {}", found(printed.as_deref()));
        return Err(Unavailable(message).into());
    }
    if ask(npm(".").arg("--version")).is_none() {
        return Err(Unavailable(
            "npm is needed; it comes with Node.js or as a package of its own".to_owned(),
        )
        .into());
    }
    Ok(())
}

fn found(printed: Option<&str>) -> String {
    printed.map_or_else(|| "and none was found".to_owned(), |version| format!("found {version}"))
}

/// The first two numbers in `text` that a dot joins.
fn version(text: &str) -> Option<(u32, u32)> {
    let start = text.find(|letter: char| letter.is_ascii_digit())?;
    let mut numbers = text.get(start..)?.split(|letter: char| !letter.is_ascii_digit());
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

#[cfg(test)]
mod tests {
    use super::{NODE, version};

    #[test]
    fn versions_are_read_from_what_programs_print() {
        assert_eq!(version("rustc 1.95.0 (59807616e 2026-04-14)"), Some((1, 95)));
        assert_eq!(version("v20.20.2"), Some((20, 20)));
        assert_eq!(version(" = \"1.90\""), Some((1, 90)));
        assert_eq!(version("unknown"), None);
        assert_eq!(version("7"), None);
    }

    #[test]
    fn an_older_node_is_too_old() {
        assert!(version("v20.18.3").unwrap() < NODE);
        assert!(version("v20.19.0").unwrap() >= NODE);
        assert!(version("v22.1.0").unwrap() >= NODE);
    }
}
