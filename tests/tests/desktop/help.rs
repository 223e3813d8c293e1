//! Help in the real window: what is wrong on this computer, put right from there, and a report that tells nothing.

use std::os::unix::fs::PermissionsExt as _;
use tests::app::{App, until};
use tests::canary::leaks_in;
use tests::world::{Wants, World};

const WIDE: Wants = Wants { display: Some((1080, 760)), keychain: true };

#[tokio::test(flavor = "multi_thread")]
async fn a_folder_that_is_open_is_found_and_closed_and_the_report_names_nobody() {
    let world = World::new(WIDE);
    let app = App::open(&world).await.unwrap();
    app.find("//summary[normalize-space(.)='Why is this asked?']").await.unwrap().click().await.unwrap();
    app.sees("its key has to lie somewhere").await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("How Mooring works").await.unwrap();
    app.press("Put this away").await.unwrap();
    app.press("Connect the practice bank").await.unwrap();
    app.to_authorization().await.unwrap();
    app.approve_at_practice_bank().await.unwrap();
    app.alone().await.unwrap();
    app.sees("is connected").await.unwrap();

    let open = std::fs::Permissions::from_mode(0o755);
    std::fs::set_permissions(world.profile(), open).unwrap();
    app.press("Help").await.unwrap();
    app.sees("Other users of this computer can look into").await.unwrap();
    app.press("Put the folder right").await.unwrap();
    app.sees("It is put right").await.unwrap();
    let mode = std::fs::metadata(world.profile()).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o700);

    app.press("Save the report…").await.unwrap();
    app.sees("is saved").await.unwrap();
    let file = world.chosen_file();
    let report = until("the report", || async { Ok(std::fs::read_to_string(&file).ok()) }).await.unwrap();
    assert!(report.contains("\"Linked\"") && report.contains("\"folderOk\""), "{report}");
    let home = world.folder().to_string_lossy().into_owned();
    assert!(!leaks_in(&report, &["Farol", "practice-bank", "Harbour", "127.0.0.1", &home]), "{report}");

    // The tour is put away for good, and is found here.
    app.press("See how it works").await.unwrap();
    app.sees("You approve at the institution").await.unwrap();
    app.press_in_dialog("Close").await.unwrap();
    let settings = std::fs::read_to_string(world.profile().join("settings.json")).unwrap();
    assert!(settings.contains("\"tourSeen\": true"), "{settings}");
    app.close().await.unwrap();
}
