//! What was measured, as a table and as JSON.

use crate::contender::{Contender, Run};
use anyhow::{Context as _, Result};
use serde_json::json;
use std::path::Path;

/// How the ratio of our median to the other one is judged.
#[derive(Clone, Copy)]
pub(crate) enum Goal {
    /// For what costs.
    AtMost(f64),
    /// For what is gained.
    AtLeast(f64),
    /// It is told and not judged.
    None,
}

/// One comparison.
pub(crate) struct Row {
    /// What was measured, and its unit.
    pub(crate) what: &'static str,
    /// Of how many.
    pub(crate) count: usize,
    /// What Mooring took, once for each round.
    pub(crate) ours: Vec<f64>,
    /// What it is compared with.
    pub(crate) against: &'static str,
    /// What that took.
    pub(crate) theirs: Vec<f64>,
    /// When it is good.
    pub(crate) goal: Goal,
}

impl Row {
    /// Of starts.
    pub(crate) fn of_starts(
        what: &'static str,
        ours: &Contender,
        empty: &Contender,
        of: fn(&Run) -> f64,
    ) -> Self {
        let values = |contender: &Contender| contender.runs.iter().map(of).collect();
        Self {
            what,
            count: ours.connections.unwrap_or_default(),
            ours: values(ours),
            against: "empty window",
            theirs: values(empty),
            goal: Goal::AtMost(1.15),
        }
    }

    fn ratio(&self) -> f64 {
        median(&self.ours) / median(&self.theirs)
    }

    /// Whether the goal was reached; what could not be measured has not reached it.
    pub(crate) fn met(&self) -> bool {
        match self.goal {
            Goal::AtMost(most) => self.ratio() <= most,
            Goal::AtLeast(least) => self.ratio() >= least,
            Goal::None => true,
        }
    }

    fn goal_text(&self) -> String {
        match self.goal {
            Goal::AtMost(most) => format!("<= {most:.2}"),
            Goal::AtLeast(least) => format!(">= {least:.2}"),
            Goal::None => String::new(),
        }
    }

    const fn word(&self, met: bool) -> &'static str {
        match (self.goal, met) {
            (Goal::None, _) => "",
            (_, true) => "met",
            (_, false) => "NOT MET",
        }
    }
}

/// The middle value; of an even number the mean of the two in the middle.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

/// Three digits, or all before the point.
fn short(value: f64) -> String {
    match value {
        small if small < 10.0 => format!("{small:.2}"),
        middle if middle < 100.0 => format!("{middle:.1}"),
        large => format!("{large:.0}"),
    }
}

/// For reading.
pub(crate) fn table(rows: &[Row]) -> String {
    let mut text = format!(
        "{:<34} {:>8} {:>9} {:>9} {:<20} {:>6} {:>8}\n",
        "medians", "how many", "Mooring", "other", "the other", "ratio", "goal"
    );
    for row in rows {
        let line = format!(
            "{:<34} {:>8} {:>9} {:>9} {:<20} {:>6.2} {:>8}  {}\n",
            row.what,
            row.count,
            short(median(&row.ours)),
            short(median(&row.theirs)),
            row.against,
            row.ratio(),
            row.goal_text(),
            row.word(row.met()),
        );
        text.push_str(&line);
    }
    text
}

/// For programs: `results.json` in `folder`; and `results.txt`, the table.
pub(crate) fn write(folder: &Path, rows: &[Row]) -> Result<()> {
    let members: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "what": row.what,
                "count": row.count,
                "ours": row.ours,
                "against": row.against,
                "theirs": row.theirs,
                "ratio": row.ratio(),
                "goal": row.goal_text(),
                "met": row.met(),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "rows": members }))?;
    std::fs::create_dir_all(folder)?;
    for (name, text) in [("results.json", text), ("results.txt", table(rows))] {
        let file = folder.join(name);
        std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::{Goal, Row, median, table};

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(&[3.0, 1.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    fn row(ours: f64, goal: Goal) -> Row {
        let (ours, theirs) = (vec![ours], vec![100.0]);
        Row { what: "time", count: 0, ours, against: "a loop", theirs, goal }
    }

    #[test]
    fn a_missed_goal_is_said() {
        let (most, least) = (Goal::AtMost(1.15), Goal::AtLeast(0.8));
        for (ours, goal, met) in [
            (114.0, most, true),
            (116.0, most, false),
            (81.0, least, true),
            (79.0, least, false),
            (f64::NAN, most, false),
            (f64::NAN, least, false),
            (900.0, Goal::None, true),
        ] {
            let row = row(ours, goal);
            assert_eq!(row.met(), met, "{ours}");
            assert_eq!(table(&[row]).contains("NOT MET"), !met, "{ours}");
        }
        assert!(table(&[row(114.0, most)]).contains("1.14  <= 1.15  met"));
    }
}
