//! What Mooring is measured against, built as Mooring is: bare servers, plain loops, and vaults with invented content.
//! `cargo xtask bench` runs it; by hand:
//!
//! ```text
//! yardstick echo BYTES                        answers each request with that many bytes, and does nothing else
//! yardstick provider MILLISECONDS             a token endpoint that takes so long; `/count` tells how often it was asked
//! yardstick refresh URL COUNT AT_ONCE         asks a token endpoint in a plain loop; prints seconds
//! yardstick fill CONNECTIONS ACCOUNTS         makes the vault of this profile, all of it direct
//! yardstick fill-mixed CONNECTIONS            the same, direct and through both aggregators
//! yardstick fill-expired CONNECTIONS URL      the same, each with a token that has ended, renewed at URL
//! yardstick rows ROUNDS                       opens the vault of this profile and searches it, and so does a plain loop
//! ```

#![expect(clippy::print_stdout, reason = "prints what it measured, and where it listens")]

mod fill;
mod refresh;
mod rows;
mod serve;

use anyhow::{Result, bail};
use fill::Content;

#[tokio::main]
async fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    match arguments.as_slice() {
        ["echo", bytes] => serve::echo(bytes.parse()?).await,
        ["provider", milliseconds] => serve::provider(milliseconds.parse()?).await,
        ["refresh", url, count, at_once] => {
            refresh::plain_loop(&url.parse()?, count.parse()?, at_once.parse()?).await
        }
        ["fill", connections, accounts] => {
            fill::fill(Content::Direct { accounts: accounts.parse()? }, connections.parse()?).await
        }
        ["fill-mixed", connections] => fill::fill(Content::Mixed, connections.parse()?).await,
        ["fill-expired", connections, url] => {
            fill::fill(Content::Expired { token_endpoint: url.parse()? }, connections.parse()?).await
        }
        ["rows", rounds] => rows::measure(rounds.parse()?).await,
        _ => bail!("what is to be measured? see the head of this program's source"),
    }
}
