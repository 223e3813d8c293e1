//! systemd-logind: sleep, locks, and which session this process belongs to.

use super::SessionEvent;
use std::sync::Arc;
use zbus::blocking::{Connection, Proxy};
use zbus::zvariant::{OwnedFd, OwnedObjectPath};

const SERVICE: &str = "org.freedesktop.login1";
const MANAGER: &str = "org.freedesktop.login1.Manager";
const SESSION: &str = "org.freedesktop.login1.Session";

pub(super) fn watch(on: impl Fn(SessionEvent) + Send + Sync + 'static) {
    let on = Arc::new(on);
    spawn("session", move || match Connection::system() {
        Ok(bus) => watch_on(&bus, &on),
        Err(error) => tracing::info!(%error, "nobody tells when the computer sleeps"),
    });
}

/// Watches on one bus; returns when both streams have their threads.
pub(super) fn watch_on<F: Fn(SessionEvent) + Send + Sync + 'static>(bus: &Connection, on: &Arc<F>) {
    let (manager, to) = (bus.clone(), Arc::clone(on));
    spawn("sleep", move || told(sleeps(&manager, to.as_ref()), "when the computer sleeps"));
    let (session, to) = (bus.clone(), Arc::clone(on));
    spawn("lock", move || told(locks(&session, to.as_ref()), "when the session is locked"));
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    if let Err(error) = std::thread::Builder::new().name(name.to_owned()).spawn(work) {
        tracing::warn!(%error, "no thread to watch the session");
    }
}

fn told(ended: zbus::Result<()>, what: &str) {
    if let Err(error) = ended {
        tracing::info!(%error, "nobody tells {what}");
    }
}

fn sleeps(bus: &Connection, on: &impl Fn(SessionEvent)) -> zbus::Result<()> {
    let manager = Proxy::new(bus, SERVICE, "/org/freedesktop/login1", MANAGER)?;
    let signals = manager.receive_signal("PrepareForSleep")?;
    let mut delay = delay(&manager);
    for signal in signals {
        if signal.body().deserialize::<bool>()? {
            on(SessionEvent::Sleep);
            // Letting go of it is the permission to sleep.
            drop(delay.take());
        } else {
            delay = self::delay(&manager);
        }
    }
    Ok(())
}

/// Keeps the computer awake for a moment when it is about to sleep, so that no key is in memory while it does.
fn delay(manager: &Proxy<'_>) -> Option<OwnedFd> {
    let asked = manager.call("Inhibit", &("sleep", "Mooring", "Closes the vault", "delay"));
    asked
        .inspect_err(|error| tracing::info!(%error, "the computer may sleep before the vault is closed"))
        .ok()
}

fn locks(bus: &Connection, on: &impl Fn(SessionEvent)) -> zbus::Result<()> {
    let manager = Proxy::new(bus, SERVICE, "/org/freedesktop/login1", MANAGER)?;
    let session = Proxy::new(bus, SERVICE, own_session(bus, &manager)?, SESSION)?;
    for _ in session.receive_signal("Lock")? {
        on(SessionEvent::Lock);
    }
    Ok(())
}

/// The session of this process; for one that the person's own systemd has started, the one with the display.
fn own_session(bus: &Connection, manager: &Proxy<'_>) -> zbus::Result<OwnedObjectPath> {
    if let Ok(id) = std::env::var("XDG_SESSION_ID")
        && let Ok(path) = manager.call("GetSession", &(id,))
    {
        return Ok(path);
    }
    if let Ok(path) = manager.call("GetSessionByPID", &(std::process::id(),)) {
        return Ok(path);
    }
    let user = Proxy::new(bus, SERVICE, "/org/freedesktop/login1/user/self", "org.freedesktop.login1.User")?;
    let (_, path): (String, OwnedObjectPath) = user.get_property("Display")?;
    Ok(path)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics says so")]
#[allow(clippy::used_underscore_binding, reason = "the macro names every argument of a method")]
mod tests {
    use super::super::test_bus::Bus;
    use super::{MANAGER, SERVICE, SESSION, SessionEvent, watch_on};
    use std::sync::{Arc, mpsc};
    use std::time::Duration;
    use zbus::zvariant::{Fd, OwnedFd, OwnedObjectPath};

    const OWN: &str = "/org/freedesktop/login1/session/_31";
    const PATIENCE: Duration = Duration::from_secs(20);

    /// Stands for logind; tells when somebody asked for a delay or for a session.
    struct Logind(mpsc::SyncSender<&'static str>);

    #[zbus::interface(name = "org.freedesktop.login1.Manager")]
    impl Logind {
        fn inhibit(&self, what: &str, _who: &str, _why: &str, mode: &str) -> OwnedFd {
            assert_eq!((what, mode), ("sleep", "delay"));
            self.0.send("delay").unwrap();
            let held = std::fs::File::open("/dev/null").unwrap();
            Fd::from(std::os::fd::OwnedFd::from(held)).into()
        }

        #[zbus(name = "GetSession")]
        fn session(&self, _id: &str) -> OwnedObjectPath {
            self.0.send("session").unwrap();
            OWN.try_into().unwrap()
        }

        #[zbus(name = "GetSessionByPID")]
        fn session_by_pid(&self, _pid: u32) -> OwnedObjectPath {
            self.0.send("session").unwrap();
            OWN.try_into().unwrap()
        }
    }

    #[test]
    fn sleep_and_lock_are_told_and_waking_is_not() {
        let bus = Bus::start();
        let (asked, asking) = mpsc::sync_channel(16);
        let service = bus.builder().name(SERVICE).unwrap();
        let service = service.serve_at("/org/freedesktop/login1", Logind(asked)).unwrap().build().unwrap();
        let ours = bus.connect();
        let (events, told) = mpsc::channel();
        watch_on(&ours, &Arc::new(move |event| events.send(event).unwrap()));
        let mut both = [asking.recv_timeout(PATIENCE).unwrap(), asking.recv_timeout(PATIENCE).unwrap()];
        both.sort_unstable();
        assert_eq!(both, ["delay", "session"]);

        let tell = |path: &str, interface: &str, signal: &str| {
            service.emit_signal(None::<&str>, path, interface, signal, &()).unwrap();
        };
        let prepare = |begins: bool| {
            let manager = "/org/freedesktop/login1";
            service.emit_signal(None::<&str>, manager, MANAGER, "PrepareForSleep", &begins).unwrap();
        };
        prepare(true);
        assert_eq!(told.recv_timeout(PATIENCE).unwrap(), SessionEvent::Sleep);
        prepare(false);
        assert_eq!(asking.recv_timeout(PATIENCE).unwrap(), "delay", "asked for again after waking");

        // Subscribed a moment after the session was asked for; repeated until it is heard.
        tell("/org/freedesktop/login1/session/_32", SESSION, "Lock");
        let heard = std::iter::repeat_with(|| {
            tell(OWN, SESSION, "Lock");
            told.recv_timeout(Duration::from_millis(100)).ok()
        });
        assert_eq!(heard.take(200).flatten().next(), Some(SessionEvent::Lock));
    }
}
