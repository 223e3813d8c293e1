//! The catalogue: whom Mooring can link to, as data with sources.
//!
//! Knows no person, token, vault or window, and nothing of how an authorization is carried out.
//!
//! An entry is one file, `data/<id>.toml`; `auth` says how an account is linked and with it what else must be there:
//! endpoints, redirects and surfaces for an approval, `[credential]` for a key, a token endpoint alone for a client that
//! speaks for its own account. `[quirks]` says where OAuth is done otherwise, as data, `[identity]` how to learn whose account a token
//! reaches. Each file lists its `[[sources]]`.
//!
//! Invariants
//! - Each fact of an entry names its source and the day it was checked; a fact that is not proven is absent. What is
//!   no fact but our own choice is on a short list, [`OWN_CHOICES`].
//! - The catalogue that is built in loads; a test says so, and the validation report of every entry is empty.

mod catalogue;
mod check;
mod credential;
mod endpoints;
mod facts;
mod identity;
mod provider;
mod quirks;
mod report;
mod shape;
mod template;
mod unlisted;

pub use catalogue::Catalogue;
pub use check::{Field, Finding, Problem, check_client_id, check_client_secret, check_scopes};
pub use credential::{BasicPair, Credential, CredentialCheck, CredentialError, CredentialField};
pub use facts::{FACTS, OWN_CHOICES};
pub use identity::IdentityLookup;
pub use provider::{
    Auth, Category, Endpoints, GrantKind, Parameter, Provider, ProviderId, RedirectKind, Refresh, Rotation,
    Scope, ScopeSeparator, Source, Surface,
};
pub use quirks::{QUIRK_KINDS, Quirks, Taken, TakenError, TokenEncoding};
pub use report::{Complaint, validate};
pub use template::{ParameterError, Template};
