//! The audit: who asked for what, when, answered how.
//!
//! Pure: the ledger counts what repeats, and says which lines have to be written.
//!
//! Invariants
//! - The first of a kind is written at once; what repeats within a minute only counts, and is written once more.
//! - A line holds names, an instant, a count and a failure's code. There is no field for a secret.

use crate::caller::{Access, Caller, CallerId};
use crate::gate::Outcome;
use connections::ConnectionKey;
use hashbrown::HashTable;
use hashbrown::hash_table::Entry;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::hash::{BuildHasher as _, RandomState};
use ts_rs::TS;

/// How long a line is open for more of the same.
const OPEN_FOR: SignedDuration = SignedDuration::from_mins(1);
/// Numbers of lines per millisecond, so that a number tells the time and the order as well.
const PER_MILLISECOND: i64 = 1_000;

/// A line of the audit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct AuditLine {
    /// Grows with each line, by the clock where the clock goes forward.
    #[ts(type = "number")]
    pub sequence: u64,
    /// When it happened first.
    #[ts(type = "string")]
    pub at: Timestamp,
    /// When it happened last.
    #[ts(type = "string")]
    pub last_at: Timestamp,
    /// How often, within a minute.
    #[ts(type = "number")]
    pub count: u64,
    /// Who asked.
    pub caller: CallerId,
    /// What the caller was called then.
    pub caller_name: String,
    /// Whether it came through our own command line.
    pub through_cli: bool,
    /// For what.
    pub access: Access,
    /// Of which connection, if of one.
    pub connection: Option<ConnectionKey>,
    /// How it ended.
    pub outcome: Outcome,
}

/// What makes two requests the same to the audit.
#[derive(PartialEq, Eq, Hash)]
struct Same<'a> {
    caller: &'a CallerId,
    through_cli: bool,
    access: Access,
    connection: Option<&'a ConnectionKey>,
    outcome: &'a Outcome,
}

impl AuditLine {
    const fn same(&self) -> Same<'_> {
        Same {
            caller: &self.caller,
            through_cli: self.through_cli,
            access: self.access,
            connection: self.connection.as_ref(),
            outcome: &self.outcome,
        }
    }
}

struct Open {
    line: AuditLine,
    written: u64,
}

/// Lines that are open for more of the same.
pub(crate) struct Ledger {
    last: u64,
    /// Found by what makes them the same, which they hold themselves: to count one more costs no copy of it.
    open: HashTable<Open>,
    hasher: RandomState,
}

impl Ledger {
    /// After the line with number `last`.
    pub(crate) fn after(last: Option<u64>) -> Self {
        Self { last: last.unwrap_or(0), open: HashTable::new(), hasher: RandomState::new() }
    }

    /// Counts a request; answers the lines that have to be written now.
    pub(crate) fn add(
        &mut self,
        caller: &Caller,
        access: Access,
        connection: Option<&ConnectionKey>,
        outcome: &Outcome,
        now: Timestamp,
    ) -> Vec<AuditLine> {
        let same = Same { caller: &caller.id, through_cli: caller.through_cli, access, connection, outcome };
        let hash = self.hasher.hash_one(&same);
        let place = self.open.entry(
            hash,
            |open| open.line.same() == same,
            |open| self.hasher.hash_one(open.line.same()),
        );
        match place {
            Entry::Occupied(mut place) if is_open(&place.get().line, now) => {
                let line = &mut place.get_mut().line;
                line.count += 1;
                line.last_at = now;
                Vec::new()
            }
            Entry::Occupied(mut place) => {
                let line = begin(&mut self.last, caller, &same, now);
                let before = std::mem::replace(place.get_mut(), Open { line: line.clone(), written: 1 });
                unwritten(before).into_iter().chain([line]).collect()
            }
            Entry::Vacant(place) => {
                let line = begin(&mut self.last, caller, &same, now);
                place.insert(Open { line: line.clone(), written: 1 });
                vec![line]
            }
        }
    }

    /// Closes lines whose minute is over; answers those that counted since they were written.
    pub(crate) fn close_overdue(&mut self, now: Timestamp) -> Vec<AuditLine> {
        let overdue = self.open.extract_if(|open| !is_open(&open.line, now));
        overdue.filter_map(unwritten).collect()
    }

    /// Closes all lines, as before the vault is locked.
    pub(crate) fn close_all(&mut self) -> Vec<AuditLine> {
        self.open.drain().filter_map(unwritten).collect()
    }

    /// The line as it stands now, where the stored one is behind.
    pub(crate) fn newest(&self, line: AuditLine) -> AuditLine {
        let open = self.open.iter().find(|open| open.line.sequence == line.sequence);
        open.map_or(line, |open| open.line.clone())
    }
}

/// The first line of a kind.
fn begin(last: &mut u64, caller: &Caller, same: &Same<'_>, now: Timestamp) -> AuditLine {
    let by_clock = now.as_millisecond().saturating_mul(PER_MILLISECOND);
    *last = last.saturating_add(1).max(u64::try_from(by_clock).unwrap_or(0));
    AuditLine {
        sequence: *last,
        at: now,
        last_at: now,
        count: 1,
        caller: same.caller.clone(),
        caller_name: caller.name.clone(),
        through_cli: same.through_cli,
        access: same.access,
        connection: same.connection.cloned(),
        outcome: same.outcome.clone(),
    }
}

/// A clock that was set back does not keep a line open for ever.
fn is_open(line: &AuditLine, now: Timestamp) -> bool {
    let age = now.duration_since(line.at);
    !age.is_negative() && age < OPEN_FOR
}

fn unwritten(open: Open) -> Option<AuditLine> {
    (open.line.count > open.written).then_some(open.line)
}

/// The first number that a line of `at` or later can have.
pub(crate) fn first_number_at(at: Timestamp) -> u64 {
    u64::try_from(at.as_millisecond().saturating_mul(PER_MILLISECOND)).unwrap_or(0)
}

/// Which lines are asked for.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AuditFilter {
    /// Not older than this.
    #[ts(type = "string | null")]
    pub since: Option<Timestamp>,
    /// Only of this caller: its id or its name.
    pub caller: Option<String>,
    /// Only of this connection.
    pub connection: Option<ConnectionKey>,
}

impl AuditFilter {
    pub(crate) fn takes(&self, line: &AuditLine) -> bool {
        self.since.is_none_or(|since| line.last_at >= since)
            && self.caller.as_ref().is_none_or(|who| line.caller.as_str() == who || line.caller_name == *who)
            && self.connection.as_ref().is_none_or(|key| line.connection.as_ref() == Some(key))
    }
}

/// Lines as CSV (RFC 4180) with a head.
pub fn csv(lines: &[AuditLine]) -> String {
    let mut text =
        "at,last_at,count,caller,caller_name,through_cli,access,connection,outcome,code,reason\r\n"
            .to_owned();
    for line in lines {
        let (outcome, code, reason) = match &line.outcome {
            Outcome::Given => ("given", String::new(), None),
            Outcome::Refused { code, reason } => ("refused", code.name(), reason.as_deref()),
        };
        let cells = [
            line.at.to_string(),
            line.last_at.to_string(),
            line.count.to_string(),
            cell(line.caller.as_str()),
            cell(&line.caller_name),
            line.through_cli.to_string(),
            word(&line.access),
            cell(&line.connection.as_ref().map(ToString::to_string).unwrap_or_default()),
            outcome.to_owned(),
            code,
            cell(reason.unwrap_or_default()),
        ];
        text.push_str(&cells.join(","));
        text.push_str("\r\n");
    }
    text
}

/// How a plain name is spelled on the wire.
fn word(value: &impl Serialize) -> String {
    let spelled = serde_json::to_value(value).ok();
    spelled.as_ref().and_then(serde_json::Value::as_str).unwrap_or_default().to_owned()
}

/// Quoted; what a spreadsheet would calculate is made a text, since a program chooses its own name.
fn cell(text: &str) -> String {
    let calculated = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    format!("\"{}{}\"", if calculated { "'" } else { "" }, text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::{Ledger, csv, first_number_at};
    use crate::caller::{Access, Caller};
    use crate::gate::Outcome;
    use connections::error::ErrorCode;
    use jiff::{SignedDuration, Timestamp};
    use std::path::Path;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::UNIX_EPOCH + SignedDuration::from_secs(1_790_000_000 + seconds)
    }

    fn sheet() -> Caller {
        Caller::program(Some(Path::new("/usr/bin/sheet")), None)
    }

    #[test]
    fn what_repeats_within_a_minute_is_one_line_and_two_writes() {
        let mut ledger = Ledger::after(None);
        let mut ask = |seconds| ledger.add(&sheet(), Access::Token, None, &Outcome::Given, at(seconds));
        let first = ask(0);
        assert_eq!((first.len(), first[0].count), (1, 1));
        for seconds in 1..60 {
            assert!(ask(seconds).is_empty(), "second {seconds} only counts");
        }
        let next = ask(60);
        assert_eq!(next.len(), 2);
        assert_eq!((next[0].sequence, next[0].count, next[0].last_at), (first[0].sequence, 60, at(59)));
        assert_eq!(next[1].count, 1);
    }

    #[test]
    fn a_name_cannot_calculate_in_a_spreadsheet() {
        let mut ledger = Ledger::after(None);
        let evil = Caller::program(Some(Path::new("/tmp/=HYPERLINK(\"x\")")), None);
        let text = csv(&ledger.add(&evil, Access::Token, None, &Outcome::Given, at(0)));
        let line = text.lines().nth(1).unwrap();
        assert!(line.contains("\"'=HYPERLINK(\"\"x\"\")\""), "{line}");
        assert!(line.ends_with(",token,\"\",given,,\"\""), "{line}");
    }

    #[test]
    fn another_answer_is_another_line() {
        let mut ledger = Ledger::after(None);
        let refused = Outcome::Refused { code: ErrorCode::NotPermitted, reason: Some("refused".to_owned()) };
        assert_eq!(ledger.add(&sheet(), Access::Token, None, &Outcome::Given, at(0)).len(), 1);
        assert_eq!(ledger.add(&sheet(), Access::Token, None, &refused, at(1)).len(), 1);
        assert_eq!(ledger.add(&sheet(), Access::ReadData, None, &refused, at(1)).len(), 1);
    }

    #[test]
    fn closing_writes_what_was_only_counted_and_nothing_else() {
        let mut ledger = Ledger::after(None);
        ledger.add(&sheet(), Access::Token, None, &Outcome::Given, at(0));
        ledger.add(&sheet(), Access::List, None, &Outcome::Given, at(0));
        ledger.add(&sheet(), Access::Token, None, &Outcome::Given, at(5));
        assert!(ledger.close_overdue(at(59)).is_empty(), "still open");
        let closed = ledger.close_overdue(at(60));
        assert_eq!(closed.iter().map(|line| line.count).collect::<Vec<_>>(), [2]);
        assert!(ledger.close_all().is_empty());
    }

    #[test]
    fn numbers_grow_over_restarts_and_clocks_that_are_set_back() {
        let mut ledger = Ledger::after(Some(first_number_at(at(1_000))));
        let line = ledger.add(&sheet(), Access::Token, None, &Outcome::Given, at(0)).remove(0);
        assert_eq!(line.sequence, first_number_at(at(1_000)) + 1);
        let later = ledger.add(&sheet(), Access::Token, None, &Outcome::Given, at(2_000)).pop().unwrap();
        assert_eq!(later.sequence, first_number_at(at(2_000)));
        assert!(later.sequence < 1 << 53, "a page can read it");
    }
}
