//! Packages of the other kinds, made by Tauri's bundler on the system that each is for.
//!
//! The programs are built here as for every package; the bundler only packs them. `packaging/bundler/tauri.json`
//! says what it packs, and `src-tauri/tauri.conf.json` what the app is.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use super::{Release, checksums, make_folder, write};
use crate::build;
use crate::setup;
use crate::shell::{ask, cargo, command, run, say};

/// What can be asked for.
pub(crate) const KINDS: &[&str] = &["appimage", "nsis", "msi", "dmg"];
/// How the files end that people download. The bundler makes others on the way.
const ENDINGS: &[&str] = &["AppImage", "exe", "msi", "dmg"];
/// What an update is made of besides: its signature, and on macOS the app alone.
const UPDATE_ENDINGS: &[&str] = &["sig", "gz"];
/// A Mac app for both processors.
const UNIVERSAL: &str = "universal-apple-darwin";
const MAC_TARGETS: [&str; 2] = ["aarch64-apple-darwin", "x86_64-apple-darwin"];
/// The bundler signs updates with the key in this variable.
const UPDATE_SECRET_VARIABLE: &str = "TAURI_SIGNING_PRIVATE_KEY";

/// The programs that go with the app. On Windows an app with windows has no console to write to, so that what
/// `mooring agent` does is a program of its own there.
const BESIDE: &[&str] = if cfg!(windows) { &["mooring", "mooring-agent"] } else { &["mooring"] };

/// Where the bundler looks for what it signs with.
const SECRET_VARIABLES: &[&str] = &[
    UPDATE_SECRET_VARIABLE,
    "TAURI_SIGNING_PRIVATE_KEY_PASSWORD",
    "APPLE_CERTIFICATE",
    "APPLE_CERTIFICATE_PASSWORD",
    "APPLE_SIGNING_IDENTITY",
    "APPLE_ID",
    "APPLE_PASSWORD",
    "APPLE_TEAM_ID",
];
/// Which certificate of the machine's store signs programs for Windows.
const THUMBPRINT_VARIABLE: &str = "MOORING_WINDOWS_THUMBPRINT";
/// Tells when something was signed, so that it holds when the certificate has ended.
const TIMESTAMPS: &str = "http://timestamp.digicert.com";

/// Makes bundles of `kinds`, and puts them into `out` with their checksums.
pub(super) fn make(release: &Release, kinds: &str, out: &Path, build: bool) -> Result<()> {
    setup::for_bundles()?;
    let universal = cfg!(target_os = "macos");
    if build {
        programs(universal)?;
    }
    let triple = if universal { UNIVERSAL.to_owned() } else { host()? };
    let folder = target_folder(universal)?;
    for name in BESIDE {
        put_beside(name, &folder, &triple, out)?;
    }
    let mut bundle = command("node");
    bundle.args(["packaging/bundler/node_modules/@tauri-apps/cli/tauri.js", "bundle", "--ci"]);
    bundle.args(["--bundles", &mac_app_too(kinds), "--config", "packaging/bundler/tauri.json"]);
    bundle.arg("--config").arg(beside().to_string());
    sign(&mut bundle, release);
    if universal {
        bundle.args(["--target", UNIVERSAL]);
    }
    run(&mut bundle)?;
    let made = collect(release, &folder.join("bundle"), out)?;
    if made.is_empty() {
        bail!("the bundler left nothing in {}", folder.join("bundle").display());
    }
    checksums(out, &made)
}

/// Tells the bundler what it signs with.
fn sign(bundle: &mut Command, release: &Release) {
    // A machine without a secret sets its variable to nothing, which the bundler would take for the secret.
    for name in SECRET_VARIABLES.iter().filter(|name| value(name).is_none()) {
        bundle.env_remove(name);
    }
    if !release.signed {
        // Processors of Apple's own run nothing without at least a seal that names nobody.
        bundle.env("APPLE_SIGNING_IDENTITY", "-");
        return;
    }
    if let Some(key) = value(build::UPDATE_KEY_VARIABLE).filter(|_| value(UPDATE_SECRET_VARIABLE).is_some()) {
        let config = serde_json::json!({
            "bundle": { "createUpdaterArtifacts": true }, "plugins": { "updater": { "pubkey": key } },
        });
        bundle.arg("--config").arg(config.to_string());
    }
    if let Some(thumbprint) = value(THUMBPRINT_VARIABLE) {
        let windows = serde_json::json!({
            "certificateThumbprint": thumbprint, "digestAlgorithm": "sha256", "timestampUrl": TIMESTAMPS,
        });
        bundle.arg("--config").arg(serde_json::json!({ "bundle": { "windows": windows } }).to_string());
    }
}

fn value(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}

/// An update of a Mac app replaces the app, which has to be made for that.
fn mac_app_too(kinds: &str) -> String {
    if kinds.split(',').any(|kind| kind == "dmg") { format!("app,{kinds}") } else { kinds.to_owned() }
}

fn programs(universal: bool) -> Result<()> {
    if !universal {
        return build::for_release(None);
    }
    for target in MAC_TARGETS {
        build::for_release(Some(target))?;
    }
    let above = build::programs(true)?.parent().context("the target folder has no name")?.to_owned();
    let to = target_folder(true)?;
    make_folder(&to)?;
    for name in super::stage::PROGRAMS {
        let mut join = command("lipo");
        join.args(["-create", "-output"]).arg(to.join(name));
        run(join.args(MAC_TARGETS.map(|target| above.join(target).join("release").join(name))))?;
    }
    Ok(())
}

fn target_folder(universal: bool) -> Result<PathBuf> {
    let release = build::programs(true)?;
    if !universal {
        return Ok(release);
    }
    let above = release.parent().context("the target folder has no name")?;
    Ok(above.join(UNIVERSAL).join("release"))
}

fn host() -> Result<String> {
    let printed = ask(cargo().arg("-vV")).context("`cargo -vV` failed")?;
    let host = printed.lines().find_map(|line| line.strip_prefix("host: "));
    host.map(str::to_owned).context("cargo names no host")
}

/// What the bundler is told of the programs that go with the app.
fn beside() -> serde_json::Value {
    let files: Vec<String> = BESIDE.iter().map(|name| format!("../target/dist/sidecar/{name}")).collect();
    serde_json::json!({ "bundle": { "externalBin": files } })
}

/// Puts a program where the bundler looks for it: under its name and that of the system.
fn put_beside(name: &str, programs: &Path, triple: &str, out: &Path) -> Result<()> {
    let ending = std::env::consts::EXE_SUFFIX;
    let from = programs.join(format!("{name}{ending}"));
    let to = out.join("sidecar").join(format!("{name}-{triple}{ending}"));
    let content = fs::read(&from).with_context(|| format!("{} was not built", from.display()))?;
    write(&to, content)?;
    let permissions = fs::metadata(&from).context("a program is gone")?.permissions();
    fs::set_permissions(&to, permissions).with_context(|| format!("{} cannot be marked", to.display()))
}

fn collect(release: &Release, bundles: &Path, out: &Path) -> Result<Vec<PathBuf>> {
    let mut made = Vec::new();
    for kind in fs::read_dir(bundles).with_context(|| format!("{} is missing", bundles.display()))? {
        let folder = kind.context("a folder cannot be read")?.path();
        if !folder.is_dir() {
            continue;
        }
        for file in fs::read_dir(&folder).with_context(|| format!("{} cannot be listed", folder.display()))? {
            let file = file.context("a folder cannot be read")?.path();
            let Some(name) = handed_out(&file, release.mark()) else { continue };
            let to = out.join(name);
            fs::copy(&file, &to).with_context(|| format!("{} cannot be copied", file.display()))?;
            say(&format!("dist: {}", to.display()));
            made.push(to);
        }
    }
    made.sort();
    Ok(made)
}

/// The name under which a file of the bundler is handed out, if it is.
fn handed_out(file: &Path, mark: &str) -> Option<String> {
    let name = file.file_name()?.to_str()?.replace(' ', "-");
    let (stem, ending) = name.rsplit_once('.')?;
    // An update is only made of what is signed, so its parts never carry the mark.
    if UPDATE_ENDINGS.contains(&ending) {
        return Some(name);
    }
    (file.is_file() && ENDINGS.contains(&ending)).then(|| format!("{stem}{mark}.{ending}"))
}

#[cfg(test)]
mod tests {
    use super::{handed_out, mac_app_too};

    #[test]
    fn only_what_people_download_is_handed_out_and_says_whether_it_is_signed() {
        let folder = std::env::temp_dir().join(format!("mooring-bundles-{}", std::process::id()));
        std::fs::create_dir_all(folder.join("Mooring.app")).unwrap();
        for name in ["Mooring_0.1.0_x64-setup.exe", "Mooring_0.1.0_amd64.AppImage.sig", "build.log"] {
            std::fs::write(folder.join(name), "").unwrap();
        }
        let named = |name: &str, mark: &str| handed_out(&folder.join(name), mark);
        assert_eq!(
            named("Mooring_0.1.0_x64-setup.exe", "-unsigned").as_deref(),
            Some("Mooring_0.1.0_x64-setup-unsigned.exe")
        );
        assert_eq!(
            named("Mooring_0.1.0_amd64.AppImage.sig", "").as_deref(),
            Some("Mooring_0.1.0_amd64.AppImage.sig")
        );
        assert_eq!(named("build.log", ""), None);
        assert_eq!(named("Mooring.app", ""), None, "a folder");
        std::fs::remove_dir_all(&folder).unwrap();
    }

    #[test]
    fn a_mac_image_is_made_from_an_app_that_stays() {
        assert_eq!(mac_app_too("dmg"), "app,dmg");
        assert_eq!(mac_app_too("nsis,msi"), "nsis,msi");
    }
}
