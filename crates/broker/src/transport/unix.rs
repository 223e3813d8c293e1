//! A socket with mode 0600 in a folder with mode 0700; the kernel says who connects.

use crate::Peer;
use std::io;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use tokio::net::{UnixListener, UnixStream};

/// A connected program.
pub(crate) type Stream = UnixStream;

/// The open socket.
pub(crate) struct Listener {
    listener: UnixListener,
    own_uid: u32,
}

impl Listener {
    /// Listens. A socket that nobody answers is left over from a crash and goes; one that answers stays.
    pub(crate) fn bind(path: &Path) -> io::Result<Self> {
        if let Ok(metadata) = std::fs::symlink_metadata(path) {
            if !metadata.file_type().is_socket() {
                return Err(io::Error::new(
                    io::ErrorKind::AlreadyExists,
                    "something else lies where the socket belongs",
                ));
            }
            if std::os::unix::net::UnixStream::connect(path).is_ok() {
                return Err(io::Error::new(io::ErrorKind::AddrInUse, "another process answers the socket"));
            }
            std::fs::remove_file(path)?;
        }
        let listener = UnixListener::bind(path)?;
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600))?;
        let own_uid = std::fs::symlink_metadata(path)?.uid();
        Ok(Self { listener, own_uid })
    }

    /// The next program of this person. Programs of others are hung up on.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, Peer)> {
        loop {
            let (stream, _) = self.listener.accept().await?;
            let peer = peer_of(&stream)?;
            if peer.is_same_user(self.own_uid) {
                return Ok((stream, peer));
            }
            tracing::warn!(uid = peer.uid, pid = peer.pid, "a program of another user was refused");
        }
    }
}

fn peer_of(stream: &UnixStream) -> io::Result<Peer> {
    let credentials = stream.peer_cred()?;
    let pid = credentials.pid().and_then(|pid| u32::try_from(pid).ok());
    Ok(Peer { uid: Some(credentials.uid()), pid, executable: pid.and_then(executable) })
}

#[cfg(target_os = "linux")]
fn executable(pid: u32) -> Option<String> {
    let path = std::fs::read_link(format!("/proc/{pid}/exe")).ok()?;
    Some(path.to_string_lossy().into_owned())
}

#[cfg(not(target_os = "linux"))]
const fn executable(_pid: u32) -> Option<String> {
    None
}

/// Connects to the program that owns the vault.
pub(crate) async fn connect(path: &Path) -> io::Result<Stream> {
    UnixStream::connect(path).await
}
