//! The way out to the platform's sign-in and the way back.

use crate::fixtures::{
    COMPANY, CONNECTION, OTHER_COMPANY, answer, company, connection, connection_with, now,
};
use codat::{
    Api, CompanyId, ConnectionId, LinkClaim, LinkNonce, LinkReturn, LinkReturnError, LinkUrlError,
    NONCE_PARAMETER, Organization, RedirectError, SameOrganization, judge_connection, link_url_to_forward,
    link_url_with_nonce, redirect_template,
};
use secret::SecretString;
use serde_json::json;
use url::Url;

fn nonce() -> LinkNonce {
    LinkNonce::from_random([7; 32])
}

fn nonce_text() -> String {
    nonce().to_vault().expose().clone()
}

fn opened(link_url: &str, api: &Api) -> Result<String, LinkUrlError> {
    link_url_with_nonce(&SecretString::from(link_url), &nonce(), api).map(|url| url.expose().clone())
}

#[test]
fn the_nonce_follows_what_the_link_address_has() {
    let text = nonce_text();
    assert_eq!(text.len(), 43);
    for (link_url, expected) in [
        (
            "https://link-api.codat.io/a/start",
            format!("https://link-api.codat.io/a/start?mooringNonce={text}"),
        ),
        (
            "https://link.codat.io/company/1?link.otp=A%2BB",
            format!("https://link.codat.io/company/1?link.otp=A%2BB&mooringNonce={text}"),
        ),
        ("https://link.codat.io/x?", format!("https://link.codat.io/x?mooringNonce={text}")),
        ("https://link.codat.io/x?a=1#f", format!("https://link.codat.io/x?a=1&mooringNonce={text}#f")),
    ] {
        assert_eq!(opened(link_url, &Api::codat()).unwrap(), expected);
    }
}

#[test]
fn a_link_address_is_https_or_this_computer_while_practising() {
    let sandbox = Api::at("http://127.0.0.1:4000").unwrap();
    let codat = Api::codat();
    for (link_url, api, expected) in [
        ("http://127.0.0.1:4000/link", &sandbox, None),
        ("https://link.codat.io/x", &sandbox, None),
        ("http://127.0.0.1:4000/link", &codat, Some(LinkUrlError::NotHttps)),
        ("http://link.codat.io/x", &codat, Some(LinkUrlError::NotHttps)),
        ("http://link.codat.io/x", &sandbox, Some(LinkUrlError::NotHttps)),
        ("javascript:alert(1)", &codat, Some(LinkUrlError::NotHttps)),
        ("file:///etc/passwd", &codat, Some(LinkUrlError::NotHttps)),
        ("mooring://x", &codat, Some(LinkUrlError::NotHttps)),
        ("https://link.codat.io@evil.example/", &codat, Some(LinkUrlError::UserInformation)),
        ("/relative", &codat, Some(LinkUrlError::Malformed)),
        ("", &codat, Some(LinkUrlError::Malformed)),
        ("https://link.codat.io/x?MOORINGNONCE=1", &codat, Some(LinkUrlError::HasNonce)),
    ] {
        assert_eq!(opened(link_url, api).err(), expected, "{link_url}");
    }
}

#[test]
fn a_forwarded_address_carries_no_nonce() {
    let link = SecretString::from("https://link.codat.io/x?otp=1");
    let forwarded = link_url_to_forward(&link, &Api::codat()).unwrap();
    assert_eq!(forwarded.expose(), link.expose());
    let http = SecretString::from("http://link.codat.io/x");
    assert_eq!(link_url_to_forward(&http, &Api::codat()).map(|_| ()).unwrap_err(), LinkUrlError::NotHttps);
}

fn judge(query: &str) -> Result<LinkReturn, LinkReturnError> {
    let address = format!("http://127.0.0.1:49152/codat/return?{query}");
    LinkReturn::judge(&SecretString::from(address), &nonce())
}

#[test]
fn each_code_is_a_claim() {
    let ours = format!("{NONCE_PARAMETER}={}", nonce_text());
    for (code, claim) in [
        ("statusCode=200", LinkClaim::Success),
        ("statuscode=200&errormessage=", LinkClaim::Success),
        ("statusCode=201", LinkClaim::NothingDone),
        ("statusCode=403&errorMessage=User%20cancelled.", LinkClaim::Cancelled),
        ("statusCode=500", LinkClaim::Failed),
        ("statusCode=501", LinkClaim::NotSupported),
        ("statusCode=418", LinkClaim::Other(418)),
        ("statusCode=teapot", LinkClaim::Failed),
        ("statusCode=99999999999", LinkClaim::Failed),
        ("statusCode=", LinkClaim::Unsaid),
        ("statusCode={statusCode}", LinkClaim::Unsaid),
        ("", LinkClaim::Unsaid),
    ] {
        assert_eq!(judge(&format!("{ours}&{code}")).unwrap().claim, claim, "{code}");
    }
}

#[test]
fn a_return_of_another_attempt_is_refused_before_anything_else() {
    let ours = nonce_text();
    let other = LinkNonce::from_random([8; 32]).to_vault().expose().clone();
    let success = format!("statusCode=200&companyId={COMPANY}");
    for (query, refusal) in [
        (success.clone(), LinkReturnError::NoNonce),
        (format!("mooringNonce=&{success}"), LinkReturnError::NoNonce),
        (format!("mooringNonce={{mooringNonce}}&{success}"), LinkReturnError::OtherAttempt),
        (format!("mooringNonce={other}&{success}"), LinkReturnError::OtherAttempt),
        (format!("mooringNonce={}&{success}", &ours[..42]), LinkReturnError::OtherAttempt),
        (format!("mooringNonce={}&{success}", ours.to_uppercase()), LinkReturnError::OtherAttempt),
        (format!("mooringNonce={ours}&mooringNonce={ours}&{success}"), LinkReturnError::Repeated),
        (format!("mooringNonce={other}&mooringNonce={ours}"), LinkReturnError::Repeated),
        (format!("mooringNonce={ours}&statusCode=403&statuscode=200"), LinkReturnError::Repeated),
        (format!("mooringNonce={ours}&companyId=a&companyId=b"), LinkReturnError::Repeated),
        (format!("mooringNonce={other}&statusCode=1&statusCode=2"), LinkReturnError::OtherAttempt),
    ] {
        assert_eq!(judge(&query).unwrap_err(), refusal, "{query}");
    }
    let empty = LinkNonce::from_vault(&SecretString::from(""));
    assert!(!empty.matches("") && nonce().matches(&ours) && !nonce().matches(""));
    let address = SecretString::from(format!("https://a.example/?mooringNonce={ours}"));
    assert_eq!(
        LinkReturn::judge(&address, &empty),
        Err(LinkReturnError::OtherAttempt),
        "empty matches nothing"
    );
    for address in ["", "not an address", &format!("https://a.example/?x={}", "a".repeat(17_000))] {
        let judged = LinkReturn::judge(&SecretString::from(address), &nonce());
        assert_eq!(judged, Err(LinkReturnError::Malformed));
    }
}

#[test]
fn what_a_return_says_is_kept_fit_to_be_shown() {
    let query = format!(
        "mooringNonce={}&companyId={COMPANY}&connectionId={CONNECTION}&platform=gbol&sourceId=s&integrationId=i\
         &statusCode=500&statusText=Token%20CANARY0123456789012345678%0D%0A&errorMessage=Unknown%20error%20occurred.\
         &data.company.companyName=Acme%20%E2%80%AELtd",
        nonce_text()
    );
    let back = judge(&query).unwrap();
    assert_eq!(back.company, Some(company()));
    assert_eq!(back.connection, Some(connection()));
    assert_eq!(back.platform.unwrap().as_str(), "gbol");
    assert_eq!(back.organization.as_deref(), Some("Acme Ltd"));
    assert_eq!(back.message.as_deref(), Some("Token …"));
    let strange = judge(&format!("mooringNonce={}&companyId=../x&connectionId=%00", nonce_text())).unwrap();
    assert_eq!((strange.company, strange.connection), (None, None));
}

#[test]
fn a_return_about_something_else_is_noticed() {
    let back = |query: &str| judge(&format!("mooringNonce={}&{query}", nonce_text())).unwrap();
    let other = CompanyId::parse(OTHER_COMPANY).unwrap();
    let full = back(&format!("companyId={COMPANY}&connectionId={CONNECTION}"));
    assert!(!full.contradicts(&company(), Some(&connection())));
    assert!(!full.contradicts(&company(), None));
    let loud =
        back(&format!("companyId={}&connectionId={}", COMPANY.to_uppercase(), CONNECTION.to_uppercase()));
    assert!(!loud.contradicts(&company(), Some(&connection())), "UUIDs are written in both cases");
    assert!(full.contradicts(&other, None));
    assert!(full.contradicts(&company(), Some(&ConnectionId::parse("another").unwrap())));
    assert!(!back("").contradicts(&other, Some(&connection())), "silence contradicts nothing");
}

#[test]
fn the_redirect_to_set_at_codat_names_every_parameter() {
    let template = redirect_template(&Url::parse("http://127.0.0.1:49152/codat/return").unwrap()).unwrap();
    assert!(template.starts_with(
        "http://127.0.0.1:49152/codat/return?mooringNonce={mooringNonce}&companyId={companyId}"
    ));
    let filled = template
        .replace("{mooringNonce}", &nonce_text())
        .replace("{companyId}", COMPANY)
        .replace("{statusCode}", "200");
    let back = LinkReturn::judge(&SecretString::from(filled), &nonce()).unwrap();
    assert_eq!((back.claim, back.company, back.platform), (LinkClaim::Success, Some(company()), None));
    for (redirect, refusal) in [
        ("http://a.example/", RedirectError::Scheme),
        ("mooring://codat/return", RedirectError::Scheme),
        ("https://a.example/?x=1", RedirectError::HasQuery),
        ("https://a.example/#x", RedirectError::HasQuery),
    ] {
        assert_eq!(redirect_template(&Url::parse(redirect).unwrap()), Err(refusal), "{redirect}");
    }
}

#[test]
fn another_organization_is_noticed_where_enough_is_told() {
    let of = |source: &str, name: Option<&str>| {
        let body = connection_with(&json!({ "sourceId": source }));
        Organization::of(&judge_connection(&answer(200, &body), now()).unwrap(), name)
    };
    for (before, after, expected) in [
        (of("a", None), of("a", None), SameOrganization::Unknown),
        (of("a", None), of("A", Some("Acme")), SameOrganization::Unknown),
        (of("a", Some("Acme")), of("a", Some("ACME")), SameOrganization::Yes),
        (of("a", Some("Acme")), of("a", Some("Evil")), SameOrganization::No),
        (of("a", Some("Acme")), of("b", Some("Acme")), SameOrganization::No),
        (of("a", None), of("b", None), SameOrganization::No),
        (Organization::default(), of("a", Some("Acme")), SameOrganization::Unknown),
    ] {
        assert_eq!(before.is_same(&after), expected, "{before:?} {after:?}");
    }
}
