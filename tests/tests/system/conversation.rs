//! The conversations in `docs/local-api.md` are held with a running agent, and what is written there is what is
//! answered, word for word; what differs from run to run stands there in angle brackets. The requests are the
//! document's; with `MOORING_CODEGEN=write` in the environment these tests write the answers.

use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Write as _};
use std::sync::Mutex;
use tests::app::free_port;
use tests::cli;
use tests::perl;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// What differs from run to run.
fn without_volatile(name: &str, value: Value) -> Value {
    match value {
        Value::Object(members) => members
            .into_iter()
            .map(|(name, value)| {
                let value = without_volatile(&name, value);
                (name, value)
            })
            .collect(),
        Value::Array(all) => all.into_iter().map(|one| without_volatile(name, one)).collect(),
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => json!("<instant>"),
        Value::String(_) if matches!(name, "accessToken" | "access_token") => json!("<token>"),
        Value::String(_) if matches!(name, "version" | "publishableKey") => json!(format!("<{name}>")),
        Value::Number(_) if matches!(name, "pid" | "sequence") => json!(format!("<{name}>")),
        other => other,
    }
}

/// A block of the document, and how each of its requests is answered.
struct Transcript {
    /// The line that begins it.
    opening: &'static str,
    /// Words that are this run's own, and what stands for them in the document.
    own: Vec<(String, &'static str)>,
}

impl Transcript {
    /// Asks each request of the document, and compares the answers or writes them.
    fn hold(&self, mut ask: impl FnMut(&str) -> String) {
        let path = tests::workspace().join("docs/local-api.md");
        let document = std::fs::read_to_string(&path).unwrap();
        let (_, rest) = document.split_once(&format!("```{}\n", self.opening)).unwrap();
        let (block, _) = rest.split_once("```").unwrap();
        let mut held = String::new();
        for request in block.lines().filter_map(|line| line.strip_prefix("> ")) {
            let answer =
                ask(&self.own.iter().fold(request.to_owned(), |text, (own, word)| text.replace(word, own)));
            let answer = self.own.iter().fold(answer, |text, (own, word)| text.replace(own, word));
            held.extend(["> ", request, "\n< ", &answer, "\n"]);
        }
        assert!(held.lines().count() >= 16, "too little is asked: {held}");
        if std::env::var("MOORING_CODEGEN").as_deref() == Ok("write") {
            // The other test may write its own block at the same time.
            static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
            let _turn = ONE_AT_A_TIME.lock().unwrap();
            let document = std::fs::read_to_string(&path).unwrap();
            std::fs::write(&path, document.replace(&format!("\n{block}```"), &format!("\n{held}```")))
                .unwrap();
            return;
        }
        for (written, actual) in block.lines().zip(held.lines()) {
            assert_eq!(written, actual, "docs/local-api.md is stale; MOORING_CODEGEN=write writes it");
        }
        assert_eq!(block, held);
    }
}

fn own_file() -> String {
    std::fs::canonicalize(std::env::current_exe().unwrap()).unwrap().to_str().unwrap().to_owned()
}

#[tokio::test]
async fn the_conversation_of_the_document_is_the_one_that_is_held() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    // This program is the one that the document allows.
    let own = own_file();
    cli::ok(&world, &["caller", "allow", &own, "--access", "token,data,list"]);
    let socket = std::os::unix::net::UnixStream::connect(world.profile().join("mooring.sock")).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    let name = own.rsplit('/').next().unwrap().to_owned();
    let transcript = Transcript { opening: "transcript", own: vec![(name, "PROGRAM")] };
    transcript.hold(|request| {
        (&socket).write_all(format!("{request}\n").as_bytes()).unwrap();
        let answer: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
        without_volatile("", answer).to_string()
    });
}

#[tokio::test]
async fn the_requests_over_http_are_answered_as_the_document_has_it() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    let port = free_port().unwrap().to_string();
    cli::ok(&world, &["http", "on", "--port", &port]);
    let own = own_file();
    cli::ok(&world, &["caller", "allow", &format!("http:{own}"), "--access", "token,data,list"]);
    let secret = cli::ok(&world, &["caller", "secret"]).trim().to_owned();
    let up = || async { Ok(tokio::net::TcpStream::connect(format!("127.0.0.1:{port}")).await.ok()) };
    tests::app::until("the interface to be on", up).await.unwrap();
    let client = reqwest::Client::new();
    let transcript = Transcript {
        opening: "transcript-http",
        own: vec![(own, "PROGRAM"), (format!(":{port}/"), ":PORT/")],
    };
    let handle = tokio::runtime::Handle::current();
    tokio::task::spawn_blocking(move || {
        transcript.hold(|request| {
            let mut words = request.splitn(3, ' ');
            let (method, path) = (words.next().unwrap(), words.next().unwrap());
            let url = format!("http://127.0.0.1:{port}{path}");
            let mut ask = client.request(method.parse().unwrap(), url).bearer_auth(&secret);
            if let Some(body) = words.next() {
                ask = ask.header("content-type", "application/json").body(body.to_owned());
            }
            handle.block_on(async {
                let answer = ask.send().await.unwrap();
                let status = answer.status().as_u16();
                let body: Value = serde_json::from_str(&answer.text().await.unwrap()).unwrap();
                format!("{status} {}", without_volatile("", body))
            })
        });
    })
    .await
    .unwrap();
}
