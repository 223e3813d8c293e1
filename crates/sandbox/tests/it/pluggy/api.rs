//! A small client of Pluggy's API that says exactly what a test tells it to.

use crate::client::http;
use reqwest::{Method, Response};
use sandbox::{Options, Sandbox, pluggy};
use serde_json::{Value, json};
use std::time::Duration;

/// A sandbox whose clock alone decides how far things are.
pub(crate) async fn world() -> Sandbox {
    world_with(Options::default()).await
}

pub(crate) async fn world_with(options: Options) -> Sandbox {
    let slow = pluggy::Settings { pace: Duration::from_secs(10), ..options.pluggy };
    Sandbox::start(Options { pluggy: slow, ..options }).await.unwrap()
}

pub(crate) const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Somebody with a token.
pub(crate) struct Caller<'s> {
    sandbox: &'s Sandbox,
    pub(crate) token: String,
}

/// A status and a JSON body.
pub(crate) type Answer = (u16, Value);

async fn answer(response: Response) -> Answer {
    let status = response.status().as_u16();
    let text = response.text().await.unwrap();
    (status, serde_json::from_str(&text).unwrap_or_else(|_| panic!("{status} is not JSON: {text}")))
}

/// A request without any token.
pub(crate) async fn anonymous(sandbox: &Sandbox, method: Method, path: &str, body: Value) -> Answer {
    let request = http().request(method, format!("{}{path}", sandbox.pluggy_api())).json(&body);
    answer(request.send().await.unwrap()).await
}

/// Somebody with an API key.
pub(crate) async fn client(sandbox: &Sandbox) -> Caller<'_> {
    let (id, secret) = sandbox.pluggy_client();
    let (status, body) =
        anonymous(sandbox, Method::POST, "/auth", json!({ "clientId": id, "clientSecret": secret })).await;
    assert_eq!(status, 200, "{body}");
    Caller { sandbox, token: body["apiKey"].as_str().unwrap().to_owned() }
}

impl<'s> Caller<'s> {
    pub(crate) fn with(sandbox: &'s Sandbox, token: &str) -> Self {
        Self { sandbox, token: token.to_owned() }
    }

    pub(crate) async fn response(&self, method: Method, path: &str, body: Option<&Value>) -> Response {
        let request = http().request(method, format!("{}{path}", self.sandbox.pluggy_api()));
        let request = request.header("x-api-key", &self.token);
        let request = if let Some(body) = body { request.json(body) } else { request };
        request.send().await.unwrap()
    }

    pub(crate) async fn ask(&self, method: Method, path: &str, body: Value) -> Answer {
        answer(self.response(method, path, Some(&body)).await).await
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        answer(self.response(Method::GET, path, None).await).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> Answer {
        self.ask(Method::POST, path, body).await
    }

    /// What is there and may be read.
    pub(crate) async fn read(&self, path: &str) -> Value {
        let (status, body) = self.get(path).await;
        assert_eq!(status, 200, "{path}: {body}");
        body
    }

    /// A connect token made with this API key.
    pub(crate) async fn connect_token(&self, body: Value) -> Caller<'s> {
        let (status, body) = self.post("/connect_token", body).await;
        assert_eq!(status, 200, "{body}");
        Caller::with(self.sandbox, body["accessToken"].as_str().unwrap())
    }

    /// A new item; answers its id.
    pub(crate) async fn item(&self, connector: u32, parameters: Value) -> String {
        let (status, body) =
            self.post("/items", json!({ "connectorId": connector, "parameters": parameters })).await;
        assert_eq!(status, 200, "{body}");
        assert_eq!((&body["status"], &body["executionStatus"]), (&json!("UPDATING"), &json!("CREATED")));
        body["id"].as_str().unwrap().to_owned()
    }

    /// An item of this test user at Pluggy Bank, as it is when everything has had its time.
    pub(crate) async fn user(&self, user: &str) -> Value {
        let id = self.item(0, login(user)).await;
        self.sandbox.clock().advance(Duration::from_secs(150));
        self.read(&format!("/items/{id}")).await
    }

    /// An item that is connected; answers its id.
    pub(crate) async fn connected(&self) -> String {
        let item = self.user("user-ok").await;
        assert_eq!(item["executionStatus"], "SUCCESS", "{item}");
        item["id"].as_str().unwrap().to_owned()
    }
}

pub(crate) fn login(user: &str) -> Value {
    json!({ "user": user, "password": "password-ok" })
}

pub(crate) fn statuses(item: &Value) -> (&str, &str) {
    (item["status"].as_str().unwrap(), item["executionStatus"].as_str().unwrap())
}
