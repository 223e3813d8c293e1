//! One entry of the catalogue.

use crate::credential::Credential;
use crate::identity::IdentityLookup;
use crate::quirks::Quirks;
use crate::template::Template;
use oauth::{ClientAuthentication, ServerMetadata};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;
use url::Url;

/// Names an entry for ever.
///
/// Shape: lower-case letters, digits and `-`; the name of the entry's file.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(transparent)]
pub struct ProviderId(String);

impl ProviderId {
    /// From a text; whether there is such an entry is the catalogue's to say.
    pub fn new(text: &str) -> Self {
        Self(text.trim().to_ascii_lowercase())
    }

    /// The text itself.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for ProviderId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The id of providers that are not in the catalogue.
pub(crate) const CUSTOM: &str = "custom";
/// The id of the practice bank.
pub(crate) const SANDBOX: &str = "practice-bank";
/// The id of the practice service that hands out a key.
pub(crate) const CADERNO: &str = "practice-caderno";

/// What a provider is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Category {
    /// Banks and what aggregates them.
    Banking,
    /// Books and invoices.
    Accounting,
    /// Shops and marketplaces.
    Commerce,
    /// Payments and payouts.
    Payments,
    /// Wages.
    Payroll,
    /// Anything else.
    Other,
}

/// How a person links an account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Auth {
    /// By approving at the provider.
    #[default]
    Oauth2,
    /// With a key that the provider hands out; [`Credential`] says how it is asked and sent.
    ApiKey,
    /// With a user name and a password made for programs, sent as HTTP Basic.
    Basic,
    /// With a client of one's own that speaks for the account itself (RFC 6749 §4.4): nobody approves anything.
    ClientCredentials,
}

/// Ways of OAuth 2.0 to get tokens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GrantKind {
    /// The person approves in a page (RFC 6749 §4.1).
    AuthorizationCode,
    /// The person types a code on another device (RFC 8628).
    DeviceCode,
    /// Nobody approves (RFC 6749 §4.4).
    ClientCredentials,
}

/// Whom we link to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its name, as it writes it.
    pub name: String,
    /// Where we list it.
    pub category: Category,
    /// How an account is linked.
    #[serde(default)]
    pub auth: Auth,
    /// ISO 3166 codes of where it is proven to be offered; empty where nobody proved that it is not offered everywhere.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Background of its monogram, `#rrggbb`.
    pub brand_color: Option<String>,
    /// Its own page about what is said here.
    pub documentation: Option<Url>,
    /// Where a client is registered or a key made, or its own page that says where.
    pub registration: Option<Url>,
    /// Its endpoints; none where a key is enough.
    #[serde(default)]
    pub endpoints: Endpoints,
    /// What is asked and sent where a key is enough.
    #[serde(default)]
    pub credential: Option<Credential>,
    /// Where its OAuth departs from the standard.
    #[serde(default)]
    pub quirks: Quirks,
    /// How it tells which account a token reaches, where OpenID Connect does not.
    #[serde(default)]
    pub identity: Option<IdentityLookup>,
    /// What separates scopes in an authorization request.
    #[serde(default)]
    pub scope_separator: ScopeSeparator,
    /// Scopes to propose, with what each lets us read.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// Whether it fails on a code challenge. A challenge is sent unless that is proven.
    #[serde(default)]
    pub refuses_pkce: bool,
    /// Ways of clients to prove themselves, the preferred first.
    #[serde(default)]
    pub client_authentication: Vec<ClientAuthentication>,
    /// Fixed parameters of its own for the authorization request.
    #[serde(default)]
    pub authorization_parameters: BTreeMap<String, String>,
    /// Values to ask for per connection, which fill `{name}` in endpoints.
    #[serde(default)]
    pub parameters: Vec<Parameter>,
    /// How its refresh tokens behave.
    #[serde(default)]
    pub refresh: Refresh,
    /// Where the person may approve, in the order in which we offer it.
    #[serde(default)]
    pub surfaces: Vec<Surface>,
    /// Redirect addresses that it takes, the preferred first.
    #[serde(default)]
    pub redirects: Vec<RedirectKind>,
    /// Raised when the proposed scopes change, so that old connections ask again.
    #[serde(default)]
    pub scope_generation: u32,
    /// Where the facts are from.
    #[serde(default)]
    pub sources: Vec<Source>,
    /// What discovery said, for providers that are not in the catalogue.
    #[serde(default)]
    pub discovered: Option<ServerMetadata>,
}

/// Endpoints, as templates.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// The issuer, where it is proven to name itself.
    pub issuer: Option<String>,
    /// Where the person approves.
    pub authorization: Option<Template>,
    /// Where codes and refresh tokens are exchanged.
    pub token: Option<Template>,
    /// Where refresh tokens are exchanged, if not at `token`.
    pub refresh: Option<Template>,
    /// Where a device asks for its codes (RFC 8628 §3.1).
    pub device_authorization: Option<Template>,
    /// Where grants are ended.
    pub revocation: Option<Template>,
    /// Who approved (only where it answers as OpenID Connect says).
    pub userinfo: Option<Template>,
    /// Keys of ID tokens.
    pub jwks: Option<Template>,
}

/// What parts scopes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum ScopeSeparator {
    /// As RFC 6749 has it.
    #[default]
    Space,
    /// A comma.
    Comma,
}

impl ScopeSeparator {
    /// The text between two scopes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Space => " ",
            Self::Comma => ",",
        }
    }
}

/// A scope with its meaning.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Scope {
    /// As the provider spells it.
    pub name: String,
    /// What it lets us read or do, in English.
    pub en: String,
    /// The same in Brazilian Portuguese.
    pub pt_br: String,
}

/// A value to ask for per connection.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Parameter {
    /// Its name in templates.
    pub name: String,
    /// Label in English.
    pub en: String,
    /// Label in Brazilian Portuguese.
    pub pt_br: String,
    /// Regular expression that the whole value must match.
    pub pattern: Option<String>,
    /// An example.
    pub example: Option<String>,
}

/// How refresh tokens behave.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Refresh {
    /// Whether each use gives a new one.
    #[serde(default)]
    pub rotation: Rotation,
    /// How long an old one still works when the answer was lost.
    pub grace_seconds: Option<u32>,
    /// After how many days without use it dies.
    pub idle_lapse_days: Option<u32>,
    /// After how many days it dies in any case.
    pub absolute_lapse_days: Option<u32>,
    /// How long access tokens live.
    pub access_token_life_seconds: Option<u32>,
}

/// Whether a refresh gives a new refresh token.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Rotation {
    /// Each time.
    Always,
    /// Now and then.
    Sometimes,
    /// Never.
    Never,
    /// Nobody says.
    #[default]
    Unknown,
}

/// Where the person may approve.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Surface {
    /// A window of ours.
    Embedded,
    /// The system browser.
    Browser,
}

/// A kind of redirect address.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
pub enum RedirectKind {
    /// `http://127.0.0.1:<port>/callback`; any port where none is given (RFC 8252 §7.3).
    Loopback {
        /// The one port that is registered.
        port: Option<u16>,
    },
    /// `http://localhost:<port>/callback`, for providers that take no address.
    LoopbackLocalhost {
        /// The one port that is registered.
        port: Option<u16>,
    },
    /// `mooring://oauth/callback`.
    Scheme,
    /// An https address, caught in our window or bounced by a static page.
    Https {
        /// The address.
        uri: Url,
    },
}

/// Where facts are from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Source {
    /// Dotted names of the fields that it proves.
    pub fields: Vec<String>,
    /// Where it says so.
    pub url: Url,
    /// The day it was looked at, `YYYY-MM-DD`.
    pub checked: String,
}

impl Provider {
    /// The issuer, where there is one.
    pub fn issuer(&self) -> Option<&str> {
        let discovered = self.discovered.as_ref().and_then(|metadata| metadata.issuer.as_deref());
        discovered.or(self.endpoints.issuer.as_deref())
    }

    /// Host of the sign-in page, or of what takes the key, as far as it is known without parameters.
    pub fn sign_in_host(&self) -> String {
        let check = self.credential.as_ref().map(|credential| &credential.check.url);
        let asked = self.endpoints.authorization.as_ref().or(self.endpoints.token.as_ref()).or(check);
        asked.map(Template::host).unwrap_or_default()
    }

    /// Ways to get tokens, the preferred first; none where a key is enough.
    pub fn grants(&self) -> Vec<GrantKind> {
        let approving = self.auth == Auth::Oauth2;
        let ways = [
            (approving && self.endpoints.authorization.is_some(), GrantKind::AuthorizationCode),
            (approving && self.endpoints.device_authorization.is_some(), GrantKind::DeviceCode),
            (self.auth == Auth::ClientCredentials, GrantKind::ClientCredentials),
        ];
        ways.into_iter().filter(|(offered, _)| *offered).map(|(_, kind)| kind).collect()
    }

    /// Host of the token endpoint, with `{name}` where a parameter belongs: whom renewals burden.
    pub fn token_host(&self) -> String {
        let renewing = self.endpoints.refresh.as_ref().or(self.endpoints.token.as_ref());
        renewing.map(Template::host).unwrap_or_default()
    }

    /// Whether it is made up, for practice.
    pub fn is_sandbox(&self) -> bool {
        self.id.as_str() == SANDBOX || self.id.as_str() == CADERNO
    }

    /// Whether a code challenge is sent.
    pub const fn sends_pkce(&self) -> bool {
        !self.refuses_pkce
    }

    /// Fixed parameters of its own.
    pub fn authorization_parameters(&self) -> Vec<(String, String)> {
        self.authorization_parameters.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }
}
