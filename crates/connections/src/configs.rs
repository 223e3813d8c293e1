//! The catalogue and drafts of registrations, for whoever shows them.

use crate::Connections;
use crate::driver::provider_view;
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, NameError};
use crate::view::ProviderView;
use oauth::{ServerMetadata, is_acceptable_endpoint};
use providers::{Catalogue, Provider, ProviderId};
use secret::SecretString;
use url::Url;

/// The word for a provider that is not in the catalogue.
pub const CUSTOM: &str = "custom";

/// The word for Pluggy, whose institutions are not in the catalogue.
pub const PLUGGY: &str = "pluggy";
/// The provider name of a registration at Codat.
pub const CODAT: &str = "codat";

/// The catalogue, by id.
pub fn catalogue() -> Vec<ProviderView> {
    Catalogue::built_in().iter().map(provider_view).collect()
}

/// The color of the institution of this name, for connections whose aggregator tells none.
pub(crate) fn color_named(name: &str) -> Option<String> {
    Catalogue::built_in().iter().find(|one| one.name == name)?.brand_color.clone()
}

/// Whether `url` is a page that the catalogue itself names (documentation, registration).
pub fn is_catalogue_page(url: &Url) -> bool {
    let named =
        |one: &Provider| one.documentation.as_ref() == Some(url) || one.registration.as_ref() == Some(url);
    Catalogue::built_in().iter().any(named)
}

/// Scopes as a person types them: parted by commas or white space.
pub fn split_scopes(text: &str) -> Vec<String> {
    let mut scopes: Vec<String> = Vec::new();
    for scope in text.split(|c: char| c == ',' || c.is_whitespace()).filter(|scope| !scope.is_empty()) {
        if !scopes.iter().any(|known| known == scope) {
            scopes.push(scope.to_owned());
        }
    }
    scopes
}

/// A provider that is not in the catalogue, as a person describes it.
#[derive(Default)]
pub struct CustomProvider<'a> {
    /// What to call it; the host when none is given.
    pub name: Option<&'a str>,
    /// Its issuer, whose discovery document says the rest.
    pub issuer: Option<&'a str>,
    /// Without an issuer: where the person approves.
    pub authorization_endpoint: Option<&'a str>,
    /// Without an issuer: where codes are exchanged.
    pub token_endpoint: Option<&'a str>,
    /// Without an issuer: where grants are ended.
    pub revocation_endpoint: Option<&'a str>,
    /// Whether the answer comes back through our scheme; otherwise it comes through loopback.
    pub through_scheme: bool,
    /// Whether the registration speaks for itself and nobody approves (RFC 6749 §4.4).
    pub client_credentials: bool,
}

/// Finds out about a provider that is not in the catalogue.
///
/// # Errors
/// Discovery failed, or an endpoint is missing or malformed.
pub async fn custom_provider(core: &Connections, custom: &CustomProvider<'_>) -> Result<Provider, CoreError> {
    let given =
        |text: Option<&str>| text.map(str::trim).filter(|text| !text.is_empty()).map(ToOwned::to_owned);
    let metadata = match given(custom.issuer) {
        Some(issuer) => core.discover(&issuer).await?,
        None => ServerMetadata {
            issuer: None,
            authorization_endpoint: if custom.client_credentials {
                required(custom.token_endpoint, "tokenEndpoint")?
            } else {
                required(custom.authorization_endpoint, "authorizationEndpoint")?
            },
            token_endpoint: required(custom.token_endpoint, "tokenEndpoint")?,
            device_authorization_endpoint: None,
            revocation_endpoint: match given(custom.revocation_endpoint) {
                Some(text) => Some(required(Some(&text), "revocationEndpoint")?),
                None => None,
            },
            userinfo_endpoint: None,
            jwks_uri: None,
            scopes_supported: Vec::new(),
            client_authentication_methods: Vec::new(),
            id_token_algorithms: Vec::new(),
            iss_parameter_supported: false,
        },
    };
    let name =
        given(custom.name).unwrap_or_else(|| crate::attempt::host_of(&metadata.authorization_endpoint));
    let mut provider = Provider::custom(&name, metadata);
    if custom.through_scheme {
        provider.redirects = vec![providers::RedirectKind::Scheme];
    }
    if custom.client_credentials {
        provider.auth = providers::Auth::ClientCredentials;
    }
    Ok(provider)
}

fn required(text: Option<&str>, field: &str) -> Result<Url, CoreError> {
    let problem = match text.map(str::trim) {
        None | Some("") => "required",
        Some(text) => match Url::parse(text) {
            Ok(url) if is_acceptable_endpoint(&url) => return Ok(url),
            Ok(_) => "notHttps",
            Err(_) => "notAnAddress",
        },
    };
    Err(CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", problem))
}

/// A draft of a registration, as typed.
pub struct DraftFields<'a> {
    /// Its name.
    pub config_key: &'a str,
    /// Names that are taken.
    pub taken: &'a [ConfigKey],
    /// Catalogue id, or [`CUSTOM`].
    pub provider: &'a str,
    /// The client id.
    pub client_id: &'a str,
    /// The client secret.
    pub client_secret: Option<&'a SecretString>,
    /// The scopes.
    pub scopes: &'a str,
    /// The issuer of a custom provider.
    pub issuer: Option<&'a str>,
    /// Endpoint of a custom provider without an issuer.
    pub authorization_endpoint: Option<&'a str>,
    /// Endpoint of a custom provider without an issuer.
    pub token_endpoint: Option<&'a str>,
    /// Endpoint of a custom provider without an issuer.
    pub revocation_endpoint: Option<&'a str>,
    /// Whether a custom provider's registration speaks for itself.
    pub client_credentials: bool,
}

/// One thing that is wrong with a draft; words for both are the interface's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftProblem {
    /// The field.
    pub field: &'static str,
    /// The problem.
    pub problem: &'static str,
    /// Whether nothing can come of it, or it is only worth a second look.
    pub blocking: bool,
}

/// Looks at a draft without asking anybody.
pub fn check_draft(draft: &DraftFields<'_>) -> Vec<DraftProblem> {
    let blocking = |field, problem| DraftProblem { field, problem, blocking: true };
    let mut problems = Vec::new();
    match ConfigKey::parse(draft.config_key) {
        Ok(key) if draft.taken.contains(&key) => problems.push(blocking("configKey", "taken")),
        Ok(_) => {}
        Err(NameError::Empty) => problems.push(blocking("configKey", "empty")),
        Err(NameError::TooLong) => problems.push(blocking("configKey", "tooLong")),
        Err(NameError::Character) => problems.push(blocking("configKey", "characters")),
    }
    let listed = Catalogue::built_in().get(&ProviderId::new(draft.provider));
    if listed.is_some_and(Provider::takes_key) {
        // The key belongs to each connection; a registration is nothing but a name.
        return problems;
    }
    let mut findings = providers::check_client_id(draft.client_id);
    findings.extend(draft.client_secret.iter().flat_map(|secret| providers::check_client_secret(secret)));
    findings.extend(providers::check_scopes(&split_scopes(draft.scopes)));
    problems.extend(findings.iter().map(|one| DraftProblem {
        field: one.field.as_str(),
        problem: one.problem.as_str(),
        blocking: one.is_blocking(),
    }));
    if draft.provider == CUSTOM {
        problems.extend(check_custom(draft));
        if draft.client_credentials && draft.client_secret.is_none_or(SecretString::is_empty) {
            problems.push(blocking("clientSecret", "required"));
        }
    } else if let Some(provider) = listed {
        let needs_secret = !provider.client_authentication.contains(&oauth::ClientAuthentication::None);
        if needs_secret && draft.client_secret.is_none_or(SecretString::is_empty) {
            problems.push(blocking("clientSecret", "required"));
        }
    } else {
        problems.push(blocking("provider", "unknown"));
    }
    problems
}

fn check_custom(draft: &DraftFields<'_>) -> Vec<DraftProblem> {
    let checked = |field: &'static str, text: Option<&str>, needed: bool| {
        let text = text.map(str::trim).unwrap_or_default();
        let problem = match Url::parse(text) {
            _ if text.is_empty() && !needed => return None,
            _ if text.is_empty() => "required",
            Ok(url) if is_acceptable_endpoint(&url) => return None,
            Ok(_) => "notHttps",
            Err(_) => "notAnAddress",
        };
        Some(DraftProblem { field, problem, blocking: true })
    };
    let has_issuer = draft.issuer.is_some_and(|issuer| !issuer.trim().is_empty());
    if has_issuer {
        return checked("issuer", draft.issuer, true).into_iter().collect();
    }
    [
        checked("authorizationEndpoint", draft.authorization_endpoint, !draft.client_credentials),
        checked("tokenEndpoint", draft.token_endpoint, true),
        checked("revocationEndpoint", draft.revocation_endpoint, false),
    ]
    .into_iter()
    .flatten()
    .collect()
}
