//! What a person types into a parameter cannot lead a request, and with it a client secret, elsewhere.

use providers::{Catalogue, Parameter, ParameterError, Provider};
use std::collections::BTreeMap;

/// Values that end a host or a path segment, climb, hide, or are much too long.
const HOSTILE: [&str; 20] = [
    "evil.example/",
    "evil.example#",
    "evil.example?",
    "evil.example\\",
    "x@evil.example",
    "x:y@evil.example",
    "evil.example:8443",
    "a/b",
    "a b",
    "a\tb",
    "a\nb",
    "..",
    "../x",
    "%2e%2e",
    "%2Fevil",
    "{other}",
    "ｅvil",
    "a\u{202e}b",
    "-",
    ".",
];

#[test]
fn a_hostile_value_is_refused_by_every_entry() {
    for provider in Catalogue::built_in().iter() {
        for parameter in &provider.parameters {
            let long = "a".repeat(201);
            for value in HOSTILE.iter().copied().chain([long.as_str()]) {
                let error = filled(provider, parameter, value).expect_err(value);
                assert_eq!(
                    error,
                    ParameterError::Malformed(parameter.name.clone()),
                    "{}: {value:?}",
                    provider.id
                );
                assert_eq!(error.parameter(), parameter.name);
            }
        }
    }
}

#[test]
fn a_missing_value_is_named() {
    for provider in Catalogue::built_in().iter() {
        for parameter in &provider.parameters {
            for value in ["", "   "] {
                let error = filled(provider, parameter, value).expect_err("missing");
                assert_eq!(error, ParameterError::Missing(parameter.name.clone()), "{}", provider.id);
            }
        }
    }
}

#[test]
fn the_host_stays_the_provider_s() {
    let host = |id: &str, name: &str, value: &str| {
        let provider = Catalogue::built_in().get(&providers::ProviderId::new(id)).unwrap();
        let values = BTreeMap::from([(name.to_owned(), value.to_owned())]);
        provider.metadata(&values).map(|metadata| metadata.token_endpoint.host_str().unwrap().to_owned())
    };
    assert_eq!(host("zoho-books", "domain", " zoho.eu ").unwrap(), "accounts.zoho.eu");
    assert_eq!(host("zoho-books", "domain", "zohocloud.ca").unwrap(), "accounts.zohocloud.ca");
    for value in ["zoho.com.evil.example", "evil.example", "zohoXcom", "zoho.org", "xzoho.com"] {
        assert!(host("zoho-books", "domain", value).is_err(), "{value}");
    }
    let netsuite = host("netsuite", "account", "1234567-SB1").unwrap();
    assert_eq!(netsuite, "1234567-sb1.suitetalk.api.netsuite.com");
    assert!(host("netsuite", "account", "evil.example").is_err(), "a dot would begin another host");
    for tenant in ["common", "72f988bf-86f1-41af-91ab-2d7cd011db47", "contoso.onmicrosoft.com"] {
        assert_eq!(host("microsoft", "tenant", tenant).unwrap(), "login.microsoftonline.com");
    }
}

/// Every address of the entry in which the parameter has a place, filled; the first refusal counts.
fn filled(provider: &Provider, parameter: &Parameter, value: &str) -> Result<(), ParameterError> {
    let mut values: BTreeMap<_, _> =
        provider.parameters.iter().filter_map(|one| Some((one.name.clone(), one.example.clone()?))).collect();
    values.insert(parameter.name.clone(), value.to_owned());
    let place = format!("{{{}}}", parameter.name);
    let mut using = crate::templates(provider).into_iter().filter(|one| one.as_str().contains(&place));
    using.try_for_each(|template| template.fill(&provider.parameters, &values).map(drop))
}
