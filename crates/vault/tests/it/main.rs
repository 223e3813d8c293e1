//! The vault as its callers see it: a folder, a way to unlock, records, and what can go wrong.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::print_stdout,
    reason = "all of this is test code; clippy.toml covers only the test functions themselves"
)]

mod backup;
mod change_protection;
mod damage;
mod durability;
mod limits;
mod owner;
mod records;
mod restore;
mod secrecy;
mod slots;
mod support;
mod versions;
