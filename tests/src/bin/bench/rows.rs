//! A vault with a hundred thousand connections: opened, a page of its list, a search.

use crate::results::{Goal, Row};
use crate::yardstick;
use anyhow::{Context as _, Result};
use serde_json::Value;
use tests::world::{Wants, World};

/// More than anybody has; what is slow with these is a loop over all where one would do.
const CONNECTIONS: usize = 100_000;
/// Times that the vault is opened.
const ROUNDS: &str = "5";

/// Each against a plain loop over the same rows.
pub(crate) fn measure() -> Result<Vec<Row>> {
    let world = World::new(Wants { display: None, keychain: true });
    yardstick::run(&world, &["fill", &CONNECTIONS.to_string(), "0"])?;
    let told = yardstick::run(&world, &["rows", ROUNDS])?;
    let measured = told.lines().map(serde_json::from_str).collect::<serde_json::Result<Vec<Value>>>()?;
    let row = |name: &str, what: &'static str, goal: Goal| {
        let found = measured.iter().find(|one| one["what"] == name);
        let found = found.with_context(|| format!("`{name}` was not measured"))?;
        let values = |side: &str| {
            found[side].as_array().into_iter().flatten().filter_map(Value::as_f64).collect::<Vec<_>>()
        };
        let (ours, theirs) = (values("ours"), values("theirs"));
        anyhow::Ok(Row { what, count: CONNECTIONS, ours, against: "loop over the rows", theirs, goal })
    };
    Ok(vec![
        row("open", "vault opened, ms", Goal::AtMost(1.5))?,
        row("page", "page of the list, ms", Goal::AtMost(1.0))?,
        row("search", "search, ms", Goal::AtMost(1.0))?,
    ])
}
