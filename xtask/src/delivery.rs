//! `cargo xtask dist`: the packages that are handed out, and the proof that they install, run and go.
//!
//! Linux packages are made here, from one tree with Debian's and RPM's own tools, so both hold the same. Bundles of
//! the other kinds are made by Tauri's bundler (`delivery/bundles`), each on its own system. What is not signed says so
//! in its name.

mod bundles;
mod check;
mod deb;
mod installed;
mod rpm;
mod stage;
mod third_party;
mod update_manifest;

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use crate::build;
use crate::setup;
use crate::shell::{Unavailable, ask, command, is_on_path, say};

pub(crate) use bundles::KINDS as BUNDLES;
pub(crate) use installed::probe;

/// Where packages go, below the workspace's root.
const OUT: &str = "target/dist";

/// What is wanted of `cargo xtask dist`.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    /// Take the programs as they were built before.
    pub no_build: bool,
    /// Prove what was made.
    pub check: bool,
    /// Kinds of bundles for Tauri's bundler, in place of deb and rpm: `appimage`, `nsis`, `msi`, `dmg`.
    pub bundles: Option<String>,
    /// Only the manifest of updates.
    pub updates: Option<UpdatesAt>,
}

/// Signed files, and where they will be found.
#[derive(Debug, PartialEq)]
pub(crate) struct UpdatesAt {
    pub folder: PathBuf,
    /// Of the folder that holds them; https.
    pub address: String,
}

/// What every package says of itself.
struct Release {
    version: String,
    /// Day of the last commit, or of the build where nothing is known of commits: `2026-11-21`.
    date: String,
    /// The same as seconds since 1970, for packages that come out the same each time.
    epoch: String,
    maintainer: String,
    signed: bool,
}

impl Release {
    fn of_this_tree() -> Result<Self> {
        let git = |format: &str| ask(command("git").args(["log", "-1", &format!("--format={format}")]));
        let day = || ask(command("date").args(["-u", "+%F"]));
        Ok(Self {
            version: workspace_version()?,
            date: git("%cs").or_else(day).context("neither `git` nor `date` answers")?,
            epoch: git("%ct").unwrap_or_else(|| "0".to_owned()),
            maintainer: std::env::var("MOORING_MAINTAINER")
                .unwrap_or_else(|_| "The Mooring authors <maintainers@mooring.invalid>".to_owned()),
            signed: std::env::var(build::SIGNED_VARIABLE).is_ok_and(|value| value == "1"),
        })
    }

    /// What stands in a file's name before its ending.
    const fn mark(&self) -> &'static str {
        if self.signed { "" } else { "-unsigned" }
    }
}

fn workspace_version() -> Result<String> {
    let manifest = fs::read_to_string(xtask::workspace_root().join("Cargo.toml"))
        .context("Cargo.toml cannot be read")?;
    manifest
        .lines()
        .find_map(|line| line.strip_prefix("version = \"")?.strip_suffix('"'))
        .map(str::to_owned)
        .context("Cargo.toml names no version")
}

/// Builds, packs and, if wanted, proves; false when a proof failed.
pub(crate) fn run(wanted: &Wanted) -> Result<bool> {
    if let Some(at) = &wanted.updates {
        update_manifest::make(&Release::of_this_tree()?, &at.folder, &at.address)?;
        return Ok(true);
    }
    if wanted.bundles.is_none() {
        linux_only()?;
    }
    setup::for_app()?;
    let release = Release::of_this_tree()?;
    let out = xtask::workspace_root().join(OUT);
    make_folder(&out)?;
    if !wanted.no_build {
        build::interface()?;
    }
    if let Some(kinds) = &wanted.bundles {
        bundles::make(&release, kinds, &out, !wanted.no_build)?;
        return Ok(true);
    }
    if !wanted.no_build {
        build::for_release(None)?;
    }
    let tree = stage::stage(&release, &out.join("tree"))?;
    let packages = [deb::pack(&release, &tree, &out)?, rpm::pack(&release, &tree, &out)?];
    let packages: Vec<PathBuf> = packages.into_iter().flatten().collect();
    for package in &packages {
        say(&format!("dist: {} has {} bytes", package.display(), size(package)?));
    }
    checksums(&out, &packages)?;
    if wanted.check { check::check(&release, &tree, &packages, &out) } else { Ok(true) }
}

fn linux_only() -> Result<()> {
    if cfg!(target_os = "linux") && is_on_path("dpkg-deb") {
        return Ok(());
    }
    let message = "deb and rpm are made on Debian or Ubuntu; elsewhere say which bundles: `cargo xtask dist --bundles dmg`";
    Err(Unavailable(message.to_owned()).into())
}

/// In bytes.
fn size(package: &Path) -> Result<u64> {
    Ok(fs::metadata(package).with_context(|| format!("{} is missing", package.display()))?.len())
}

/// `SHA256SUMS`, as `sha256sum --check` reads it.
fn checksums(out: &Path, packages: &[PathBuf]) -> Result<()> {
    let names: Vec<_> = packages.iter().filter_map(|package| package.file_name()).collect();
    let sums = ask(command("sha256sum").args(names).current_dir(out)).context("`sha256sum` failed")?;
    write(&out.join("SHA256SUMS"), format!("{sums}\n"))
}

fn make_folder(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))
}

fn empty_folder(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(|| format!("{} cannot be removed", folder.display()))?;
    }
    make_folder(folder)
}

fn write(file: &Path, content: impl AsRef<[u8]>) -> Result<()> {
    if let Some(folder) = file.parent() {
        make_folder(folder)?;
    }
    fs::write(file, content).with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{Release, workspace_version};

    #[test]
    fn the_version_is_that_of_the_workspace() {
        assert_eq!(workspace_version().unwrap(), env!("CARGO_PKG_VERSION"));
    }

    #[test]
    fn what_is_not_signed_says_so_in_its_name() {
        let mut release = Release::of_this_tree().unwrap();
        release.signed = false;
        assert_eq!(release.mark(), "-unsigned");
        release.signed = true;
        assert_eq!(release.mark(), "");
    }
}
