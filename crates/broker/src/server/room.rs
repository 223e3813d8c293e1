//! How many conversations there may be at once: in all, of one process, of one program.
//!
//! Invariant: a part is kept back for our own command line, so that no other program keeps the person from taking its
//! permissions away.

use super::SocketLimits;
use crate::caller::{Caller, CallerId};
use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// All places.
pub(super) struct Room {
    limits: SocketLimits,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    /// Those of other programs than our command line.
    others: usize,
    by_process: HashMap<u32, usize>,
    by_program: HashMap<CallerId, usize>,
}

/// A place that one conversation has until this is dropped.
pub(super) struct Place {
    room: Arc<Room>,
    pid: Option<u32>,
    /// Which program it is, once that is known, and whether it is another than our command line.
    program: Option<(CallerId, bool)>,
}

impl Room {
    pub(super) fn new(limits: SocketLimits) -> Arc<Self> {
        Arc::new(Self { limits, taken: Mutex::default() })
    }

    /// A place for a process, before it is known which program it is.
    pub(super) fn enter(self: &Arc<Self>, pid: Option<u32>) -> Option<Place> {
        let mut taken = self.taken();
        if taken.all >= self.limits.conversations {
            return None;
        }
        if let Some(pid) = pid
            && !one_more(&mut taken.by_process, pid, self.limits.of_one_process)
        {
            return None;
        }
        taken.all += 1;
        Some(Place { room: Arc::clone(self), pid, program: None })
    }

    fn taken(&self) -> MutexGuard<'_, Taken> {
        // Counts are right after each statement: whoever panicked left none of them half changed.
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Place {
    /// Whether the program that turned out to be here may stay.
    pub(super) fn keeps(&mut self, caller: &Caller) -> bool {
        let limits = self.room.limits;
        let mut taken = self.room.taken();
        let is_other = !caller.through_cli;
        if is_other && taken.others >= limits.conversations.saturating_sub(limits.kept_back) {
            return false;
        }
        if !one_more(&mut taken.by_program, caller.id.clone(), limits.of_one_program) {
            return false;
        }
        taken.others += usize::from(is_other);
        self.program = Some((caller.id.clone(), is_other));
        true
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut taken = self.room.taken();
        taken.all -= 1;
        if let Some(pid) = self.pid {
            one_less(&mut taken.by_process, &pid);
        }
        if let Some((program, is_other)) = self.program.take() {
            one_less(&mut taken.by_program, &program);
            taken.others -= usize::from(is_other);
        }
    }
}

/// Counts one more, unless there are `most` already.
fn one_more<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: K, most: usize) -> bool {
    let count = counts.entry(key).or_default();
    let fits = *count < most;
    *count += usize::from(fits);
    fits
}

fn one_less<K: Eq + Hash>(counts: &mut HashMap<K, usize>, key: &K) {
    let Some(count) = counts.get_mut(key) else { return };
    *count -= 1;
    if *count == 0 {
        counts.remove(key);
    }
}

#[cfg(test)]
mod tests {
    use super::{Place, Room};
    use crate::caller::Caller;
    use crate::server::SocketLimits;
    use std::path::Path;

    fn room() -> std::sync::Arc<Room> {
        let (conversations, kept_back, of_one_process, of_one_program) = (6, 2, 3, 3);
        let usual = SocketLimits::default();
        Room::new(SocketLimits { conversations, kept_back, of_one_process, of_one_program, ..usual })
    }

    fn program(name: &str) -> Caller {
        Caller::program(Some(Path::new(&format!("/usr/bin/{name}"))), None)
    }

    fn known(room: &std::sync::Arc<Room>, pid: u32, caller: &Caller) -> Option<Place> {
        room.enter(Some(pid)).and_then(|mut place| place.keeps(caller).then_some(place))
    }

    #[test]
    fn one_process_gets_no_more_than_its_part_and_what_it_gives_back_is_free() {
        let room = room();
        let mut held: Vec<_> = (0..3).map(|_| room.enter(Some(7)).unwrap()).collect();
        assert!(room.enter(Some(7)).is_none());
        assert!(room.enter(Some(8)).is_some());
        held.pop();
        assert!(room.enter(Some(7)).is_some());
        assert!(room.taken().by_process.len() <= 1, "who left is forgotten");
    }

    #[test]
    fn one_program_gets_no_more_than_its_part_however_many_processes_it_has() {
        let room = room();
        let held: Vec<_> = (0..3).map(|pid| known(&room, pid, &program("sheet")).unwrap()).collect();
        assert!(known(&room, 9, &program("sheet")).is_none());
        assert!(known(&room, 10, &program("other")).is_some());
        drop(held);
        assert!(known(&room, 11, &program("sheet")).is_some());
    }

    #[test]
    fn our_command_line_finds_room_where_others_find_none() {
        let room = room();
        let held: Vec<_> =
            (0..4).map(|pid| known(&room, pid, &program(&format!("p{pid}"))).unwrap()).collect();
        assert!(known(&room, 9, &program("one-more")).is_none());
        let ours = Caller { through_cli: true, ..program("sh") };
        assert!(known(&room, 10, &ours).is_some());
        drop(held);
    }

    #[test]
    fn who_cannot_be_told_counts_as_one_program() {
        let room = room();
        let unknown = Caller::program(None, None);
        let place = || room.enter(None).and_then(|mut place| place.keeps(&unknown).then_some(place));
        let held: Vec<_> = (0..3).map(|_| place().unwrap()).collect();
        assert!(place().is_none());
        drop(held);
    }
}
