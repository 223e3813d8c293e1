//! The program `mooring-agent`, for machines without a desktop: the app has the same inside.

use std::process::ExitCode;

fn main() -> ExitCode {
    agent::main()
}
