//! Which program is at the other end of a loopback socket, as Linux tells it.
//!
//! Elsewhere nobody is named, and the secret alone decides.

use std::net::SocketAddr;
use std::path::PathBuf;

/// A program at the other end.
#[cfg_attr(not(target_os = "linux"), allow(dead_code, reason = "no other system tells"))]
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Peer {
    /// Its user's number.
    pub(super) uid: u32,
    /// The number of the user who runs Mooring.
    pub(super) own_uid: u32,
    /// Its process number.
    pub(super) pid: Option<u32>,
    /// Its executable.
    pub(super) executable: Option<PathBuf>,
}

impl Peer {
    /// Whether it runs for somebody else.
    pub(super) const fn is_of_another_user(&self) -> bool {
        self.uid != self.own_uid
    }
}

/// Who has the other end of the socket between `peer` and `own`; none where it cannot be told.
#[cfg(not(target_os = "linux"))]
pub(super) const fn find(_peer: SocketAddr, _own: SocketAddr) -> Option<Peer> {
    None
}

#[cfg(target_os = "linux")]
pub(super) use linux::find;

#[cfg(target_os = "linux")]
mod sock_diag;

#[cfg(target_os = "linux")]
mod linux {
    use super::{Peer, SocketAddr, sock_diag};
    use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
    use std::os::unix::fs::MetadataExt as _;
    use std::path::PathBuf;

    /// Who has the other end of the socket between `peer` and `own`; none where it cannot be told.
    pub(in super::super) fn find(peer: SocketAddr, own: SocketAddr) -> Option<Peer> {
        let own_uid = std::fs::metadata("/proc/self").ok()?.uid();
        // Where a sandbox keeps the kernel from being asked, its tables may still be read.
        let (uid, inode) =
            sock_diag::ask(canonical(peer), canonical(own)).or_else(|| in_tables(peer, own))?;
        let pid = (uid == own_uid).then(|| holder(inode, own_uid)).flatten();
        let executable = pid.and_then(|pid| std::fs::read_link(format!("/proc/{pid}/exe")).ok());
        Some(Peer { uid, own_uid, pid, executable })
    }

    fn in_tables(peer: SocketAddr, own: SocketAddr) -> Option<(u32, u64)> {
        let tables = ["/proc/net/tcp", "/proc/net/tcp6"];
        let mut texts = tables.iter().filter_map(|table| std::fs::read_to_string(table).ok());
        texts.find_map(|table| row(&table, peer, own))
    }

    /// User and inode of the row from `peer` to `own`.
    pub(super) fn row(table: &str, peer: SocketAddr, own: SocketAddr) -> Option<(u32, u64)> {
        table.lines().skip(1).find_map(|line| {
            let mut fields = line.split_ascii_whitespace().skip(1);
            let (local, remote) = (address(fields.next()?)?, address(fields.next()?)?);
            if local != canonical(peer) || remote != canonical(own) {
                return None;
            }
            let uid = fields.nth(4)?.parse().ok()?;
            let inode = fields.nth(1)?.parse().ok()?;
            Some((uid, inode))
        })
    }

    /// `0100007F:0BBC`: each word of the address as the processor keeps it, then the port.
    fn address(text: &str) -> Option<SocketAddr> {
        let (host, port) = text.split_once(':')?;
        let port = u16::from_str_radix(port, 16).ok()?;
        let word = |at: usize| {
            let hex = host.get(at * 8..at * 8 + 8)?;
            u32::from_str_radix(hex, 16).ok().map(u32::to_ne_bytes)
        };
        let host = match host.len() {
            8 => IpAddr::from(Ipv4Addr::from(word(0)?)),
            32 => {
                let mut bytes = [0; 16];
                for (at, chunk) in bytes.chunks_exact_mut(4).enumerate() {
                    chunk.copy_from_slice(&word(at)?);
                }
                IpAddr::from(Ipv6Addr::from(bytes)).to_canonical()
            }
            _ => return None,
        };
        Some(SocketAddr::new(host, port))
    }

    /// An IPv4 address that came through IPv6 as what it is.
    fn canonical(address: SocketAddr) -> SocketAddr {
        SocketAddr::new(address.ip().to_canonical(), address.port())
    }

    /// The process of this user that holds the socket. Those of others cannot be looked into.
    fn holder(inode: u64, own_uid: u32) -> Option<u32> {
        let socket = PathBuf::from(format!("socket:[{inode}]"));
        let processes = std::fs::read_dir("/proc").ok()?.flatten();
        let own = processes.filter(|one| one.metadata().is_ok_and(|metadata| metadata.uid() == own_uid));
        let numbered =
            own.filter_map(|one| Some((one.file_name().to_str()?.parse::<u32>().ok()?, one.path())));
        numbered.filter(|(_, folder)| holds(&folder.join("fd"), &socket)).map(|(pid, _)| pid).next()
    }

    fn holds(folder: &std::path::Path, socket: &std::path::Path) -> bool {
        let Ok(open) = std::fs::read_dir(folder) else { return false };
        open.flatten().any(|one| std::fs::read_link(one.path()).is_ok_and(|target| target == *socket))
    }

    #[cfg(test)]
    mod tests {
        use super::row;

        const TABLE: &str = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid\n\
            \x20  0: 0100007F:0BBC 0100007F:D431 01 00000000:00000000 00:00000000 00000000  1000        0 41 1 0\n\
            \x20  1: 0100007F:D431 0100007F:0BBC 01 00000000:00000000 00:00000000 00000000  1001        0 42 1 0\n";
        const SIX: &str = "  sl  local_address                         remote_address\n\
            \x20  0: 00000000000000000000000001000000:D431 00000000000000000000000001000000:0BBC 01 \
            00000000:00000000 00:00000000 00000000  1002        0 43 1 0\n\
            \x20  1: 0000000000000000FFFF00000100007F:D432 0000000000000000FFFF00000100007F:0BBC 01 \
            00000000:00000000 00:00000000 00000000  1003        0 44 1 0\n";

        #[test]
        fn the_row_of_the_other_end_is_found_and_not_our_own() {
            let find = |table, peer: &str, own: &str| row(table, peer.parse().unwrap(), own.parse().unwrap());
            assert_eq!(find(TABLE, "127.0.0.1:54321", "127.0.0.1:3004"), Some((1001, 42)));
            assert_eq!(find(TABLE, "127.0.0.1:54322", "127.0.0.1:3004"), None);
            assert_eq!(find(SIX, "[::1]:54321", "[::1]:3004"), Some((1002, 43)));
            assert_eq!(find(SIX, "127.0.0.1:54322", "127.0.0.1:3004"), Some((1003, 44)), "a mapped address");
        }

        #[test]
        fn a_bent_table_names_nobody() {
            let (peer, own) = ("127.0.0.1:54321".parse().unwrap(), "127.0.0.1:3004".parse().unwrap());
            for table in ["", "x\ny", "h\n 0: 01:1 02:2", "h\n 0: é100007F:D431 0100007F:0BBC 01"] {
                assert_eq!(row(table, peer, own), None);
            }
        }
    }
}
