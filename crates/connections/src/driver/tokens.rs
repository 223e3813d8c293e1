//! Fresh access tokens for whoever may have them.

use super::{Connections, line_about, refresh::linked};
use crate::activity::ActivityKind;
use crate::error::{CoreError, ErrorCode, wire_name};
use crate::id::ConnectionKey;
use crate::ports::{Change, Grant};
use crate::step::{Event, freshness_margin};
use crate::view::Source;
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use std::collections::BTreeMap;

/// How long a use stands before the next one is written down again: an audit line and a disk write a minute, not one
/// a request.
const USE_WRITTEN_EVERY: SignedDuration = SignedDuration::from_mins(1);

/// An access token that is fresh, and what belongs to it.
pub struct FreshToken {
    /// For resource servers.
    pub access_token: SecretString,
    /// Until when it lives, if the provider says.
    pub expires_at: Option<Timestamp>,
    /// Scopes granted.
    pub scopes: Vec<String>,
    /// The last token response, as JSON.
    pub raw: SecretString,
    /// What the authorization response carried besides.
    pub extras: BTreeMap<String, String>,
}

impl Connections {
    /// An access token that lives at least `min_ttl` more, renewed when it has to be.
    ///
    /// Where the provider's tokens live shorter than `min_ttl`, one that was renewed just now.
    /// `caller` names who asked, for Activity.
    ///
    /// # Errors
    /// Which thing keeps it: approve again, disconnected, paused, provider trouble, offline, the disk.
    pub async fn token(
        &self,
        key: &ConnectionKey,
        min_ttl: Option<SignedDuration>,
        caller: &str,
    ) -> Result<FreshToken, CoreError> {
        let given = self.fresh_grant(key, min_ttl).await;
        self.write_use(key, caller, given.as_ref().err()).await;
        given.map(|grant| FreshToken {
            access_token: grant.access_token.duplicate(),
            expires_at: grant.expires_at,
            scopes: grant.scopes.clone(),
            raw: grant.raw.duplicate(),
            extras: grant.extras.clone(),
        })
    }

    pub(super) async fn fresh_grant(
        &self,
        key: &ConnectionKey,
        min_ttl: Option<SignedDuration>,
    ) -> Result<Grant, CoreError> {
        if self.state().connections.get(key).is_some_and(|one| one.source() != Source::Oauth) {
            return Err(CoreError::new(ErrorCode::NoTokens));
        }
        let in_doubt = {
            let state = self.state();
            let connection = state.connections.get(key).ok_or_else(|| super::unknown_connection(key))?;
            linked(connection)?;
            if connection.paused {
                return Err(CoreError::new(ErrorCode::Paused));
            }
            state.unsaved.contains_key(key) || connection.unproven
        };
        let grant = self.stored_grant(key).await?;
        if !in_doubt && is_fresh(&grant, min_ttl, self.now()) {
            return Ok(grant);
        }
        self.refresh(key).await.map(|renewed| renewed.duplicate())
    }

    async fn write_use(&self, key: &ConnectionKey, caller: &str, refusal: Option<&CoreError>) {
        let now = self.now();
        let Some(connection) = self.state().connections.get(key).cloned() else { return };
        let params = vec![("caller", caller.to_owned())];
        let written = if let Some(error) = refusal {
            let mut params = params;
            params.push(("code", wire_name(&error.code)));
            let line = line_about(&connection, now, ActivityKind::TokenRefused, &params);
            self.write(Vec::new(), vec![line]).await
        } else if connection.last_used_at.is_none_or(|last| now.duration_since(last) >= USE_WRITTEN_EVERY) {
            let line = line_about(&connection, now, ActivityKind::TokenGiven, &params);
            self.apply(key, Event::Used, |_| vec![Change::Log(line)]).await.map(drop)
        } else {
            Ok(())
        };
        if let Err(error) = written {
            tracing::warn!(%error, "a use could not be written down");
        }
    }
}

/// Whether a token lives long enough: as long as asked, or as its own life allows.
fn is_fresh(grant: &Grant, min_ttl: Option<SignedDuration>, now: Timestamp) -> bool {
    let Some(expires_at) = grant.expires_at else {
        // Nobody says when it ends; whoever is refused by the provider reports it.
        return true;
    };
    let life = expires_at.duration_since(grant.obtained_at);
    let margin = freshness_margin(life);
    // No token can promise more than what is left right after a renewal.
    let needed = min_ttl.unwrap_or(margin).min(life.saturating_sub(margin)).max(SignedDuration::ZERO);
    // A clock that was set back makes a token look younger than it is; its age cannot be negative.
    now >= grant.obtained_at && expires_at.duration_since(now) > needed
}
