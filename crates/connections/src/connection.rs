//! What a connection is: its status, and the facts kept apart from it.
//!
//! Invariant: nothing secret is in here. The grant (the tokens) is another record, read only where it is used, so a
//! list of connections can be read, sent and logged without touching a token.

use crate::attention::AttentionMemory;
use crate::data_connection::DataConnection;
use crate::id::ConnectionKey;
use crate::item::ItemFacts;
use crate::view::{LinkPhase, LinkReason, Source};
use jiff::Timestamp;
use providers::{Category, ProviderId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use ts_rs::TS;

/// Where a connection stands; Codat's four words.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub enum Status {
    /// Asked for, not approved so far.
    PendingAuth,
    /// Approved; tokens can be had.
    Linked,
    /// Disconnected by the person; what was fetched is kept.
    Unlinked,
    /// The provider says that the grant is dead.
    Deauthorized,
}

/// Whether the provider answers. Never mixed into the status.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Reachability {
    /// It answered last time, or was never asked.
    #[default]
    Reachable,
    /// It fails or asks to wait; Mooring tries again by itself.
    ProviderTrouble {
        /// When the trouble began.
        #[ts(type = "string")]
        since: Timestamp,
        /// When Mooring asks again.
        #[ts(type = "string")]
        retry_at: Timestamp,
    },
    /// This computer reaches no network.
    Offline {
        /// When it was noticed.
        #[ts(type = "string")]
        since: Timestamp,
        /// When Mooring looks again.
        #[ts(type = "string")]
        retry_at: Timestamp,
    },
}

/// What only the person can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Needs {
    /// Nothing.
    #[default]
    Nothing,
    /// Approve at the provider again.
    Approval {
        /// Why.
        reason: ApprovalReason,
    },
    /// Put the client registration right (id, secret, scopes).
    Credentials,
    /// Answer what the institution asks.
    Answer,
    /// Type user and password again.
    SignIn {
        /// Why.
        reason: LinkReason,
    },
    /// Do something at the institution.
    ActThere {
        /// What about.
        reason: LinkReason,
    },
}

/// Why an approval is needed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum ApprovalReason {
    /// The first approval has not happened.
    NotApproved,
    /// The provider refused the refresh token (`invalid_grant`).
    GrantRefused,
    /// The access token is over and there is no refresh token.
    NoRefreshToken,
    /// The answer to a rotating refresh was lost, and the provider keeps no grace.
    RotationLost,
    /// The consent reached its end.
    ConsentEnded,
    /// The scopes that Mooring needs have changed.
    ScopesChanged,
    /// The provider takes the key no more.
    KeyRefused,
    /// The person disconnected.
    Disconnected,
}

/// A refresh that was sent and whose answer is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct RefreshInFlight {
    /// When it was recorded, just before it was sent.
    pub since: Timestamp,
    /// The grant revision that it was sent for.
    pub revision: u64,
    /// Whether this is the one retry after an answer was lost.
    pub retry: bool,
}

/// One authorization of one account holder at one provider.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Connection {
    /// Its identity for life; kept over reconnects.
    pub key: ConnectionKey,
    /// Whom it is with.
    pub provider: ProviderId,
    /// The provider's name when it was made, so that it can be shown though the catalogue changes.
    pub provider_name: String,
    /// The provider's category.
    pub category: Category,
    /// A name the person gave.
    pub nickname: Option<String>,
    /// Who approved, as the provider tells it.
    pub account_holder: Option<String>,
    /// Subject identifier at the issuer, to notice a reconnect by somebody else.
    pub subject: Option<String>,
    /// Where it stands.
    pub status: Status,
    /// Whether background work is paused by the person.
    pub paused: bool,
    /// Whether the provider answers.
    pub reachability: Reachability,
    /// What only the person can do.
    pub needs: Needs,
    /// Scopes asked for at the last authorization.
    pub scopes_asked: Vec<String>,
    /// Scopes that the provider granted.
    pub scopes_granted: Vec<String>,
    /// Values of per-connection parameters (subdomain, region), never secret.
    pub parameters: BTreeMap<String, String>,
    /// When it was first asked for.
    pub created_at: Timestamp,
    /// When it was first approved.
    pub first_authorized_at: Option<Timestamp>,
    /// When it was last approved.
    pub last_authorized_at: Option<Timestamp>,
    /// When a token was last renewed.
    pub last_refreshed_at: Option<Timestamp>,
    /// When data was last fetched.
    pub last_synced_at: Option<Timestamp>,
    /// When a token was last handed out.
    pub last_used_at: Option<Timestamp>,
    /// Until when the current access token lives; `None` where the provider does not say.
    pub access_expires_at: Option<Timestamp>,
    /// Whether there is a refresh token.
    pub renewable: bool,
    /// Until when the refresh token or the consent lives, if anybody knows.
    pub holds_until: Option<Timestamp>,
    /// Whether a refresh moves that date (a lapse by idleness).
    pub hold_renews: bool,
    /// When the grant is over in any case, however often it is renewed; counted from the approval.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hard_stop: Option<Timestamp>,
    /// Whether tokens come from the registration itself (RFC 6749 §4.4): nobody approved, and nothing lapses.
    #[serde(default)]
    pub without_person: bool,
    /// Bumped by each authorization, refresh and disconnect; a write for an older one is refused.
    pub grant_revision: u64,
    /// A refresh on its way.
    pub in_flight: Option<RefreshInFlight>,
    /// Failed refreshes in a row; sets the pause before the next.
    pub failures: u32,
    /// When the provider last refused our registration and not the grant.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub refused_at: Option<Timestamp>,
    /// Whether it came out of a backup and has not been asked about since: whoever had the original may have renewed
    /// the grant.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unproven: bool,
    /// What is known of its item, for a connection through Pluggy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub item: Option<ItemFacts>,
    /// What is known of its data connection, for a connection through Codat.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub data_connection: Option<DataConnection>,
    /// What was said to the person about it.
    #[serde(default, skip_serializing_if = "AttentionMemory::is_empty")]
    pub attention: AttentionMemory,
}

impl Connection {
    /// A connection that was asked for and not approved.
    pub fn pending(
        key: ConnectionKey,
        provider: &providers::Provider,
        scopes: Vec<String>,
        now: Timestamp,
    ) -> Self {
        Self {
            key,
            provider: provider.id.clone(),
            provider_name: provider.name.clone(),
            category: provider.category,
            nickname: None,
            account_holder: None,
            subject: None,
            status: Status::PendingAuth,
            paused: false,
            reachability: Reachability::Reachable,
            needs: Needs::Approval { reason: ApprovalReason::NotApproved },
            scopes_asked: scopes,
            scopes_granted: Vec::new(),
            parameters: BTreeMap::new(),
            created_at: now,
            first_authorized_at: None,
            last_authorized_at: None,
            last_refreshed_at: None,
            last_synced_at: None,
            last_used_at: None,
            access_expires_at: None,
            renewable: false,
            holds_until: None,
            hold_renews: false,
            hard_stop: None,
            without_person: false,
            grant_revision: 0,
            in_flight: None,
            failures: 0,
            refused_at: None,
            unproven: false,
            item: None,
            data_connection: None,
            attention: AttentionMemory::default(),
        }
    }

    /// A connection to an institution through Pluggy, whose item was made just now.
    pub fn of_item(key: ConnectionKey, institution: String, item: ItemFacts, now: Timestamp) -> Self {
        Self {
            key,
            provider: ProviderId::new("pluggy"),
            provider_name: institution,
            category: Category::Banking,
            nickname: None,
            account_holder: None,
            subject: None,
            status: Status::PendingAuth,
            paused: false,
            reachability: Reachability::Reachable,
            needs: Needs::Approval { reason: ApprovalReason::NotApproved },
            scopes_asked: Vec::new(),
            scopes_granted: Vec::new(),
            parameters: BTreeMap::new(),
            created_at: now,
            first_authorized_at: None,
            last_authorized_at: None,
            last_refreshed_at: None,
            last_synced_at: None,
            last_used_at: None,
            access_expires_at: None,
            renewable: false,
            holds_until: None,
            hold_renews: false,
            hard_stop: None,
            without_person: false,
            grant_revision: 0,
            in_flight: None,
            failures: 0,
            refused_at: None,
            unproven: false,
            item: Some(item),
            data_connection: None,
            attention: AttentionMemory::default(),
        }
    }

    /// A connection through Codat, before anything was seen of it.
    pub fn of_data(key: ConnectionKey, facts: DataConnection, now: Timestamp) -> Self {
        Self {
            key,
            provider: ProviderId::new("codat"),
            provider_name: "Codat".to_owned(),
            category: Category::Other,
            nickname: None,
            account_holder: None,
            subject: None,
            status: Status::PendingAuth,
            paused: false,
            reachability: Reachability::Reachable,
            needs: Needs::Approval { reason: ApprovalReason::NotApproved },
            scopes_asked: Vec::new(),
            scopes_granted: Vec::new(),
            parameters: BTreeMap::new(),
            created_at: now,
            first_authorized_at: None,
            last_authorized_at: None,
            last_refreshed_at: None,
            last_synced_at: None,
            last_used_at: None,
            access_expires_at: None,
            renewable: false,
            holds_until: None,
            hold_renews: false,
            hard_stop: None,
            without_person: false,
            grant_revision: 0,
            in_flight: None,
            failures: 0,
            refused_at: None,
            unproven: false,
            item: None,
            data_connection: Some(facts),
            attention: AttentionMemory::default(),
        }
    }

    /// Marks it as taken out of a backup: it is asked about as soon as the vault opens.
    pub fn came_from_backup(&mut self, now: Timestamp) {
        self.unproven = self.status == Status::Linked && self.renewable;
        if self.status == Status::Unlinked {
            return;
        }
        if let Some(item) = &mut self.item {
            item.look_at = Some(now);
        }
        if let Some(data) = &mut self.data_connection {
            data.look_at = Some(now);
        }
    }

    /// Through whom it reaches its institution.
    pub const fn source(&self) -> Source {
        match (&self.item, &self.data_connection) {
            (Some(_), _) => Source::Pluggy,
            (None, Some(_)) => Source::Codat,
            (None, None) => Source::Oauth,
        }
    }

    /// Whether its aggregator is reading its institution.
    pub fn is_being_read(&self) -> bool {
        if self.data_connection.as_ref().is_some_and(|one| one.reading_since.is_some()) {
            return true;
        }
        self.item.as_ref().is_some_and(|item| match item.phase {
            LinkPhase::Working => self.status != Status::Unlinked,
            // Nobody here can do anything for it to become one.
            LinkPhase::WaitsForOthers => self.status == Status::PendingAuth,
            _ => false,
        })
    }

    /// What to call it: the nickname, else the account holder, else the connection id. An aggregator's id says nothing
    /// to anybody, so there the institution's name stands for it.
    pub fn display_name(&self) -> &str {
        let last = if self.item.is_some() { &self.provider_name } else { self.key.connection_id.as_str() };
        self.nickname.as_deref().or(self.account_holder.as_deref()).unwrap_or(last)
    }
}
