//! Mooring against servers and clients that nobody here wrote.

mod authorization_server;
mod codat;
mod ofx;
mod openapi;
mod pizzly;
mod pizzly_frontend;
mod pluggy;
mod pluggy_widget;
mod soak;
mod watching;
