//! `cargo xtask gallery`: every screen and state as a picture, and a page that shows them.

use anyhow::{Context as _, Result};

use crate::build;
use crate::setup;
use crate::shell::{self, cargo, command, say};

/// Where the pictures go, below the workspace's root.
const PICTURES: &str = "target/gallery";

/// Builds the program that takes them, and runs it.
pub(crate) fn run(only: Option<&str>) -> Result<()> {
    setup::for_tests()?;
    shell::run(cargo().args(["build", "-p", "tests", "--bin", "gallery"]))?;
    let mut gallery = command(build::programs(false)?.join("gallery"));
    gallery.args(["--out", PICTURES]);
    if let Some(part) = only {
        gallery.args(["--only", part]);
    }
    shell::run(&mut gallery).context("the gallery is not whole")?;
    say(&format!("open {PICTURES}/index.html"));
    Ok(())
}
