//! What an entry must have for the way its accounts are linked, and what its keys and quirks may say.

use crate::credential::Credential;
use crate::quirks::Quirks;
use crate::template::matches_whole;
use crate::{Auth, Provider};

/// What is wrong: the field, and why.
pub(crate) type Fault = (&'static str, &'static str);

/// Everything that is wrong with the entry's shape.
pub(crate) fn faults(provider: &Provider) -> Vec<Fault> {
    let mut faults = match provider.auth {
        Auth::Oauth2 => of_approval(provider),
        Auth::ClientCredentials => of_client_credentials(provider),
        Auth::ApiKey | Auth::Basic => of_key(provider),
    };
    faults.extend(provider.parameters.iter().filter_map(|one| {
        let pattern = one.pattern.as_deref()?;
        let lets_through = HOSTILE.iter().any(|value| matches_whole(pattern, value));
        lets_through.then_some(("parameters", "a pattern lets through what could lead a request elsewhere"))
    }));
    if provider.parameters.iter().any(|one| one.pattern.is_none()) {
        faults.push(("parameters", "a parameter has no pattern"));
    }
    faults.extend(of_quirks(&provider.quirks));
    faults.extend(crate::identity::faults(provider));
    faults
}

/// Values that end a host or a path segment, climb, or hide.
const HOSTILE: [&str; 12] = [
    "evil.example/",
    "evil.example#",
    "evil.example?",
    "evil.example\\",
    "x@evil.example",
    "evil.example:8443",
    "a b",
    "a\nb",
    "..",
    "%2e%2e",
    "{other}",
    "",
];

fn of_approval(provider: &Provider) -> Vec<Fault> {
    let lacks_way = provider.surfaces.is_empty()
        || provider.redirects.is_empty()
        || provider.client_authentication.is_empty();
    listed([
        (lacks_way, ("surfaces", "surfaces, redirects and client authentication cannot be empty")),
        (provider.endpoints.authorization.is_none(), ("endpoints.authorization", "is missing")),
        (provider.endpoints.token.is_none(), ("endpoints.token", "is missing")),
        (provider.credential.is_some(), ("credential", "belongs to a provider that takes a key")),
    ])
}

fn of_client_credentials(provider: &Provider) -> Vec<Fault> {
    let has_page = provider.endpoints.authorization.is_some() || !provider.redirects.is_empty();
    listed([
        (provider.client_authentication.is_empty(), ("client_authentication", "cannot be empty")),
        (provider.endpoints.token.is_none(), ("endpoints.token", "is missing")),
        (has_page, ("endpoints.authorization", "nobody approves at this provider")),
        (provider.credential.is_some(), ("credential", "belongs to a provider that takes a key")),
    ])
}

fn of_key(provider: &Provider) -> Vec<Fault> {
    let Some(credential) = &provider.credential else { return vec![("credential", "is missing")] };
    let mut faults = listed([
        (provider.endpoints != crate::Endpoints::default(), ("endpoints", "a key needs none")),
        (
            credential.basic.is_some() != (provider.auth == Auth::Basic),
            ("credential.basic", "differs from `auth`"),
        ),
    ]);
    faults.extend(of_credential(credential));
    faults
}

fn of_credential(credential: &Credential) -> Vec<Fault> {
    let basic = credential.basic.iter().flat_map(|pair| [pair.user.as_str(), pair.password.as_str()]);
    let sent: String = credential.headers.values().map(String::as_str).chain(basic).collect();
    let named = |name: &str| credential.fields.iter().any(|field| field.name == name);
    let is_sent = |name: &str| sent.contains(&format!("{{{name}}}"));
    let wordless = credential.fields.iter().any(|field| {
        [&field.en, &field.pt_br, &field.where_en, &field.where_pt_br]
            .iter()
            .any(|text| text.trim().is_empty())
    });
    let odd = credential.fields.iter().filter_map(|field| field.pattern.as_deref()).any(|pattern| {
        regex_lite::Regex::new(pattern).is_err()
            || ["", "a\r\nb", "a b"].iter().any(|one| matches_whole(pattern, one))
    });
    listed([
        (credential.fields.is_empty(), ("credential.fields", "nothing is asked")),
        (!places(&sent).all(named), ("credential", "sends a field that is not asked")),
        (
            !credential.fields.iter().all(|field| is_sent(&field.name)),
            ("credential", "asks for a field that is not sent"),
        ),
        (wordless, ("credential.fields", "a field has no words")),
        (odd, ("credential.fields", "a pattern is no regular expression, or lets white space through")),
    ])
}

/// Ends of JSON pointers that point at secrets.
const SECRETS: [&str; 5] = ["access_token", "refresh_token", "id_token", "client_secret", "code"];

/// Types of token that ask for more than being sent; `N_A` is none at all (RFC 8693).
const BOUND_TYPES: [&str; 6] = ["", "mac", "dpop", "pop", "basic", "n_a"];

fn of_quirks(quirks: &Quirks) -> Vec<Fault> {
    let taken = || quirks.callback.iter().chain(&quirks.token_answer);
    let takes_secret = taken()
        .any(|one| points_at_secret(&one.at) || quirks.code_parameter.as_deref() == Some(one.at.as_str()));
    let instants = quirks.expires_at.iter().chain(&quirks.refresh_expires_at);
    let no_pointer = quirks.token_answer.iter().map(|one| &one.at).chain(&quirks.token_at).chain(instants);
    let bound = |kind: &String| BOUND_TYPES.iter().any(|one| one.eq_ignore_ascii_case(kind.trim()));
    let unknown = quirks.identity.as_ref().is_some_and(|name| !taken().any(|one| one.name == *name));
    listed([
        (
            taken().any(|one| regex_lite::Regex::new(&one.pattern).is_err()),
            ("quirks", "a pattern is no regular expression"),
        ),
        (taken().any(|one| matches_whole(&one.pattern, "")), ("quirks", "a pattern takes an empty value")),
        (takes_secret, ("quirks", "a secret would be taken")),
        (no_pointer.into_iter().any(|at| !at.starts_with('/')), ("quirks", "is no JSON pointer")),
        (
            quirks.token_types.iter().any(bound),
            ("quirks.token_types", "a token of this type is of no use as a bearer token"),
        ),
        (unknown, ("quirks.identity", "names nothing that is taken")),
    ])
}

/// Whether a JSON pointer ends at what is secret by its name.
pub(crate) fn points_at_secret(at: &str) -> bool {
    SECRETS.contains(&at.rsplit('/').next().unwrap_or_default())
}

pub(crate) fn listed<const N: usize>(faults: [(bool, Fault); N]) -> Vec<Fault> {
    faults.into_iter().filter(|(present, _)| *present).map(|(_, fault)| fault).collect()
}

/// The names between braces.
pub(crate) fn places(text: &str) -> impl Iterator<Item = &str> {
    text.split('{').skip(1).filter_map(|rest| rest.split('}').next())
}
