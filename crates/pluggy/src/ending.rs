//! What to do when something happens to the window in which a person approves at their bank.
//!
//! On a desktop Pluggy tries to close the window, and leads to the redirect address only if it cannot; on a phone the
//! redirect address brings the person back (Pluggy's OAuth guide). Its SDK for app shells takes a page named
//! `oauthCallback.html` on the API's host for the end as well, once it has loaded (W). None of these says how it went:
//! only the item does, so nothing that such an address carries is read.

use crate::api::Api;
use crate::redirect::{OauthRedirect, is_deep_link};
use url::Url;

/// The last page, where the window is neither closed nor led elsewhere.
const CALLBACK_PAGE: &str = "/oauthCallback.html";

/// Where the app runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Platform {
    /// Windows of our own.
    Desktop,
    /// One screen, and the bank's app beside ours.
    Mobile,
}

/// What happened.
#[derive(Debug, Clone, Copy)]
pub enum Event<'a> {
    /// The page has closed its window.
    PageClosedItself,
    /// The person has closed the window.
    PersonClosedWindow,
    /// The page is about to lead here.
    Navigation(&'a Url),
    /// This page has loaded.
    Loaded(&'a Url),
    /// The system has handed us this address.
    ReturnedThroughLink(&'a Url),
}

/// What to do, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Close the window, if it is still there.
    CloseWindow,
    /// Ask the API how the item stands.
    AskItem,
    /// Let the page lead there.
    LetNavigate,
    /// Go on waiting; a navigation is not followed unless that is said too.
    KeepWaiting,
}

/// What ends one attempt.
#[derive(Debug, Clone, Copy)]
pub struct Endings<'a> {
    /// Where the app runs.
    pub platform: Platform,
    /// The redirect address of the attempt, if it has one.
    pub redirect: Option<&'a OauthRedirect>,
    /// The API that the item is at.
    pub api: &'a Api,
}

const OVER: &[Action] = &[Action::CloseWindow, Action::AskItem];
const GO_ON: &[Action] = &[Action::LetNavigate, Action::KeepWaiting];
const GO_ON_AND_LOOK: &[Action] = &[Action::LetNavigate, Action::AskItem, Action::KeepWaiting];
const LOOK: &[Action] = &[Action::AskItem, Action::KeepWaiting];
const NOTHING: &[Action] = &[Action::KeepWaiting];

impl Endings<'_> {
    /// What to do about `event`.
    pub fn actions(&self, event: Event<'_>) -> &'static [Action] {
        match event {
            Event::PageClosedItself => OVER,
            Event::PersonClosedWindow => match self.platform {
                Platform::Desktop => OVER,
                // Who leaves our screen is often on the way to the bank's app.
                Platform::Mobile => LOOK,
            },
            Event::Navigation(url) => self.navigation(url),
            Event::Loaded(url) if self.is_redirect(url) || self.is_callback_page(url) => OVER,
            // Any program can open a link: one that is not ours ends nothing.
            Event::ReturnedThroughLink(url) if self.is_redirect(url) => OVER,
            Event::Loaded(_) | Event::ReturnedThroughLink(_) => NOTHING,
        }
    }

    fn navigation(&self, url: &Url) -> &'static [Action] {
        if self.is_redirect(url) {
            return OVER;
        }
        // The page may still have something to tell the API, so it is closed when it has loaded.
        if self.is_callback_page(url) {
            return GO_ON_AND_LOOK;
        }
        let leads_on = match (url.scheme(), self.platform) {
            ("https" | "http" | "about" | "data" | "blob", _) => true,
            // To the bank's app; a window on a desktop has none to lead to.
            (_, Platform::Mobile) => is_deep_link(url),
            (_, Platform::Desktop) => false,
        };
        if leads_on { GO_ON } else { NOTHING }
    }

    fn is_callback_page(&self, url: &Url) -> bool {
        url.origin() == self.api.base().origin() && url.path().contains(CALLBACK_PAGE)
    }

    fn is_redirect(&self, url: &Url) -> bool {
        self.redirect.is_some_and(|redirect| redirect.matches(url))
    }
}
