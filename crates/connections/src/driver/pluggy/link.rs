//! Making a link, and whatever the person does to it afterwards.

use super::institutions::{color_of, field_view, name_of, refuse_complaints};
use crate::activity::ActivityKind;
use crate::connection::Connection;
use crate::driver::{Connections, RevocationOutcome, line_about, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::{ConfigKey, ConnectionId, ConnectionKey};
use crate::item::{ItemFacts, observe};
use crate::pluggy_config::PluggyConfig;
use crate::ports::Change;
use crate::step::{Event, step};
use crate::view::{CoreEvent, FieldView, LinkPhase, LinkView};
use pluggy::{Form, Item, ItemDraft, ItemOptions, Parameters, Question};

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
}

impl Connections {
    /// Makes a link: hands over what the person typed, and looks until the institution was read.
    ///
    /// # Errors
    /// A malformed form, an institution that is down, keys that Pluggy refuses, no network, or a store that cannot be
    /// written. Where nothing was made, nothing is kept.
    pub async fn begin_link(&self, ask: BeginLink) -> Result<LinkView, CoreError> {
        let config = self.pluggy_config(&ask.config_key)?;
        if let Some(id) = &ask.connection_id {
            self.refuse_taken(&ask.config_key, id)?;
        }
        let connector = self.connector(&ask.config_key, ask.institution).await?;
        refuse_complaints(&Form::of(&connector).complaints(&ask.values))?;
        let draft = ItemDraft {
            connector_id: ask.institution,
            parameters: ask.values,
            options: ItemOptions {
                client_user_id: config.client_user_id.clone(),
                avoid_duplicates: Some(true),
                oauth_redirect_uri: config.redirect(),
                ..ItemOptions::default()
            },
        };
        let item = self
            .ask_pluggy(
                &config,
                None,
                |api, credential| api.create_item(credential, &draft),
                |answer, now| pluggy::judge_submission(answer, &draft.parameters, now),
            )
            .await
            .map_err(|refusal| refusal.told(config.is_limited()).with("institution", name_of(&connector)))?;
        self.token_made(&config.key, &item.id);
        let key = ConnectionKey {
            config_key: config.key.clone(),
            connection_id: match ask.connection_id {
                Some(id) => id,
                None => ConnectionId::parse(&item.id)?,
            },
        };
        self.keep_new_link(key, &connector, item).await
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
        let now = self.now();
        let facts = ItemFacts {
            item_id: item.id.clone(),
            institution: connector.id,
            brand_color: color_of(connector),
            client_user_id: item.client_user_id.clone(),
            phase: LinkPhase::Working,
            phase_since: now,
            products: Vec::new(),
            problem: None,
            asked: true,
            was_linked: false,
            last_updated_at: None,
            next_sync_at: None,
            consent_expires_at: None,
            look_at: Some(now),
            failed_looks: 0,
        };
        let connection = Connection::of_item(key.clone(), name_of(connector), facts, now);
        let line = line_about(&connection, now, ActivityKind::LoginSubmitted, &[]);
        let change = Change::PutConnection(Box::new(connection.clone()));
        self.write(vec![change], vec![line]).await?;
        self.publish(connection);
        self.saw(&key, item).await?;
        self.show_link(&key)
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

    /// Answers the institution's question.
    ///
    /// # Errors
    /// No question, a malformed or late answer, provider trouble, offline.
    pub async fn answer_link(&self, key: &ConnectionKey, values: Parameters) -> Result<LinkView, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let question = self.state().pluggy.items.get(key).and_then(Question::of);
        let question = question.ok_or_else(|| CoreError::new(ErrorCode::AnswerTooLate))?;
        if question.is_over(self.now()) {
            self.look_soon(key).await;
            return Err(CoreError::new(ErrorCode::AnswerTooLate));
        }
        let form = Form { fields: vec![question.field] };
        refuse_complaints(&form.complaints(&values))?;
        let item = self
            .ask_pluggy(
                &config,
                Some(&facts.item_id),
                |api, credential| api.answer_mfa(credential, &facts.item_id, &values),
                |answer, now| pluggy::judge_submission(answer, &values, now),
            )
            .await;
        let line = self.line_for(key, ActivityKind::AnswerSubmitted)?;
        self.take_run(key, &config, item, Some(line)).await
    }

    /// The form for giving user and password again.
    ///
    /// # Errors
    /// Unknown connection, provider trouble, offline.
    pub async fn link_form(&self, key: &ConnectionKey) -> Result<Vec<FieldView>, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let connector = self.connector(&config.key, facts.institution).await?;
        Ok(Form::of(&connector).fields.iter().map(field_view).collect())
    }

    /// Gives user and password again; in place, so name, history and data stay.
    ///
    /// # Errors
    /// A malformed form, provider trouble, offline.
    pub async fn sign_in_again(
        &self,
        key: &ConnectionKey,
        values: Parameters,
    ) -> Result<LinkView, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let connector = self.connector(&config.key, facts.institution).await?;
        refuse_complaints(&Form::of(&connector).complaints(&values))?;
        self.run(key, &config, &facts, Some(values), Some(ActivityKind::LoginSubmitted)).await
    }

    /// Asks for another run with what Pluggy has: a sync, a reconnect, or another approval.
    ///
    /// # Errors
    /// Provider trouble (Pluggy takes 20 of these a minute), offline.
    pub async fn run_again(&self, key: &ConnectionKey) -> Result<LinkView, CoreError> {
        let (config, facts) = self.item_of(key)?;
        self.run(key, &config, &facts, None, None).await
    }

    async fn run(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        facts: &ItemFacts,
        values: Option<Parameters>,
        kind: Option<ActivityKind>,
    ) -> Result<LinkView, CoreError> {
        let options = ItemOptions { oauth_redirect_uri: config.redirect(), ..ItemOptions::default() };
        let none = Parameters::new();
        let item = self
            .ask_pluggy(
                config,
                Some(&facts.item_id),
                |api, credential| api.update_item(credential, &facts.item_id, values.as_ref(), &options),
                |answer, now| pluggy::judge_submission(answer, values.as_ref().unwrap_or(&none), now),
            )
            .await;
        let line = kind.map(|kind| self.line_for(key, kind)).transpose()?;
        self.take_run(key, config, item, line).await
    }

    /// What Pluggy said to something that the person asked for.
    async fn take_run(
        &self,
        key: &ConnectionKey,
        config: &PluggyConfig,
        item: Result<Item, super::access::Refusal>,
        line: Option<crate::activity::Activity>,
    ) -> Result<LinkView, CoreError> {
        match item {
            Ok(item) => {
                self.state().pluggy.errors.remove(key);
                self.apply(key, Event::Asked, |_| Vec::new()).await?;
                self.write(Vec::new(), line.into_iter().collect()).await?;
                self.saw(key, item).await?;
                self.show_link(key)
            }
            Err(refusal) => {
                let told = refusal.told(config.is_limited());
                self.state().pluggy.errors.insert(key.clone(), told.clone().into());
                self.look_soon(key).await;
                Err(told)
            }
        }
    }

    /// Gives up a link that was never made; one that was linked before stays as it is.
    ///
    /// # Errors
    /// Unknown connection, or a store that cannot be written.
    pub async fn cancel_link(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (_, _) = self.item_of(key)?;
        self.close_page(key).await;
        let never_linked =
            self.state().connections.get(key).is_some_and(|one| one.first_authorized_at.is_none());
        if !never_linked {
            return Ok(());
        }
        let line = self.line_for(key, ActivityKind::AuthorizationCancelled)?;
        self.delete_item(key).await?;
        self.remove_link(key, line).await
    }

    /// Disconnects: nothing is looked at or fetched any more. Pluggy keeps its access until the link is deleted.
    pub(in crate::driver) async fn disconnect_link(
        &self,
        key: &ConnectionKey,
    ) -> Result<RevocationOutcome, CoreError> {
        self.close_page(key).await;
        self.apply(key, Event::Disconnect, |_| Vec::new()).await?;
        Ok(RevocationOutcome::Kept)
    }

    /// Deletes a link here and at Pluggy, where its consent ends with it.
    pub(in crate::driver) async fn delete_link(
        &self,
        key: &ConnectionKey,
    ) -> Result<RevocationOutcome, CoreError> {
        self.close_page(key).await;
        let line = self.line_for(key, ActivityKind::Deleted)?;
        let outcome = self.delete_item(key).await?;
        self.remove_link(key, line).await?;
        Ok(outcome)
    }

    /// Deletes an item at Pluggy. One that cannot be deleted with what is at hand is left there, and the answer says so.
    async fn delete_item(&self, key: &ConnectionKey) -> Result<RevocationOutcome, CoreError> {
        let (config, facts) = self.item_of(key)?;
        let deleted = self
            .ask_pluggy(
                &config,
                Some(&facts.item_id),
                |api, credential| api.delete_item(credential, &facts.item_id),
                pluggy::judge_deletion,
            )
            .await;
        match deleted.map_err(|refusal| refusal.told(config.is_limited())) {
            Ok(()) => Ok(RevocationOutcome::Confirmed),
            Err(error) => match error.code {
                ErrorCode::Gone => Ok(RevocationOutcome::Confirmed),
                ErrorCode::NeedsCompanyKey | ErrorCode::ClientRefused => Ok(RevocationOutcome::NotOffered),
                // Deleting it here alone would leave an access there that nobody sees any more.
                _ => Err(error),
            },
        }
    }

    async fn remove_link(
        &self,
        key: &ConnectionKey,
        line: crate::activity::Activity,
    ) -> Result<(), CoreError> {
        let accounts = self.account_ids(key).await?;
        let changes = vec![Change::DeleteData(key.clone(), accounts), Change::DeleteConnection(key.clone())];
        self.write(changes, vec![line]).await?;
        {
            let mut state = self.state();
            state.connections.remove(key);
            state.pluggy.forget(key);
        }
        self.forget_book();
        self.announce(CoreEvent::ConnectionRemoved { key: key.clone() });
        Ok(())
    }

    pub(super) fn item_of(&self, key: &ConnectionKey) -> Result<(PluggyConfig, ItemFacts), CoreError> {
        let facts = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            connection.item.clone().ok_or_else(|| unknown_connection(key))?
        };
        Ok((self.pluggy_config(&key.config_key)?, facts))
    }

    fn line_for(
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
                    self.fetch_later(key);
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
