//! Servers that misbehave on the wire, each on a port of its own, answering one connection after the other.

use super::{HttpsClient, unconnected};
use connections::ports::{Http as _, HttpError};
use std::io::{self, Write as _};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};

/// Longer than any answer of these tests takes.
const AMPLE: Duration = Duration::from_secs(30);
const SECRET: &str = "CANARY-refresh-token";
const LARGEST: usize = 4096;

/// A server that gives each connection the same bytes and hangs up, unless it is told to hold on.
struct Server {
    port: u16,
    asked: Arc<AtomicUsize>,
}

impl Server {
    async fn answering(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(answer.into(), false).await
    }

    /// It says this much and then nothing more, without hanging up.
    async fn holding(answer: impl Into<Vec<u8>>) -> Self {
        Self::start(answer.into(), true).await
    }

    async fn start(answer: Vec<u8>, holds: bool) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counter = Arc::clone(&asked);
        tokio::spawn(async move {
            while let Ok((mut client, _)) = listener.accept().await {
                counter.fetch_add(1, Ordering::SeqCst);
                let answer = answer.clone();
                tokio::spawn(async move {
                    read_request(&mut client).await;
                    // A client that has heard enough hangs up.
                    let _ = client.write_all(&answer).await;
                    if holds {
                        std::future::pending::<()>().await;
                    }
                    let _ = client.shutdown().await;
                });
            }
        });
        Self { port, asked }
    }

    fn address(&self) -> String {
        format!("http://127.0.0.1:{}/oauth/token", self.port)
    }

    fn asked(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }
}

/// To the end of the form, which is marked.
async fn read_request(client: &mut TcpStream) {
    let mut request = Vec::new();
    while !request.ends_with(SECRET.as_bytes()) {
        let mut chunk = [0; 1024];
        match client.read(&mut chunk).await {
            Ok(0) | Err(_) => return,
            Ok(read) => request.extend_from_slice(&chunk[..read]),
        }
    }
}

/// Posts a form with a secret, as a refresh does.
async fn ask(client: &HttpsClient, address: &str) -> Result<oauth::Response, HttpError> {
    client.send(request(address)).await
}

fn request(address: &str) -> oauth::Request {
    let request = http::Request::post(address)
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!("grant_type=refresh_token&refresh_token={SECRET}").into_bytes())
        .unwrap();
    oauth::Request::new(request).with_largest_answer(LARGEST)
}

fn client() -> HttpsClient {
    HttpsClient::new().unwrap()
}

fn answer(status: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let lines: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n{lines}\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[tokio::test]
async fn a_whole_answer_comes_as_it_is_whatever_its_status() {
    let headers = [("content-type", "application/json"), ("retry-after", "2")];
    let server = Server::answering(answer("429 Too Many Requests", &headers, b"{}")).await;
    let answer = ask(&client(), &server.address()).await.unwrap();
    assert_eq!((answer.status, answer.body.expose().as_slice()), (429, b"{}".as_slice()));
    assert_eq!(answer.content_type.as_deref(), Some("application/json"));
    assert_eq!(answer.retry_after.as_deref(), Some("2"));
}

#[tokio::test]
async fn what_an_answer_says_of_the_quota_comes_with_it() {
    let reset = "2026-11-22T00:00:00Z";
    let headers =
        [("X-Rate-Limit-Limit", "1000"), ("X-Rate-Limit-Remaining", "7"), ("X-Rate-Limit-Reset", reset)];
    for (headers, said) in [(&headers[..], [Some("1000"), Some("7"), Some(reset)]), (&[], [None; 3])] {
        let server = Server::answering(answer("200 OK", headers, b"{}")).await;
        let (_, limit) = client().send_counted(request(&server.address())).await.unwrap();
        assert_eq!([limit.limit.as_deref(), limit.remaining.as_deref(), limit.reset.as_deref()], said);
    }
}

#[tokio::test]
async fn a_redirect_is_not_followed_so_that_nobody_else_gets_the_form() {
    let elsewhere = Server::answering(answer("200 OK", &[], b"{}")).await;
    for status in
        ["301 Moved", "302 Found", "303 See Other", "307 Temporary Redirect", "308 Permanent Redirect"]
    {
        let server = Server::answering(answer(status, &[("location", &elsewhere.address())], b"")).await;
        assert_eq!(ask(&client(), &server.address()).await.unwrap_err(), HttpError::Redirected, "{status}");
        assert_eq!(server.asked(), 1);
    }
    assert_eq!(elsewhere.asked(), 0, "the secret went nowhere else");
}

#[tokio::test]
async fn an_answer_is_read_to_its_limit_and_not_beyond() {
    let fits = Server::answering(answer("200 OK", &[], &[b'a'; LARGEST])).await;
    assert_eq!(ask(&client(), &fits.address()).await.unwrap().body.expose().len(), LARGEST);
    let large = Server::answering(answer("200 OK", &[], &[b'a'; LARGEST + 1])).await;
    assert_eq!(ask(&client(), &large.address()).await.unwrap_err(), HttpError::Unreadable);
    // One without a length, which goes on for ever: it is not waited for.
    let endless = [b"HTTP/1.1 200 OK\r\n\r\n".as_slice(), &[b'a'; LARGEST + 1]].concat();
    let endless = Server::holding(endless).await;
    assert_eq!(ask(&client(), &endless.address()).await.unwrap_err(), HttpError::Unreadable);
}

#[tokio::test]
async fn the_limit_is_on_what_comes_out_of_the_decompressor() {
    let packed = |body: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(body).unwrap();
        encoder.finish().unwrap()
    };
    let gzip = [("content-encoding", "gzip")];
    let honest = Server::answering(answer("200 OK", &gzip, &packed(b"{\"a\":1}"))).await;
    assert_eq!(ask(&client(), &honest.address()).await.unwrap().body.expose().as_slice(), b"{\"a\":1}");
    let bomb = packed(&vec![b' '; 64 << 20]);
    assert!(bomb.len() < 128 << 10, "small on the wire: {}", bomb.len());
    let bomb = Server::answering(answer("200 OK", &gzip, &bomb)).await;
    assert_eq!(ask(&client(), &bomb.address()).await.unwrap_err(), HttpError::Unreadable);
    // What is no gzip after all may have been carried out as well.
    let torn = Server::answering(answer("200 OK", &gzip, b"plain")).await;
    assert!(ask(&client(), &torn.address()).await.unwrap_err().may_have_been_carried_out());
}

#[tokio::test]
async fn an_answer_that_is_cut_is_lost_and_not_half_believed() {
    for said in ["", "HTTP/1.1 200", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"access_token\":"] {
        let server = Server::answering(said).await;
        let error = ask(&client(), &server.address()).await.unwrap_err();
        assert_eq!(error, HttpError::AnswerLost, "{said:?}");
        assert!(error.may_have_been_carried_out());
        assert_eq!(server.asked(), 1, "what may have been carried out is not sent again here");
    }
}

#[tokio::test]
async fn an_answer_that_does_not_come_in_time_is_lost() {
    let hurried = HttpsClient::with_timeouts(AMPLE, Duration::from_millis(200)).unwrap();
    for said in ["", "HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\n{\"access_token\":"] {
        let server = Server::holding(said).await;
        assert_eq!(ask(&hurried, &server.address()).await.unwrap_err(), HttpError::AnswerLost, "{said:?}");
    }
}

#[tokio::test]
async fn nobody_there_means_that_nothing_was_sent() {
    let free = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let error = ask(&client(), &format!("http://{free}/")).await.unwrap_err();
    assert_eq!(error, HttpError::Unreachable);
    assert!(!error.may_have_been_carried_out());
    // No resolver is asked for a label that is longer than labels are.
    let no_name = format!("http://{}.example/", "a".repeat(64));
    assert_eq!(ask(&client(), &no_name).await.unwrap_err(), HttpError::Offline);
}

#[tokio::test]
async fn what_is_no_tls_is_not_spoken_to() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("https://{}/oauth/token", listener.local_addr().unwrap());
    tokio::spawn(async move {
        let (mut client, _) = listener.accept().await.unwrap();
        client.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").await.unwrap();
        client.shutdown().await.unwrap();
    });
    let error = ask(&client(), &address).await.unwrap_err();
    assert_eq!(error, HttpError::Unreachable);
    assert!(!error.may_have_been_carried_out());
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_is_refused_before_anything_is_sent() {
    let port = self_signed().await;
    let error = ask(&client(), &format!("https://localhost:{port}/oauth/token")).await.unwrap_err();
    assert_eq!(error, HttpError::Certificate);
}

/// A server with a certificate of its own making.
async fn self_signed() -> u16 {
    let made = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
    let key =
        tokio_rustls::rustls::pki_types::PrivateKeyDer::try_from(made.signing_key.serialize_der()).unwrap();
    let config = tokio_rustls::rustls::ServerConfig::builder_with_provider(Arc::new(
        tokio_rustls::rustls::crypto::ring::default_provider(),
    ))
    .with_safe_default_protocol_versions()
    .unwrap()
    .with_no_client_auth()
    .with_single_cert(vec![made.cert.der().clone()], key)
    .unwrap();
    let acceptor = tokio_rustls::TlsAcceptor::from(Arc::new(config));
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            // The client breaks it off: that is the test.
            let _ = acceptor.accept(client).await;
        }
    });
    port
}

/// As `GTK` makes the system speak: in the person's language.
#[derive(Debug, thiserror::Error)]
#[error("erro de conexão: {0}")]
struct Translated(#[source] io::Error);

#[test]
fn a_missing_network_is_known_by_its_kind_in_every_language() {
    use io::ErrorKind as Kind;
    for (kind, expected) in [
        (Kind::NetworkUnreachable, HttpError::Offline),
        (Kind::HostUnreachable, HttpError::Offline),
        (Kind::NetworkDown, HttpError::Offline),
        (Kind::ConnectionRefused, HttpError::Unreachable),
        (Kind::TimedOut, HttpError::Unreachable),
    ] {
        assert_eq!(unconnected(&Translated(kind.into())), expected, "{kind}");
        let worded = io::Error::new(kind, "a rede está fora de alcance");
        assert_eq!(unconnected(&Translated(worded)), expected, "{kind}");
        let wrapped = io::Error::other(Translated(kind.into()));
        assert_eq!(unconnected(&wrapped), expected, "{kind}");
    }
    let words = io::Error::other("Network is unreachable");
    assert_eq!(unconnected(&words), HttpError::Unreachable, "words are not looked at");
}

#[cfg(target_os = "linux")]
#[test]
fn the_systems_own_numbers_have_these_kinds() {
    for (number, expected) in
        [(100, HttpError::Offline), (101, HttpError::Offline), (113, HttpError::Offline)]
    {
        assert_eq!(unconnected(&io::Error::from_raw_os_error(number)), expected, "{number}");
    }
}
