//! Having data read: asked for, followed operation by operation, looked up afterwards.

use super::access::Refusal;
use super::link::refuse_unlinked;
use super::look::ids_of;
use crate::data_connection::{DataConnection, is_given_up};
use crate::driver::{Connections, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::step::{Event, wants_profile};
use crate::view::{CodatHistory, CodatView};
use codat::{DataType, ErrorKind, ListQuery, Mode, Phase, PullOperation};
use jiff::{SignedDuration, Timestamp};
use providers::Category;
use std::collections::HashSet;

/// Readings in a page of the history.
const PAGE_SIZE: u32 = 100;
/// How far Codat's clock and this computer's may be apart.
const CLOCKS_APART: SignedDuration = SignedDuration::from_secs(120);
/// How long a reading may take to appear in the history.
const TO_APPEAR: SignedDuration = SignedDuration::from_secs(30);

impl Connections {
    /// Has data read: everything that the company is set up to read, or one type.
    ///
    /// # Errors
    /// It is not linked or paused, only an access token is at hand, provider trouble, offline.
    pub async fn sync_codat(
        &self,
        key: &ConnectionKey,
        data_type: Option<&str>,
    ) -> Result<CodatView, CoreError> {
        let (config, facts) = self.data_of(key)?;
        {
            let state = self.state();
            refuse_unlinked(state.connections.get(key).ok_or_else(|| unknown_connection(key))?)?;
        }
        let (company, id) = ids_of(&facts)?;
        let asked = match data_type {
            Some(word) => {
                let data_type = DataType::parse(word).map_err(|_| {
                    CoreError::new(ErrorCode::BadInput).with("field", "dataType").with("problem", "unknown")
                })?;
                self.ask_codat(
                    &config,
                    |api| api.refresh_data_type(&company, &data_type, Some(&id)),
                    codat::judge_pull_operation,
                )
                .await
                .map(|operation| vec![operation])
            }
            None => {
                // What was over before is no part of it; the answer names no reading.
                let over = self.over_now(key, &facts).await;
                self.state().codat.over_before.insert(key.clone(), over);
                self.ask_codat(&config, |api| api.refresh_all(&company), codat::judge_done)
                    .await
                    .map(|()| Vec::new())
            }
        };
        let begun = match asked {
            Ok(begun) => begun,
            // The same is being read already: that one is followed.
            Err(Refusal::Api(error)) if error.kind() == ErrorKind::Conflict => Vec::new(),
            Err(refusal) => return Err(self.reading_refused(key, data_type.is_some(), refusal).await),
        };
        {
            let mut state = self.state();
            state.codat.errors.remove(key);
            state.codat.operations.insert(key.clone(), begun);
        }
        self.apply(key, Event::Reading, |_| Vec::new()).await?;
        self.announce_codat(key);
        self.codat_view(key)
    }

    /// Readings that are over now, as far as Codat tells or was told before.
    async fn over_now(&self, key: &ConnectionKey, facts: &DataConnection) -> HashSet<String> {
        let listed = self.operations_of(key, facts, 1).await.map(|(listed, _)| listed).unwrap_or_default();
        let state = self.state();
        let known = state.codat.operations.get(key).map(Vec::as_slice).unwrap_or_default();
        let over = known.iter().chain(&listed).filter(|one| one.is_over());
        over.map(|one| one.id.as_str().to_owned()).collect()
    }

    /// A 404 here can mean the company, the connection, or a type that none of them supports: a look tells which.
    async fn reading_refused(&self, key: &ConnectionKey, one_type: bool, refusal: Refusal) -> CoreError {
        let config = match self.codat_config(&key.config_key) {
            Ok(config) => config,
            Err(error) => return error,
        };
        let missing = refusal.api().is_some_and(codat::ApiError::is_gone);
        let told = self.codat_refused(&config, Some(key), refusal).await;
        if !missing {
            return told;
        }
        self.look_data(key).await;
        let gone = self.data_of(key).is_ok_and(|(_, facts)| facts.gone);
        if gone || !one_type {
            return told;
        }
        let unsupported = CoreError { code: ErrorCode::BadInput, ..told };
        let unsupported = unsupported.with("field", "dataType").with("problem", "unsupported");
        self.state().codat.errors.insert(key.clone(), unsupported.clone().into());
        self.announce_codat(key);
        unsupported
    }

    /// How far what is read on request is.
    pub(super) async fn follow_reading(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (config, facts) = self.data_of(key)?;
        let Some(since) = facts.reading_since else { return Ok(()) };
        let listed = self.operations_of(key, &facts, 1).await;
        let listed = match listed {
            Ok((listed, _)) => listed,
            Err(refusal) => return self.look_refused(key, &refusal).await,
        };
        let followed = self.followed(key, listed, since);
        let is_over = if is_given_up(&facts, self.now()) {
            true
        } else if followed.is_empty() {
            self.now().duration_since(since) >= TO_APPEAR
        } else {
            followed.iter().all(PullOperation::is_over)
        };
        let gaps: Vec<String> = followed.iter().filter_map(gap_of).collect();
        self.state().codat.operations.insert(key.clone(), followed);
        if is_over {
            self.apply(key, Event::ReadingOver(gaps), |_| Vec::new()).await?;
            // What it has brought is in the connection's own date and in how the data types stand.
            if let Ok(seen) = self.fetch_data_connection(key).await {
                self.data_seen(key, seen).await?;
            }
            self.load_statuses(&config, &facts).await;
            self.check_profile(key).await?;
            self.fetch_bank_data_later(key, &facts);
        }
        self.announce_codat(key);
        Ok(())
    }

    /// Of what is listed: what is under way, what was followed before, and what was asked for since.
    fn followed(
        &self,
        key: &ConnectionKey,
        listed: Vec<PullOperation>,
        since: Timestamp,
    ) -> Vec<PullOperation> {
        let state = self.state();
        let before = state.codat.operations.get(key).map(Vec::as_slice).unwrap_or_default();
        let known: HashSet<&str> = before.iter().map(|one| one.id.as_str()).collect();
        let over_before = state.codat.over_before.get(key);
        let was_over = |one: &PullOperation| over_before.is_some_and(|over| over.contains(one.id.as_str()));
        let begun = since.checked_sub(CLOCKS_APART).unwrap_or(since);
        listed
            .into_iter()
            .filter(|one| !was_over(one))
            .filter(|one| {
                let asked_since = known.is_empty() && one.requested.is_some_and(|at| at >= begun);
                known.contains(one.id.as_str()) || !one.is_over() || asked_since
            })
            .collect()
    }

    /// Readings of a connection, newest first, and the page after them.
    pub(super) async fn operations_of(
        &self,
        key: &ConnectionKey,
        facts: &DataConnection,
        page: u32,
    ) -> Result<(Vec<PullOperation>, Option<u32>), Refusal> {
        let config = self.codat_config(&key.config_key)?;
        let (company, id) = ids_of(facts)?;
        let asked = ListQuery { page, page_size: PAGE_SIZE, ..ListQuery::default() }.ordered("-requested");
        let part = self
            .ask_codat(
                &config,
                |api| api.list_pull_operations(&company, &asked),
                |answer, now| codat::judge_pull_operations(answer, &asked, now),
            )
            .await?;
        let of_it = |one: &PullOperation| one.connection_id.as_ref().is_none_or(|one| *one == id);
        Ok((part.items.into_iter().filter(of_it).collect(), part.next))
    }

    /// What was read of a connection, a page at a time. A page can be empty though there are further ones: Codat lists
    /// by company.
    ///
    /// # Errors
    /// Only an access token is at hand, provider trouble, offline.
    pub async fn codat_history(
        &self,
        key: &ConnectionKey,
        page: Option<u32>,
    ) -> Result<CodatHistory, CoreError> {
        let (config, facts) = self.data_of(key)?;
        let (operations, next_page) = match self.operations_of(key, &facts, page.unwrap_or(1).max(1)).await {
            Ok(listed) => listed,
            Err(refusal) => {
                self.tell_refusal(&config, Some(key), &refusal).await;
                return Err(refusal.told());
            }
        };
        Ok(CodatHistory {
            operations: operations.iter().map(super::view::operation_view).collect(),
            next_page,
        })
    }

    /// Looks whose data it is that was read since the last approval; what cannot be asked now is asked the next time.
    pub(super) async fn check_profile(&self, key: &ConnectionKey) -> Result<(), CoreError> {
        let (config, facts) = self.data_of(key)?;
        let shop = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
            if config.mode() != Mode::ApiKey || !wants_profile(connection) {
                return Ok(());
            }
            connection.category == Category::Commerce
        };
        let (company, id) = ids_of(&facts)?;
        let shop = shop.then_some(&id);
        let asked = self.ask_codat(&config, |api| api.profile(&company, shop), codat::judge_profile).await;
        let name = match asked {
            Ok(name) => name,
            Err(refusal) => match refusal.api().map(codat::ApiError::kind) {
                Some(ErrorKind::NotFound | ErrorKind::Conflict | ErrorKind::Forbidden) => None,
                _ => return Ok(()),
            },
        };
        self.apply(key, Event::Profiled(name), |_| Vec::new()).await?;
        self.announce_codat(key);
        Ok(())
    }

    /// Asks how the data types of a company stand; where that may not be asked, nothing is shown.
    pub(super) async fn load_statuses(
        &self,
        config: &crate::codat_config::CodatConfig,
        facts: &DataConnection,
    ) {
        let Ok((company, _)) = ids_of(facts) else { return };
        let asked = self.ask_codat(config, |api| api.data_status(&company), codat::judge_data_status).await;
        if let Ok(statuses) = asked {
            let slot = (config.key.clone(), facts.company.clone());
            let now = self.now();
            self.state().codat.statuses.insert(slot, (now, statuses));
        }
    }
}

/// The kind of data that was not read, if it should have been: what is not over when nobody waits any longer, too.
fn gap_of(operation: &PullOperation) -> Option<String> {
    let failed =
        matches!(operation.status.phase(), Phase::Failed | Phase::NeedsApproval) || !operation.is_over();
    let name = operation.data_type.as_ref().map_or("?", DataType::as_str);
    (failed || operation.is_errored).then(|| name.to_owned())
}
