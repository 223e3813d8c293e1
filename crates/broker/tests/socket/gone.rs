//! Programs that began an approval and are gone before it ended: killed, or with an answer left unread.

use crate::{LONG, STATUS, home};
use connections::activity::ActivityKind;
use connections::configs::{CustomProvider, custom_provider};
use connections::connection::Status;
use connections::id::{AttemptId, ConnectionKey};
use connections::view::{AttemptPhase, AttemptView, Surface};
use connections::{ConfigKey, Connections, NewConfig, ProviderChoice};
use sandbox::Sandbox;
use sandbox::person::{Choices, approve};
use secret::SecretString;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpStream, UnixStream};

/// An open vault with a registration at the practice bank, behind its socket.
struct Linked {
    core: Connections,
    folder: TempDir,
    _runtime: runtime::Runtime,
    _bank: Sandbox,
}

impl Linked {
    async fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let runtime = home(folder.path()).await;
        let core = runtime.connections().unwrap();
        let bank = Sandbox::start(sandbox::Options::default()).await.unwrap();
        let issuer = bank.issuer();
        let custom = CustomProvider { issuer: Some(&issuer), ..CustomProvider::default() };
        let new = NewConfig {
            key: ConfigKey::parse("bank").unwrap(),
            provider: ProviderChoice::Custom(Box::new(custom_provider(&core, &custom).await.unwrap())),
            client_id: bank.client_id().to_owned(),
            client_secret: None,
            scopes: vec!["openid".to_owned(), "accounts".to_owned()],
        };
        core.create_config(new).await.unwrap();
        Self { core, folder, _runtime: runtime, _bank: bank }
    }

    async fn program(&self) -> BufReader<UnixStream> {
        BufReader::new(UnixStream::connect(self.folder.path().join("mooring.sock")).await.unwrap())
    }

    /// Waits until an attempt is given up, and what was never linked has gone with it.
    async fn until_cancelled(&self, attempt: &AttemptView) {
        let mut events = self.core.subscribe();
        let is_there = || self.core.connection(&attempt.key).is_ok();
        let cancelled = async {
            while self.core.attempt(&attempt.id).unwrap().phase != AttemptPhase::Cancelled || is_there() {
                events.recv().await.unwrap();
            }
        };
        tokio::time::timeout(LONG, cancelled).await.expect("nobody waits for it any more");
    }

    /// The person approves; answers where they landed.
    async fn approved(&self, id: &AttemptId) -> SecretString {
        let address = self.core.authorization_address(id).unwrap();
        SecretString::from(approve(address.as_str(), &Choices::default()).await.unwrap())
    }
}

/// The next line that the program is told.
async fn told(program: &mut BufReader<UnixStream>) -> Value {
    let mut line = String::new();
    tokio::time::timeout(LONG, program.read_line(&mut line)).await.unwrap().unwrap();
    serde_json::from_str(&line).unwrap_or_else(|_| panic!("no answer: `{line}`"))
}

/// Begins an approval; answers it, and the address to open.
async fn begin(
    program: &mut BufReader<UnixStream>,
    id: u64,
    name: &str,
    surface: Surface,
) -> (AttemptView, Option<url::Url>) {
    let params = json!({ "config_key": "bank", "connection_id": name, "surface": surface });
    let ask = json!({ "v": 1, "id": id, "op": "connect", "params": params });
    program.write_all(format!("{ask}\n").as_bytes()).await.unwrap();
    loop {
        let told = told(program).await;
        assert!(told.get("error").is_none(), "{told}");
        let Some(began) = told["event"].get("began").filter(|_| told["id"] == id) else { continue };
        let attempt = serde_json::from_value(began["attempt"].clone()).unwrap();
        return (attempt, began["address"].as_str().map(|address| address.parse().unwrap()));
    }
}

/// The port at which the answer is awaited.
fn port(address: &url::Url) -> u16 {
    let (_, redirect) = address.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap();
    redirect.parse::<url::Url>().unwrap().port().unwrap()
}

#[tokio::test]
async fn an_address_that_nobody_waits_for_is_given_up_and_its_port_is_free() {
    let there = Linked::new().await;
    for unread in [false, true] {
        let mut program = there.program().await;
        let (attempt, address) = begin(&mut program, 1, "ana", Surface::Print).await;
        let port = port(&address.unwrap());
        drop(TcpStream::connect(("127.0.0.1", port)).await.expect("the answer is awaited"));
        if unread {
            // The system resets a conversation whose end was left with something to read.
            program.write_all(STATUS).await.unwrap();
            program.get_ref().readable().await.unwrap();
        }
        drop(program);
        there.until_cancelled(&attempt).await;
        let closed = async { while TcpStream::connect(("127.0.0.1", port)).await.is_ok() {} };
        tokio::time::timeout(LONG, closed).await.expect("the port is given back");
        let (lines, _) = there.core.activity(None, None, 200).await.unwrap();
        let of_it = |kind| lines.iter().filter(|one| one.kind == kind).count();
        let told = (of_it(ActivityKind::AuthorizationStarted), of_it(ActivityKind::AuthorizationCancelled));
        assert_eq!(told, if unread { (2, 2) } else { (1, 1) });
    }
}

#[tokio::test]
async fn what_leads_back_without_the_program_goes_on() {
    let there = Linked::new().await;
    let mut program = there.program().await;
    let (browser, _) = begin(&mut program, 1, "ana", Surface::Browser).await;
    let (moved, _) = begin(&mut program, 2, "bia", Surface::Print).await;
    // The person opens that one in their browser.
    there.core.switch_surface(&moved.id, Surface::Browser).await.unwrap();
    let (printed, _) = begin(&mut program, 3, "cy", Surface::Print).await;
    drop(program);
    there.until_cancelled(&printed).await;
    for attempt in [browser, moved] {
        let landed = there.approved(&attempt.id).await;
        let mut events = there.core.subscribe();
        there.core.deliver(&landed).await.unwrap();
        while there.core.attempt(&attempt.id).unwrap().phase != AttemptPhase::Succeeded {
            tokio::time::timeout(LONG, events.recv()).await.unwrap().unwrap();
        }
    }
    let linked: Vec<ConnectionKey> = there.core.connections().into_iter().map(|one| one.key).collect();
    assert_eq!(linked, ["ana", "bia"].map(|name| ConnectionKey::parse("bank", name).unwrap()));
}

#[tokio::test]
async fn a_program_that_only_asks_nothing_more_hears_how_it_ends() {
    let there = Linked::new().await;
    let mut program = there.program().await;
    let (attempt, _) = begin(&mut program, 1, "ana", Surface::Print).await;
    program.shutdown().await.unwrap();
    let landed = there.approved(&attempt.id).await;
    there.core.deliver(&landed).await.unwrap();
    let answer = loop {
        let told = told(&mut program).await;
        if told.get("event").is_none() {
            break told;
        }
    };
    assert_eq!(answer["ok"]["attempt"]["phase"], "succeeded", "{answer}");
    assert_eq!(there.core.connections()[0].status, Status::Linked);
}
