//! Adapters to the outside: HTTPS, the system browser, the loopback listener, the keychain, the clock, the store on
//! the vault, and the desktop around the window: notices, tray, start at login, who opens our links.
//!
//! Knows no rule of the product: nothing here branches on a provider or on a connection's status.

pub mod browser;
#[cfg(feature = "driven-clock")]
pub mod driven_clock;
pub mod http;
pub mod keychain;
pub mod links;
pub mod log;
pub mod login;
pub mod loopback;
pub mod notices;
pub mod private_file;
pub mod profile;
pub mod session;
pub mod system;
#[cfg(target_os = "linux")]
pub mod tray;
#[cfg(not(target_os = "linux"))]
#[path = "no_tray.rs"]
pub mod tray;
pub mod vault_store;
