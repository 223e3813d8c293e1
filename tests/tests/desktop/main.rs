//! The real app in its real window.

mod journeys;
mod links;
mod surfaces;
mod wrong_turns;
