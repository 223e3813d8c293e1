//! What the protocol accepts and refuses, as tables: one row, one rule.
//!
//! Every secret here carries `CANARY`, so that a test can look for it in what errors and messages print.

#[cfg(test)]
mod authorization_request;
#[cfg(test)]
mod authorization_response;
#[cfg(test)]
mod device;
#[cfg(test)]
mod discovery;
#[cfg(test)]
mod dress;
#[cfg(test)]
mod fixtures;
#[cfg(test)]
mod id_token;
#[cfg(test)]
mod properties;
#[cfg(test)]
mod requests;
#[cfg(test)]
mod revocation;
#[cfg(test)]
mod token_response;
#[cfg(test)]
mod userinfo;
