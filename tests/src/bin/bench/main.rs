//! Measures what a person or a program waits for, each against the least that it could take, in one run: start-up and
//! memory against an empty Tauri window, scrolling against a page that stands still, an approval against a plain loop,
//! tokens against a bare server and `curl`, renewals and a large vault against plain loops.
//!
//! `bench --app PROGRAM --empty PROGRAM [--out FOLDER] [--rounds N] [--only PART,PART]`. Only ratios of medians are judged,
//! since a machine's own speed cancels out of them. It fails when it cannot measure, and, after all was measured, when
//! a goal was missed. What the rows mean is told in `docs/performance.md`.

mod broker;
mod contender;
mod memory;
mod results;
mod rows;
mod screen;
mod scrolling;
mod updated;
mod yardstick;

use anyhow::{Context as _, Result};
use contender::Contender;
use results::Row;
use std::path::PathBuf;
use std::process::ExitCode;

/// Starts of each program when nothing else is asked for.
const ROUNDS: usize = 9;
/// As many connections as the interface is designed to bear.
const MANY: usize = 1_000;
/// What can be measured by itself.
const PARTS: [&str; 5] = ["start", "scroll", "approve", "broker", "vault"];

struct Asked {
    app: PathBuf,
    empty: PathBuf,
    out: PathBuf,
    rounds: usize,
    parts: Vec<String>,
}

fn main() -> Result<ExitCode> {
    let asked = parse(std::env::args().skip(1).collect())?;
    let rows = measure(&asked)?;
    println!("{}", results::table(&rows));
    results::write(&asked.out, &rows)?;
    let missed: Vec<&str> = rows.iter().filter(|row| !row.met()).map(|row| row.what).collect();
    if missed.is_empty() {
        return Ok(ExitCode::SUCCESS);
    }
    eprintln!("missed: {}", missed.join("; "));
    Ok(ExitCode::FAILURE)
}

fn parse(arguments: Vec<String>) -> Result<Asked> {
    let (mut app, mut empty, mut out, mut rounds) = (None, None, PathBuf::from("target/bench"), ROUNDS);
    let mut parts: Vec<String> = PARTS.map(str::to_owned).to_vec();
    let mut rest = arguments.into_iter();
    while let Some(name) = rest.next() {
        let value = rest.next().with_context(|| format!("{name} wants a value"))?;
        match name.as_str() {
            "--app" => app = Some(value.into()),
            "--empty" => empty = Some(value.into()),
            "--out" => out = value.into(),
            "--rounds" => rounds = value.parse().context("--rounds wants a number")?,
            "--only" => parts = value.split(',').map(str::to_owned).collect(),
            other => anyhow::bail!("`{other}` means nothing here"),
        }
    }
    anyhow::ensure!(rounds > 0, "--rounds wants a number above 0");
    let unknown = parts.iter().find(|part| !PARTS.contains(&part.as_str()));
    anyhow::ensure!(unknown.is_none(), "--only wants some of {}", PARTS.join(", "));
    Ok(Asked {
        app: app.context("--app is missing")?,
        empty: empty.context("--empty is missing")?,
        out,
        rounds,
        parts,
    })
}

fn measure(asked: &Asked) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for part in &asked.parts {
        match part.as_str() {
            "start" => rows.extend(starts(asked)?),
            "scroll" => rows.push(scrolling::measure()?),
            "approve" => rows.push(updated::measure()?),
            "broker" => rows.extend(broker::measure()?),
            _ => rows.extend(rows::measure()?),
        }
    }
    Ok(rows)
}

/// All contenders once per round, so that whatever else the machine does falls on each alike.
fn starts(asked: &Asked) -> Result<Vec<Row>> {
    let mut contenders = [
        Contender::empty_window(&asked.empty)?,
        Contender::mooring(&asked.app, 0, false)?,
        Contender::mooring(&asked.app, MANY, false)?,
        Contender::mooring(&asked.app, MANY, true)?,
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
    let [empty, none, many, mixed] = &contenders;
    let mut rows = Vec::new();
    for (ours, painted, held) in [
        (none, "start to painted list, ms", "memory of all processes, MiB"),
        (many, "start to painted list, ms", "memory of all processes, MiB"),
        (mixed, "start, all sources, ms", "memory, all sources, MiB"),
    ] {
        rows.push(Row::of_starts(painted, ours, empty, |run| run.painted_ms));
        rows.push(Row::of_starts(held, ours, empty, |run| run.memory_mib));
    }
    Ok(rows)
}
