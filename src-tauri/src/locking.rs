//! Lets the system lock Mooring: when it sleeps, when its session is locked, when nobody was there.

use platform::session::{self, SessionEvent};
use runtime::{IdleSource, Runtime};
use std::sync::Arc;
use std::time::Duration;

/// How long a computer that wants to sleep waits for the vault to close; logind allows five seconds.
const BEFORE_SLEEP: Duration = Duration::from_secs(3);

/// The system's own word on idleness.
struct SystemIdle;

impl IdleSource for SystemIdle {
    fn idle_for(&self) -> Option<Duration> {
        session::idle_for()
    }
}

/// Begins to watch.
pub(crate) fn watch(runtime: &Runtime) {
    runtime.watch_idleness(Arc::new(SystemIdle));
    let runtime = runtime.clone();
    session::watch(move |event| {
        let _entered = tauri::async_runtime::handle().inner().enter();
        runtime.system_locks();
        if event == SessionEvent::Sleep {
            tauri::async_runtime::block_on(runtime.closed(BEFORE_SLEEP));
        }
    });
}
