//! The other end: asks the program that owns the vault.

use crate::transport;
use crate::wire::{Answer, Body, Operation, Progress, Refusal, Reply, Request, VERSION};
use std::io;
use std::path::Path;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub enum AskError {
    /// Nobody listens: neither the app nor the agent runs.
    #[error("neither the app nor the agent is running")]
    NotRunning,
    /// The conversation broke.
    #[error("the conversation with Mooring broke: {0}")]
    Broken(io::Error),
    /// It was refused.
    #[error("refused: {0:?}")]
    Refused(Refusal),
}

/// Asks once, and waits for the last answer. `progress` hears of what comes before it.
///
/// # Errors
/// [`AskError`].
pub async fn ask(
    socket: &Path,
    operation: Operation,
    mut progress: impl FnMut(Progress),
) -> Result<Reply, AskError> {
    let stream = transport::connect(socket).await.map_err(|error| match error.kind() {
        io::ErrorKind::NotFound | io::ErrorKind::ConnectionRefused => AskError::NotRunning,
        _ => AskError::Broken(error),
    })?;
    let (read, mut write) = tokio::io::split(stream);
    let mut line = serde_json::to_vec(&Request { v: VERSION, id: 1, operation })
        .map_err(|error| AskError::Broken(io::Error::other(error)))?;
    line.push(b'\n');
    write.write_all(&line).await.map_err(AskError::Broken)?;
    let mut lines = BufReader::new(read).lines();
    loop {
        let line = lines.next_line().await.map_err(AskError::Broken)?;
        let line = line.ok_or_else(|| AskError::Broken(io::ErrorKind::UnexpectedEof.into()))?;
        let answer: Answer =
            serde_json::from_str(&line).map_err(|_| AskError::Broken(io::ErrorKind::InvalidData.into()))?;
        match answer.body {
            Body::Ok(reply) => return Ok(reply),
            Body::Error(refusal) => return Err(AskError::Refused(refusal)),
            Body::Event(event) => progress(event),
        }
    }
}
