//! Writes the catalogue's files down as one list in JSON, so that the program brings no parser for TOML.
//!
//! What an entry must hold is judged by the tests, with names of files and lines; here a file must be TOML.

use std::error::Error;
use std::path::{Path, PathBuf};

fn main() -> Result<(), Box<dyn Error>> {
    let folder = Path::new(&std::env::var("CARGO_MANIFEST_DIR")?).join("data");
    println!("cargo:rerun-if-changed={}", folder.display());
    let files = std::fs::read_dir(&folder)?.map(|file| file.map(|file| file.path()));
    let mut files: Vec<PathBuf> = files.collect::<Result<_, _>>()?;
    files.sort();
    let entries: Vec<toml::Table> = files.iter().map(|file| entry(file)).collect::<Result<_, _>>()?;
    let out = Path::new(&std::env::var("OUT_DIR")?).join("catalogue.json");
    std::fs::write(out, serde_json::to_string(&entries)?)?;
    Ok(())
}

fn entry(file: &Path) -> Result<toml::Table, Box<dyn Error>> {
    let text = std::fs::read_to_string(file)?;
    text.parse().map_err(|error| format!("{}: {error}", file.display()).into())
}
