//! The port of the HTTP interface: free on both addresses of this computer, or whose.

use super::Check;
use std::io::ErrorKind;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener};

/// Both addresses that `localhost` may mean; serving needs both where there are both.
const HOSTS: [IpAddr; 2] = [IpAddr::V4(Ipv4Addr::LOCALHOST), IpAddr::V6(Ipv6Addr::LOCALHOST)];

/// Whether the port can be had, or is had by the Mooring of this profile: the process `own`, if it runs, which says that
/// it serves at `serves`.
pub(super) fn check(port: u16, own: Option<u32>, serves: Option<u16>) -> Check {
    const NAME: &str = "port of the HTTP interface";
    let other = "choose another port: mooring http on --port PORT, or in Settings";
    let mut ours = None;
    for host in HOSTS {
        let address = SocketAddr::from((host, port));
        let Err(error) = TcpListener::bind(address) else { continue };
        match (error.kind(), owner(address)) {
            (ErrorKind::AddrInUse, Some((pid, _))) if own == Some(pid) => ours = Some(pid),
            (ErrorKind::AddrInUse, None) if own.is_some() && serves == Some(port) => ours = own,
            (ErrorKind::AddrInUse, Some((pid, name))) => {
                return Check::bad(NAME, format!("{address} is taken by {name} (process {pid})"), other);
            }
            (ErrorKind::AddrInUse, None) => {
                return Check::bad(NAME, format!("{address} is taken by another program"), other);
            }
            // A machine without IPv6 serves at the one address that it has.
            _ if host.is_ipv6() => {}
            _ => return Check::bad(NAME, format!("{address} cannot be listened on: {error}"), other),
        }
    }
    match ours {
        Some(pid) => Check::good(NAME, format!("port {port} is served by Mooring (process {pid})")),
        None => Check::good(NAME, format!("port {port} of 127.0.0.1 and [::1] is free")),
    }
}

/// Who listens at the address, among programs of this person.
///
/// Source: proc_pid_net(5): the second column is the address in the machine's byte order, the fourth the state (0A is
/// listening), the tenth the socket's inode.
#[cfg(target_os = "linux")]
fn owner(address: SocketAddr) -> Option<(u32, String)> {
    let table = if address.is_ipv4() { "/proc/net/tcp" } else { "/proc/net/tcp6" };
    let table = std::fs::read_to_string(table).ok()?;
    let port = format!(":{:04X}", address.port());
    let inode = table.lines().skip(1).find_map(|line| {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let here = columns.get(1)?.ends_with(&port) && columns.get(3) == Some(&"0A");
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
const fn owner(_address: SocketAddr) -> Option<(u32, String)> {
    None
}

#[cfg(test)]
mod tests {
    use super::check;
    use std::net::TcpListener;

    #[test]
    fn a_taken_port_is_told_with_whoever_has_it() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let pid = std::process::id();
        // This test is part of `mooring` and is called so; that alone makes it nobody's Mooring.
        for own in [None, Some(1)] {
            let found = check(port, own, Some(port));
            assert!(!found.ok && found.what.contains(&pid.to_string()), "{}", found.what);
        }
        let ours = check(port, Some(pid), Some(port));
        assert!(ours.ok && ours.what.contains(&pid.to_string()), "{}", ours.what);
        drop(taken);
        assert!(check(port, None, None).what.ends_with("is free"));
    }

    #[test]
    fn a_port_of_which_another_program_has_the_other_half_is_taken() {
        // A machine without IPv6 has no other half.
        let Ok(taken) = TcpListener::bind("[::1]:0") else { return };
        let port = taken.local_addr().unwrap().port();
        let found = check(port, None, None);
        assert!(!found.ok && found.what.contains("[::1]"), "{}", found.what);
    }
}
