//! Whether everybody can use the interface: every scene of the gallery under axe-core, by keyboard, at 200 %, and for
//! those whom motion makes ill.

mod announcements;
mod keyboard;
mod rules;
mod small;
