//! What only WebKitGTK's own signals tell: pages that did not load, certificates that are not trusted, views that were
//! closed from elsewhere.

use super::Page;
use connections::view::AttemptHint;
use gtk::prelude::WidgetExt as _;
use tauri::{Manager as _, WebviewWindow};
use webkit2gtk::glib;
use webkit2gtk::{NetworkError, PolicyError, SettingsExt as _, WebViewExt as _};

/// Listens to the signals.
pub(super) fn watch(window: &WebviewWindow, page: &Page) {
    let (app, page) = (window.app_handle().clone(), page.clone());
    let for_signals = window.clone();
    let attached = window.with_webview(move |webview| {
        let view = webview.inner();
        if let Some(settings) = webkit2gtk::WebViewExt::settings(&view) {
            // A page that asks its server before it opens a popup would otherwise be too late for the click.
            settings.set_javascript_can_open_windows_automatically(true);
        }
        let (handle, told) = (app.clone(), page.clone());
        view.connect_load_failed(move |_, _, _, error| {
            if !is_ours(error) {
                told.tell(&handle, AttemptHint::LoadFailed);
            }
            // Handled: WebKit's own error page would be shown as a page of that host.
            true
        });
        let (handle, told) = (app.clone(), page.clone());
        view.connect_load_failed_with_tls_errors(move |_, _, _, _| {
            told.tell(&handle, AttemptHint::CertificateRefused);
            // Handled: the page is not shown and nothing is sent to it.
            true
        });
        let (handle, told) = (app.clone(), page.clone());
        view.connect_web_process_terminated(move |_, _| told.tell(&handle, AttemptHint::LoadFailed));
        view.connect_destroy(move |_| {
            let (window, app, page) = (for_signals.clone(), app.clone(), page.clone());
            // Only when this has passed, a window that we close ourselves answers no more.
            glib::idle_add_local_once(move || {
                if window.is_visible().is_ok() {
                    page.closed_by_page(&app);
                }
            });
        });
    });
    if let Err(error) = attached {
        tracing::warn!(%error, "a page's failures will not be noticed");
    }
}

/// A navigation that we refused, or that another one replaced, is no failure.
fn is_ours(error: &glib::Error) -> bool {
    error.matches(PolicyError::FrameLoadInterruptedByPolicyChange) || error.matches(NetworkError::Cancelled)
}
