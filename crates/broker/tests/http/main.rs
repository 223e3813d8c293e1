//! The loopback HTTP server over a real core, a real vault and the practice bank: who gets through, who does not, and
//! what each generation of Pizzly's clients reads.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says so"
)]
#![allow(missing_docs, unreachable_pub, reason = "nobody outside sees this program")]

mod configs;
mod connection;
mod flow;
mod limits;
mod native;
mod place;
mod refusals;
mod stranger;
