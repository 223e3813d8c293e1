//! What `mooring` hands over to the program that has the core: `mooring-agent`, or the app where that is all there is.

use std::path::Path;
use std::process::Command;
use tests::cli::PASSPHRASE;
use tests::process::Process;
use tests::world::{Wants, World};
use tests::{cli, program};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// A folder with these programs, as an installation of its own.
fn installed(world: &World, names: &[&str]) -> std::path::PathBuf {
    let folder = world.folder().join("bin");
    std::fs::create_dir(&folder).unwrap();
    for name in names {
        // A link to the same file: a copy of the app is a hundred megabytes, and a symbolic link is followed.
        let (from, to) = (program(name), folder.join(name));
        std::fs::hard_link(&from, &to).or_else(|_| std::fs::copy(&from, &to).map(drop)).unwrap();
    }
    folder.join("mooring")
}

fn agent(world: &World, mooring: &Path) -> Command {
    let file = world.folder().join("passphrase");
    std::fs::write(&file, PASSPHRASE).unwrap();
    let mut command = world.command(mooring);
    command.args(["agent", "--passphrase-file"]).arg(file);
    command
}

#[tokio::test]
async fn without_the_agents_program_the_app_serves_and_needs_no_display() {
    let world = World::new(NO_WINDOW);
    let mooring = installed(&world, &["mooring", "mooring-desktop"]);
    let (agent, ()) = Process::start(agent(&world, &mooring), |line| (line == "ready").then_some(()));
    let running = std::fs::read_link(format!("/proc/{}/exe", agent.pid())).unwrap();
    assert_eq!(running.file_name(), Some("mooring-desktop".as_ref()), "it became the app");
    assert_eq!(cli::json(&world, &["config", "list"]), serde_json::json!([]));
    // The command line that lies beside it is its own, and needs no decision.
    let listed = world.command(&mooring).args(["connection", "list"]).output().unwrap();
    assert!(listed.status.success(), "{}", String::from_utf8_lossy(&listed.stderr));
    let second = world.command(&mooring).args(["backup", "file"]).output().unwrap();
    assert!(!second.status.success(), "a vault that is open cannot be backed up from outside");
}

#[test]
fn a_command_line_that_lies_alone_says_what_is_missing() {
    let world = World::new(NO_WINDOW);
    let mooring = installed(&world, &["mooring"]);
    let output = agent(&world, &mooring).output().unwrap();
    assert_eq!(output.status.code(), Some(69));
    let text = String::from_utf8(output.stderr).unwrap();
    for part in ["mooring-agent", "mooring-desktop", "nothing was changed", "install Mooring again"] {
        assert!(text.contains(part), "{part} is missing: {text}");
    }
}
