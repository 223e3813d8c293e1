//! Measures how long Mooring takes to show its list and how much memory it holds, against an empty Tauri window; how
//! evenly a long list scrolls, against a page that stands still; and how soon an approval at a bank is on the screen,
//! against a plain loop.
//!
//! `bench --app PROGRAM --empty PROGRAM [--out FOLDER] [--rounds N]`. Both programs are started in turn on displays of
//! their own, again and again; only ratios of medians are judged, since a machine's own speed cancels out of them.
//! Not a test: it fails when it cannot measure, never because a goal was missed.

mod contender;
mod memory;
mod results;
mod screen;
mod scrolling;
mod updated;
mod vault_of;

use anyhow::{Context as _, Result};
use contender::Contender;
use results::Row;
use std::path::PathBuf;

/// Starts of each program when nothing else is asked for.
const ROUNDS: usize = 9;
/// As many connections as the interface is designed to bear.
const MANY: usize = 1_000;
/// How this program calls itself inside a contender's world.
const FILL: &str = "--fill-vault";

struct Asked {
    app: PathBuf,
    empty: PathBuf,
    out: PathBuf,
    rounds: usize,
}

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, connections, accounts] = arguments.as_slice()
        && first == FILL
    {
        return vault_of::fill(connections.parse()?, accounts.parse()?);
    }
    let asked = parse(arguments)?;
    let rows = measure(&asked)?;
    println!("{}", results::table(&rows, asked.rounds));
    results::write(&asked.out, &rows, asked.rounds)
}

fn parse(arguments: Vec<String>) -> Result<Asked> {
    let (mut app, mut empty, mut out, mut rounds) = (None, None, PathBuf::from("target/bench"), ROUNDS);
    let mut rest = arguments.into_iter();
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--app" => app = Some(value.into()),
            "--empty" => empty = Some(value.into()),
            "--out" => out = value.into(),
            "--rounds" => rounds = value.parse().context("--rounds wants a number")?,
            other => anyhow::bail!("`{other}` means nothing here"),
        }
    }
    anyhow::ensure!(rounds > 0, "--rounds wants a number above 0");
    Ok(Asked {
        app: app.context("--app is missing")?,
        empty: empty.context("--empty is missing")?,
        out,
        rounds,
    })
}

/// All contenders once per round, so that whatever else the machine does falls on each alike.
fn measure(asked: &Asked) -> Result<Vec<Row>> {
    let mut contenders = [
        Contender::empty_window(&asked.empty)?,
        Contender::mooring(&asked.app, 0)?,
        Contender::mooring(&asked.app, MANY)?,
    ];
    for contender in &mut contenders {
        contender.learn(&asked.out)?;
    }
    for round in 1..=asked.rounds {
        for contender in &mut contenders {
            let run = contender.start()?;
            eprintln!("round {round}, {}: {run}", contender.name);
            contender.runs.push(run);
        }
    }
    let [empty, none, many] = &contenders;
    let mut rows = Vec::new();
    for ours in [none, many] {
        rows.push(Row::new("start to painted list, ms", ours, empty, |run| run.painted_ms));
        rows.push(Row::new("memory of all processes, MiB", ours, empty, |run| run.memory_mib));
    }
    rows.push(scrolling::measure()?);
    rows.push(updated::measure()?);
    Ok(rows)
}
