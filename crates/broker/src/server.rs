//! Accepts programs, reads their requests, writes the answers.

use crate::caller::Caller;
use crate::callers::Callers;
use crate::operations::{Conversation, refusal, without_core};
use crate::peer::Peer;
use crate::programs::OwnPrograms;
use crate::transport::{Listener, Stream, Watch};
use crate::wire::{Answer, Body, LONGEST_LINE, Operation, Refusal, Request, VERSION};
use connections::Connections;
use connections::error::{CoreError, ErrorCode};
use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::sync::{Semaphore, mpsc, watch};
use tokio::task::JoinHandle;

/// Programs that may be connected at once.
const MOST_CALLERS: usize = 128;
/// How long a program may be silent between requests.
const IDLE: Duration = Duration::from_secs(15 * 60);
/// Lines that may wait for a program that does not read.
const BACKLOG: usize = 64;

/// What stands behind the socket at a moment.
#[derive(Clone)]
pub enum Door {
    /// The core answers those whom the gate lets through.
    Open(Connections, Callers),
    /// Nobody gets to the core, for this reason.
    Closed(CoreError),
}

/// Where a door is watched.
pub type DoorWatch = watch::Receiver<Door>;

/// Listens on `socket` until the returned task is aborted. While the door is closed every request that needs the core
/// is refused in its words, those that wait for an answer too.
///
/// # Errors
/// The socket cannot be made, or another process answers it.
pub fn listen(socket: &Path, door: DoorWatch) -> io::Result<JoinHandle<()>> {
    let listener = Listener::bind(socket)?;
    let room = Arc::new(Semaphore::new(MOST_CALLERS));
    Ok(tokio::spawn(async move {
        // They end with the listening.
        let mut conversations = tokio::task::JoinSet::new();
        loop {
            while conversations.try_join_next().is_some() {}
            let Ok(permit) = Arc::clone(&room).acquire_owned().await else { return };
            match listener.accept().await {
                Ok((stream, peer)) => {
                    let door = door.clone();
                    conversations.spawn(async move {
                        if let Err(error) = converse(stream, peer, door).await {
                            tracing::debug!(%error, "a program hung up");
                        }
                        drop(permit);
                    });
                }
                Err(error) => tracing::warn!(%error, "a program could not connect"),
            }
        }
    }))
}

async fn converse(stream: Stream, peer: Peer, door: DoorWatch) -> io::Result<()> {
    // Asked at once: while the program waits for its first answer it is still what it was when it connected.
    let caller = tokio::task::spawn_blocking(move || peer.caller(&OwnPrograms::find())).await;
    let caller = caller.map_err(io::Error::other)?;
    let (gone, listens) = watch::channel(());
    let watch = Watch::over(&stream)?;
    let _watching = AbortOnDrop(tokio::spawn(async move {
        watch.gone().await;
        drop(gone);
    }));
    let (read, mut write) = tokio::io::split(stream);
    let (answers, mut outgoing) = mpsc::channel::<Answer>(BACKLOG);
    let writer = tokio::spawn(async move {
        while let Some(answer) = outgoing.recv().await {
            let mut line = serde_json::to_vec(&answer).map_err(io::Error::other)?;
            line.push(b'\n');
            write.write_all(&line).await?;
            write.flush().await?;
        }
        io::Result::Ok(())
    });
    let mut reader = BufReader::new(read);
    let (asking, asks_more) = watch::channel(());
    let program = Program { caller, asks_more, listens };
    let mut running = tokio::task::JoinSet::new();
    while let Some(line) = next_line(&mut reader).await? {
        let (program, door, answers) = (program.clone(), door.clone(), answers.clone());
        match parse(&line) {
            Ok(request) => {
                running.spawn(async move {
                    let body = program.ask(request.id, request.operation, door, &answers).await;
                    // A program that is gone has no use for it.
                    let _ = answers.send(Answer { id: request.id, body }).await;
                });
            }
            Err((id, refusal)) => {
                // The same: nobody is left to be told.
                let _ = answers.send(Answer { id, body: Body::Error(refusal) }).await;
            }
        }
    }
    drop(asking);
    while running.join_next().await.is_some() {}
    drop(answers);
    writer.await.map_err(io::Error::other)?
}

/// Who is at the other end.
#[derive(Clone)]
struct Program {
    caller: Caller,
    asks_more: watch::Receiver<()>,
    listens: watch::Receiver<()>,
}

impl Program {
    /// Carries a request out, unless the door is closed or closes first.
    async fn ask(
        self,
        id: u64,
        operation: Operation,
        mut door: DoorWatch,
        answers: &mpsc::Sender<Answer>,
    ) -> Body {
        let now = door.borrow_and_update().clone();
        let (core, callers) = match now {
            Door::Open(core, callers) => (core, callers),
            Door::Closed(reason) => return without_core(&operation, reason),
        };
        let Self { caller, asks_more, listens } = self;
        let conversation = Conversation { core, callers, caller, asks_more, listens };
        tokio::select! {
            body = conversation.perform(id, operation, answers) => body,
            reason = closed(&mut door) => Body::Error(refusal(reason)),
        }
    }
}

/// Waits until the door closes; answers why.
async fn closed(door: &mut DoorWatch) -> CoreError {
    let closed = door.wait_for(|door| matches!(door, Door::Closed(_))).await;
    match closed.as_deref() {
        Ok(Door::Closed(reason)) => reason.clone(),
        _ => CoreError::new(ErrorCode::Locked),
    }
}

struct AbortOnDrop(JoinHandle<()>);

impl Drop for AbortOnDrop {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The next line, or none at the end. One that is too long ends the conversation.
async fn next_line(reader: &mut BufReader<tokio::io::ReadHalf<Stream>>) -> io::Result<Option<Vec<u8>>> {
    let mut line = Vec::new();
    let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    let mut bounded = reader.take(limit);
    let read = tokio::time::timeout(IDLE, bounded.read_until(b'\n', &mut line))
        .await
        .map_err(|_| io::Error::from(io::ErrorKind::TimedOut))??;
    if read == 0 {
        return Ok(None);
    }
    if line.last() != Some(&b'\n') && line.len() >= LONGEST_LINE {
        return Err(io::Error::new(io::ErrorKind::InvalidData, "a line is too long"));
    }
    Ok(Some(line))
}

fn parse(line: &[u8]) -> Result<Request, (u64, Refusal)> {
    let refuse = |id, problem: &str| {
        let error = CoreError::new(ErrorCode::BadInput).with("field", "request").with("problem", problem);
        (id, crate::operations::refusal(error))
    };
    let value: serde_json::Value = serde_json::from_slice(line).map_err(|_| refuse(0, "notJson"))?;
    let id = value.get("id").and_then(serde_json::Value::as_u64).unwrap_or(0);
    if value.get("v").and_then(serde_json::Value::as_u64) != Some(u64::from(VERSION)) {
        return Err(refuse(id, "version"));
    }
    // What serde says quotes the request, which may hold a secret: the fact is enough.
    serde_json::from_value(value).map_err(|_| refuse(id, "unknown"))
}
