//! The port of the HTTP interface: free, or whose.

use super::Check;
use std::io::ErrorKind;
use std::net::TcpListener;

/// Whether the port can be had, or is had by Mooring itself.
pub(super) fn check(port: u16) -> Check {
    const NAME: &str = "port of the HTTP interface";
    let other = "choose another port: mooring agent --http 127.0.0.1:PORT, or in Settings";
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => Check::good(NAME, format!("127.0.0.1:{port} is free")),
        Err(error) if error.kind() == ErrorKind::AddrInUse => match owner(port) {
            Some((pid, name)) if name.starts_with("mooring") => {
                Check::good(NAME, format!("127.0.0.1:{port} is served by {name} (process {pid})"))
            }
            Some((pid, name)) => {
                Check::bad(NAME, format!("127.0.0.1:{port} is taken by {name} (process {pid})"), other)
            }
            None => Check::bad(NAME, format!("127.0.0.1:{port} is taken by another program"), other),
        },
        Err(error) => Check::bad(NAME, format!("127.0.0.1:{port} cannot be listened on: {error}"), other),
    }
}

/// Who listens on the port, among programs of this person.
///
/// Source: proc_pid_net(5): the second column is the address in the machine's byte order, the fourth the state (0A is
/// listening), the tenth the socket's inode.
#[cfg(target_os = "linux")]
fn owner(port: u16) -> Option<(u32, String)> {
    let table = std::fs::read_to_string("/proc/net/tcp").ok()?;
    let inode = table.lines().skip(1).find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let here = columns.get(1)?.ends_with(&format!(":{port:04X}")) && columns.get(3) == Some(&"0A");
        here.then(|| columns.get(9).map(|inode| format!("socket:[{inode}]"))).flatten()
    })?;
    let processes = std::fs::read_dir("/proc").ok()?;
    let pids = processes.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok());
    let holds = |pid: u32| {
        let files = std::fs::read_dir(format!("/proc/{pid}/fd")).ok()?;
        let mut targets = files.flatten().filter_map(|file| std::fs::read_link(file.path()).ok());
        targets.any(|target| target.as_os_str() == inode.as_str()).then_some(pid)
    };
    let pid = pids.into_iter().find_map(holds)?;
    let name = std::fs::read_to_string(format!("/proc/{pid}/comm")).unwrap_or_default();
    Some((pid, name.trim().to_owned()))
}

#[cfg(not(target_os = "linux"))]
const fn owner(_port: u16) -> Option<(u32, String)> {
    None
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn a_taken_port_is_told_with_whoever_has_it() {
        let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let found = check(port);
        // This test is part of `mooring` and is called so.
        assert!(found.ok, "{}", found.what);
        assert!(found.what.contains(&std::process::id().to_string()), "{}", found.what);
        drop(taken);
        assert!(check(port).what.ends_with("is free"));
    }
}
