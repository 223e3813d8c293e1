//! What was measured, as a table and as JSON.

use crate::contender::{Contender, Run};
use anyhow::{Context as _, Result};
use serde_json::json;
use std::path::Path;

/// Highest ratio that is good.
const GOAL: f64 = 1.15;

/// One comparison.
pub(crate) struct Row {
    what: &'static str,
    connections: usize,
    ours: Vec<f64>,
    empty: Vec<f64>,
}

impl Row {
    pub(crate) fn new(what: &'static str, ours: &Contender, empty: &Contender, of: fn(&Run) -> f64) -> Self {
        let values = |contender: &Contender| contender.runs.iter().map(of).collect();
        Self {
            what,
            connections: ours.connections.unwrap_or_default(),
            ours: values(ours),
            empty: values(empty),
        }
    }

    /// From values that are there already.
    pub(crate) const fn of(what: &'static str, count: usize, ours: Vec<f64>, empty: Vec<f64>) -> Self {
        Self { what, connections: count, ours, empty }
    }

    fn ratio(&self) -> f64 {
        median(&self.ours) / median(&self.empty)
    }

    fn met(&self) -> bool {
        self.ratio() <= GOAL
    }
}

/// The middle value; of an even number the mean of the two in the middle.
fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let middle = sorted.len() / 2;
    match sorted.len() {
        0 => f64::NAN,
        even if even % 2 == 0 => f64::midpoint(sorted[middle - 1], sorted[middle]),
        _ => sorted[middle],
    }
}

/// For reading.
pub(crate) fn table(rows: &[Row], rounds: usize) -> String {
    let mut text = format!(
        "{:<30} {:>11} {:>8} {:>8} {:>6} {:>6}\n",
        format!("median of {rounds}"),
        "how many",
        "Mooring",
        "empty",
        "ratio",
        "goal"
    );
    for row in rows {
        let line = format!(
            "{:<30} {:>11} {:>8.0} {:>8.0} {:>6.2} {GOAL:>6.2}  {}\n",
            row.what,
            row.connections,
            median(&row.ours),
            median(&row.empty),
            row.ratio(),
            if row.met() { "met" } else { "NOT MET" }
        );
        text.push_str(&line);
    }
    text
}

/// For programs: `results.json` in `folder`.
pub(crate) fn write(folder: &Path, rows: &[Row], rounds: usize) -> Result<()> {
    let rows: Vec<_> = rows
        .iter()
        .map(|row| {
            json!({
                "what": row.what,
                "connections": row.connections,
                "ours": row.ours,
                "empty": row.empty,
                "ratio": row.ratio(),
                "goal": GOAL,
                "met": row.met(),
            })
        })
        .collect();
    let text = serde_json::to_string_pretty(&json!({ "rounds": rounds, "rows": rows }))?;
    std::fs::create_dir_all(folder)?;
    let file = folder.join("results.json");
    std::fs::write(&file, text).with_context(|| format!("{} cannot be written", file.display()))
}

#[cfg(test)]
mod tests {
    use super::{Row, median, table};

    #[test]
    fn the_median_is_in_the_middle() {
        assert!((median(&[3.0, 1.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        assert!((median(&[4.0, 1.0, 2.0, 9.0]) - 3.0).abs() < f64::EPSILON);
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_missed_goal_is_said() {
        let row = |ours| Row { what: "time", connections: 0, ours: vec![ours], empty: vec![100.0] };
        assert!(table(&[row(114.0)], 1).contains("1.14   1.15  met"));
        assert!(table(&[row(116.0)], 1).contains("1.16   1.15  NOT MET"));
        assert!(table(&[row(f64::NAN)], 1).contains("NOT MET"), "what was not measured is not met");
    }
}
