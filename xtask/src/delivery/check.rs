//! The proof: what was packed is judged by the desktop's own tools, installed, started, and removed again.
//!
//! Every check runs, and every finding is told. A tool that is not here is named and counted as not run; only a tool
//! that found something fails.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};

use super::stage::APP_ID;
use super::{Release, empty_folder, installed};
use crate::shell::{ask, command, is_on_path, run, say, warn};

/// Bytes of a package at most. The app is downloaded, and this is what it promises.
const LARGEST: u64 = 8_000_000;

/// What became of the checks.
#[derive(Default)]
struct Verdict {
    passed: u32,
    failed: Vec<String>,
    not_run: Vec<String>,
}

impl Verdict {
    /// Runs a check that needs `tools`.
    fn of(&mut self, name: &str, tools: &[&str], check: impl FnOnce() -> Result<()>) {
        let missing: Vec<&str> = tools.iter().copied().filter(|tool| !is_on_path(tool)).collect();
        if !missing.is_empty() {
            self.not_run.push(format!("{name}: {} is not here", missing.join(", ")));
            return;
        }
        say(&format!("\n=== {name}"));
        match check() {
            Ok(()) => self.passed += 1,
            Err(error) => {
                warn(&format!("{error:#}"));
                self.failed.push(name.to_owned());
            }
        }
    }

    fn told(&self) -> bool {
        say(&format!("\ndist: {} checks passed, {} failed", self.passed, self.failed.len()));
        for name in &self.failed {
            say(&format!("  failed: {name}"));
        }
        for reason in &self.not_run {
            say(&format!("  not run: {reason}"));
        }
        self.failed.is_empty()
    }
}

/// Checks everything; false when something was found.
pub(super) fn check(release: &Release, tree: &Path, packages: &[PathBuf], out: &Path) -> Result<bool> {
    let mut verdict = Verdict::default();
    let share = tree.join("usr/share");
    verdict.of("checksums", &["sha256sum"], || {
        run(command("sha256sum").args(["--check", "--strict", "SHA256SUMS"]).current_dir(out))
    });
    verdict.of("desktop entry", &["desktop-file-validate"], || {
        run(command("desktop-file-validate").arg(share.join(format!("applications/{APP_ID}.desktop"))))
    });
    verdict.of("metainfo", &["appstreamcli"], || {
        run(command("appstreamcli").args(["validate", "--no-net"]).arg(metainfo(&share)))
    });
    verdict.of("manual pages", &["man"], || manuals(&share));
    verdict.of("version", &[], || version(release, tree));
    for package in packages {
        verdict.of("size", &[], || small_enough(package));
        match package.extension().and_then(|ending| ending.to_str()) {
            Some("deb") => debian(&mut verdict, package, out)?,
            _ => redhat(&mut verdict, package, out)?,
        }
    }
    Ok(verdict.told())
}

fn small_enough(package: &Path) -> Result<()> {
    let bytes = super::size(package)?;
    if bytes > LARGEST {
        bail!("{} has {bytes} bytes, and {LARGEST} are allowed", package.display());
    }
    Ok(())
}

fn metainfo(share: &Path) -> PathBuf {
    share.join(format!("metainfo/{APP_ID}.metainfo.xml"))
}

fn manuals(share: &Path) -> Result<()> {
    for name in ["mooring.1.gz", "mooring-desktop.1.gz"] {
        let mut man = command("man");
        // What groff warns of goes to standard error; nothing may be there.
        man.args(["--warnings", "-E", "UTF-8", "-l", "-Tutf8", "-Z"]).arg(share.join("man/man1").join(name));
        let output = man.env("MANROFFSEQ", "").env("LC_ALL", "C.UTF-8").output().context("`man` failed")?;
        let complaints = String::from_utf8_lossy(&output.stderr);
        if !output.status.success() || !complaints.trim().is_empty() {
            bail!("{name}: {complaints}");
        }
    }
    Ok(())
}

fn version(release: &Release, tree: &Path) -> Result<()> {
    let printed = ask(command(tree.join("usr/bin/mooring")).arg("--version")).unwrap_or_default();
    if printed != format!("mooring {}", release.version) {
        bail!("`mooring --version` says `{printed}`, and the package {}", release.version);
    }
    Ok(())
}

fn debian(verdict: &mut Verdict, package: &Path, out: &Path) -> Result<()> {
    verdict.of("lintian", &["lintian"], || {
        run(command("lintian").args(["--allow-root", "--fail-on", "error,warning"]).arg(package))
    });
    verdict.of("dependencies", &["apt-get"], || {
        let mut simulate = command("apt-get");
        run(simulate.args(["install", "--simulate", "--no-install-recommends"]).arg(package))
    });
    let root = out.join("check-deb");
    empty_folder(&root)?;
    verdict.of("deb: install, start, open a link, remove", &installed::TOOLS, || {
        for folder in ["updates", "info", "triggers"] {
            fs::create_dir_all(root.join("var/lib/dpkg").join(folder)).context("a folder cannot be made")?;
        }
        fs::write(root.join("var/lib/dpkg/status"), "").context("a file cannot be written")?;
        let before = files(&root)?;
        run(dpkg(&root).arg("--install").arg(package))?;
        installed::prove(&root, &out.join("installed.png"))?;
        run(dpkg(&root).args(["--purge", "mooring"]))?;
        nothing_left(&before, &root)
    });
    Ok(())
}

/// `dpkg` on a root of its own, without being root: the libraries below us are those of this machine.
fn dpkg(root: &Path) -> std::process::Command {
    let mut dpkg = command("fakeroot");
    dpkg.args(["dpkg", "--force-not-root", "--force-depends", "--force-bad-path", "--log=/dev/null"]);
    dpkg.arg(format!("--root={}", root.display()));
    dpkg
}

fn redhat(verdict: &mut Verdict, package: &Path, out: &Path) -> Result<()> {
    verdict.of("rpm: what it holds and asks for", &["rpm"], || {
        run(command("rpm").args(["-qp", "--info", "--list", "--requires", "--provides"]).arg(package))?;
        let scripts = ask(command("rpm").args(["-qp", "--scripts"]).arg(package));
        if scripts.as_deref() != Some("") {
            bail!("it runs scripts as root: {scripts:?}");
        }
        Ok(())
    });
    let root = out.join("check-rpm");
    empty_folder(&root)?;
    if ask(command("id").arg("-u")).as_deref() != Some("0") {
        verdict.not_run.push("rpm: install and remove: `rpm --root` needs root".to_owned());
        return Ok(());
    }
    verdict.of("rpm: install and remove", &["rpm"], || {
        run(rpm(&root).arg("--initdb"))?;
        let before = files(&root)?;
        run(rpm(&root).args(["--install", "--nodeps", "--ignorearch"]).arg(package))?;
        let entry = format!("usr/share/applications/{APP_ID}.desktop");
        for expected in ["usr/bin/mooring", "usr/bin/mooring-desktop", entry.as_str()] {
            if !root.join(expected).is_file() {
                bail!("{expected} is missing after the installation");
            }
        }
        run(rpm(&root).args(["--erase", "mooring"]))?;
        nothing_left(&before, &root)
    });
    Ok(())
}

fn rpm(root: &Path) -> std::process::Command {
    let mut rpm = command("rpm");
    rpm.arg("--root").arg(root).args(["--dbpath", "/var/lib/rpm"]);
    rpm
}

/// Files below `root`, and folders of our name; not what belongs to the package tools themselves, and not folders
/// that any real system has.
fn files(root: &Path) -> Result<BTreeSet<String>> {
    let ours = ["(", "-not", "-type", "d", "-o", "-name", "*mooring*", ")"];
    let mut find = command("find");
    find.args([".", "-not", "-path", "./var/*"]).args(ours);
    let listed = ask(find.current_dir(root));
    Ok(listed.context("`find` failed")?.lines().map(str::to_owned).collect())
}

fn nothing_left(before: &BTreeSet<String>, root: &Path) -> Result<()> {
    let after = files(root)?;
    let left: Vec<&str> = after.difference(before).map(String::as_str).collect();
    // What the desktop's tools made of all entries together is theirs, as in a real system.
    let left: Vec<&str> = left.into_iter().filter(|path| !is_shared(path)).collect();
    if !left.is_empty() {
        bail!("left behind: {}", left.join(", "));
    }
    Ok(())
}

/// The desktop database.
fn is_shared(path: &str) -> bool {
    path == "./usr/share/applications/mimeinfo.cache"
}

#[cfg(test)]
mod tests {
    use super::Verdict;

    #[test]
    fn a_check_that_finds_something_fails_and_a_missing_tool_is_named() {
        let mut verdict = Verdict::default();
        verdict.of("fine", &[], || Ok(()));
        verdict.of("broken", &[], || anyhow::bail!("it is"));
        verdict.of("absent", &["a-program-that-does-not-exist"], || unreachable!("its tool is missing"));
        assert_eq!((verdict.passed, verdict.failed.as_slice()), (1, &["broken".to_owned()][..]));
        assert_eq!(verdict.not_run, ["absent: a-program-that-does-not-exist is not here"]);
        assert!(!verdict.told());
    }
}
