//! Each entry of the catalogue, as it ships.

use crate::{files, templates, today};
use providers::{Catalogue, Category, Complaint, ProviderId, RedirectKind, Surface, validate};
use std::collections::{BTreeMap, BTreeSet};

#[test]
fn the_catalogue_holds_what_the_folder_holds() {
    let built_in: Vec<_> = Catalogue::built_in().iter().cloned().collect();
    let in_folder: Vec<_> = files().into_iter().map(|(_, provider)| provider).collect();
    assert_eq!(built_in, in_folder, "two files share an id, or the build script wrote one down otherwise");
    assert!(built_in.len() >= 60, "{} entries", built_in.len());
}

#[test]
fn no_entry_has_a_complaint() {
    let today = today();
    let complaints: Vec<_> =
        files().iter().flat_map(|(name, provider)| validate(provider, name, &today)).collect();
    assert!(complaints.is_empty(), "{}", listed(&complaints));
}

fn listed(complaints: &[Complaint]) -> String {
    complaints.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

#[test]
fn an_id_is_lower_case_letters_digits_and_hyphens() {
    for provider in Catalogue::built_in().iter() {
        let id = provider.id.as_str();
        let fits = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        assert!(!id.is_empty() && id.chars().all(fits), "{id}");
        assert_eq!(&ProviderId::new(id), &provider.id, "an id is looked up as it is written");
        assert!(!["custom", "practice-bank"].contains(&id), "{id} is taken");
    }
}

#[test]
fn names_scopes_and_countries_are_not_repeated() {
    let mut names = BTreeSet::new();
    for provider in Catalogue::built_in().iter() {
        assert!(names.insert(provider.name.to_lowercase()), "two entries are called {}", provider.name);
        let scopes: BTreeSet<_> = provider.scopes.iter().map(|scope| &scope.name).collect();
        assert_eq!(scopes.len(), provider.scopes.len(), "{}: a scope stands twice", provider.id);
        let countries: BTreeSet<_> = provider.countries.iter().collect();
        assert_eq!(countries.len(), provider.countries.len(), "{}", provider.id);
        for country in countries {
            let is_code = country.len() == 2 && country.chars().all(|c| c.is_ascii_uppercase());
            assert!(is_code, "{}: {country} is no ISO 3166 code", provider.id);
        }
    }
}

#[test]
fn the_proposed_scopes_pass_the_check_of_scopes_a_person_types() {
    for provider in Catalogue::built_in().iter() {
        let scopes: Vec<_> = provider.scopes.iter().map(|scope| scope.name.clone()).collect();
        assert!(providers::check_scopes(&scopes).is_empty(), "{}", provider.id);
        let separator = provider.scope_separator.as_str();
        assert!(scopes.iter().all(|scope| !scope.contains(separator)), "{}", provider.id);
    }
}

#[test]
fn the_words_of_a_scope_are_short_and_differ_by_language() {
    for provider in Catalogue::built_in().iter() {
        for scope in &provider.scopes {
            for words in [&scope.en, &scope.pt_br] {
                assert!(words.chars().count() <= 80, "{}: {words}", provider.id);
                assert!(words.starts_with(char::is_uppercase), "{}: {words}", provider.id);
                assert!(!words.ends_with('.'), "{}: {words}", provider.id);
                assert!(!words.to_lowercase().contains("token"), "{}: {words}", provider.id);
            }
            assert_ne!(scope.en, scope.pt_br, "{}: not translated", provider.id);
        }
    }
}

#[test]
fn the_example_of_each_parameter_gives_https_endpoints() {
    for provider in Catalogue::built_in().iter() {
        let values: BTreeMap<_, _> = provider
            .parameters
            .iter()
            .map(|one| (one.name.clone(), one.example.clone().expect("an example")))
            .collect();
        for template in templates(provider) {
            let url = template.fill(&provider.parameters, &values);
            let url = url.unwrap_or_else(|error| panic!("{}: {error}", provider.id));
            assert_eq!(url.scheme(), "https", "{}: {url}", provider.id);
            assert!(url.port().is_none() && url.fragment().is_none(), "{}: {url}", provider.id);
            assert!(!url.as_str().contains(['{', '}']), "{}: {url}", provider.id);
        }
    }
}

#[test]
fn every_parameter_is_used_and_has_words_and_a_pattern() {
    for provider in Catalogue::built_in().iter() {
        for parameter in &provider.parameters {
            let place = format!("{{{}}}", parameter.name);
            let used = templates(provider).iter().any(|template| template.as_str().contains(&place));
            assert!(used, "{}: {place}", provider.id);
            assert!(!parameter.en.is_empty() && !parameter.pt_br.is_empty(), "{}", provider.id);
            assert!(parameter.pattern.is_some(), "{}: {} has no pattern", provider.id, parameter.name);
        }
    }
}

#[test]
fn fixed_parameters_replace_none_that_the_protocol_owns() {
    const OWNED: [&str; 8] = [
        "client_id",
        "redirect_uri",
        "response_type",
        "scope",
        "state",
        "nonce",
        "code_challenge",
        "code_challenge_method",
    ];
    for provider in Catalogue::built_in().iter() {
        for (name, _) in provider.authorization_parameters() {
            assert!(!OWNED.contains(&name.as_str()), "{}: {name}", provider.id);
        }
    }
}

#[test]
fn google_is_never_opened_in_a_window_of_ours() {
    let google = Catalogue::built_in().get(&ProviderId::new("google")).unwrap();
    assert_eq!(google.surfaces, [Surface::Browser]);
    assert_eq!(google.redirects, [RedirectKind::Loopback { port: None }]);
}

#[test]
fn a_fixed_port_is_one_that_nobody_else_is_given() {
    for provider in Catalogue::built_in().iter() {
        for redirect in &provider.redirects {
            let (RedirectKind::Loopback { port } | RedirectKind::LoopbackLocalhost { port }) = redirect
            else {
                continue;
            };
            // IANA gives ports below 49152 to services; 48763 is free, and one port for all is one to register.
            assert!(port.is_none_or(|port| port == 48_763), "{}: {port:?}", provider.id);
        }
    }
}

#[test]
fn search_knows_name_category_and_country() {
    let catalogue = Catalogue::built_in();
    let ids = |query: &str, category, country| {
        catalogue
            .search(query, category, country)
            .into_iter()
            .map(|one| one.id.to_string())
            .collect::<Vec<_>>()
    };
    assert_eq!(ids("  xErO ", None, None), ["xero"]);
    assert_eq!(ids("zoho", Some(Category::Accounting), None), ["zoho-books", "zoho-expense", "zoho-invoice"]);
    assert!(ids("xero", Some(Category::Banking), None).is_empty());
    assert_eq!(ids("monzo", None, Some("GB")), ["monzo"]);
    assert!(ids("monzo", None, Some("BR")).is_empty(), "Monzo is in the United Kingdom only");
    assert_eq!(ids("xero", None, Some("BR")), ["xero"], "no list of countries means everywhere");
    assert_eq!(ids("", None, None).len(), catalogue.iter().count());
    assert!(ids("no such provider", None, None).is_empty());
}
