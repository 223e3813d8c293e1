//! Starting other programs, and talking to whoever reads.

use std::ffi::OsStr;
use std::fmt;
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, bail};

/// Something that is needed cannot be had on this machine; the text says what a person can do.
#[derive(Debug)]
pub(crate) struct Unavailable(pub String);

impl fmt::Display for Unavailable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl std::error::Error for Unavailable {}

/// Prints a line to standard output. A reader that went away is no failure.
pub(crate) fn say(line: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{line}");
}

/// Prints a line to standard error.
pub(crate) fn warn(line: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{line}");
}

/// A command in the workspace's root that knows nothing of the `cargo run` that started this program.
///
/// Cargo describes the running package in the environment. A build script that watches these variables would be run
/// again each time it is reached through here, and with it everything above its crate.
pub(crate) fn command(program: impl AsRef<OsStr>) -> Command {
    let mut command = Command::new(program);
    command.current_dir(xtask::workspace_root());
    for (name, _) in std::env::vars_os() {
        let described = name.to_str().is_some_and(|name| {
            name.starts_with("CARGO_PKG_")
                || ["CARGO_MANIFEST_DIR", "CARGO_MANIFEST_PATH", "CARGO_CRATE_NAME", "CARGO_BIN_NAME"]
                    .contains(&name)
        });
        if described {
            command.env_remove(name);
        }
    }
    if std::env::var_os("CI").is_some() {
        command.stdin(Stdio::null());
    }
    command
}

/// `cargo`, the same that started this program.
pub(crate) fn cargo() -> Command {
    command(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// `npm` in the folder `below` of the workspace.
pub(crate) fn npm(below: &str) -> Command {
    let mut npm = command(if cfg!(windows) { "npm.cmd" } else { "npm" });
    npm.current_dir(xtask::workspace_root().join(below));
    npm
}

/// Runs `command` with its output going where this program's goes.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = shown(command);
    warn(&format!("$ {line}"));
    let status = command.status().with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Runs `command`, shows its standard output and gives each line of it to `read` too.
///
/// The result says whether it succeeded; an error means that it did not run to its end.
pub(crate) fn run_reading(command: &mut Command, mut read: impl FnMut(&str)) -> Result<bool> {
    let line = shown(command);
    warn(&format!("$ {line}"));
    let mut child =
        command.stdout(Stdio::piped()).spawn().with_context(|| format!("`{line}` could not be started"))?;
    if let Some(output) = child.stdout.take() {
        let mut output = BufReader::new(output);
        let mut bytes = Vec::new();
        // Bytes rather than text: a test may print anything.
        while output.read_until(b'\n', &mut bytes).with_context(|| format!("`{line}` could not be read"))? > 0
        {
            let text = String::from_utf8_lossy(&bytes);
            let text = text.trim_end_matches(['\n', '\r']);
            say(text);
            read(text);
            bytes.clear();
        }
    }
    Ok(child.wait().with_context(|| format!("`{line}` could not be waited for"))?.success())
}

/// Standard output of `command`, or nothing when it cannot be started or fails. Shows nothing.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Whether a program of this name stands in a folder of `PATH`.
pub(crate) fn is_on_path(program: &str) -> bool {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(program).is_file())
}

fn shown(command: &Command) -> String {
    let program = command.get_program().to_string_lossy();
    let name = program.rsplit(['/', '\\']).next().unwrap_or_default().to_owned();
    let arguments = command.get_args().map(|argument| argument.to_string_lossy().into_owned());
    std::iter::once(name).chain(arguments).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::{ask, command, run_reading, shown};

    #[test]
    fn a_command_is_shown_without_its_folder() {
        let mut one = command("/usr/bin/cargo");
        one.args(["build", "-p", "cli"]);
        assert_eq!(shown(&one), "cargo build -p cli");
    }

    #[test]
    fn children_do_not_inherit_the_description_of_this_package() {
        // Cargo sets both for this test; a child must be told to forget them.
        let one = command("env");
        let forgotten = |name: &str| one.get_envs().any(|(key, value)| key == name && value.is_none());
        assert!(forgotten("CARGO_MANIFEST_DIR"));
        assert!(forgotten("CARGO_PKG_NAME"));
        assert!(!forgotten("PATH"));
    }

    #[test]
    #[cfg(unix)]
    fn output_is_read_line_by_line_and_failure_is_told() {
        let mut lines = Vec::new();
        let succeeded = run_reading(command("sh").args(["-c", "printf 'a\\nb'; exit 3"]), |line| {
            lines.push(line.to_owned());
        });
        assert!(!succeeded.unwrap());
        assert_eq!(lines, ["a", "b"]);
    }

    #[test]
    fn a_program_that_does_not_exist_answers_nothing() {
        assert_eq!(ask(&mut command("a-program-that-does-not-exist")), None);
    }
}
