//! Serves programs on this computer: the CLI and whoever else the person lets in.
//!
//! Knows nothing of how tokens are had, and nothing of the interface.
//!
//! Invariants
//! - Only the person's own programs get through: the operating system says who is at the other end.
//! - A request is bounded in size and time; what cannot be read is refused in the same words.
//! - Whoever gets a token is written down in Activity, by program.
//!
//! The protocol is written down in `docs/local-api.md`.

pub mod caller;
pub mod client;
pub mod gate;
mod operations;
mod peer;
mod server;
mod transport;
pub mod wire;

pub use peer::Peer;
pub use server::listen;
