//! What happens, as it happens: server-sent events.

use super::{Asker, Refused, Site, error_json};
use crate::caller::Access;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse as _, Response};
use connections::view::CoreEvent;
use futures_util::stream::{self, Stream};
use std::convert::Infallible;
use std::sync::Arc;
use tokio::sync::{OwnedSemaphorePermit, broadcast};

/// One name for all: the type of an event is a member of it, as on the socket.
const HAPPENED: &str = "happened";

/// Everything that happens from now on. `missed` says that the listener fell behind and reads anew.
pub(super) async fn events(State(site): State<Arc<Site>>, Asker(caller): Asker) -> Response {
    let Ok(room) = Arc::clone(&site.room_to_listen).try_acquire_owned() else {
        return error_json(StatusCode::SERVICE_UNAVAILABLE, "Too many programs listen already.");
    };
    let subscribe = async { Ok(site.core.subscribe()) };
    match site.admitted(&caller, Access::List, None, subscribe).await {
        Ok(from) => {
            let may_still = move || site.gate.still_admits(&caller, Access::List, None);
            Sse::new(told(from, room, may_still)).keep_alive(KeepAlive::default()).into_response()
        }
        Err(refused) => Refused(refused).into_response(),
    }
}

fn told(
    from: broadcast::Receiver<CoreEvent>,
    room: OwnedSemaphorePermit,
    may_still: impl Fn() -> bool,
) -> impl Stream<Item = Result<Event, Infallible>> {
    let listening = Event::default().event("listening").data("{}");
    stream::unfold(
        (Some(listening), from, room, may_still),
        |(first, mut from, room, may_still)| async move {
            let event = match first {
                Some(first) => first,
                None => match from.recv().await {
                    Ok(event) => Event::default().event(HAPPENED).json_data(&event).ok()?,
                    Err(broadcast::error::RecvError::Lagged(_)) => {
                        Event::default().event("missed").data("{}")
                    }
                    Err(broadcast::error::RecvError::Closed) => return None,
                },
            };
            // A permission that was taken back ends it before anything more is told.
            may_still().then_some((Ok(event), (None, from, room, may_still)))
        },
    )
}
