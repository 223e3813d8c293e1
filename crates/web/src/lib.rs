//! An HTTP request and its answer as values, neither of which can be printed.
//!
//! Knows no socket, protocol or provider. Crates that speak to a provider build requests and judge answers; one
//! adapter, elsewhere, sends them. So every client here is tested without a network.

use secret::Secret;

/// Largest answer that is read where nobody says otherwise. Token answers are a few kilobytes.
pub const LARGEST_ANSWER: usize = 1 << 20;

/// A request to be sent once. Its body and headers hold codes, tokens and client secrets.
pub struct Request {
    request: http::Request<Vec<u8>>,
    largest_answer: usize,
}

impl Request {
    /// As built by a client.
    pub const fn new(request: http::Request<Vec<u8>>) -> Self {
        Self { request, largest_answer: LARGEST_ANSWER }
    }

    /// The same, with an answer of at most so many bytes after decompression.
    #[must_use]
    pub const fn with_largest_answer(mut self, bytes: usize) -> Self {
        self.largest_answer = bytes;
        self
    }

    /// The request itself, for the adapter that sends it.
    pub fn into_http(self) -> http::Request<Vec<u8>> {
        self.request
    }

    /// How many bytes of an answer are read, after decompression; more is an error.
    pub const fn largest_answer(&self) -> usize {
        self.largest_answer
    }

    /// Where it goes, without the query.
    pub fn host(&self) -> &str {
        self.request.uri().host().unwrap_or_default()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.request.method(), self.host())
    }
}

/// A whole answer. The adapter has followed no redirect and bounded the size.
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// `Content-Type`, as sent.
    pub content_type: Option<String>,
    /// `Retry-After`, as sent.
    pub retry_after: Option<String>,
    /// The body, decompressed.
    pub body: Secret<Vec<u8>>,
}

impl std::fmt::Debug for Response {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Response({})", self.status)
    }
}

/// What an answer says of how many requests there are, as sent in `X-Rate-Limit-Limit`, `X-Rate-Limit-Remaining` and
/// `X-Rate-Limit-Reset`. What that means is each server's own word.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct RateLimit {
    /// How many there are in all.
    pub limit: Option<String>,
    /// How many are left.
    pub remaining: Option<String>,
    /// When there are as many again.
    pub reset: Option<String>,
}
