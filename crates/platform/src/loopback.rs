//! Listens on 127.0.0.1 and `[::1]` for the person's return from the browser.
//!
//! Invariants
//! - A port is ours on both loopback addresses or not at all: `localhost` means either, and whoever had the other one
//!   would get the code.
//! - Bound to the loopback addresses only; a request for another host name is refused (DNS rebinding).
//! - Only `GET` of the one path is an answer. The page is fixed: nothing that came in is echoed, nothing is loaded,
//!   nothing is redirected, and the code leaves the address bar.
//! - The page is answered before tokens are fetched.
//!
//! Source: RFC 8252 §7.3 and §8.3; RFC 9700 §4.2, §4.11.

mod pages;

use async_trait::async_trait;
use connections::id::AttemptId;
use connections::ports::{HitAnswer, Listening, Loopback, LoopbackHit};
use pages::Page;
use secret::SecretString;
use std::io;
use std::net::{Ipv4Addr, Ipv6Addr};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{mpsc, oneshot};

/// Longest head of a request that is read. Codes are short; browsers send a few kilobytes of headers.
const LONGEST_HEAD: usize = 16 * 1024;
/// How much of a refused request is read to its end.
const LONGEST_REST: u64 = 1 << 20;
/// How long a client may take to send its head.
const HEAD_TIMEOUT: Duration = Duration::from_secs(10);
/// Ports that are tried, where any will do.
const MOST_PORTS: usize = 16;
/// Clients that may be connected at once; a browser opens a few.
const MOST_CLIENTS: usize = 16;

/// The loopback adapter.
pub struct LoopbackListener;

/// Ends the listener when dropped.
struct Guard(tokio::task::AbortHandle);

impl Drop for Guard {
    fn drop(&mut self) {
        self.0.abort();
    }
}

#[async_trait]
impl Loopback for LoopbackListener {
    async fn listen(
        &self,
        attempt: &AttemptId,
        port: Option<u16>,
        hits: mpsc::Sender<LoopbackHit>,
    ) -> io::Result<Listening> {
        let (port, listeners) = bind(port).await?;
        let guards: Vec<Guard> = listeners
            .into_iter()
            .map(|listener| {
                let accepting = accept(listener, port, attempt.clone(), hits.clone());
                Guard(tokio::spawn(accepting).abort_handle())
            })
            .collect();
        Ok(Listening { port, guard: Box::new(guards) })
    }
}

/// The port on both loopback addresses; any that is free on both when none is asked for.
async fn bind(port: Option<u16>) -> io::Result<(u16, Vec<TcpListener>)> {
    if let Some(port) = port {
        return bind_both(port).await;
    }
    let mut last = None;
    for _ in 0..MOST_PORTS {
        match bind_both(0).await {
            // Somebody has it on the other address.
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => last = Some(error),
            bound => return bound,
        }
    }
    Err(last.unwrap_or_else(|| io::ErrorKind::AddrInUse.into()))
}

async fn bind_both(port: u16) -> io::Result<(u16, Vec<TcpListener>)> {
    let ipv4 = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let port = ipv4.local_addr()?.port();
    match TcpListener::bind((Ipv6Addr::LOCALHOST, port)).await {
        Ok(ipv6) => Ok((port, vec![ipv4, ipv6])),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => Err(error),
        // There is no such address on this computer, so nobody else can have it either.
        Err(_) => Ok((port, vec![ipv4])),
    }
}

async fn accept(listener: TcpListener, port: u16, attempt: AttemptId, hits: mpsc::Sender<LoopbackHit>) {
    let room = std::sync::Arc::new(tokio::sync::Semaphore::new(MOST_CLIENTS));
    loop {
        let Ok(permit) = std::sync::Arc::clone(&room).acquire_owned().await else { return };
        let Ok((client, _)) = listener.accept().await else { continue };
        let (attempt, hits) = (attempt.clone(), hits.clone());
        // Detached: the page must still be written after the attempt has ended and dropped the listener.
        tokio::spawn(async move {
            let served = tokio::time::timeout(HEAD_TIMEOUT * 3, serve(client, port, attempt, hits)).await;
            if served.is_err() {
                tracing::debug!("a client of the loopback listener was too slow");
            }
            drop(permit);
        });
    }
}

async fn serve(
    mut client: TcpStream,
    port: u16,
    attempt: AttemptId,
    hits: mpsc::Sender<LoopbackHit>,
) -> io::Result<()> {
    let head = match tokio::time::timeout(HEAD_TIMEOUT, read_head(&mut client)).await {
        Ok(Ok(Some(head))) => head,
        Ok(Ok(None)) | Err(_) => return refuse(client, Page::TooLarge).await,
        Ok(Err(error)) => return Err(error),
    };
    let Some(request) = Request::parse(&head) else { return refuse(client, Page::BadRequest).await };
    let language = request.language();
    let page = match request.judge(port) {
        Err(page) => page,
        Ok(target) => {
            let (answer, taken) = oneshot::channel();
            let address = SecretString::from(format!("http://{}{target}", request.host));
            let hit = LoopbackHit { attempt, address, answer };
            match hits.send(hit).await {
                Ok(()) => match taken.await {
                    Ok(HitAnswer::Taken) => Page::Done,
                    Ok(HitAnswer::Ignored) | Err(_) => Page::Ignored,
                },
                Err(_) => Page::Ignored,
            }
        }
    };
    pages::write(&mut client, page, language).await?;
    client.shutdown().await
}

/// Refuses, and reads on for a moment: a socket that is closed with unread input is reset, and the page is lost.
async fn refuse(mut client: TcpStream, page: Page) -> io::Result<()> {
    pages::write(&mut client, page, None).await?;
    client.shutdown().await?;
    let mut rest = client.take(LONGEST_REST);
    tokio::io::copy(&mut rest, &mut tokio::io::sink()).await.map(drop)
}

/// The head of the request, or `None` when it is too long.
async fn read_head(client: &mut TcpStream) -> io::Result<Option<String>> {
    let mut head = Vec::with_capacity(2048);
    let mut chunk = [0_u8; 2048];
    loop {
        let read = client.read(&mut chunk).await?;
        head.extend_from_slice(chunk.get(..read).unwrap_or_default());
        if head.windows(4).any(|window| window == b"\r\n\r\n") || read == 0 {
            return Ok(Some(String::from_utf8_lossy(&head).into_owned()));
        }
        if head.len() > LONGEST_HEAD {
            return Ok(None);
        }
    }
}

/// What matters of a request.
struct Request<'a> {
    method: &'a str,
    target: &'a str,
    host: &'a str,
    accept_language: &'a str,
}

impl<'a> Request<'a> {
    fn parse(head: &'a str) -> Option<Self> {
        let mut lines = head.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let (method, target, version) = (first.next()?, first.next()?, first.next()?);
        if first.next().is_some() || !version.starts_with("HTTP/1.") {
            return None;
        }
        let mut hosts = Vec::new();
        let mut accept_language = "";
        for (name, value) in lines.filter_map(|line| line.split_once(':')) {
            if name.eq_ignore_ascii_case("host") {
                hosts.push(value.trim());
            } else if name.eq_ignore_ascii_case("accept-language") {
                accept_language = value.trim();
            }
        }
        // None, or two that disagree, is a request that somebody bent.
        let [host] = hosts.as_slice() else { return None };
        Some(Self { method, target, host, accept_language })
    }

    /// The target of an answer, or the page that refuses it.
    fn judge(&self, port: u16) -> Result<&'a str, Page> {
        let ours = [format!("127.0.0.1:{port}"), format!("localhost:{port}")];
        if !ours.iter().any(|host| host == self.host) {
            return Err(Page::WrongHost);
        }
        let path = self.target.split('?').next().unwrap_or_default();
        if path != "/callback" {
            return Err(Page::NotFound);
        }
        if self.method != "GET" {
            return Err(Page::WrongMethod);
        }
        Ok(self.target)
    }

    fn language(&self) -> Option<&'a str> {
        self.accept_language.split([',', ';']).next()
    }
}

#[cfg(test)]
mod tests;
