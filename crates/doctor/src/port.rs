//! The port of the HTTP interface: free, or whose.

use super::{Check, CheckCode, CheckOf};
use std::io::ErrorKind;
use std::net::TcpListener;

/// The port that this process serves itself.
pub(super) fn own(port: u16) -> Check {
    about(CheckCode::PortOurs, port).with("pid", std::process::id())
}

/// Whether the port can be had, or is had by the process that owns the vault. A name proves nothing: any program may
/// be called so.
pub(super) fn check(port: u16, owner: Option<u32>) -> Check {
    let is_ours = |pid: u32| Some(pid) == owner || pid == std::process::id();
    match TcpListener::bind(("127.0.0.1", port)) {
        Ok(_) => shadow(port, is_ours).unwrap_or_else(|| about(CheckCode::PortFree, port)),
        Err(error) if error.kind() == ErrorKind::AddrInUse => match holder(port, &["tcp", "tcp6"]) {
            Some((pid, _)) if is_ours(pid) => about(CheckCode::PortOurs, port).with("pid", pid),
            Some(who) => by(CheckCode::PortTakenBy, port, &who),
            None => about(CheckCode::PortTaken, port),
        },
        Err(error) => about(CheckCode::PortBad, port).with("error", error),
    }
}

/// Somebody else on the loopback address of IPv6: who asks `localhost` may get them and not Mooring.
fn shadow(port: u16, is_ours: impl Fn(u32) -> bool) -> Option<Check> {
    let taken = TcpListener::bind(("::1", port)).is_err_and(|error| error.kind() == ErrorKind::AddrInUse);
    if !taken {
        return None;
    }
    match holder(port, &["tcp6"]) {
        Some((pid, _)) if is_ours(pid) => None,
        Some(who) => Some(by(CheckCode::PortShadowed, port, &who)),
        None => Some(about(CheckCode::PortTaken, port)),
    }
}

fn about(code: CheckCode, port: u16) -> Check {
    Check::new(CheckOf::Port, code).with("port", port)
}

fn by(code: CheckCode, port: u16, (pid, name): &(u32, String)) -> Check {
    about(code, port).with("pid", pid).with("name", name)
}

/// Who listens on the port, among programs of this person.
///
/// Source: proc_pid_net(5): the second column is the address in the machine's byte order, the fourth the state (0A is
/// listening), the tenth the socket's inode; `tcp6` has the sockets of both families and of IPv6 alone.
#[cfg(target_os = "linux")]
fn holder(port: u16, tables: &[&str]) -> Option<(u32, String)> {
    let inode = tables.iter().find_map(|table| {
        let table = std::fs::read_to_string(format!("/proc/net/{table}")).ok()?;
        table.lines().skip(1).find_map(|line| {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let here = columns.get(1)?.ends_with(&format!(":{port:04X}")) && columns.get(3) == Some(&"0A");
            here.then(|| columns.get(9).map(|inode| format!("socket:[{inode}]"))).flatten()
        })
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
const fn holder(_port: u16, _tables: &[&str]) -> Option<(u32, String)> {
    None
}

#[cfg(test)]
#[cfg(target_os = "linux")]
mod tests {
    use super::{CheckCode, check};
    use std::net::TcpListener;
    use std::process::{Child, Command, Stdio};

    /// A program that listens on an address and says on which port.
    fn stranger(address: &str) -> (Child, u16) {
        use std::io::{BufRead as _, BufReader};
        let script = "import socket, sys\n\
            kind = socket.AF_INET6 if ':' in sys.argv[1] else socket.AF_INET\n\
            one = socket.socket(kind)\n\
            one.bind((sys.argv[1], 0)); one.listen()\n\
            print(one.getsockname()[1], flush=True)\n\
            sys.stdin.read()";
        let mut child = Command::new("python3")
            .args(["-c", script, address])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        (child, line.trim().parse().unwrap())
    }

    fn ended(mut child: Child) {
        child.kill().unwrap();
        child.wait().unwrap();
    }

    #[test]
    fn a_port_of_our_own_is_ours_and_another_is_free() {
        let taken = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = taken.local_addr().unwrap().port();
        let found = check(port, None);
        assert_eq!((found.code, found.param("pid")), (CheckCode::PortOurs, &*std::process::id().to_string()));
        drop(taken);
        assert_eq!(check(port, None).code, CheckCode::PortFree);
    }

    #[test]
    fn whoever_else_has_it_is_named_and_is_ours_only_as_the_owner_of_the_vault() {
        let (child, port) = stranger("127.0.0.1");
        let found = check(port, None);
        assert_eq!((found.code, found.param("pid")), (CheckCode::PortTakenBy, &*child.id().to_string()));
        assert!(found.param("name").starts_with("python"), "{found:?}");
        assert_eq!(check(port, Some(child.id())).code, CheckCode::PortOurs);
        assert_eq!(check(port, Some(child.id() + 1)).code, CheckCode::PortTakenBy);
        ended(child);
    }

    #[test]
    fn a_listener_of_both_families_is_found_and_one_of_ipv6_alone_is_told() {
        let (both, port) = stranger("::");
        let found = check(port, None);
        assert_eq!((found.code, found.param("pid")), (CheckCode::PortTakenBy, &*both.id().to_string()));
        ended(both);
        let (alone, port) = stranger("::1");
        let found = check(port, None);
        assert_eq!((found.code, found.param("pid")), (CheckCode::PortShadowed, &*alone.id().to_string()));
        assert_eq!(check(port, Some(alone.id())).code, CheckCode::PortFree);
        ended(alone);
    }
}
