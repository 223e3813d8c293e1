//! What only WebKitGTK's own signals tell: pages that did not load, certificates that are not trusted.

use super::{Page, bar};
use connections::view::AttemptHint;
use tauri::{Manager as _, WebviewWindow};
use webkit2gtk::glib;
use webkit2gtk::{NetworkError, PolicyError, SettingsExt as _, WebViewExt as _};

/// Listens to the signals.
pub(super) fn watch(window: &WebviewWindow, page: &Page) {
    let (window_for_signals, page) = (window.clone(), page.clone());
    let attached = window.with_webview(move |webview| {
        let view = webview.inner();
        if let Some(settings) = webkit2gtk::WebViewExt::settings(&view) {
            // A page that asks its server before it opens a popup would otherwise be too late for the click.
            settings.set_javascript_can_open_windows_automatically(true);
        }
        let (window, told) = (window_for_signals.clone(), page.clone());
        view.connect_load_failed(move |_, _, _, error| {
            if !is_ours(error) {
                told.failed(&window, AttemptHint::LoadFailed);
            }
            // Whether or not we say something, WebKit's own error page stays away only for our own refusals.
            is_ours(error)
        });
        let (window, told) = (window_for_signals, page);
        view.connect_load_failed_with_tls_errors(move |_, _, _, _| {
            told.failed(&window, AttemptHint::CertificateRefused);
            // Handled: the page is not shown and nothing is sent to it.
            true
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

impl Page {
    fn failed(&self, window: &WebviewWindow, hint: AttemptHint) {
        bar::show_hint(window, hint);
        self.hint(window.app_handle(), hint);
    }
}
