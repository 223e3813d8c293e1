//! A program at the socket while somebody is there to be asked: this test is the program (behind our own command line,
//! since it is the running program's own file) and the person at the window as well.

use crate::place::Windows;
use broker::Withdrawal;
use broker::caller::CallerId;
use broker::permission::Decision;
use connections::view::CoreEvent;
use runtime::{Options, Runtime, VaultProtection};
use secret::SecretString;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;

const TOKEN: &[u8] =
    b"{\"v\":1,\"id\":7,\"op\":\"token\",\"params\":{\"configKey\":\"bank\",\"connectionId\":\"ana\"}}\n";

async fn opened(folder: &TempDir) -> Runtime {
    let options = Options {
        folder: folder.path().to_owned(),
        user_agent: Arc::new(Windows::default()),
        serve: true,
        somebody_there: true,
    };
    let runtime = Runtime::new(options).unwrap();
    let passphrase = SecretString::from("a passphrase of a test");
    runtime.create_vault(VaultProtection::Passphrase, Some(passphrase)).await.unwrap();
    runtime
}

/// Waits until so many questions wait; the window hears of each change.
async fn until_asked(runtime: &Runtime, questions: usize) {
    let mut events = runtime.subscribe();
    let callers = runtime.callers().unwrap();
    let waiting = async {
        while callers.pending().len() != questions {
            while !matches!(events.recv().await.unwrap(), CoreEvent::QuestionsChanged) {}
        }
    };
    tokio::time::timeout(Duration::from_secs(30), waiting).await.expect("the question");
}

async fn ask(folder: &TempDir) -> UnixStream {
    ask_for(folder, TOKEN).await
}

async fn ask_for(folder: &TempDir, request: &[u8]) -> UnixStream {
    let mut socket = UnixStream::connect(folder.path().join("mooring.sock")).await.unwrap();
    socket.write_all(request).await.unwrap();
    socket
}

async fn answer(socket: UnixStream) -> Value {
    let mut lines = BufReader::new(socket).lines();
    loop {
        let line: Value = serde_json::from_str(&lines.next_line().await.unwrap().unwrap()).unwrap();
        // That the person is asked is told before the answer.
        if line["event"] != "asking" {
            return line;
        }
    }
}

#[tokio::test]
async fn the_person_is_asked_and_the_answer_reaches_the_program() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = opened(&folder).await;
    let callers = runtime.callers().unwrap();
    let socket = ask(&folder).await;
    until_asked(&runtime, 1).await;
    let question = callers.pending().remove(0);
    assert!(question.through_cli);
    callers.answer(question.question, Decision::NotNow, false).await.unwrap();
    let refused = answer(socket).await;
    assert_eq!(refused["error"]["params"]["reason"], "refused");
    callers.revoke(&withdrawal(&question.caller)).await.unwrap();
    // One that only asks nothing more still hears its answer.
    let mut socket = ask(&folder).await;
    socket.shutdown().await.unwrap();
    until_asked(&runtime, 1).await;
    callers.answer(callers.pending()[0].question, Decision::Always, false).await.unwrap();
    assert_eq!(
        answer(socket).await["error"]["code"],
        "unknown_connection",
        "let through, as far as there is something"
    );
    let given = answer(ask(&folder).await).await;
    assert_eq!(given["error"]["code"], "unknown_connection", "always is not asked again");
}

#[tokio::test]
async fn a_program_that_hangs_up_withdraws_its_question() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = opened(&folder).await;
    let (one, other) = (ask(&folder).await, ask(&folder).await);
    until_asked(&runtime, 1).await;
    drop(one);
    drop(other);
    until_asked(&runtime, 0).await;
    let (lines, _) =
        runtime.callers().unwrap().audit(&broker::audit::AuditFilter::default(), None, 10).await.unwrap();
    assert!(lines.iter().all(|line| line.outcome != broker::gate::Outcome::Given), "{lines:?}");
}

#[tokio::test]
async fn what_ends_something_is_asked_and_what_only_changes_it_is_not() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = opened(&folder).await;
    let callers = runtime.callers().unwrap();
    let about = |operation: &str| {
        let key = "{\"configKey\":\"bank\",\"connectionId\":\"ana\"}";
        format!("{{\"v\":1,\"id\":7,\"op\":\"{operation}\",\"params\":{key}}}\n")
    };
    for unasked in ["connection.pause", "connection.show"] {
        let told = answer(ask_for(&folder, about(unasked).as_bytes()).await).await;
        assert_eq!(told["error"]["code"], "unknown_connection", "{unasked}");
    }
    for asked in ["connection.delete", "connection.disconnect"] {
        let socket = ask_for(&folder, about(asked).as_bytes()).await;
        until_asked(&runtime, 1).await;
        let question = callers.pending().remove(0);
        assert!(question.ends, "{asked}");
        callers.answer(question.question, Decision::NotNow, false).await.unwrap();
        assert_eq!(answer(socket).await["error"]["params"]["reason"], "refused", "{asked}");
        // That it was put aside is forgotten when something is decided about the program.
        let elsewhere = Withdrawal { general: true, ..withdrawal(&question.caller) };
        callers.revoke(&elsewhere).await.unwrap();
    }
}

#[tokio::test]
async fn a_program_that_was_refused_does_not_take_its_refusal_back_unasked() {
    let folder = tempfile::tempdir().unwrap();
    let runtime = opened(&folder).await;
    let callers = runtime.callers().unwrap();
    let socket = ask(&folder).await;
    until_asked(&runtime, 1).await;
    let question = callers.pending().remove(0);
    callers.answer(question.question, Decision::Never, false).await.unwrap();
    assert_eq!(answer(socket).await["error"]["params"]["reason"], "refused");
    let forget =
        json!({ "v": 1, "id": 7, "op": "caller.revoke", "params": { "caller": question.caller.as_str() } });
    let socket = ask_for(&folder, format!("{forget}\n").as_bytes()).await;
    until_asked(&runtime, 1).await;
    let asked = callers.pending().remove(0);
    assert_eq!(asked.access, broker::caller::Access::Admission);
    callers.answer(asked.question, Decision::NotNow, false).await.unwrap();
    assert_eq!(answer(socket).await["error"]["params"]["reason"], "refused");
    assert_eq!(answer(ask(&folder).await).await["error"]["params"]["reason"], "refused", "it holds");
}

fn withdrawal(caller: &CallerId) -> Withdrawal {
    Withdrawal { caller: caller.clone(), access: None, connection: None, general: false }
}
