//! The page on which a person approves at their bank.
//!
//! Which member of an item holds its address is not documented. Clients of Open Finance connectors have found it as
//! the data of a question named `oauth_code`, at times only after some polls; P has an action's attributes for it, and
//! the connector's own address for older logins. All three are looked at, the most particular first.

use crate::api::{Api, is_loopback};
use crate::form::Picture;
use crate::resources::{Connector, Item, UserAction};
use crate::standing::{Progress, standing};
use jiff::Timestamp;
use std::fmt;
use url::Url;

/// Longest address that is opened; consents of Open Finance carry long ones.
const LONGEST: usize = 16 * 1024;
/// Names under which an action may hold the address, best first.
const ADDRESSES: [&str; 6] =
    ["url", "authorizationUrl", "authorization_url", "oauthUrl", "redirectUrl", "link"];
/// Names under which an action may hold a picture, best first.
const PICTURES: [&str; 5] = ["qrCode", "qr", "image", "data", "qrcode"];

/// The page on which a person approves.
#[derive(Clone, PartialEq, Eq)]
pub struct PageToOpen {
    /// Its address; whoever has it may approve, so it is not printed.
    pub url: Url,
    /// Until when.
    pub expires_at: Option<Timestamp>,
    /// The same as a picture, to be scanned with a phone.
    pub qr: Option<Picture>,
}

/// The page to open for `item` as it stands; `connector` for items that do not name theirs.
///
/// None when nothing waits, or when no address is safe to open: https, or plain HTTP on this machine when the API is
/// there too.
pub fn page_to_open(item: &Item, connector: Option<&Connector>, api: &Api) -> Option<PageToOpen> {
    let progress = standing(item).progress;
    if !matches!(progress, Progress::AsksAction | Progress::AsksQuestion | Progress::Working) {
        return None;
    }
    let action = item.user_action.as_ref();
    let question = item.parameter.as_ref();
    let by_action = action
        .and_then(|action| ADDRESSES.iter().find_map(|name| address(action.attributes.get(*name)?, api)));
    let by_question = || address(question?.data.as_deref()?, api);
    // Alike for everybody, so it is only meant when this item asks to go there.
    let by_connector = || {
        let waits = progress == Progress::AsksAction;
        let connector = connector.or(item.connector.as_ref()).filter(|connector| waits && connector.oauth)?;
        address(connector.oauth_url.as_deref()?, api)
    };
    let url = by_action.or_else(by_question).or_else(by_connector)?;
    let expires_at = action
        .and_then(|action| action.expires_at)
        .or_else(|| question.and_then(|question| question.expires_at));
    Some(PageToOpen { url, expires_at, qr: code_to_scan(item) })
}

/// The picture that `item` asks to be scanned, with or without a page to open.
pub fn code_to_scan(item: &Item) -> Option<Picture> {
    let of_question = || Picture::from_base64(item.parameter.as_ref()?.data.as_deref()?);
    item.user_action.as_ref().and_then(of_action).or_else(of_question)
}

fn of_action(action: &UserAction) -> Option<Picture> {
    PICTURES.iter().find_map(|name| Picture::from_base64(action.attributes.get(*name)?))
}

/// `text` as an address that may be opened.
fn address(text: &str, api: &Api) -> Option<Url> {
    if text.len() > LONGEST {
        return None;
    }
    let url = Url::parse(text.trim()).ok()?;
    let safe = url.scheme() == "https" || (url.scheme() == "http" && api.is_loopback() && is_loopback(&url));
    (safe && url.username().is_empty() && url.password().is_none()).then_some(url)
}

impl fmt::Debug for PageToOpen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "PageToOpen({})", self.url.host_str().unwrap_or_default())
    }
}
