//! A window with an empty page and nothing else: what any Tauri program costs, for `cargo xtask bench` to compare with.
//!
//! As large as the main window, its page from the same custom protocol, and built with the same Tauri.

use tauri::{WebviewUrl, WebviewWindowBuilder};

fn main() {
    let built = tauri::Builder::default()
        .setup(|app| {
            WebviewWindowBuilder::new(app, "main", WebviewUrl::App("index.html".into()))
                .title("Empty window")
                .inner_size(1080.0, 760.0)
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("examples/empty_window/tauri.conf.json"));
    if built.is_err() {
        std::process::exit(70);
    }
}
