//! What the client sends, takes and refuses, as tables: one row, one rule.
//!
//! Every secret here carries `CANARY`, so that a test can look for it in what errors and messages print.

#[cfg(test)]
mod access_token;
#[cfg(test)]
mod actions;
#[cfg(test)]
mod answers;
#[cfg(test)]
mod attempt;
#[cfg(test)]
mod canary;
#[cfg(test)]
mod component;
#[cfg(test)]
mod connections;
#[cfg(test)]
mod cors;
#[cfg(test)]
mod credentials;
#[cfg(test)]
mod custom_text;
#[cfg(test)]
mod errors;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod link;
#[cfg(test)]
mod markdown;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod sync;
