//! The person brings the answer by hand: their browser is on another computer, and what it asks there is nobody.

use sandbox::person::{self, Choices};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, Output, Stdio};
use tests::cli;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// Gives `text` to `mooring paste`.
fn paste(world: &World, text: &str) -> Output {
    let mut command = world.command(tests::program("mooring"));
    command.arg("paste").stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut pasting = command.spawn().unwrap();
    pasting.stdin.take().unwrap().write_all(text.as_bytes()).unwrap();
    pasting.wait_with_output().unwrap()
}

fn code_in(landed: &str) -> String {
    let landed = url::Url::parse(landed).unwrap();
    landed.query_pairs().find(|(name, _)| name == "code").unwrap().1.into_owned()
}

#[tokio::test]
async fn an_address_is_handed_in_through_standard_input_and_counts_once() {
    let world = World::new(NO_WINDOW);
    let agent = cli::agent_with(&world, &["--sandbox"]);
    let (_waiting, address) = cli::connect(&world, "practice-bank", "1");
    let landed = person::approve(&address, &Choices::default()).await.unwrap();
    let code = code_in(&landed);
    let forged = landed.replace("state=", "state=x");
    for wrong in [forged.as_str(), "http://127.0.0.1/callback?code=CANARY", "CANARY", &address] {
        let refused = paste(&world, wrong);
        let told = String::from_utf8_lossy(&refused.stderr);
        assert!(!refused.status.success(), "{wrong}");
        assert!(told.contains("does not belong"), "{told}");
        assert!(!told.contains(&code) && !told.contains("CANARY"), "nothing of it is repeated: {told}");
    }
    assert_eq!(paste(&world, "\n\n").status.code(), Some(65), "nothing is no address");
    let taken = paste(&world, &format!("\n  {landed}  \nwhat comes after it\n"));
    assert!(taken.status.success(), "{}", String::from_utf8_lossy(&taken.stderr));
    cli::linked(&world, "practice-bank", "1").await;
    assert!(!paste(&world, &landed).status.success(), "an answer counts once");
    assert!(cli::mooring(&world, &["token", "practice-bank", "1"]).status.success());
    assert!(!agent.output().contains(&code), "the agent's log holds the code");
}

/// `mooring connect` in a terminal: what is typed goes to it, and what it says comes back.
struct Terminal {
    child: Child,
    output: BufReader<std::process::ChildStdout>,
}

impl Terminal {
    fn connect(world: &World) -> Self {
        let program = tests::program("mooring");
        let line = format!("{} connect practice-bank 1 --user-agent print", program.display());
        let mut command = world.command("script");
        command.args(["--quiet", "--return", "--command", &line, "/dev/null"]);
        command.stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("package bsdutils");
        let output = BufReader::new(child.stdout.take().unwrap());
        Self { child, output }
    }

    /// Reads on to a line for which `wanted` holds.
    fn says(&mut self, wanted: impl Fn(&str) -> bool) -> String {
        let mut line = String::new();
        while self.output.read_line(&mut line).unwrap() > 0 {
            if wanted(line.trim()) {
                return line.trim().to_owned();
            }
            line.clear();
        }
        panic!("it ended without saying so");
    }

    fn pastes(&mut self, text: &str) {
        writeln!(self.child.stdin.as_mut().unwrap(), "{text}").unwrap();
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_address_is_pasted_where_connect_waits() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent_with(&world, &["--sandbox"]);
    let mut terminal = Terminal::connect(&world);
    let address = terminal.says(|line| line.starts_with("http"));
    terminal.says(|line| line.contains("paste its address here"));
    let landed = person::approve(&address, &Choices::default()).await.unwrap();
    terminal.pastes(&landed.replace("state=", "state=x"));
    terminal.says(|line| line.contains("does not belong"));
    terminal.pastes(&landed);
    terminal.says(|line| line.contains("Connected to"));
    assert!(cli::ended(&mut terminal.child).await.success());
    cli::linked(&world, "practice-bank", "1").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn standard_input_that_is_no_terminal_is_left_alone() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent_with(&world, &["--sandbox"]);
    let line =
        format!("{} connect practice-bank 1 --user-agent print; cat", tests::program("mooring").display());
    let mut command = world.command("sh");
    command.args(["-c", &line]).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(b"for the next program\n").unwrap();
    let mut output = BufReader::new(child.stdout.take().unwrap());
    let mut address = String::new();
    output.read_line(&mut address).unwrap();
    let landed = person::approve(address.trim(), &Choices::default()).await.unwrap();
    reqwest::get(&landed).await.unwrap();
    let mut next = String::new();
    output.read_line(&mut next).unwrap();
    assert_eq!(next, "for the next program\n");
    assert!(cli::ended(&mut child).await.success());
}
