//! Requests, by what they are about.

mod connecting;
mod data;
mod tokens;

pub use connecting::{ConnectorFilter, ItemDraft, ItemOptions, PageNumber};
pub use data::{CursorFilter, TransactionFilter};
pub use tokens::{ConnectTokenOptions, company_connect_token};

/// Pairs of a query for those values that are set.
pub(crate) fn pairs<const N: usize>(
    pairs: [(&'static str, Option<String>); N],
) -> Vec<(&'static str, String)> {
    pairs.into_iter().filter_map(|(name, value)| value.map(|value| (name, value))).collect()
}
