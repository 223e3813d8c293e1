//! The files as other programs read them: read back, and compared with what went in.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says so"
)]
#![allow(missing_docs, unreachable_pub, reason = "nobody outside sees this program")]

mod csv;
mod fixtures;
mod json;
mod ofx;
mod properties;
