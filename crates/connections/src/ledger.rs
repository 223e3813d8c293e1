//! The person's transactions as one book: what a new reading changes, what a search finds, what a balance was.
//!
//! Pure: lists, days and texts go in and come out. Knows no store, no aggregator and no clock.
//!
//! Invariants
//! - The same reading twice changes nothing; a transaction is itself by the identifier its source gave it.
//! - Sums are exact decimals; an amount that is none is left out of a sum, never taken for nothing.

mod balance;
mod merge;
mod search;
mod total;

pub use balance::{BalanceHistory, BalancePoint, note_balance, together, worked_out};
pub use merge::{Reading, by_month, merge, window_start};
pub use search::{Book, Entry, Found, Search, fold};
pub use total::{CurrencyTotal, totals};
