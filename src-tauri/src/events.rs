//! Passes on to the main window what the core and the runtime tell.

use commands::Host;
use runtime::Runtime;
use tauri::{AppHandle, Emitter as _, Manager as _};
use tokio::sync::broadcast::error::RecvError;

/// The window that hears events; no other does.
const MAIN: &str = crate::main_window::LABEL;

/// Starts passing on.
pub(crate) fn forward(app: &AppHandle, runtime: &Runtime) {
    let (to, mut core) = (app.clone(), runtime.subscribe());
    tauri::async_runtime::spawn(async move {
        loop {
            let told = core.recv().await;
            // Counted before it is passed on: a page that does not hear it learns that there was one.
            to.state::<Host>().count_told();
            match told {
                Ok(event) => {
                    if commands::wants_attention(to.state::<Host>().inner(), &event) {
                        crate::main_window::call_attention(&to);
                    }
                    if commands::brings_back(&event) {
                        crate::main_window::come_back(&to);
                    }
                    #[cfg(target_os = "linux")]
                    if let connections::view::CoreEvent::AttemptChanged { attempt } = &event {
                        crate::authorization_window::say(&to, attempt);
                    }
                    emit(&to, "core", &event);
                }
                // The page reads everything anew when it learns that it missed something.
                Err(RecvError::Lagged(_)) => emit(&to, "missed", &()),
                Err(RecvError::Closed) => return,
            }
        }
    });
    let (to, mut phase) = (app.clone(), runtime.watch_phase());
    tauri::async_runtime::spawn(async move {
        while phase.changed().await.is_ok() {
            let host = to.state::<Host>().inner().clone();
            if let Ok(state) = commands::app_state(&host, ()).await {
                emit(&to, "phase", &state);
            }
        }
    });
}

fn emit<T: serde::Serialize + Clone>(app: &AppHandle, name: &str, payload: &T) {
    if let Err(error) = app.emit_to(MAIN, name, payload) {
        tracing::debug!(%error, "an event found no window");
    }
}
