//! Writes `docs/providers.md` from the catalogue: `cargo run -p providers --example docs`.

mod page;

use std::path::Path;

fn main() -> std::io::Result<()> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/providers.md");
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder)?;
    }
    std::fs::write(path, page::page(providers::Catalogue::built_in()))
}
