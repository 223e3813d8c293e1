//! A connection through Codat as shown.

use crate::codat_config::{CodatConfig, mode_of};
use crate::connection::Connection;
use crate::data_connection::text_category;
use crate::driver::{Connections, State, unknown_connection};
use crate::error::CoreError;
use crate::id::ConnectionKey;
use crate::view::{
    CodatAction, CodatActionView, CodatDataType, CodatDisconnect, CodatNote, CodatPause, CodatProblem,
    CodatView, CoreEvent, OperationPhase, OperationView, TextBlock,
};
use codat::{
    Action, ConnectionStatus, DataStatus, Disconnect, Mode, Pause, Phase, Platform, PlatformKey,
    PullOperation,
};
use jiff::{SignedDuration, Timestamp};

/// How long what is known of the data types of a company is shown without asking again.
const STATUSES_HOLD: SignedDuration = SignedDuration::from_mins(5);

impl Connections {
    /// A connection through Codat in full; what only Codat knows is asked where it was not seen so far.
    ///
    /// # Errors
    /// Unknown connection, or one that is none through Codat.
    pub async fn show_codat(&self, key: &ConnectionKey) -> Result<CodatView, CoreError> {
        let (config, facts) = self.data_of(key)?;
        if !facts.gone {
            let (seen, known) = {
                let mut state = self.state();
                state.codat.shown.insert(key.clone());
                let slot = (config.key.clone(), facts.company.clone());
                let fresh = |at: &Timestamp| self.now().duration_since(*at) < STATUSES_HOLD;
                let known = state.codat.statuses.get(&slot).is_some_and(|(at, _)| fresh(at));
                (state.codat.seen.contains_key(key), known)
            };
            if !seen {
                // What went wrong is in how it can be reached; what was known is shown all the same.
                self.look_data(key).await;
            }
            if !known && config.mode() == Mode::ApiKey {
                self.load_statuses(&config, &facts).await;
            }
            if let Err(error) = self.check_profile(key).await {
                tracing::warn!(%error, "whose data it is could not be kept");
            }
            let platform = facts.platform.as_deref().and_then(|key| PlatformKey::parse(key).ok());
            if let Some(platform) = platform.filter(|_| config.mode() == Mode::ApiKey) {
                self.load_readable(&config, &platform).await;
            }
        }
        self.codat_view(key)
    }

    /// The same, of what is known here.
    pub(super) fn codat_view(&self, key: &ConnectionKey) -> Result<CodatView, CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| unknown_connection(key))?;
        view_of(&state, connection).ok_or_else(|| unknown_connection(key))
    }

    pub(super) fn announce_codat(&self, key: &ConnectionKey) {
        if let Ok(codat) = self.codat_view(key) {
            self.announce(CoreEvent::CodatChanged { codat: Box::new(codat) });
        }
    }
}

fn view_of(state: &State, connection: &Connection) -> Option<CodatView> {
    let facts = connection.data_connection.as_ref()?;
    let live = &state.codat;
    let seen = live.seen.get(&connection.key);
    let standing = seen.map(codat::standing);
    let mode = live.configs.get(&connection.key.config_key).map_or(Mode::ApiKey, CodatConfig::mode);
    let platform_key = facts.platform.as_deref().and_then(|key| PlatformKey::parse(key).ok());
    let platform = Platform::of(platform_key.as_ref());
    let operations = live.operations.get(&connection.key).map(Vec::as_slice).unwrap_or_default();
    let attempt = live.attempts.values().find(|one| one.is_open() && one.key == connection.key);
    let notes = seen.map(|seen| seen.info.shown()).unwrap_or_default();
    Some(CodatView {
        key: connection.key.clone(),
        company: facts.company.clone(),
        company_name: facts.company_name.clone(),
        data_connection: facts.id.clone(),
        platform_name: connection.provider_name.clone(),
        platform: facts.platform.clone(),
        category: connection.category,
        status: connection.status,
        status_word: facts.word.clone(),
        gone: facts.gone,
        organization: facts.organization.clone().or_else(|| facts.profile.clone()),
        other_organization: facts.other_organization.clone(),
        created_at: facts.made_at,
        first_authorized_at: connection.first_authorized_at,
        last_synced_at: connection.last_synced_at,
        data_types: data_types(state, connection),
        connector_paused_until: operations.iter().filter_map(PullOperation::paused_until).max(),
        operations: operations.iter().map(operation_view).collect(),
        problems: standing
            .as_ref()
            .map(|one| one.open_errors.iter().map(problem_view).collect())
            .unwrap_or_default(),
        resolved_problems: standing.as_ref().map_or(0, |one| one.resolved_errors),
        notes: notes.into_iter().map(|(name, value)| CodatNote { name, value }).collect(),
        actions: if facts.gone { Vec::new() } else { actions(&facts.word, mode) },
        disconnect: match platform.disconnect {
            Disconnect::Unlink => CodatDisconnect::Unlink,
            // With an access token nothing can be deleted there.
            Disconnect::UnlinkOrDelete if mode == Mode::CompanyToken => CodatDisconnect::Unlink,
            Disconnect::UnlinkOrDelete => CodatDisconnect::UnlinkOrDelete,
        },
        pause: match platform.pause {
            Pause::OwnSyncs => CodatPause::OwnSyncs,
            Pause::OwnSyncsAndConnectorElsewhere => CodatPause::OwnSyncsAndConnectorElsewhere,
        },
        texts: live
            .texts
            .shown(text_category(connection.category))
            .into_iter()
            .map(|entry| entry.into_iter().map(TextBlock::from).collect())
            .collect(),
        attempt: attempt.map(|one| one.id.clone()),
        error: live.errors.get(&connection.key).cloned(),
        mode: mode_of(mode),
    })
}

/// What can be done, by Codat's own word: where that is not known, the person keeps a way out.
fn actions(word: &str, mode: Mode) -> Vec<CodatActionView> {
    codat::actions(&ConnectionStatus::of(word), mode).iter().copied().map(action_view).collect()
}

const fn action_view(action: Action) -> CodatActionView {
    let does = action.consequence();
    CodatActionView {
        action: match action {
            Action::Link => CodatAction::Link,
            Action::Reauthorize => CodatAction::Reauthorize,
            Action::Refresh => CodatAction::Refresh,
            Action::Pause => CodatAction::Pause,
            Action::Unlink => CodatAction::Unlink,
            Action::Delete => CodatAction::Delete,
        },
        ends_access: does.ends_access,
        codat_keeps_data: does.codat_keeps_data,
        can_be_undone: does.can_be_undone,
    }
}

/// The data types of the company that this kind of platform has, and those that this platform has and nobody has read.
fn data_types(state: &State, connection: &Connection) -> Vec<CodatDataType> {
    let Some(facts) = &connection.data_connection else { return Vec::new() };
    let slot = |name: &str| (connection.key.config_key.clone(), name.to_owned());
    let statuses = state.codat.statuses.get(&slot(&facts.company));
    let category = text_category(connection.category);
    let of_it =
        |one: &&DataStatus| category == codat::Category::Other || one.data_type.category() == category;
    let known = statuses.into_iter().flat_map(|(_, statuses)| &statuses.items);
    let mut all: Vec<CodatDataType> = known.filter(of_it).map(data_type_view).collect();
    let platform = facts.platform.as_deref().unwrap_or_default();
    for data_type in state.codat.readable.get(&slot(platform)).into_iter().flatten() {
        if !all.iter().any(|one| one.data_type == data_type.as_str()) {
            all.push(data_type_view(&DataStatus::never_read(data_type.clone())));
        }
    }
    all.sort_by(|one, other| one.data_type.cmp(&other.data_type));
    all
}

fn data_type_view(one: &DataStatus) -> CodatDataType {
    CodatDataType {
        data_type: one.data_type.as_str().to_owned(),
        phase: one.current_status.as_ref().map(|status| phase_of(status.phase())),
        status_word: one.current_status.as_ref().map(|status| status.as_str().to_owned()),
        last_synced_at: one.last_successful_sync,
    }
}

fn problem_view(error: &codat::ConnectionError) -> CodatProblem {
    CodatProblem {
        status_code: error.status_code.clone(),
        status_text: error.status_text.clone(),
        message: error.message.clone(),
        at: error.errored_at,
    }
}

const fn phase_of(phase: Phase) -> OperationPhase {
    match phase {
        Phase::Waiting => OperationPhase::Waiting,
        Phase::Running => OperationPhase::Running,
        Phase::Done => OperationPhase::Done,
        Phase::Failed => OperationPhase::Failed,
        Phase::NeedsApproval => OperationPhase::NeedsApproval,
        Phase::NotSupported => OperationPhase::NotSupported,
        Phase::Cancelled => OperationPhase::Cancelled,
        Phase::Unknown => OperationPhase::Unknown,
    }
}

/// A reading as shown.
pub(super) fn operation_view(one: &PullOperation) -> OperationView {
    OperationView {
        id: one.id.as_str().to_owned(),
        data_type: one.data_type.as_ref().map(|data_type| data_type.as_str().to_owned()),
        phase: phase_of(one.status.phase()),
        status_word: one.status.as_str().to_owned(),
        over: one.is_over(),
        progress: one.progress,
        message: one.error_message.clone().or_else(|| one.status_description.clone()),
        paused_until: one.paused_until(),
        requested_at: one.requested,
        completed_at: one.completed,
    }
}
