//! The report complains of each thing that would mislead a person.

use providers::{Catalogue, FACTS, OWN_CHOICES, Provider, ProviderId, Surface, validate};
use std::collections::BTreeSet;

const TODAY: &str = "2026-11-28";

/// Complaints about an entry that was sound before `spoil`.
fn complaints_after(spoil: impl FnOnce(&mut Provider)) -> Vec<(String, &'static str)> {
    let sound = Catalogue::built_in().get(&ProviderId::new("zoho-books")).unwrap();
    assert!(validate(sound, "zoho-books.toml", "2100-01-01").is_empty());
    let mut provider = sound.clone();
    spoil(&mut provider);
    let complaints = validate(&provider, "zoho-books.toml", TODAY);
    complaints.into_iter().map(|one| (one.field, one.what)).collect()
}

fn assert_complaint(field: &str, what: &str, spoil: impl FnOnce(&mut Provider)) {
    let complaints = complaints_after(spoil);
    assert!(complaints.iter().any(|(at, text)| at == field && *text == what), "{field}: {complaints:?}");
}

/// The entry with some of its text replaced.
fn rewritten(from: &str, to: &str) -> impl FnOnce(&mut Provider) {
    move |provider| {
        let text = serde_json::to_string(provider).unwrap();
        assert!(text.contains(from), "{from} is not in the entry");
        *provider = serde_json::from_str(&text.replace(from, to)).unwrap();
    }
}

#[test]
fn an_id_that_is_not_the_file_s_name() {
    assert_complaint("id", "differs from the file's name", |one| one.id = ProviderId::new("other"));
}

#[test]
fn an_endpoint_without_tls() {
    let plain =
        rewritten("https://accounts.{domain}/oauth/v2/token\"", "http://accounts.{domain}/oauth/v2/token\"");
    assert_complaint("endpoints.token", "is not https", plain);
}

#[test]
fn a_place_without_a_parameter() {
    assert_complaint("endpoints.token", "names a parameter that is not declared", |one| {
        one.parameters.clear();
    });
}

#[test]
fn a_fact_without_a_source() {
    for field in ["endpoints.authorization", "redirects", "client_authentication", "refresh.rotation"] {
        assert_complaint(field, "has no source", |one| one.sources.clear());
    }
    for (field, group) in [("refresh.access_token_life_seconds", "refresh"), ("redirects", "redirects")] {
        assert_complaint(field, "has no source", |one| {
            for source in &mut one.sources {
                source.fields.retain(|proven| !proven.starts_with(group));
            }
        });
    }
}

#[test]
fn each_field_is_a_fact_or_our_own_choice() {
    let schema = serde_json::to_value(Catalogue::built_in().get(&ProviderId::new("xero")).unwrap()).unwrap();
    let is_group = |name: &str| matches!(name, "endpoints" | "refresh");
    let mut fields = BTreeSet::new();
    for (name, value) in schema.as_object().unwrap() {
        match value.as_object().filter(|_| is_group(name)) {
            Some(members) => fields.extend(members.keys().map(|member| format!("{name}.{member}"))),
            None => drop(fields.insert(name.clone())),
        }
    }
    let own = OWN_CHOICES.iter().map(|(name, _)| (*name).to_owned());
    let listed: BTreeSet<_> = FACTS.iter().map(|name| (*name).to_owned()).chain(own).collect();
    let missing: Vec<_> = fields.difference(&listed).collect();
    assert!(missing.is_empty(), "in the schema, and neither a fact nor a choice: {missing:?}");
    let known = |name: &&String| fields.contains(*name) || *name == "credential.check";
    let unknown: Vec<_> = listed.iter().filter(|name| !known(name)).collect();
    assert!(unknown.is_empty(), "not in the schema: {unknown:?}");
    let both = OWN_CHOICES.iter().filter(|(name, _)| FACTS.contains(name)).map(|(name, _)| *name);
    assert_eq!(both.collect::<Vec<_>>(), ["surfaces"], "a surface that is refused is a fact");
}

#[test]
fn every_fact_loses_its_proof_with_its_sources() {
    for provider in Catalogue::built_in().iter() {
        let name = format!("{}.toml", provider.id);
        let stripped = Provider { sources: Vec::new(), ..provider.clone() };
        let bare: BTreeSet<_> = validate(&stripped, &name, TODAY).into_iter().map(|one| one.field).collect();
        for field in ["name", "auth", "documentation"] {
            assert!(bare.contains(field), "{name}: {field}");
        }
        for source in &provider.sources {
            for field in source.fields.iter().filter(|field| *field != "surfaces") {
                let group = format!("{field}.");
                let complained = |one: &String| one == field || one.starts_with(&group);
                assert!(bare.iter().any(complained), "{name}: {field}");
            }
        }
    }
}

#[test]
fn an_entry_without_a_page_of_the_provider() {
    assert_complaint("documentation", "is missing", |one| one.documentation = None);
    assert_complaint("documentation", "has no source", |one| {
        one.documentation = Some("https://www.zoho.com/elsewhere".parse().unwrap());
    });
}

#[test]
fn a_country_or_a_place_to_register_that_nobody_looked_up() {
    assert_complaint("countries", "has no source", |one| one.countries = vec!["IN".to_owned()]);
    assert_complaint("registration", "has no source", |one| {
        one.sources.iter_mut().for_each(|source| source.fields.retain(|field| field != "registration"));
    });
}

#[test]
fn a_surface_that_is_refused_for_no_reason() {
    assert_complaint("surfaces", "has no source", |one| one.surfaces = vec![Surface::Browser]);
    let both = [Surface::Browser, Surface::Embedded];
    assert!(complaints_after(|one| one.surfaces = both.to_vec()).iter().all(|(at, _)| at != "surfaces"));
}

#[test]
fn a_source_for_what_is_not_stated() {
    for name in ["refresh.grace", "refuses_pkce", "category", "endpoint"] {
        assert_complaint(name, "has a source and is not stated", |one| {
            one.sources[0].fields.push(name.to_owned());
        });
    }
}

#[test]
fn a_lifetime_that_somebody_made_up() {
    for field in ["refresh.idle_lapse_days", "refresh.grace_seconds"] {
        assert_complaint(field, "has no source", |one| {
            for source in &mut one.sources {
                source.fields.retain(|proven| !proven.starts_with("refresh"));
            }
            one.refresh.idle_lapse_days = Some(30);
            one.refresh.grace_seconds = Some(60);
        });
    }
}

#[test]
fn a_scope_without_words_in_either_language() {
    for spoil in
        [|one: &mut Provider| one.scopes[0].en = " ".into(), |one: &mut Provider| one.scopes[0].pt_br.clear()]
    {
        assert_complaint("scopes", "a scope has no words", spoil);
    }
}

#[test]
fn a_pattern_that_is_no_regular_expression() {
    assert_complaint("parameters", "a pattern is no regular expression", |one| {
        one.parameters[0].pattern = Some("zoho(".into());
    });
}

#[test]
fn a_date_that_is_none_or_has_not_come() {
    for date in ["", "yesterday", "2026-02-30", "2026-11-29", "21/11/2026"] {
        assert_complaint("sources", "a date is malformed or in the future", |one| {
            one.sources[0].checked = date.into();
        });
    }
}

#[test]
fn no_way_to_approve_to_return_or_to_be_known() {
    let what = "surfaces, redirects and client authentication cannot be empty";
    assert_complaint("surfaces", what, |one| one.surfaces.clear());
    assert_complaint("surfaces", what, |one| one.redirects.clear());
    assert_complaint("surfaces", what, |one| one.client_authentication.clear());
}

#[test]
fn a_color_that_is_none_or_too_light_for_white_letters() {
    for color in ["#FFFFFF", "#13B5EA", "#767", "1B6B3A", "#GG0000", "teal", "#1B6B3A00"] {
        assert_complaint("brand_color", "is no #rrggbb on which white can be read", |one| {
            one.brand_color = Some(color.into());
        });
    }
}

#[test]
fn a_complaint_reads_as_entry_field_and_reason() {
    let mut provider = Catalogue::built_in().get(&ProviderId::new("xero")).unwrap().clone();
    provider.surfaces.clear();
    let complaints = validate(&provider, "xero.toml", "2100-01-01");
    let texts: Vec<_> = complaints.iter().map(ToString::to_string).collect();
    assert_eq!(texts, ["xero.toml: surfaces: surfaces, redirects and client authentication cannot be empty"]);
}

#[test]
fn a_field_that_the_schema_does_not_know_is_an_error() {
    let text = std::fs::read_to_string(crate::folder().join("xero.toml")).unwrap();
    for slip in ["pkce = true\n", "brand_colour = \"#000000\"\n"] {
        let error = toml::from_str::<Provider>(&format!("{slip}{text}")).unwrap_err();
        assert!(error.to_string().contains("unknown field"), "{error}");
    }
}
