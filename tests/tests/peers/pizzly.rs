//! Pizzly's own clients from npm, unmodified, the call of its first document, and our own examples, against a running
//! agent that is connected to `oidc-provider`.

use serde_json::{Value, json};
use std::process::{Command, Output};
use tests::app::{free_port, until};
use tests::cli;
use tests::process::Process;
use tests::provider::Provider;
use tests::workspace;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// An agent with HTTP.
pub(crate) struct Served {
    pub(crate) world: World,
    pub(crate) provider: Provider,
    pub(crate) port: u16,
    secret: String,
    agent: Process,
}

impl Served {
    /// With `oidc` registered and nothing connected.
    pub(crate) fn new(more: &[&str]) -> Self {
        let provider = Provider::start(&json!({}));
        let world = World::new(NO_WINDOW);
        let port = free_port().unwrap();
        let address = format!("127.0.0.1:{port}");
        let mut arguments = vec!["--http", address.as_str()];
        arguments.extend(more);
        let agent = cli::agent_with(&world, &arguments);
        let create = ["config", "create", "oidc", "custom", "mooring", "", "openid profile", "--issuer"];
        cli::ok(&world, &[&create[..], &[provider.issuer.as_str()]].concat());
        let secret = cli::ok(&world, &["caller", "secret"]).trim().to_owned();
        Self { world, provider, port, secret, agent }
    }

    /// With one connection as well.
    async fn connected() -> Self {
        let served = Self::new(&[]);
        let (_waiting, address) = cli::connect(&served.world, "oidc", "ana");
        let landed = tests::person::approve(&address).await.unwrap();
        assert_eq!(reqwest::get(&landed).await.unwrap().status(), 200);
        cli::linked(&served.world, "oidc", "ana").await;
        served
    }

    pub(crate) fn url(&self) -> String {
        format!("http://localhost:{}", self.port)
    }

    /// Lets a program have tokens over HTTP.
    fn allow(&self, program: &str) {
        let file = std::fs::canonicalize(program).unwrap();
        cli::ok(&self.world, &["caller", "allow", &format!("http:{}", file.display()), "--access", "token"]);
    }

    /// A command that knows where Mooring is and what its secret is.
    fn command(&self, program: &str) -> Command {
        let mut command = Command::new(program);
        command
            .current_dir(workspace().join("tests/peers"))
            .env("NO_COLOR", "1")
            .env("PIZZLY_SECRET_KEY", &self.secret)
            .env("MOORING_SECRET", &self.secret)
            .env("MOORING_ADDRESS", format!("127.0.0.1:{}", self.port))
            .env("MOORING_URL", format!("http://127.0.0.1:{}", self.port));
        command
    }
}

fn said(output: &Output) -> String {
    let (out, error) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "{out}{error}");
    out.trim().to_owned()
}

/// The file of an interpreter, which may be behind a shim.
fn interpreter(program: &str, arguments: &[&str]) -> String {
    said(&Command::new(program).args(arguments).output().unwrap())
}

fn node() -> String {
    interpreter("node", &["-p", "process.execPath"])
}

#[tokio::test]
async fn its_clients_for_node_get_fresh_tokens() {
    let served = Served::connected().await;
    served.allow(&node());
    let mut script = served.command("node");
    script.args(["pizzly-node.mjs", &served.url(), "oidc", "ana"]);
    let told: Value = serde_json::from_str(&said(&script.output().unwrap())).unwrap();
    let token = told["late"].as_str().unwrap();
    assert!(served.provider.accepts(token).await.unwrap());
    for name in ["early", "earlySwapped", "lateInAddress"] {
        assert_eq!(told[name], token, "{name}");
    }
    for name in ["earlyRaw", "lateRaw"] {
        assert_eq!(told[name]["access_token"], token, "{name}");
        assert_eq!(told[name]["refresh_token"], Value::Null, "{name}");
    }
    assert_eq!(told["lateConnection"]["provider_config_key"], "oidc");
    assert_eq!(told["lateConnection"]["credentials"]["type"], "OAUTH2");
    assert_eq!(told["withoutSecret"]["status"], 401);
    assert_eq!(told["unknown"]["status"], 400);
    let words = "No matching connection for connection_id: nobody and provider_config_key: oidc";
    assert_eq!(told["unknown"]["body"]["error"], words);
    assert!(!served.agent.output().contains(&served.secret), "the agent's log holds the secret");
    assert!(!served.agent.output().contains(token), "the agent's log holds a token");
}

#[tokio::test]
async fn the_call_of_the_first_document_works_with_the_secret_and_not_without() {
    let served = Served::connected().await;
    let curl = |more: &[&str]| {
        let mut curl = served.command("curl");
        curl.args(["-sS", "--noproxy", "*", "-XGET", "-H", "Content-type: application/json"]).args(more);
        curl.arg(format!("{}/connection/ana?integration_key=oidc", served.url()));
        serde_json::from_str::<Value>(&said(&curl.output().unwrap())).unwrap()
    };
    let user = format!("{}:", served.secret);
    let refused = curl(&["-u", &user]);
    let curl_file = std::fs::canonicalize("/usr/bin/curl").unwrap();
    let named = format!("Mooring's owner has not permitted this to http:{}.", curl_file.display());
    assert_eq!(refused["error"], named, "nobody is there to be asked");
    served.allow("/usr/bin/curl");
    let body = curl(&["-u", &user]);
    let connection = &body["connection"];
    assert_eq!(
        (&connection["integration_key"], &connection["connection_id"]),
        (&json!("oidc"), &json!("ana"))
    );
    let token = connection["credentials"]["accessToken"].as_str().unwrap();
    assert_eq!(connection["raw_response"]["access_token"], token);
    assert!(served.provider.accepts(token).await.unwrap());
    let words = "Authentication failed. The request is missing a valid secret key.";
    assert_eq!(curl(&[])["error"], words);
    let file = std::fs::read_to_string(served.world.profile().join("agent.json")).unwrap();
    let told: Value = serde_json::from_str(&file).unwrap();
    assert_eq!(told["port"], served.port);
    assert_eq!(told["pid"], served.agent.pid());
}

#[tokio::test]
async fn the_examples_print_a_token() {
    let served = Served::connected().await;
    let examples = workspace().join("docs/examples");
    let built = tests::program("example-token");
    let python = interpreter("python3", &["-c", "import os, sys; print(os.path.realpath(sys.executable))"]);
    let (built, node) = (built.to_str().unwrap(), node());
    for (program, example, asks) in [
        ("sh", Some("token.sh"), "/usr/bin/curl"),
        (python.as_str(), Some("token.py"), python.as_str()),
        ("node", Some("token.mjs"), node.as_str()),
        (built, None, built),
    ] {
        served.allow(asks);
        let mut command = served.command(program);
        command.args(example.map(|name| examples.join(name))).args(["oidc", "ana"]);
        let token = said(&command.output().unwrap());
        assert!(served.provider.accepts(&token).await.unwrap(), "{program}: {token}");
    }
}

#[tokio::test]
async fn a_port_that_is_taken_is_told_with_one_that_is_free() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port();
    let world = World::new(NO_WINDOW);
    drop(cli::agent(&world));
    let file = world.folder().join("again");
    std::fs::write(&file, cli::PASSPHRASE).unwrap();
    let address = format!("127.0.0.1:{port}");
    let arguments = ["agent", "--passphrase-file", file.to_str().unwrap(), "--http", &address];
    let refused = until("the vault to be let go", || async {
        let output = cli::mooring(&world, &arguments);
        let text = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok((!text.contains("another Mooring")).then_some((output.status.code(), text)))
    });
    let (code, text) = refused.await.unwrap();
    assert_eq!(code, Some(69), "{text}");
    assert!(text.contains(&format!("port {port} ")) && text.contains("is free"), "{text}");
}
