//! Too much, too slow, malformed.

use crate::place::{Door, Place, SECRET, client};
use broker::http::Limits;
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

/// Short enough to be waited for.
const SHORT: Duration = Duration::from_millis(300);

async fn hurried() -> Place {
    let limits = Limits { head_within: SHORT, body_within: SHORT, ..Limits::default() };
    Place::with(Door::default(), limits).await
}

/// Sends bytes and reads until the server hangs up.
async fn said(place: &Place, bytes: &[u8]) -> String {
    let mut socket = TcpStream::connect(place.serving.address()).await.unwrap();
    socket.write_all(bytes).await.unwrap();
    let mut answer = Vec::new();
    // A reset after the answer is as good as an end.
    let _ = socket.read_to_end(&mut answer).await;
    String::from_utf8_lossy(&answer).into_owned()
}

#[tokio::test]
async fn a_head_that_does_not_end_is_not_waited_for() {
    let place = hurried().await;
    let port = place.serving.address().port();
    for slow in [String::new(), "GET /v1/status HTTP/1.1\r\n".to_owned(), {
        format!("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {SECRET}\r\nX: ")
    }] {
        let answer = said(&place, slow.as_bytes()).await;
        assert!(!answer.contains("200 OK"), "{answer}");
    }
    assert_eq!(place.get("/v1/status").send().await.unwrap().status(), 200, "others are served");
}

#[tokio::test]
async fn a_body_that_does_not_end_is_not_waited_for() {
    let place = hurried().await;
    let port = place.serving.address().port();
    let head = format!(
        "POST /config HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {SECRET}\r\n\
         Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{{"
    );
    assert!(said(&place, head.as_bytes()).await.starts_with("HTTP/1.1 408 "));
}

#[tokio::test]
async fn what_is_too_large_is_refused() {
    let place = Place::new().await;
    let long = "x".repeat(70 * 1024);
    let address = place.url("/config");
    let body = client().post(&address).bearer_auth(SECRET).header("content-type", "application/json");
    assert_eq!(body.body(format!("{{\"a\":\"{long}\"}}")).send().await.unwrap().status(), 413);
    let port = place.serving.address().port();
    let head = format!("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: {long}\r\n\r\n");
    assert!(said(&place, head.as_bytes()).await.starts_with("HTTP/1.1 431 "));
    let many = "X: y\r\n".repeat(500);
    let head = format!("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\n{many}\r\n");
    assert!(said(&place, head.as_bytes()).await.starts_with("HTTP/1.1 431 "));
}

#[tokio::test]
async fn what_is_malformed_is_refused_and_repeats_nothing() {
    let place = hurried().await;
    let port = place.serving.address().port();
    assert!(said(&place, b"CANARY\r\n\r\n").await.starts_with("HTTP/1.1 400 "));
    let no_host = said(&place, b"GET /v1/status HTTP/1.1\r\nConnection: close\r\n\r\n").await;
    assert!(no_host.starts_with("HTTP/1.1 421 "), "{no_host}");
    let two =
        format!("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(said(&place, two.as_bytes()).await.starts_with("HTTP/1.1 421 "));
    let other = format!(
        "GET http://evil.example/v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nConnection: close\r\n\r\n"
    );
    assert!(said(&place, other.as_bytes()).await.starts_with("HTTP/1.1 421 "));
    for (kind, body, status) in
        [("application/json", "{\"CANARY\"", 400), ("application/json", "[]", 400), ("text/plain", "{}", 415)]
    {
        let asked = client().post(place.url("/config")).bearer_auth(SECRET);
        let answer = asked.header("content-type", kind).body(body).send().await.unwrap();
        assert_eq!(answer.status(), status, "{body}");
        assert!(!answer.text().await.unwrap().contains("CANARY"));
    }
    let method = client().delete(place.url("/v1/status")).bearer_auth(SECRET).send().await.unwrap();
    assert_eq!(method.status(), 405);
    assert_eq!(place.get("/nothing").send().await.unwrap().status(), 404);
}

/// Sends a byte now and then, never stopping for long, until the server hangs up.
async fn dripped(place: &Place, beginning: &str) {
    let mut socket = TcpStream::connect(place.serving.address()).await.unwrap();
    socket.write_all(beginning.as_bytes()).await.unwrap();
    let mut beat = tokio::time::interval(SHORT / 10);
    let dripping = async {
        loop {
            beat.tick().await;
            if socket.write_all(b"x").await.is_err() {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(20), dripping).await.expect("it is hung up on");
}

#[tokio::test]
async fn what_drips_is_not_waited_for_although_it_is_never_silent() {
    let place = hurried().await;
    let port = place.serving.address().port();
    let head = format!("GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nX: ");
    let body = format!(
        "POST /config HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {SECRET}\r\n\
         Content-Type: application/json\r\nContent-Length: 60000\r\n\r\n{{"
    );
    for beginning in ["", &head, &body] {
        dripped(&place, beginning).await;
    }
    assert_eq!(place.get("/v1/status").send().await.unwrap().status(), 200, "others are served");
}

#[tokio::test]
async fn who_does_not_read_the_answers_is_hung_up_on() {
    let limits = Limits { sockets: 1, read_within: SHORT, ..Limits::default() };
    let place = Place::with(Door::default(), limits).await;
    let port = place.serving.address().port();
    let request = format!(
        "GET /v1/status HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAuthorization: Bearer {SECRET}\r\n\r\n"
    );
    let mut deaf = TcpStream::connect(place.serving.address()).await.unwrap();
    let asking = async { while deaf.write_all(request.repeat(100).as_bytes()).await.is_ok() {} };
    tokio::time::timeout(Duration::from_secs(20), asking).await.expect("it is hung up on");
    let served =
        async { while !place.get("/v1/status").send().await.is_ok_and(|answer| answer.status() == 200) {} };
    tokio::time::timeout(Duration::from_secs(20), served).await.expect("its place is free");
}

const WANTED: usize = 10_000;

/// The limit of open files of this process: what is allowed now, and what could be.
fn file_limits() -> (usize, usize) {
    let limits = std::fs::read_to_string("/proc/self/limits").unwrap_or_default();
    let line = limits.lines().find_map(|line| line.strip_prefix("Max open files")).unwrap_or_default();
    let mut numbers = line.split_whitespace().map(|number| number.parse().unwrap_or(usize::MAX));
    (numbers.next().unwrap_or(1_024), numbers.next().unwrap_or(1_024))
}

/// Sockets to open: ten thousand, or as many as the operating system lets this program have, and then it says so.
fn many() -> usize {
    use std::io::Write as _;
    let raise = |limit: String| {
        let pid = std::process::id().to_string();
        let nofile = format!("--nofile={limit}");
        let mut raise = std::process::Command::new("prlimit");
        raise.args(["--pid", &pid, &nofile]).status().is_ok_and(|status| status.success())
    };
    let most = WANTED + 2_000;
    // Who is not root gets what the hard limit allows.
    let raised = raise(format!("{most}:{most}")) || raise(format!("{0}:{0}", file_limits().1.min(most)));
    // The server's ends, the vault and the runtime need some.
    let many = WANTED.min(file_limits().0.saturating_sub(800));
    if many < WANTED {
        let said = format!("only {many} sockets of {WANTED} can be opened here (limit raised: {raised})\n");
        // Not through the test harness, which keeps back what a test prints.
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        assert!(std::env::var_os("CI").is_none(), "{said}");
    }
    many
}

#[tokio::test]
async fn ten_thousand_sockets_leave_room_for_the_next_program() {
    let limits = Limits { head_within: Duration::from_secs(2), ..Limits::default() };
    let place = Place::with(Door::default(), limits).await;
    let mut open = Vec::new();
    for _ in 0..many() {
        open.push(TcpStream::connect(place.serving.address()).await.unwrap());
    }
    assert!(
        open.len() > 2 * limits.sockets,
        "{} sockets prove nothing; raise the hard limit of open files",
        open.len()
    );
    // The one after the last that found a place was turned away at once, in words.
    let mut answer = String::new();
    open[limits.sockets].read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 503 "), "{answer}");
    assert!(answer.contains("Retry-After: 1"));
    // The first ones hold their places as long as a head may take, and not longer, although they are still open.
    let served = async {
        loop {
            if let Ok(answer) = place.get("/v1/status").send().await
                && answer.status() == 200
            {
                return;
            }
        }
    };
    tokio::time::timeout(Duration::from_secs(30), served).await.expect("room again");
    assert!(!open.is_empty());
}
