//! The bar above the page: the lock, the real host, and what the person can do. Widgets of the system, so that no
//! page can draw over them.

use commands::{Host, Lock, PageButton};
use connections::attempt::host_of;
use connections::id::AttemptId;
use connections::view::AttemptHint;
use gtk::prelude::*;
use tauri::{AppHandle, Manager as _, Url, WebviewWindow};

/// Name of the host's label, by which it is found again.
const HOST_NAME: &str = "mooring-host";
/// Name of the lock's picture.
const LOCK_NAME: &str = "mooring-lock";
/// Name of the line that says what is wrong.
const NOTICE_NAME: &str = "mooring-notice";

/// Look of the bar; the system's own colours, so that it is at home in light and dark.
const STYLE: &[u8] = b"\
#mooring-bar { padding: 8px 8px 8px 12px; border-bottom: 1px solid alpha(currentColor, 0.12); }\
#mooring-host { font-weight: 600; }\
#mooring-notice { padding: 8px 12px; background: alpha(#9A6200, 0.14); }";

/// Puts the bar on top of the window. Main thread only.
pub(super) fn attach(window: &WebviewWindow, attempt: &AttemptId, address: &Url) {
    let (Ok(frame), app) = (window.default_vbox(), window.app_handle()) else {
        tracing::error!("an authorization window has no place for its bar");
        return;
    };
    let words = app.state::<Host>().page_words();
    // The host has a line of its own: next to three buttons a long one would be cut, and it is what to look at.
    let bar = gtk::Box::new(gtk::Orientation::Vertical, 6);
    bar.set_widget_name("mooring-bar");
    let line = gtk::Box::new(gtk::Orientation::Horizontal, 6);
    let lock = gtk::Image::new();
    lock.set_widget_name(LOCK_NAME);
    let host = gtk::Label::new(None);
    host.set_widget_name(HOST_NAME);
    host.set_ellipsize(gtk::pango::EllipsizeMode::Start);
    host.set_xalign(0.0);
    line.pack_start(&lock, false, false, 0);
    line.pack_start(&host, true, true, 0);
    bar.pack_start(&line, false, false, 0);
    let buttons = gtk::Box::new(gtk::Orientation::Horizontal, 6);
    buttons.pack_start(&button(words.browser, app, attempt, PageButton::Browser), false, false, 0);
    buttons.pack_start(&button(words.copy, app, attempt, PageButton::Copy), false, false, 0);
    buttons.pack_end(&button(words.cancel, app, attempt, PageButton::Cancel), false, false, 0);
    bar.pack_start(&buttons, false, false, 0);
    let notice = gtk::Label::new(None);
    notice.set_widget_name(NOTICE_NAME);
    notice.set_xalign(0.0);
    notice.set_line_wrap(true);
    notice.set_no_show_all(true);
    style(&bar);
    style(&notice);
    frame.pack_start(&bar, false, false, 0);
    frame.pack_start(&notice, false, false, 0);
    frame.reorder_child(&bar, 0);
    frame.reorder_child(&notice, 1);
    bar.show_all();
    // Where it leads to; the lock comes with the page.
    show_host(&frame, address);
}

fn style(widget: &impl IsA<gtk::Widget>) {
    let provider = gtk::CssProvider::new();
    if provider.load_from_data(STYLE).is_ok() {
        widget.style_context().add_provider(&provider, gtk::STYLE_PROVIDER_PRIORITY_APPLICATION);
        if let Some(container) = widget.dynamic_cast_ref::<gtk::Container>() {
            container.foreach(style);
        }
    }
}

fn button(label: &str, app: &AppHandle, attempt: &AttemptId, press: PageButton) -> gtk::Button {
    let button = gtk::Button::with_label(label);
    let (app, attempt) = (app.clone(), attempt.clone());
    button.connect_clicked(move |_| {
        let (host, attempt) = (app.state::<Host>().inner().clone(), attempt.clone());
        tauri::async_runtime::spawn(async move { commands::page_button(&host, attempt, press).await });
    });
    button
}

/// Shows whose page is shown: the main frame has just changed to `url`. Main thread only.
pub(super) fn show_page(window: &WebviewWindow, url: &Url) {
    let Ok(frame) = window.default_vbox() else { return };
    show_host(&frame, url);
    if let Some(picture) = find::<gtk::Image>(frame.upcast_ref(), LOCK_NAME) {
        let lock = window.app_handle().state::<Host>().page_words().lock(url);
        let icon =
            |lock: &Lock| if lock.closed { "channel-secure-symbolic" } else { "channel-insecure-symbolic" };
        picture.set_from_icon_name(lock.as_ref().map(icon), gtk::IconSize::Button);
        picture.set_tooltip_text(lock.map(|lock| lock.meaning));
    }
    say(window, None);
}

fn show_host(frame: &gtk::Box, url: &Url) {
    if let Some(host) = find::<gtk::Label>(frame.upcast_ref(), HOST_NAME) {
        host.set_text(&host_of(url));
    }
}

/// Says under the bar what the person should know, or nothing any more. Main thread only.
pub(super) fn say(window: &WebviewWindow, hint: Option<AttemptHint>) {
    let words = window.app_handle().state::<Host>().page_words();
    let text = hint.and_then(|hint| words.notice(hint));
    let frame = window.default_vbox().ok();
    if let Some(notice) = frame.and_then(|frame| find::<gtk::Label>(frame.upcast_ref(), NOTICE_NAME)) {
        notice.set_text(text.unwrap_or_default());
        notice.set_visible(text.is_some());
    }
}

fn find<T: IsA<gtk::Widget>>(root: &gtk::Widget, name: &str) -> Option<T> {
    if root.widget_name() == name {
        return root.clone().downcast().ok();
    }
    let container = root.downcast_ref::<gtk::Container>()?;
    container.children().iter().find_map(|child| find(child, name))
}
