//! The real app in its real window.

mod journeys;
mod keys;
mod links;
mod settings;
mod surfaces;
mod wrong_turns;
