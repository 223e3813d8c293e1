//! The keys that institutions give: typed into the guided form, refused in words, kept, changed, deleted.

use fantoccini::Locator;
use serde_json::json;
use tests::app::App;
use tests::canary::leaks;
use tests::cli;
use tests::provider::Provider;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// The size of a narrow panel.
const NARROW: Wants = Wants { display: Some((460, 840)), keychain: true };
/// Looks like a secret, so that the scan finds it where it must not be.
const SECRET: &str = "CANARY-client-secret";

async fn opened(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.go_to("Providers and keys").await.unwrap();
    app.press("Add keys").await.unwrap();
    app
}

#[tokio::test]
async fn keys_for_an_institution_of_the_catalogue_are_added_changed_and_deleted() {
    let world = World::new(WIDE);
    let app = opened(&world).await;
    app.open_row("Mollie").await.unwrap();
    app.sees("Keys for Mollie").await.unwrap();

    // What was pasted into the wrong field is noticed, and nothing is kept.
    app.types("Client ID", "https://my.mollie.example/apps/1").await.unwrap();
    app.press("Save the keys").await.unwrap();
    app.sees("This looks like a web address.").await.unwrap();
    app.sees("The institution wants one.").await.unwrap();
    assert_eq!(cli::json(&world, &["config", "list"]), json!([]), "what was refused is not kept");

    app.types("Client ID", "app_mooring").await.unwrap();
    app.types("Client secret", SECRET).await.unwrap();
    app.press("Save the keys").await.unwrap();
    app.sees("The keys for Mollie are saved").await.unwrap();
    app.sees("mooring://oauth/callback").await.unwrap();
    app.press("Back to the list").await.unwrap();
    app.sees("Not in use").await.unwrap();

    // Opened again, it shows everything but the secret.
    app.open_row("Mollie").await.unwrap();
    app.sees("One is stored. Leave this empty to keep it.").await.unwrap();
    assert_eq!(app.value("Client ID").await.unwrap(), "app_mooring");
    assert_eq!(app.value("Client secret").await.unwrap(), "");
    app.types("Client ID", "app_other").await.unwrap();
    app.press("Save the changes").await.unwrap();
    app.sees("The keys for Mollie are changed.").await.unwrap();
    let listed = cli::json(&world, &["config", "list"]);
    assert_eq!(listed[0]["clientId"], "app_other");
    assert_eq!(listed[0]["hasSecret"], true, "the secret was left as it was");

    app.open_row("Mollie").await.unwrap();
    app.press("Delete…").await.unwrap();
    app.sees("Delete the keys for Mollie?").await.unwrap();
    app.press("Delete the keys").await.unwrap();
    app.sees("The keys for Mollie are deleted.").await.unwrap();
    assert_eq!(cli::json(&world, &["config", "list"]), json!([]));
    assert!(leaks(world.folder(), &[SECRET]).is_empty(), "the client secret lies on disk in clear");
    app.close().await.unwrap();
}

#[tokio::test]
async fn an_institution_is_found_by_its_issuer_and_connected_in_a_narrow_window() {
    let provider = Provider::start(&json!({}));
    let world = World::new(NARROW);
    let app = opened(&world).await;
    app.press("Another institution").await.unwrap();
    app.sees("Keys for another institution").await.unwrap();

    // Nobody answers there.
    app.types("Issuer", "https://127.0.0.1:9/").await.unwrap();
    app.press("Look it up").await.unwrap();
    app.find("//*[@role='alert']").await.unwrap();

    app.types("Name of the institution", "Home server").await.unwrap();
    app.types("Issuer", &provider.issuer).await.unwrap();
    app.press("Look it up").await.unwrap();
    app.sees("Found. You will sign in at 127.0.0.1").await.unwrap();
    app.types("Client ID", "mooring").await.unwrap();
    for scope in ["openid", "profile"] {
        let named = format!("//label[.//code[normalize-space(.)='{scope}']]//input");
        app.find(&named).await.unwrap().click().await.unwrap();
    }
    app.press("Save the keys").await.unwrap();
    app.sees("The keys for Home server are saved").await.unwrap();
    app.sees("http://127.0.0.1/callback").await.unwrap();
    app.press("Connect Home server").await.unwrap();
    app.press("Continue at Home server").await.unwrap();

    app.to_authorization().await.unwrap();
    let login = app.find("//input[@name='login']").await.unwrap();
    login.send_keys("ana").await.unwrap();
    app.client.find(Locator::Css("input[name=password]")).await.unwrap().send_keys("any").await.unwrap();
    app.client.find(Locator::Css("button[type=submit]")).await.unwrap().click().await.unwrap();
    let consent = "//form[not(.//input[@name='login'])]//button[@type='submit']";
    // The window closes under this press.
    let _ = app.find(consent).await.unwrap().click().await;
    app.alone().await.unwrap();
    app.sees("Home server is connected").await.unwrap();
    app.press("Done").await.unwrap();
    app.sees("Up to date").await.unwrap();
    app.close().await.unwrap();
}
