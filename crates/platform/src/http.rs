//! Asks providers over HTTPS: no redirects, bounded sizes, bounded time, no logs of what goes over the wire.
//!
//! Source: RFC 9700 §4.12 (a followed 307 would resend code, verifier and secret).

use async_trait::async_trait;
use connections::ports::{Http, HttpError};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use secret::Secret;
use std::error::Error;
use std::io;
use std::sync::Arc;
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
        Self::with_timeouts(CONNECT_TIMEOUT, WHOLE_TIMEOUT)
    }

    fn with_timeouts(connect: Duration, whole: Duration) -> Result<Self, reqwest::Error> {
        let client = reqwest::Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .connect_timeout(connect)
            .timeout(whole)
            .dns_resolver(Arc::new(SystemResolver))
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
        self.send_counted(request).await.map(|(answer, _)| answer)
    }

    async fn send_counted(
        &self,
        request: oauth::Request,
    ) -> Result<(oauth::Response, oauth::RateLimit), HttpError> {
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
        let rate_limit = oauth::RateLimit {
            limit: header("x-rate-limit-limit"),
            remaining: header("x-rate-limit-remaining"),
            reset: header("x-rate-limit-reset"),
        };
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
        Ok((oauth::Response { status, content_type, retry_after, body }, rate_limit))
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
    if error.is_connect() || error.is_builder() { unconnected(error) } else { HttpError::AnswerLost }
}

/// Why there was no connection. Kinds and types are looked at, where there are any: what the system says in words it
/// says in the person's language.
fn unconnected(error: &(dyn Error + 'static)) -> HttpError {
    use io::ErrorKind::{HostUnreachable, NetworkDown, NetworkUnreachable};
    let mut next = Some(error);
    while let Some(cause) = next {
        let io = cause.downcast_ref::<io::Error>();
        let kind = io.map(io::Error::kind);
        if cause.is::<NoSuchName>()
            || matches!(kind, Some(NetworkDown | NetworkUnreachable | HostUnreachable))
        {
            return HttpError::Offline;
        }
        // The TLS library's own words, which are never translated.
        if cause.to_string().contains("invalid peer certificate") {
            return HttpError::Certificate;
        }
        // The source of an `io::Error` is the source of what it wraps, and not that itself.
        let wrapped = io.and_then(io::Error::get_ref).map(|inner| inner as &(dyn Error + 'static));
        next = wrapped.or_else(|| cause.source());
    }
    HttpError::Unreachable
}

/// The system's resolver, whose refusal is known by its type.
struct SystemResolver;

/// A name could not be resolved. Holds neither the name nor the reason, which the system tells in words alone.
#[derive(Debug, thiserror::Error)]
#[error("the name could not be resolved")]
struct NoSuchName;

impl Resolve for SystemResolver {
    fn resolve(&self, name: Name) -> Resolving {
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await.map_err(|_| NoSuchName)?;
            Ok(Box::new(found.collect::<Vec<_>>().into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests;
