//! What a person does to link a connection.

use crate::world::{World, key};
use connections::error::CoreError;
use connections::view::{AttemptPhase, AttemptView, Surface};
use connections::{BeginAuthorization, Connections};
use secret::SecretString;

/// Begins an approval of [`key`]; its address is printed.
pub async fn begin(core: &Connections, parameters: &[(&str, &str)]) -> Result<AttemptView, CoreError> {
    let given = parameters.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
    core.begin(BeginAuthorization {
        config_key: key().config_key,
        connection_id: Some(key().connection_id),
        surface: Some(Surface::Print),
        preferred: None,
        parameters: given.collect(),
        language: None,
    })
    .await
}

/// The person approves; the provider leads back with these parameters, and is asked for tokens from then on.
pub async fn answer(core: &Connections, attempt: &AttemptView, extra: &str) {
    let address = core.authorization_address(&attempt.id).unwrap();
    let state = address.query_pairs().find(|(name, _)| name == "state").unwrap().1.into_owned();
    let back = format!("http://127.0.0.1:4000/callback?state={state}&{extra}");
    // A refused answer ends the attempt; what became of it is what is looked at.
    let _ = core.deliver(&SecretString::from(back)).await;
}

/// The same, to its end.
pub async fn approve(world: &World, core: &Connections, attempt: &AttemptView, extra: &str) -> AttemptView {
    answer(core, attempt, extra).await;
    let over = |phase| !matches!(phase, AttemptPhase::Waiting | AttemptPhase::Exchanging);
    world.until(|| over(core.attempt(&attempt.id).unwrap().phase)).await;
    core.attempt(&attempt.id).unwrap()
}

/// A token answer with a refresh token, and more members.
pub fn tokens(number: u32, more: &str) -> String {
    format!(
        r#"{{"access_token":"access-{number}","refresh_token":"refresh-{number}","expires_in":300,"token_type":"bearer"{more}}}"#
    )
}
