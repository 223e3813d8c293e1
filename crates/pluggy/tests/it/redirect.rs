//! The rule of Pluggy's OAuth guide: https, and never this machine.

use pluggy::{OauthRedirect, RedirectRefusal, effective_redirect};
use url::Url;

#[test]
fn addresses_that_are_refused_and_why() {
    use RedirectRefusal::{Fragment, NotAnAddress, NotHttps, ThisMachine, TooLong, UserInformation};
    let long = format!("https://mooring.example/{}", "a".repeat(2_048));
    for (address, why) in [
        ("", NotAnAddress),
        ("mooring.example/back", NotAnAddress),
        ("https://", NotAnAddress),
        ("http://mooring.example/back", NotHttps),
        ("HTTP://mooring.example/back", NotHttps),
        ("mooring://oauth/callback", NotHttps),
        ("javascript:alert(1)", NotHttps),
        ("file:///etc/hosts", NotHttps),
        ("https://localhost", ThisMachine),
        ("https://localhost:8443/back", ThisMachine),
        ("https://LOCALHOST/back", ThisMachine),
        ("https://LocalHost./back", ThisMachine),
        ("https://app.localhost/back", ThisMachine),
        ("https://app.localhost./back", ThisMachine),
        ("https://localhost.localdomain/", ThisMachine),
        ("https://%6cocalhost/", ThisMachine),
        ("https://ｌｏｃａｌｈｏｓｔ/", ThisMachine),
        ("https://127.0.0.1/back", ThisMachine),
        ("https://127.0.0.1./back", ThisMachine),
        ("https://127.255.255.254/", ThisMachine),
        ("https://127.1/", ThisMachine),
        ("https://2130706433/", ThisMachine),
        ("https://0177.0.0.1/", ThisMachine),
        ("https://017700000001/", ThisMachine),
        ("https://0x7f.0.0.1/", ThisMachine),
        ("https://0x7F000001/", ThisMachine),
        ("https://１２７.０.０.１/", ThisMachine),
        ("https://0.0.0.0/", ThisMachine),
        ("https://0/", ThisMachine),
        ("https://[::1]/back", ThisMachine),
        ("https://[0:0:0:0:0:0:0:1]/", ThisMachine),
        ("https://[::]/", ThisMachine),
        ("https://[::ffff:127.0.0.1]/", ThisMachine),
        ("https://[::ffff:7f00:1]/", ThisMachine),
        ("https://[::127.0.0.1]/", ThisMachine),
        ("https:\\\\localhost\\back", ThisMachine),
        ("https:localhost", ThisMachine),
        ("https://ana@mooring.example/", UserInformation),
        ("https://mooring.example@localhost/", UserInformation),
        ("https://localhost@mooring.example/", UserInformation),
        ("https://ana:CANARY@mooring.example/", UserInformation),
        ("https://mooring.example/back#done", Fragment),
        ("https://mooring.example/back#", Fragment),
        (long.as_str(), TooLong),
    ] {
        let refused = OauthRedirect::parse(address, false).expect_err(address);
        assert_eq!(refused, why, "{address}");
        assert!(!refused.to_string().contains("CANARY"));
    }
}

#[test]
fn addresses_that_are_sent() {
    for (address, sent) in [
        ("https://mooring.example/back", "https://mooring.example/back"),
        (" https://mooring.example ", "https://mooring.example/"),
        ("https://mooring.example:8443/back?from=ipe", "https://mooring.example:8443/back?from=ipe"),
        ("https://localhost.example/", "https://localhost.example/"),
        ("https://notlocalhost/", "https://notlocalhost/"),
        ("https://128.0.0.1/", "https://128.0.0.1/"),
    ] {
        assert_eq!(OauthRedirect::parse(address, false).unwrap().as_str(), sent);
    }
}

#[test]
fn deep_links_need_leave_and_are_no_way_around_the_rule() {
    use RedirectRefusal::{Fragment, NotHttps, ThisMachine, UserInformation};
    assert_eq!(
        OauthRedirect::parse("mooring://oauth/callback", true).unwrap().as_str(),
        "mooring://oauth/callback"
    );
    assert!(OauthRedirect::parse("com.example.mooring:/oauth", true).is_ok());
    for (address, why) in [
        ("http://mooring.example/", NotHttps),
        ("javascript:alert(1)", NotHttps),
        ("data:text/html,x", NotHttps),
        ("file:///tmp/x", NotHttps),
        ("ws://mooring.example/", NotHttps),
        ("intent://x#Intent;end", NotHttps),
        ("mooring://localhost/callback", ThisMachine),
        ("mooring://LOCALHOST./callback", ThisMachine),
        ("mooring://127.0.0.1/callback", ThisMachine),
        ("mooring://127.0.0.1./callback", ThisMachine),
        ("mooring://localhost../callback", ThisMachine),
        ("mooring://0x7f.1/callback", ThisMachine),
        ("mooring://[::1]/callback", ThisMachine),
        ("mooring://ana@oauth/callback", UserInformation),
        ("mooring://oauth/callback#x", Fragment),
    ] {
        assert_eq!(OauthRedirect::parse(address, true).expect_err(address), why, "{address}");
    }
}

#[test]
fn the_address_of_the_item_wins() {
    let of_token = OauthRedirect::parse("https://mooring.example/token", false).unwrap();
    let of_item = OauthRedirect::parse("https://mooring.example/item", false).unwrap();
    assert_eq!(effective_redirect(Some(&of_token), Some(&of_item)), Some(&of_item));
    assert_eq!(effective_redirect(Some(&of_token), None), Some(&of_token));
    assert_eq!(effective_redirect(None, Some(&of_item)), Some(&of_item));
    assert_eq!(effective_redirect(None, None), None);
}

#[test]
fn an_address_is_recognized_whatever_was_added_to_it() {
    let redirect = OauthRedirect::parse("https://mooring.example/back", false).unwrap();
    let matches = |address: &str| redirect.matches(&Url::parse(address).unwrap());
    for address in [
        "https://mooring.example/back",
        "https://MOORING.example:443/back?itemId=1&success=true",
        "https://mooring.example/back?error=x#y",
    ] {
        assert!(matches(address), "{address}");
    }
    for address in [
        "http://mooring.example/back",
        "https://mooring.example:8443/back",
        "https://mooring.example/back/",
        "https://mooring.example/backdoor",
        "https://mooring.example/",
        "https://evil.example/?https://mooring.example/back",
        "https://mooring.example.evil.example/back",
        "https://mooring.example@evil.example/back",
        "https://ana@mooring.example/back",
    ] {
        assert!(!matches(address), "{address}");
    }
}
