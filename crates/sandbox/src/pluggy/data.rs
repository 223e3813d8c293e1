//! The made-up data of an item: accounts, transactions, investments, loans, who the person is.
//!
//! Knows nothing of requests. Everything follows from the item's id, its successes and the day, so that a restart
//! changes nothing, and a later update brings what happened since.

pub(super) mod accounts;
pub(super) mod person;
pub(super) mod transactions;
pub(super) mod wealth;
