//! Serves the sandbox by itself, to look at its pages: `cargo run -p sandbox --example bank [MISBEHAVIOUR ...]`.

#![expect(clippy::print_stdout, reason = "prints where to look")]

use sandbox::{Options, Sandbox};

#[tokio::main]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let bank = Sandbox::start(Options::default()).await?;
    for name in std::env::args().skip(1) {
        bank.misbehave(name.parse()?, None);
    }
    // The challenge of RFC 7636's appendix B: good enough to look at pages.
    println!(
        "{}/oauth/authorize?response_type=code&client_id={}&redirect_uri=http://127.0.0.1:9/callback&state=look\
         &scope=openid+profile+accounts&code_challenge_method=S256\
         &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM",
        bank.issuer(),
        bank.client_id(),
    );
    let (id, secret) = bank.pluggy_client();
    println!(
        "{}/widget\nPLUGGY_API_URL={} PLUGGY_CLIENT_ID={id} PLUGGY_CLIENT_SECRET={secret}",
        bank.pluggy_api(),
        bank.pluggy_api()
    );
    tokio::signal::ctrl_c().await?;
    bank.stop().await;
    Ok(())
}
