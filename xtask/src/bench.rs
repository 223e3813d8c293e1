//! `cargo xtask bench`: start-up and memory of the released app, against an empty window built in the same run.
//!
//! No part of `cargo xtask test`: what it says depends on what else the machine does.

use anyhow::{Context as _, Result};

use crate::build;
use crate::setup;
use crate::shell::{self, command, say};

/// Where the results go, below the workspace's root.
const RESULTS: &str = "target/bench";

/// Builds both programs and the one that measures them, and prints its table.
pub(crate) fn run(rounds: Option<u32>) -> Result<()> {
    setup::for_tests()?;
    build::interface()?;
    build::for_bench()?;
    build::programs_for_tests()?;
    let released = build::programs(true)?;
    // What measures is not measured, so it comes from among the tests' programs, which are likely to be there.
    let mut bench = command(build::programs(false)?.join("bench"));
    bench.env(build::PROGRAMS_VARIABLE, &released);
    bench.args(["--out", RESULTS, "--app"]).arg(released.join("mooring-desktop"));
    bench.arg("--empty").arg(released.join("examples/empty_window"));
    if let Some(rounds) = rounds {
        bench.args(["--rounds", &rounds.to_string()]);
    }
    shell::run(&mut bench).context("the bench ended early")?;
    say(&format!("the results, and the pictures that were waited for, lie in {RESULTS}"));
    Ok(())
}
