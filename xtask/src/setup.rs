//! Brings a machine to where the app can be built and tested: Rust's and Node's versions, Debian packages, npm packages.
//!
//! Everything is looked at first; nothing is done, and little time passes, when all is there.

use std::fs;
use std::path::Path;
use std::process::Command;
use std::time::SystemTime;

use anyhow::{Context as _, Result};

use crate::packages::{self, Needed, Package, Proof};
use crate::shell::{Unavailable, ask, command, is_on_path, npm, run, say, warn};
use crate::tools;

/// Folders with npm packages. The second holds servers and clients that others wrote, for the tests.
const UI: &str = "ui";
const PEERS: &str = "tests/peers";
/// Tauri's bundler, which only release machines need.
const BUNDLER: &str = "packaging/bundler";

/// What building and opening the app needs.
pub(crate) fn for_app() -> Result<()> {
    tools::check()?;
    system_packages(Needed::App)?;
    npm_packages(UI)
}

/// What making bundles with Tauri's bundler needs.
pub(crate) fn for_bundles() -> Result<()> {
    npm_packages(BUNDLER)
}

/// What testing needs.
pub(crate) fn for_tests() -> Result<()> {
    tools::check()?;
    system_packages(Needed::Tests)?;
    npm_packages(UI)?;
    npm_packages(PEERS)?;
    python_packages(PEERS)
}

fn system_packages(needed: Needed) -> Result<()> {
    if !cfg!(target_os = "linux") {
        say("setup: this system needs no further packages");
        return Ok(());
    }
    let missing = if is_on_path("dpkg-query") { missing_here(needed) } else { unproven(needed) };
    if missing.is_empty() {
        say("setup: system packages are there");
        return Ok(());
    }
    let lines: Vec<String> =
        missing.iter().map(|one| format!("\n  {:<22} {}", one.name, one.reason)).collect();
    let list = lines.concat();
    let names: Vec<&str> = missing.iter().map(|one| one.name).collect();
    let Some(apt_get) = apt_get() else {
        return Err(Unavailable(format!(
            "these Debian packages (or your system's names for them) are missing, and this program may not install \
             them:{list}\n\ninstall them and try again; on Debian or Ubuntu:\n  sudo apt-get install {}",
            names.join(" ")
        ))
        .into());
    };
    say(&format!("setup: installing system packages:{list}"));
    if let Err(error) = run(apt_get().arg("update")) {
        // One source that does not answer is no reason to stop: what is needed may come from another.
        warn(&format!("setup: the list of packages is not fresh: {error:#}"));
    }
    run(apt_get().args(["install", "--yes", "--no-install-recommends"]).args(&names)).with_context(|| {
        format!("packages could not be installed; try `apt-get install {}` by hand", names.join(" "))
    })
}

fn missing_here(needed: Needed) -> Vec<&'static Package> {
    let names = packages::for_need(needed).map(|package| package.name);
    // It fails when a single name is unknown to it and still prints the others.
    let output = Command::new("dpkg-query")
        .args(["-W", "-f", "${Package} ${db:Status-Abbrev}\n"])
        .args(names)
        .output();
    let printed =
        output.map(|output| String::from_utf8_lossy(&output.stdout).into_owned()).unwrap_or_default();
    packages::missing(packages::for_need(needed), &printed)
}

fn unproven(needed: Needed) -> Vec<&'static Package> {
    let there = |package: &&Package| match package.proof {
        Proof::Program(name) => is_on_path(name),
        Proof::Library(name) => ask(command("pkg-config").args(["--exists", name])).is_some(),
        Proof::Nothing => true,
    };
    packages::for_need(needed).filter(|package| !there(package)).collect()
}

/// A way to call `apt-get` that asks nobody for a password, where there is one.
fn apt_get() -> Option<fn() -> Command> {
    /// Waits when another installation is under way, and never opens a dialog.
    const OPTIONS: [&str; 2] = ["-o", "DPkg::Lock::Timeout=300"];
    const SILENT: &str = "DEBIAN_FRONTEND=noninteractive";
    if !is_on_path("apt-get") {
        return None;
    }
    if ask(command("id").arg("-u")).as_deref() == Some("0") {
        return Some(|| {
            let mut line = command("env");
            line.args([SILENT, "apt-get"]).args(OPTIONS);
            line
        });
    }
    ask(command("sudo").args(["-n", "true"]))?;
    Some(|| {
        let mut line = command("sudo");
        line.args(["-n", "env", SILENT, "apt-get"]).args(OPTIONS);
        line
    })
}

/// What `npm` must do in a folder.
#[derive(Debug, PartialEq)]
enum Install {
    Nothing,
    /// Exactly what the lock file says.
    Locked,
    /// What `package.json` asks for; writes a lock file.
    Fresh,
}

/// Decided by when the lock file and npm's own record of what it installed were written.
fn install(lock: Option<SystemTime>, installed: Option<SystemTime>) -> Install {
    match (lock, installed) {
        (None, _) => Install::Fresh,
        (Some(lock), Some(installed)) if installed >= lock => Install::Nothing,
        (Some(_), _) => Install::Locked,
    }
}

fn npm_packages(below: &str) -> Result<()> {
    let folder = xtask::workspace_root().join(below);
    if !folder.join("package.json").is_file() {
        return Ok(());
    }
    let lock = written(&folder.join("package-lock.json"));
    let word = match install(lock, written(&folder.join("node_modules/.package-lock.json"))) {
        Install::Nothing => {
            say(&format!("setup: npm packages in {below} are there"));
            return Ok(());
        }
        Install::Locked => "ci",
        Install::Fresh => "install",
    };
    say(&format!("setup: installing npm packages in {below}"));
    run(npm(below).args([word, "--no-audit", "--no-fund"]))
        .with_context(|| format!("npm packages could not be installed in {below}"))
}

/// Readers of exported files, below the folder and nowhere else on the machine.
fn python_packages(below: &str) -> Result<()> {
    let folder = xtask::workspace_root().join(below);
    let (wanted, brought) = (folder.join("requirements.txt"), folder.join("python/.requirements.txt"));
    if install(written(&wanted), written(&brought)) == Install::Nothing {
        say(&format!("setup: Python packages in {below} are there"));
        return Ok(());
    }
    say(&format!("setup: installing Python packages in {below}"));
    let mut pip = command("python3");
    pip.args(["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--no-deps", "--upgrade"]);
    pip.arg("--target").arg(folder.join("python")).arg("--requirement").arg(&wanted);
    run(&mut pip).with_context(|| format!("Python packages could not be installed in {below}"))?;
    fs::copy(&wanted, &brought).map(drop).context("what was installed could not be written down")
}

fn written(file: &Path) -> Option<SystemTime> {
    fs::metadata(file).and_then(|metadata| metadata.modified()).ok()
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, SystemTime};

    use super::{Install, install};

    #[test]
    fn npm_works_only_when_the_lock_is_newer_than_what_is_installed() {
        let earlier = SystemTime::UNIX_EPOCH;
        let later = earlier + Duration::from_secs(1);
        assert_eq!(install(Some(earlier), Some(later)), Install::Nothing);
        assert_eq!(install(Some(earlier), Some(earlier)), Install::Nothing);
        assert_eq!(install(Some(later), Some(earlier)), Install::Locked);
        assert_eq!(install(Some(later), None), Install::Locked, "nothing was installed yet");
        assert_eq!(install(None, Some(later)), Install::Fresh, "without a lock only the wish is known");
    }
}
