//! Accepts sockets, turns away what is too many, and ends in order.

use super::guard::Guarded;
use super::impatient::Impatient;
use super::who::Socket;
use super::{LARGEST, Limits, ServeError};
use axum::body::Body;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper_util::rt::{TokioIo, TokioTimer};
use std::convert::Infallible;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tokio::task::{JoinHandle, JoinSet};

/// How far to look for a free port.
const NEARBY: u16 = 50;
/// How long requests that are under way may take to end.
const END_WITHIN: Duration = Duration::from_secs(3);
/// Pause after the operating system could not accept, which passes when somebody hangs up.
const PAUSE: Duration = Duration::from_millis(20);
/// What a socket too many hears.
const BUSY: &[u8] =
    b"HTTP/1.1 503 Service Unavailable\r\nRetry-After: 1\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

/// The open server. It ends when this is dropped.
#[derive(Debug)]
pub struct Serving {
    address: SocketAddr,
    stopping: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Serving {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// Accepts nobody more, lets requests that are under way end for a moment, and frees the port.
    pub async fn stop(mut self) {
        self.stopping.send_replace(true);
        // A task that ended otherwise has let go of the port as well.
        let _ = (&mut self.task).await;
    }
}

impl Drop for Serving {
    fn drop(&mut self) {
        self.task.abort();
    }
}

/// Both addresses that `localhost` may mean.
pub(super) struct Listeners {
    v4: TcpListener,
    v6: Option<TcpListener>,
    port: u16,
}

impl Listeners {
    /// Listens on both; a machine without IPv6 has one. A port of which another program has either half is taken: it
    /// would get what is meant for us.
    pub(super) async fn bind(port: u16) -> Result<Self, ServeError> {
        let v4 =
            TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await.map_err(|error| bind_error(error, port))?;
        let port = v4.local_addr().map_err(ServeError::Refused)?.port();
        let v6 = match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
            Ok(listener) => Some(listener),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => return Err(bind_error(error, port)),
            Err(_) => None,
        };
        Ok(Self { v4, v6, port })
    }

    pub(super) const fn port(&self) -> u16 {
        self.port
    }

    async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        match &self.v6 {
            None => self.v4.accept().await,
            Some(v6) => tokio::select! {
                accepted = self.v4.accept() => accepted,
                accepted = v6.accept() => accepted,
            },
        }
    }
}

fn bind_error(error: io::Error, port: u16) -> ServeError {
    if error.kind() != io::ErrorKind::AddrInUse {
        return ServeError::Refused(error);
    }
    let free = |port: &u16| {
        let both = [IpAddr::from(Ipv4Addr::LOCALHOST), IpAddr::from(Ipv6Addr::LOCALHOST)];
        both.iter().all(|host| {
            let bound = std::net::TcpListener::bind((*host, *port));
            bound.map_or_else(|error| error.kind() != io::ErrorKind::AddrInUse, |_| true)
        })
    };
    let after = port.saturating_add(1)..=port.saturating_add(NEARBY);
    ServeError::PortTaken { port, next: after.filter(|next| *next != port).find(free) }
}

/// Serves on `listeners` what is guarded.
pub(super) fn run(listeners: Listeners, guarded: Guarded) -> Serving {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, listeners.port));
    let (stopping, stopped) = watch::channel(false);
    let task = tokio::spawn(accept(listeners, Arc::new(guarded), stopped));
    Serving { address, stopping, task }
}

async fn accept(listeners: Listeners, guarded: Arc<Guarded>, mut stopped: watch::Receiver<bool>) {
    let limits = guarded.limits();
    let room = Arc::new(Semaphore::new(limits.sockets));
    let mut open = JoinSet::new();
    loop {
        while open.try_join_next().is_some() {}
        let accepted = tokio::select! {
            accepted = listeners.accept() => accepted,
            // Also when whoever could stop it is gone.
            _ = stopped.changed() => break,
        };
        let (stream, peer) = match accepted {
            Ok(accepted) => accepted,
            Err(error) => {
                tracing::warn!(%error, "a program could not connect");
                tokio::time::sleep(PAUSE).await;
                continue;
            }
        };
        let Ok(permit) = Arc::clone(&room).try_acquire_owned() else {
            // Whoever does not wait for the word has at least not been kept.
            let _ = stream.try_write(BUSY);
            continue;
        };
        let (guarded, stopped) = (Arc::clone(&guarded), stopped.clone());
        open.spawn(async move {
            converse(stream, peer, guarded, limits, stopped).await;
            drop(permit);
        });
    }
    drop(listeners);
    // Whoever is not done by then is cut off when the set is dropped.
    let _ = tokio::time::timeout(END_WITHIN, async { while open.join_next().await.is_some() {} }).await;
}

async fn converse(
    stream: TcpStream,
    peer: SocketAddr,
    guarded: Arc<Guarded>,
    limits: Limits,
    mut stopped: watch::Receiver<bool>,
) {
    let socket = Arc::new(Socket::new(peer, stream.local_addr().ok()));
    let answer = hyper::service::service_fn(move |request: hyper::Request<Incoming>| {
        let (guarded, socket) = (Arc::clone(&guarded), Arc::clone(&socket));
        async move { Ok::<_, Infallible>(guarded.answer(request.map(Body::new), &socket).await) }
    });
    let stream = Impatient::new(stream, limits.read_within);
    let mut server = http1::Builder::new();
    server.timer(TokioTimer::new()).header_read_timeout(limits.head_within);
    server.max_buf_size(LARGEST).max_header_size(LARGEST);
    let mut conversation = std::pin::pin!(server.serve_connection(TokioIo::new(stream), answer));
    let ended = tokio::select! {
        ended = conversation.as_mut() => ended,
        _ = stopped.changed() => {
            conversation.as_mut().graceful_shutdown();
            conversation.await
        }
    };
    if let Err(error) = ended {
        // What hyper says names the step that failed, never what was sent.
        tracing::debug!(%error, "a program on the loopback address hung up");
    }
}
