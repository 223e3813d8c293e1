//! `GET /oauth/callback`: takes the provider's answer, waits for the tokens, tells the page that waits.

use super::page::{End, Failure, Waiting, page};
use super::{Opener, first, pairs};
use crate::http::{Site, error_json, sentence};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use connections::AttemptId;
use connections::error::{CoreError, ErrorCode};
use connections::view::{AttemptPhase, AttemptView, CoreEvent};
use secret::SecretString;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::broadcast;

/// How long a provider may take to give tokens before the page hears that it failed.
const TOKENS_WITHIN: Duration = Duration::from_secs(90);

/// Takes an answer.
pub(crate) async fn take(
    State(site): State<Arc<Site>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
) -> Response {
    let dest = headers.get("sec-fetch-dest").map(|value| value.to_str().unwrap_or("?"));
    if dest.is_some_and(|dest| dest != "document") {
        return error_json(StatusCode::FORBIDDEN, "This address is a page of its own.");
    }
    let query = SecretString::from(query.unwrap_or_default());
    // EXPOSE: looked at for the names of its parameters.
    let told = pairs(Some(query.expose()));
    if first(&told, "state").is_none() {
        return lost("state_err", "The answer has no state.");
    }
    if first(&told, "code").is_none() && first(&told, "error").is_none() {
        return lost("callback_err", "The answer has neither a code nor an error.");
    }
    let mut events = site.core.subscribe();
    // EXPOSE: the core judges it, and it is a secret again at once.
    let address = SecretString::from(format!("{}?{}", site.callback(), query.expose()));
    let Ok(delivered) = site.core.deliver(&address).await else {
        return lost("state_err", "The answer belongs to no authorization that waits here.");
    };
    let at_provider = delivered.phase == AttemptPhase::Failed;
    let end = match ended(&site, &delivered.id, &mut events).await {
        Ok(()) => End::Linked,
        Err(error) if at_provider => End::Failed(Failure::new("callback_err", sentence(&error))),
        Err(error) => End::Failed(Failure::new("token_err", sentence(&error))),
    };
    tell(site.openers.forget(&delivered.id).as_ref(), &delivered, &end)
}

/// A page for nobody: without an authorization there is no page that waits.
fn lost(kind: &'static str, message: &str) -> Response {
    page(&Waiting::default(), &End::Failed(Failure::new(kind, message)))
}

fn tell(opener: Option<&Opener>, attempt: &AttemptView, end: &End) -> Response {
    let key = opener.map_or(&attempt.key, |opener| &opener.key);
    let waiting = Waiting {
        origin: opener.and_then(|opener| opener.origin.as_deref()),
        config_key: Some(key.config_key.as_str()),
        connection_id: Some(key.connection_id.as_str()),
    };
    page(&waiting, end)
}

/// Waits until the attempt has ended.
async fn ended(
    site: &Site,
    id: &AttemptId,
    events: &mut broadcast::Receiver<CoreEvent>,
) -> Result<(), CoreError> {
    let end = async {
        loop {
            let now = site.core.attempt(id)?;
            match now.phase {
                AttemptPhase::Succeeded => return Ok(()),
                AttemptPhase::Waiting | AttemptPhase::Exchanging => {}
                AttemptPhase::Failed | AttemptPhase::Cancelled | AttemptPhase::Expired => {
                    return Err(now.error.map_or_else(
                        || CoreError::new(ErrorCode::AttemptOver),
                        |failure| CoreError { code: failure.code, params: failure.params, detail: None },
                    ));
                }
            }
            // Which event it was does not matter; one that was lost does not either.
            if matches!(events.recv().await, Err(broadcast::error::RecvError::Closed)) {
                return Err(CoreError::new(ErrorCode::Locked));
            }
        }
    };
    let late = || CoreError::new(ErrorCode::ProviderTrouble);
    tokio::time::timeout(TOKENS_WITHIN, end).await.unwrap_or_else(|_| Err(late()))
}
