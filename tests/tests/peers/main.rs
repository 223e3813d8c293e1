//! Mooring against servers and clients that nobody here wrote.

mod authorization_server;
mod pluggy;
mod pluggy_widget;
