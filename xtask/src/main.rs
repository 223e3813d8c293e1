//! `cargo xtask`: everything that a developer or a machine does with this tree, in one program.
//!
//! It starts other programs and reads what they say. It starts nothing that outlives it, and changes nothing outside
//! the tree except by installing Debian packages in `setup`, which says so. Exit codes follow sysexits.h: 64 for a
//! wrong command line, 69 where something needed cannot be had here, 1 for anything that failed.

mod arguments;
mod bench;
mod build;
mod counts;
mod delivery;
mod gallery;
mod journey;
mod packages;
mod setup;
mod shell;
mod steps;
mod tools;

use std::process::ExitCode;

use arguments::Command;
use shell::{Unavailable, say, warn};

fn main() -> ExitCode {
    let command = match arguments::parse(std::env::args().skip(1)) {
        Ok(command) => command,
        Err(problem) => {
            warn(&format!("{problem}\n\n{}", arguments::USAGE));
            return ExitCode::from(64);
        }
    };
    match run(&command) {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            warn(&format!("error: {error:#}"));
            ExitCode::from(if error.is::<Unavailable>() { 69 } else { 1 })
        }
    }
}

/// False where a check found something, which was printed.
fn run(command: &Command) -> anyhow::Result<bool> {
    match command {
        Command::Help => say(arguments::USAGE),
        Command::Setup => setup::for_tests()?,
        Command::Test(wanted) => return steps::test(wanted),
        Command::Run => journey::run()?,
        Command::Gallery(only) => gallery::run(only.as_deref())?,
        Command::Bench(wanted) => bench::run(wanted)?,
        Command::Codegen => build::write_types()?,
        Command::Dist(wanted) => return delivery::run(wanted),
        Command::DistProbe { root, picture } => delivery::probe(root, picture)?,
        Command::Tidy => return steps::print_tidy(),
    }
    Ok(true)
}
