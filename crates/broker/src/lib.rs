//! Serves programs on this computer: the CLI and whoever else the person lets in.
//!
//! Knows nothing of how tokens are had, and nothing of the interface.
//!
//! Invariants
//! - Only the person's own programs get through: the operating system says who is at the other end.
//! - A request is bounded in size and time; what cannot be read is refused in the same words.
//! - Whoever gets a token is written down in Activity, by program.
//!
//! The protocols are written down in `docs/local-api.md`; the loopback HTTP of [`http`] in `docs/openapi.yaml` too.

pub mod audit;
pub mod caller;
mod callers;
pub mod client;
mod compat;
mod exporting;
pub mod gate;
mod handing_out;
pub mod http;
mod listed;
mod need;
mod operations;
mod paging;
mod peer;
pub mod permission;
pub mod ports;
mod programs;
mod questions;
mod server;
pub mod settings;
mod transport;
pub mod view;
pub mod wire;

pub use callers::{Allowance, Callers, GateEvent, GatePorts, Withdrawal};

pub use paging::PageAsk;
pub use peer::Peer;
pub use server::{Door, DoorWatch, SocketLimits, listen, listen_within};
