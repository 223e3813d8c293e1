//! What the operating system tells about running programs, and which of them are our own.
//!
//! Sources: proc(5) on Linux; `sysinfo` elsewhere.
//!
//! Invariant: on Unix our own programs are known by device and inode, so that a copy of another name is not ours, and
//! ours stays ours by whatever path it was started. Elsewhere they are known by path.

use std::path::{Path, PathBuf};

/// How far up the ancestors are looked at. A shell in a shell in a terminal is five.
const DEEPEST: usize = 32;

/// Our own programs: the one that runs here, and the command line that lies beside it.
pub(crate) struct OwnPrograms {
    paths: Vec<PathBuf>,
}

impl OwnPrograms {
    /// As they lie on the disk now.
    pub(crate) fn find() -> Self {
        let Ok(own) = std::env::current_exe() else { return Self { paths: Vec::new() } };
        let beside = own.with_file_name(format!("mooring{}", std::env::consts::EXE_SUFFIX));
        Self { paths: vec![system::file_of_this_process(own), beside] }
    }

    /// Whether the program of this number is one of them.
    pub(crate) fn includes(&self, pid: u32) -> bool {
        self.paths.iter().any(|own| system::runs(pid, own))
    }

    /// The number of the nearest ancestor of `pid` that is not ours: who ran our command line.
    pub(crate) fn ran_by(&self, pid: u32) -> Option<u32> {
        let ancestors = std::iter::successors(system::parent(pid), |pid| system::parent(*pid));
        ancestors.take(DEEPEST).find(|ancestor| !self.includes(*ancestor))
    }
}

/// The executable of a running program, where the system tells it.
pub(crate) fn executable(pid: u32) -> Option<PathBuf> {
    system::executable(pid)
}

#[cfg(target_os = "linux")]
mod system {
    use super::{Path, PathBuf};
    use std::os::unix::fs::MetadataExt as _;

    /// What the kernel appends when the file was replaced or removed, as updates do.
    const REPLACED: &str = " (deleted)";

    /// The file itself, also where another lies under its name by now.
    pub(super) fn file_of_this_process(_path: PathBuf) -> PathBuf {
        PathBuf::from("/proc/self/exe")
    }

    pub(super) fn executable(pid: u32) -> Option<PathBuf> {
        let path = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
        let Some(text) = path.to_str().filter(|_| !path.exists()) else { return Some(path) };
        Some(text.strip_suffix(REPLACED).map_or_else(|| path.clone(), PathBuf::from))
    }

    /// The link of `/proc` leads to the file itself, also where another lies under its name by now.
    pub(super) fn runs(pid: u32, file: &Path) -> bool {
        let of = |path: &Path| std::fs::metadata(path).map(|one| (one.dev(), one.ino())).ok();
        let running = of(Path::new(&format!("/proc/{pid}/exe")));
        running.is_some() && running == of(file)
    }

    pub(super) fn parent(pid: u32) -> Option<u32> {
        let status = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
        let line = status.lines().find_map(|line| line.strip_prefix("PPid:"))?;
        line.trim().parse().ok().filter(|parent| *parent != 0)
    }
}

#[cfg(not(target_os = "linux"))]
mod system {
    use super::{Path, PathBuf};
    use sysinfo::{Pid, ProcessRefreshKind, ProcessesToUpdate, System, UpdateKind};

    pub(super) const fn file_of_this_process(path: PathBuf) -> PathBuf {
        path
    }

    /// Asks about one process and nothing else.
    fn ask<T>(pid: u32, answer: impl FnOnce(&sysinfo::Process) -> Option<T>) -> Option<T> {
        let mut system = System::new();
        let pid = Pid::from_u32(pid);
        let wanted = ProcessRefreshKind::nothing().with_exe(UpdateKind::Always);
        system.refresh_processes_specifics(ProcessesToUpdate::Some(&[pid]), true, wanted);
        system.process(pid).and_then(answer)
    }

    pub(super) fn executable(pid: u32) -> Option<PathBuf> {
        ask(pid, |process| process.exe().filter(|path| !path.as_os_str().is_empty()).map(Path::to_owned))
    }

    #[cfg(unix)]
    pub(super) fn runs(pid: u32, file: &Path) -> bool {
        use std::os::unix::fs::MetadataExt as _;
        let of = |path: &Path| std::fs::metadata(path).map(|one| (one.dev(), one.ino())).ok();
        let running = executable(pid).as_deref().and_then(of);
        running.is_some() && running == of(file)
    }

    #[cfg(not(unix))]
    pub(super) fn runs(pid: u32, file: &Path) -> bool {
        let of = |path: &Path| std::fs::canonicalize(path).ok();
        let running = executable(pid).as_deref().and_then(of);
        running.is_some() && running == of(file)
    }

    pub(super) fn parent(pid: u32) -> Option<u32> {
        ask(pid, |process| process.parent().map(Pid::as_u32)).filter(|parent| *parent != 0)
    }
}

#[cfg(test)]
mod tests {
    use super::{OwnPrograms, executable};

    #[test]
    fn the_running_program_is_ours_and_whoever_ran_it_is_not() {
        let (own, pid) = (OwnPrograms::find(), std::process::id());
        assert!(own.includes(pid));
        let ran_by = own.ran_by(pid).unwrap();
        assert_ne!(ran_by, pid);
        assert!(!own.includes(ran_by));
    }

    #[test]
    fn another_program_is_not_ours_and_is_named_by_its_file() {
        let mut other = std::process::Command::new("sleep").arg("60").spawn().unwrap();
        let (told, ours) = (executable(other.id()), OwnPrograms::find().includes(other.id()));
        other.kill().unwrap();
        other.wait().unwrap();
        assert!(!ours);
        assert!(told.unwrap().is_absolute());
        assert!(!OwnPrograms::find().includes(other.id()), "one that has ended is nobody");
    }
}
