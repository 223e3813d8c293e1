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

#[test]
fn the_main_window_may_call_every_command_and_nothing_else() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../../src-tauri/capabilities/main.json");
    let mut capability: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(path).unwrap()).unwrap();
    let events = ["core:event:allow-listen", "core:event:allow-unlisten"].map(ToOwned::to_owned);
    let commands = commands::NAMES.iter().map(|name| format!("allow-{}", name.replace('_', "-")));
    let allowed: Vec<String> = events.into_iter().chain(commands).collect();
    if std::env::var("MOORING_CODEGEN").as_deref() == Ok("write") {
        capability["permissions"] = allowed.clone().into();
        let text = serde_json::to_string_pretty(&capability).unwrap();
        std::fs::write(path, format!("{text}\n")).unwrap();
    }
    assert_eq!(
        capability["permissions"],
        serde_json::json!(allowed),
        "src-tauri/capabilities/main.json is stale; `cargo xtask codegen` writes it"
    );
}
