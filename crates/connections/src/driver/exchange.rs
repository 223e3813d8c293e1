//! From an authorization response to a linked connection.
//!
//! Order: judge the response; end the attempt's claim to further answers; ask for tokens once; make them durable;
//! publish. The window closes as soon as the answer is taken; success is decided by the token response alone.

use super::{Connections, endpoints, refresh::config_of, refresh::facts_of, refresh::grant_from};
use crate::attempt::Attempt;
use crate::error::{CoreError, ErrorCode};
use crate::id::AttemptId;
use crate::ports::{Change, Grant, HttpError};
use crate::raw_answer::RawAnswer;
use crate::step::{Event, GrantFacts, add};
use crate::view::AttemptPhase;
use jiff::{SignedDuration, Timestamp};
use oauth::{
    AuthorizationResponse, AuthorizationResponseError, ExpectedIdentity, ExpectedResponse, Identity, Jwks,
};
use secret::SecretString;
use std::collections::BTreeMap;
use std::sync::Arc;

/// The account that an approval has proven to be of, if it has: by an ID token, or by what came with the tokens.
pub(super) struct Proven(pub(super) Option<String>);

impl Connections {
    /// Judges an answer for a waiting attempt. A good one starts the exchange and is taken; one that does not belong
    /// leaves the attempt waiting; an error answer that does belong ends it.
    pub(super) async fn take_answer(&self, id: &AttemptId, address: &SecretString) -> Result<(), CoreError> {
        let now = self.now();
        let judged = {
            let mut state = self.state();
            let progress = super::authorize::waiting(state.attempts.get_mut(id))?;
            let judged = judge(&progress.attempt, address, now);
            if judged.is_ok() {
                // From here on a second answer finds nothing that waits.
                progress.phase = AttemptPhase::Exchanging;
                progress.hint = None;
            }
            judged
        };
        match judged {
            Ok(response) => {
                self.inner.ports.user_agent.close(id).await;
                self.announce_attempt(id);
                let core = self.clone();
                let id = id.clone();
                // Of its own: neither a browser that goes away nor a window that closes may cut it.
                tokio::spawn(async move { core.exchange(&id, response).await });
                Ok(())
            }
            Err(AuthorizationResponseError::Foreign) => {
                self.refuse_foreign(Some(id)).await;
                Err(CoreError::new(ErrorCode::ForeignAnswer))
            }
            Err(error) => self.end_attempt(id, AttemptPhase::Failed, Some(told(&error))).await,
        }
    }

    async fn exchange(&self, id: &AttemptId, response: AuthorizationResponse) {
        let attempt = {
            let mut state = self.state();
            state.listeners.remove(id);
            state.attempts.get(id).map(|one| one.attempt.stored_copy())
        };
        let Some(attempt) = attempt else { return };
        let linked = self.link(&attempt, response).await;
        self.conclude(id, &attempt, linked).await;
    }

    /// Closes an attempt whose exchange is over, one way or the other.
    pub(super) async fn conclude(
        &self,
        id: &AttemptId,
        attempt: &Attempt,
        linked: Result<Proven, CoreError>,
    ) {
        match linked {
            Ok(Proven(account)) => {
                self.announce_attempt(id);
                self.identify(attempt, account.as_deref()).await;
            }
            // The person has given it up meanwhile.
            Err(_) if self.still_exchanging(id).is_err() => {}
            Err(error) => {
                let error = error.with("provider", attempt.provider.name.clone());
                if let Err(error) = self.end_attempt(id, AttemptPhase::Failed, Some(error)).await {
                    tracing::warn!(%error, "an attempt that failed could not be closed");
                }
            }
        }
    }

    /// Exchanges the code for tokens.
    async fn link(&self, attempt: &Attempt, response: AuthorizationResponse) -> Result<Proven, CoreError> {
        let config = config_of(&self.state(), &attempt.key.config_key)?;
        let client = self.registration(&config).await?;
        let provider = &attempt.provider;
        let said = provider
            .taken_from_callback(&response.extras)
            .map_err(|error| CoreError::new(ErrorCode::ProviderAnswer).detail(error))?;
        let metadata = if said.is_empty() && provider.quirks.callback.is_empty() {
            attempt.metadata.clone()
        } else {
            // The callback says where the tokens are; what it says has matched the catalogue's pattern.
            let mut parameters = attempt.parameters.clone();
            parameters.extend(endpoints::parameters_in(provider, &said));
            endpoints::metadata_of(provider, &parameters)?
        };
        let request = oauth::code_request(
            &metadata,
            &client,
            &response.code,
            &attempt.redirect_uri,
            provider.sends_pkce().then_some(&attempt.secrets),
        )
        .and_then(|request| endpoints::dressed(provider, request))
        .map_err(|error| CoreError::new(ErrorCode::ClientRefused).detail(error))?;
        let sent_at = self.now();
        let answer = self.inner.ports.http.send(request).await.map_err(unanswered)?;
        let extras = response.extras.into_iter().chain(said).collect();
        match endpoints::judged(provider, &answer, &attempt.scopes, sent_at) {
            Ok(granted) => self.establish(attempt, granted, extras, sent_at).await,
            Err(error) => {
                let told = not_granted(&error);
                if let Some(refresh_token) = error.salvaged() {
                    self.revoke_unwanted(attempt, &bare(refresh_token, extras, sent_at)).await;
                }
                Err(told)
            }
        }
    }

    /// Validates what came, and makes the connection linked and durable. `extras` is what the callback carried. Tokens
    /// of which nothing becomes are revoked: nobody would know of them.
    pub(super) async fn establish(
        &self,
        attempt: &Attempt,
        granted: oauth::Grant,
        extras: BTreeMap<String, String>,
        sent_at: Timestamp,
    ) -> Result<Proven, CoreError> {
        let identity = self.identity_in(attempt, &granted, sent_at).await;
        let grant = Grant { extras, ..grant_from(granted, None, sent_at) };
        let unwanted = grant.duplicate();
        let linked = match identity {
            Ok(identity) => self.link_with(attempt, grant, identity).await,
            Err(error) => Err(error),
        };
        if linked.is_err() {
            self.revoke_unwanted(attempt, &unwanted).await;
        }
        linked
    }

    async fn link_with(
        &self,
        attempt: &Attempt,
        mut grant: Grant,
        identity: Option<Identity>,
    ) -> Result<Proven, CoreError> {
        let provider = &attempt.provider;
        let said = endpoints::said_in_answer(provider, &grant)
            .map_err(|error| CoreError::new(ErrorCode::ProviderAnswer).detail(error))?;
        grant.extras.extend(said);
        let mut parameters = attempt.parameters.clone();
        parameters.extend(endpoints::parameters_in(provider, &grant.extras));
        let account = provider.identity_of(&grant.extras).map(ToOwned::to_owned);
        // An end that no renewal moves counts from the approval.
        let hard_stop = provider
            .refresh
            .absolute_lapse_days
            .map(|days| add(grant.obtained_at, SignedDuration::from_hours(24 * i64::from(days))));
        let facts = GrantFacts {
            scopes_asked: Some(attempt.scopes.clone()),
            parameters: Some(parameters),
            hard_stop,
            ..facts_of(&grant, provider)
        };
        let id = attempt.id.clone();
        let key = attempt.key.clone();
        // One turn from the look at the attempt to its success: the person may give it up before or not at all.
        let turn = self.turn(&attempt.key).await;
        self.still_exchanging(&attempt.id)?;
        self.apply_in(&turn, &attempt.key, Event::Authorized(facts), move |_| {
            vec![Change::PutGrant(key, Arc::new(grant)), Change::DeleteAttempt(id)]
        })
        .await?;
        // An address of the provider's own counts accounts in its own way, which an ID token's subject is not.
        let identity = identity.filter(|_| provider.identity.is_none());
        let (subject, holder) = match identity {
            Some(Identity { subject, name, email }) => (Some(subject), name.or(email)),
            None => (account, None),
        };
        let proven = Proven(subject.clone());
        let who = subject.is_some().then_some(Event::Identified { subject, holder });
        if let Some(who) = who
            && let Err(error) = self.apply_in(&turn, &attempt.key, who, |_| Vec::new()).await
        {
            tracing::warn!(%error, "who approved could not be written down");
        }
        if let Some(progress) = self.state().attempts.get_mut(&attempt.id) {
            progress.phase = AttemptPhase::Succeeded;
        }
        Ok(proven)
    }

    /// Refuses when the attempt was given up while its tokens were fetched.
    fn still_exchanging(&self, id: &AttemptId) -> Result<(), CoreError> {
        let state = self.state();
        let exchanging = state.attempts.get(id).is_some_and(|one| one.phase == AttemptPhase::Exchanging);
        if exchanging { Ok(()) } else { Err(CoreError::new(ErrorCode::AttemptOver)) }
    }

    /// The identity that an ID token proves; a token that proves nothing fails the attempt.
    async fn identity_in(
        &self,
        attempt: &Attempt,
        granted: &oauth::Grant,
        now: Timestamp,
    ) -> Result<Option<Identity>, CoreError> {
        let Some(id_token) = &granted.id_token else { return Ok(None) };
        // A token that nobody asked for answers no nonce of ours, and without an issuer there is nothing to prove.
        let asked = attempt.scopes.iter().any(|scope| scope == "openid");
        let (true, Some(issuer)) = (asked, attempt.metadata.issuer.as_deref()) else { return Ok(None) };
        let keys = match &attempt.metadata.jwks_uri {
            Some(uri) => self.keys(uri).await?,
            None => None,
        };
        let expected = ExpectedIdentity {
            issuer: Some(issuer),
            client_id: &attempt.client_id,
            nonce: attempt.device.is_none().then(|| attempt.secrets.nonce()),
            access_token: &granted.access_token,
            allowed_algorithms: &attempt.metadata.id_token_algorithms,
        };
        oauth::judge_id_token(id_token, keys.as_ref(), &expected, now)
            .map(Some)
            .map_err(|error| CoreError::new(ErrorCode::ProviderAnswer).detail(error))
    }

    /// The issuer's keys. When they cannot be fetched the token still came straight from the token endpoint, over TLS,
    /// which is proof enough (OpenID Connect Core §3.1.3.7 item 6); keys that are nonsense are not.
    async fn keys(&self, uri: &url::Url) -> Result<Option<Jwks>, CoreError> {
        let Ok(answer) = self.inner.ports.http.send(oauth::get_request(uri)).await else { return Ok(None) };
        if answer.status >= 500 {
            return Ok(None);
        }
        let keys = Jwks::parse(&answer);
        keys.map(Some).map_err(|error| CoreError::new(ErrorCode::ProviderAnswer).detail(error))
    }
}

fn not_granted(error: &oauth::TokenError) -> CoreError {
    let code = match error.disposition() {
        // A code that is refused is not a grant that died: the person simply starts again.
        oauth::Disposition::Dead => ErrorCode::AttemptOver,
        oauth::Disposition::Configuration => ErrorCode::ClientRefused,
        oauth::Disposition::Later { .. } => ErrorCode::ProviderAnswer,
    };
    CoreError::new(code).detail(error)
}

/// A refresh token that came without anything else of use; it is there to be revoked.
fn bare(refresh_token: SecretString, extras: BTreeMap<String, String>, sent_at: Timestamp) -> Grant {
    Grant {
        access_token: SecretString::from(""),
        refresh_token: Some(refresh_token),
        raw: RawAnswer::from("{}"),
        extras,
        scopes: Vec::new(),
        obtained_at: sent_at,
        expires_at: None,
        refresh_expires_at: None,
    }
}

fn judge(
    attempt: &Attempt,
    address: &SecretString,
    now: Timestamp,
) -> Result<AuthorizationResponse, AuthorizationResponseError> {
    let expected = ExpectedResponse {
        redirect_uri: &attempt.redirect_uri,
        secrets: &attempt.secrets,
        issuer: attempt.metadata.issuer.as_deref(),
        iss_required: attempt.metadata.iss_parameter_supported,
        code_parameter: attempt.provider.quirks.code_parameter.as_deref().unwrap_or("code"),
        expires_at: attempt.expires_at,
    };
    oauth::judge_authorization_response(address, &expected, now)
}

fn told(error: &AuthorizationResponseError) -> CoreError {
    let code = match error {
        AuthorizationResponseError::Foreign => ErrorCode::ForeignAnswer,
        AuthorizationResponseError::Refused => ErrorCode::AccessDenied,
        AuthorizationResponseError::Expired => ErrorCode::AttemptOver,
        AuthorizationResponseError::Failed(_) | AuthorizationResponseError::Malformed(_) => {
            ErrorCode::ProviderAnswer
        }
    };
    CoreError::new(code).detail(error)
}

pub(super) fn unanswered(error: HttpError) -> CoreError {
    let code = match error {
        HttpError::Offline => ErrorCode::Offline,
        HttpError::Certificate => ErrorCode::CertificateRefused,
        HttpError::Unreachable | HttpError::AnswerLost => ErrorCode::ProviderTrouble,
        HttpError::Unreadable | HttpError::Redirected => ErrorCode::ProviderAnswer,
    };
    CoreError::new(code).detail(error)
}
