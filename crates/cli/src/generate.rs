//! Texts made from the command line's own definition: the manual page, and what shells complete with.

use crate::arguments::Arguments;
use crate::exit::{self, Failure};
use clap::CommandFactory as _;
use std::io::Write as _;

/// Prints the manual page, all commands in one.
pub(crate) fn manual() -> Result<(), Failure> {
    let mut page = Vec::new();
    write_manual(&mut page).map_err(|error| Failure::new(exit::IO, format!("standard output: {error}")))?;
    put(&page)
}

/// Prints a shell's completions.
pub(crate) fn completions(shell: clap_complete::Shell) -> Result<(), Failure> {
    let mut text = Vec::new();
    clap_complete::generate(shell, &mut Arguments::command(), "mooring", &mut text);
    put(&text)
}

fn write_manual(page: &mut Vec<u8>) -> std::io::Result<()> {
    let mut command = Arguments::command();
    command.build();
    let manual = clap_mangen::Man::new(command.clone()).section("1").manual("User Commands");
    manual.render_title(page)?;
    manual.render_name_section(page)?;
    manual.render_synopsis_section(page)?;
    manual.render_description_section(page)?;
    manual.render_options_section(page)?;
    page.extend(b".SH COMMANDS\n");
    list(&command, page)?;
    page.extend(
        b".SH EXIT STATUS\nThe codes of sysexits.h. 69 means that neither the app nor an agent runs.\n",
    );
    page.extend(b".SH SEE ALSO\n.BR mooring\\-desktop (1)\n");
    Ok(())
}

/// Each command that does something, with its usage.
fn list(command: &clap::Command, page: &mut Vec<u8>) -> std::io::Result<()> {
    for one in command.get_subcommands().filter(|one| !one.is_hide_set() && one.get_name() != "help") {
        if one.has_subcommands() {
            list(one, page)?;
            continue;
        }
        let usage = one.clone().render_usage().to_string();
        let about = one.get_about().map(ToString::to_string).unwrap_or_default();
        writeln!(page, ".TP\n.B {}\n{}", plain(usage.trim_start_matches("Usage: ")), plain(&about))?;
        let own = |argument: &&clap::Arg| !argument.is_positional() && !argument.is_global_set();
        for option in one.get_arguments().filter(own).filter(|one| one.get_long() != Some("help")) {
            let help = option.get_help().map(ToString::to_string).unwrap_or_default();
            writeln!(page, ".RS\n.TP\n.B {}\n{}\n.RE", plain(&option.to_string()), plain(&help))?;
        }
    }
    Ok(())
}

/// Words as roff takes them: no dash that it would break at, and no line that it would take for a request.
fn plain(text: &str) -> String {
    let text = text.trim().replace('\\', "\\e").replace('-', "\\-").replace('\n', " ");
    if text.starts_with(['.', '\'']) { format!("\\&{text}") } else { text }
}

/// A reader that went away is no failure.
fn put(text: &[u8]) -> Result<(), Failure> {
    match std::io::stdout().lock().write_all(text) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => {
            Err(Failure::new(exit::IO, format!("standard output: {error}")))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::write_manual;

    #[test]
    fn the_manual_names_commands_with_their_usage() {
        let mut page = Vec::new();
        write_manual(&mut page).unwrap();
        let page = String::from_utf8(page).unwrap();
        for expected in
            [".TH mooring 1", ".B mooring connection disconnect", "\\-\\-min\\-ttl", ".SH EXIT STATUS"]
        {
            assert!(page.contains(expected), "{expected} is missing in:\n{page}");
        }
    }
}
