//! `cargo xtask bench`: measures a release build as it is handed out.

use anyhow::{Context as _, Result};

use crate::build::{self, PROGRAMS_VARIABLE};
use crate::setup;
use crate::shell::{cargo, run};

/// Builds the app for release and hands its path, and `rest`, to the measuring program.
pub(crate) fn run_with(rest: &[String]) -> Result<()> {
    setup::for_tests()?;
    build::interface()?;
    let app = build::app(build::APP_FEATURES, true)?;
    let mut bench = cargo();
    bench.args(["run", "--release", "--quiet", "-p", "tests", "--bin", "bench", "--"]);
    bench.arg("--app").arg(app).args(rest).env(PROGRAMS_VARIABLE, build::programs(true)?);
    run(&mut bench).context("the measurement ended early")
}
