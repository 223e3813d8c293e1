//! Having data read: asked for, followed operation by operation, looked up afterwards.

use super::access::Refusal;
use super::link::refuse_unlinked;
use super::look::ids_of;
use crate::data_connection::DataConnection;
use crate::driver::{Connections, unknown_connection};
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::step::Event;
use crate::view::{CodatHistory, CodatView};
use codat::{DataType, ErrorKind, ListQuery, Phase, PullOperation};
use jiff::{SignedDuration, Timestamp};
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
            None => self
                .ask_codat(&config, |api| api.refresh_all(&company), codat::judge_done)
                .await
                .map(|()| Vec::new()),
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
            Err(refusal) => {
                self.apply(key, Event::LookFailed(refusal.of_look()), |_| Vec::new()).await?;
                return Ok(());
            }
        };
        let followed = self.followed(key, listed, since);
        let is_over = if followed.is_empty() {
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
                self.data_seen(key, seen, None, None).await?;
            }
            self.load_statuses(&config, &facts).await;
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
        let begun = since.checked_sub(CLOCKS_APART).unwrap_or(since);
        listed
            .into_iter()
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
        let (_, facts) = self.data_of(key)?;
        let (operations, next_page) =
            self.operations_of(key, &facts, page.unwrap_or(1).max(1)).await.map_err(Refusal::told)?;
        Ok(CodatHistory {
            operations: operations.iter().map(super::view::operation_view).collect(),
            next_page,
        })
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
            self.state().codat.statuses.insert(slot, statuses);
        }
    }
}

/// The kind of data that was not read, if it should have been.
fn gap_of(operation: &PullOperation) -> Option<String> {
    let failed = matches!(operation.status.phase(), Phase::Failed | Phase::NeedsApproval);
    let name = operation.data_type.as_ref().map_or("?", DataType::as_str);
    (failed || operation.is_errored).then(|| name.to_owned())
}
