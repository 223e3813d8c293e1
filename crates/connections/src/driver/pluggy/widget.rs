//! Pluggy's own Connect page in a window of its own, as the other way to make or mend a link.
//!
//! What the page reports is hearsay: each report is a reason to ask Pluggy, and none changes a connection by itself.
//!
//! Source: two dialects of the same reports. A page around the widget calls back as the package `pluggy-connect-sdk`
//! 2.14.2 does; Pluggy's page opened alone posts what its shell for phones (`react-native-pluggy-connect` 1.6.0)
//! reads: `{type: "LOCATION", message: "events=...&item_id=..."}`, `OAUTH_OPEN` and `LINK_OPEN`.

use crate::activity::{Activity, ActivityKind};
use crate::driver::Connections;
use crate::driver::authorize::first_16;
use crate::error::{CoreError, ErrorCode};
use crate::id::{AttemptId, ConfigKey, ConnectionId, ConnectionKey};
use crate::pluggy_config::PluggyConfig;
use crate::ports::{Opening, PageEnd};
use crate::view::Surface;
use pluggy::{WidgetEvent, WidgetStep};
use secret::SecretString;
use std::collections::BTreeMap;
use url::{Url, form_urlencoded};

/// Pluggy's page, opened alone.
const CONNECT_PAGE: &str = "https://connect.pluggy.ai/";

/// A Connect page that is open.
pub(super) struct Widget {
    config_key: ConfigKey,
    /// The connection that it mends.
    key: Option<ConnectionKey>,
}

/// What a Connect page reported.
enum Report {
    /// A callback, and the item that it names.
    Event(WidgetEvent, Option<String>),
    /// The item moved.
    Item(String),
    /// A page to be shown.
    Open(Url),
    Closed,
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
        let address = self.widget_address(&config, item.as_deref(), language.as_deref()).await?;
        let attempt = AttemptId::from_random(first_16(self.inner.ports.random.bytes()));
        let widget = Widget { config_key: config_key.clone(), key: key.cloned() };
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
    ) -> Result<Url, CoreError> {
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
            return Ok(address);
        }
        let api = config.api()?;
        let token = self
            .connect_token(config, &api, item)
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
        Ok(address)
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
            Report::Event(event, item) => {
                self.write_step(id, &event).await?;
                match item {
                    Some(item) => self.widget_made(id, &item).await,
                    None => Ok(()),
                }
            }
        }
    }

    /// Writes down what the person did in the page.
    async fn write_step(&self, id: &AttemptId, event: &WidgetEvent) -> Result<(), CoreError> {
        let WidgetEvent::Step { step, .. } = event else { return Ok(()) };
        let kind = match step {
            WidgetStep::SubmittedLogin => ActivityKind::LoginSubmitted,
            WidgetStep::SubmittedMfa => ActivityKind::AnswerSubmitted,
            WidgetStep::LoginSuccess | WidgetStep::LoginMfaSuccess => ActivityKind::LoginAccepted,
            _ => return Ok(()),
        };
        let about = {
            let state = self.state();
            state.pluggy.widgets.get(id).map(|one| (one.config_key.clone(), one.key.clone()))
        };
        let Some((config_key, key)) = about else { return Ok(()) };
        let line = self.line_about_widget(&config_key, key.as_ref(), kind);
        self.write(Vec::new(), vec![line]).await
    }

    /// An item of this name is said to exist: Pluggy is asked, and it becomes a connection if it is none.
    async fn widget_made(&self, id: &AttemptId, item_id: &str) -> Result<(), CoreError> {
        let (config_key, key) = {
            let state = self.state();
            let Some(widget) = state.pluggy.widgets.get(id) else { return Ok(()) };
            let known = state.connections.values().find(|one| {
                one.key.config_key == widget.config_key
                    && one.item.as_ref().is_some_and(|item| item.item_id == item_id)
            });
            (widget.config_key.clone(), known.map(|one| one.key.clone()).or_else(|| widget.key.clone()))
        };
        if let Some(key) = key {
            // The person mends it there: then it may be linked again.
            self.apply(&key, crate::step::Event::Asked, |_| Vec::new()).await?;
            self.look(&key).await;
            return Ok(());
        }
        let config = self.pluggy_config(&config_key)?;
        self.token_made(&config_key, item_id);
        let item = self
            .ask_pluggy(
                &config,
                Some(item_id),
                |api, credential| api.item(credential, item_id),
                pluggy::judge_item,
            )
            .await
            .map_err(|refusal| refusal.told(config.is_limited()))?;
        let number = item.connector.as_ref().map(|connector| connector.id);
        let connector = match number {
            Some(number) => self.connector(&config_key, number).await.ok().or_else(|| item.connector.clone()),
            None => None,
        };
        let connector = connector.ok_or_else(|| CoreError::new(ErrorCode::ProviderAnswer))?;
        let connection_id = ConnectionId::parse(&item.id)?;
        let key = ConnectionKey { config_key, connection_id };
        // Reports come in quick succession, and each is taken on its own.
        let claimed = {
            let mut state = self.state();
            let new = !state.connections.contains_key(&key) && state.pluggy.looking.insert(key.clone());
            if let Some(widget) = state.pluggy.widgets.get_mut(id) {
                widget.key = Some(key.clone());
            }
            new
        };
        if !claimed {
            return Ok(());
        }
        let kept = self.keep_new_link(key.clone(), &connector, item).await;
        self.state().pluggy.looking.remove(&key);
        self.inner.wake.notify_one();
        kept.map(drop)
    }

    /// The widget wants a bank's page to be shown.
    async fn open_beside(&self, id: &AttemptId, address: Url) -> Result<(), CoreError> {
        let config_key = self.state().pluggy.widgets.get(id).map(|one| one.config_key.clone());
        let Some(config) = config_key.and_then(|key| self.pluggy_config(&key).ok()) else { return Ok(()) };
        let opening = Opening {
            attempt: AttemptId::from_random(first_16(self.inner.ports.random.bytes())),
            surface: Surface::Embedded,
            address,
            end: PageEnd::Over { redirect: config.redirect(), api: config.api()? },
            provider_name: "Pluggy".to_owned(),
        };
        let opened = self.inner.ports.user_agent.open(opening).await;
        opened.map_err(|error| CoreError::new(ErrorCode::SurfaceUnavailable).detail(error))
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
        let widget = self.state().pluggy.widgets.remove(id);
        self.inner.ports.user_agent.close(id).await;
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

fn read(message: &str) -> Option<Report> {
    let shell: Option<Shell> = serde_json::from_str(message).ok();
    match shell {
        Some(Shell { kind, message }) if kind == "LOCATION" => location(&message),
        Some(Shell { kind, message }) if kind == "OAUTH_OPEN" || kind == "LINK_OPEN" => {
            let address = Url::parse(&message).ok()?;
            oauth::is_acceptable_endpoint(&address).then_some(Report::Open(address))
        }
        Some(Shell { kind, .. }) if kind == "CONTINUE_IN_BACKGROUND" => Some(Report::Closed),
        _ => WidgetEvent::parse(message).map(|event| Report::Event(event, item_named(message))),
    }
}

/// The item that a callback names: whole, or by its identifier alone; beside the callback, in its payload or its data.
fn item_named(message: &str) -> Option<String> {
    let message: serde_json::Value = serde_json::from_str(message).ok()?;
    let item = ["/item", "/payload/item", "/detail/item", "/data/item", "/payload/data/item"]
        .into_iter()
        .find_map(|place| message.pointer(place))?;
    let id = item.as_str().or_else(|| item.get("id")?.as_str())?;
    (!id.is_empty()).then(|| id.to_owned())
}

/// What Pluggy's page posts to a shell.
#[derive(serde::Deserialize)]
struct Shell {
    #[serde(rename = "type")]
    kind: String,
    #[serde(default)]
    message: String,
}

/// The page tells its state as the query that its address would have.
fn location(text: &str) -> Option<Report> {
    let query = text.split_once('?').map_or(text, |(_, query)| query);
    let pairs: BTreeMap<String, String> = form_urlencoded::parse(query.as_bytes()).into_owned().collect();
    let last = pairs.get("events").and_then(|events| events.rsplit(',').next());
    match last {
        Some("CLOSE" | "IN_BACKGROUND") => Some(Report::Closed),
        _ => pairs.get("item_id").filter(|id| !id.is_empty()).cloned().map(Report::Item),
    }
}

#[cfg(test)]
mod tests {
    use super::{Report, read};

    #[test]
    fn both_dialects_are_understood() {
        let item = |message: &str| match read(message) {
            Some(Report::Item(id)) => id,
            _ => String::new(),
        };
        assert_eq!(
            item(r#"{"type":"LOCATION","message":"?events=OPEN,SUCCESS&item_id=i-1&timestamp=1"}"#),
            "i-1"
        );
        assert!(matches!(read(r#"{"type":"LOCATION","message":"events=OPEN,CLOSE"}"#), Some(Report::Closed)));
        assert!(matches!(
            read(r#"{"callback":"onClose"}"#),
            Some(Report::Event(pluggy::WidgetEvent::Close, None))
        ));
        for named in [
            r#"{"callback":"onSuccess","payload":{"item":{"id":"i-2"}}}"#,
            r#"{"callback":"onSuccess","item":"i-2"}"#,
            r#"{"callback":"onError","message":"x","data":{"item":{"id":"i-2"}}}"#,
        ] {
            assert!(matches!(read(named), Some(Report::Event(_, Some(id))) if id == "i-2"), "{named}");
        }
    }

    #[test]
    fn a_page_that_is_not_safe_to_show_is_not_shown() {
        let opens = |url: &str| {
            let message = serde_json::json!({ "type": "OAUTH_OPEN", "message": url }).to_string();
            matches!(read(&message), Some(Report::Open(_)))
        };
        assert!(opens("https://bank.example/authorize?x=1"));
        for refused in ["http://bank.example/", "javascript:alert(1)", "file:///etc/passwd", "nonsense"] {
            assert!(!opens(refused), "{refused}");
        }
    }
}
