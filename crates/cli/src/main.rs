//! The program `mooring`.

use std::process::ExitCode;

fn main() -> ExitCode {
    cli::main()
}
