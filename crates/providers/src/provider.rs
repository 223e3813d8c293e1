//! One entry of the catalogue.

use crate::template::{ParameterError, Template};
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
const CUSTOM: &str = "custom";
/// The id of the practice bank.
const SANDBOX: &str = "practice-bank";

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

/// Whom we link to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Provider {
    /// Its id.
    pub id: ProviderId,
    /// Its name, as it writes it.
    pub name: String,
    /// What it is for.
    pub category: Category,
    /// ISO 3166 codes; empty means everywhere.
    #[serde(default)]
    pub countries: Vec<String>,
    /// Background of its monogram, `#rrggbb`.
    pub brand_color: Option<String>,
    /// Its documentation.
    pub documentation: Option<Url>,
    /// Where a client is registered.
    pub registration: Option<Url>,
    /// Its endpoints.
    pub endpoints: Endpoints,
    /// What parts scopes in an authorization request.
    #[serde(default)]
    pub scope_separator: ScopeSeparator,
    /// Scopes to propose, with what each lets us read.
    #[serde(default)]
    pub scopes: Vec<Scope>,
    /// Whether it fails on a code challenge. A challenge is sent unless that is proven.
    #[serde(default)]
    pub refuses_pkce: bool,
    /// Ways of clients to prove themselves, the preferred first.
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
    /// Where the person may approve, the preferred first.
    pub surfaces: Vec<Surface>,
    /// Redirect addresses that it takes, the preferred first.
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Endpoints {
    /// The issuer, where it is proven to name itself.
    pub issuer: Option<String>,
    /// Where the person approves.
    pub authorization: Template,
    /// Where codes and refresh tokens are exchanged.
    pub token: Template,
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

    /// Host of the sign-in page, as far as it is known without parameters.
    pub fn sign_in_host(&self) -> String {
        self.endpoints.authorization.host()
    }

    /// Whether it is the practice bank.
    pub fn is_sandbox(&self) -> bool {
        self.id.as_str() == SANDBOX
    }

    /// Whether a code challenge is sent.
    pub const fn sends_pkce(&self) -> bool {
        !self.refuses_pkce
    }

    /// Fixed parameters of its own.
    pub fn authorization_parameters(&self) -> Vec<(String, String)> {
        self.authorization_parameters.iter().map(|(name, value)| (name.clone(), value.clone())).collect()
    }

    /// The server behind it, with the parameters of a connection filled in.
    ///
    /// # Errors
    /// A parameter is missing or does not match its pattern, or the address that comes of it is not acceptable.
    pub fn metadata(&self, parameters: &BTreeMap<String, String>) -> Result<ServerMetadata, ParameterError> {
        if let Some(discovered) = &self.discovered {
            return Ok(discovered.clone());
        }
        let fill = |template: &Template| template.fill(&self.parameters, parameters);
        let fill_some = |template: &Option<Template>| template.as_ref().map(fill).transpose();
        Ok(ServerMetadata {
            issuer: self.endpoints.issuer.clone(),
            authorization_endpoint: fill(&self.endpoints.authorization)?,
            token_endpoint: fill(&self.endpoints.token)?,
            revocation_endpoint: fill_some(&self.endpoints.revocation)?,
            userinfo_endpoint: fill_some(&self.endpoints.userinfo)?,
            jwks_uri: fill_some(&self.endpoints.jwks)?,
            scopes_supported: Vec::new(),
            client_authentication_methods: Vec::new(),
            id_token_algorithms: Vec::new(),
            iss_parameter_supported: false,
        })
    }

    /// A provider that is not in the catalogue, as it describes itself or as the person typed it in.
    pub fn custom(name: &str, metadata: ServerMetadata) -> Self {
        let named = |method: &str| metadata.client_authentication_methods.iter().any(|one| one == method);
        let mut ways =
            vec![ClientAuthentication::Basic, ClientAuthentication::Post, ClientAuthentication::None];
        // What the server does not name comes last: typed-in servers name nothing, and some forget.
        let named_first = |way: &ClientAuthentication| match way {
            ClientAuthentication::Basic => !named("client_secret_basic"),
            ClientAuthentication::Post => !named("client_secret_post"),
            ClientAuthentication::None => !named("none"),
        };
        ways.sort_by_key(named_first);
        Self {
            id: ProviderId::new(CUSTOM),
            name: name.to_owned(),
            category: Category::Other,
            countries: Vec::new(),
            brand_color: None,
            documentation: None,
            registration: None,
            endpoints: Endpoints {
                issuer: metadata.issuer.clone(),
                authorization: Template::from(&metadata.authorization_endpoint),
                token: Template::from(&metadata.token_endpoint),
                revocation: metadata.revocation_endpoint.as_ref().map(Template::from),
                userinfo: metadata.userinfo_endpoint.as_ref().map(Template::from),
                jwks: metadata.jwks_uri.as_ref().map(Template::from),
            },
            scope_separator: ScopeSeparator::Space,
            scopes: Vec::new(),
            refuses_pkce: false,
            client_authentication: ways,
            authorization_parameters: BTreeMap::new(),
            parameters: Vec::new(),
            refresh: Refresh::default(),
            surfaces: vec![Surface::Embedded, Surface::Browser],
            redirects: vec![RedirectKind::Loopback { port: None }],
            scope_generation: 0,
            sources: Vec::new(),
            discovered: Some(metadata),
        }
    }

    /// The practice bank, as it describes itself.
    pub fn sandbox(metadata: ServerMetadata) -> Self {
        let scope = |name: &str, en: &str, pt_br: &str| Scope {
            name: name.to_owned(),
            en: en.to_owned(),
            pt_br: pt_br.to_owned(),
        };
        let offered = metadata.scopes_supported.clone();
        let known = [
            scope("openid", "Your name", "Seu nome"),
            scope("profile", "Your name", "Seu nome"),
            scope("accounts", "Accounts and balances", "Contas e saldos"),
            scope("transactions", "Transactions", "Transações"),
            scope(
                "offline_access",
                "Stay connected until you disconnect",
                "Continuar conectado até você desconectar",
            ),
        ];
        Self {
            id: ProviderId::new(SANDBOX),
            category: Category::Banking,
            brand_color: Some("#1D4E6B".to_owned()),
            scopes: known.into_iter().filter(|scope| offered.contains(&scope.name)).collect(),
            ..Self::custom("Farol Bank (Sandbox)", metadata)
        }
    }
}
