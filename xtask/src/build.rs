//! Builds the interface and the programs, and writes the interface's types.

use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::shell::{ask, cargo, npm, run, say};

/// Pages come from the binary and not from a development server.
pub(crate) const APP_FEATURES: &str = "mooring-desktop/custom-protocol";
/// As above, and authorization windows can be driven from outside. For tests only.
pub(crate) const TEST_FEATURES: &str = "mooring-desktop/custom-protocol,mooring-desktop/automation";

/// Set to `1` by a release machine that signs what is made. The programs are built with it, and say so.
pub(crate) const SIGNED_VARIABLE: &str = "MOORING_SIGNED";
/// The key that updates are checked with. Only a build that knows it can update itself.
pub(crate) const UPDATE_KEY_VARIABLE: &str = "MOORING_UPDATE_KEY";

/// Tells the tests the folder that holds the built programs.
pub(crate) const PROGRAMS_VARIABLE: &str = "MOORING_PROGRAMS";

/// Builds `ui/dist`, which the app's binary carries.
pub(crate) fn interface() -> Result<()> {
    run(npm("ui").args(["run", "build"])).context("the interface could not be built")
}

/// Builds `ui/dist` when there is none at all: without it the window's crate does not compile.
pub(crate) fn interface_if_missing() -> Result<()> {
    if xtask::workspace_root().join("ui/dist/index.html").is_file() {
        return Ok(());
    }
    say("ui/dist is missing: building it first");
    interface()
}

/// Builds the app alone; the path of its binary.
pub(crate) fn app(features: &str, release: bool) -> Result<PathBuf> {
    let mut build = cargo();
    build.args(["build", "-p", "mooring-desktop", "--features", features]);
    if release {
        build.arg("--release");
    }
    run(&mut build).context("the app could not be built")?;
    Ok(programs(release)?.join(format!("mooring-desktop{}", std::env::consts::EXE_SUFFIX)))
}

/// Builds the programs as they are released, and what they are compared with.
///
/// One build for all: they share every library, and its features.
pub(crate) fn for_bench(with_window: bool) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--release", "-p", "mooring-desktop", "-p", "cli", "-p", "agent", "-p", "platform"]);
    build.args(["--features", APP_FEATURES, "--example", "yardstick"]);
    build.args(["--bin", "mooring", "--bin", "mooring-agent"]);
    if with_window {
        build.args(["--bin", "mooring-desktop", "--example", "empty_window"]);
    }
    run(&mut build).context("the programs to measure could not be built")
}

/// Builds the programs as they are handed out, for this machine or for `target`.
pub(crate) fn for_release(target: Option<&str>) -> Result<()> {
    let mut build = cargo();
    build.args(["build", "--release", "--locked", "-p", "mooring-desktop", "-p", "cli", "--bins"]);
    if cfg!(windows) {
        build.args(["-p", "agent"]);
    }
    build.args(["--features", APP_FEATURES]);
    let is_set = |name| std::env::var_os(name).is_some_and(|value| !value.is_empty());
    if is_set(UPDATE_KEY_VARIABLE) && is_set(SIGNED_VARIABLE) {
        build.args(["--features", "mooring-desktop/updater"]);
    }
    if let Some(target) = target {
        build.args(["--target", target]);
    }
    run(&mut build).context("the programs could not be built")
}

/// Builds every program as the tests use it.
///
/// The whole workspace at once and with the tests' features: cargo then chooses the features of each library as it
/// does for the tests, and compiles each once.
pub(crate) fn programs_for_tests() -> Result<()> {
    run(cargo().args(["build", "--workspace", "--bins", "--features", TEST_FEATURES]))
        .context("the programs could not be built")
}

/// The folder where cargo puts programs.
pub(crate) fn programs(release: bool) -> Result<PathBuf> {
    let root = xtask::workspace_root();
    let metadata = xtask::layers::metadata(&root)?;
    let target = metadata
        .get("target_directory")
        .and_then(|folder| folder.as_str())
        .context("`cargo metadata` names no target directory")?;
    Ok(PathBuf::from(target).join(if release { "release" } else { "debug" }))
}

/// Writes `ui/src/ipc/types.gen.ts` from the Rust types.
pub(crate) fn write_types() -> Result<()> {
    run(cargo()
        .args(["test", "--quiet", "-p", "commands", "--test", "codegen"])
        .env("MOORING_CODEGEN", "write"))
    .context("the types could not be written")?;
    say("wrote ui/src/ipc/types.gen.ts");
    Ok(())
}

/// `cargo deny check` of these lists of rules, where it is installed.
pub(crate) fn cargo_deny(rules: &[&str]) -> Option<Command> {
    ask(cargo().args(["deny", "--version"]))?;
    let mut deny = cargo();
    deny.args(["deny", "--workspace", "check"]).args(rules);
    Some(deny)
}

/// Whether the list of known weaknesses could be fetched: it lies on the network, and nowhere else.
pub(crate) fn advisories_are_here() -> bool {
    ask(cargo().args(["deny", "fetch", "db"])).is_some()
}
