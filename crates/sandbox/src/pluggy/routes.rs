//! The API's endpoints: what arrives, who may ask it, and what is answered.

pub(super) mod connectors;
pub(super) mod data;
pub(super) mod items;
pub(super) mod webhooks;

use super::World;
use super::refusal::Refusal;
use super::{bank_page, connect, limits, tokens, trouble};
use axum::Router;
use axum::http::StatusCode;
use axum::middleware;
use axum::routing::{get, patch, post};
use serde_json::{Value, json};
use std::sync::Arc;

/// Every path of this world, below its prefix.
pub(in crate::pluggy) fn all(world: &Arc<World>) -> Router {
    let api = Router::new()
        .route("/auth", post(tokens::auth))
        .route("/connect_token", post(tokens::connect_token))
        .route("/company/connect-token", post(tokens::company))
        .route("/connectors", get(connectors::list))
        .route("/connectors/{id}", get(connectors::show))
        .route("/connectors/{id}/validate", post(connectors::validate))
        .route("/items", post(items::create))
        .route("/items/{id}", get(items::show).patch(items::update).delete(items::delete))
        .route("/items/{id}/mfa", post(items::answer))
        .route("/accounts", get(data::accounts))
        .route("/accounts/{id}", get(data::account))
        .route("/transactions", get(data::transactions))
        .route("/transactions/{id}", get(data::transaction))
        .route("/v2/transactions", get(data::transactions_by_cursor))
        .route("/investments", get(data::investments))
        .route("/investments/{id}", get(data::investment))
        .route("/loans", get(data::loans))
        .route("/loans/{id}", get(data::loan))
        .route("/identity", get(data::identity_of_item))
        .route("/identity/{id}", get(data::identity))
        .route("/consents", get(data::consents))
        .route("/consents/{id}", get(data::consent))
        .route("/bills", get(data::bills))
        .route("/bills/{id}", get(data::bill))
        .route("/categories", get(data::categories))
        .route("/categories/{id}", get(data::category))
        .route("/webhooks", get(webhooks::list).post(webhooks::create))
        .route("/webhooks/{id}", patch(webhooks::update).get(webhooks::show).delete(webhooks::delete))
        .method_not_allowed_fallback(async || {
            Refusal::new(StatusCode::METHOD_NOT_ALLOWED, "Method not allowed")
        })
        .layer(middleware::from_fn_with_state(Arc::clone(world), limits::guard))
        .layer(middleware::from_fn_with_state(Arc::clone(world), trouble::guard));
    api.route("/bank/authorize", get(bank_page::show).post(bank_page::decide))
        .route("/oauthCallback.html", get(bank_page::callback))
        .route("/institutions/{id}", get(bank_page::home))
        .route("/images/{name}", get(connectors::image))
        .route("/connect", get(connect::frame))
        .route("/widget", get(connect::host))
        .route("/connect/frame.js", get(connect::frame_script))
        .route("/connect/host.js", get(connect::host_script))
        .route("/connect/words.js", get(connect::words_script))
        .route("/connect/connect.css", get(connect::style))
        .fallback(async || Refusal::not_found("Resource"))
        .with_state(Arc::clone(world))
}

/// A page of results, as Pluggy pages them; only what is on the page is written out.
pub(super) fn page<T>(
    all: &[T],
    page: usize,
    size: usize,
    to_json: impl Fn(&T) -> Value,
) -> Result<Value, Refusal> {
    if page == 0 || !(1..=500).contains(&size) {
        return Err(Refusal::bad("page is at least 1, pageSize from 1 to 500"));
    }
    let shown = all.iter().skip((page - 1).saturating_mul(size)).take(size);
    let results: Vec<_> = shown.map(to_json).collect();
    Ok(
        json!({ "results": results, "page": page, "total": all.len(), "totalPages": all.len().div_ceil(size) }),
    )
}

/// All results on one page.
pub(super) fn whole(results: &[Value]) -> Value {
    json!({ "results": results, "page": 1, "total": results.len(), "totalPages": 1 })
}
