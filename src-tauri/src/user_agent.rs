//! The surfaces of the desktop: our own window, and the system browser.

use async_trait::async_trait;
use connections::id::AttemptId;
use connections::ports::{Opening, Platform, SurfaceError, UserAgent};
use connections::view::Surface;
use tauri::AppHandle;

/// Shows pages in a window of ours or in the system browser.
pub(crate) struct WindowUserAgent {
    pub(crate) app: AppHandle,
}

#[async_trait]
impl UserAgent for WindowUserAgent {
    fn surfaces(&self) -> Vec<Surface> {
        // RFC 8252 §8.12: a phone has system sheets for this, and no window of ours.
        if cfg!(mobile) { vec![Surface::Browser] } else { vec![Surface::Embedded, Surface::Browser] }
    }

    fn platform(&self) -> Platform {
        if cfg!(mobile) { Platform::Mobile } else { Platform::Desktop }
    }

    async fn open(&self, opening: Opening) -> Result<(), SurfaceError> {
        match opening.surface {
            Surface::Embedded => {
                on_main_thread(&self.app, move |app| crate::authorization_window::open(app, &opening))
                    .await?
                    .map_err(|error| SurfaceError(error.to_string()))
            }
            Surface::Browser => platform::browser::open(&opening.address),
            Surface::Print | Surface::Device => Ok(()),
        }
    }

    async fn close(&self, attempt: &AttemptId) {
        let attempt = attempt.clone();
        let closed = on_main_thread(&self.app, move |app| {
            // Whoever did not look at a window of ours looks at something else.
            if crate::authorization_window::close(app, &attempt) {
                crate::main_window::focus(app);
            }
        });
        if let Err(error) = closed.await {
            tracing::warn!(%error, "an authorization window could not be closed");
        }
    }
}

/// Windows are made and destroyed on the main thread only.
async fn on_main_thread<T: Send + 'static>(
    app: &AppHandle,
    work: impl FnOnce(&AppHandle) -> T + Send + 'static,
) -> Result<T, SurfaceError> {
    let (done, result) = tokio::sync::oneshot::channel();
    let handle = app.clone();
    app.run_on_main_thread(move || {
        // Whoever waited may be gone; the work is done all the same.
        let _ = done.send(work(&handle));
    })
    .map_err(|error| SurfaceError(error.to_string()))?;
    result.await.map_err(|_| SurfaceError("the main thread is gone".to_owned()))
}

/// The system clipboard.
pub(crate) struct SystemClipboard {
    pub(crate) app: AppHandle,
}

impl commands::Clipboard for SystemClipboard {
    /// GTK's own: it is there already, and needs no library for each kind of display.
    #[cfg(target_os = "linux")]
    fn put(&self, text: &str) -> bool {
        let text = secret::SecretString::from(text);
        // EXPOSE: onto the clipboard; wiped here when it lies there.
        let put = move || gtk::Clipboard::get(&gtk::gdk::SELECTION_CLIPBOARD).set_text(text.expose());
        self.app.run_on_main_thread(put).is_ok()
    }

    #[cfg(not(target_os = "linux"))]
    fn put(&self, text: &str) -> bool {
        tauri_plugin_clipboard_manager::ClipboardExt::clipboard(&self.app).write_text(text).is_ok()
    }
}
