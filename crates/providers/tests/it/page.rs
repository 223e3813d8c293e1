//! `docs/providers.md` says what the catalogue says.

#[path = "../../examples/docs/page.rs"]
mod render;

use providers::Catalogue;
use std::path::Path;

#[test]
fn the_page_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../docs/providers.md");
    let written = std::fs::read_to_string(path).unwrap_or_default();
    let fresh = render::page(Catalogue::built_in());
    assert!(written == fresh, "run `cargo run -p providers --example docs`");
}

#[test]
fn every_entry_and_every_source_is_on_the_page() {
    let page = render::page(Catalogue::built_in());
    for provider in Catalogue::built_in().iter() {
        assert!(page.contains(&format!("## {}\n", provider.name)), "{}", provider.id);
        for source in &provider.sources {
            assert!(page.contains(source.url.as_str()), "{}: {}", provider.id, source.url);
        }
    }
}
