//! The one window with a capability. It shows our own pages and never anything else.

use commands::Host;
use tauri::webview::{NewWindowResponse, PageLoadEvent};
use tauri::{AppHandle, Manager as _, Url, WebviewUrl, WebviewWindowBuilder};

/// The label that the capability names.
pub(crate) const LABEL: &str = "main";

/// Opens it; it shows itself with its first picture.
pub(crate) fn open(app: &tauri::App) -> tauri::Result<()> {
    let handle = app.handle().clone();
    WebviewWindowBuilder::new(app, LABEL, WebviewUrl::App("index.html".into()))
        .title("Mooring")
        .inner_size(1080.0, 760.0)
        .min_inner_size(400.0, 560.0)
        .visible(false)
        .on_navigation(is_ours)
        .on_new_window(move |url, _| {
            open_known_page(&handle, &url);
            NewWindowResponse::Deny
        })
        .on_download(|_, _| false)
        .on_page_load(|window, payload| {
            if payload.event() == PageLoadEvent::Finished
                && let Err(error) = window.show()
            {
                tracing::error!(%error, "the main window cannot be shown");
            }
        })
        .build()?;
    Ok(())
}

/// Brings it to the front.
pub(crate) fn focus(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else { return };
    for result in [window.show(), window.unminimize(), window.set_focus()] {
        if let Err(error) = result {
            tracing::debug!(%error, "the main window cannot come to the front");
        }
    }
}

/// Our own pages, as each platform spells their origin.
fn is_ours(url: &Url) -> bool {
    match url.scheme() {
        "tauri" => true,
        "http" | "https" => url.host_str() == Some("tauri.localhost"),
        _ => false,
    }
}

/// Pages that the catalogue names (documentation, registration) go to the browser; anything else nowhere.
fn open_known_page(app: &AppHandle, url: &Url) {
    let host = app.state::<Host>();
    if !host.is_catalogue_page(url) {
        tracing::warn!(url = secret::redacted(url), "a page that the catalogue does not name was not opened");
        return;
    }
    if let Err(error) = platform::browser::open(url) {
        tracing::warn!(%error, "a page could not be opened");
    }
}

#[cfg(test)]
mod tests {
    use super::is_ours;
    use tauri::Url;

    #[test]
    fn nothing_but_our_pages_is_shown() {
        for (url, ours) in [
            ("tauri://localhost/index.html", true),
            ("http://tauri.localhost/index.html", true),
            ("https://bank.example/", false),
            ("http://127.0.0.1:1420/", false),
            ("https://tauri.localhost.evil.example/", false),
            ("file:///etc/passwd", false),
            ("data:text/html,x", false),
            ("about:blank", false),
        ] {
            assert_eq!(is_ours(&Url::parse(url).unwrap()), ours, "{url}");
        }
    }
}
