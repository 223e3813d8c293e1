//! The built programs on a real vault and real sockets, without a window.

mod access;
mod backup;
mod callers;
mod conversation;
mod crash;
mod export;
mod refusals;
mod shell;
mod storm;
