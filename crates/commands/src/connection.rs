//! Connections and their history.

use crate::Host;
use crate::dto::{ActivityAsk, ActivityPage, ConnectionRename, Disconnected, Revoked};
use connections::RevocationOutcome;
use connections::id::ConnectionKey;
use connections::view::{ConnectionView, Failure};

/// All connections.
pub async fn connections_list(host: &Host, _request: ()) -> Result<Vec<ConnectionView>, Failure> {
    Ok(host.connections()?.connections())
}

/// Names a connection.
pub async fn connection_rename(host: &Host, request: ConnectionRename) -> Result<ConnectionView, Failure> {
    Ok(host.connections()?.rename(&request.key, request.nickname.as_deref()).await?)
}

/// Pauses a connection.
pub async fn connection_pause(host: &Host, key: ConnectionKey) -> Result<ConnectionView, Failure> {
    Ok(host.connections()?.pause(&key).await?)
}

/// Resumes a connection.
pub async fn connection_resume(host: &Host, key: ConnectionKey) -> Result<ConnectionView, Failure> {
    Ok(host.connections()?.resume(&key).await?)
}

/// Checks a connection now.
pub async fn connection_sync(host: &Host, key: ConnectionKey) -> Result<ConnectionView, Failure> {
    Ok(host.connections()?.sync(&key).await?)
}

/// Disconnects, keeping what was fetched.
pub async fn connection_disconnect(host: &Host, key: ConnectionKey) -> Result<Disconnected, Failure> {
    Ok(told(host.connections()?.disconnect(&key).await?))
}

/// Deletes a connection and what was fetched.
pub async fn connection_delete(host: &Host, key: ConnectionKey) -> Result<Disconnected, Failure> {
    Ok(told(host.connections()?.delete(&key).await?))
}

/// Lines of Activity, the newest first.
pub async fn activity_list(host: &Host, request: ActivityAsk) -> Result<ActivityPage, Failure> {
    let limit = usize::try_from(request.limit).unwrap_or(usize::MAX);
    let core = host.connections()?;
    let (lines, more) = core.activity(request.connection.as_ref(), request.before, limit).await?;
    Ok(ActivityPage { lines, more })
}

const fn told(outcome: RevocationOutcome) -> Disconnected {
    let revoked = match outcome {
        RevocationOutcome::Confirmed => Revoked::Yes,
        RevocationOutcome::NotOffered => Revoked::NotOffered,
        RevocationOutcome::Later => Revoked::Later,
        RevocationOutcome::Refused => Revoked::Refused,
        RevocationOutcome::Kept => Revoked::Kept,
        RevocationOutcome::KeyStays => Revoked::KeyStays,
        RevocationOutcome::Nothing => Revoked::Nothing,
    };
    Disconnected { revoked }
}
