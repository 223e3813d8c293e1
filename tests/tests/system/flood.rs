//! A program that floods the socket of a running agent: the person's own command line is answered all the same, and the
//! agent is at rest while the operating system gives it no more files.

use serde_json::Value;
use std::cell::RefCell;
use std::os::unix::net::UnixStream;
use tests::cli;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

fn open_files(pid: u32) -> usize {
    std::fs::read_dir(format!("/proc/{pid}/fd")).unwrap().count()
}

#[test]
fn a_program_that_takes_every_place_keeps_nobody_from_revoking_it() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    cli::ok(&world, &["caller", "allow", "perl", "--access", "token"]);
    let socket = world.profile().join("mooring.sock");
    let held: Vec<UnixStream> = (0..300).filter_map(|_| UnixStream::connect(&socket).ok()).collect();
    assert!(held.len() > 200, "{} conversations were begun", held.len());
    cli::ok(&world, &["caller", "revoke", "perl"]);
    let callers = cli::json(&world, &["caller", "list"]);
    let has_perl = |callers: &Value| {
        callers.as_array().unwrap().iter().any(|one| one["id"].as_str().unwrap().contains("perl"))
    };
    assert!(!has_perl(&callers), "{callers}");
    drop(held);
}

#[tokio::test]
async fn an_agent_that_gets_no_more_files_waits_and_goes_on_when_it_does() {
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    let socket = world.profile().join("mooring.sock");
    let limit = format!("--nofile={0}:{0}", open_files(agent.pid()) + 6);
    let limited = world.command("prlimit").args(["--pid", &agent.pid().to_string(), &limit]).status();
    assert!(limited.unwrap().success());
    let held = RefCell::new(Vec::new());
    let connect = || held.borrow_mut().extend(UnixStream::connect(&socket).ok());
    (0..40).for_each(|_| connect());
    let failures = || agent.output().matches("a program could not connect").count();
    let told = || async { Ok((failures() > 0).then_some(())) };
    tests::app::until("the agent to get no more files", told).await.unwrap();
    let before = failures();
    let began = std::time::Instant::now();
    let more = || async {
        // One after the other finds no file; the agent hangs up on some of them.
        connect();
        Ok((failures() >= before + 5).then_some(()))
    };
    tests::app::until("the agent to try again", more).await.unwrap();
    let tries = failures() - before;
    // With a pause of 20 milliseconds there are fifty tries in a second, and without one many thousands.
    let most = 10 + usize::try_from(began.elapsed().as_millis()).unwrap() / 10;
    assert!(tries <= most, "{tries} tries in {:?}", began.elapsed());
    drop(held);
    let answered =
        || async { Ok(cli::mooring(&world, &["connection", "list"]).status.success().then_some(())) };
    tests::app::until("the agent to answer again", answered).await.unwrap();
}
