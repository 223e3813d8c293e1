//! Accounting, banks and shops through Codat, as a person sees and controls them; also at the size of Codat's own
//! component.

use tests::app::App;
use tests::cli;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };
/// The size of Codat's component in a web page.
const NARROW: Wants = Wants { display: Some((460, 840)), keychain: true };

/// Opens the app and goes to the practice companies.
async fn companies(world: &World) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.press("Connect an institution").await.unwrap();
    app.press("Practice with an invented company").await.unwrap();
    app.sees("Which company?").await.unwrap();
    app
}

#[tokio::test]
async fn what_is_connected_there_is_listed_and_can_be_disconnected_and_connected_again() {
    let world = World::new(NARROW);
    let app = companies(&world).await;
    app.press("Connections").await.unwrap();
    let connections = cli::json(&world, &["connection", "list"]);
    let all = connections.as_array().unwrap();
    assert!(all.len() > 20, "{} connections of the practice companies", all.len());
    for status in ["Linked", "Unlinked", "Deauthorized"] {
        assert!(all.iter().any(|one| one["status"] == status), "none is {status}");
    }
    app.close().await.unwrap();
}
