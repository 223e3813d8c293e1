//! Making a link, showing it, and taking in what was seen of it.

use super::access::Refusal;
use super::institutions::{color_of, name_of, refuse_complaints};
use crate::activity::ActivityKind;
use crate::connection::Connection;
use crate::connection::{Needs, Status};
use crate::driver::{Connections, line_about, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionId, ConnectionKey};
use crate::item::{ItemFacts, observe};
use crate::pluggy_config::PluggyConfig;
use crate::ports::Change;
use crate::step::{Event, LookFailure, step};
use crate::view::{CoreEvent, LinkPhase, LinkView};
use pluggy::{ApiError, Connector, ErrorKind, Form, Item, ItemDraft, ItemOptions, Parameters};

/// Items that Pluggy names as there already and that are looked at, at most.
const MOST_NAMED: usize = 10;

/// A link to be made.
pub struct BeginLink {
    /// Through which registration.
    pub config_key: ConfigKey,
    /// Pluggy's number for the institution.
    pub institution: u64,
    /// Under which name; none takes Pluggy's name for the login.
    pub connection_id: Option<ConnectionId>,
    /// What the person typed.
    pub values: Parameters,
    /// Whether it is known to be another login than those that there are at the same institution.
    pub another: bool,
}

impl Connections {
    /// Makes a link: hands over what the person typed, and looks until the institution was read.
    ///
    /// A login that Pluggy has already is not made twice: one that is unknown here is taken in (the answer that told of
    /// it was lost), one that needs the person is mended in place.
    ///
    /// # Errors
    /// A malformed form, an institution that is down, keys that Pluggy refuses, no network, or a store that cannot be
    /// written. Where nothing was made, nothing is kept. [`ErrorCode::AlreadyConnected`] when it works already.
    pub async fn begin_link(&self, ask: BeginLink) -> Result<LinkView, CoreError> {
        let config = self.pluggy_config(&ask.config_key)?;
        if let Some(id) = &ask.connection_id {
            self.refuse_taken(&ask.config_key, id)?;
        }
        let connector = Box::pin(self.connector(&ask.config_key, ask.institution)).await?;
        refuse_complaints(&Form::of(&connector).complaints(&ask.values))?;
        let draft = draft(&config, ask.institution, ask.values, !ask.another);
        let told =
            |refusal: Refusal| refusal.told(config.is_limited()).with("institution", name_of(&connector));
        let item = match Box::pin(self.create_item(&config, &draft)).await {
            Ok(item) => item,
            Err(Refusal::Api(ApiError { kind: ErrorKind::AlreadyExists { items }, .. })) => {
                if let Some(key) = self.link_of_item(&config.key, &items) {
                    return Box::pin(self.mend(&key, &connector, draft.parameters)).await;
                }
                let there = Box::pin(self.first_at(&config, &connector, &items)).await.map_err(told)?;
                there.ok_or_else(|| already_connected(&connector))?
            }
            Err(refusal) => return Err(told(refusal)),
        };
        let key = ConnectionKey {
            config_key: config.key.clone(),
            connection_id: match ask.connection_id {
                Some(id) => id,
                None => ConnectionId::parse(&item.id)?,
            },
        };
        // Boxed, as is what comes before it: what a link holds on its way is large.
        Box::pin(self.keep_new_link(key, &connector, item)).await
    }

    /// The connection that one of these items is.
    pub(super) fn link_of_item(&self, config: &ConfigKey, items: &[String]) -> Option<ConnectionKey> {
        let state = self.state();
        let is_it = |one: &&Connection| {
            one.key.config_key == *config
                && one.item.as_ref().is_some_and(|item| items.contains(&item.item_id))
        };
        state.connections.aggregated().find(is_it).map(|one| one.key.clone())
    }

    /// The first of these items that is at this institution.
    pub(super) async fn first_at(
        &self,
        config: &PluggyConfig,
        connector: &Connector,
        items: &[String],
    ) -> Result<Option<Item>, Refusal> {
        for id in items.iter().take(MOST_NAMED) {
            let item = self.show_item(config, id).await?;
            if item.connector.as_ref().is_none_or(|one| one.id == connector.id) {
                return Ok(Some(item));
            }
        }
        Ok(None)
    }

    /// Gives what the person typed to the connection that there is, if that needs it.
    async fn mend(
        &self,
        key: &ConnectionKey,
        connector: &Connector,
        values: Parameters,
    ) -> Result<LinkView, CoreError> {
        let works = self.state().connections.get(key).is_some_and(|one| {
            let is_over = one.item.as_ref().is_some_and(|item| item.phase == LinkPhase::Failed);
            let ended = matches!(one.status, Status::Unlinked | Status::Deauthorized);
            !is_over && !ended && !matches!(one.needs, Needs::SignIn { .. })
        });
        if works {
            return Err(already_connected(connector).with("connection", key.connection_id.as_str()));
        }
        self.sign_in_again(key, values).await
    }

    fn refuse_taken(&self, config_key: &ConfigKey, id: &ConnectionId) -> Result<(), CoreError> {
        let key = ConnectionKey { config_key: config_key.clone(), connection_id: id.clone() };
        if self.state().connections.contains_key(&key) {
            return Err(CoreError::new(ErrorCode::NameTaken).with("connection", key.to_string()));
        }
        Ok(())
    }

    /// Writes a new link down before anybody is told of it.
    pub(super) async fn keep_new_link(
        &self,
        key: ConnectionKey,
        connector: &pluggy::Connector,
        item: Item,
    ) -> Result<LinkView, CoreError> {
        if let Some(known) = self.link_of_item(&key.config_key, std::slice::from_ref(&item.id)) {
            // One item is one connection, under whatever name.
            self.saw(&known, item).await?;
            return self.show_link(&known);
        }
        let now = self.now();
        let facts = ItemFacts {
            brand_color: color_of(connector),
            client_user_id: item.client_user_id.clone(),
            ..ItemFacts::begun(item.id.clone(), connector.id, now)
        };
        let connection = Connection::of_item(key.clone(), name_of(connector), facts, now);
        let line = line_about(&connection, now, ActivityKind::LoginSubmitted, &[]);
        let change = Change::PutConnection(Box::new(connection.clone()));
        self.write(vec![change], vec![line]).await?;
        self.publish(connection);
        self.saw(&key, item).await?;
        self.show_link(&key)
    }

    /// Writes down a link of which only the item's name is known so far; the schedule looks at it.
    pub(super) async fn keep_unseen_link(
        &self,
        key: &ConnectionKey,
        item_id: &str,
        failure: LookFailure,
    ) -> Result<(), CoreError> {
        let now = self.now();
        let facts = ItemFacts { is_unseen: true, ..ItemFacts::begun(item_id.to_owned(), 0, now) };
        let connection = Connection::of_item(key.clone(), "Pluggy".to_owned(), facts, now);
        let connection = step(&connection, Event::LookFailed(failure), now).connection;
        let line = line_about(&connection, now, ActivityKind::LoginSubmitted, &[]);
        self.write(vec![Change::PutConnection(Box::new(connection.clone()))], vec![line]).await?;
        self.publish(connection);
        self.announce_link(key);
        Ok(())
    }

    /// How a link stands.
    ///
    /// # Errors
    /// Unknown connection, or one that is no link through an aggregator.
    pub fn show_link(&self, key: &ConnectionKey) -> Result<LinkView, CoreError> {
        let surfaces = self.inner.ports.user_agent.surfaces();
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
        super::look::link_view(&state.pluggy, connection, surfaces).ok_or_else(|| unknown_connection(key))
    }

    pub(super) fn item_of(&self, key: &ConnectionKey) -> Result<(PluggyConfig, ItemFacts), CoreError> {
        let facts = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            connection.item.clone().ok_or_else(|| unknown_connection(key))?
        };
        Ok((self.pluggy_config(&key.config_key)?, facts))
    }

    pub(super) fn line_for(
        &self,
        key: &ConnectionKey,
        kind: ActivityKind,
    ) -> Result<crate::activity::Activity, CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
        Ok(line_about(connection, self.now(), kind, &[]))
    }

    /// Takes in an item as it was just seen.
    pub(super) async fn saw(&self, key: &ConnectionKey, item: Item) -> Result<(), CoreError> {
        let is_unseen = {
            let state = self.state();
            state.connections.get(key).and_then(|one| one.item.as_ref()).is_some_and(|one| one.is_unseen)
        };
        if let Some(connector) = item.connector.as_ref().filter(|_| is_unseen) {
            let (institution, name, color) = (connector.id, name_of(connector), color_of(connector));
            let known = Event::InstitutionKnown { institution, name, color };
            self.apply(key, known, |_| Vec::new()).await?;
        }
        let seen = observe(&item);
        let unchanged = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            // Most looks show nothing new; only when to look next then changes, and that is worth no write.
            let next = step(connection, Event::Observed(Box::new(seen.clone())), self.now());
            let same = next.effects.is_empty() && same_but_for_the_look(connection, &next.connection);
            same.then_some(next.connection)
        };
        self.state().pluggy.items.insert(key.clone(), item);
        match unchanged {
            Some(after) => {
                // Only these two: whatever else changed meanwhile is newer than this look.
                if let Some(item) = self.state().connections.item_mut(key)
                    && let Some(after) = after.item
                {
                    item.look_at = after.look_at;
                    item.failed_looks = after.failed_looks;
                }
                self.inner.wake.notify_one();
            }
            None => {
                let step = self.apply(key, Event::Observed(Box::new(seen)), |_| Vec::new()).await?;
                if step.effects.contains(&crate::step::Effect::FetchData) {
                    // All of it is read anew; the schedule begins at once.
                    self.state().pluggy.fetched.remove(key);
                }
            }
        }
        self.page_follows(key).await;
        self.announce_link(key);
        Ok(())
    }

    pub(super) fn announce_link(&self, key: &ConnectionKey) {
        if let Ok(link) = self.show_link(key) {
            self.announce(CoreEvent::LinkChanged { link: Box::new(link) });
        }
    }
}

/// What makes an item at an institution.
pub(super) fn draft(config: &PluggyConfig, institution: u64, values: Parameters, avoid: bool) -> ItemDraft {
    ItemDraft {
        connector_id: institution,
        parameters: values,
        options: ItemOptions {
            client_user_id: config.client_user_id.clone(),
            avoid_duplicates: Some(avoid),
            oauth_redirect_uri: config.redirect(),
            ..ItemOptions::default()
        },
    }
}

fn already_connected(connector: &Connector) -> CoreError {
    CoreError::new(ErrorCode::AlreadyConnected).with("provider", name_of(connector))
}

fn same_but_for_the_look(before: &Connection, after: &Connection) -> bool {
    let still = |connection: &Connection| {
        let mut still = connection.clone();
        if let Some(item) = &mut still.item {
            item.look_at = None;
            item.failed_looks = 0;
        }
        still
    };
    still(before) == still(after)
}
