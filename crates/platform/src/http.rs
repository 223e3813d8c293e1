//! Asks providers over HTTPS: no redirects, bounded sizes, bounded time, no logs of what goes over the wire.
//!
//! Source: RFC 9700 §4.12 (a followed 307 would resend code, verifier and secret).

use async_trait::async_trait;
use connections::ports::{Http, HttpError};
use secret::Secret;
use std::time::Duration;

/// For the connection alone.
const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);
/// For the whole exchange. Longer than people like, because a refresh that was sent is worth waiting for: the server
/// may have rotated already.
const WHOLE_TIMEOUT: Duration = Duration::from_secs(45);

/// The HTTP adapter.
pub struct HttpsClient {
    client: reqwest::Client,
}

impl HttpsClient {
    /// A client of its own: no cookies, no cache, no proxy from the environment.
    ///
    /// # Errors
    /// When TLS cannot be set up.
    pub fn new() -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(CONNECT_TIMEOUT)
            .timeout(WHOLE_TIMEOUT)
            .min_tls_version(reqwest::tls::Version::TLS_1_2)
            .user_agent(concat!("Mooring/", env!("CARGO_PKG_VERSION")))
            .no_proxy()
            .build()?;
        Ok(Self { client })
    }
}

#[async_trait]
impl Http for HttpsClient {
    async fn send(&self, request: oauth::Request) -> Result<oauth::Response, HttpError> {
        let largest = request.largest_answer();
        let request = reqwest::Request::try_from(request.into_http()).map_err(|_| HttpError::Unreachable)?;
        let mut response = self.client.execute(request).await.map_err(|error| classify(&error))?;
        if response.status().is_redirection() {
            return Err(HttpError::Redirected);
        }
        let header = |name: &str| {
            response.headers().get(name).and_then(|value| value.to_str().ok()).map(ToOwned::to_owned)
        };
        let (content_type, retry_after) = (header("content-type"), header("retry-after"));
        let status = response.status().as_u16();
        // The bound is on what comes out of the decompressor, so a small body that unpacks to a large one stops here.
        let mut body = Secret::new(Vec::new());
        while let Some(chunk) = response.chunk().await.map_err(|_| HttpError::AnswerLost)? {
            // EXPOSE: measured only.
            if body.expose().len() + chunk.len() > largest {
                return Err(HttpError::Unreadable);
            }
            extend(&mut body, &chunk);
        }
        Ok(oauth::Response { status, content_type, retry_after, body })
    }
}

/// Appends, and wipes what a growing buffer would leave behind: a longer one is made and the shorter one dropped.
fn extend(body: &mut Secret<Vec<u8>>, chunk: &[u8]) {
    // EXPOSE: measured, and copied into the next, longer secret.
    let held = body.expose();
    let needed = held.len() + chunk.len();
    if needed > held.capacity() {
        let mut longer = Vec::with_capacity(needed.next_power_of_two());
        longer.extend_from_slice(held);
        *body = Secret::new(longer);
    }
    // EXPOSE: appended to.
    body.expose_mut().extend_from_slice(chunk);
}

/// Whether anything can have reached the server decides what may be tried again.
fn classify(error: &reqwest::Error) -> HttpError {
    if error.is_connect() || error.is_builder() {
        let chain = causes(error);
        if chain.contains("certificate") || chain.contains("UnknownIssuer") {
            return HttpError::Certificate;
        }
        let offline = ["dns error", "failed to lookup", "Network is unreachable", "No route to host"];
        if offline.iter().any(|sign| chain.contains(sign)) {
            return HttpError::Offline;
        }
        return HttpError::Unreachable;
    }
    HttpError::AnswerLost
}

/// The chain of causes as text; searched, never shown.
fn causes(error: &reqwest::Error) -> String {
    let mut text = String::new();
    let mut next: Option<&dyn std::error::Error> = Some(error);
    while let Some(cause) = next {
        text.push_str(&cause.to_string());
        text.push('\n');
        next = cause.source();
    }
    text
}
