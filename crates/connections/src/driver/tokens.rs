//! Fresh access tokens for whoever may have them.

use super::refresh::{Asker, linked};
use super::{Connections, State};
use crate::connection::Connection;
use crate::error::{CoreError, ErrorCode};
use crate::id::ConnectionKey;
use crate::ports::Grant;
use crate::step::freshness_margin;
use crate::view::Source;
use jiff::{SignedDuration, Timestamp};
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An access token that is fresh, and what belongs to it. Nobody gets to what renews it from here.
pub struct FreshToken {
    grant: Arc<Grant>,
}

impl FreshToken {
    /// For resource servers.
    pub fn access_token(&self) -> &SecretString {
        &self.grant.access_token
    }

    /// Until when it lives, if the provider says.
    pub fn expires_at(&self) -> Option<Timestamp> {
        self.grant.expires_at
    }

    /// Scopes granted.
    pub fn scopes(&self) -> &[String] {
        &self.grant.scopes
    }

    /// The last token response, as JSON, without its refresh token and ID token.
    pub fn raw(&self) -> &SecretString {
        self.grant.raw.for_programs()
    }

    /// What the authorization response carried besides.
    pub fn extras(&self) -> &BTreeMap<String, String> {
        &self.grant.extras
    }
}

impl From<Arc<Grant>> for FreshToken {
    fn from(grant: Arc<Grant>) -> Self {
        Self { grant }
    }
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
        let given = self.fresh_grant(key, min_ttl, Asker::Program(caller)).await;
        self.write_use(key, caller, given.as_ref().err()).await;
        given.map(FreshToken::from)
    }

    /// An access token in place of one that the provider refused though it looked fresh.
    ///
    /// However many report the same token, the provider is asked once; whoever reports one that was replaced already
    /// gets what took its place. One that was renewed just now and is refused again is not renewed again: the fault
    /// is not its age.
    ///
    /// # Errors
    /// As for [`Self::token`], and [`ErrorCode::TokenRefused`].
    pub async fn token_rejected(
        &self,
        key: &ConnectionKey,
        rejected: &SecretString,
        caller: &str,
    ) -> Result<FreshToken, CoreError> {
        let given = self.grant_other_than(key, rejected, caller).await;
        self.write_use(key, caller, given.as_ref().err()).await;
        given.map(FreshToken::from)
    }

    async fn grant_other_than(
        &self,
        key: &ConnectionKey,
        rejected: &SecretString,
        caller: &str,
    ) -> Result<Arc<Grant>, CoreError> {
        loop {
            // The revision is read before the grant, so that a refresh in between is noticed.
            let connection = self.usable(key, |_, one| one.clone())?;
            let grant = self.stored_grant(key).await?;
            // EXPOSE: compared, in constant time.
            if !grant.access_token.matches(rejected.expose()) {
                return self.fresh_grant(key, None, Asker::Program(caller)).await;
            }
            if renewed_just_now(&connection, self.now()) || !connection.renewable {
                return Err(
                    CoreError::new(ErrorCode::TokenRefused).with("provider", connection.provider_name)
                );
            }
            let asker = Asker::Program(caller);
            if let Some(renewed) = self.refresh_since(key, connection.grant_revision, asker).await? {
                return Ok(renewed);
            }
        }
    }

    pub(super) async fn fresh_grant(
        &self,
        key: &ConnectionKey,
        min_ttl: Option<SignedDuration>,
        asker: Asker<'_>,
    ) -> Result<Arc<Grant>, CoreError> {
        let asked_at = self.now();
        let mut looked_again = false;
        loop {
            let (revision, in_doubt) = self.usable(key, |state, one| {
                (one.grant_revision, one.unproven || state.unsaved.contains_key(key))
            })?;
            let grant = self.stored_grant(key).await?;
            // What others renewed meanwhile is as fresh as it gets, however short it lives.
            let renewed_meanwhile = looked_again && grant.obtained_at >= asked_at;
            if !in_doubt && (renewed_meanwhile || is_fresh(&grant, min_ttl, self.now())) {
                return Ok(grant);
            }
            if let Some(renewed) = self.refresh_since(key, revision, asker).await? {
                return Ok(renewed);
            }
            looked_again = true;
        }
    }

    /// What `read` sees of the connection, if it gives tokens now.
    fn usable<T>(
        &self,
        key: &ConnectionKey,
        read: impl FnOnce(&State, &Connection) -> T,
    ) -> Result<T, CoreError> {
        let state = self.state();
        let connection = state.connections.get(key).ok_or_else(|| super::unknown_connection(key))?;
        if connection.source() != Source::Oauth {
            return Err(CoreError::new(ErrorCode::NoTokens));
        }
        linked(connection)?;
        if connection.paused {
            return Err(CoreError::new(ErrorCode::Paused));
        }
        Ok(read(&state, connection))
    }
}

/// How long after a renewal a refused token is not renewed again.
const RENEWED_JUST_NOW: SignedDuration = SignedDuration::from_secs(30);

/// Whether the access token is a renewal of the last seconds. A renewal that seems to lie ahead was made before the
/// clock was set back, and says nothing.
fn renewed_just_now(connection: &Connection, now: Timestamp) -> bool {
    connection.last_refreshed_at > connection.last_authorized_at
        && connection
            .last_refreshed_at
            .map(|at| now.duration_since(at))
            .is_some_and(|age| !age.is_negative() && age < RENEWED_JUST_NOW)
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
