//! Both platforms and every ending, in one table.

use crate::fixtures::api;
use pluggy::{Action, Endings, Event, OauthRedirect, Platform};
use url::Url;

#[test]
fn every_ending_on_both_platforms() {
    use Action::{AskItem, CloseWindow, KeepWaiting, LetNavigate};
    let (api, redirect) = (api(), OauthRedirect::parse("https://mooring.example/back", false).unwrap());
    let url = |address: &str| Url::parse(address).unwrap();
    let (back, returned) =
        (url("https://mooring.example/back"), url("https://mooring.example/back?error=x&state=1"));
    let callback = url("https://api.pluggy.ai/oauthCallback.html?success=true");
    let callback_below = url("https://api.pluggy.ai/v2/oauthCallback.html");
    let (forged_callback, named_callback) = (
        url("https://evil.example/oauthCallback.html"),
        url("https://api.pluggy.ai/other?page=/oauthCallback.html"),
    );
    let (consent, unencrypted) =
        (url("https://auth.bancoipe.example/consent"), url("http://auth.bancoipe.example/"));
    let (empty, bank_app) = (url("about:blank"), url("bancoipe://consent/1"));
    let (script, forged_link) = (url("javascript:alert(1)"), url("https://mooring.example/backdoor"));

    let inline = url("data:text/html,x");
    let intent = url("intent://x#Intent;component=y;end");

    let over = [CloseWindow, AskItem].as_slice();
    let go_on = [LetNavigate, KeepWaiting].as_slice();
    let look = [AskItem, KeepWaiting].as_slice();
    let look_on = [LetNavigate, AskItem, KeepWaiting].as_slice();
    let nothing = [KeepWaiting].as_slice();
    // Event, on a desktop, on a phone.
    let table = [
        (Event::PageClosedItself, over, over),
        (Event::PersonClosedWindow, over, look),
        (Event::Navigation(&back), over, over),
        (Event::Navigation(&returned), over, over),
        (Event::Navigation(&callback), look_on, look_on),
        (Event::Navigation(&callback_below), look_on, look_on),
        (Event::Navigation(&forged_callback), go_on, go_on),
        (Event::Navigation(&named_callback), go_on, go_on),
        (Event::Navigation(&consent), go_on, go_on),
        (Event::Navigation(&unencrypted), go_on, go_on),
        (Event::Navigation(&empty), go_on, go_on),
        (Event::Navigation(&inline), go_on, go_on),
        (Event::Navigation(&bank_app), nothing, go_on),
        (Event::Navigation(&script), nothing, nothing),
        (Event::Navigation(&intent), nothing, nothing),
        (Event::Loaded(&callback), over, over),
        (Event::Loaded(&back), over, over),
        (Event::Loaded(&forged_callback), nothing, nothing),
        (Event::Loaded(&consent), nothing, nothing),
        (Event::ReturnedThroughLink(&returned), over, over),
        (Event::ReturnedThroughLink(&forged_link), nothing, nothing),
        (Event::ReturnedThroughLink(&callback), nothing, nothing),
    ];
    for (event, desktop, mobile) in table {
        for (platform, expected) in [(Platform::Desktop, desktop), (Platform::Mobile, mobile)] {
            let endings = Endings { platform, redirect: Some(&redirect), api: &api };
            assert_eq!(endings.actions(event), expected, "{event:?} on {platform:?}");
        }
    }
}

#[test]
fn without_a_redirect_address_none_is_recognized() {
    let (api, back) = (api(), Url::parse("https://mooring.example/back").unwrap());
    let endings = Endings { platform: Platform::Desktop, redirect: None, api: &api };
    assert_eq!(endings.actions(Event::Navigation(&back)), [Action::LetNavigate, Action::KeepWaiting]);
    assert_eq!(endings.actions(Event::ReturnedThroughLink(&back)), [Action::KeepWaiting]);
}
