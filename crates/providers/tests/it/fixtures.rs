//! What providers answer, as their own pages show it, through the code that takes it apart. One file for each entry that
//! does something of its own, and for each kind of quirk that no entry has.

use jiff::Timestamp;
use oauth::{AccountsShape, AttemptSecrets, ClientAuthentication, ClientRegistration, ExpectedResponse};
use providers::{Catalogue, Provider, ProviderId, QUIRK_KINDS, Quirks};
use secret::{Secret, SecretString};
use serde::Deserialize;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

type Pairs = BTreeMap<String, String>;

/// One file.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fixture {
    /// The entry it is of, where that is not the file's name.
    entry: Option<String>,
    /// Where the provider shows it.
    source: url::Url,
    /// The query of the callback; `STATE` stands for the attempt's.
    callback: Option<String>,
    token_answer: Option<String>,
    identity_source: Option<url::Url>,
    identity_answer: Option<String>,
    /// Quirks in place of the entry's.
    quirks: Option<Quirks>,
    expected: Expected,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    callback: Pairs,
    #[serde(default)]
    token_answer: Pairs,
    account: Option<String>,
    code: Option<String>,
    access_ends: Option<Timestamp>,
    refresh_ends: Option<Timestamp>,
    /// Accounts that the answer lists: an id, and a name where it has one.
    accounts: Option<Vec<Vec<String>>>,
    request: Option<ExpectedRequest>,
}

/// What the exchange of a code sends.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedRequest {
    /// `form`, `json` or `query`.
    place: String,
    members: Pairs,
    #[serde(default)]
    headers: Pairs,
}

fn fixtures() -> Vec<(String, Fixture, Provider)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures");
    let mut fixtures = Vec::new();
    for file in std::fs::read_dir(folder).unwrap() {
        let path = file.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_owned();
        let fixture: Fixture = toml::from_str(&std::fs::read_to_string(&path).unwrap())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let id = ProviderId::new(fixture.entry.as_deref().unwrap_or(&name));
        let entry = Catalogue::built_in().get(&id).unwrap_or_else(|| panic!("{name} is of no entry"));
        let quirks = fixture.quirks.clone().unwrap_or_else(|| entry.quirks.clone());
        let provider = Provider { quirks, ..entry.clone() };
        fixtures.push((name, fixture, provider));
    }
    fixtures.sort_by(|(one, ..), (other, ..)| one.cmp(other));
    fixtures
}

/// When the answers were asked for: 2026-11-21T12:00:00Z.
fn asked_at() -> Timestamp {
    Timestamp::from_second(1_795_262_400).unwrap()
}

fn response(body: &str) -> oauth::Response {
    let body = Secret::new(body.as_bytes().to_vec());
    oauth::Response { status: 200, content_type: None, retry_after: None, body }
}

/// Whether a fixture looks at what this kind of quirk does; the tests below carry it out.
fn shows(kind: &str, fixture: &Fixture) -> bool {
    let expected = &fixture.expected;
    match kind {
        "callback" => fixture.callback.is_some() && !expected.callback.is_empty(),
        "token_answer" => fixture.token_answer.is_some() && !expected.token_answer.is_empty(),
        "identity" => expected.account.is_some(),
        "code_parameter" => fixture.callback.is_some() && expected.code.is_some(),
        "token_at" | "token_types" => fixture.token_answer.is_some(),
        "expires_at" => fixture.token_answer.is_some() && expected.access_ends.is_some(),
        "refresh_expires_at" => fixture.token_answer.is_some() && expected.refresh_ends.is_some(),
        "token_request" | "token_parameters" => expected.request.is_some(),
        "token_headers" => expected.request.as_ref().is_some_and(|one| !one.headers.is_empty()),
        other => panic!("nobody says how {other} is shown"),
    }
}

#[test]
fn the_kinds_are_the_fields() {
    let fields = serde_json::to_value(Quirks::default()).unwrap();
    let fields: BTreeSet<_> = fields.as_object().unwrap().keys().cloned().collect();
    let kinds: BTreeSet<_> = QUIRK_KINDS.iter().map(|(name, _)| (*name).to_owned()).collect();
    assert_eq!(fields, kinds);
    assert!(Quirks::default().kinds().is_empty());
}

#[test]
fn each_kind_and_each_entry_that_uses_one_has_a_fixture() {
    let fixtures = fixtures();
    let mut shown = BTreeSet::new();
    for (name, fixture, provider) in &fixtures {
        for kind in provider.quirks.kinds() {
            assert!(shows(kind, fixture), "{name} does not show {kind}");
            shown.insert(kind);
        }
    }
    let all: BTreeSet<_> = QUIRK_KINDS.iter().map(|(name, _)| *name).collect();
    assert_eq!(shown, all, "a kind is shown by no fixture");
    for provider in Catalogue::built_in().iter() {
        let own = fixtures.iter().find(|(name, ..)| name == provider.id.as_str());
        let quirky = provider.quirks != Quirks::default();
        assert_eq!(own.is_some(), quirky || provider.identity.is_some(), "{}", provider.id);
        let lists = own.is_some_and(|(_, one, _)| one.expected.accounts.is_some());
        assert_eq!(lists, provider.identity.is_some(), "{}: whose account it is", provider.id);
    }
}

#[test]
fn each_fixture_names_a_source_and_its_entry_knows_it() {
    for (name, fixture, provider) in fixtures() {
        let knows = |url: &url::Url| provider.sources.iter().any(|source| source.url == *url);
        assert!(knows(&fixture.source), "{name}: {}", fixture.source);
        assert_eq!(fixture.identity_source.is_some(), fixture.identity_answer.is_some(), "{name}");
        assert!(fixture.identity_source.as_ref().is_none_or(knows), "{name}");
    }
}

#[test]
fn callbacks_give_the_code_and_say_which_account_it_is_for() {
    let secrets = AttemptSecrets::from_random([1; 32], [2; 32], [3; 32]);
    let state = secrets.to_vault().expose().split('.').next().unwrap().to_owned();
    let redirect_uri = "http://127.0.0.1:4000/callback";
    for (name, fixture, provider) in fixtures() {
        let Some(callback) = &fixture.callback else { continue };
        let expected = ExpectedResponse {
            redirect_uri,
            secrets: &secrets,
            issuer: None,
            iss_required: false,
            code_parameter: provider.quirks.code_parameter.as_deref().unwrap_or("code"),
            expires_at: asked_at(),
        };
        let address = SecretString::from(format!("{redirect_uri}?{}", callback.replace("STATE", &state)));
        let before = Timestamp::UNIX_EPOCH;
        let judged = oauth::judge_authorization_response(&address, &expected, before)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert_eq!(Some(judged.code.expose()), fixture.expected.code.as_ref(), "{name}");
        let kept = provider.taken_from_callback(&judged.extras);
        assert_eq!(kept.as_ref(), Ok(&fixture.expected.callback), "{name}");
    }
}

#[test]
fn token_answers_link_end_and_say_which_account_they_are_for() {
    for (name, fixture, provider) in fixtures() {
        let Some(answer) = &fixture.token_answer else { continue };
        let shape = provider.answer_shape();
        let grant = oauth::judge_token_response_in(&response(answer), &shape, &[], asked_at())
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(grant.access_token.matches("T"), "{name}");
        if let Some(ends) = fixture.expected.access_ends {
            assert_eq!(grant.expires_at, Some(ends), "{name}");
        }
        assert_eq!(grant.refresh_expires_at, fixture.expected.refresh_ends, "{name}");
        let kept = provider.taken_from_token_answer(&serde_json::from_str(answer).unwrap());
        assert_eq!(kept.as_ref(), Ok(&fixture.expected.token_answer), "{name}");
    }
}

#[test]
fn accounts_are_told_apart_by_what_was_taken() {
    for (name, fixture, provider) in fixtures() {
        let expected = &fixture.expected;
        let taken: Pairs =
            expected.callback.clone().into_iter().chain(expected.token_answer.clone()).collect();
        assert_eq!(provider.identity_of(&taken), expected.account.as_deref(), "{name}");
    }
}

#[test]
fn answers_of_a_provider_s_own_list_the_accounts() {
    for (name, fixture, provider) in fixtures() {
        let (Some(answer), Some(lookup)) = (&fixture.identity_answer, &provider.identity) else { continue };
        let shape =
            AccountsShape { list: lookup.list.as_deref(), subject: &lookup.subject, names: &lookup.names };
        let accounts = oauth::judge_accounts(&response(answer), &shape)
            .unwrap_or_else(|error| panic!("{name}: {error}"));
        let told: Vec<Vec<String>> = accounts
            .into_iter()
            .map(|one| [Some(one.subject), one.name].into_iter().flatten().collect())
            .collect();
        assert_eq!(Some(&told), fixture.expected.accounts.as_ref(), "{name}");
    }
}

#[test]
fn codes_are_exchanged_as_the_provider_wants_it() {
    let client = ClientRegistration {
        client_id: "mooring".to_owned(),
        client_secret: None,
        authentication: ClientAuthentication::None,
    };
    for (name, fixture, provider) in fixtures() {
        let Some(expected) = &fixture.expected.request else { continue };
        let examples = provider.parameters.iter().map(|one| (one.name.clone(), one.example.clone().unwrap()));
        let metadata = provider.metadata(&examples.collect()).unwrap();
        let code = SecretString::from("CODE");
        let request = oauth::code_request(&metadata, &client, &code, "http://127.0.0.1:4000/callback", None);
        let request = provider.dress().on(request.unwrap()).unwrap().into_http();
        let query = request.uri().query().unwrap_or_default();
        let body = std::str::from_utf8(request.body()).unwrap();
        let form = |text: &str| url::form_urlencoded::parse(text.as_bytes()).into_owned().collect::<Pairs>();
        let (sent, elsewhere) = match expected.place.as_str() {
            "json" => (serde_json::from_str(body).unwrap(), query),
            "query" => (form(query), body),
            _ => (form(body), query),
        };
        assert!(elsewhere.is_empty(), "{name}: everything is in one place");
        for (member, value) in &expected.members {
            assert_eq!(sent.get(member), Some(value), "{name}: {member}");
        }
        for (header, value) in &expected.headers {
            assert_eq!(request.headers()[header.as_str()], value.as_str(), "{name}: {header}");
        }
    }
}
