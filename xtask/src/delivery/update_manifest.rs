//! What the app reads when it is asked whether there is a newer version: Tauri's static update manifest.
//!
//! Source: <https://v2.tauri.app/plugin/updater/#static-json-file>, read 2026-11-28. A key names a system and a
//! processor, and for those who installed in a certain way also that way; the app takes the longest key that fits it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};
use serde_json::{Value, json};

use super::{Release, write};
use crate::shell::say;

/// Under which name the app asks for it.
const NAME: &str = "latest.json";

/// How a signed file of an update ends, and the keys that it serves.
const KINDS: &[(&str, &[&str])] = &[
    (".AppImage", &["linux-x86_64", "linux-x86_64-appimage"]),
    ("-setup.exe", &["windows-x86_64", "windows-x86_64-nsis"]),
    (".msi", &["windows-x86_64-msi"]),
    (".app.tar.gz", &["darwin-aarch64", "darwin-aarch64-app", "darwin-x86_64", "darwin-x86_64-app"]),
];

/// Writes the manifest of all signed updates in `folder`, which will be found below `address`. Writes none, and says
/// so, where nothing is signed.
pub(super) fn make(release: &Release, folder: &Path, address: &str) -> Result<()> {
    if !address.starts_with("https://") {
        bail!("an update is fetched over https, and {address} is not");
    }
    let mut signatures = BTreeMap::new();
    for file in fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))? {
        let file = file.context("a folder cannot be read")?.path();
        let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default().to_owned();
        let Some(signed) = name.strip_suffix(".sig") else { continue };
        let signature = fs::read_to_string(&file).with_context(|| format!("{name} cannot be read"))?;
        if !folder.join(signed).is_file() {
            bail!("{name} signs {signed}, which is missing");
        }
        signatures.insert(signed.to_owned(), signature.trim().to_owned());
    }
    let Some(manifest) = manifest(release, &signatures, address)? else {
        say("dist: no update is signed, so there is no manifest of updates");
        return Ok(());
    };
    let to = folder.join(NAME);
    write(&to, format!("{manifest:#}\n"))?;
    say(&format!("dist: {}", to.display()));
    Ok(())
}

/// The manifest, from file names and their signatures; none for none.
fn manifest(
    release: &Release,
    signatures: &BTreeMap<String, String>,
    address: &str,
) -> Result<Option<Value>> {
    let mut platforms = serde_json::Map::new();
    for (file, signature) in signatures {
        let Some((_, keys)) = KINDS.iter().find(|(ending, _)| file.ends_with(ending)) else {
            bail!("nobody knows for which system {file} is");
        };
        let url = format!("{}/{file}", address.trim_end_matches('/'));
        for key in *keys {
            let before = platforms.insert((*key).to_owned(), json!({ "signature": signature, "url": url }));
            if before.is_some() {
                bail!("there are two updates for {key}, {file} among them");
            }
        }
    }
    if platforms.is_empty() {
        return Ok(None);
    }
    Ok(Some(json!({
        "version": release.version,
        "pub_date": format!("{}T00:00:00Z", release.date),
        "platforms": platforms,
    })))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::{Release, manifest};

    fn release() -> Release {
        Release {
            version: "1.2.3".to_owned(),
            date: "2026-11-28".to_owned(),
            epoch: "0".to_owned(),
            maintainer: String::new(),
            signed: true,
        }
    }

    fn signed(files: &[&str]) -> BTreeMap<String, String> {
        files.iter().map(|file| ((*file).to_owned(), format!("signature of {file}"))).collect()
    }

    const ADDRESS: &str = "https://updates.example/v1.2.3/";

    #[test]
    fn each_system_finds_its_file_and_the_signature_of_it() {
        let files = [
            "Mooring.app.tar.gz",
            "Mooring_1.2.3_amd64.AppImage",
            "Mooring_1.2.3_x64-setup.exe",
            "Mooring_1.2.3_x64_en-US.msi",
        ];
        let manifest = manifest(&release(), &signed(&files), ADDRESS).unwrap().unwrap();
        assert_eq!(manifest["version"], "1.2.3");
        assert_eq!(manifest["pub_date"], "2026-11-28T00:00:00Z");
        for (key, file) in [
            ("linux-x86_64", files[1]),
            ("windows-x86_64", files[2]),
            ("windows-x86_64-msi", files[3]),
            ("darwin-aarch64", files[0]),
            ("darwin-x86_64", files[0]),
        ] {
            let platform = &manifest["platforms"][key];
            assert_eq!(platform["url"], format!("https://updates.example/v1.2.3/{file}"), "{key}");
            assert_eq!(platform["signature"], format!("signature of {file}"), "{key}");
        }
    }

    #[test]
    fn what_nobody_can_place_is_refused_and_nothing_signed_is_no_manifest() {
        assert!(manifest(&release(), &signed(&["Mooring.zip"]), ADDRESS).is_err());
        assert!(manifest(&release(), &signed(&["a.AppImage", "b.AppImage"]), ADDRESS).is_err());
        assert!(manifest(&release(), &signed(&[]), ADDRESS).unwrap().is_none());
    }
}
