//! The shape of an entry: what each way to link needs, and what keys and quirks may not say.

use providers::{Auth, Catalogue, IdentityLookup, Provider, ProviderId, Taken, Template, validate};
use std::collections::BTreeMap;
use url::Url;

fn spoiled(id: &str, spoil: impl FnOnce(&mut Provider)) -> Vec<(String, &'static str)> {
    let mut provider = Catalogue::built_in().get(&ProviderId::new(id)).unwrap().clone();
    spoil(&mut provider);
    let complaints = validate(&provider, &format!("{id}.toml"), "2100-01-01");
    complaints.into_iter().map(|one| (one.field, one.what)).collect()
}

fn assert_spoils(id: &str, field: &str, what: &'static str, spoil: impl FnOnce(&mut Provider)) {
    assert!(spoiled(id, |_| {}).is_empty(), "{id} is sound before");
    let complaints = spoiled(id, spoil);
    assert!(complaints.contains(&(field.to_owned(), what)), "{id}: {complaints:?}");
}

fn template(text: &str) -> Template {
    Template::from(&Url::parse(text).unwrap())
}

#[test]
fn an_approval_needs_a_page_and_an_exchange() {
    assert_spoils("xero", "endpoints.authorization", "is missing", |one| one.endpoints.authorization = None);
    assert_spoils("xero", "endpoints.token", "is missing", |one| one.endpoints.token = None);
    let key = Catalogue::built_in().get(&ProviderId::new("wise")).unwrap().credential.clone();
    let what = "belongs to a provider that takes a key";
    assert_spoils("xero", "credential", what, |one| one.credential = key.clone());
    assert_spoils("paypal", "credential", what, |one| one.credential = key);
}

#[test]
fn a_client_that_speaks_for_itself_has_no_page() {
    let what = "nobody approves at this provider";
    let page = Some(template("https://www.paypal.com/signin"));
    assert_spoils("paypal", "endpoints.authorization", what, |one| one.endpoints.authorization = page);
    assert_spoils("paypal", "client_authentication", "cannot be empty", |one| {
        one.client_authentication.clear();
    });
}

#[test]
fn a_key_needs_a_form_and_no_endpoints() {
    assert_spoils("wise", "credential", "is missing", |one| one.credential = None);
    let token = Some(template("https://api.wise.com/oauth/token"));
    assert_spoils("wise", "endpoints", "a key needs none", |one| one.endpoints.token = token);
    assert_spoils("stripe", "credential.basic", "differs from `auth`", |one| one.auth = Auth::ApiKey);
    assert_spoils("wise", "credential.basic", "differs from `auth`", |one| one.auth = Auth::Basic);
}

#[test]
fn a_key_is_asked_sent_and_checked() {
    let credential = |one: &mut Provider| one.credential.clone().unwrap();
    assert_spoils("wise", "credential.fields", "nothing is asked", |one| {
        one.credential.as_mut().unwrap().fields.clear();
    });
    assert_spoils("wise", "credential", "sends a field that is not asked", |one| {
        one.credential.as_mut().unwrap().headers.insert("x-more".to_owned(), "{more}".to_owned());
    });
    assert_spoils("wise", "credential", "asks for a field that is not sent", |one| {
        one.credential.as_mut().unwrap().headers.clear();
    });
    for pattern in ["wise(", ".*", "[\\s\\S]+"] {
        let what = "a pattern is no regular expression, or lets white space through";
        assert_spoils("wise", "credential.fields", what, |one| {
            one.credential.as_mut().unwrap().fields[0].pattern = Some(pattern.to_owned());
        });
    }
    assert_spoils("wise", "credential.fields", "a field has no words", |one| {
        one.credential.as_mut().unwrap().fields[0].where_pt_br = " ".to_owned();
    });
    assert_spoils("wise", "credential.check", "is not https", |one| {
        let mut spoiled = credential(one);
        spoiled.check.url = template("http://api.wise.com/v1/profiles");
        one.credential = Some(spoiled);
    });
    for field in ["credential", "credential.check"] {
        assert_spoils("wise", field, "has no source", |one| one.sources.clear());
    }
}

#[test]
fn a_pattern_that_would_lead_elsewhere() {
    let what = "a pattern lets through what could lead a request elsewhere";
    for pattern in [".*", ".+", "[^/]+", "[a-z.]*", "\\S+", "[a-z0-9.:-]+"] {
        assert_spoils("shopify", "parameters", what, |one| {
            one.parameters[0].pattern = Some(pattern.to_owned());
        });
    }
    assert_spoils("shopify", "parameters", "a parameter has no pattern", |one| {
        one.parameters[0].pattern = None;
    });
}

#[test]
fn a_quirk_takes_no_secret_and_nothing_empty() {
    let take = |at: &str, pattern: &str| Taken {
        at: at.to_owned(),
        name: "kept".to_owned(),
        pattern: pattern.to_owned(),
        required: false,
    };
    for at in ["/access_token", "/authed_user/access_token", "/refresh_token", "/id_token"] {
        assert_spoils("slack", "quirks", "a secret would be taken", |one| {
            one.quirks.token_answer.push(take(at, "[a-z]+"));
        });
    }
    for at in ["code", "spapi_oauth_code"] {
        assert_spoils("amazon-seller", "quirks", "a secret would be taken", |one| {
            one.quirks.callback.push(take(at, "[a-z]+"));
        });
    }
    assert_spoils("slack", "quirks", "a pattern is no regular expression", |one| {
        one.quirks.token_answer.push(take("/team/name", "("));
    });
    assert_spoils("slack", "quirks", "a pattern takes an empty value", |one| {
        one.quirks.token_answer.push(take("/team/name", "[a-z]*"));
    });
    assert_spoils("slack", "quirks", "is no JSON pointer", |one| {
        one.quirks.token_answer.push(take("team.name", "[a-z]+"));
    });
    assert_spoils("square", "quirks", "is no JSON pointer", |one| {
        one.quirks.expires_at = Some("expires_at".to_owned());
    });
    for kind in ["DPoP", "mac", "N_A", " "] {
        let what = "a token of this type is of no use as a bearer token";
        assert_spoils("slack", "quirks.token_types", what, |one| {
            one.quirks.token_types.push(kind.to_owned());
        });
    }
    assert_spoils("slack", "quirks.identity", "names nothing that is taken", |one| {
        one.quirks.identity = Some("user".to_owned());
    });
    assert_spoils("slack", "quirks", "has no source", |one| {
        one.sources.iter_mut().for_each(|source| source.fields.retain(|field| field != "quirks"));
    });
}

#[test]
fn an_identity_is_asked_at_the_providers_own_and_reads_no_secret() {
    let spoil = |what, spoil: fn(&mut IdentityLookup)| {
        assert_spoils("xero", "identity", what, |one| spoil(one.identity.as_mut().unwrap()));
    };
    let elsewhere = "would send the token to a host that is not the provider's own";
    spoil(elsewhere, |one| one.url = template("https://api.xero.com.evil.example/connections"));
    spoil(elsewhere, |one| one.url = template("https://evil-xero.com/connections"));
    spoil("is not https", |one| one.url = template("http://api.xero.com/connections"));
    spoil("names a parameter that is not declared", |one| {
        one.url = serde_json::from_value("https://api.xero.com/{tenant}".into()).unwrap();
    });
    for header in ["Authorization", "host", "Cookie"] {
        assert_spoils("xero", "identity", "sets a header that the protocol owns", |one| {
            let headers = &mut one.identity.as_mut().unwrap().headers;
            headers.insert(header.to_owned(), "x".to_owned());
        });
    }
    spoil("is no JSON pointer", |one| one.subject = "tenantId".to_owned());
    spoil("is no JSON pointer", |one| one.names.push("name".to_owned()));
    spoil("is no JSON pointer", |one| one.list = Some("data".to_owned()));
    spoil("a secret would be taken", |one| one.subject = "/refresh_token".to_owned());
    assert_spoils("xero", "identity", "stands beside a userinfo endpoint", |one| {
        one.endpoints.userinfo = Some(template("https://identity.xero.com/userinfo"));
    });
    let lookup = Catalogue::built_in().get(&ProviderId::new("xero")).unwrap().identity.clone();
    assert_spoils("wise", "identity", "belongs to a provider that gives tokens", |one| one.identity = lookup);
    assert_spoils("xero", "identity", "has no source", |one| {
        one.sources.iter_mut().for_each(|source| source.fields.retain(|field| field != "identity"));
    });
    let plain = "url = \"https://api.xero.com/x\"\nsubject = \"/id\"\n";
    assert!(toml::from_str::<IdentityLookup>(plain).is_ok());
    let posted = toml::from_str::<IdentityLookup>(&format!("{plain}method = \"POST\"\n"));
    assert!(posted.is_err(), "a GET and nothing else");
}

#[test]
fn a_file_that_is_no_entry_is_not_loaded() {
    let wise = std::fs::read_to_string(crate::folder().join("wise.toml")).unwrap();
    let load = |text: &str| toml::from_str::<Provider>(text);
    assert!(load(&wise).is_ok());
    for slip in ["kind = \"bank\"\n", "[credential]\nquery = \"key\"\n", "[quirks]\nhook = \"x\"\n"] {
        assert!(load(&format!("{wise}\n{slip}")).is_err(), "{slip}");
    }
    assert!(load(&wise.replace("auth = \"api_key\"", "auth = \"password\"")).is_err());
    assert!(load("").is_err());
}

#[test]
fn every_way_to_link_is_in_the_catalogue() {
    let mut counted: BTreeMap<String, usize> = BTreeMap::new();
    for provider in Catalogue::built_in().iter() {
        *counted.entry(format!("{:?}", provider.auth)).or_default() += 1;
        assert_eq!(provider.takes_key(), provider.grants().is_empty(), "{}", provider.id);
    }
    assert_eq!(counted.keys().collect::<Vec<_>>(), ["ApiKey", "Basic", "ClientCredentials", "Oauth2"]);
}

#[test]
fn a_device_is_offered_a_code_only_where_that_is_proven() {
    use providers::GrantKind::{AuthorizationCode, ClientCredentials, DeviceCode};
    let entry = |id: &str| Catalogue::built_in().get(&ProviderId::new(id)).unwrap();
    assert_eq!(entry("github").grants(), [AuthorizationCode, DeviceCode]);
    assert_eq!(entry("xero").grants(), [AuthorizationCode]);
    assert_eq!(entry("paypal").grants(), [ClientCredentials]);
    let tenant = BTreeMap::from([("tenant".to_owned(), "common".to_owned())]);
    let device = entry("microsoft").device_authorization_endpoint(&tenant).unwrap();
    assert_eq!(device.as_str(), "https://login.microsoftonline.com/common/oauth2/v2.0/devicecode");
    assert!(entry("xero").device_authorization_endpoint(&tenant).is_err());
}
