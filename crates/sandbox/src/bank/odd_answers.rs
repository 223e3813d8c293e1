//! Answers that no good server gives, of a token endpoint most of all.
//!
//! Knows nothing of grants: none of these performs the request.
//!
//! Invariant: even a misbehaviour holds no more than a few hundred kilobytes here; only the client is flooded.

use crate::Misbehaviour;
use crate::misbehaviour::Mood;
use axum::Json;
use axum::body::{Body, Bytes};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use flate2::{Compression, Crc, write::DeflateEncoder};
use futures_util::stream;
use serde_json::json;
use std::io::{self, Write as _};
use std::time::Duration;
use tokio::sync::watch;

const RETRY_AFTER: [(header::HeaderName, &str); 1] = [(header::RETRY_AFTER, "2")];
const MEBIBYTE: usize = 1 << 20;
const FLOOD_MEBIBYTES: usize = 64;
const BOMB_MEBIBYTES: usize = 256;

/// What the token endpoint answers instead of doing its work; nothing when it is to work.
pub(super) async fn instead(mood: &Mood, over: &watch::Receiver<()>) -> Option<Response> {
    let wait = mood.play(|one| if let Misbehaviour::SlowToken(wait) = one { Some(wait) } else { None });
    if let Some(wait) = wait {
        held_back(wait, over.clone()).await;
    }
    mood.play(|one| answers(one).then_some(one)).map(answer)
}

/// Waits, but not longer than the sandbox lives.
pub(super) async fn held_back(wait: Duration, over: watch::Receiver<()>) {
    tokio::select! {
        () = tokio::time::sleep(wait) => {}
        () = crate::ended(over) => {}
    }
}

const fn answers(one: Misbehaviour) -> bool {
    use Misbehaviour as M;
    matches!(
        one,
        M::HtmlTokenAnswer(_)
            | M::TruncatedTokenAnswer
            | M::EmptyTokenAnswer
            | M::HugeTokenAnswer
            | M::GzipBomb
            | M::TokenRedirect
            | M::ServerError503
            | M::RateLimited429
            | M::InvalidGrant
            | M::InvalidClient
    )
}

fn answer(one: Misbehaviour) -> Response {
    use Misbehaviour as M;
    match one {
        M::HtmlTokenAnswer(status) => html(status),
        M::TruncatedTokenAnswer => json_text("{\"access_token\":\"farol_at_torn\",\"token_type\":\"Bea"),
        M::EmptyTokenAnswer => json_text(""),
        M::HugeTokenAnswer => flood(),
        M::GzipBomb => bomb().unwrap_or_else(|_| StatusCode::INTERNAL_SERVER_ERROR.into_response()),
        M::TokenRedirect => {
            (StatusCode::TEMPORARY_REDIRECT, [(header::LOCATION, "/elsewhere")]).into_response()
        }
        M::ServerError503 => (StatusCode::SERVICE_UNAVAILABLE, RETRY_AFTER).into_response(),
        M::RateLimited429 => (StatusCode::TOO_MANY_REQUESTS, RETRY_AFTER).into_response(),
        M::InvalidGrant => error(StatusCode::BAD_REQUEST, "invalid_grant"),
        M::InvalidClient => error(StatusCode::UNAUTHORIZED, "invalid_client"),
        _ => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    }
}

fn error(status: StatusCode, code: &str) -> Response {
    (status, Json(json!({ "error": code }))).into_response()
}

/// A page of a gateway, with this status.
pub(crate) fn html(status: u16) -> Response {
    let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
    (status, Html("<!doctype html><title>Gateway</title><h1>The bank is being repaired</h1>")).into_response()
}

/// A text that calls itself JSON.
pub(crate) fn json_text(text: &'static str) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], text).into_response()
}

fn flood() -> Response {
    let opening = Bytes::from_static(b"{\"access_token\":\"");
    let water = Bytes::from(vec![b'a'; MEBIBYTE]);
    let pieces = std::iter::once(opening).chain(std::iter::repeat_n(water, FLOOD_MEBIBYTES));
    let body = Body::from_stream(stream::iter(pieces.map(Ok::<_, io::Error>)));
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}

/// A valid gzip file of blanks: one flushed block that stands for a mebibyte, said again and again.
fn bomb() -> io::Result<Response> {
    const HEADER: &[u8] = &[0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255];
    const LAST_BLOCK: &[u8] = &[3, 0];
    let blanks = vec![b' '; MEBIBYTE];
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(&blanks)?;
    encoder.flush()?;
    let mut piece_sum = Crc::new();
    piece_sum.update(&blanks);
    let mut sum = Crc::new();
    (0..BOMB_MEBIBYTES).for_each(|_| sum.combine(&piece_sum));
    let tail = [LAST_BLOCK, &sum.sum().to_le_bytes(), &sum.amount().to_le_bytes()].concat();
    let file = [HEADER.to_vec(), encoder.get_ref().repeat(BOMB_MEBIBYTES), tail].concat();
    let headers = [(header::CONTENT_TYPE, "application/json"), (header::CONTENT_ENCODING, "gzip")];
    Ok((headers, file).into_response())
}

/// Ends the connection in place of a response: the body fails before its head is written out.
pub(crate) fn cut_connection() -> Response {
    let broken = stream::iter([Err::<Bytes, _>(io::Error::from(io::ErrorKind::ConnectionAborted))]);
    Body::from_stream(broken).into_response()
}
