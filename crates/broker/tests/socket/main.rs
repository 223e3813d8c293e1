//! The local socket under programs that ask too much, too slowly, or never read: each is limited to its part, and
//! others are served.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, unreachable_pub, reason = "nobody outside sees this program")]

mod gone;

use broker::client::{AskError, ask, ask_patiently};
use broker::wire::{Operation, Reply};
use broker::{Door, SocketLimits, listen_within};
use connections::error::{CoreError, ErrorCode};
use serde_json::Value;
use std::path::PathBuf;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::task::JoinHandle;

/// Short enough to be waited for.
const SHORT: Duration = Duration::from_millis(300);
/// What is over by then never ends.
const LONG: Duration = Duration::from_secs(20);
const STATUS: &[u8] = b"{\"v\":1,\"id\":7,\"op\":\"status\"}\n";

/// A socket whose vault is locked: it still answers who it is, and what is in the catalogue.
struct Place {
    socket: PathBuf,
    listening: JoinHandle<()>,
    _door: tokio::sync::watch::Sender<Door>,
    _folder: TempDir,
}

impl Place {
    fn with(limits: SocketLimits) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let socket = folder.path().join("mooring.sock");
        let door = tokio::sync::watch::Sender::new(Door::Closed(CoreError::new(ErrorCode::Locked)));
        let listening = listen_within(&socket, door.subscribe(), limits).unwrap();
        Self { socket, listening, _door: door, _folder: folder }
    }

    async fn connect(&self) -> UnixStream {
        UnixStream::connect(&self.socket).await.unwrap()
    }

    /// What another process hears that asks who is there.
    async fn heard_by_another_process(&self) -> String {
        let asked = "use IO::Socket::UNIX; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die; $s->autoflush(1); \
                     print $s qq({\"v\":1,\"id\":1,\"op\":\"status\"}\\n); print scalar <$s>;";
        let mut perl = tokio::process::Command::new("/usr/bin/perl");
        let output = perl.args(["-e", asked]).arg(&self.socket).output().await.unwrap();
        String::from_utf8(output.stdout).unwrap()
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        self.listening.abort();
    }
}

/// The next line, as JSON.
async fn line(stream: &mut (impl tokio::io::AsyncRead + Unpin)) -> Value {
    let mut line = String::new();
    tokio::time::timeout(LONG, BufReader::new(stream).read_line(&mut line)).await.unwrap().unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer: `{line}`"))
}

/// Waits until the other side has hung up.
async fn ended(stream: &mut UnixStream) {
    let mut rest = Vec::new();
    // A reset is as good as an end.
    let _ = tokio::time::timeout(LONG, stream.read_to_end(&mut rest)).await.expect("the conversation to end");
}

#[tokio::test]
async fn a_process_that_floods_the_socket_gets_its_part_and_others_are_served() {
    let limits = SocketLimits::default();
    let place = Place::with(limits);
    let mut open = Vec::new();
    for _ in 0..limits.conversations + 44 {
        open.push(place.connect().await);
    }
    let mut turned_away = open.split_off(limits.of_one_process);
    let answer = line(&mut turned_away[0]).await;
    assert_eq!(answer["error"]["code"], "busy", "the one after the last is told at once: {answer}");
    assert_eq!(answer["error"]["params"]["reason"], "tooManyPrograms");
    ended(turned_away.last_mut().unwrap()).await;
    let heard = tokio::time::timeout(LONG, place.heard_by_another_process()).await.unwrap();
    assert!(heard.contains("version"), "another process is served meanwhile: {heard}");
    let refused = ask(&place.socket, Operation::Status, |_| {}).await;
    let Err(AskError::Refused(refusal)) = refused else { panic!("not turned away") };
    assert_eq!(refusal.code, ErrorCode::Busy);
    // What is given back is free.
    drop(open);
    let served = async {
        while !matches!(ask(&place.socket, Operation::Status, |_| {}).await, Ok(Reply::Status(_))) {}
    };
    tokio::time::timeout(LONG, served).await.expect("room again");
}

#[tokio::test]
async fn who_asks_nothing_is_not_waited_for_and_who_has_asked_may_think() {
    let place = Place::with(SocketLimits { first_within: SHORT, ..SocketLimits::default() });
    let mut asked = place.connect().await;
    asked.write_all(STATUS).await.unwrap();
    assert!(line(&mut asked).await["ok"]["status"]["pid"].is_u64());
    let mut silent = place.connect().await;
    ended(&mut silent).await;
    asked.write_all(STATUS).await.unwrap();
    assert!(line(&mut asked).await["ok"]["status"]["pid"].is_u64(), "it was silent for longer than that");
}

#[tokio::test]
async fn a_request_that_drips_is_not_waited_for() {
    let place = Place::with(SocketLimits { line_within: SHORT, ..SocketLimits::default() });
    for before in [&b""[..], STATUS] {
        let mut slow = place.connect().await;
        slow.write_all(before).await.unwrap();
        let mut beat = tokio::time::interval(SHORT / 10);
        let dripping = async {
            // Never silent for long, and never done.
            loop {
                beat.tick().await;
                if slow.write_all(b" ").await.is_err() {
                    return;
                }
            }
        };
        tokio::time::timeout(LONG, dripping).await.expect("it is hung up on");
    }
}

#[tokio::test]
async fn who_does_not_read_is_hung_up_on() {
    let place = Place::with(SocketLimits { read_within: SHORT, ..SocketLimits::default() });
    let mut deaf = place.connect().await;
    let flood =
        async { while deaf.write_all(b"{\"v\":1,\"id\":1,\"op\":\"provider.list\"}\n").await.is_ok() {} };
    tokio::time::timeout(LONG, flood).await.expect("it is hung up on");
    assert!(place.heard_by_another_process().await.contains("version"));
}

#[tokio::test]
async fn a_program_that_asks_for_too_much_at_once_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = home(folder.path()).await;
    let mut stream = UnixStream::connect(folder.path().join("mooring.sock")).await.unwrap();
    let most = SocketLimits::default().requests;
    // Each goes on until the program hangs up.
    for id in 1..=most + 1 {
        stream.write_all(format!("{{\"v\":1,\"id\":{id},\"op\":\"events\"}}\n").as_bytes()).await.unwrap();
    }
    let mut lines = BufReader::new(&mut stream).lines();
    let refused = loop {
        let text = tokio::time::timeout(LONG, lines.next_line()).await.unwrap().unwrap().expect("an answer");
        let answer: Value = serde_json::from_str(&text).unwrap();
        if answer["event"] != "listening" {
            break answer;
        }
    };
    assert_eq!(refused["id"], most + 1);
    assert_eq!(refused["error"]["code"], "busy");
    assert_eq!(refused["error"]["params"]["reason"], "tooManyRequests");
    drop(runtime);
}

#[tokio::test]
async fn an_owner_that_is_stopped_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("mooring.sock");
    let _listening = tokio::net::UnixListener::bind(&socket).unwrap();
    let asked = ask_patiently(&socket, Operation::Status, SHORT, |_| {});
    let error = tokio::time::timeout(LONG, asked).await.expect("an end").err().unwrap();
    assert!(matches!(error, AskError::Silent), "{error}");
}

#[tokio::test]
async fn an_owner_that_is_there_is_waited_for() {
    use connections::error::ErrorCode::AttemptOver;
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("mooring.sock");
    let listening = tokio::net::UnixListener::bind(&socket).unwrap();
    let owner = tokio::spawn(async move {
        let (mut stream, _) = listening.accept().await.unwrap();
        let (read, mut write) = stream.split();
        let mut lines = BufReader::new(read).lines();
        let mut asked_whether_there = 0;
        while let Some(text) = lines.next_line().await.unwrap() {
            let request: Value = serde_json::from_str(&text).unwrap();
            if request["id"] != 1 {
                asked_whether_there += 1;
                let id = &request["id"];
                let here = format!(
                    "{{\"id\":{id},\"ok\":{{\"status\":{{\"version\":\"0\",\"pid\":1,\"locked\":false}}}}}}\n"
                );
                write.write_all(here.as_bytes()).await.unwrap();
            }
            if asked_whether_there == 3 {
                let answer =
                    "{\"id\":1,\"error\":{\"code\":\"attempt_over\",\"params\":{},\"detail\":null}}\n";
                write.write_all(answer.as_bytes()).await.unwrap();
                return;
            }
        }
    });
    let asked = ask_patiently(&socket, Operation::Status, SHORT, |_| {});
    let error = tokio::time::timeout(LONG, asked).await.expect("an answer").err().unwrap();
    assert!(matches!(&error, AskError::Refused(refusal) if refusal.code == AttemptOver), "{error}");
    owner.await.unwrap();
}

struct NoWindow;

#[async_trait::async_trait]
impl connections::ports::UserAgent for NoWindow {
    fn surfaces(&self) -> Vec<connections::view::Surface> {
        vec![connections::view::Surface::Browser]
    }
    async fn open(&self, _: connections::ports::Opening) -> Result<(), connections::ports::SurfaceError> {
        Ok(())
    }
    async fn close(&self, _: &connections::id::AttemptId) {}
}

/// An open vault behind its socket.
async fn home(folder: &std::path::Path) -> runtime::Runtime {
    let runtime = runtime::Runtime::new(runtime::Options {
        folder: folder.to_owned(),
        user_agent: std::sync::Arc::new(NoWindow),
        serve: true,
        somebody_there: false,
    })
    .unwrap();
    let passphrase = Some(secret::SecretString::from("a passphrase of a test"));
    runtime.create_vault(runtime::VaultProtection::Passphrase, passphrase).await.unwrap();
    runtime
}
