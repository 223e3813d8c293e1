//! The real app in its real window.

mod accounts;
mod attention;
mod canaries;
mod codat;
mod journeys;
mod keys;
mod links;
mod lock;
mod pluggy;
mod programs;
mod settings;
mod surfaces;
mod wrong_turns;
