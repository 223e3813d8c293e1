//! The assembled core against the practice world: a real vault, real HTTP, a person who presses no buttons.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::indexing_slicing)]

mod answers;
mod codat_company;
mod codat_connections;
mod codat_links;
mod codat_place;
mod codat_tokens;
mod home;
mod lock;
mod misbehaviours;
mod place;
mod pluggy_bad_input;
mod pluggy_data;
mod pluggy_links;
mod pluggy_logins;
mod pluggy_pages;
mod pluggy_questions;
mod pluggy_refusals;
mod pluggy_registrations;
mod pluggy_widget;
mod programs;
mod safekeeping;
