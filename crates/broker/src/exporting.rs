//! Accounts and transactions as a file, sent in parts: a year of a busy account is longer than a line may be.

use crate::wire::{Answer, Body, ExportAsk, Exported, Progress};
use connections::Connections;
use connections::error::CoreError;
use connections::ledger::Search;
use export::Export;
use tokio::sync::mpsc;

/// Bytes in a part. JSON may write each of them as six, and a line is at most 256 KiB long.
const PART: usize = 32 * 1024;

/// Makes the file and sends it. A program that does not read is waited for, and one that is gone is not.
pub(crate) async fn answer(
    core: &Connections,
    id: u64,
    ask: ExportAsk,
    out: &mpsc::Sender<Answer>,
) -> Result<Exported, CoreError> {
    let search = Search { connection: ask.connection, account: ask.account, ..Search::default() };
    let statements = core.statements(&search).await?;
    let written = ask.format.write(&Export::of(core.present(), (ask.from, ask.to), statements));
    for part in parts(&written.text) {
        let part = Body::Event(Progress::Part(part.to_owned()));
        if out.send(Answer { id, body: part }).await.is_err() {
            break;
        }
    }
    Ok(Exported {
        accounts: written.accounts,
        transactions: written.transactions,
        left_out: written.left_out,
    })
}

/// The text in pieces that end between characters.
fn parts(mut text: &str) -> impl Iterator<Item = &str> {
    std::iter::from_fn(move || {
        if text.is_empty() {
            return None;
        }
        let end = (0..=PART.min(text.len())).rev().find(|at| text.is_char_boundary(*at))?;
        let (part, rest) = text.split_at_checked(end)?;
        text = rest;
        Some(part)
    })
}

#[cfg(test)]
mod tests {
    use super::{PART, parts};

    #[test]
    fn parts_are_short_and_lose_nothing() {
        let text = "é\"\u{1}".repeat(PART);
        let all: Vec<&str> = parts(&text).collect();
        assert!(all.len() > 2 && all.iter().all(|part| part.len() <= PART));
        assert_eq!(all.concat(), text);
        assert_eq!(parts("").count(), 0);
        let line = serde_json::json!(all.iter().max_by_key(|part| part.len())).to_string();
        assert!(line.len() < crate::wire::LONGEST_LINE);
    }
}
