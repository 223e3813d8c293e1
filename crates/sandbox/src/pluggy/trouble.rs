//! Requests noted, and the troubles of a network and of a server that is not well.

use super::World;
use super::refusal::Refusal;
use crate::Misbehaviour;
use crate::bank::odd_answers;
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Notes the request and plays what is wrong; else hands on.
pub(super) async fn guard(State(world): State<Arc<World>>, request: Request, next: Next) -> Response {
    world.note(request.method().to_string(), request.uri().path().to_owned());
    if let Some(answer) = world.mood().play(instead) {
        return answer();
    }
    let drops = world.mood().plays(Misbehaviour::PluggyDropsResponse);
    let response = next.run(request).await;
    if drops { odd_answers::cut_connection() } else { response }
}

/// What is answered without performing the request.
fn instead(one: Misbehaviour) -> Option<Box<dyn FnOnce() -> Response>> {
    match one {
        Misbehaviour::PluggyOutage => Some(Box::new(outage)),
        Misbehaviour::PluggyHtmlAnswer(status) => Some(Box::new(move || odd_answers::html(status))),
        Misbehaviour::PluggyTruncatedAnswer => {
            Some(Box::new(|| odd_answers::json_text("{\"results\":[{\"id\":\"6d6f6f72-6")))
        }
        _ => None,
    }
}

fn outage() -> Response {
    let down = Refusal::new(StatusCode::SERVICE_UNAVAILABLE, "Service Unavailable");
    ([(header::RETRY_AFTER, "2")], down).into_response()
}
