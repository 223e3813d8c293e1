//! The checks of `cargo xtask tidy`, enforced by plain `cargo test`.

use xtask::{layers, tidy, workspace_root};

#[test]
fn the_tree_is_tidy() {
    let findings = tidy::check(&workspace_root()).unwrap();
    let list: Vec<String> = findings.iter().map(ToString::to_string).collect();
    assert!(list.is_empty(), "{} findings:\n{}", list.len(), list.join("\n"));
}

#[test]
fn crates_depend_only_downwards() {
    let found = layers::check(&layers::metadata(&workspace_root()).unwrap());
    assert!(found.is_empty(), "{}", found.join("\n"));
}
