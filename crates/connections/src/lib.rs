//! The core: connect, keep fresh, disconnect and reconnect; the rules of a connection's life.
//!
//! Knows nothing of Tauri, sockets, files, HTTP libraries or operating systems: whatever it needs from outside is a
//! port in [`ports`], implemented elsewhere. Reads no clock and draws no randomness of its own.
//!
//! Shape: [`step`](step::step) is a pure function from a connection, an event and an instant to the connection after
//! it and the effects to perform; [`Connections`] is the driver that performs them.
//!
//! Invariants
//! - A new grant is durable in the store before anybody sees it, and before its access token is handed out.
//! - At most one refresh per connection is under way in this process; a refresh is recorded before it is sent.
//! - A late answer that belongs to an older grant revision is dropped, and its refresh token revoked.
//! - A network fault never changes the status of a connection.

pub mod activity;
pub mod attempt;
pub mod attention;
pub mod codat_config;
pub mod config;
pub mod configs;
pub mod connection;
pub mod data_connection;
mod driver;
pub mod error;
pub mod id;
pub mod item;
pub mod ledger;
pub mod pluggy_config;
pub mod ports;
pub mod raw_answer;
pub mod step;
pub mod view;

pub use driver::{
    Attended, BeginAuthorization, BeginCodatLink, BeginLink, CodatTextsInput, ConfigChange, ConnectKey,
    Connections, Findings, FreshToken, NewConfig, Ports, ProviderChoice, RevocationOutcome, check_origin,
    csp,
};
pub use id::{AttemptId, ConfigKey, ConnectionId, ConnectionKey};
