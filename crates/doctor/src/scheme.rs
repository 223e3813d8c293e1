//! Who opens `mooring://` links; only Linux has a command that tells.

use super::{Check, CheckCode, CheckOf};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Whether somebody opens them, and is still there.
pub(super) fn check() -> Option<Check> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let asked = Command::new("xdg-mime").args(["query", "default", "x-scheme-handler/mooring"]).output();
    let Ok(output) = asked else { return Some(told(CheckCode::LinksUnknown)) };
    let handler = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    Some(judge(&handler, &data_folders()))
}

fn judge(handler: &str, folders: &[PathBuf]) -> Check {
    if handler.is_empty() {
        return told(CheckCode::LinksNobody);
    }
    let about = |code| told(code).with("handler", handler);
    let entry =
        folders.iter().map(|folder| folder.join("applications").join(handler)).find(|file| file.is_file());
    let Some(entry) = entry else { return about(CheckCode::LinksGone) };
    let text = std::fs::read_to_string(&entry).unwrap_or_default();
    match program_of(&text) {
        Some(program) if !is_there(&program) => about(CheckCode::LinksDead).with("program", program),
        _ => about(CheckCode::LinksOk),
    }
}

fn told(code: CheckCode) -> Check {
    Check::new(CheckOf::Links, code)
}

/// The program that an entry starts; a name with spaces is quoted there.
fn program_of(entry: &str) -> Option<String> {
    let line = entry.lines().find_map(|line| line.strip_prefix("Exec="))?.trim();
    let program = match line.strip_prefix('"') {
        Some(quoted) => quoted.split('"').next(),
        None => line.split_whitespace().next(),
    };
    program.filter(|program| !program.is_empty()).map(ToOwned::to_owned)
}

fn is_there(program: &str) -> bool {
    let path = Path::new(program);
    if path.is_absolute() {
        return path.is_file();
    }
    let folders = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&folders).any(|folder| folder.join(path).is_file())
}

/// Where entries lie: XDG Base Directory Specification.
fn data_folders() -> Vec<PathBuf> {
    let variable = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty());
    let home = std::env::var_os("HOME").map(|home| PathBuf::from(home).join(".local/share"));
    let own = variable("XDG_DATA_HOME").map(PathBuf::from).or(home);
    let shared = variable("XDG_DATA_DIRS").unwrap_or_else(|| "/usr/local/share:/usr/share".into());
    own.into_iter().chain(std::env::split_paths(&shared)).collect()
}

#[cfg(test)]
mod tests {
    use super::{CheckCode, judge};

    #[test]
    fn a_handler_that_is_gone_or_starts_nothing_is_told() {
        let folder = tempfile::tempdir().unwrap();
        let folders = [folder.path().to_owned()];
        std::fs::create_dir(folder.path().join("applications")).unwrap();
        let write = |exec: &str| {
            let text = format!("[Desktop Entry]\nExec={exec}\n");
            std::fs::write(folder.path().join("applications/mooring.desktop"), text).unwrap();
        };
        assert_eq!(judge("", &folders).code, CheckCode::LinksNobody);
        assert_eq!(judge("mooring.desktop", &folders).code, CheckCode::LinksGone, "no such entry");
        write("/no/such/program %u");
        let dead = judge("mooring.desktop", &folders);
        assert_eq!((dead.code, dead.param("program")), (CheckCode::LinksDead, "/no/such/program"));
        write("\"/no such/program\" %u");
        assert_eq!(judge("mooring.desktop", &folders).param("program"), "/no such/program");
        write("/bin/sh %u");
        assert!(judge("mooring.desktop", &folders).ok);
        write("sh %u");
        assert!(judge("mooring.desktop", &folders).ok, "found as a shell finds it");
    }
}
