//! What needs the person: the list, the notices, the tray, with a clock moved by hand.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, missing_docs)]

mod items;
mod menus;
mod notices;
mod world;
