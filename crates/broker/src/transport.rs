//! The way in: a Unix socket, or on Windows a named pipe, for this person only.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
pub(crate) use unix::{Listener, Stream, Watch, connect};
#[cfg(windows)]
pub(crate) use windows::{Listener, Stream, Watch, connect};
