//! What the HTTP interface answers is what `docs/openapi.yaml` describes, judged by a validator that others wrote.

use broker::Allowance;
use broker::caller::{Access, CallerId};
use connections::configs::{CustomProvider, custom_provider};
use connections::view::{AttemptPhase, Surface};
use connections::{BeginAuthorization, ConfigKey, ConnectionKey, NewConfig, ProviderChoice};
use reqwest::{Client, Method, redirect};
use runtime::{HttpWish, Runtime};
use secret::SecretString;
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::io::Write as _;
use std::process::{Command, Stdio};
use tests::profile;

/// An open vault with a connection that has tokens, `bank/ana`, and one that has accounts.
async fn opened(folder: &std::path::Path, practice: &sandbox::Sandbox) -> (Runtime, ConnectionKey) {
    let runtime = profile::made(folder).await;
    let core = runtime.connections().unwrap();
    let issuer = practice.issuer();
    let custom = CustomProvider { issuer: Some(&issuer), ..CustomProvider::default() };
    let provider = custom_provider(&core, &custom).await.unwrap();
    let config_key = ConfigKey::parse("bank").unwrap();
    let new = NewConfig {
        key: config_key.clone(),
        provider: ProviderChoice::Custom(Box::new(provider)),
        client_id: practice.client_id().to_owned(),
        client_secret: None,
        scopes: vec!["openid".to_owned(), "accounts".to_owned(), "offline_access".to_owned()],
    };
    core.create_config(new).await.unwrap();
    let ask = BeginAuthorization {
        config_key,
        connection_id: Some(ConnectionKey::parse("bank", "ana").unwrap().connection_id),
        surface: Some(Surface::Print),
        preferred: None,
        parameters: std::collections::BTreeMap::new(),
        language: None,
    };
    let attempt = core.begin(ask).await.unwrap();
    let address = core.authorization_address(&attempt.id).unwrap();
    let mut events = core.subscribe();
    let landed = sandbox::person::approve(address.as_str(), &sandbox::person::Choices::default()).await;
    core.deliver(&SecretString::from(landed.unwrap())).await.unwrap();
    while core.attempt(&attempt.id).unwrap().phase != AttemptPhase::Succeeded {
        events.recv().await.unwrap();
    }
    let key = profile::link_institution(&core, practice).await;
    (runtime, key)
}

/// Asks, and keeps what came beside the path as it is described.
struct Asker {
    client: Client,
    url: String,
    secret: String,
    answers: Vec<Value>,
}

impl Asker {
    async fn ask(&mut self, method: Method, described: &str, path: &str, body: Option<Value>) -> String {
        let name = method.to_string();
        let mut ask = self.client.request(method, format!("{}{path}", self.url));
        if !path.starts_with("/oauth") {
            ask = ask.bearer_auth(&self.secret);
        }
        if let Some(body) = body {
            ask = ask.header("content-type", "application/json").body(body.to_string());
        }
        let answer = ask.send().await.unwrap();
        let status = answer.status().as_u16();
        let kind = answer.headers().get("content-type").map(|kind| kind.to_str().unwrap().to_owned());
        let text = answer.text().await.unwrap();
        self.answers.push(json!({
            "method": name, "path": described, "status": status, "type": kind.unwrap_or_default(), "body": text,
        }));
        text
    }

    async fn get(&mut self, described: &str, path: &str) -> String {
        self.ask(Method::GET, described, path, None).await
    }
}

fn everything(id: &str) -> Allowance {
    let access = vec![Access::Token, Access::ReadData, Access::List, Access::Connect, Access::Manage];
    Allowance { caller: CallerId::new(id), access, connection: None, allowed: true }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_answered_over_http_is_what_is_described() {
    let folder = tempfile::tempdir().unwrap();
    let practice = profile::practice().await;
    let (runtime, key) = opened(folder.path(), &practice).await;
    let wish = HttpWish { address: Some(([127, 0, 0, 1], 0).into()), origins: Vec::new() };
    let http = runtime.serve_http(wish).await.unwrap();
    let callers = runtime.callers().unwrap();
    let own = std::fs::canonicalize(std::env::current_exe().unwrap()).unwrap();
    let secret = callers.http_secret().await.unwrap().expose().clone();
    let client = Client::builder().redirect(redirect::Policy::none()).build().unwrap();
    let mut asker = Asker { client, url: format!("http://{}", http.address), secret, answers: Vec::new() };
    asker.get("/v1/connections", "/v1/connections").await;
    for id in ["http:unknown".to_owned(), format!("http:{}", own.display())] {
        callers.allow(everything(&id)).await.unwrap();
    }
    asker.get("/v1/status", "/v1/status").await;
    asker.get("/v1/connections", "/v1/connections").await;
    asker.get("/v1/connections", "/v1/connections?limit=1").await;
    asker.get("/v1/connections", "/v1/connections?cursor=bent").await;
    let token = "/v1/connections/{config_key}/{connection_id}/token";
    asker.get(token, "/v1/connections/bank/ana/token?min_ttl=60").await;
    asker.get(token, "/v1/connections/bank/nobody/token").await;
    let rejected = format!("{token}/rejected");
    for body in [json!({ "token": "one that was replaced" }), json!({})] {
        asker.ask(Method::POST, &rejected, "/v1/connections/bank/ana/token/rejected", Some(body)).await;
    }
    let accounts: Value = serde_json::from_str(&asker.get("/v1/accounts", "/v1/accounts").await).unwrap();
    let lines = "/v1/accounts/{config_key}/{connection_id}/{account_id}/transactions";
    for account in accounts["accounts"].as_array().unwrap().iter().take(3) {
        let id = account["id"].as_str().unwrap();
        let path = format!("/v1/accounts/{}/{}/{id}/transactions", key.config_key, key.connection_id);
        asker.get(lines, &path).await;
    }
    for (described, path) in [
        ("/connection/{connection_id}", "/connection/ana?provider_config_key=bank"),
        ("/connection/{connection_id}", "/connection/nobody?provider_config_key=bank"),
        ("/connection/{connection_id}", "/connection/ana"),
        ("/connection", "/connection"),
        ("/config", "/config"),
        ("/config/{config_key}", "/config/bank"),
        ("/config/{config_key}", "/config/none"),
        ("/oauth/connect", "/oauth/connect"),
        ("/oauth/connect/{config_key}", "/oauth/connect/bank?connection_id=1"),
        ("/oauth/callback", "/oauth/callback?state=x&code=y"),
    ] {
        asker.get(described, path).await;
    }
    let begin = format!("/oauth/connect/bank?connection_id=2&pizzly_pkey={}", http.publishable_key);
    asker.get("/oauth/connect/{config_key}", &begin).await;
    let config = json!({
        "provider_config_key": "github", "provider": "github",
        "oauth_client_id": "Iv1.abc", "oauth_client_secret": "x", "oauth_scopes": "read:user",
    });
    asker.ask(Method::POST, "/config", "/config", Some(config.clone())).await;
    asker.ask(Method::POST, "/config", "/config", Some(json!({}))).await;
    asker.ask(Method::PUT, "/config", "/config", Some(config.clone())).await;
    asker.ask(Method::PUT, "/config/{config_key}", "/config/github", Some(config)).await;
    asker.ask(Method::DELETE, "/config/{config_key}", "/config/github", None).await;

    let judged = judge(&asker.answers);
    assert_eq!(judged["wrong"], json!([]));
    assert!(judged["compared"].as_u64().unwrap() >= 20, "{judged}");
    let good = |answer: &&Value| answer["status"] == 200 || answer["status"] == 302;
    let good: BTreeSet<&str> =
        asker.answers.iter().filter(good).map(|answer| answer["path"].as_str().unwrap()).collect();
    for path in ["/v1/status", "/v1/connections", token, &rejected, "/v1/accounts", lines, "/config"] {
        assert!(good.contains(path), "{path} was never answered well: {good:?}");
    }
    // The judge finds what is wrong.
    let mut bent = asker.answers[1].clone();
    bent["body"] = json!("{\"version\":7}");
    assert_eq!(judge(&[bent])["wrong"].as_array().unwrap().len(), 1);
}

fn judge(answers: &[Value]) -> Value {
    let mut node = Command::new("node");
    node.current_dir(tests::workspace().join("tests/peers"));
    node.args(["openapi.mjs", "../../docs/openapi.yaml"]).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = node.spawn().unwrap();
    child.stdin.take().unwrap().write_all(json!(answers).to_string().as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success());
    serde_json::from_slice(&output.stdout).unwrap()
}
