//! Prints a fresh access token: `token CONFIG_KEY CONNECTION_ID`. Needs the crate `serde_json`; a program of your own
//! takes an HTTP client as well.
//! MOORING_SECRET is what `mooring caller secret` prints; MOORING_ADDRESS is where Mooring listens.

use std::error::Error;
use std::io::{Read, Write};
use std::net::TcpStream;

fn main() -> Result<(), Box<dyn Error>> {
    let address = std::env::var("MOORING_ADDRESS").unwrap_or_else(|_| "127.0.0.1:3004".to_owned());
    let secret = std::env::var("MOORING_SECRET")?;
    let mut names = std::env::args().skip(1);
    let (config_key, connection_id) =
        (names.next().ok_or("CONFIG_KEY?")?, names.next().ok_or("CONNECTION_ID?")?);

    let mut mooring = TcpStream::connect(&address)?;
    write!(
        mooring,
        "GET /v1/connections/{config_key}/{connection_id}/token?min_ttl=60 HTTP/1.1\r\n\
         Host: {address}\r\nAuthorization: Bearer {secret}\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = String::new();
    mooring.read_to_string(&mut answer)?;
    let (head, body) = answer.split_once("\r\n\r\n").ok_or("no answer")?;
    if !head.starts_with("HTTP/1.1 200 ") {
        return Err(body.into());
    }
    let token: serde_json::Value = serde_json::from_str(body)?;
    println!("{}", token["accessToken"].as_str().ok_or("no token")?);
    Ok(())
}
