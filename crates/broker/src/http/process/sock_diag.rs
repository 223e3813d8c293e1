//! Asks the kernel for the one socket (`sock_diag(7)`): microseconds, where reading its tables takes milliseconds on a
//! machine with much memory.

use netlink_packet_core::{NLM_F_REQUEST, NetlinkHeader, NetlinkMessage, NetlinkPayload};
use netlink_packet_sock_diag::SockDiagMessage;
use netlink_packet_sock_diag::constants::{AF_INET, AF_INET6, IPPROTO_TCP};
use netlink_packet_sock_diag::inet::{ExtensionFlags, InetRequest, SocketId, StateFlags};
use netlink_sys::protocols::NETLINK_SOCK_DIAG;
use netlink_sys::{Socket, SocketAddr as Netlink};
use std::net::SocketAddr;

/// Stands for a cookie that nobody knows.
const NO_COOKIE: [u8; 8] = [0xff; 8];
/// The kernel's own number on this channel.
const KERNEL: u32 = 0;

/// User and inode of the socket from `peer` to `own`; none where there is none, or where the kernel may not be asked.
pub(super) fn ask(peer: SocketAddr, own: SocketAddr) -> Option<(u32, u64)> {
    let socket = Socket::new(NETLINK_SOCK_DIAG).ok()?;
    // The kernel answers before the request is sent: where nothing has come by then, nothing will.
    socket.set_non_blocking(true).ok()?;
    socket.send_to(&request(peer, own), &Netlink::new(KERNEL, 0), 0).ok()?;
    let (answer, from) = socket.recv_from_full().ok()?;
    if from.port_number() != KERNEL {
        return None;
    }
    let answer = NetlinkMessage::<SockDiagMessage>::deserialize(&answer).ok()?;
    match answer.payload {
        NetlinkPayload::InnerMessage(SockDiagMessage::InetResponse(found)) => {
            Some((found.header.uid, u64::from(found.header.inode)))
        }
        _ => None,
    }
}

fn request(peer: SocketAddr, own: SocketAddr) -> Vec<u8> {
    let family = if peer.is_ipv4() { AF_INET } else { AF_INET6 };
    let about = InetRequest {
        family,
        protocol: IPPROTO_TCP,
        extensions: ExtensionFlags::empty(),
        states: StateFlags::all(),
        socket_id: SocketId {
            source_port: peer.port(),
            destination_port: own.port(),
            source_address: peer.ip(),
            destination_address: own.ip(),
            interface_id: 0,
            cookie: NO_COOKIE,
        },
    };
    let mut header = NetlinkHeader::default();
    header.flags = NLM_F_REQUEST;
    let mut message = NetlinkMessage::new(header, SockDiagMessage::InetRequest(about).into());
    message.finalize();
    let mut bytes = vec![0; message.buffer_len()];
    message.serialize(&mut bytes);
    bytes
}

#[cfg(test)]
mod tests {
    use super::ask;
    use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr, TcpListener, TcpStream};
    use std::os::fd::AsRawFd as _;
    use std::os::unix::fs::MetadataExt as _;

    #[test]
    fn the_kernel_tells_whose_the_other_end_is() {
        for host in [Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()] {
            let listener = TcpListener::bind(SocketAddr::new(host, 0)).unwrap();
            let program = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
            let (ours, peer) = listener.accept().unwrap();
            let (uid, inode) = ask(peer, ours.local_addr().unwrap()).unwrap();
            assert_eq!(uid, std::fs::metadata("/proc/self").unwrap().uid());
            let held = std::fs::read_link(format!("/proc/self/fd/{}", program.as_raw_fd())).unwrap();
            assert_eq!(held.to_str().unwrap(), format!("socket:[{inode}]"), "their end, not ours");
        }
    }

    #[test]
    fn a_socket_that_is_not_there_is_nobodys() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let own = listener.local_addr().unwrap();
        assert_eq!(ask(SocketAddr::from((Ipv4Addr::LOCALHOST, 1)), own), None);
    }
}
