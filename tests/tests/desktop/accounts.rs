//! Accounts as a person looks at them: linked, searched, narrowed, exported to a file.

use tests::app::App;
use tests::cli;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

#[tokio::test]
async fn accounts_are_searched_narrowed_and_exported_to_a_file() {
    let mut world = World::new(WIDE);
    let chosen = world.folder().join("exported");
    std::fs::create_dir(&chosen).unwrap();
    world.set("MOORING_FILE_DIALOG", &chosen);
    let app = App::open(&world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect an institution").await.unwrap();
    app.press("Practice with invented banks").await.unwrap();
    app.sees("Which institution?").await.unwrap();
    app.types("Search institutions", "Pluggy Bank (Sandbox)").await.unwrap();
    app.press_row("Pluggy Bank (Sandbox)").await.unwrap();
    app.types("Usuário", "user-ok").await.unwrap();
    app.types("Senha", "password-ok").await.unwrap();
    app.press("Connect Pluggy Bank (Sandbox)").await.unwrap();
    app.sees("is connected").await.unwrap();
    app.press("Accounts").await.unwrap();
    app.sees("In accounts").await.unwrap();
    app.press("Transactions").await.unwrap();
    app.sees("transactions").await.unwrap();
    app.types("Search transactions and amounts", "salario").await.unwrap();
    app.sees("SALARIO - OFICINA DO SOL LTDA").await.unwrap();
    app.choose("Kind", "Credit card").await.unwrap();
    app.sees("No transaction matches.").await.unwrap();
    app.press("Export…").await.unwrap();
    app.press_in_dialog("Choose where to save").await.unwrap();
    app.sees("Saved to mooring-transactions-").await.unwrap();
    app.press_in_dialog("Close").await.unwrap();
    app.allow_this_program().await.unwrap();
    let file = std::fs::read_dir(&chosen).unwrap().next().unwrap().unwrap().path();
    let written = std::fs::read_to_string(file).unwrap();
    assert_eq!(written, cli::ok(&world, &["export", "--csv"]), "the window and the command write the same");
    assert!(written.lines().count() > 50 && written.contains("SALARIO - OFICINA DO SOL LTDA"));
    app.close().await.unwrap();
}
