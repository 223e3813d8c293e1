//! The built programs on a real vault and real sockets, without a window.

mod access;
mod backup;
mod callers;
mod canaries;
mod conversation;
mod crash;
mod ended;
mod export;
mod flood;
mod hand_over;
mod paste;
mod refusals;
mod shell;
mod storm;
