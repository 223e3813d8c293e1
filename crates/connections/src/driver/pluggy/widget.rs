//! Pluggy's own Connect page in a window of its own, as the other way to make or mend a link.
//!
//! What the page reports is hearsay: each report is a reason to ask Pluggy, and none changes a connection by itself.
//!
//! Invariants
//! - An item that the page has made is written down before Pluggy is asked about it, unless Pluggy denies it: a network
//!   that is gone at that moment loses no login.
//! - A bank's page that the page opens belongs to it, and ends as the pages of links do.

use super::institutions::name_of;
use super::report::{Report, read};
use crate::activity::{Activity, ActivityKind};
use crate::driver::Connections;
use crate::driver::authorize::first_16;
use crate::error::{CoreError, ErrorCode};
use crate::id::{AttemptId, ConfigKey, ConnectionId, ConnectionKey};
use crate::pluggy_config::PluggyConfig;
use crate::ports::{ApiKey, Opening, PageEnd};
use crate::step::Event;
use crate::view::{AttemptPhase, AttemptView, Surface};
use pluggy::{WidgetEvent, WidgetStep};
use secret::SecretString;
use std::collections::BTreeMap;
use url::Url;

/// Pluggy's page, opened alone.
const CONNECT_PAGE: &str = "https://connect.pluggy.ai/";

/// A Connect page that is open.
pub(super) struct Widget {
    config_key: ConfigKey,
    /// The connection that it mends.
    key: Option<ConnectionKey>,
    /// The token that the page was given; a page that makes its own has none.
    token: Option<ApiKey>,
    /// Whether it was written down that the person asks for a run there.
    asked: bool,
}

/// A bank's page that a Connect page has opened.
pub(super) struct Beside {
    widget: AttemptId,
    /// For the page only.
    address: Url,
    end: PageEnd,
}

impl Connections {
    /// Shows Pluggy's own page for connecting, in a window that can do nothing else.
    ///
    /// # Errors
    /// There are no windows here, no connect token comes, or the window cannot be opened.
    pub async fn open_widget(
        &self,
        config_key: &ConfigKey,
        key: Option<&ConnectionKey>,
        language: Option<String>,
    ) -> Result<(), CoreError> {
        let config = self.pluggy_config(config_key)?;
        if !self.inner.ports.user_agent.surfaces().contains(&Surface::Embedded) {
            return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
        }
        let item = key.map(|key| self.item_of(key)).transpose()?.map(|(_, facts)| facts.item_id);
        let (address, token) = self.widget_address(&config, item.as_deref(), language.as_deref()).await?;
        let attempt = AttemptId::from_random(first_16(self.inner.ports.random.bytes()));
        let widget = Widget { config_key: config_key.clone(), key: key.cloned(), token, asked: false };
        self.state().pluggy.widgets.insert(attempt.clone(), widget);
        let opening = Opening {
            attempt: attempt.clone(),
            surface: Surface::Embedded,
            address,
            end: PageEnd::Widget,
            provider_name: "Pluggy".to_owned(),
        };
        if let Err(error) = self.inner.ports.user_agent.open(opening).await {
            tracing::warn!(%error, "the window for Pluggy's page did not open");
            self.state().pluggy.widgets.remove(&attempt);
            return Err(CoreError::new(ErrorCode::SurfaceUnavailable));
        }
        self.write(Vec::new(), vec![self.line_about_widget(config_key, key, ActivityKind::WidgetOpened)])
            .await
    }

    /// A page around the widget makes its own token; Pluggy's page alone is given one.
    async fn widget_address(
        &self,
        config: &PluggyConfig,
        item: Option<&str>,
        language: Option<&str>,
    ) -> Result<(Url, Option<ApiKey>), CoreError> {
        let mut address = match &config.widget {
            Some(page) => page.clone(),
            None => {
                Url::parse(CONNECT_PAGE).map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))?
            }
        };
        let update = if config.widget.is_some() { "updateItem" } else { "update_item" };
        if let Some(item) = item {
            address.query_pairs_mut().append_pair(update, item);
        }
        if config.widget.is_some() {
            if let Some(user) = &config.client_user_id {
                address.query_pairs_mut().append_pair("user", user);
            }
            return Ok((address, None));
        }
        let api = config.api()?;
        let token = self
            .new_connect_token(config, &api, item, true)
            .await
            .map_err(|refusal| refusal.told(config.is_limited()))?;
        let mut query = address.query_pairs_mut();
        // EXPOSE: Pluggy's page, for which a connect token is made: half an hour, this one item.
        query.append_pair("connect_token", token.secret.expose());
        query.append_pair("with_sandbox", if config.include_sandbox { "true" } else { "false" });
        if let Some(language) = language {
            // The page knows languages without a country.
            query.append_pair("lang", language.split('-').next().unwrap_or("en"));
        }
        drop(query);
        Ok((address, Some(token)))
    }

    /// A Connect page reported something. Nothing that comes from another page is heard.
    pub fn widget_said(&self, id: &AttemptId, message: &SecretString) {
        if !self.state().pluggy.widgets.contains_key(id) {
            return;
        }
        // EXPOSE: parsed; names of items and words leave. It may quote what the person sees, so it is not logged.
        let Some(report) = read(message.expose()) else { return };
        let (core, id) = (self.clone(), id.clone());
        self.spawn(async move {
            if let Err(error) = core.take_report(&id, report).await {
                tracing::warn!(%error, "a report of Pluggy's page led nowhere");
            }
        });
    }

    async fn take_report(&self, id: &AttemptId, report: Report) -> Result<(), CoreError> {
        match report {
            Report::Closed | Report::Event(WidgetEvent::Close | WidgetEvent::Hide, _) => {
                self.end_widget(id).await;
                Ok(())
            }
            Report::Item(item) => self.widget_made(id, &item).await,
            Report::Open(address) => self.open_beside(id, address).await,
            Report::Event(event, items) => {
                self.write_step(id, &event).await?;
                for item in items {
                    self.widget_made(id, &item).await?;
                }
                Ok(())
            }
        }
    }

    /// Writes down what the person did in the page.
    async fn write_step(&self, id: &AttemptId, event: &WidgetEvent) -> Result<(), CoreError> {
        let mut said = None;
        let kind = match event {
            WidgetEvent::Success { .. } => ActivityKind::WidgetSucceeded,
            WidgetEvent::Error { message, .. } => {
                said = message.clone().map(|message| ("message", message));
                ActivityKind::WidgetFailed
            }
            WidgetEvent::Step { step, connector, .. } => match step {
                WidgetStep::SelectedInstitution => {
                    said = connector.as_ref().map(|one| ("institution", name_of(one)));
                    ActivityKind::InstitutionChosen
                }
                WidgetStep::SubmittedConsent => ActivityKind::ConsentSubmitted,
                WidgetStep::SubmittedLogin => ActivityKind::LoginSubmitted,
                WidgetStep::SubmittedMfa => ActivityKind::AnswerSubmitted,
                WidgetStep::LoginSuccess | WidgetStep::LoginMfaSuccess => ActivityKind::LoginAccepted,
                WidgetStep::LoginStepCompleted => ActivityKind::LoginCompleted,
                WidgetStep::ItemResponse | WidgetStep::Other(_) => return Ok(()),
            },
            _ => return Ok(()),
        };
        let about = {
            let state = self.state();
            state.pluggy.widgets.get(id).map(|one| (one.config_key.clone(), one.key.clone()))
        };
        let Some((config_key, key)) = about else { return Ok(()) };
        let mut line = self.line_about_widget(&config_key, key.as_ref(), kind);
        line.params.extend(said.clone().map(|(name, text)| (name.to_owned(), text)));
        self.write(Vec::new(), vec![line]).await?;
        if kind == ActivityKind::WidgetFailed
            && let Some(key) = key
        {
            let told = CoreError::new(ErrorCode::WidgetFailed).with("provider", "Pluggy");
            let told = told.detail(said.map(|(_, text)| text).unwrap_or_default());
            self.state().pluggy.errors.insert(key.clone(), told.into());
            self.announce_link(&key);
        }
        Ok(())
    }

    /// An item of this name is said to exist: Pluggy is asked, and it becomes a connection if it is none.
    async fn widget_made(&self, id: &AttemptId, item_id: &str) -> Result<(), CoreError> {
        let config_key = self.state().pluggy.widgets.get(id).map(|widget| widget.config_key.clone());
        let Some(config_key) = config_key else { return Ok(()) };
        if let Some(key) = self.link_of_item(&config_key, &[item_id.to_owned()]) {
            // The person mends it there: then it may be linked again. That is said once, and looked at each time.
            let is_new = {
                let mut state = self.state();
                let widget = state.pluggy.widgets.get_mut(id);
                widget.is_some_and(|widget| {
                    widget.key = Some(key.clone());
                    !std::mem::replace(&mut widget.asked, true)
                })
            };
            if is_new {
                self.state().pluggy.begin_run(&key);
                self.apply(&key, Event::Asked, |_| Vec::new()).await?;
            }
            self.look(&key).await;
            return Ok(());
        }
        let config = self.pluggy_config(&config_key)?;
        let token = self.state().pluggy.widgets.get_mut(id).and_then(|widget| widget.token.take());
        if let Some(token) = token {
            self.keep_token(&config_key, item_id, token);
        }
        let connection_id = ConnectionId::parse(item_id)?;
        let key = ConnectionKey { config_key: config_key.clone(), connection_id };
        // Reports come in quick succession, and each is taken on its own.
        let claimed = {
            let mut state = self.state();
            let new = !state.connections.contains_key(&key) && state.pluggy.looking.insert(key.clone());
            if let Some(widget) = state.pluggy.widgets.get_mut(id) {
                widget.key = Some(key.clone());
                // Whoever made it there has asked for its first run.
                widget.asked = true;
            }
            new
        };
        if !claimed {
            return Ok(());
        }
        let kept = self.keep_made(&config, &key, item_id).await;
        {
            let mut state = self.state();
            state.pluggy.looking.remove(&key);
            if let Some(widget) = state.pluggy.widgets.get_mut(id).filter(|_| kept.is_err()) {
                widget.key = None;
            }
        }
        self.inner.wake.notify_one();
        kept
    }

    /// Makes a connection of an item that the page has made. One that cannot be looked at now is kept by its name, and
    /// the schedule finds out what it is.
    async fn keep_made(
        &self,
        config: &PluggyConfig,
        key: &ConnectionKey,
        item_id: &str,
    ) -> Result<(), CoreError> {
        let refusal = match self.show_item(config, item_id).await {
            Ok(item) => {
                let number = item.connector.as_ref().map(|connector| connector.id);
                let connector = match number {
                    Some(number) => {
                        self.connector(&config.key, number).await.ok().or_else(|| item.connector.clone())
                    }
                    None => None,
                };
                let connector = connector.ok_or_else(|| CoreError::new(ErrorCode::ProviderAnswer))?;
                return self.keep_new_link(key.clone(), &connector, item).await.map(drop);
            }
            Err(refusal) => refusal,
        };
        if !refusal.passes() {
            return Err(refusal.told(config.is_limited()));
        }
        self.keep_unseen_link(key, item_id, refusal.of_look()).await
    }

    /// The widget wants a bank's page to be shown.
    async fn open_beside(&self, id: &AttemptId, address: Url) -> Result<(), CoreError> {
        let config_key = self.state().pluggy.widgets.get(id).map(|one| one.config_key.clone());
        let Some(config) = config_key.and_then(|key| self.pluggy_config(&key).ok()) else { return Ok(()) };
        let attempt = AttemptId::from_random(first_16(self.inner.ports.random.bytes()));
        let platform = self.inner.ports.user_agent.platform();
        let end = PageEnd::Over { redirect: config.redirect(), api: config.api()?, platform };
        let beside = Beside { widget: id.clone(), address: address.clone(), end: end.clone() };
        self.state().pluggy.beside.insert(attempt.clone(), beside);
        let opening = Opening {
            attempt: attempt.clone(),
            surface: Surface::Embedded,
            address,
            end,
            provider_name: "Pluggy".to_owned(),
        };
        let opened = self.inner.ports.user_agent.open(opening).await;
        if opened.is_err() {
            self.state().pluggy.beside.remove(&attempt);
        }
        opened.map_err(|error| CoreError::new(ErrorCode::SurfaceUnavailable).detail(error))
    }

    /// The bank's page that leads back to `url`, if a Connect page has opened one.
    pub(super) fn beside_at(&self, url: &Url) -> Option<AttemptId> {
        let state = self.state();
        state
            .pluggy
            .beside
            .iter()
            .find(|(_, one)| one.end.is_returned_by(url))
            .map(|(attempt, _)| attempt.clone())
    }

    /// The same in the words of an attempt, for whoever asks by that name.
    pub(super) fn beside_view(&self, id: &AttemptId) -> Option<AttemptView> {
        let surfaces = self.inner.ports.user_agent.surfaces();
        let now = self.now();
        let state = self.state();
        let page = state.pluggy.beside.get(id)?;
        let widget = state.pluggy.widgets.get(&page.widget)?;
        // What the page will make has no name so far.
        let nameless = || ConnectionId::parse(id.as_str()).ok();
        let key = widget.key.clone().or_else(|| {
            Some(ConnectionKey { config_key: widget.config_key.clone(), connection_id: nameless()? })
        })?;
        Some(AttemptView {
            id: id.clone(),
            reconnect: state.connections.get(&key).is_some_and(|one| one.first_authorized_at.is_some()),
            key,
            provider_name: "Pluggy".to_owned(),
            phase: AttemptPhase::Waiting,
            surface: Surface::Embedded,
            surfaces,
            host: crate::attempt::host_of(&page.address),
            device: None,
            hint: None,
            error: None,
            started_at: now,
            expires_at: now,
        })
    }

    /// A bank's page beside a Connect page is over, however it ended. Answers whether there was one.
    pub(super) fn beside_is_over(&self, id: &AttemptId) -> bool {
        let Some(beside) = self.state().pluggy.beside.remove(id) else { return false };
        let (core, id) = (self.clone(), id.clone());
        self.spawn(async move {
            core.inner.ports.user_agent.close(&id).await;
            let key = core.state().pluggy.widgets.get(&beside.widget).and_then(|widget| widget.key.clone());
            if let Some(key) = key {
                core.look(&key).await;
            }
        });
        true
    }

    /// The Connect page is over, however it ended. Answers whether there was one.
    pub(super) fn widget_is_over(&self, id: &AttemptId) -> bool {
        if !self.state().pluggy.widgets.contains_key(id) {
            return false;
        }
        let (core, id) = (self.clone(), id.clone());
        self.spawn(async move { core.end_widget(&id).await });
        true
    }

    async fn end_widget(&self, id: &AttemptId) {
        let (widget, beside) = {
            let mut state = self.state();
            let of_it = state.pluggy.beside.iter().filter(|(_, one)| one.widget == *id);
            let beside: Vec<AttemptId> = of_it.map(|(attempt, _)| attempt.clone()).collect();
            for attempt in &beside {
                state.pluggy.beside.remove(attempt);
            }
            (state.pluggy.widgets.remove(id), beside)
        };
        for page in beside.iter().chain([id]) {
            self.inner.ports.user_agent.close(page).await;
        }
        if let Some(key) = widget.and_then(|widget| widget.key) {
            self.look(&key).await;
        }
    }

    fn line_about_widget(
        &self,
        config_key: &ConfigKey,
        key: Option<&ConnectionKey>,
        kind: ActivityKind,
    ) -> Activity {
        Activity {
            at: self.now(),
            connection: key.cloned(),
            connection_name: None,
            provider_name: Some("Pluggy".to_owned()),
            kind,
            params: BTreeMap::from([("configKey".to_owned(), config_key.to_string())]),
        }
    }
}
