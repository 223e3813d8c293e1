//! A program that is not ours and speaks to the socket: Perl, which is on every Debian.

use crate::process::Process;
use crate::world::World;
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::process::{Child, ChildStdin, ChildStdout, Stdio};

/// Passes lines on to the socket and back.
const PASS_ON: &str = "use IO::Socket::UNIX; use IO::Handle; $| = 1; \
    my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die; $s->autoflush(1); \
    while (my $line = <STDIN>) { print $s $line; my $answer = <$s>; exit 0 unless defined $answer; print $answer; }";

/// A running Perl with an open conversation.
pub struct Perl {
    child: Child,
    input: ChildStdin,
    output: BufReader<ChildStdout>,
    asked: u64,
}

impl Perl {
    /// Connects to Mooring's socket.
    pub fn connect(world: &World) -> Self {
        let mut command = world.command("/usr/bin/perl");
        command.args(["-e", PASS_ON]).arg(world.profile().join("mooring.sock"));
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        let (input, output) = (child.stdin.take().unwrap(), child.stdout.take().unwrap());
        Self { child, input, output: BufReader::new(output), asked: 0 }
    }

    /// Sends a line as it is; answers the line that comes back, empty when the conversation was ended.
    pub fn line(&mut self, line: &str) -> String {
        // One that was hung up on has no input any more.
        let _ = writeln!(self.input, "{line}");
        let mut answer = String::new();
        self.output.read_line(&mut answer).unwrap();
        answer
    }

    /// Asks, and answers what came back.
    pub fn ask(&mut self, operation: &str, params: &Value) -> Value {
        self.asked += 1;
        let mut request = json!({ "v": 1, "id": self.asked, "op": operation });
        if !params.is_null() {
            request["params"] = params.clone();
        }
        serde_json::from_str(&self.line(&request.to_string())).unwrap()
    }

    /// Asks for what must be refused; answers why.
    pub fn refused(&mut self, operation: &str, params: &Value) -> String {
        let answer = self.ask(operation, params);
        assert_eq!(answer["error"]["code"], "not_permitted", "{operation}: {answer}");
        answer["error"]["params"]["reason"].as_str().unwrap().to_owned()
    }
}

impl Drop for Perl {
    fn drop(&mut self) {
        // One that has ended by itself is as good.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The executable behind the name, as the system tells it.
pub fn executable() -> String {
    std::fs::canonicalize("/usr/bin/perl").unwrap().display().to_string()
}

/// Connects the practice bank under the name `practice-bank/1`, without a window.
pub async fn connect_practice_bank(world: &World) -> Process {
    let agent = crate::cli::agent_with(world, &["--sandbox"]);
    let (_waiting, address) = crate::cli::connect(world, "practice-bank", "1");
    let landed = sandbox::person::approve(&address, &sandbox::person::Choices::default()).await.unwrap();
    reqwest::get(&landed).await.unwrap();
    crate::cli::linked(world, "practice-bank", "1").await;
    agent
}
