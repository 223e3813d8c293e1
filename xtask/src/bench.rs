//! `cargo xtask bench`: what a person or a program waits for, as released, against the least that it could take, built in
//! the same run.
//!
//! No part of `cargo xtask test`: what it says depends on what else the machine does.

use anyhow::{Context as _, Result};

use crate::build;
use crate::setup;
use crate::shell::{self, command, say};

/// Where the results go, below the workspace's root.
const RESULTS: &str = "target/bench";

/// Parts that can be measured by themselves.
pub(crate) const PARTS: [&str; 5] = ["start", "scroll", "approve", "broker", "vault"];
/// Those that show a window.
const WITH_WINDOW: [&str; 3] = ["start", "scroll", "approve"];

/// What is to be measured.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Wanted {
    /// Starts of each program, when their number is given.
    pub(crate) rounds: Option<u32>,
    /// Of [`PARTS`]; all when none is named.
    pub(crate) only: Vec<String>,
}

/// Builds the programs and the one that measures them, and prints its table. Fails when a goal was missed.
pub(crate) fn run(wanted: &Wanted) -> Result<()> {
    setup::for_tests()?;
    let shows_window = |part: &String| WITH_WINDOW.contains(&part.as_str());
    let with_window = wanted.only.is_empty() || wanted.only.iter().any(shows_window);
    if with_window {
        build::interface()?;
    }
    build::for_bench(with_window)?;
    build::programs_for_tests()?;
    let released = build::programs(true)?;
    // What measures is not measured, so it comes from among the tests' programs, which are likely to be there.
    let mut bench = command(build::programs(false)?.join("bench"));
    bench.env(build::PROGRAMS_VARIABLE, &released);
    bench.args(["--out", RESULTS, "--app"]).arg(released.join("mooring-desktop"));
    bench.arg("--empty").arg(released.join("examples/empty_window"));
    if let Some(rounds) = wanted.rounds {
        bench.args(["--rounds", &rounds.to_string()]);
    }
    if !wanted.only.is_empty() {
        bench.args(["--only", &wanted.only.join(",")]);
    }
    let measured = shell::run(&mut bench).context("the bench ended early, or a goal was missed");
    say(&format!("the results, and the pictures that were waited for, lie in {RESULTS}"));
    measured
}
