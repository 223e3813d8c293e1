//! The gate over a store in memory and a clock that tests move: what is asked, what is let through, what is kept.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]
#![allow(missing_docs, unreachable_pub, reason = "nobody outside sees this program")]

mod decisions;
mod place;
mod questions;
mod written;
