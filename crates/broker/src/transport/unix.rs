//! A socket with mode 0600 in a folder with mode 0700; the kernel says who connects.

use crate::Peer;
use std::io;
use std::os::fd::AsFd as _;
use std::os::unix::fs::{FileTypeExt as _, MetadataExt as _, PermissionsExt as _};
use std::path::Path;
use tokio::io::Interest;
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
    Ok(Peer { uid: Some(credentials.uid()), pid })
}

/// Notices when a program is gone. One that only asks nothing more (`shutdown` of its writing side) still listens.
pub(crate) struct Watch(UnixStream);

impl Watch {
    /// Whether a program that asks nothing more may hear answers yet.
    pub(crate) const HEARS_AFTER_ASKING: bool = true;

    /// On a registration of its own, since it takes away readiness that the writer waits for.
    pub(crate) fn over(stream: &UnixStream) -> io::Result<Self> {
        let copy = std::os::unix::net::UnixStream::from(stream.as_fd().try_clone_to_owned()?);
        UnixStream::from_std(copy).map(Self)
    }

    /// Returns when nobody is there to read an answer.
    pub(crate) async fn gone(&self) {
        while let Ok(ready) = self.0.ready(Interest::WRITABLE).await {
            if ready.is_write_closed() {
                return;
            }
            // Room to write is no news: forget it, and wait for the next change.
            let forgotten =
                self.0.try_io(Interest::WRITABLE, || Err::<(), _>(io::ErrorKind::WouldBlock.into()));
            drop(forgotten);
        }
    }
}

/// Connects to the program that owns the vault.
pub(crate) async fn connect(path: &Path) -> io::Result<Stream> {
    UnixStream::connect(path).await
}
