//! The built programs on a real vault and real sockets, without a window.

mod access;
mod crash;
mod refusals;
