//! The system's dialogs for files. The page never names a path; the person does, here.

use async_trait::async_trait;
use std::path::PathBuf;
use tauri::AppHandle;
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder, FilePath};

/// Dialogs over the main window.
pub(crate) struct SystemDialogs {
    app: AppHandle,
}

impl SystemDialogs {
    pub(crate) const fn new(app: AppHandle) -> Self {
        Self { app }
    }

    fn builder(&self) -> FileDialogBuilder<tauri::Wry> {
        let builder = self.app.dialog().file().add_filter("Mooring", &["mooring-backup"]);
        match tauri::Manager::get_webview_window(&self.app, crate::main_window::LABEL) {
            Some(window) => builder.set_parent(&window),
            None => builder,
        }
    }
}

#[async_trait]
impl commands::FileDialogs for SystemDialogs {
    async fn save(&self, suggested: &str) -> Option<PathBuf> {
        if let Some(answer) = answer_of_a_test() {
            return Some(answer);
        }
        let dialog = self.builder().set_file_name(suggested);
        chosen(|tell| dialog.save_file(tell)).await
    }

    async fn open(&self) -> Option<PathBuf> {
        if let Some(answer) = answer_of_a_test() {
            return Some(answer);
        }
        let dialog = self.builder();
        chosen(|tell| dialog.pick_file(tell)).await
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
