//! The other end: asks the program that owns the vault.

use crate::transport;
use crate::wire::{Answer, Body, Operation, Progress, Refusal, Reply, Request, VERSION};
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWrite, AsyncWriteExt as _, BufReader};

/// How long nothing is heard before the other side is asked whether it is there, and how long it may take to say so.
const PATIENCE: Duration = Duration::from_secs(15);
/// Under this number it is asked.
const ARE_YOU_THERE: u64 = 2;

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens: neither the app nor the agent runs.
    #[error("neither the app nor the agent is running")]
    NotRunning,
    /// The conversation broke.
    #[error("the conversation with Mooring broke: {0}")]
    Broken(io::Error),
    /// It is there and says nothing, not even that it is: stopped, or stuck.
    #[error("Mooring does not answer")]
    Silent,
    /// It was refused.
    #[error("refused: {0:?}")]
    Refused(Refusal),
}

/// Asks once, and waits for the last answer, however long the person takes for theirs. `progress` hears of what comes
/// before it.
///
/// # Errors
/// [`AskError`].
pub async fn ask(
    socket: &Path,
    operation: Operation,
    progress: impl FnMut(Progress),
) -> Result<Reply, AskError> {
    ask_patiently(socket, operation, PATIENCE, progress).await
}

/// As [`ask`], with another patience.
///
/// # Errors
/// [`AskError`].
pub async fn ask_patiently(
    socket: &Path,
    operation: Operation,
    patience: Duration,
    mut progress: impl FnMut(Progress),
) -> Result<Reply, AskError> {
    let stream = transport::connect(socket).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => AskError::NotRunning,
        _ => AskError::Broken(error),
    })?;
    let (read, mut write) = tokio::io::split(stream);
    let mut lines = BufReader::new(read).lines();
    // One that turns us away may have hung up before it read this; its word is there all the same.
    let sent = send(&mut write, 1, operation, patience).await;
    let mut was_asked = false;
    loop {
        let Ok(line) = tokio::time::timeout(patience, lines.next_line()).await else {
            if was_asked {
                return Err(AskError::Silent);
            }
            was_asked = true;
            send(&mut write, ARE_YOU_THERE, Operation::Status, patience).await?;
            continue;
        };
        was_asked = false;
        let Some(line) = line.map_err(AskError::Broken)? else {
            return Err(sent.err().unwrap_or_else(|| AskError::Broken(io::ErrorKind::UnexpectedEof.into())));
        };
        let answer: Answer =
            serde_json::from_str(&line).map_err(|_| AskError::Broken(io::ErrorKind::InvalidData.into()))?;
        if answer.id == ARE_YOU_THERE {
            continue;
        }
        match answer.body {
            Body::Ok(reply) => return Ok(reply),
            Body::Error(refusal) => return Err(AskError::Refused(refusal)),
            Body::Event(event) => progress(event),
        }
    }
}

async fn send(
    write: &mut (impl AsyncWrite + Unpin),
    id: u64,
    operation: Operation,
    patience: Duration,
) -> Result<(), AskError> {
    let line = serde_json::to_vec(&Request { v: VERSION, id, operation });
    let mut line = line.map_err(|error| AskError::Broken(io::Error::other(error)))?;
    line.push(b'\n');
    match tokio::time::timeout(patience, write.write_all(&line)).await {
        Ok(written) => written.map_err(AskError::Broken),
        Err(_) => Err(AskError::Silent),
    }
}
