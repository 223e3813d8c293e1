//! The real app in its real window.

mod accounts;
mod attention;
mod canaries;
mod codat;
mod containment;
mod journeys;
mod keychain;
mod keys;
mod links;
mod lock;
mod misbehaviours;
mod out_of_sight;
mod pluggy;
mod popups;
mod programs;
mod redirects;
mod settings;
mod surfaces;
mod window_bar;
mod wrong_turns;
