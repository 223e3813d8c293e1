//! The address that a person is sent to, for each entry at which somebody approves.

use oauth::{AttemptSecrets, AuthorizationRequest, authorization_url};
use providers::{Catalogue, GrantKind, Provider, ProviderId, RedirectKind};
use std::collections::BTreeMap;
use url::Url;

fn address(provider: &Provider) -> Url {
    let examples: BTreeMap<_, _> =
        provider.parameters.iter().map(|one| (one.name.clone(), one.example.clone().unwrap())).collect();
    let metadata = provider.metadata(&examples).unwrap_or_else(|error| panic!("{}: {error}", provider.id));
    let redirect = redirect(provider.redirects.first().unwrap());
    let scopes: Vec<_> = provider.scopes.iter().map(|one| one.name.clone()).collect();
    let request = AuthorizationRequest {
        metadata: &metadata,
        client_id: "client-1",
        redirect_uri: &redirect,
        scopes: &scopes,
        scope_separator: provider.scope_separator.as_str(),
        secrets: &AttemptSecrets::from_random([1; 32], [2; 32], [3; 32]),
        pkce: provider.sends_pkce(),
        extra: &provider.authorization_parameters(),
    };
    authorization_url(&request).unwrap_or_else(|error| panic!("{}: {error}", provider.id))
}

fn redirect(kind: &RedirectKind) -> String {
    let on = |host: &str, port: &Option<u16>| format!("http://{host}:{}/callback", port.unwrap_or(49_152));
    match kind {
        RedirectKind::Loopback { port } => on("127.0.0.1", port),
        RedirectKind::LoopbackLocalhost { port } => on("localhost", port),
        RedirectKind::Scheme => "mooring://oauth/callback".to_owned(),
        RedirectKind::Https { uri } => uri.to_string(),
    }
}

fn query(url: &Url) -> BTreeMap<String, String> {
    let pairs: Vec<_> = url.query_pairs().into_owned().collect();
    let map: BTreeMap<_, _> = pairs.iter().cloned().collect();
    assert_eq!(map.len(), pairs.len(), "a parameter stands twice: {url}");
    map
}

#[test]
fn every_entry_s_address_can_be_built() {
    let approving = |one: &&Provider| one.grants().contains(&GrantKind::AuthorizationCode);
    let mut built = 0;
    for provider in Catalogue::built_in().iter().filter(approving) {
        let url = address(provider);
        let query = query(&url);
        assert_eq!(url.scheme(), "https", "{}", provider.id);
        assert_eq!(query.get("client_id").map(String::as_str), Some("client-1"), "{}", provider.id);
        assert_eq!(query.get("response_type").map(String::as_str), Some("code"), "{}", provider.id);
        assert!(query.contains_key("state") && query.contains_key("redirect_uri"), "{}", provider.id);
        assert_eq!(query.contains_key("code_challenge"), provider.sends_pkce(), "{}", provider.id);
        built += 1;
    }
    assert!(built >= 35, "{built}");
}

#[test]
fn scopes_and_fixed_parameters_are_as_the_provider_wants_them() {
    let of = |id: &str| query(&address(Catalogue::built_in().get(&ProviderId::new(id)).unwrap()));
    assert_eq!(of("wave")["scope"], "offline_access business:read account:read customer:read invoice:read");
    assert!(of("zoho-books")["scope"].contains("READ,ZohoBooks."), "parted by commas");
    assert_eq!(of("square")["session"], "false");
    let amazon = of("amazon-seller");
    assert!(amazon["application_id"].starts_with("amzn1.sp.solution."));
    assert!(!amazon.contains_key("code_challenge"));
    assert_eq!(of("dropbox")["token_access_type"], "offline");
}

#[test]
fn an_https_redirect_leads_to_this_computer_or_to_the_provider() {
    let ours = ["localhost", "developer.intuit.com"];
    for provider in Catalogue::built_in().iter() {
        for redirect in &provider.redirects {
            let RedirectKind::Https { uri } = redirect else { continue };
            assert_eq!(uri.scheme(), "https", "{}", provider.id);
            let host = uri.host_str().unwrap();
            assert!(ours.contains(&host), "{}: a stranger's host would get the code: {host}", provider.id);
            let only_ours = provider.surfaces == [providers::Surface::Embedded];
            assert!(only_ours, "{}: nothing would come back from a browser", provider.id);
        }
    }
}
