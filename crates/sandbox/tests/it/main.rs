//! The practice bank from outside, over real sockets.

mod client;
mod flow;
mod guard;
mod misbehaviour;
mod pages;
mod tokens;
