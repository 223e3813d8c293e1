//! The core without a window: what `mooring agent`, `mooring backup` and `mooring restore` do.
//!
//! `mooring` hands these over to the program that has the core: `mooring-agent`, or the app itself, which then opens no
//! window and asks for no display.

mod safekeeping;
mod serve;

use broker::wire::Refusal;
use cli::exit::{self, Failure};
use cli::owner::{ORDER, Order, OwnerCommand};
use connections::error::CoreError;
use secret::SecretString;
use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

/// Whether a program was started to carry out an order, and not to open a window.
pub fn is_asked(arguments: impl IntoIterator<Item = OsString>) -> bool {
    arguments.into_iter().nth(1).is_some_and(|first| first == ORDER)
}

/// Carries out the order in the arguments of this process.
pub fn main() -> ExitCode {
    cli::end(order(std::env::args_os()).and_then(|order| cli::in_threads(perform(order))))
}

fn order(arguments: impl IntoIterator<Item = OsString>) -> Result<Order, Failure> {
    let mut words = arguments.into_iter().skip(1);
    let order = match (words.next(), words.next(), words.next()) {
        (Some(first), Some(order), None) if first == ORDER => order.into_string().ok(),
        _ => None,
    };
    let order = order.and_then(|order| serde_json::from_str(&order).ok());
    order.ok_or_else(|| Failure::new(exit::USAGE, "this program is started by: mooring agent"))
}

async fn perform(Order { command, json }: Order) -> Result<(), Failure> {
    match command {
        OwnerCommand::Agent(options) => serve::run(options).await,
        OwnerCommand::Backup(options) => safekeeping::back_up(options, json).await,
        OwnerCommand::Restore(options) => safekeeping::restore(options, json).await,
    }
}

/// The first line of the file.
fn first_line(file: &Path) -> Result<SecretString, Failure> {
    let text = std::fs::read_to_string(file)
        .map_err(|error| Failure::new(exit::IO, format!("{}: {}", file.display(), error.kind())))?;
    let text = SecretString::from(text);
    // EXPOSE: cut at the end of its first line.
    let first = text.expose().lines().next().unwrap_or_default();
    Ok(SecretString::from(first))
}

fn failure(error: CoreError) -> Failure {
    Failure::from(Refusal { code: error.code, params: error.params, detail: error.detail })
}

#[cfg(test)]
mod tests {
    use super::{is_asked, order};
    use cli::exit;
    use cli::owner::{ORDER, OwnerCommand};
    use std::ffi::OsString;

    fn words(line: &[&str]) -> Vec<OsString> {
        line.iter().map(Into::into).collect()
    }

    #[test]
    fn an_order_stands_first_and_everything_else_is_the_windows() {
        assert!(is_asked(words(&["mooring-desktop", ORDER, "{}"])));
        for line in [&["mooring-desktop"][..], &["mooring-desktop", "mooring://oauth/callback", ORDER], &[]] {
            assert!(!is_asked(words(line)), "{line:?}");
        }
    }

    #[test]
    fn what_is_no_order_is_refused() {
        let strict = r#"{"agent":{"sandbox":false,"allow_origin":[],"strict":true},"json":true}"#;
        let read = order(words(&["mooring-agent", ORDER, strict])).unwrap();
        assert!(read.json && matches!(read.command, OwnerCommand::Agent(options) if options.strict));
        let lines: [&[&str]; 5] = [
            &["mooring-agent"],
            &["mooring-agent", "agent"],
            &["mooring-agent", ORDER],
            &["mooring-agent", ORDER, "{}"],
            &["mooring-agent", ORDER, strict, "more"],
        ];
        for line in lines {
            assert_eq!(order(words(line)).err().unwrap().code, exit::USAGE, "{line:?}");
        }
    }
}
