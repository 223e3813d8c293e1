//! What is sent to Pluggy and what is made of its answers, as tables: one row, one rule.
//!
//! Every secret here carries `CANARY`, so that a test can look for it in what errors and messages print.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

#[cfg(test)]
mod answers;
#[cfg(test)]
mod ending;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod form;
#[cfg(test)]
mod page_to_open;
#[cfg(test)]
mod patterns;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod redirect;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod resources;
#[cfg(test)]
mod standing;
#[cfg(test)]
mod tokens;
#[cfg(test)]
mod widget;
