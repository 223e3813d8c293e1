//! The practice Codat, as a client of its API and a person's browser meet it.

mod access;
mod client;
mod journeys;
mod lists;
mod misfortunes;
mod pages;
mod restart;
mod syncs;
