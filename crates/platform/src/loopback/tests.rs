//! A real listener on a real port, asked by hand.

use super::LoopbackListener;
use connections::id::AttemptId;
use connections::ports::{HitAnswer, Loopback, LoopbackHit};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;

async fn ask(port: u16, request: &str) -> String {
    let mut client = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
    client.write_all(request.as_bytes()).await.unwrap();
    let mut answer = String::new();
    client.read_to_string(&mut answer).await.unwrap();
    answer
}

async fn listening() -> (u16, Box<dyn Send + Sync>, mpsc::Receiver<LoopbackHit>) {
    let (hits, incoming) = mpsc::channel(4);
    let open = LoopbackListener.listen(&AttemptId::from_random([7; 16]), None, hits).await.unwrap();
    (open.port, open.guard, incoming)
}

#[tokio::test]
async fn an_answer_is_handed_on_and_the_page_echoes_nothing() {
    let (port, _guard, mut hits) = listening().await;
    let asked = tokio::spawn(async move {
        let request = format!(
            "GET /callback?code=CANARY&state=x HTTP/1.1\r\nHost: 127.0.0.1:{port}\r\nAccept-Language: pt-BR,en\r\n\r\n"
        );
        ask(port, &request).await
    });
    let hit = hits.recv().await.unwrap();
    assert_eq!(hit.address.expose(), &format!("http://127.0.0.1:{port}/callback?code=CANARY&state=x"));
    hit.answer.send(HitAnswer::Taken).unwrap();
    let page = asked.await.unwrap();
    assert!(page.starts_with("HTTP/1.1 200"), "{page}");
    assert!(page.contains("Você pode fechar esta aba"));
    assert!(page.contains("Cache-Control: no-store"));
    assert!(!page.contains("CANARY"), "the page must not echo what came in");
}

#[tokio::test]
async fn what_is_no_answer_is_refused_without_reaching_the_core() {
    let (port, _guard, mut hits) = listening().await;
    let ok = format!("Host: 127.0.0.1:{port}\r\n");
    for (request, status) in [
        ("GET /callback?code=c HTTP/1.1\r\nHost: evil.example\r\n\r\n".to_owned(), "421"),
        (format!("GET /callback?code=c HTTP/1.1\r\nHost: 127.evil.com:{port}\r\n\r\n"), "421"),
        ("GET /callback?code=c HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".to_owned(), "421"),
        (format!("GET /callback?code=c HTTP/1.1\r\n{ok}{ok}\r\n"), "400"),
        ("GET /callback?code=c HTTP/1.1\r\n\r\n".to_owned(), "400"),
        (format!("POST /callback?code=c HTTP/1.1\r\n{ok}\r\n"), "405"),
        (format!("HEAD /callback?code=c HTTP/1.1\r\n{ok}\r\n"), "405"),
        (format!("GET /callback/ HTTP/1.1\r\n{ok}\r\n"), "404"),
        (format!("GET //callback HTTP/1.1\r\n{ok}\r\n"), "404"),
        (format!("GET http://evil.example/callback HTTP/1.1\r\n{ok}\r\n"), "404"),
        (format!("GET /favicon.ico HTTP/1.1\r\n{ok}\r\n"), "404"),
        ("nonsense\r\n\r\n".to_owned(), "400"),
    ] {
        let page = ask(port, &request).await;
        assert!(page.starts_with(&format!("HTTP/1.1 {status}")), "{request:?} gave {page}");
        assert!(!page.to_ascii_lowercase().contains("\r\nlocation:"), "never a redirect");
    }
    let long = format!("GET /callback?code={} HTTP/1.1\r\n{ok}", "a".repeat(20_000));
    assert!(ask(port, &long).await.starts_with("HTTP/1.1 431"));
    assert!(hits.try_recv().is_err(), "none of these is an answer");
}

#[tokio::test]
async fn localhost_is_ours_on_both_of_its_addresses() {
    let (port, _guard, mut hits) = listening().await;
    for address in ["127.0.0.1", "::1"] {
        // A computer without IPv6 has nobody at the other address.
        if TcpListener::bind((address, 0)).await.is_err() {
            continue;
        }
        let mut client = TcpStream::connect((address, port)).await.unwrap();
        let request = format!("GET /callback?code=c&state=x HTTP/1.1\r\nHost: localhost:{port}\r\n\r\n");
        client.write_all(request.as_bytes()).await.unwrap();
        let hit = hits.recv().await.unwrap();
        assert_eq!(hit.address.expose(), &format!("http://localhost:{port}/callback?code=c&state=x"));
        hit.answer.send(HitAnswer::Taken).unwrap();
        assert!(TcpListener::bind((address, port)).await.is_err(), "nobody else gets {address}");
    }
}

#[tokio::test]
async fn a_port_of_which_somebody_has_the_other_address_is_refused() {
    let Ok(other) = TcpListener::bind("[::1]:0").await else { return };
    let port = other.local_addr().unwrap().port();
    let (hits, _incoming) = mpsc::channel(4);
    let refused = LoopbackListener.listen(&AttemptId::from_random([7; 16]), Some(port), hits).await;
    assert_eq!(refused.err().map(|error| error.kind()), Some(std::io::ErrorKind::AddrInUse));
    TcpListener::bind(("127.0.0.1", port)).await.expect("what is refused is not kept");
}

#[tokio::test]
async fn the_port_is_closed_when_the_guard_goes() {
    let (port, guard, _hits) = listening().await;
    drop(guard);
    // The abort is carried out by the runtime; the port is free as soon as the task is gone.
    while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {
        tokio::task::yield_now().await;
    }
}
