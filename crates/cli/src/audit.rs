//! `mooring audit`: who asked for what, and how it was answered.

use crate::exit::{self, Failure};
use crate::{ask, caller, show};
use broker::audit::{AuditFilter, AuditLine};
use broker::gate::Outcome;
use broker::settings::SettingsChange;
use broker::wire::{Operation, Reply};
use clap::Args;
use jiff::{SignedDuration, Timestamp};

/// Lines that are asked for at a time.
const PAGE: u32 = 500;
/// Lines that are shown to a person who does not say how many.
const SHOWN: usize = 1_000;

#[derive(Args)]
pub(crate) struct AuditOptions {
    /// Not older: 30m, 24h, 7d, a date, or an instant.
    #[arg(long, value_name = "WHEN")]
    since: Option<String>,
    /// Only of this caller: its name, or its id.
    #[arg(long)]
    caller: Option<String>,
    /// Only of this connection.
    #[arg(long, value_name = "CONFIG_KEY/CONNECTION_ID")]
    connection: Option<String>,
    /// At most so many lines. Without it, a thousand are shown, and --csv and --json have all.
    #[arg(long)]
    limit: Option<usize>,
    /// Keep lines for so many days from now on; older ones are removed at once.
    #[arg(long, value_name = "DAYS", conflicts_with_all = ["since", "caller", "connection", "limit", "csv"])]
    keep: Option<u32>,
    /// Print CSV.
    #[arg(long, conflicts_with = "json")]
    csv: bool,
}

pub(crate) async fn run(options: AuditOptions, json: bool) -> Result<(), Failure> {
    if let Some(days) = options.keep {
        let change = SettingsChange { audit_days: Some(days), ..SettingsChange::default() };
        let settings = crate::http::settings(Some(change)).await?;
        return if json { show::json(&settings) } else { show::line(&kept_for(settings.audit_days)) };
    }
    let shown = (!json && !options.csv).then_some(SHOWN);
    let filter = AuditFilter {
        since: options.since.as_deref().map(|text| instant(text, Timestamp::now())).transpose()?,
        caller: options.caller,
        connection: options.connection.as_deref().map(ask::pair).transpose()?,
    };
    let (lines, more) = read(filter, options.limit.or(shown).unwrap_or(usize::MAX)).await?;
    if more {
        show::trouble(&format!(
            "there are more than these {} lines; --limit tells how many to read",
            lines.len()
        ));
    }
    if json {
        show::json(&lines)
    } else if options.csv {
        show::line(broker::audit::csv(&lines).trim_end())
    } else {
        show::table(&lines.iter().map(row).collect::<Vec<_>>())
    }
}

fn kept_for(days: u32) -> String {
    format!("The audit is kept for {days} days.")
}

/// The newest `limit` lines, and whether there are more.
async fn read(filter: AuditFilter, limit: usize) -> Result<(Vec<AuditLine>, bool), Failure> {
    let mut lines: Vec<AuditLine> = Vec::new();
    loop {
        let before = lines.last().map(|line| line.sequence);
        let operation = Operation::AuditList { filter: filter.clone(), before, limit: PAGE };
        let Reply::Audit(page, more) = ask::once(operation).await? else { return Err(ask::unexpected()) };
        let ended = !more || page.is_empty();
        lines.extend(page);
        if ended || lines.len() >= limit {
            let cut = lines.len() > limit;
            lines.truncate(limit);
            return Ok((lines, cut || !ended));
        }
    }
}

fn row(line: &AuditLine) -> Vec<String> {
    let times = if line.count > 1 { format!("{} times", line.count) } else { String::new() };
    let how = match &line.outcome {
        Outcome::Given => "given".to_owned(),
        Outcome::Refused { reason: Some(reason), .. } => format!("refused ({reason})"),
        Outcome::Refused { code, reason: None } => format!("refused ({})", code.name()),
    };
    let through =
        if line.through_cli { format!("{} (mooring)", line.caller_name) } else { line.caller_name.clone() };
    let of = line.connection.as_ref().map_or_else(String::new, ToString::to_string);
    vec![line.at.to_string(), through, caller::access(line.access).to_owned(), of, how, times]
}

/// `30m`, `24h`, `7d` before `now`, a date in UTC, or an instant.
fn instant(text: &str, now: Timestamp) -> Result<Timestamp, Failure> {
    let malformed = || Failure::new(exit::USAGE, format!("`{text}` is no time; write 24h, 7d or 2026-11-21"));
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    if let Ok(date) = text.parse::<jiff::civil::Date>() {
        let midnight = date.to_zoned(jiff::tz::TimeZone::UTC).map_err(|_| malformed())?;
        return Ok(midnight.timestamp());
    }
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).ok_or_else(malformed)?);
    let number: i64 = number.parse().map_err(|_| malformed())?;
    let seconds = match unit {
        "m" => number.checked_mul(60),
        "h" => number.checked_mul(3_600),
        "d" => number.checked_mul(86_400),
        _ => None,
    };
    let ago = SignedDuration::from_secs(seconds.ok_or_else(malformed)?);
    now.checked_sub(ago).map_err(|_| malformed())
}

#[cfg(test)]
mod tests {
    use super::instant;

    #[test]
    fn a_time_is_an_age_a_date_or_an_instant() {
        let now = "2026-11-21T12:00:00Z".parse().unwrap();
        for (text, expected) in [
            ("30m", "2026-11-21T11:30:00Z"),
            ("24h", "2026-11-20T12:00:00Z"),
            ("7d", "2026-11-14T12:00:00Z"),
            ("2026-11-01", "2026-11-01T00:00:00Z"),
            ("2026-11-01T10:00:00+02:00", "2026-11-01T08:00:00Z"),
        ] {
            assert_eq!(instant(text, now).unwrap().to_string(), expected, "{text}");
        }
        for text in ["", "d", "7", "7w", "yesterday", "99999999999999999999h", "9999999999h"] {
            assert!(instant(text, now).is_err(), "{text}");
        }
    }
}
