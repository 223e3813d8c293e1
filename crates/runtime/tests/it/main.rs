//! The assembled core against the practice world: a real vault, real HTTP, a person who presses no buttons.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod codat_company;
mod codat_connections;
mod codat_links;
mod codat_place;
mod codat_tokens;
mod home;
mod lock;
mod place;
mod pluggy_bad_input;
mod pluggy_links;
mod pluggy_pages;
mod pluggy_registrations;
mod programs;
mod safekeeping;
