//! Files that the person names in the system's dialogs. The page never names a path.

use async_trait::async_trait;
use commands::Files;
use std::io;
use std::path::{Path, PathBuf};
use tauri::{AppHandle, Manager as _};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};

/// Dialogs over the main window.
pub(crate) struct ChosenFiles {
    pub(crate) app: AppHandle,
}

impl ChosenFiles {
    fn dialog(&self, extension: &str) -> FileDialogBuilder<tauri::Wry> {
        let dialog = self.app.dialog().file().add_filter(extension, &[extension]);
        match self.app.get_webview_window(crate::main_window::LABEL) {
            Some(window) => dialog.set_parent(&window),
            None => dialog,
        }
    }
}

#[async_trait]
impl Files for ChosenFiles {
    async fn save(&self, suggested: &str) -> Option<PathBuf> {
        if let Some(answer) = answer_of_a_test() {
            return Some(if answer.is_dir() { answer.join(suggested) } else { answer });
        }
        let extension = Path::new(suggested).extension().and_then(std::ffi::OsStr::to_str).unwrap_or("*");
        let dialog = self.dialog(extension).set_file_name(suggested);
        chosen(|tell| dialog.save_file(tell)).await
    }

    async fn open(&self, extension: &str) -> Option<PathBuf> {
        if let Some(answer) = answer_of_a_test() {
            return Some(answer);
        }
        let dialog = self.dialog(extension);
        chosen(|tell| dialog.pick_file(tell)).await
    }

    fn write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        platform::private_file::write(path, content)
    }

    fn reveal(&self, path: &Path) -> bool {
        platform::private_file::show_folder(path)
    }
}

async fn chosen(ask: impl FnOnce(Box<dyn FnOnce(Option<FilePath>) + Send>)) -> Option<PathBuf> {
    let (tell, told) = tokio::sync::oneshot::channel();
    ask(Box::new(move |path| {
        // Whoever asked may be gone.
        let _ = tell.send(path);
    }));
    told.await.ok().flatten()?.into_path().ok()
}

/// WebDriver sees no dialog of the system, so a build that can be driven takes the answer from its environment.
fn answer_of_a_test() -> Option<PathBuf> {
    if cfg!(feature = "automation") {
        std::env::var_os("MOORING_FILE_DIALOG").map(PathBuf::from)
    } else {
        None
    }
}
