//! Looking at items while something is to be expected of them.

use super::Live;
use super::access::Refusal;
use super::institutions::field_view;
use crate::connection::Connection;
use crate::driver::Connections;
use crate::error::CoreError;
use crate::id::{ConfigKey, ConnectionKey};
use crate::item::deadline_of;
use crate::pluggy_config::PluggyConfig;
use crate::step::Event;
use crate::view::{LinkAction, LinkPhase, LinkQuestion, LinkView, Surface};
use jiff::Timestamp;
use pluggy::{Item, Question};

impl Connections {
    /// Items that are worth a look at `now`.
    pub(in crate::driver) fn due_looks(state: &crate::driver::State, now: Timestamp) -> Vec<ConnectionKey> {
        let due = |one: &&Connection| look_at(one).is_some_and(|at| at <= now);
        state
            .connections
            .aggregated()
            .filter(due)
            .filter(|one| !state.pluggy.looking.contains(&one.key))
            .map(|one| one.key.clone())
            .collect()
    }

    /// When the next look is due.
    pub(in crate::driver) fn next_look(state: &crate::driver::State) -> Option<Timestamp> {
        let free = |one: &&Connection| !state.pluggy.looking.contains(&one.key);
        state.connections.aggregated().filter(free).filter_map(look_at).min()
    }

    /// Looks at one item, unless somebody is at it.
    pub(in crate::driver) async fn look(&self, key: &ConnectionKey) {
        if !self.state().pluggy.looking.insert(key.clone()) {
            return;
        }
        let looked = self.look_once(key).await;
        self.state().pluggy.looking.remove(key);
        if let Err(error) = looked {
            tracing::warn!(%error, "what a look has shown could not be kept");
        }
        self.inner.wake.notify_one();
    }

    async fn look_once(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (config, facts) = self.item_of(key)?;
        let revision = self.state().pluggy.revision(key);
        // An item that waits for others stays as it is: only a run shows whether they have approved.
        let goes_on = facts.others_had_their_time(self.now());
        let asked = if goes_on {
            self.update_item(&config, &facts.item_id, None).await
        } else {
            self.show_item(&config, &facts.item_id).await
        };
        if self.state().pluggy.revision(key) != revision {
            // The person has asked for another run meanwhile, and this is older.
            return Ok(());
        }
        match asked {
            Ok(item) => {
                if goes_on {
                    self.apply(key, Event::GoesOn, |_| Vec::new()).await?;
                }
                self.saw(key, item).await
            }
            Err(refusal) => {
                let failure = refusal.of_look();
                self.apply(key, Event::LookFailed(failure), |_| Vec::new()).await?;
                self.announce_link(key);
                Ok(())
            }
        }
    }

    /// How an item stands.
    pub(super) async fn show_item(&self, config: &PluggyConfig, id: &str) -> Result<Item, Refusal> {
        let build = |api: &pluggy::Api, credential: pluggy::Credential<'_>| api.item(credential, id);
        self.ask_pluggy(config, Some(id), build, pluggy::judge_item).await
    }

    /// Looks without being waited for.
    pub(super) async fn look_soon(&self, key: &ConnectionKey) {
        let (core, key) = (self.clone(), key.clone());
        self.spawn(async move { core.look(&key).await });
    }

    /// Looks at every link of a registration.
    pub(super) async fn look_at_all_of(&self, config_key: &ConfigKey) {
        let keys: Vec<ConnectionKey> = {
            let state = self.state();
            let of_it = |one: &&Connection| one.key.config_key == *config_key && one.item.is_some();
            state.connections.aggregated().filter(of_it).map(|one| one.key.clone()).collect()
        };
        for key in keys {
            self.look_soon(&key).await;
        }
    }
}

/// When a connection wants a look; paused ones want none.
fn look_at(connection: &Connection) -> Option<Timestamp> {
    if connection.paused { None } else { connection.item.as_ref()?.look_at }
}

/// A link as shown; none for a connection that is none.
pub(super) fn link_view(live: &Live, connection: &Connection, surfaces: Vec<Surface>) -> Option<LinkView> {
    let facts = connection.item.as_ref()?;
    let item = live.items.get(&connection.key);
    let config = live.configs.get(&connection.key.config_key);
    let question = item.filter(|_| facts.phase == LinkPhase::Question).and_then(Question::of);
    Some(LinkView {
        key: connection.key.clone(),
        institution: connection.provider_name.clone(),
        institution_id: facts.institution,
        item_id: facts.item_id.clone(),
        client_user_id: facts.client_user_id.clone(),
        phase: facts.phase,
        linked_before: match facts.phase {
            LinkPhase::Done | LinkPhase::DoneWithGaps => facts.was_linked,
            _ => connection.first_authorized_at.is_some(),
        },
        products: facts.products.clone(),
        question: question.map(|one| LinkQuestion {
            field: field_view(&one.field),
            instructions: one.instructions,
            expires_at: one.expires_at,
        }),
        action: (facts.phase == LinkPhase::Action).then(|| action(live, connection, surfaces)),
        problem: facts.problem.clone(),
        error: live.errors.get(&connection.key).or_else(|| live.unread.get(&connection.key)).cloned(),
        last_updated_at: facts.last_updated_at,
        next_sync_at: facts.next_sync_at,
        consent_expires_at: facts.consent_expires_at,
        consents: facts.consents.clone(),
        waits_until: facts.waits_until,
        transactions_refused: facts.transactions_refused,
        limited: config.is_some_and(PluggyConfig::is_limited),
    })
}

fn action(live: &Live, connection: &Connection, surfaces: Vec<Surface>) -> LinkAction {
    let item = live.items.get(&connection.key);
    let api = live.configs.get(&connection.key.config_key).and_then(|config| config.api().ok());
    let page = item.zip(api.as_ref()).and_then(|(item, api)| pluggy::page_to_open(item, None, api));
    let open = live.pages.get(&connection.key);
    let instructions = item.and_then(|item| {
        let of_action = item.user_action.as_ref().and_then(|action| action.instructions.clone());
        of_action.or_else(|| item.parameter.as_ref().and_then(|question| question.instructions.clone()))
    });
    LinkAction {
        instructions,
        // A code may be all there is: it is scanned with a phone, and no page is opened here.
        picture: item.and_then(pluggy::code_to_scan).as_ref().map(pluggy::Picture::data_url),
        host: page.as_ref().map(|page| crate::attempt::host_of(&page.url)),
        surfaces: if page.is_some() { surfaces } else { Vec::new() },
        surface: open.map(|page| page.surface),
        attempt: open.map(|page| page.attempt.clone()),
        expires_at: item.and_then(deadline_of),
    }
}
