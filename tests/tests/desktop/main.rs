//! The real app in its real window.

mod canaries;
mod journeys;
mod keys;
mod links;
mod settings;
mod surfaces;
mod wrong_turns;
