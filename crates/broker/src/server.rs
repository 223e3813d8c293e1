//! Accepts programs, reads their requests, writes the answers.

mod room;

use crate::caller::Caller;
use crate::callers::Callers;
use crate::operations::{Conversation, refusal, without_core};
use crate::peer::Peer;
use crate::programs::OwnPrograms;
use crate::transport::{Listener, Stream, Watch};
use crate::wire::{Answer, Body, LONGEST_LINE, Operation, Refusal, Request, VERSION};
use connections::Connections;
use connections::error::{CoreError, ErrorCode};
use room::{Place, Room};
use std::io;
use std::path::Path;
use std::time::Duration;
use tokio::io::{
    AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader, ReadHalf, WriteHalf,
};
use tokio::sync::{mpsc, watch};
use tokio::task::{JoinHandle, JoinSet};

/// Lines that may wait for a program that does not read.
const BACKLOG: usize = 64;
/// Pause after the operating system could not accept, which passes when somebody hangs up.
const PAUSE: Duration = Duration::from_millis(20);

/// How much programs may have at once, and how long they may take.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SocketLimits {
    /// Conversations in all.
    pub conversations: usize,
    /// How many of them are for our own command line alone.
    pub kept_back: usize,
    /// Conversations of one process.
    pub of_one_process: usize,
    /// Conversations of all processes that run one program.
    pub of_one_program: usize,
    /// Requests of one conversation that are under way.
    pub requests: usize,
    /// How long the first request may keep us waiting.
    pub first_within: Duration,
    /// How long a request may take that has begun to come.
    pub line_within: Duration,
    /// How long a program may leave an answer unread.
    pub read_within: Duration,
    /// How long a program may be silent between requests.
    pub idle: Duration,
}

impl Default for SocketLimits {
    fn default() -> Self {
        Self {
            conversations: 256,
            kept_back: 64,
            of_one_process: 64,
            of_one_program: 128,
            requests: 256,
            first_within: Duration::from_secs(10),
            line_within: Duration::from_secs(10),
            read_within: Duration::from_secs(60),
            idle: Duration::from_secs(15 * 60),
        }
    }
}

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
    listen_within(socket, door, SocketLimits::default())
}

/// As [`listen`], with other limits.
///
/// # Errors
/// As for [`listen`].
pub fn listen_within(socket: &Path, door: DoorWatch, limits: SocketLimits) -> io::Result<JoinHandle<()>> {
    let listener = Listener::bind(socket)?;
    let room = Room::new(limits);
    Ok(tokio::spawn(async move {
        // They end with the listening.
        let mut conversations = JoinSet::new();
        loop {
            while conversations.try_join_next().is_some() {}
            let (stream, peer) = match listener.accept().await {
                Ok(accepted) => accepted,
                Err(error) => {
                    tracing::warn!(%error, "a program could not connect");
                    tokio::time::sleep(PAUSE).await;
                    continue;
                }
            };
            let Some(place) = room.enter(peer.pid) else {
                tracing::debug!(pid = peer.pid, "a program too many was turned away");
                turn_away(&stream);
                continue;
            };
            let door = door.clone();
            conversations.spawn(async move {
                if let Err(error) = converse(stream, peer, door, place, limits).await {
                    tracing::debug!(%error, "a program hung up");
                }
            });
        }
    }))
}

/// Says so, as far as it can be said without waiting.
fn turn_away(stream: &Stream) {
    let Ok(mut line) = serde_json::to_vec(&too_many(0, TOO_MANY_PROGRAMS)) else { return };
    line.push(b'\n');
    // Whoever does not wait for the word has at least not been kept.
    let _ = stream.try_write(&line);
}

const TOO_MANY_PROGRAMS: &str = "tooManyPrograms";
const TOO_MANY_REQUESTS: &str = "tooManyRequests";

fn too_many(id: u64, reason: &str) -> Answer {
    let busy = CoreError::new(ErrorCode::Busy).with("reason", reason);
    Answer { id, body: Body::Error(refusal(busy)) }
}

async fn converse(
    stream: Stream,
    peer: Peer,
    door: DoorWatch,
    mut place: Place,
    limits: SocketLimits,
) -> io::Result<()> {
    // Asked at once: while the program waits for its first answer it is still what it was when it connected.
    let caller = tokio::task::spawn_blocking(move || peer.caller(&OwnPrograms::find())).await;
    let caller = caller.map_err(io::Error::other)?;
    if !place.keeps(&caller) {
        turn_away(&stream);
        return Ok(());
    }
    let (gone, listens) = watch::channel(());
    let watch = Watch::over(&stream)?;
    let watching = AbortOnDrop(tokio::spawn(async move {
        watch.gone().await;
        drop(gone);
    }));
    let (read, write) = tokio::io::split(stream);
    let (answers, outgoing) = mpsc::channel::<Answer>(BACKLOG);
    let mut writer = AbortOnDrop(tokio::spawn(write_answers(write, outgoing, limits.read_within)));
    let mut reader = BufReader::new(read);
    let (asking, asks_more) = watch::channel(());
    let program = Program { caller, asks_more, listens };
    let mut running = JoinSet::new();
    let mut silent = limits.first_within;
    let ended = loop {
        let line = tokio::select! {
            line = next_line(&mut reader, silent, limits.line_within) => line,
            // Nobody reads the answers.
            ended = &mut writer.0 => break ended.unwrap_or_else(|error| Err(io::Error::other(error))),
        };
        let line = match line {
            Ok(Some(line)) => line,
            Ok(None) => break Ok(()),
            Err(error) => break Err(error),
        };
        silent = limits.idle;
        while running.try_join_next().is_some() {}
        let told = match parse(&line) {
            Ok(request) if running.len() >= limits.requests => {
                answers.send(too_many(request.id, TOO_MANY_REQUESTS)).await
            }
            Ok(request) => {
                let (program, door, answers) = (program.clone(), door.clone(), answers.clone());
                running.spawn(async move {
                    let body = program.ask(request.id, request.operation, door, &answers).await;
                    // A program that is gone has no use for it.
                    let _ = answers.send(Answer { id: request.id, body }).await;
                });
                Ok(())
            }
            Err((id, refusal)) => answers.send(Answer { id, body: Body::Error(refusal) }).await,
        };
        if told.is_err() {
            break Ok(());
        }
    };
    drop(asking);
    if ended.is_err() || answers.is_closed() || !Watch::HEARS_AFTER_ASKING {
        // What waits for the program's sake ends, and by itself: some of it has to be taken back.
        drop(watching);
    }
    if ended.is_err() {
        writer.0.abort();
    }
    while running.join_next().await.is_some() {}
    ended?;
    drop(answers);
    (&mut writer.0).await.map_err(io::Error::other)?
}

/// Writes answers until there are no more, or one is not read in time.
async fn write_answers(
    mut write: WriteHalf<Stream>,
    mut outgoing: mpsc::Receiver<Answer>,
    within: Duration,
) -> io::Result<()> {
    while let Some(answer) = outgoing.recv().await {
        let mut line = serde_json::to_vec(&answer).map_err(io::Error::other)?;
        line.push(b'\n');
        let written = async {
            write.write_all(&line).await?;
            write.flush().await
        };
        in_time(within, written).await?;
    }
    Ok(())
}

async fn in_time<T>(within: Duration, work: impl Future<Output = io::Result<T>>) -> io::Result<T> {
    tokio::time::timeout(within, work).await.map_err(|_| io::Error::from(io::ErrorKind::TimedOut))?
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

struct AbortOnDrop<T>(JoinHandle<T>);

impl<T> Drop for AbortOnDrop<T> {
    fn drop(&mut self) {
        self.0.abort();
    }
}

/// The next line, or none at the end. One that is too long, or comes too slowly, ends the conversation.
async fn next_line(
    reader: &mut BufReader<ReadHalf<Stream>>,
    silent: Duration,
    within: Duration,
) -> io::Result<Option<Vec<u8>>> {
    if in_time(silent, async { reader.fill_buf().await.map(<[u8]>::is_empty) }).await? {
        return Ok(None);
    }
    let mut line = Vec::new();
    let limit = u64::try_from(LONGEST_LINE).unwrap_or(u64::MAX);
    let mut bounded = reader.take(limit);
    in_time(within, bounded.read_until(b'\n', &mut line)).await?;
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
