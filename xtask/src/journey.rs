//! `cargo xtask run`: opens the app, or plays its main journey into pictures where there is no display.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result, bail};

use crate::build;
use crate::setup;
use crate::shell::{self, command, say};

/// Where the pictures go, below the workspace's root.
const PICTURES: &str = "target/journey";

/// Builds and opens the app.
fn open() -> Result<()> {
    setup::for_app()?;
    build::interface()?;
    let program = build::app(build::APP_FEATURES, false)?;
    say("opening Mooring");
    shell::run(&mut command(program))
}

/// Opens the app where there is a display; plays the journey where there is none.
pub(crate) fn run() -> Result<()> {
    if has_display(cfg!(target_os = "linux"), |name| {
        std::env::var_os(name).is_some_and(|value| !value.is_empty())
    }) {
        return open();
    }
    say("no display: playing the main journey into pictures instead of opening the window");
    play()
}

/// Only Linux can be without a display; there it is named by one of two variables.
fn has_display(linux: bool, is_set: impl Fn(&str) -> bool) -> bool {
    !linux || is_set("DISPLAY") || is_set("WAYLAND_DISPLAY")
}

fn play() -> Result<()> {
    setup::for_tests()?;
    build::interface()?;
    build::programs_for_tests()?;
    let programs = build::programs(false)?;
    let pictures = xtask::workspace_root().join(PICTURES);
    // Pictures of an earlier journey would pass for new ones.
    remove_pictures(&pictures)?;
    // Built with all others just now; `cargo run -p tests --bin journey` would choose other features and build anew.
    let mut journey = command(programs.join("journey"));
    journey.args(["--out", PICTURES, "--app"]).arg(programs.join("mooring-desktop"));
    journey.env(build::PROGRAMS_VARIABLE, &programs);
    shell::run(&mut journey).context("the journey ended early")?;
    let count = numbered(&pictures)?.len();
    if count == 0 {
        bail!("the journey left no picture in {PICTURES}");
    }
    say(&format!("the journey's {count} pictures lie in {PICTURES}"));
    Ok(())
}

fn remove_pictures(folder: &Path) -> Result<()> {
    fs::create_dir_all(folder).with_context(|| format!("{} cannot be made", folder.display()))?;
    for picture in numbered(folder)? {
        fs::remove_file(&picture).with_context(|| format!("{} cannot be removed", picture.display()))?;
    }
    Ok(())
}

/// Pictures in `folder` whose names begin with a number.
fn numbered(folder: &Path) -> Result<Vec<std::path::PathBuf>> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))?;
    let files = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    Ok(files.filter(|file| is_numbered(file)).collect())
}

fn is_numbered(file: &Path) -> bool {
    let name = file.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    name.starts_with(|letter: char| letter.is_ascii_digit())
        && file.extension().is_some_and(|ending| ending == "png")
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::{has_display, is_numbered};

    #[test]
    fn either_variable_names_a_display() {
        assert!(has_display(true, |name| name == "DISPLAY"));
        assert!(has_display(true, |name| name == "WAYLAND_DISPLAY"));
        assert!(!has_display(true, |_| false));
        assert!(has_display(false, |_| false), "other systems always have one");
    }

    #[test]
    fn only_numbered_pictures_are_the_journeys() {
        assert!(is_numbered(Path::new("target/journey/01-first-run.png")));
        assert!(!is_numbered(Path::new("target/journey/notes.png")));
        assert!(!is_numbered(Path::new("target/journey/01-first-run.txt")));
    }
}
