//! An authorization server whose pages are what a test makes of them, for what a window does with pages.
//!
//! One public client, PKCE not looked at; it refuses nothing.

use crate::app::App;
use crate::cli;
use crate::world::World;
use axum::Router;
use axum::extract::{Query, State};
use axum::http::{StatusCode, Uri};
use axum::response::{Html, IntoResponse as _, Json, Redirect, Response};
use axum::routing::{get, post};
use connections::attempt::host_of;
use oauth::ServerMetadata;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};
use url::Url;

/// The path of the authorization endpoint.
pub const AUTHORIZE: &str = "/authorize";

/// A running server; ends with the test's runtime.
pub struct Pages {
    /// Its issuer identifier.
    pub issuer: String,
    shown: Arc<Shown>,
}

struct Shown {
    issuer: String,
    pages: Mutex<BTreeMap<String, Page>>,
    /// The address of the answer to the latest request.
    back: Mutex<String>,
    asked: Mutex<BTreeMap<String, usize>>,
}

/// What a path answers. `{back}` is replaced by the address of the answer.
#[derive(Clone)]
pub enum Page {
    /// A page with this body.
    Body(String),
    /// A redirect there.
    To(String),
}

impl Page {
    /// A page with this body.
    pub fn body(html: &str) -> Self {
        Self::Body(html.to_owned())
    }

    /// A page that runs this script at once.
    pub fn script(script: &str) -> Self {
        Self::Body(format!("<p>A page</p><script>{script}</script>"))
    }

    /// A redirect.
    pub fn to(address: &str) -> Self {
        Self::To(address.to_owned())
    }
}

impl Pages {
    /// Starts it on a free port, with nothing to show.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let shown = Arc::new(Shown {
            issuer: issuer.clone(),
            pages: Mutex::default(),
            back: Mutex::default(),
            asked: Mutex::default(),
        });
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/.well-known/oauth-authorization-server", get(metadata))
            .route("/token", post(token))
            .fallback(page)
            .with_state(Arc::clone(&shown));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { issuer, shown }
    }

    /// From now on these paths are these pages, and no others are.
    pub fn show<const N: usize>(&self, pages: [(&str, Page); N]) {
        *self.shown.pages.lock().unwrap() =
            pages.into_iter().map(|(path, page)| (path.to_owned(), page)).collect();
    }

    /// How often a path was asked for.
    pub fn asked(&self, path: &str) -> usize {
        self.shown.asked.lock().unwrap().get(path).copied().unwrap_or_default()
    }

    /// Its host as a person reads it.
    pub fn host(&self) -> String {
        host_of(&Url::parse(&self.issuer).unwrap())
    }

    /// What it says of itself.
    pub fn metadata(&self) -> ServerMetadata {
        let at = |path: &str| format!("{}{path}", self.issuer);
        let described = json!({
            "issuer": self.issuer,
            "authorization_endpoint": at(AUTHORIZE),
            "token_endpoint": at("/token"),
        });
        serde_json::from_value(described).unwrap()
    }
}

async fn metadata(State(shown): State<Arc<Shown>>) -> Json<serde_json::Value> {
    let at = |path: &str| format!("{}{path}", shown.issuer);
    Json(json!({
        "issuer": shown.issuer,
        "authorization_endpoint": at(AUTHORIZE),
        "token_endpoint": at("/token"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["none"],
    }))
}

async fn page(
    State(shown): State<Arc<Shown>>,
    Query(asked): Query<BTreeMap<String, String>>,
    uri: Uri,
) -> Response {
    *shown.asked.lock().unwrap().entry(uri.path().to_owned()).or_default() += 1;
    if let (Some(redirect_uri), Some(state)) = (asked.get("redirect_uri"), asked.get("state")) {
        let mut back = Url::parse(redirect_uri).unwrap();
        back.query_pairs_mut().append_pair("code", "a-code").append_pair("state", state);
        *shown.back.lock().unwrap() = back.into();
    }
    let back = shown.back.lock().unwrap().clone();
    match shown.pages.lock().unwrap().get(uri.path()).cloned() {
        Some(Page::Body(html)) => {
            Html(format!("<!doctype html><title>A bank</title>{}", html.replace("{back}", &back)))
                .into_response()
        }
        Some(Page::To(address)) => Redirect::to(&address.replace("{back}", &back)).into_response(),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}

async fn token() -> Json<serde_json::Value> {
    Json(json!({
        "access_token": "CANARY-access-token-of-pages",
        "token_type": "Bearer",
        "expires_in": 3600,
        "scope": "read",
    }))
}

/// The app with a new vault and that server registered as `bank`.
pub async fn registered_app(world: &World, pages: &Pages) -> App {
    let app = App::open(world).await.unwrap();
    app.press("Create the vault").await.unwrap();
    app.sees("Nothing is connected yet").await.unwrap();
    let issuer = pages.issuer.as_str();
    cli::ok(world, &["config", "create", "bank", "custom", "mooring", "", "read", "--issuer", issuer]);
    app
}
