//! Which fields of an entry state a fact about the provider, what proves each, and which are our own choices.
//!
//! Invariant: there is no third kind. A test compares both lists with the schema.

use crate::{Provider, RedirectKind, Rotation, ScopeSeparator, Source, Surface};

/// Fields that say nothing about the provider, and what they say instead. They need no source.
pub const OWN_CHOICES: [(&str, &str); 7] = [
    ("id", "how we name the entry"),
    ("category", "where we list it"),
    ("brand_color", "what we paint its monogram on: our colour, dark enough for white letters"),
    (
        "surfaces",
        "which of our surfaces is offered first; that the provider refuses one is a fact, with a source",
    ),
    ("scope_generation", "raised when we propose other scopes"),
    ("sources", "where the facts are from"),
    ("discovered", "what a provider that is not in the catalogue says of itself; never in an entry"),
];

/// Fields that state a fact about the provider. Each is proven by a source that names it or its group, but for two:
/// `name` stands on the page that `documentation` is, and `auth` is what `credential` or `endpoints.token` prove.
pub const FACTS: [&str; 30] = [
    "name",
    "auth",
    "countries",
    "documentation",
    "registration",
    "endpoints.issuer",
    "endpoints.authorization",
    "endpoints.token",
    "endpoints.refresh",
    "endpoints.device_authorization",
    "endpoints.revocation",
    "endpoints.userinfo",
    "endpoints.jwks",
    "credential",
    "credential.check",
    "quirks",
    "identity",
    "scope_separator",
    "scopes",
    "refuses_pkce",
    "client_authentication",
    "authorization_parameters",
    "parameters",
    "refresh.rotation",
    "refresh.grace_seconds",
    "refresh.idle_lapse_days",
    "refresh.absolute_lapse_days",
    "refresh.access_token_life_seconds",
    "redirects",
    "surfaces",
];

/// Whether the entry states `field`. What the standards say anyway (scopes parted by a space) states nothing.
pub(crate) fn states(provider: &Provider, field: &str) -> bool {
    let (endpoints, refresh) = (&provider.endpoints, &provider.refresh);
    match field {
        "name" | "auth" | "documentation" => true,
        "countries" => !provider.countries.is_empty(),
        "registration" => provider.registration.is_some(),
        "endpoints.issuer" => endpoints.issuer.is_some(),
        "endpoints.authorization" => endpoints.authorization.is_some(),
        "endpoints.token" => endpoints.token.is_some(),
        "endpoints.refresh" => endpoints.refresh.is_some(),
        "endpoints.device_authorization" => endpoints.device_authorization.is_some(),
        "endpoints.revocation" => endpoints.revocation.is_some(),
        "endpoints.userinfo" => endpoints.userinfo.is_some(),
        "endpoints.jwks" => endpoints.jwks.is_some(),
        "credential" | "credential.check" => provider.credential.is_some(),
        "quirks" => provider.quirks != crate::Quirks::default(),
        "identity" => provider.identity.is_some(),
        "scope_separator" => provider.scope_separator != ScopeSeparator::Space,
        "scopes" => !provider.scopes.is_empty(),
        "refuses_pkce" => provider.refuses_pkce,
        "client_authentication" => !provider.client_authentication.is_empty(),
        "authorization_parameters" => !provider.authorization_parameters.is_empty(),
        "parameters" => !provider.parameters.is_empty(),
        "refresh.rotation" => refresh.rotation != Rotation::Unknown,
        "refresh.grace_seconds" => refresh.grace_seconds.is_some(),
        "refresh.idle_lapse_days" => refresh.idle_lapse_days.is_some(),
        "refresh.absolute_lapse_days" => refresh.absolute_lapse_days.is_some(),
        "refresh.access_token_life_seconds" => refresh.access_token_life_seconds.is_some(),
        "redirects" => !provider.redirects.is_empty(),
        "surfaces" => refuses_a_surface(provider),
        _ => false,
    }
}

/// Whether one of our surfaces is left out for another reason than that its answer could not come back: to an https
/// address that nobody serves only our window comes back.
fn refuses_a_surface(provider: &Provider) -> bool {
    let has = |surface| provider.surfaces.contains(&surface);
    let only_https = provider.redirects.iter().all(|one| matches!(one, RedirectKind::Https { .. }));
    match (has(Surface::Embedded), has(Surface::Browser)) {
        (false, true) => true,
        (true, false) => !only_https,
        _ => false,
    }
}

impl Provider {
    /// The source that proves `field`, the one that names it itself before one that names its group.
    pub fn proof_of(&self, field: &str) -> Option<&Source> {
        let group = field.split('.').next().unwrap_or_default();
        let named =
            |name: &str| self.sources.iter().find(|source| source.fields.iter().any(|one| one == name));
        match field {
            "name" => self.proof_of("documentation"),
            "auth" => named("credential").or_else(|| self.proof_of("endpoints.token")),
            "documentation" => named(field).or_else(|| self.sources.iter().find(|one| self.is_its_page(one))),
            _ => named(field).or_else(|| named(group)),
        }
    }

    /// A page that was read proves its own address; a site's Markdown of a page is the page.
    fn is_its_page(&self, source: &Source) -> bool {
        let bare = |url: &url::Url| url.as_str().trim_end_matches('/').trim_end_matches(".md").to_owned();
        self.documentation.as_ref().is_some_and(|page| bare(page) == bare(&source.url))
    }
}

/// Whether a source can prove `name`: a fact that the entry states, the group of one, or that a provider takes the
/// surfaces on which we offer it.
pub(crate) fn can_be_proven(provider: &Provider, name: &str) -> bool {
    let of_name = |field: &&&str| **field == name || field.split('.').next() == Some(name);
    FACTS.iter().filter(of_name).any(|field| states(provider, field))
        || (name == "surfaces" && !provider.surfaces.is_empty())
}
