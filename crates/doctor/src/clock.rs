//! Whether the clock can be right. Tokens and consents end by it; nobody is asked for the time.

use super::{Check, CheckCode, CheckOf};
use jiff::{SignedDuration, Timestamp};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

/// How far ahead a file may be: file systems of other machines, and the second of a restart.
const TOLERANCE: SignedDuration = SignedDuration::from_mins(5);
/// No vault is older than this program's first day.
const FIRST_DAY: i64 = 1_767_225_600;
/// A clock beyond is a slip: twenty years after the first day.
const LAST_DAY: i64 = FIRST_DAY + 20 * 365 * 86_400;

/// Compares the clock with what was written before now.
pub(super) fn check(folder: Option<&Path>) -> Check {
    let names = ["vault.db", "vault.db-wal", "vault.keys", "settings.json"];
    let mut files: Vec<PathBuf> =
        folder.iter().flat_map(|folder| names.map(|name| folder.join(name))).collect();
    files.extend(std::env::current_exe().ok());
    let written =
        files.iter().filter_map(|file| std::fs::metadata(file).and_then(|one| one.modified()).ok()).max();
    judge(Timestamp::now(), written)
}

fn judge(now: Timestamp, written: Option<SystemTime>) -> Check {
    let told = |code| Check::new(CheckOf::Clock, code);
    let written = written.and_then(|at| Timestamp::try_from(at).ok());
    let ahead = written.map(|at| at.duration_since(now)).filter(|ahead| *ahead > TOLERANCE);
    if let (Some(at), Some(ahead)) = (written, ahead) {
        let behind = told(CheckCode::ClockBehind).with("now", shown(now)).with("written", shown(at));
        return behind.with("hours", ahead.as_hours());
    }
    if (FIRST_DAY..LAST_DAY).contains(&now.as_second()) {
        told(CheckCode::ClockOk).with("now", shown(now))
    } else {
        told(CheckCode::ClockImpossible).with("now", shown(now))
    }
}

/// To the second: an interface shows it in the person's own time.
fn shown(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::{CheckCode, judge};
    use std::time::{Duration, SystemTime};

    #[test]
    fn a_clock_that_is_behind_what_was_written_or_out_of_all_reason_is_told() {
        let at = |text: &str| text.parse::<jiff::Timestamp>().unwrap();
        let now = at("2026-11-21T12:00:00Z");
        let written = |seconds| Some(SystemTime::from(now) + Duration::from_secs(seconds));
        assert!(judge(now, None).ok);
        assert!(judge(now, written(60)).ok, "a minute is no fault");
        let behind = judge(now, written(7_200));
        assert_eq!((behind.code, behind.param("hours")), (CheckCode::ClockBehind, "2"));
        assert_eq!(behind.param("written"), "2026-11-21T14:00:00Z");
        for impossible in ["1970-01-01T00:00:10Z", "2099-01-01T00:00:00Z"] {
            assert_eq!(judge(at(impossible), None).code, CheckCode::ClockImpossible);
        }
    }
}
