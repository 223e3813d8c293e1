//! Lists the commands in the app manifest, so that none can be called without a capability that names it.

include!("../crates/commands/src/names.rs");
#[path = "update_rules.rs"]
mod update_rules;

fn main() {
    if std::env::var_os("CARGO_FEATURE_UPDATER").is_some()
        && let Err(problem) = update_rules::updates_are_safe(|name| std::env::var(name).unwrap_or_default())
    {
        println!("cargo:warning=updater: {problem}");
        std::process::exit(1);
    }
    for name in ["MOORING_SIGNED", "MOORING_UPDATE_KEY", "MOORING_UPDATE_ENDPOINT"] {
        println!("cargo:rerun-if-env-changed={name}");
    }
    println!("cargo:rerun-if-changed=../crates/commands/src/names.rs");
    println!("cargo:rerun-if-changed=capabilities");
    let manifest = tauri_build::AppManifest::new().commands(NAMES);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
