//! The address on which the browser landed, brought by hand: for browsers on another computer, and where nothing else
//! comes back.
//!
//! Invariant: such an address carries a code, so it comes through standard input and is in no argument; nothing of it
//! is repeated.

use crate::exit::{self, Failure};
use crate::{ask, show};
use broker::wire::{Operation, Reply};
use std::io::{BufRead as _, IsTerminal as _, Read as _};

/// Longest line that is read. Addresses are a few hundred characters.
const LONGEST_LINE: u64 = 64 * 1024;

/// Reads one address and hands it in.
pub(crate) async fn run(json: bool) -> Result<(), Failure> {
    if std::io::stdin().is_terminal() {
        show::trouble("Paste the address of the page on which the browser ended.");
    }
    let line = read_line()?.ok_or_else(|| Failure::new(exit::DATA, "standard input holds no address"))?;
    match hand_in(line).await? {
        Reply::Attempt(attempt) if json => show::json(&attempt),
        Reply::Attempt(attempt) => {
            show::trouble(&format!("Taken. {} is asked for access now.", attempt.provider_name));
            Ok(())
        }
        _ => Err(ask::unexpected()),
    }
}

/// While an attempt waits: what is pasted into the terminal is handed in, as often as it is refused.
///
/// Where standard input is no terminal it is somebody else's, and nothing of it is read.
pub(crate) fn take_from_terminal() {
    if !std::io::stdin().is_terminal() {
        return;
    }
    show::trouble("If the browser ends on a page that does not open, paste its address here.");
    let tasks = tokio::runtime::Handle::current();
    // A thread of its own, which nobody waits for: a read from a terminal cannot be given up.
    std::thread::spawn(move || {
        while let Ok(Some(line)) = read_line() {
            if let Err(failure) = tasks.block_on(hand_in(line)) {
                show::trouble(&failure.text);
            }
        }
    });
}

async fn hand_in(address: String) -> Result<Reply, Failure> {
    ask::once(Operation::ConnectDeliver { address }).await
}

/// The next line with something in it; none at the end.
fn read_line() -> Result<Option<String>, Failure> {
    let mut line = String::new();
    loop {
        line.clear();
        let read = std::io::stdin().lock().take(LONGEST_LINE).read_line(&mut line);
        match read.map_err(|error| Failure::new(exit::IO, format!("standard input: {error}")))? {
            0 => return Ok(None),
            _ if line.trim().is_empty() => {}
            _ => return Ok(Some(line.trim().to_owned())),
        }
    }
}
