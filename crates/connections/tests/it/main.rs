//! The rules as tables, and the driver in a world that behaves.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a test that panics says so"
)]
#![allow(missing_docs, unreachable_pub, reason = "nobody outside sees this program")]

mod approvals;
mod clients;
mod clock;
mod codat;
mod codat_clock;
mod codat_quota;
mod data_connections;
mod device;
mod driver;
mod elsewhere;
mod freshness;
mod holds;
mod identities;
mod items;
mod keys;
mod ledger;
mod links;
mod person;
mod polls;
mod races;
mod revocations;
mod rules;
mod schedule;
mod storm;
mod world;
