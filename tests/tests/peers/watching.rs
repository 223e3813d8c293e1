//! Our examples that speak to the socket, run as they stand in the documentation.

use std::process::Command;
use tests::app::until;
use tests::cli;
use tests::process::Process;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

#[tokio::test]
async fn the_examples_at_the_socket_list_accounts_and_tell_what_happens() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    let node = Command::new("node").args(["-p", "process.execPath"]).output().unwrap();
    let node = String::from_utf8(node.stdout).unwrap().trim().to_owned();
    let example = tests::program("example-watch");
    let script = tests::workspace().join("docs/examples/watch.mjs");
    let runs = [(node.as_str(), Some(&script)), (example.to_str().unwrap(), None)];
    for (number, (program, script)) in runs.into_iter().enumerate() {
        let mut refused = world.command(program);
        refused.args(script).arg(world.profile().join("mooring.sock"));
        let refused = refused.output().unwrap();
        assert!(!refused.status.success(), "{program} is not allowed yet");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("not_permitted"), "{program}");
        cli::ok(&world, &["caller", "allow", program, "--access", "data,list"]);
        let mut command = world.command(program);
        command.args(script).arg(world.profile().join("mooring.sock"));
        let (watching, ()) = Process::start(command, |line| (line == "listening").then_some(()));
        cli::ok(&world, &["config", "create", &format!("github{number}"), "github", "Iv1.abc", "x"]);
        let told = || async { Ok(watching.output().contains("configsChanged").then_some(())) };
        until("the example to tell what happened", told).await.unwrap();
    }
}
