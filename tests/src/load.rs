//! Many programs at once, as cheap as they can be: threads of the standard library, so that what is measured is not who
//! asks.

use anyhow::{Context as _, Result};
use serde_json::{Value, json};
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::os::unix::net::UnixStream;
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// Longer than anything takes.
const PATIENCE: Duration = Duration::from_secs(120);

/// What asking over and over has shown.
pub struct Pace {
    /// Answers in a second.
    pub per_second: f64,
    /// How long the one in the middle took.
    pub median: Duration,
    /// Bytes of an answer's body.
    pub bytes: usize,
}

/// Asks over HTTP for as long as `time`, on `sockets` sockets that stay open. Every answer must be of status 200.
///
/// # Errors
/// An answer is missing or another.
pub fn keep_asking(address: SocketAddr, request: &str, sockets: usize, time: Duration) -> Result<Pace> {
    let started = Instant::now();
    let asked: Result<Vec<(Vec<Duration>, usize)>> = std::thread::scope(|scope| {
        let programs: Vec<_> = (0..sockets)
            .map(|_| {
                scope.spawn(move || {
                    let mut program = Program::connect(address)?;
                    let (mut took, mut bytes) = (Vec::new(), 0);
                    while started.elapsed() < time {
                        let asked = Instant::now();
                        bytes = program.ask(request)?;
                        took.push(asked.elapsed());
                    }
                    Ok((took, bytes))
                })
            })
            .collect();
        programs.into_iter().map(|program| program.join().expect("no program panics")).collect()
    });
    let elapsed = started.elapsed().as_secs_f64();
    let (took, bytes): (Vec<_>, Vec<_>) = asked?.into_iter().unzip();
    let mut took: Vec<Duration> = took.into_iter().flatten().collect();
    took.sort_unstable();
    let median = *took.get(took.len() / 2).context("nobody was answered")?;
    #[expect(clippy::cast_precision_loss, reason = "some hundred thousand answers")]
    let per_second = took.len() as f64 / elapsed;
    Ok(Pace { per_second, median, bytes: bytes.into_iter().max().unwrap_or_default() })
}

/// Asks each of `requests` once, on `sockets` sockets; answers how long it took.
///
/// # Errors
/// As for [`keep_asking`].
pub fn ask_each(address: SocketAddr, requests: &[String], sockets: usize) -> Result<Duration> {
    let next = AtomicUsize::new(0);
    let started = Instant::now();
    std::thread::scope(|scope| {
        let programs: Vec<_> = (0..sockets)
            .map(|_| {
                scope.spawn(|| {
                    let mut program = Program::connect(address)?;
                    while let Some(request) = requests.get(next.fetch_add(1, Ordering::Relaxed)) {
                        program.ask(request)?;
                    }
                    anyhow::Ok(())
                })
            })
            .collect();
        programs.into_iter().try_for_each(|program| program.join().expect("no program panics"))
    })?;
    Ok(started.elapsed())
}

/// A request for the token of a connection, as HTTP has it.
pub fn token_request(address: SocketAddr, secret: &str, config_key: &str, connection_id: &str) -> String {
    format!(
        "GET /v1/connections/{config_key}/{connection_id}/token HTTP/1.1\r\nHost: {address}\r\n\
         Authorization: Bearer {secret}\r\n\r\n"
    )
}

/// One socket of HTTP.
struct Program {
    socket: BufReader<TcpStream>,
}

impl Program {
    fn connect(address: SocketAddr) -> Result<Self> {
        let socket = TcpStream::connect(address)?;
        socket.set_nodelay(true)?;
        socket.set_read_timeout(Some(PATIENCE))?;
        Ok(Self { socket: BufReader::new(socket) })
    }

    /// Asks, reads the whole answer, and tells how long its body is.
    fn ask(&mut self, request: &str) -> Result<usize> {
        self.socket.get_mut().write_all(request.as_bytes())?;
        let (mut line, mut length) = (String::new(), None);
        self.socket.read_line(&mut line)?;
        anyhow::ensure!(line.starts_with("HTTP/1.1 200"), "answered `{}`", line.trim());
        while line != "\r\n" {
            line.clear();
            anyhow::ensure!(self.socket.read_line(&mut line)? > 0, "hung up in the middle");
            let told = line.split_once(':').filter(|(name, _)| name.eq_ignore_ascii_case("content-length"));
            length = told.map_or(length, |(_, value)| value.trim().parse().ok());
        }
        let length = length.context("the answer has no length")?;
        let mut body = vec![0; length];
        self.socket.read_exact(&mut body)?;
        Ok(length)
    }
}

/// Asks Mooring's socket for one token, `sockets` × `each` times at once: everything is sent before the first answer is
/// read. Answers what each was told.
///
/// # Errors
/// The socket breaks.
pub fn storm(
    socket: &Path,
    config_key: &str,
    connection_id: &str,
    sockets: usize,
    each: usize,
) -> Result<Vec<Value>> {
    let open: Vec<UnixStream> =
        (0..sockets).map(|_| UnixStream::connect(socket)).collect::<std::io::Result<_>>()?;
    let ready = std::sync::Barrier::new(sockets);
    let told: Result<Vec<Vec<Value>>> = std::thread::scope(|scope| {
        let programs: Vec<_> = open
            .iter()
            .map(|socket| scope.spawn(|| ask_at_once(socket, config_key, connection_id, each, &ready)))
            .collect();
        programs.into_iter().map(|program| program.join().expect("no program panics")).collect()
    });
    Ok(told?.into_iter().flatten().collect())
}

fn ask_at_once(
    socket: &UnixStream,
    config_key: &str,
    connection_id: &str,
    each: usize,
    ready: &std::sync::Barrier,
) -> Result<Vec<Value>> {
    socket.set_read_timeout(Some(PATIENCE))?;
    let params = json!({ "configKey": config_key, "connectionId": connection_id });
    let mut lines: Vec<u8> = Vec::new();
    for id in 1..=each {
        writeln!(lines, "{}", json!({ "v": 1, "id": id, "op": "token", "params": params }))?;
    }
    ready.wait();
    let mut writer = socket;
    std::thread::scope(|scope| {
        // Somebody reads meanwhile, so that neither side waits for the other.
        let written = scope.spawn(move || writer.write_all(&lines));
        let answers: Result<Vec<Value>> =
            BufReader::new(socket).lines().take(each).map(|line| Ok(serde_json::from_str(&line?)?)).collect();
        written.join().expect("no program panics")?;
        answers
    })
}
