//! Adapters to the outside: HTTPS, the system browser, the loopback listener, the keychain, the clock, the store on
//! the vault.
//!
//! Knows no rule of the product: nothing here branches on a provider or on a connection's status.

pub mod browser;
pub mod http;
pub mod keychain;
pub mod loopback;
pub mod private_file;
pub mod profile;
pub mod session;
pub mod system;
pub mod vault_store;
