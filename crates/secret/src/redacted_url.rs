//! Addresses that are fit to be shown: without query, fragment and user information.

use url::Url;

/// Scheme, host, port and path of `url`; where something was left out, `?…` or `#…` stands for it.
///
/// Authorization responses carry their code in the query or the fragment, so neither is ever written down.
pub fn redacted(url: &Url) -> String {
    let mut shown = url.clone();
    let had_query = url.query().is_some();
    let had_fragment = url.fragment().is_some();
    shown.set_query(None);
    shown.set_fragment(None);
    // Fails only for addresses that cannot hold user information at all, which then have none to hide.
    let _ = shown.set_username("");
    let _ = shown.set_password(None);
    let mut text = shown.to_string();
    if had_query {
        text.push_str("?…");
    }
    if had_fragment {
        text.push_str("#…");
    }
    text
}

#[cfg(test)]
mod tests {
    use super::redacted;
    use url::Url;

    #[test]
    fn hides_query_fragment_and_user_information() {
        for (input, shown) in [
            ("https://a.example/cb?code=CANARY&state=s", "https://a.example/cb?…"),
            ("https://u:CANARY@a.example:8443/x#access_token=CANARY", "https://a.example:8443/x#…"),
            ("mooring://oauth/callback?code=CANARY", "mooring://oauth/callback?…"),
            ("http://127.0.0.1:4000/callback", "http://127.0.0.1:4000/callback"),
        ] {
            assert_eq!(redacted(&Url::parse(input).unwrap()), shown);
        }
    }
}
