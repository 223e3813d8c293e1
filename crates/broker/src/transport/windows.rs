//! A named pipe that this user alone can ask: pipes carry the maker's default access list, by which others may read and
//! not write, so that they are never answered; remote clients are refused, and the first instance must be ours, so that
//! nobody can have made it before.

use super::pipe_name;
use crate::Peer;
use std::io;
use std::os::windows::io::AsRawHandle as _;
use std::path::Path;
use tokio::net::windows::named_pipe::{ClientOptions, NamedPipeClient, NamedPipeServer, ServerOptions};
use tokio::sync::Mutex;
use windows_sys::Win32::System::Pipes::GetNamedPipeClientProcessId;

/// A connected program.
pub(crate) type Stream = NamedPipeServer;

/// The open pipe.
pub(crate) struct Listener {
    name: String,
    next: Mutex<NamedPipeServer>,
}

impl Listener {
    /// Listens.
    pub(crate) fn bind(path: &Path) -> io::Result<Self> {
        let name = pipe_name(path);
        let next =
            ServerOptions::new().first_pipe_instance(true).reject_remote_clients(true).create(&name)?;
        Ok(Self { name, next: Mutex::new(next) })
    }

    /// The next program.
    pub(crate) async fn accept(&self) -> io::Result<(Stream, Peer)> {
        let mut next = self.next.lock().await;
        next.connect().await?;
        let fresh = ServerOptions::new().reject_remote_clients(true).create(&self.name)?;
        let stream = std::mem::replace(&mut *next, fresh);
        let peer = Peer { uid: None, pid: pid_of(&stream) };
        Ok((stream, peer))
    }
}

/// The process at the other end, as the system knows it.
fn pid_of(stream: &NamedPipeServer) -> Option<u32> {
    let mut pid = 0_u32;
    // SAFETY: the handle is that of an open pipe, borrowed for the call, and `pid` outlives it.
    #[expect(unsafe_code, reason = "no library that is in use here asks the system for it")]
    let told = unsafe { GetNamedPipeClientProcessId(stream.as_raw_handle(), &raw mut pid) };
    (told != 0 && pid != 0).then_some(pid)
}

/// A pipe has no half: who is gone is noticed by reading, which ends the conversation.
pub(crate) struct Watch;

impl Watch {
    /// Whether a program that asks nothing more may hear answers yet.
    pub(crate) const HEARS_AFTER_ASKING: bool = false;

    /// Over a program that has connected.
    pub(crate) fn over(_stream: &Stream) -> io::Result<Self> {
        Ok(Self)
    }

    /// Never returns; see [`Watch`].
    pub(crate) async fn gone(&self) {
        std::future::pending().await
    }
}

/// Connects to the program that owns the vault.
pub(crate) async fn connect(path: &Path) -> io::Result<NamedPipeClient> {
    ClientOptions::new().open(pipe_name(path))
}
