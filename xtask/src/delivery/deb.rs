//! The Debian package, made with Debian's own tools.
//!
//! It has no maintainer scripts: the desktop database and the icon cache are brought up to date by the triggers of
//! the packages that own them, and nothing of ours runs as root.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::stage::PROGRAMS;
use super::{Release, empty_folder, write};
use crate::shell::{ask, command, run};

/// What helps and is not linked: opening the browser, and drawing GTK's symbolic icons.
const RECOMMENDS: &str = "xdg-utils, librsvg2-common";
/// A keychain. A passphrase does without.
const SUGGESTS: &str = "gnome-keyring | kwalletmanager | keepassxc";

/// Packs `tree`; the file's path.
pub(super) fn pack(release: &Release, tree: &Path, out: &Path) -> Result<Option<PathBuf>> {
    let work = out.join("deb");
    empty_folder(&work)?;
    run(command("cp").args(["-a", "-T"]).arg(tree).arg(work.join("root")))?;
    write(
        &work.join("root/usr/share/lintian/overrides/mooring"),
        fs::read(xtask::workspace_root().join("packaging/linux/lintian-overrides"))?,
    )?;
    let root = work.join("root");
    let architecture = ask(command("dpkg").arg("--print-architecture")).context("`dpkg` does not answer")?;
    let depends = depends(&work, &root)?;
    write(&root.join("DEBIAN/control"), control(release, &architecture, &depends, installed_size(&root)?))?;
    write(&root.join("DEBIAN/md5sums"), md5sums(&root)?)?;
    run(command("chmod").args(["-R", "u=rwX,go=rX"]).arg(&root))?;
    let file = out.join(format!("mooring_{}-1_{architecture}{}.deb", release.version, release.mark()));
    let mut pack = command("dpkg-deb");
    pack.env("SOURCE_DATE_EPOCH", &release.epoch);
    pack.args(["--build", "--root-owner-group", "-Zxz", "-z9"]).arg(&root).arg(&file);
    run(&mut pack)?;
    Ok(Some(file))
}

/// What the programs are linked with, in the names and versions of this Debian.
fn depends(work: &Path, root: &Path) -> Result<String> {
    // The tool wants to stand in a source package.
    write(&work.join("debian/control"), "Source: mooring\n\nPackage: mooring\nArchitecture: any\n")?;
    let mut ask_for = command("dpkg-shlibdeps");
    ask_for.current_dir(work).arg("-O");
    ask_for.args(PROGRAMS.iter().map(|name| root.join("usr/bin").join(name)));
    let printed = ask(&mut ask_for).context("`dpkg-shlibdeps` failed")?;
    printed
        .lines()
        .find_map(|line| line.strip_prefix("shlibs:Depends="))
        .map(str::to_owned)
        .context("`dpkg-shlibdeps` names no libraries")
}

/// In KiB, as Debian counts.
fn installed_size(root: &Path) -> Result<u64> {
    let printed = ask(command("du").args(["-sk", "--apparent-size"]).arg(root)).context("`du` failed")?;
    printed.split_whitespace().next().and_then(|number| number.parse().ok()).context("`du` names no size")
}

fn md5sums(root: &Path) -> Result<String> {
    let script = "find usr -type f -print0 | LC_ALL=C sort -z | xargs -0 md5sum";
    let sums = ask(command("sh").args(["-c", script]).current_dir(root)).context("`md5sum` failed")?;
    Ok(sums + "\n")
}

fn control(release: &Release, architecture: &str, depends: &str, size: u64) -> String {
    let Release { version, maintainer, .. } = release;
    format!(
        "Package: mooring
Version: {version}-1
Architecture: {architecture}
Maintainer: {maintainer}
Installed-Size: {size}
Depends: {depends}
Recommends: {RECOMMENDS}
Suggests: {SUGGESTS}
Section: misc
Priority: optional
Description: link bank and accounting accounts on your own computer
 Mooring connects accounts at banks, in accounting software and at shops, and
 keeps the connections alive. One window shows when each was authorized, when it
 was last read and until when it holds.
 .
 What gives access lies only in an encrypted file on this computer. Programs
 get a fresh token through the mooring command when the person allows it.
"
    )
}

#[cfg(test)]
mod tests {
    use super::{Release, control};

    #[test]
    fn a_control_file_has_no_empty_field_and_ends_with_a_line() {
        let release = Release {
            version: "1.2.3".to_owned(),
            date: "2026-11-21".to_owned(),
            epoch: "0".to_owned(),
            maintainer: "A Person <person@example.org>".to_owned(),
            signed: false,
        };
        let text = control(&release, "amd64", "libc6 (>= 2.36)", 12);
        assert!(text.contains("\nVersion: 1.2.3-1\n") && text.contains("\nDepends: libc6 (>= 2.36)\n"));
        assert!(text.lines().all(|line| !line.is_empty() && !line.ends_with(": ")), "{text}");
        assert!(text.ends_with('\n'));
    }
}
