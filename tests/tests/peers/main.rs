//! Mooring against servers and clients that nobody here wrote.

mod authorization_server;
mod codat;
mod pluggy;
mod pluggy_widget;
