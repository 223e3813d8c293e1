//! Which program the system starts for links of our scheme.
//!
//! The system's own answer is only what it intends; whether a link arrives is found by sending one.

use async_trait::async_trait;
use attention::ports::Links;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// How long the desktop's tools may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Links of one scheme.
pub struct SchemeLinks {
    /// The scheme.
    pub scheme: &'static str,
    /// Makes this program the one for them. Starts programs of the desktop and waits for them.
    pub register: Arc<dyn Fn() -> bool + Send + Sync>,
}

#[async_trait]
impl Links for SchemeLinks {
    async fn handler(&self) -> Option<String> {
        handler(self.scheme).await
    }

    async fn open(&self, link: &str) -> bool {
        open(link.to_owned()).await
    }

    async fn register(&self) -> bool {
        let register = Arc::clone(&self.register);
        tokio::task::spawn_blocking(move || register()).await.unwrap_or(false)
    }
}

/// Whether `program` lies where a package put it. A package brings the entry that opens our links, and takes it away
/// again; one of our own would stay.
pub fn is_packaged(program: &Path) -> bool {
    let prefix = program.parent().filter(|folder| folder.ends_with("bin")).and_then(Path::parent);
    cfg!(target_os = "linux")
        && prefix
            .is_some_and(|prefix| prefix.join("share/applications/app.mooring.desktop.desktop").is_file())
}

/// Takes the quotes off the program in the entry that opens our links, where it needs none.
///
/// `xdg-open` up to 1.1.3, on a desktop that it does not know, takes the quotes for part of the program's name and
/// starts nothing.
pub fn unquote_entry() {
    let program = std::env::current_exe().ok();
    let name = program.as_deref().and_then(Path::file_name).map(|name| name.to_string_lossy().into_owned());
    let (Some(folder), Some(name)) = (dirs::data_dir(), name) else { return };
    let file = folder.join("applications").join(format!("{name}-handler.desktop"));
    let Ok(entry) = std::fs::read_to_string(&file) else { return };
    let plain = unquoted(&entry);
    if plain != entry
        && let Err(error) = std::fs::write(&file, plain)
    {
        tracing::info!(%error, "the entry of our links could not be made plain");
    }
}

fn unquoted(entry: &str) -> String {
    let is_plain = |path: &str| path.chars().all(|one| one.is_ascii_alphanumeric() || "/._+-".contains(one));
    let lines = entry.lines().map(|line| {
        let path = line.strip_prefix("Exec=\"").and_then(|rest| rest.strip_suffix("\" %u"));
        path.filter(|path| is_plain(path)).map_or_else(|| line.to_owned(), |path| format!("Exec={path} %u"))
    });
    lines.map(|line| line + "\n").collect()
}

/// The program that the desktop names for `scheme`, as it names it; none when nobody, or where it cannot be asked.
async fn handler(scheme: &str) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let mut ask = tokio::process::Command::new("xdg-mime");
    ask.args(["query", "default", &format!("x-scheme-handler/{scheme}")]).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, ask.output()).await.ok()?.ok()?;
    let named = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!named.is_empty()).then_some(named)
}

/// Opens a link as any program would. Answers whether somebody was started.
async fn open(link: String) -> bool {
    // Starters wait for the program that they start on some desktops.
    let started = tokio::task::spawn_blocking(move || opener::open(link));
    matches!(tokio::time::timeout(PATIENCE, started).await, Ok(Ok(Ok(()))))
}

#[cfg(test)]
mod tests {
    use super::{is_packaged, unquoted};

    #[test]
    fn quotes_go_where_none_are_needed_and_stay_where_they_are() {
        let entry = |exec: &str| format!("[Desktop Entry]\nExec={exec}\nName=Mooring\n");
        assert_eq!(unquoted(&entry("\"/opt/mooring/app\" %u")), entry("/opt/mooring/app %u"));
        for kept in ["\"/home/a b/app\" %u", "\"/x/$y\" %u", "/opt/app %u", "\"/opt/app\""] {
            assert_eq!(unquoted(&entry(kept)), entry(kept));
        }
    }

    #[test]
    fn a_program_is_packaged_when_its_entry_stands_beside_it() {
        let prefix = std::env::temp_dir().join(format!("mooring-prefix-{}", std::process::id()));
        let entries = prefix.join("share/applications");
        std::fs::create_dir_all(&entries).unwrap();
        let program = prefix.join("bin/mooring-desktop");
        assert!(!is_packaged(&program), "there is no entry");
        std::fs::write(entries.join("app.mooring.desktop.desktop"), "").unwrap();
        assert!(is_packaged(&program));
        assert!(!is_packaged(&prefix.join("target/debug/mooring-desktop")), "built by hand");
        std::fs::remove_dir_all(&prefix).unwrap();
    }
}
