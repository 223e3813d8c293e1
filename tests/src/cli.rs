//! The command line, as a script uses it.

use crate::process::Process;
use crate::program;
use crate::world::World;
use std::process::{Child, ExitStatus, Output, Stdio};

/// The passphrase of tests. Looks like a secret, so that the canary scan finds it where it must not be.
pub const PASSPHRASE: &str = "CANARY-passphrase-of-a-test";

/// Runs `mooring` with these arguments to its end.
pub fn mooring(world: &World, arguments: &[&str]) -> Output {
    world.command(program("mooring")).args(arguments).output().unwrap()
}

/// As [`mooring`], and it must succeed; answers standard output.
pub fn ok(world: &World, arguments: &[&str]) -> String {
    let output = mooring(world, arguments);
    let errors = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "mooring {arguments:?} ended with {:?}: {errors}", output.status.code());
    String::from_utf8(output.stdout).unwrap()
}

/// As [`ok`], and standard output is JSON.
pub fn json(world: &World, arguments: &[&str]) -> serde_json::Value {
    let mut all = vec!["--json"];
    all.extend(arguments);
    serde_json::from_str(&ok(world, &all)).unwrap()
}

/// Starts the agent with a passphrase, and waits until it is ready.
pub fn agent(world: &World) -> Process {
    agent_with(world, &[])
}

/// As [`agent`], with more arguments.
pub fn agent_with(world: &World, more: &[&str]) -> Process {
    let file = world.folder().join("passphrase");
    std::fs::write(&file, format!("{PASSPHRASE}\n")).unwrap();
    let mut command = world.command(program("mooring"));
    command.args(["agent", "--passphrase-file"]).arg(&file).args(more).env("RUST_LOG", "debug");
    let (process, ()) = Process::start(command, |line| (line == "ready").then_some(()));
    // It has read it; from here on the file would be a secret in clear that is not the program's fault.
    std::fs::remove_file(&file).unwrap();
    process
}

/// Starts `mooring connect --user-agent print`, and answers it with the address that it printed.
pub fn connect(world: &World, config_key: &str, connection_id: &str) -> (Process, String) {
    let mut command = world.command(program("mooring"));
    command.args(["connect", config_key, connection_id, "--user-agent", "print"]);
    Process::start(command, |line| line.starts_with("http").then(|| line.to_owned()))
}

/// Starts `mooring connect` with this user agent, by name; what it has to say is not heard.
pub fn connect_with(world: &World, user_agent: &str, config_key: &str, connection_id: &str) -> Child {
    let mut command = world.command(program("mooring"));
    command.args(["connect", config_key, connection_id, "--user-agent", user_agent]);
    command.stderr(Stdio::null()).spawn().unwrap()
}

/// Waits until a connection is linked.
pub async fn linked(world: &World, config_key: &str, connection_id: &str) {
    let asked = ["--json", "connection", "show", config_key, connection_id];
    crate::app::until("the connection to be linked", || async {
        let shown = mooring(world, &asked);
        Ok(String::from_utf8_lossy(&shown.stdout).contains("\"Linked\"").then_some(()))
    })
    .await
    .unwrap();
}

/// Waits until there is a connection and it is linked.
pub async fn any_linked(world: &World) {
    crate::app::until("a connection to be linked", || async {
        let shown = mooring(world, &["--json", "connection", "list"]);
        Ok(String::from_utf8_lossy(&shown.stdout).contains("\"Linked\"").then_some(()))
    })
    .await
    .unwrap();
}

/// Waits until a program that was started has ended.
pub async fn ended(child: &mut Child) -> ExitStatus {
    let child = std::cell::RefCell::new(child);
    crate::app::until("a program to end", || async { Ok(child.borrow_mut().try_wait()?) }).await.unwrap()
}
