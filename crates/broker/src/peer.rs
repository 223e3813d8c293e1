//! Who is at the other end, as the operating system tells it.

/// A program that has connected.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Peer {
    /// Its user's number; none where the system decided by access rights alone.
    pub uid: Option<u32>,
    /// Its process number.
    pub pid: Option<u32>,
    /// Path of its executable; none where the system does not tell.
    pub executable: Option<String>,
}

impl Peer {
    /// What to call it in Activity: the name of its executable.
    pub fn name(&self) -> String {
        let file = self.executable.as_deref().and_then(|path| path.rsplit(['/', '\\']).next());
        match (file, self.pid) {
            (Some(file), _) if !file.is_empty() => {
                file.chars().filter(|c| !c.is_control()).take(80).collect()
            }
            (_, Some(pid)) => format!("process {pid}"),
            _ => "a program".to_owned(),
        }
    }

    /// Whether it runs for the same person as `own_uid`.
    pub fn is_same_user(&self, own_uid: u32) -> bool {
        self.uid == Some(own_uid)
    }
}

#[cfg(test)]
mod tests {
    use super::Peer;

    #[test]
    fn another_user_is_another_person_and_so_is_nobody() {
        let peer = |uid| Peer { uid, pid: Some(7), executable: None };
        assert!(peer(Some(1000)).is_same_user(1000));
        assert!(!peer(Some(1001)).is_same_user(1000));
        assert!(!peer(Some(0)).is_same_user(1000), "root reads the files anyway, but not through here");
        assert!(!peer(None).is_same_user(1000), "who cannot be told is refused");
    }

    #[test]
    fn a_program_is_called_by_its_executable() {
        let peer = |executable: Option<&str>| Peer {
            uid: None,
            pid: Some(7),
            executable: executable.map(Into::into),
        };
        assert_eq!(peer(Some("/usr/bin/python3.11")).name(), "python3.11");
        assert_eq!(peer(Some("/tmp/a\u{1b}[2Jb")).name(), "a[2Jb", "a name cannot steer a terminal");
        assert_eq!(peer(None).name(), "process 7");
    }
}
