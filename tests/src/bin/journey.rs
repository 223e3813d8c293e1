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
    let mut number = 0;
    macro_rules! picture {
        ($name:literal) => {
            number += 1;
            app.settled().await?;
            world.picture(&out.join(format!("{number:02}-{}.png", $name)));
        };
    }

    app.sees("Welcome to Mooring").await?;
    picture!("first-run");
    app.press("Create the vault").await?;
    app.sees("Nothing is connected yet").await?;
    picture!("empty");
    app.press("Connect the practice bank").await?;
    app.to_authorization().await?;
    app.sees("Sign in").await?;
    picture!("sign-in");
    app.press("Sign in").await?;
    app.sees("Share your accounts").await?;
    picture!("consent");
    app.press_last("Allow").await?;
    app.alone().await?;
    app.sees("is connected").await?;
    picture!("connected");
    app.press("Done").await?;
    app.sees("Up to date").await?;
    picture!("list");
    app.open_connection().await?;
    app.sees("First authorized").await?;
    picture!("detail");
    app.press("Disconnect…").await?;
    app.sees("What stays").await?;
    picture!("disconnect");
    app.press("Disconnect").await?;
    app.sees("Everything fetched so far is kept").await?;
    picture!("disconnected");
    app.press("Reconnect").await?;
    app.to_authorization().await?;
    app.approve_at_practice_bank().await?;
    app.alone().await?;
    app.sees("is connected again").await?;
    picture!("reconnected");
    app.close().await
}
