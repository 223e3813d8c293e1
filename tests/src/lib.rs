//! The world in which the built programs are tested: a display, a session bus, a keychain and folders of its own for
//! each test, the app under WebDriver, the CLI, and servers that nobody here wrote.
//!
//! Nothing here waits by the clock: each wait is for something that must happen, and fails with its name.

pub mod app;
pub mod bar;
pub mod canary;
pub mod chromium;
pub mod cli;
pub mod desk;
pub mod gallery;
pub mod load;
pub mod ofx;
pub mod pages;
pub mod perl;
pub mod person;
pub mod process;
pub mod profile;
pub mod provider;
pub mod watch;
pub mod witness;
pub mod world;

use std::path::PathBuf;

/// The folder of the built programs: where `cargo xtask` says, else beside this test's own.
pub fn programs() -> PathBuf {
    if let Some(folder) = std::env::var_os("MOORING_PROGRAMS") {
        return PathBuf::from(folder);
    }
    let own = std::env::current_exe().unwrap();
    let folder = own.parent().unwrap();
    if folder.ends_with("deps") { folder.parent().unwrap().to_owned() } else { folder.to_owned() }
}

/// A built program. Tests drive programs that were built before them, so that what is tested is what is handed out.
pub fn program(name: &str) -> PathBuf {
    let path = programs().join(name);
    assert!(path.exists(), "{} is not built; `cargo xtask test` builds it", path.display());
    path
}

/// The root of the workspace.
pub fn workspace() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).parent().unwrap().to_owned()
}
