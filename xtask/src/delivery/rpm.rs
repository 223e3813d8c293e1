//! The RPM package, made with `rpmbuild`, which finds out itself what the programs are linked with.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::{Release, empty_folder};
use crate::shell::{command, is_on_path, run, say};

/// Packs `tree`; the file's path, or nothing where there is no `rpmbuild`.
pub(super) fn pack(release: &Release, tree: &Path, out: &Path) -> Result<Option<PathBuf>> {
    if !is_on_path("rpmbuild") {
        say("dist: no rpm was made, since `rpmbuild` is not here; on Debian it is in the package `rpm`");
        return Ok(None);
    }
    let work = out.join("rpm");
    empty_folder(&work)?;
    let root = work.join("tree");
    run(command("cp").args(["-a", "-T"]).arg(tree).arg(&root))?;
    to_rpm_places(&root)?;
    let architecture = std::env::consts::ARCH;
    let mut pack = command("rpmbuild");
    pack.env("SOURCE_DATE_EPOCH", &release.epoch);
    for (name, value) in [
        ("_topdir", work.display().to_string()),
        ("_rpmdir", work.join("made").display().to_string()),
        ("tree", root.display().to_string()),
        ("mooring_version", release.version.clone()),
        ("mooring_vendor", release.maintainer.clone()),
    ] {
        pack.args(["--define", &format!("{name} {value}")]);
    }
    pack.arg("-bb").args(["--target", architecture]).arg("packaging/linux/mooring.spec");
    run(&mut pack)?;
    let made = work.join(format!("made/{architecture}/mooring-{}-1.{architecture}.rpm", release.version));
    let file = out.join(format!("mooring-{}-1.{architecture}{}.rpm", release.version, release.mark()));
    fs::copy(&made, &file).with_context(|| format!("{} was not made", made.display()))?;
    Ok(Some(file))
}

/// Some things have another place outside Debian.
fn to_rpm_places(root: &Path) -> Result<()> {
    let share = root.join("usr/share");
    let zsh = share.join("zsh/site-functions");
    fs::create_dir_all(&zsh).context("a folder cannot be made")?;
    for (from, to) in [
        (share.join("zsh/vendor-completions/_mooring"), zsh.join("_mooring")),
        (share.join("doc/mooring/copyright"), share.join("doc/mooring/license")),
    ] {
        fs::rename(&from, &to).with_context(|| format!("{} cannot be moved", from.display()))?;
    }
    fs::remove_dir(share.join("zsh/vendor-completions")).context("a folder cannot be removed")?;
    fs::remove_file(share.join("doc/mooring/changelog.Debian.gz")).context("a file cannot be removed")?;
    let licenses = share.join("licenses/mooring");
    fs::create_dir_all(&licenses).context("a folder cannot be made")?;
    for name in ["LICENSE-MIT", "LICENSE-APACHE"] {
        fs::copy(xtask::workspace_root().join(name), licenses.join(name))
            .with_context(|| format!("{name} cannot be copied"))?;
    }
    fs::rename(share.join("doc/mooring/license"), licenses.join("copyright"))
        .context("a file cannot be moved")
}
