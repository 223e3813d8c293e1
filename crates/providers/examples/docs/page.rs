//! The catalogue as a page to read.

use oauth::ClientAuthentication;
use providers::{
    Auth, Catalogue, Credential, IdentityLookup, OWN_CHOICES, Provider, Quirks, RedirectKind, Refresh,
    Rotation, Source, Surface, Taken, Template, TokenEncoding,
};
use std::fmt::Write as _;

const HEAD: &str = "# Providers

Whom Mooring can link to: with a key that you copy from the provider, or by approving there once you have registered \
a client of your own. Generated from `crates/providers/data/` by `cargo run -p providers --example docs`; edit the \
data, not this page. A fact that nobody proved is absent; where only a secondary source was found, it is the one that \
is named. Any other OAuth 2.0 or OpenID Connect provider is added as a custom one, by its issuer or its \
endpoints.

Each fact has a source below its entry, with the day it was checked; that a source says a page is there is its proof, and \
a page of the provider that was read proves its own address and the provider's name. These fields state no fact about a \
provider. They are our own choices and have no source:

";

/// The whole page.
pub(crate) fn page(catalogue: &Catalogue) -> String {
    let mut text = HEAD.to_owned();
    for (field, what) in OWN_CHOICES {
        line(&mut text, format_args!("- `{field}`: {what}"));
    }
    text.push_str("- the order of what is listed, and the words in both languages\n\n");
    text.push_str(
        "| Provider | Id | Category | Countries | Link with | Approve in | Client secret |\n\
         |---|---|---|---|---|---|---|\n",
    );
    for provider in catalogue.iter() {
        let Provider { name, id, category, .. } = provider;
        let category = format!("{category:?}").to_lowercase();
        let (countries, with, surfaces) = (countries(provider), with(provider), surfaces(provider));
        let secret = secret(provider);
        line(
            &mut text,
            format_args!("| {name} | `{id}` | {category} | {countries} | {with} | {surfaces} | {secret} |"),
        );
    }
    for provider in catalogue.iter() {
        section(&mut text, provider);
    }
    text
}

fn section(text: &mut String, provider: &Provider) {
    line(text, format_args!("\n## {}\n", provider.name));
    let url = |field: &str, url: &Option<url::Url>| {
        let checked = provider.proof_of(field).map(|source| format!(" (checked {})", source.checked));
        url.as_ref().map(|url| format!("<{url}>{}", checked.unwrap_or_default()))
    };
    let code = |text: &str| format!("`{text}`");
    let endpoints = &provider.endpoints;
    let template = |one: &Option<Template>| one.as_ref().map(|one| code(one.as_str()));
    let some = |text: String| Some(text).filter(|text| !text.is_empty());
    let separator = if provider.scope_separator.as_str() == "," { "comma" } else { "space" };
    let fixed =
        provider.authorization_parameters().into_iter().map(|(name, value)| format!("`{name}={value}`"));
    let facts = [
        ("Documentation", url("documentation", &provider.documentation)),
        ("Register a client at", url("registration", &provider.registration)),
        ("Issuer", endpoints.issuer.as_deref().map(code)),
        ("Authorization", template(&endpoints.authorization)),
        ("Token", template(&endpoints.token)),
        ("Refresh", template(&endpoints.refresh)),
        ("Device code", template(&endpoints.device_authorization)),
        ("Revocation", template(&endpoints.revocation)),
        ("Redirect address", some(joined(provider.redirects.iter().map(redirect)))),
        ("Client authentication", some(joined(provider.client_authentication.iter().map(|one| way(*one))))),
        ("PKCE", provider.refuses_pkce.then(|| "refused, so not sent".to_owned())),
        ("Sent besides", some(joined(fixed))),
        ("Token requests", token_requests(&provider.quirks)),
        ("Token answers", token_answers(&provider.quirks)),
        ("Sent with a key", provider.credential.as_ref().map(sent)),
        (
            "A key is proven by",
            provider.credential.as_ref().map(|one| code(&format!("GET {}", one.check.url.as_str()))),
        ),
        ("Kept of the callback", some(kept(&provider.quirks.callback))),
        ("Kept of the token answer", some(kept(&provider.quirks.token_answer))),
        ("Whose account it is", provider.identity.as_ref().map(identity)),
        ("Accounts are told apart by", provider.quirks.identity.as_deref().map(code)),
        ("Scopes parted by", (provider.scopes.len() > 1).then(|| separator.to_owned())),
        ("Refresh tokens", some(refresh(&provider.refresh))),
    ];
    for (label, fact) in facts {
        if let Some(fact) = fact {
            line(text, format_args!("- {label}: {fact}"));
        }
    }
    for one in &provider.parameters {
        let example = one.example.as_deref().unwrap_or_default();
        line(text, format_args!("- Asks for `{}`: {} (for example `{example}`)", one.name, one.en));
    }
    for one in provider.credential.iter().flat_map(|credential| &credential.fields) {
        line(text, format_args!("- Asks for “{}”: {}", one.en, one.where_en));
    }
    if !provider.scopes.is_empty() {
        text.push_str("\n| Scope | English | Português |\n|---|---|---|\n");
        for scope in &provider.scopes {
            line(text, format_args!("| `{}` | {} | {} |", scope.name, scope.en, scope.pt_br));
        }
    }
    text.push_str("\nSources:\n");
    for Source { fields, url, checked } in &provider.sources {
        line(
            text,
            format_args!("- {}: <{url}>, {checked}", joined(fields.iter().map(|field| format!("`{field}`")))),
        );
    }
}

fn countries(provider: &Provider) -> String {
    if provider.countries.is_empty() { "any".to_owned() } else { provider.countries.join(", ") }
}

fn surfaces(provider: &Provider) -> String {
    joined(provider.surfaces.iter().map(|surface| match surface {
        Surface::Embedded => "window".to_owned(),
        Surface::Browser => "browser".to_owned(),
    }))
}

const fn with(provider: &Provider) -> &'static str {
    match provider.auth {
        Auth::Oauth2 => "approval",
        Auth::ApiKey => "key",
        Auth::Basic => "key (HTTP Basic)",
        Auth::ClientCredentials => "client of your own",
    }
}

fn token_requests(quirks: &Quirks) -> Option<String> {
    let encoding = match quirks.token_request {
        TokenEncoding::Form => None,
        TokenEncoding::Json => Some("sent as JSON".to_owned()),
        TokenEncoding::Query => Some("sent in the address, with an empty body".to_owned()),
    };
    let fixed = quirks.token_parameters.iter().map(|(name, value)| format!("with `{name}={value}`"));
    let code = quirks.code_parameter.as_ref().map(|name| format!("the code comes back as `{name}`"));
    Some(joined(encoding.into_iter().chain(fixed).chain(code))).filter(|text| !text.is_empty())
}

fn token_answers(quirks: &Quirks) -> Option<String> {
    let ends = quirks.expires_at.as_ref().map(|at| format!("the end of the access token at `{at}`"));
    let lapses = quirks.refresh_expires_at.as_ref().map(|at| format!("of the refresh token at `{at}`"));
    let types = quirks.token_types.iter().map(|kind| format!("type `{kind}` for Bearer"));
    Some(joined(ends.into_iter().chain(lapses).chain(types))).filter(|text| !text.is_empty())
}

fn sent(credential: &Credential) -> String {
    let headers = credential.headers.iter().map(|(name, value)| format!("`{name}: {value}`"));
    let basic = credential.basic.iter().map(|pair| format!("HTTP Basic `{}:{}`", pair.user, pair.password));
    joined(headers.chain(basic))
}

fn identity(lookup: &IdentityLookup) -> String {
    let names = joined(lookup.names.iter().map(|at| format!("`{at}`")));
    let list = match lookup.list.as_deref() {
        None => String::new(),
        Some("") => " of each element".to_owned(),
        Some(at) => format!(" of each element of `{at}`"),
    };
    let called = if names.is_empty() { String::new() } else { format!(", its name {names}") };
    format!("`GET {}`: told apart by `{}`{list}{called}", lookup.url.as_str(), lookup.subject)
}

fn kept(taken: &[Taken]) -> String {
    joined(taken.iter().map(|one| format!("`{}`", one.at)))
}

fn secret(provider: &Provider) -> &'static str {
    if provider.takes_key() {
        return "";
    }
    let public = provider.client_authentication.contains(&ClientAuthentication::None);
    match (public, provider.client_authentication.len()) {
        (true, 1) => "none",
        (true, _) => "optional",
        (false, _) => "needed",
    }
}

fn redirect(kind: &RedirectKind) -> String {
    let on = |host: &str, port: &Option<u16>| match port {
        Some(port) => format!("`http://{host}:{port}/callback`"),
        None => format!("`http://{host}/callback` (any port)"),
    };
    match kind {
        RedirectKind::Loopback { port } => on("127.0.0.1", port),
        RedirectKind::LoopbackLocalhost { port } => on("localhost", port),
        RedirectKind::Scheme => "`mooring://oauth/callback`".to_owned(),
        RedirectKind::Https { uri } => format!("`{uri}`"),
    }
}

fn way(one: ClientAuthentication) -> String {
    let name = match one {
        ClientAuthentication::Basic => "client_secret_basic",
        ClientAuthentication::Post => "client_secret_post",
        ClientAuthentication::None => "none",
    };
    format!("`{name}`")
}

fn refresh(refresh: &Refresh) -> String {
    let rotation = match refresh.rotation {
        Rotation::Always => Some("a new one with each refresh".to_owned()),
        Rotation::Sometimes => Some("a new one now and then".to_owned()),
        Rotation::Never => Some("stay the same".to_owned()),
        Rotation::Unknown => None,
    };
    let facts = [
        rotation,
        refresh.grace_seconds.map(|seconds| format!("the old one works for {seconds} s more")),
        refresh.idle_lapse_days.map(|days| format!("die after {days} days without use")),
        refresh.absolute_lapse_days.map(|days| format!("die {days} days after approval")),
        refresh.access_token_life_seconds.map(|seconds| format!("access tokens live {seconds} s")),
    ];
    facts.into_iter().flatten().collect::<Vec<_>>().join("; ")
}

fn joined(parts: impl Iterator<Item = String>) -> String {
    parts.collect::<Vec<_>>().join(", ")
}

fn line(text: &mut String, content: std::fmt::Arguments<'_>) {
    // Writing to a string cannot fail.
    let _ = writeln!(text, "{content}");
}
