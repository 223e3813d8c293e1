//! Notices of the desktop.
//!
//! On Linux the Desktop Notifications Specification over the session bus; nothing is connected before the first
//! notice, and where no server is there, nothing is started. Elsewhere a notice without buttons: pressing it brings
//! the program to the front, which is what those systems do by themselves.

#[cfg(target_os = "linux")]
pub use freedesktop::SessionNotices;
#[cfg(not(target_os = "linux"))]
pub use native::SessionNotices;

#[cfg(target_os = "linux")]
mod freedesktop {
    use crate::profile::APP_ID;
    use async_trait::async_trait;
    use attention::ports::{NoticeBoard, OnPress};
    use attention::{Notice, Pressed};
    use futures_util::StreamExt as _;
    use std::collections::HashMap;
    use std::sync::{Arc, Mutex, PoisonError};
    use tokio::sync::OnceCell;
    use zbus::zvariant::Value;

    const SERVER: &str = "org.freedesktop.Notifications";

    #[zbus::proxy(
        interface = "org.freedesktop.Notifications",
        default_service = "org.freedesktop.Notifications",
        default_path = "/org/freedesktop/Notifications"
    )]
    trait Notifications {
        fn get_capabilities(&self) -> zbus::Result<Vec<String>>;

        #[allow(clippy::too_many_arguments, reason = "as the specification has it")]
        fn notify(
            &self,
            app_name: &str,
            replaces_id: u32,
            app_icon: &str,
            summary: &str,
            body: &str,
            actions: &[&str],
            hints: HashMap<&str, &Value<'_>>,
            expire_timeout: i32,
        ) -> zbus::Result<u32>;

        #[zbus(signal)]
        fn action_invoked(&self, id: u32, action_key: &str) -> zbus::Result<()>;
    }

    /// The notice that was shown last, and who wants to know what is pressed.
    type Last = Arc<Mutex<Option<(u32, Notice, OnPress)>>>;

    /// Notices over the session bus.
    #[derive(Default)]
    pub struct SessionNotices {
        server: OnceCell<NotificationsProxy<'static>>,
        last: Last,
    }

    impl SessionNotices {
        async fn server(&self) -> zbus::Result<&NotificationsProxy<'static>> {
            self.server
                .get_or_try_init(|| async {
                    let bus = zbus::Connection::session().await?;
                    let server = NotificationsProxy::new(&bus).await?;
                    let pressed = server.receive_action_invoked().await?;
                    tokio::spawn(listen(pressed, Arc::clone(&self.last)));
                    Ok(server)
                })
                .await
        }

        async fn send(&self, notice: &Notice, pressed: OnPress) -> zbus::Result<()> {
            let server = self.server().await?;
            let can = server.get_capabilities().await.unwrap_or_default();
            let has = |ability: &str| can.iter().any(|one| one == ability);
            let body = if has("body-markup") { escaped(&notice.body) } else { notice.body.clone() };
            let mut actions = vec!["default", ""];
            for (name, word) in [("go", &notice.go), ("later", &notice.later)] {
                actions.extend(word.as_deref().into_iter().flat_map(|word| [name, word]));
            }
            let actions = if has("actions") { actions.as_slice() } else { &[] };
            let entry = Value::from(APP_ID);
            let hints = HashMap::from([("desktop-entry", &entry)]);
            let before =
                self.last.lock().unwrap_or_else(PoisonError::into_inner).as_ref().map_or(0, |one| one.0);
            let id =
                server.notify("Mooring", before, APP_ID, &notice.title, &body, actions, hints, -1).await?;
            *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some((id, notice.clone(), pressed));
            Ok(())
        }
    }

    #[async_trait]
    impl NoticeBoard for SessionNotices {
        async fn is_there(&self) -> bool {
            is_on_the_bus(SERVER).await.unwrap_or(false)
        }

        async fn show(&self, notice: &Notice, pressed: OnPress) -> bool {
            let sent = self.send(notice, pressed).await;
            if let Err(error) = &sent {
                tracing::info!(%error, "a notice was not taken");
            }
            sent.is_ok()
        }
    }

    /// Whether a service runs, or would be started when it is asked.
    async fn is_on_the_bus(name: &str) -> zbus::Result<bool> {
        let bus = zbus::Connection::session().await?;
        let bus = zbus::fdo::DBusProxy::new(&bus).await?;
        if bus.name_has_owner(name.try_into()?).await? {
            return Ok(true);
        }
        Ok(bus.list_activatable_names().await?.iter().any(|one| one.as_str() == name))
    }

    async fn listen(mut pressed: ActionInvokedStream, last: Last) {
        while let Some(signal) = pressed.next().await {
            let Ok(press) = signal.args() else { continue };
            let what = match press.action_key {
                "default" => Pressed::Body,
                "go" => Pressed::Go,
                "later" => Pressed::Later,
                _ => continue,
            };
            let shown = last.lock().unwrap_or_else(PoisonError::into_inner).take_if(|one| one.0 == press.id);
            if let Some((_, notice, tell)) = shown {
                tell(notice.press(what));
            }
        }
    }

    /// The body of a server that reads markup in it.
    fn escaped(text: &str) -> String {
        text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
    }

    #[cfg(test)]
    mod tests {
        use super::escaped;

        #[test]
        fn a_name_is_no_markup() {
            assert_eq!(escaped("A & B <a href='x'>"), "A &amp; B &lt;a href='x'&gt;");
        }
    }
}

#[cfg(not(target_os = "linux"))]
mod native {
    use async_trait::async_trait;
    use attention::Notice;
    use attention::ports::{NoticeBoard, OnPress};

    /// The system's own notices.
    #[derive(Default)]
    pub struct SessionNotices;

    #[async_trait]
    impl NoticeBoard for SessionNotices {
        async fn is_there(&self) -> bool {
            cfg!(any(windows, target_os = "macos"))
        }

        #[cfg(any(windows, target_os = "macos"))]
        async fn show(&self, notice: &Notice, _pressed: OnPress) -> bool {
            let (title, body) = (notice.title.clone(), notice.body.clone());
            let shown = tokio::task::spawn_blocking(move || {
                notify_rust::Notification::new().summary(&title).body(&body).show().is_ok()
            });
            shown.await.unwrap_or(false)
        }

        #[cfg(not(any(windows, target_os = "macos")))]
        async fn show(&self, _notice: &Notice, _pressed: OnPress) -> bool {
            false
        }
    }
}
