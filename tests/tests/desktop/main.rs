//! The real app in its real window.

mod accounts;
mod attention;
mod canaries;
mod codat;
mod help;
mod journeys;
mod keyboard;
mod keys;
mod links;
mod lock;
mod needs_you;
mod palette;
mod pluggy;
mod programs;
mod settings;
mod surfaces;
mod wrong_turns;
