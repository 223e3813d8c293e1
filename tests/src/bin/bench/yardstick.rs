//! The program that Mooring is measured against, and that makes vaults: `crates/platform/examples/yardstick`.

use anyhow::{Context as _, Result};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::Command;
use tests::process::Process;
use tests::world::World;

/// Runs it to its end in a world; answers what it printed.
pub(crate) fn run(world: &World, arguments: &[&str]) -> Result<String> {
    let output = world.command(program()?).args(arguments).output()?;
    let errors = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "yardstick {arguments:?}: {errors}");
    Ok(String::from_utf8(output.stdout)?)
}

/// Starts it where it listens.
pub(crate) fn serve(arguments: &[&str]) -> Result<(Process, SocketAddr)> {
    let mut command = Command::new(program()?);
    command.args(arguments);
    let (process, address) = Process::start(command, |line| line.strip_prefix("listening ")?.parse().ok());
    Ok((process, address))
}

/// Built as Mooring is.
fn program() -> Result<PathBuf> {
    let path = tests::programs().join("examples/yardstick");
    path.is_file().then_some(path).context("the yardstick is not built; `cargo xtask bench` builds it")
}
