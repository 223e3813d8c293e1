//! The project's own checks, as functions that a command and a test share.
//!
//! `cargo xtask tidy` prints what they find; `xtask/tests/tree.rs` fails on it, so that plain `cargo test` does too.
//! Nothing here builds or starts anything except `cargo metadata`.

pub mod layers;
pub mod tidy;

use std::path::{Path, PathBuf};

/// The folder that holds the workspace's `Cargo.toml`.
pub fn workspace_root() -> PathBuf {
    // Cargo tells the running program where its package lies. The compiled-in path serves a program started by hand.
    let package = std::env::var_os("CARGO_MANIFEST_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")), PathBuf::from);
    package.parent().map_or_else(|| package.clone(), Path::to_path_buf)
}
