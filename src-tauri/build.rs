//! Lists the commands in the app manifest, so that none can be called without a capability that names it.

include!("../crates/commands/src/names.rs");

fn main() {
    println!("cargo:rerun-if-changed=../crates/commands/src/names.rs");
    println!("cargo:rerun-if-changed=capabilities");
    let manifest = tauri_build::AppManifest::new().commands(NAMES);
    let attributes = tauri_build::Attributes::new().app_manifest(manifest);
    if let Err(error) = tauri_build::try_build(attributes) {
        println!("cargo:warning={error:#}");
        std::process::exit(1);
    }
}
