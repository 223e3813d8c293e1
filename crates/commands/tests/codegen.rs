//! The committed TypeScript types are the ones that the Rust types make.

use std::path::Path;

#[test]
fn typescript_types_are_fresh() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../ui/src/ipc/types.gen.ts");
    let made = commands::typescript::generate();
    if std::env::var_os("MOORING_CODEGEN").is_some_and(|mode| mode == "write") {
        std::fs::write(&path, made).unwrap();
        return;
    }
    let committed = std::fs::read_to_string(&path).unwrap();
    assert!(committed == made, "the TypeScript types are stale: run `cargo xtask codegen`");
}

#[test]
fn every_command_is_listed_for_the_app_manifest() {
    macro_rules! names {
        ($($name:ident: $request:ty => $response:ty,)*) => { vec![$(stringify!($name)),*] };
    }
    let list: Vec<&str> = commands::for_each_command!(names);
    assert_eq!(list, commands::NAMES, "a command that is not in the manifest cannot be called");
}
