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

/// Sockets to open: ten thousand, or what the operating system lets this program have.
fn many() -> usize {
    let pid = std::process::id().to_string();
    let raised = std::process::Command::new("prlimit")
        .args(["--pid", &pid, "--nofile=24000:24000"])
        .status()
        .is_ok_and(|status| status.success());
    if raised { 10_000 } else { 400 }
}

#[tokio::test]
async fn ten_thousand_sockets_leave_room_for_the_next_program() {
    let limits = Limits { head_within: Duration::from_secs(2), ..Limits::default() };
    let place = Place::with(Door::default(), limits).await;
    let mut open = Vec::new();
    for _ in 0..many() {
        open.push(TcpStream::connect(place.serving.address()).await.unwrap());
    }
    assert!(open.len() > limits.sockets, "{} sockets prove nothing", open.len());
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
