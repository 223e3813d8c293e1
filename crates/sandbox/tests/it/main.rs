//! The practice bank, the practice Pluggy and the practice Codat from outside, over real sockets.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test fails by panicking, in its helpers too"
)]

mod client;
mod codat;
mod device;
mod flow;
mod guard;
mod misbehaviour;
mod pages;
mod pluggy;
mod tokens;
