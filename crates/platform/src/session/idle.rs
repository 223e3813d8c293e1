//! For how long nobody has touched the computer, from whoever knows it on this desktop.
//!
//! First the window managers of GNOME and Cinnamon, which count milliseconds; then the desktop's screen saver
//! (`org.freedesktop.ScreenSaver`, as Plasma on X11 has it), whose unit is measured: the draft of that interface says
//! seconds, Plasma tells milliseconds.
//!
//! Invariant: an answer keeps a vault open, so what a desktop says that cannot tell is none. Plasma on Wayland counts
//! nought at all times, or refuses; logind's `IdleHint` says "not idle" where nobody ever sets it and where whoever set
//! it has ended, and the hint comes late by the desktop's own delay, so it is not asked.

use std::time::{Duration, Instant};
use zbus::blocking::connection::Builder;
use zbus::blocking::{Connection, Proxy};
use zbus::proxy::MethodFlags;

/// Window managers that count milliseconds since the last input. Sources: `org.gnome.Mutter.IdleMonitor.xml` of Mutter,
/// and the same of Muffin.
const MONITORS: [(&str, &str); 2] = [
    ("org.gnome.Mutter.IdleMonitor", "/org/gnome/Mutter/IdleMonitor/Core"),
    ("org.cinnamon.Muffin.IdleMonitor", "/org/cinnamon/Muffin/IdleMonitor/Core"),
];
const SAVER: &str = "org.freedesktop.ScreenSaver";
/// How long anybody is waited for: who waits locks nothing meanwhile.
const PATIENCE: Duration = Duration::from_secs(2);
/// Between two looks at a counter.
const BETWEEN: Duration = Duration::from_millis(200);
/// How often a counter is looked at that says nought: whoever types in that very moment makes it so.
const LOOKS: usize = 3;

/// Asks on the bus of this session.
pub(super) fn idle_for() -> Option<Duration> {
    let bus = Builder::session().ok()?.method_timeout(PATIENCE).build().ok()?;
    idle_on(&bus)
}

fn idle_on(bus: &Connection) -> Option<Duration> {
    let told = MONITORS.iter().find_map(|(name, path)| ask::<u64>(bus, name, path, "GetIdletime"));
    told.map(Duration::from_millis).or_else(|| saver(bus))
}

/// Asks a service that runs; none is started for it.
fn ask<T>(bus: &Connection, service: &str, path: &str, method: &str) -> Option<T>
where
    T: for<'d> zbus::zvariant::DynamicDeserialize<'d>,
{
    let proxy = Proxy::new(bus, service, path, service).ok()?;
    proxy.call_with_flags(method, MethodFlags::NoAutoStart.into(), &()).ok().flatten()
}

fn saver(bus: &Connection) -> Option<Duration> {
    let look = || ask::<u32>(bus, SAVER, "/org/freedesktop/ScreenSaver", "GetSessionIdleTime");
    for _ in 0..LOOKS {
        let (began, first) = (Instant::now(), look()?);
        std::thread::sleep(BETWEEN);
        let second = look()?;
        if let Some(idle) = measured(first, second, began.elapsed()) {
            return Some(idle);
        }
    }
    None
}

/// What a counter of an unknown unit says that was looked at twice; none when it cannot be told, or does not count.
fn measured(first: u32, second: u32, between: Duration) -> Option<Duration> {
    if (first, second) == (0, 0) {
        return None;
    }
    let between = u32::try_from(between.as_millis()).unwrap_or(u32::MAX);
    // It began anew: somebody is there.
    let Some(grown) = second.checked_sub(first) else { return Some(Duration::ZERO) };
    if grown <= 1 {
        return Some(Duration::from_secs(second.into()));
    }
    if (between / 2..=between.saturating_mul(2)).contains(&grown) {
        return Some(Duration::from_millis(second.into()));
    }
    // It began anew in between and has passed where it stood.
    (second <= between).then_some(Duration::ZERO)
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, reason = "a test that panics says so")]
mod tests {
    use super::super::test_bus::Bus;
    use super::{MONITORS, SAVER, idle_on, measured};
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::time::{Duration, Instant};
    use zbus::blocking::Connection;
    use zbus::fdo;

    const MINUTES: u32 = 7 * 60;

    /// A window manager that counts; tells so many milliseconds.
    struct Monitor(u64);

    #[zbus::interface(name = "org.gnome.Mutter.IdleMonitor")]
    impl Monitor {
        #[zbus(name = "GetIdletime")]
        fn idle(&self) -> u64 {
            self.0
        }
    }

    struct Muffin(u64);

    #[zbus::interface(name = "org.cinnamon.Muffin.IdleMonitor")]
    impl Muffin {
        #[zbus(name = "GetIdletime")]
        fn idle(&self) -> u64 {
            self.0
        }
    }

    /// What a screen saver tells.
    enum Saver {
        Milliseconds(Instant),
        Seconds,
        Nought,
        Refuses,
        /// Somebody types whenever it is looked at.
        InUse(AtomicU32),
    }

    #[zbus::interface(name = "org.freedesktop.ScreenSaver")]
    impl Saver {
        #[zbus(name = "GetSessionIdleTime")]
        fn idle(&self) -> fdo::Result<u32> {
            match self {
                Self::Milliseconds(since) => {
                    Ok(MINUTES * 1_000 + u32::try_from(since.elapsed().as_millis()).unwrap())
                }
                Self::Seconds => Ok(MINUTES),
                Self::Nought => Ok(0),
                Self::Refuses => Err(fdo::Error::NotSupported("no counter here".to_owned())),
                Self::InUse(left) => Ok(left.fetch_sub(1, Ordering::SeqCst)),
            }
        }
    }

    fn with_saver(bus: &Bus, saver: Saver) -> Connection {
        let service = bus.builder().name(SAVER).unwrap();
        service.serve_at("/org/freedesktop/ScreenSaver", saver).unwrap().build().unwrap()
    }

    #[test]
    fn window_managers_are_believed_to_the_millisecond() {
        for (name, path) in MONITORS {
            let bus = Bus::start();
            assert_eq!(idle_on(&bus.connect()), None, "nobody is there who knows");
            // What a screen saver says beside it is not looked at.
            let _saver = with_saver(&bus, Saver::Nought);
            let (service, told) = (bus.builder().name(name).unwrap(), u64::from(MINUTES) * 1_000);
            let _service = if name.contains("gnome") {
                service.serve_at(path, Monitor(told)).unwrap().build().unwrap()
            } else {
                service.serve_at(path, Muffin(told)).unwrap().build().unwrap()
            };
            assert_eq!(idle_on(&bus.connect()), Some(Duration::from_secs(MINUTES.into())), "{name}");
        }
    }

    #[test]
    fn a_screen_saver_is_believed_in_whatever_unit_it_counts() {
        for saver in [Saver::Milliseconds(Instant::now()), Saver::Seconds] {
            let bus = Bus::start();
            let _service = with_saver(&bus, saver);
            let idle = idle_on(&bus.connect()).expect("it counts");
            let minutes = Duration::from_secs(MINUTES.into());
            assert!(idle >= minutes && idle < minutes + Duration::from_secs(60), "{idle:?}");
        }
        let bus = Bus::start();
        let _service = with_saver(&bus, Saver::InUse(AtomicU32::new(90)));
        assert_eq!(idle_on(&bus.connect()), Some(Duration::ZERO));
    }

    #[test]
    fn who_cannot_tell_keeps_nothing_open() {
        for saver in [Saver::Nought, Saver::Refuses] {
            let bus = Bus::start();
            let _service = with_saver(&bus, saver);
            assert_eq!(idle_on(&bus.connect()), None);
        }
    }

    #[test]
    fn the_unit_of_a_counter_is_seen_from_how_it_grows() {
        let between = Duration::from_millis(200);
        let seconds = |count| Some(Duration::from_secs(count));
        let milliseconds = |count| Some(Duration::from_millis(count));
        for (first, second, expected) in [
            (0, 0, None),
            (600, 600, seconds(600)),
            (600, 601, seconds(601)),
            (0, 1, seconds(1)),
            (600_000, 600_203, milliseconds(600_203)),
            (600_000, 600_390, milliseconds(600_390)),
            (0, 190, milliseconds(190)),
            // Somebody typed in between.
            (600_000, 40, seconds(0)),
            (600, 0, seconds(0)),
            (3, 40, seconds(0)),
            // No clock goes like that.
            (600_000, 604_000, None),
            (600_000, 600_050, None),
        ] {
            assert_eq!(measured(first, second, between), expected, "{first} and {second}");
        }
    }
}
