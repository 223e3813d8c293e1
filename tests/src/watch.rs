//! Watches the command lines and environments of all programs of a world, which other programs on the computer can
//! read, again and again while something happens.

use crate::world::World;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// Between two looks.
const LOOK: Duration = Duration::from_millis(10);

/// A watch that goes on until it is dropped.
pub struct Watch {
    seen: Arc<Mutex<BTreeSet<String>>>,
    _end: mpsc::Sender<()>,
}

impl Watch {
    /// Begins.
    pub fn over(world: &World) -> Self {
        let (end, ended) = mpsc::channel();
        let seen = Arc::new(Mutex::new(BTreeSet::new()));
        // Every program of a world is told its profile folder, and passes it on to those that it starts.
        let mark = format!("MOORING_HOME={}", world.profile().display());
        let to = Arc::clone(&seen);
        std::thread::spawn(move || {
            while ended.recv_timeout(LOOK) == Err(RecvTimeoutError::Timeout) {
                look(&mark, &mut to.lock().unwrap());
            }
        });
        Self { seen, _end: end }
    }

    /// Every command line and environment that was seen so far.
    pub fn seen(&self) -> String {
        self.seen.lock().unwrap().iter().map(String::as_str).collect::<Vec<_>>().join("\n")
    }
}

fn look(mark: &str, seen: &mut BTreeSet<String>) {
    for entry in std::fs::read_dir("/proc").unwrap().flatten() {
        let folder = entry.path();
        // What is gone by now, or belongs to somebody else, has nothing to show.
        let Some(environment) = words(&folder.join("environ")) else { continue };
        if environment.contains(mark) {
            seen.extend(words(&folder.join("cmdline")));
            seen.insert(environment);
        }
    }
}

/// The words of a file of /proc, which are parted by zeros.
fn words(file: &Path) -> Option<String> {
    let bytes = std::fs::read(file).ok().filter(|bytes| !bytes.is_empty())?;
    Some(String::from_utf8_lossy(&bytes).replace('\0', "\n"))
}
