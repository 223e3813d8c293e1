//! Plays the main journey in the real window and takes a picture at each station.
//!
//! `journey --out FOLDER --app PROGRAM`; the program is the one that lies among the built ones.

use anyhow::{Context as _, Result};
use std::path::PathBuf;
use tests::app::App;
use tests::world::{Wants, World};

/// As wide as the interface is designed for.
const SIZE: (u32, u32) = (1080, 760);

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut out = PathBuf::from("target/journey");
    while let Some(argument) = arguments.next() {
        if argument == "--out" {
            out = arguments.next().context("--out wants a folder")?.into();
        }
    }
    std::fs::create_dir_all(&out)?;
    let world = World::new(Wants { display: Some(SIZE), keychain: true });
    let app = App::open(&world).await?;
    let mut journey = Journey { world, app, out, pictures: 0 };
    journey.connect().await?;
    journey.disconnect_and_reconnect().await?;
    journey.link_a_bank().await?;
    journey.app.close().await
}

struct Journey {
    world: World,
    app: App,
    out: PathBuf,
    pictures: u32,
}

impl Journey {
    /// Takes a picture once this is on screen and nothing moves.
    async fn at(&mut self, text: &str, name: &str) -> Result<()> {
        self.app.sees(text).await?;
        self.picture(name).await
    }

    async fn picture(&mut self, name: &str) -> Result<()> {
        self.app.settled().await?;
        self.pictures += 1;
        self.world.picture(&self.out.join(format!("{:02}-{name}.png", self.pictures)));
        Ok(())
    }

    /// First run, and the practice bank in the authorization window.
    async fn connect(&mut self) -> Result<()> {
        self.at("Welcome to Mooring", "first-run").await?;
        self.app.press("Create the vault").await?;
        self.at("Nothing is connected yet", "empty").await?;
        self.app.press("Connect the practice bank").await?;
        self.app.to_authorization().await?;
        self.at("Sign in", "sign-in").await?;
        self.app.press("Sign in").await?;
        self.at("Share your accounts", "consent").await?;
        self.app.press_last("Allow").await?;
        self.app.alone().await?;
        self.at("is connected", "connected").await?;
        self.app.press("Done").await?;
        self.at("Up to date", "list").await?;
        self.app.open_connection().await?;
        self.at("First authorized", "detail").await
    }

    async fn disconnect_and_reconnect(&mut self) -> Result<()> {
        self.app.press("Disconnect…").await?;
        self.at("What stays", "disconnect").await?;
        self.app.press("Disconnect").await?;
        self.at("Everything fetched so far is kept", "disconnected").await?;
        self.app.press("Reconnect").await?;
        self.app.to_authorization().await?;
        self.app.approve_at_practice_bank().await?;
        self.app.alone().await?;
        self.at("is connected again", "reconnected").await?;
        self.app.press("Done").await
    }

    /// A practice bank that asks for a code.
    async fn link_a_bank(&mut self) -> Result<()> {
        self.app.press("Connections").await?;
        self.app.press("Connect").await?;
        self.at("Brazilian banks", "institutions").await?;
        self.app.press("Practice with invented banks").await?;
        self.at("Which institution?", "brazilian-banks").await?;
        self.app.types("Search institutions", "MFA two steps").await?;
        self.app.press_row("MFA two steps").await?;
        self.app.types("Usuário", "user-ok").await?;
        self.app.types("Senha", "password-ok").await?;
        self.picture("login").await?;
        self.app.press("Connect MFA two steps (Sandbox)").await?;
        self.at("asks you something", "question").await?;
        self.app.types("Chave de segurança", "123456").await?;
        self.app.press("Send the answer").await?;
        self.at("Connecting MFA two steps", "reading").await?;
        self.at("is connected", "read").await?;
        self.app.press("See the accounts").await?;
        self.at("R$", "accounts").await?;
        self.app.press("Connections").await?;
        self.at("MFA two steps", "list-of-all").await?;
        self.app.press_row("MFA two steps").await?;
        self.at("R$", "bank").await
    }
}
