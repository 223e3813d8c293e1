//! Looks for secrets where none may be.

use std::path::{Path, PathBuf};

/// Files below `folder` that hold one of `secrets` in clear.
pub fn leaks(folder: &Path, secrets: &[&str]) -> Vec<PathBuf> {
    let mut found = Vec::new();
    visit(folder, &mut |path, content| {
        if secrets.iter().any(|secret| contains(content, secret.as_bytes())) {
            found.push(path.to_owned());
        }
    });
    found
}

/// Whether a text holds one of `secrets`.
pub fn leaks_in(text: &str, secrets: &[&str]) -> bool {
    secrets.iter().any(|secret| text.contains(secret))
}

fn visit(folder: &Path, look: &mut impl FnMut(&Path, &[u8])) {
    for entry in std::fs::read_dir(folder).unwrap().flatten() {
        let Ok(kind) = entry.file_type() else { continue };
        if kind.is_dir() {
            visit(&entry.path(), look);
        } else if kind.is_file() {
            // A file that goes while we look held nothing that stays.
            if let Ok(content) = std::fs::read(entry.path()) {
                look(&entry.path(), &content);
            }
        }
    }
}

fn contains(content: &[u8], secret: &[u8]) -> bool {
    content.windows(secret.len()).any(|window| window == secret)
}

#[cfg(test)]
mod tests {
    use super::leaks;

    #[test]
    fn the_scan_finds_what_it_looks_for() {
        let folder = tempfile::tempdir().unwrap();
        std::fs::create_dir(folder.path().join("deep")).unwrap();
        std::fs::write(folder.path().join("deep/file"), b"\x00before CANARY-1 after").unwrap();
        assert_eq!(leaks(folder.path(), &["CANARY-1"]).len(), 1);
        assert!(leaks(folder.path(), &["CANARY-2"]).is_empty());
    }
}
