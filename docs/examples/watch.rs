//! Lists the accounts of all connections, then tells what happens, over Mooring's socket: `watch SOCKET`.
//! Needs the crate `serde_json`. `mooring caller allow PROGRAM --access data,list` lets it in beforehand.
//! SOCKET is `mooring.sock` in the profile folder, which `mooring doctor` names.

use serde_json::{Value, json};
use std::error::Error;
use std::io::{BufRead, BufReader, Write};
use std::os::unix::net::UnixStream;

fn main() -> Result<(), Box<dyn Error>> {
    let socket = UnixStream::connect(std::env::args().nth(1).ok_or("SOCKET?")?)?;
    let mut lines = BufReader::new(socket.try_clone()?).lines();
    let ask = |id: u64, op: &str, params: Value| {
        writeln!(&socket, "{}", json!({ "v": 1, "id": id, "op": op, "params": params }))
    };
    let mut next = || -> Result<Value, Box<dyn Error>> {
        let line = lines.next().ok_or("Mooring has hung up")??;
        let answer: Value = serde_json::from_str(&line)?;
        match answer.get("error") {
            Some(refused) => Err(refused.to_string().into()),
            None => Ok(answer),
        }
    };

    let mut cursor = Value::Null;
    loop {
        ask(1, "accounts.list", json!({ "cursor": cursor }))?;
        let mut answer = next()?;
        while answer["event"] == "asking" {
            eprintln!("Mooring asks in its window; waiting for the answer.");
            answer = next()?;
        }
        let page = &answer["ok"]["accounts"];
        for account in page[0].as_array().ok_or("no accounts")? {
            println!("{} {} {}", account["name"], account["balance"], account["currency"]);
        }
        cursor = page[1].clone();
        if cursor.is_null() {
            break;
        }
    }

    // Without parameters: `params` may be null.
    ask(2, "events", Value::Null)?;
    loop {
        let answer = next()?;
        if let Some(happened) = answer["event"].get("happened") {
            println!("{happened}");
        } else if answer["event"] == "listening" {
            println!("listening");
        }
    }
}
