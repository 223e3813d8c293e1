//! What the person chooses in Settings holds at once, and still when the app is opened again.

use serde_json::{Value, json};
use tests::app::{App, until};
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

/// What the page says about itself.
async fn page(app: &App, question: &str) -> Value {
    app.client.execute(&format!("return {question}"), Vec::new()).await.unwrap()
}

/// Waits until the page is drawn in a theme: dark paper is darker than its ink.
async fn shows(app: &App, theme: &str) {
    let question = "(() => { const light = (color) => color.match(/[0-9.]+/g).slice(0, 3).reduce((sum, one) => sum + Number(one), 0); \
        const style = getComputedStyle(document.documentElement); \
        return light(style.backgroundColor) < light(getComputedStyle(document.body).color) ? 'dark' : 'light' })()";
    until("the theme to be seen", || async { Ok((page(app, question).await == theme).then_some(())) })
        .await
        .unwrap();
}

async fn kept(world: &World, what: &str, value: &Value) {
    let file = world.profile().join("settings.json");
    until("the choice to be written", || async {
        let text = std::fs::read_to_string(&file).unwrap_or_default();
        let settings: Value = serde_json::from_str(&text).unwrap_or_default();
        Ok((settings["settings"][what] == *value).then_some(()))
    })
    .await
    .unwrap();
}

#[tokio::test]
async fn language_theme_and_surface_change_at_once_and_are_remembered() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    app.press("Settings").await.unwrap();

    for (theme, stored) in [("Light", "light"), ("Dark", "dark")] {
        app.choose("Theme", theme).await.unwrap();
        kept(&world, "theme", &json!(stored)).await;
        shows(&app, stored).await;
    }

    app.choose("Where to approve", "Your browser").await.unwrap();
    kept(&world, "surface", &json!("browser")).await;

    app.choose("Language", "Português (Brasil)").await.unwrap();
    app.sees("Ajustes").await.unwrap();
    assert!(!app.text().await.unwrap().contains("Where to approve"), "no word of the other language stays");
    assert_eq!(page(&app, "document.documentElement.lang").await, "pt-BR");
    kept(&world, "language", &json!("pt-BR")).await;
    app.close().await.unwrap();

    let app = App::open(&world).await.unwrap();
    app.sees("Nada conectado ainda").await.unwrap();
    shows(&app, "dark").await;
    app.press("Ajustes").await.unwrap();
    assert_eq!(app.value("Onde autorizar").await.unwrap(), "browser");
    // And back, as a person who did not want it.
    app.choose("Idioma", "English").await.unwrap();
    app.sees("Language and look").await.unwrap();
    app.close().await.unwrap();
}
