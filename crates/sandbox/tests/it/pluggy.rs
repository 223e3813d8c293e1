//! The practice Pluggy from outside, over real sockets.

mod api;
mod connect;
mod data;
mod items;
mod limits;
mod own_page;
mod restart;
mod scopes;
