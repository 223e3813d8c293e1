//! The real app in its real window.

mod journeys;
mod links;
mod wrong_turns;
