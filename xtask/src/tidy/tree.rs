//! Reads the project's own text files. It leaves out what tools made or fetched, and what is not text.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};

use super::File;

/// Folders that hold what tools made or fetched.
const FOREIGN_FOLDERS: &[&str] = &["target", "node_modules", "dist", "dist-preview", "gen", "python", ".git"];

/// All text files below `root`, sorted by path.
pub(super) fn read(root: &Path) -> Result<Vec<File>> {
    let mut files = Vec::new();
    walk(root, "", &mut files)?;
    files.sort_by(|one: &File, other| one.path.cmp(&other.path));
    Ok(files)
}

fn walk(folder: &Path, below: &str, files: &mut Vec<File>) -> Result<()> {
    let entries = fs::read_dir(folder).with_context(|| format!("{} cannot be listed", folder.display()))?;
    for entry in entries {
        let entry = entry.with_context(|| format!("{} cannot be listed", folder.display()))?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let path = if below.is_empty() { name.clone() } else { format!("{below}/{name}") };
        let kind = entry.file_type().with_context(|| format!("{path} cannot be looked at"))?;
        if kind.is_dir() {
            if !FOREIGN_FOLDERS.contains(&name.as_str()) {
                walk(&entry.path(), &path, files)?;
            }
        } else if kind.is_file() {
            // Pictures and fonts are not UTF-8, and a file may vanish while an editor replaces it.
            if let Ok(text) = fs::read_to_string(entry.path()) {
                files.push(File { path, text });
            }
        }
    }
    Ok(())
}
