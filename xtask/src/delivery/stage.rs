//! The tree that a Linux package unpacks: both programs and all that a desktop knows about them.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use anyhow::{Context as _, Result, bail};

use super::{Release, empty_folder, make_folder, third_party, write};
use crate::build;
use crate::shell::{command, run};

/// Name of the app wherever a desktop looks for it.
pub(super) const APP_ID: &str = "app.mooring.desktop";
/// The programs, as they are called.
pub(super) const PROGRAMS: &[&str] = &["mooring-desktop", "mooring"];
/// Sizes of the icon's pictures, in pixels.
const ICON_SIZES: &[u32] = &[16, 24, 32, 48, 64, 128, 256];
/// Shells with their places for completions, below `usr/share`.
const COMPLETIONS: &[(&str, &str)] = &[
    ("bash", "bash-completion/completions/mooring"),
    ("zsh", "zsh/vendor-completions/_mooring"),
    ("fish", "fish/vendor_completions.d/mooring.fish"),
];

/// Makes the tree anew in `folder`.
pub(super) fn stage(release: &Release, folder: &Path) -> Result<PathBuf> {
    empty_folder(folder)?;
    let share = folder.join("usr/share");
    programs(&folder.join("usr/bin"))?;
    desktop(release, &share)?;
    icons(&share.join("icons/hicolor"))?;
    manuals(&share.join("man/man1"), &folder.join("usr/bin/mooring"))?;
    completions(&share, &folder.join("usr/bin/mooring"))?;
    documents(release, &share.join("doc/mooring"))?;
    modes(folder)?;
    Ok(folder.to_owned())
}

fn programs(to: &Path) -> Result<()> {
    let built = build::programs(true)?;
    make_folder(to)?;
    for name in PROGRAMS {
        // With its mode: it is asked for its manual below.
        fs::copy(built.join(name), to.join(name)).with_context(|| format!("{name} was not built"))?;
    }
    Ok(())
}

fn desktop(release: &Release, share: &Path) -> Result<()> {
    let entry = format!("{APP_ID}.desktop");
    copy(&packaging(&entry), &share.join("applications").join(&entry))?;
    let name = format!("{APP_ID}.metainfo.xml");
    let template = read(&packaging(&name))?;
    let filled = template.replace("@VERSION@", &release.version).replace("@DATE@", &release.date);
    write(&share.join("metainfo").join(name), filled)
}

fn icons(hicolor: &Path) -> Result<()> {
    let from = xtask::workspace_root().join("src-tauri/icons");
    for size in ICON_SIZES {
        let size = format!("{size}x{size}");
        copy(
            &from.join(format!("{size}.png")),
            &hicolor.join(size).join("apps").join(format!("{APP_ID}.png")),
        )?;
    }
    copy(&from.join("icon.svg"), &hicolor.join("scalable/apps").join(format!("{APP_ID}.svg")))?;
    copy(&from.join("symbolic.svg"), &hicolor.join("symbolic/apps").join(format!("{APP_ID}-symbolic.svg")))
}

fn manuals(to: &Path, mooring: &Path) -> Result<()> {
    zipped(&to.join("mooring-desktop.1.gz"), read(&packaging("mooring-desktop.1"))?.as_bytes())?;
    zipped(&to.join("mooring.1.gz"), &printed(mooring, &["man"])?)
}

fn completions(share: &Path, mooring: &Path) -> Result<()> {
    for (shell, place) in COMPLETIONS {
        write(&share.join(place), printed(mooring, &["completions", shell])?)?;
    }
    Ok(())
}

fn documents(release: &Release, to: &Path) -> Result<()> {
    let root = xtask::workspace_root();
    copy(&packaging("copyright"), &to.join("copyright"))?;
    zipped(&to.join("changelog.gz"), read(&root.join("CHANGELOG.md"))?.as_bytes())?;
    zipped(&to.join("changelog.Debian.gz"), debian_changelog(release)?.as_bytes())?;
    zipped(&to.join("third-party.gz"), third_party::licenses()?.as_bytes())
}

/// What the Debian package says of its own changes: one entry for each version, pointing to what people read.
fn debian_changelog(release: &Release) -> Result<String> {
    let at = format!("@{}", release.epoch);
    let day = crate::shell::ask(command("date").args(["-u", "-R", "-d", &at])).context("`date` failed")?;
    let Release { version, maintainer, .. } = release;
    Ok(format!(
        "mooring ({version}-1) stable; urgency=medium\n\n  * Version {version}; see changelog.gz.\n\n -- {maintainer}  {day}\n"
    ))
}

/// What a program of ours prints.
fn printed(program: &Path, arguments: &[&str]) -> Result<Vec<u8>> {
    let shown = format!("{} {}", program.display(), arguments.join(" "));
    let output = command(program).args(arguments).stdin(Stdio::null()).output();
    let output = output.with_context(|| format!("`{shown}` could not be started"))?;
    if !output.status.success() || output.stdout.is_empty() {
        bail!("`{shown}` printed nothing ({}): {}", output.status, String::from_utf8_lossy(&output.stderr));
    }
    Ok(output.stdout)
}

/// Compressed without a name and a time, so that it comes out the same each time.
fn zipped(file: &Path, content: &[u8]) -> Result<()> {
    let plain = file.with_extension("");
    write(&plain, content)?;
    run(command("gzip").args(["--no-name", "--best", "--force"]).arg(&plain))
}

/// As every package has them: folders and programs for all to enter, the rest for all to read.
fn modes(folder: &Path) -> Result<()> {
    run(command("chmod").args(["-R", "u=rwX,go=rX"]).arg(folder))?;
    run(command("chmod").arg("755").args(PROGRAMS.iter().map(|name| folder.join("usr/bin").join(name))))
}

fn packaging(name: &str) -> PathBuf {
    xtask::workspace_root().join("packaging/linux").join(name)
}

fn read(file: &Path) -> Result<String> {
    fs::read_to_string(file).with_context(|| format!("{} cannot be read", file.display()))
}

fn copy(from: &Path, to: &Path) -> Result<()> {
    let content = fs::read(from).with_context(|| format!("{} cannot be read", from.display()))?;
    write(to, content)
}

#[cfg(test)]
mod tests {
    use super::{ICON_SIZES, packaging, read};
    use std::fs;

    /// Width and height, from where a PNG file begins.
    fn measures(file: &std::path::Path) -> (u32, u32) {
        let bytes = fs::read(file).unwrap();
        let number = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        (number(16), number(20))
    }

    #[test]
    fn icons_have_the_size_that_their_name_says() {
        let icons = xtask::workspace_root().join("src-tauri/icons");
        for &size in ICON_SIZES {
            assert_eq!(measures(&icons.join(format!("{size}x{size}.png"))), (size, size));
        }
        assert_eq!(measures(&icons.join("icon.png")), (512, 512));
    }

    #[test]
    fn the_desktop_opens_our_links_with_the_app() {
        let entry = read(&packaging("app.mooring.desktop.desktop")).unwrap();
        assert!(entry.contains("\nExec=mooring-desktop %u\n"));
        assert!(entry.contains("\nMimeType=x-scheme-handler/mooring;\n"));
    }
}
