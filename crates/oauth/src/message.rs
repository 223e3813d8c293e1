//! An HTTP request and an HTTP response, as far as the protocol needs them, neither of which can be printed.

use secret::Secret;

/// A request to be sent once. Its body and headers hold codes, tokens and client secrets.
pub struct Request(http::Request<Vec<u8>>);

impl Request {
    pub(crate) const fn new(request: http::Request<Vec<u8>>) -> Self {
        Self(request)
    }

    /// The request itself, for the adapter that sends it.
    pub fn into_http(self) -> http::Request<Vec<u8>> {
        self.0
    }

    /// Where it goes, without the query.
    pub fn host(&self) -> &str {
        self.0.uri().host().unwrap_or_default()
    }
}

impl std::fmt::Debug for Request {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Request({} {})", self.0.method(), self.host())
    }
}

/// A whole response. The adapter has followed no redirect and bounded the size.
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
