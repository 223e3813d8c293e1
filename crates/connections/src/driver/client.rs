//! Connections that speak for the registration itself (RFC 6749 §4.4): no page, no person, no refresh token.

use super::begin::Beginning;
use super::{Connections, endpoints, store_error};
use crate::attempt::{ATTEMPT_LIFE, Attempt, AttemptProgress};
use crate::config::ClientConfig;
use crate::connection::Connection;
use crate::error::{CoreError, ErrorCode};
use crate::id::AttemptId;
use crate::ports::{Change, Grant};
use crate::step::{Effect, Event, GrantFacts, add, step};
use crate::view::{AttemptPhase, AttemptView, Failure, Surface};
use oauth::{Disposition, Request, ServerMetadata};
use providers::Provider;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::Url;

impl Connections {
    /// Asks the token endpoint at once. The attempt that comes of it is over, one way or the other.
    pub(super) async fn begin_client(&self, beginning: Beginning) -> Result<AttemptView, CoreError> {
        let provider = beginning.config.provider().clone();
        let endpoint = endpoints::token_endpoint(&provider, &beginning.parameters)?;
        self.replace_attempts_for(&beginning.key).await;
        let id = self.new_attempt_id();
        let attempt = self.client_attempt(id.clone(), &beginning, &provider, &endpoint);
        self.state().attempts.insert(id.clone(), attempt);
        self.announce_attempt(&id);
        let linked = self.link_client(&beginning, &provider, &endpoint).await;
        self.close_client_attempt(&id, linked.map_err(|error| error.with("provider", provider.name)));
        self.attempt(&id)
    }

    async fn link_client(
        &self,
        beginning: &Beginning,
        provider: &Provider,
        endpoint: &Url,
    ) -> Result<(), CoreError> {
        let now = self.now();
        let request = self.client_request(&beginning.config, provider, endpoint).await?;
        let answer = self.inner.ports.http.send(request).await.map_err(super::exchange::unanswered)?;
        let granted = endpoints::judged(provider, &answer, &beginning.config.scopes, now);
        let granted = granted.map_err(|error| {
            let code = match error.disposition() {
                Disposition::Dead | Disposition::Configuration => ErrorCode::ClientRefused,
                Disposition::Later { .. } => ErrorCode::ProviderTrouble,
            };
            CoreError::new(code).detail(error)
        })?;
        let grant = Grant { refresh_token: None, ..super::refresh::grant_from(granted, None, now) };
        let facts = GrantFacts {
            scopes_asked: Some(beginning.config.scopes.clone()),
            parameters: Some(beginning.parameters.clone()),
            ..super::refresh::facts_of(&grant, provider)
        };
        let grant = Arc::new(grant);
        let linked = self.authorize_at_once(beginning.pending(now), facts, Arc::clone(&grant)).await;
        if linked.is_err() {
            let unlinked = beginning.pending(now);
            let parameters = beginning.parameters.clone();
            self.revoke_late(&Connection { parameters, ..unlinked }, provider, &grant).await;
        }
        linked
    }

    /// A request for a token in the client's own name.
    pub(super) async fn client_request(
        &self,
        config: &ClientConfig,
        provider: &Provider,
        endpoint: &Url,
    ) -> Result<Request, CoreError> {
        let client = self.registration(config).await?;
        oauth::client_credentials_request(
            endpoint,
            &client,
            &config.scopes,
            provider.scope_separator.as_str(),
        )
        .and_then(|request| endpoints::dressed(provider, request))
        .map_err(|error| CoreError::new(ErrorCode::ClientRefused).detail(error))
    }

    /// Links a connection, the one that is there or this new one, in one commit: there is no time in which it waits for an approval.
    pub(super) async fn authorize_at_once(
        &self,
        new: Connection,
        facts: GrantFacts,
        grant: Arc<Grant>,
    ) -> Result<(), CoreError> {
        let turn = self.turn(&new.key).await;
        let now = self.now();
        let key = new.key.clone();
        let current = self.current_or(&turn, new);
        let taken = step(&current, Event::Authorized(facts), now);
        let lines: Vec<_> = taken
            .effects
            .iter()
            .filter_map(|effect| match effect {
                Effect::Log(kind, params) => Some(super::line_about(&taken.connection, now, *kind, params)),
                _ => None,
            })
            .collect();
        let mut changes =
            vec![Change::PutConnection(Box::new(taken.connection.clone())), Change::PutGrant(key, grant)];
        changes.extend(lines.iter().cloned().map(Change::Log));
        let sequences = self.inner.ports.store.commit(changes).await.map_err(store_error)?;
        self.publish(taken.connection);
        self.announce_lines(sequences, lines);
        Ok(())
    }

    fn close_client_attempt(&self, id: &AttemptId, linked: Result<(), CoreError>) {
        if let Some(progress) = self.state().attempts.get_mut(id) {
            match linked {
                Ok(()) => progress.phase = AttemptPhase::Succeeded,
                Err(error) => {
                    progress.phase = AttemptPhase::Failed;
                    progress.error = Some(Failure::from(error));
                }
            }
        }
        self.announce_attempt(id);
    }

    /// An attempt without a page: for those who follow it, and never stored.
    fn client_attempt(
        &self,
        id: AttemptId,
        beginning: &Beginning,
        provider: &Provider,
        endpoint: &Url,
    ) -> AttemptProgress {
        let now = self.now();
        let attempt = Attempt {
            id,
            key: beginning.key.clone(),
            reconnect: beginning.reconnects(),
            provider: provider.clone(),
            metadata: only_token_endpoint(endpoint),
            client_id: beginning.config.client_id.clone(),
            redirect_uri: String::new(),
            secrets: self.attempt_secrets(),
            scopes: beginning.config.scopes.clone(),
            parameters: BTreeMap::new(),
            surface: Surface::Print,
            surfaces: Vec::new(),
            device: None,
            started_at: now,
            expires_at: add(now, ATTEMPT_LIFE),
        };
        AttemptProgress {
            attempt,
            address: endpoint.clone(),
            phase: AttemptPhase::Exchanging,
            hint: None,
            error: None,
            moved_at: now,
        }
    }
}

/// A server of which only the token endpoint is asked; its host is what a person is shown.
fn only_token_endpoint(endpoint: &Url) -> ServerMetadata {
    ServerMetadata {
        issuer: None,
        authorization_endpoint: endpoint.clone(),
        token_endpoint: endpoint.clone(),
        device_authorization_endpoint: None,
        revocation_endpoint: None,
        userinfo_endpoint: None,
        jwks_uri: None,
        scopes_supported: Vec::new(),
        client_authentication_methods: Vec::new(),
        id_token_algorithms: Vec::new(),
        iss_parameter_supported: false,
    }
}
