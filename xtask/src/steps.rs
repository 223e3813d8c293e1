//! `cargo xtask test`: named steps in order, each timed.
//!
//! Cheap steps come first. The interface is built before the first step that compiles the window's crate.

use std::time::{Duration, Instant};

use anyhow::{Result, bail};

use crate::build::{self, PROGRAMS_VARIABLE, TEST_FEATURES};
use crate::counts::Counts;
use crate::setup;
use crate::shell::{cargo, npm, run, run_reading, say};

/// A step of the test.
pub(crate) struct Step {
    pub name: &'static str,
    work: fn(&mut Counts) -> Result<Done>,
}

/// How a step that did not fail ended.
enum Done {
    Passed,
    Skipped(&'static str),
}

/// Which steps are wanted, and what happens after a failure.
#[derive(Debug, Default, PartialEq)]
pub(crate) struct Wanted {
    /// Names of steps or groups; all when empty.
    pub only: Vec<String>,
    pub keep_going: bool,
}

impl Step {
    /// Whether `name` is this step or the group it belongs to: `ui` means `ui-check`, `ui-test` and `ui-build`.
    pub(crate) fn answers_to(&self, name: &str) -> bool {
        self.name == name || self.name.split_once('-').is_some_and(|(group, _)| group == name)
    }
}

/// In the order in which they run.
pub(crate) const STEPS: &[Step] = &[
    Step { name: "fmt", work: fmt },
    Step { name: "tidy", work: tidy },
    Step { name: "codegen", work: codegen },
    Step { name: "ui-check", work: |_| npm_run(&["run", "check"]) },
    Step { name: "ui-test", work: |_| npm_run(&["test"]) },
    Step { name: "ui-build", work: |_| build::interface().map(|()| Done::Passed) },
    Step { name: "clippy", work: clippy },
    Step { name: "deny", work: deny },
    Step { name: "build", work: programs },
    Step { name: "tests", work: tests },
];

/// What is known about a step once it ended.
struct Report {
    name: &'static str,
    time: Duration,
    outcome: Outcome,
}

enum Outcome {
    Passed,
    Skipped(&'static str),
    Failed(String),
}

/// Sets up, runs the wanted steps, and prints a table and the sum; false when something failed.
pub(crate) fn test(wanted: &Wanted) -> Result<bool> {
    setup::for_tests()?;
    let mut counts = Counts::default();
    let mut reports = Vec::new();
    let chosen = STEPS
        .iter()
        .filter(|step| wanted.only.is_empty() || wanted.only.iter().any(|name| step.answers_to(name)));
    for step in chosen {
        say(&format!("\n=== {}", step.name));
        let report = perform(step, &mut counts);
        let failed = matches!(report.outcome, Outcome::Failed(_));
        reports.push(report);
        if failed && !wanted.keep_going {
            break;
        }
    }
    say(&format!("\n{}", table(&reports)));
    let last = sum(&reports, counts);
    say(&last.to_string());
    Ok(last.failed == 0)
}

/// `cargo xtask tidy`; false when something was found.
pub(crate) fn print_tidy() -> Result<bool> {
    let root = xtask::workspace_root();
    let findings = xtask::tidy::check(&root)?;
    let edges = xtask::layers::check(&xtask::layers::metadata(&root)?);
    for finding in &findings {
        say(&finding.to_string());
    }
    for edge in &edges {
        say(edge);
    }
    let found = findings.len() + edges.len();
    say(&if found == 0 { "the tree is tidy".to_owned() } else { format!("{found} findings") });
    Ok(found == 0)
}

fn perform(step: &Step, counts: &mut Counts) -> Report {
    let started = Instant::now();
    let mut own = Counts::default();
    let outcome = match (step.work)(&mut own) {
        Ok(Done::Passed) => Outcome::Passed,
        Ok(Done::Skipped(reason)) => Outcome::Skipped(reason),
        Err(error) => {
            // A step that failed without a failing test, such as one that did not compile, still counts.
            own.failed = own.failed.max(1);
            Outcome::Failed(format!("{error:#}"))
        }
    };
    *counts += own;
    Report { name: step.name, time: started.elapsed(), outcome }
}

fn table(reports: &[Report]) -> String {
    let line = |report: &Report| {
        let (word, note) = match &report.outcome {
            Outcome::Passed => ("passed", ""),
            Outcome::Skipped(reason) => ("skipped", *reason),
            Outcome::Failed(reason) => ("FAILED", reason.as_str()),
        };
        let seconds = report.time.as_secs_f64();
        format!("{:<10} {word:<8} {seconds:>7.1} s  {note}", report.name).trim_end().to_owned()
    };
    reports.iter().map(line).collect::<Vec<_>>().join("\n")
}

/// The sum to end with: never without a failure when a step failed.
fn sum(reports: &[Report], counts: Counts) -> Counts {
    let failed = reports.iter().filter(|report| matches!(report.outcome, Outcome::Failed(_))).count();
    Counts { passed: counts.passed, failed: counts.failed.max(failed) }
}

fn fmt(_: &mut Counts) -> Result<Done> {
    run(cargo().args(["fmt", "--all", "--check"]))?;
    Ok(Done::Passed)
}

fn tidy(_: &mut Counts) -> Result<Done> {
    if !print_tidy()? {
        bail!("the tree is not tidy: see the findings above");
    }
    Ok(Done::Passed)
}

fn codegen(_: &mut Counts) -> Result<Done> {
    // Counted with all others in the step `tests`, where it runs again.
    run(cargo().args(["test", "--quiet", "--workspace", "--features", TEST_FEATURES, "--test", "codegen"]))?;
    Ok(Done::Passed)
}

fn npm_run(words: &[&str]) -> Result<Done> {
    run(npm("ui").args(words))?;
    Ok(Done::Passed)
}

fn clippy(_: &mut Counts) -> Result<Done> {
    build::interface_if_missing()?;
    // What is handed out, and then what the tests drive: the code behind the tests' feature is judged too.
    for features in [build::APP_FEATURES, TEST_FEATURES] {
        let options =
            ["clippy", "--workspace", "--all-targets", "--features", features, "--", "-D", "warnings"];
        run(cargo().args(options))?;
    }
    Ok(Done::Passed)
}

fn deny(_: &mut Counts) -> Result<Done> {
    let Some(mut rules) = build::cargo_deny(&["bans", "licenses", "sources"]) else {
        return Ok(Done::Skipped("cargo-deny is not here; `cargo install --locked cargo-deny` brings it"));
    };
    run(&mut rules)?;
    match build::cargo_deny(&["advisories"]).filter(|_| build::advisories_are_here()) {
        Some(mut advisories) => run(&mut advisories)?,
        None => say("deny: the list of known weaknesses cannot be reached, so it was not looked at"),
    }
    Ok(Done::Passed)
}

fn programs(_: &mut Counts) -> Result<Done> {
    build::interface_if_missing()?;
    build::programs_for_tests()?;
    Ok(Done::Passed)
}

fn tests(counts: &mut Counts) -> Result<Done> {
    build::interface_if_missing()?;
    // Quick after the step `build`; needed when this step runs alone.
    build::programs_for_tests()?;
    let mut line = cargo();
    line.args(["test", "--workspace", "--no-fail-fast", "--features", TEST_FEATURES]);
    line.env(PROGRAMS_VARIABLE, build::programs(false)?);
    if !run_reading(&mut line, |text| counts.read(text))? {
        bail!("`cargo test` failed: see above");
    }
    Ok(Done::Passed)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::{Counts, Done, Outcome, Report, STEPS, Step, perform, sum, table};

    fn report(name: &'static str, outcome: Outcome) -> Report {
        Report { name, time: Duration::from_millis(1_250), outcome }
    }

    #[test]
    fn a_group_name_means_all_its_steps() {
        let named = |name: &str| STEPS.iter().filter(|step| step.answers_to(name)).count();
        assert_eq!(named("ui"), 3);
        assert_eq!(named("ui-test"), 1);
        assert_eq!(named("test"), 0);
    }

    #[test]
    fn the_interface_is_built_before_its_window_is_compiled() {
        let at = |name: &str| STEPS.iter().position(|step| step.name == name).unwrap();
        assert!(at("ui-build") < at("clippy"));
        assert!(at("clippy") < at("tests"));
    }

    #[test]
    fn the_table_names_each_step_with_its_time() {
        let reports = [report("fmt", Outcome::Passed), report("deny", Outcome::Skipped("not here"))];
        assert_eq!(table(&reports), "fmt        passed       1.2 s\ndeny       skipped      1.2 s  not here");
    }

    #[test]
    fn a_failed_step_counts_even_without_a_failed_test() {
        let broken = Step { name: "build", work: |_| anyhow::bail!("it did not compile") };
        let mut counts = Counts { passed: 4, failed: 0 };
        let report = perform(&broken, &mut counts);
        assert!(matches!(&report.outcome, Outcome::Failed(reason) if reason == "it did not compile"));
        assert_eq!(sum(&[report], counts), Counts { passed: 4, failed: 1 });
    }

    #[test]
    fn failed_tests_are_counted_once() {
        let failing = Step {
            name: "tests",
            work: |counts| {
                counts.read("test result: FAILED. 3 passed; 2 failed; 0 ignored");
                anyhow::bail!("`cargo test` failed")
            },
        };
        let mut counts = Counts::default();
        let report = perform(&failing, &mut counts);
        assert_eq!(sum(&[report], counts).to_string(), "3 passed, 2 failed");
    }

    #[test]
    fn a_skipped_step_is_no_failure() {
        let skipped = Step { name: "deny", work: |_| Ok(Done::Skipped("not here")) };
        let mut counts = Counts { passed: 1, failed: 0 };
        let report = perform(&skipped, &mut counts);
        assert_eq!(sum(&[report], counts).failed, 0);
    }
}
