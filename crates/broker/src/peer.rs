//! Who is at the other end, as the operating system tells it.

use crate::caller::Caller;
use crate::programs::{OwnPrograms, executable};

/// A program that has connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Peer {
    /// Its user's number; none where the system decided by access rights alone.
    pub uid: Option<u32>,
    /// Its process number.
    pub pid: Option<u32>,
}

impl Peer {
    /// Whether it runs for the same person as `own_uid`.
    pub fn is_same_user(&self, own_uid: u32) -> bool {
        self.uid == Some(own_uid)
    }

    /// Which caller it is. Behind our own command line that is the program that ran it; where the system keeps that
    /// to itself, the command line stands for it.
    pub(crate) fn caller(&self, own: &OwnPrograms) -> Caller {
        let Some(pid) = self.pid else { return Caller::program(None, None) };
        if !own.includes(pid) {
            return Caller::program(executable(pid).as_deref(), Some(pid));
        }
        let ran_by = own.ran_by(pid).and_then(|pid| executable(pid).map(|path| (path, pid)));
        let (path, pid) = ran_by.map_or_else(|| (executable(pid), pid), |(path, pid)| (Some(path), pid));
        Caller { through_cli: true, ..Caller::program(path.as_deref(), Some(pid)) }
    }
}

#[cfg(test)]
mod tests {
    use super::Peer;
    use crate::programs::OwnPrograms;

    #[test]
    fn another_user_is_another_person_and_so_is_nobody() {
        let peer = |uid| Peer { uid, pid: Some(7) };
        assert!(peer(Some(1000)).is_same_user(1000));
        assert!(!peer(Some(1001)).is_same_user(1000));
        assert!(!peer(Some(0)).is_same_user(1000), "root reads the files anyway, but not through here");
        assert!(!peer(None).is_same_user(1000), "who cannot be told is refused");
    }

    #[test]
    fn behind_our_command_line_stands_whoever_ran_it() {
        let own = OwnPrograms::find();
        let caller = Peer { uid: None, pid: Some(std::process::id()) }.caller(&own);
        assert!(caller.through_cli);
        assert_ne!(caller.executable, std::env::current_exe().ok());
        assert_ne!(caller.pid, Some(std::process::id()));
    }

    #[test]
    fn who_cannot_be_told_is_an_unknown_program() {
        let caller = Peer { uid: None, pid: None }.caller(&OwnPrograms::find());
        assert!(!caller.through_cli);
        assert_eq!(caller.id.as_str(), "program:unknown");
    }
}
