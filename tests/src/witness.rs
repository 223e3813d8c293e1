//! An authorization server that writes down every secret it gives or is given, so that a scan knows what to look for.
//!
//! One confidential client, PKCE, rotation, revocation; access tokens live a second. It refuses nothing, unless it is
//! told to: then it repeats all that it was sent in its refusal, as careless servers do.

use axum::Router;
use axum::extract::{Form, Query, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{Html, IntoResponse as _, Json, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

/// The client's secret.
pub const CLIENT_SECRET: &str = "CANARY-client-secret-of-the-witness";

type Fields = BTreeMap<String, String>;

/// A running server; ends with the test's runtime.
pub struct Witness {
    /// Its issuer identifier.
    pub issuer: String,
    seen: Arc<Seen>,
}

struct Seen {
    issuer: String,
    /// By kind, so that a test can tell that none is missing.
    secrets: Mutex<BTreeMap<&'static str, BTreeSet<String>>>,
    given: Mutex<u32>,
    refuses: AtomicBool,
}

impl Witness {
    /// Starts it on a free port.
    pub async fn start() -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let issuer = format!("http://{}", listener.local_addr().unwrap());
        let seen = Seen {
            issuer: issuer.clone(),
            secrets: Mutex::default(),
            given: Mutex::new(0),
            refuses: AtomicBool::new(false),
        };
        let seen = Arc::new(seen);
        seen.keep("client secret", CLIENT_SECRET);
        let routes = Router::new()
            .route("/.well-known/openid-configuration", get(metadata))
            .route("/.well-known/oauth-authorization-server", get(metadata))
            .route("/authorize", get(authorize))
            .route("/token", post(token))
            .route("/revoke", post(|| async { "" }))
            .with_state(Arc::clone(&seen));
        tokio::spawn(async move { axum::serve(listener, routes).await });
        Self { issuer, seen }
    }

    /// From now on every request for tokens is refused in words that repeat it, or none is.
    pub fn refuses(&self, refuses: bool) {
        self.seen.refuses.store(refuses, Ordering::SeqCst);
    }

    /// Every secret so far, by kind.
    pub fn secrets(&self) -> BTreeMap<&'static str, BTreeSet<String>> {
        self.seen.secrets.lock().unwrap().clone()
    }
}

impl Seen {
    fn keep(&self, kind: &'static str, secret: &str) {
        // Nothing short, which might be found anywhere by chance.
        assert!(secret.len() >= 20, "a {kind} of {} characters", secret.len());
        self.secrets.lock().unwrap().entry(kind).or_default().insert(secret.to_owned());
    }

    fn give(&self, kind: &'static str) -> String {
        let mut given = self.given.lock().unwrap();
        *given += 1;
        let secret = format!("CANARY-{}-{given}-of-the-witness", kind.replace(' ', "-"));
        self.keep(kind, &secret);
        secret
    }
}

async fn metadata(State(seen): State<Arc<Seen>>) -> Json<Value> {
    let at = |path: &str| format!("{}/{path}", seen.issuer);
    Json(json!({
        "issuer": seen.issuer,
        "authorization_endpoint": at("authorize"),
        "token_endpoint": at("token"),
        "revocation_endpoint": at("revoke"),
        "response_types_supported": ["code"],
        "code_challenge_methods_supported": ["S256"],
        "token_endpoint_auth_methods_supported": ["client_secret_basic"],
    }))
}

/// A page with one link: back, with a code.
async fn authorize(State(seen): State<Arc<Seen>>, Query(asked): Query<Fields>) -> Html<String> {
    seen.keep("state", &asked["state"]);
    let mut back = url::Url::parse(&asked["redirect_uri"]).unwrap();
    back.query_pairs_mut().append_pair("code", &seen.give("code")).append_pair("state", &asked["state"]);
    let back = back.as_str().replace('&', "&amp;");
    Html(format!("<!doctype html><title>Witness</title><a href=\"{back}\">Allow</a>"))
}

async fn token(State(seen): State<Arc<Seen>>, headers: HeaderMap, Form(asked): Form<Fields>) -> Response {
    // The client proves itself with a header that is the secret in another spelling.
    let proof = headers["authorization"].to_str().unwrap();
    seen.keep("client proof", proof.strip_prefix("Basic ").unwrap());
    if let Some(verifier) = asked.get("code_verifier") {
        seen.keep("verifier", verifier);
    }
    if seen.refuses.load(Ordering::SeqCst) {
        let secrets = ["refresh_token", "code", "code_verifier"].iter().filter_map(|name| asked.get(*name));
        let repeated: Vec<_> = secrets.map(String::as_str).chain([CLIENT_SECRET]).collect();
        let refusal = json!({ "error": "invalid_grant", "error_description": repeated.join(" ") });
        return (StatusCode::BAD_REQUEST, Json(refusal)).into_response();
    }
    let granted = Json(json!({
        "access_token": seen.give("access token"),
        "refresh_token": seen.give("refresh token"),
        "id_token": seen.give("id token"),
        "token_type": "Bearer",
        "expires_in": 1,
        "scope": "read",
    }));
    granted.into_response()
}
