//! The institution's own page, where the person approves.
//!
//! A page that closes itself, a redirect that is caught, and a person who closes the window all mean the same: the
//! window goes, and the item is looked at.

use super::Page;
use crate::activity::ActivityKind;
use crate::connection::Connection;
use crate::driver::authorize::first_16;
use crate::driver::{Connections, line_about, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::{AttemptId, ConnectionKey};
use crate::ports::{Opening, PageEnd};
use crate::view::{AttemptPhase, AttemptView, LinkPhase, LinkView, Surface};
use pluggy::OauthRedirect;
use secret::SecretString;
use url::Url;

impl Connections {
    /// Shows the institution's page; where nothing is said, in the first surface that there is.
    ///
    /// # Errors
    /// There is no page to show now, or the surface is not to be had here.
    pub async fn open_page(
        &self,
        key: &ConnectionKey,
        surface: Option<Surface>,
    ) -> Result<LinkView, CoreError> {
        let (config, _) = self.item_of(key)?;
        let api = config.api()?;
        let surfaces = self.inner.ports.user_agent.surfaces();
        let surface = surface.or_else(|| surfaces.first().copied()).unwrap_or(Surface::Print);
        if surface != Surface::Print && !surfaces.contains(&surface) {
            return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
        }
        if !self.state().pluggy.items.contains_key(key) {
            // After a restart only the facts are known.
            self.look(key).await;
        }
        let (page, redirect) = {
            let state = self.state();
            let item = state.pluggy.items.get(key);
            let page = item.and_then(|item| pluggy::page_to_open(item, None, &api));
            let of_item = item.and_then(|item| item.oauth_redirect_uri.as_deref());
            (page, redirect_of(config.redirect().as_ref(), of_item))
        };
        let page = page.ok_or_else(|| CoreError::new(ErrorCode::AttemptOver))?;
        let end = PageEnd::Over { redirect, api, platform: self.inner.ports.user_agent.platform() };
        let (attempt, connection) = {
            let mut state = self.state();
            let connection = state.connections.get(key).cloned().ok_or_else(|| unknown_connection(key))?;
            let known = state.pluggy.pages.get(key).map(|page| page.attempt.clone());
            let attempt =
                known.unwrap_or_else(|| AttemptId::from_random(first_16(self.inner.ports.random.bytes())));
            let open =
                Page { attempt: attempt.clone(), address: page.url.clone(), surface, end: end.clone() };
            state.pluggy.pages.insert(key.clone(), open);
            (attempt, connection)
        };
        self.inner.ports.user_agent.close(&attempt).await;
        let opening = Opening {
            attempt,
            surface,
            address: page.url,
            end,
            provider_name: connection.provider_name.clone(),
        };
        if surface != Surface::Print
            && let Err(error) = self.inner.ports.user_agent.open(opening).await
        {
            tracing::warn!(%error, "a surface did not open");
            self.state().pluggy.pages.remove(key);
            self.announce_link(key);
            return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
        }
        let line = line_about(&connection, self.now(), ActivityKind::ApprovalOpened, &[]);
        self.write(Vec::new(), vec![line]).await?;
        self.announce_link(key);
        self.show_link(key)
    }

    /// The person has closed the window of a page. On a phone they may be on the way to the bank's app: the item is
    /// looked at, and the page goes on. Answers whether there was such a page.
    pub(in crate::driver) fn page_was_closed(&self, id: &AttemptId) -> bool {
        let goes_on = {
            let state = self.state();
            let page = state.pluggy.pages.iter().find(|(_, page)| page.attempt == *id);
            page.filter(|(_, page)| !page.end.is_over_when_closed()).map(|(key, _)| key.clone())
        };
        let Some(key) = goes_on else { return self.page_is_over(id) };
        let core = self.clone();
        self.spawn(async move { core.look(&key).await });
        true
    }

    /// The page of this name is over, however it ended: its window goes, and the item is looked at. Answers whether
    /// there was such a page.
    pub fn page_is_over(&self, id: &AttemptId) -> bool {
        let key = {
            let mut state = self.state();
            let key =
                state.pluggy.pages.iter().find(|(_, page)| page.attempt == *id).map(|(key, _)| key.clone());
            key.inspect(|key| drop(state.pluggy.pages.remove(key)))
        };
        let Some(key) = key else { return self.beside_is_over(id) || self.widget_is_over(id) };
        let (core, id) = (self.clone(), id.clone());
        self.spawn(async move {
            core.inner.ports.user_agent.close(&id).await;
            core.announce_link(&key);
            core.look(&key).await;
        });
        true
    }

    /// A link of the system has brought the person back from a page. Answers the page that it was.
    pub(in crate::driver) fn page_returned(&self, address: &SecretString) -> Option<AttemptView> {
        // EXPOSE: compared with the redirect addresses of open pages; nothing of it is kept.
        let url = Url::parse(address.expose()).ok()?;
        if let Some(beside) = self.beside_at(&url) {
            let view = self.beside_view(&beside);
            self.beside_is_over(&beside);
            return view;
        }
        let id = {
            let state = self.state();
            let returns = |page: &&Page| page.end.is_returned_by(&url);
            state.pluggy.pages.values().find(returns).map(|page| page.attempt.clone())
        }?;
        let view = self.page_view(&id);
        self.page_is_over(&id);
        view
    }

    /// An open page in the words of an attempt, for whoever asks by that name.
    pub(in crate::driver) fn page_view(&self, id: &AttemptId) -> Option<AttemptView> {
        let surfaces = self.inner.ports.user_agent.surfaces();
        let now = self.now();
        let state = self.state();
        let (key, page) = state.pluggy.pages.iter().find(|(_, page)| page.attempt == *id)?;
        let connection: &Connection = state.connections.get(key)?;
        Some(AttemptView {
            id: id.clone(),
            key: key.clone(),
            provider_name: connection.provider_name.clone(),
            phase: AttemptPhase::Waiting,
            surface: page.surface,
            surfaces,
            host: crate::attempt::host_of(&page.address),
            reconnect: connection.first_authorized_at.is_some(),
            device: None,
            hint: None,
            error: None,
            started_at: now,
            expires_at: now,
        })
    }

    /// A page that has nothing more to wait for goes.
    pub(super) async fn page_follows(&self, key: &ConnectionKey) {
        let waits = {
            let state = self.state();
            let facts = state.connections.get(key).and_then(|one| one.item.as_ref());
            facts.is_some_and(|one| matches!(one.phase, LinkPhase::Action | LinkPhase::Question))
        };
        if !waits {
            self.close_page(key).await;
        }
    }

    pub(super) async fn close_page(&self, key: &ConnectionKey) {
        let page = self.state().pluggy.pages.remove(key);
        if let Some(page) = page {
            self.inner.ports.user_agent.close(&page.attempt).await;
        }
    }
}

/// Where the bank's page leads back to: the address that Pluggy says the item was made with, else ours.
fn redirect_of(ours: Option<&OauthRedirect>, of_item: Option<&str>) -> Option<OauthRedirect> {
    let of_item = of_item.and_then(|text| OauthRedirect::parse(text, false).ok());
    pluggy::effective_redirect(ours, of_item.as_ref()).cloned()
}
