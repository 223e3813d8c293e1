//! The conversation in `docs/local-api.md` is held with a real server, and each answer has the shape that is written
//! there.

use serde_json::Value;
use std::io::{BufRead as _, BufReader, Write as _};
use tests::world::{Wants, World};
use tests::{cli, perl};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// Whether `actual` is built as `written` is: the same members, the same kinds. An empty list or object leaves open
/// what is in it, and null leaves open whether there is something.
fn compare(written: &Value, actual: &Value, path: &str) {
    match (written, actual) {
        (Value::Object(one), Value::Object(other)) if !one.is_empty() => {
            let names = |object: &serde_json::Map<String, Value>| object.keys().cloned().collect::<Vec<_>>();
            assert_eq!(names(one), names(other), "members of {path}");
            for (name, value) in one {
                compare(value, &other[name], &format!("{path}.{name}"));
            }
        }
        (Value::Array(one), Value::Array(other)) => {
            assert!(one.is_empty() || !other.is_empty(), "{path} is empty");
            if let (Some(one), Some(other)) = (one.first(), other.first()) {
                compare(one, other, &format!("{path}[0]"));
            }
        }
        (Value::Null, _) => {}
        _ => assert_eq!(kind(written), kind(actual), "{path}: {actual}"),
    }
}

const fn kind(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "bool",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "list",
        Value::Object(_) => "object",
    }
}

#[tokio::test]
async fn the_conversation_of_the_document_is_the_one_that_is_held() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    // This program is the one that the document allows.
    let own = std::env::current_exe().unwrap();
    cli::ok(&world, &["caller", "allow", own.to_str().unwrap(), "--access", "token,data,list"]);
    let text = std::fs::read_to_string(tests::workspace().join("docs/local-api.md")).unwrap();
    // What a program is called is its own.
    let name = own.file_name().unwrap().to_str().unwrap();
    let text = text.replace("PROGRAM", name);
    let transcript = text.split("```transcript\n").nth(1).unwrap().split("```").next().unwrap();
    let socket = std::os::unix::net::UnixStream::connect(world.profile().join("mooring.sock")).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    let mut compared = 0;
    for line in transcript.lines() {
        let (direction, message) = line.split_at(2);
        match direction {
            "> " => (&socket).write_all(format!("{message}\n").as_bytes()).unwrap(),
            "< " => {
                let written: Value = serde_json::from_str(message).unwrap();
                let actual: Value = serde_json::from_str(&lines.next().unwrap().unwrap()).unwrap();
                assert_eq!(written["id"], actual["id"]);
                assert_eq!(written["error"]["code"], actual["error"]["code"], "{actual}");
                assert_eq!(written["error"]["params"], actual["error"]["params"], "{actual}");
                compare(&written, &actual, "answer");
                compared += 1;
            }
            _ => panic!("neither a request nor an answer: {line}"),
        }
    }
    assert!(compared >= 8, "{compared} answers were compared");
}
