//! The real app in its real window.

mod accounts;
mod attention;
mod canaries;
mod codat;
mod containment;
mod help;
mod journeys;
mod keyboard;
mod keychain;
mod keys;
mod links;
mod lock;
mod misbehaviours;
mod needs_you;
mod out_of_sight;
mod palette;
mod pluggy;
mod popups;
mod programs;
mod redirects;
mod settings;
mod surfaces;
mod window_bar;
mod wrong_turns;
