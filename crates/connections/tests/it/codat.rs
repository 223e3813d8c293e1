//! Connections through Codat over hours and days, against a Codat that answers as it is told.

use crate::world::World;
use async_trait::async_trait;
use connections::activity::ActivityKind;
use connections::codat_config::CodatFields;
use connections::connection::{Needs, Status};
use connections::error::ErrorCode;
use connections::id::{ConfigKey, ConnectionKey};
use connections::ports::{Http, HttpError};
use connections::view::{AttemptPhase, AttemptView, CodatEvent, CoreEvent};
use connections::{BeginCodatLink, Connections, RevocationOutcome};
use jiff::SignedDuration;
use secret::{Secret, SecretString};
use serde_json::{Value, json};
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::sync::watch;
use web::{RateLimit, Response};

const COMPANY: &str = "11111111-1111-4111-8111-111111111111";
const LINKED: &str = "22222222-2222-4222-8222-222222222222";
pub(crate) const MADE: &str = "33333333-3333-4333-8333-333333333333";

/// What is there, and what is answered instead.
struct There {
    connections: Vec<(&'static str, &'static str)>,
    /// Of these, left out of lists.
    unlisted: Vec<&'static str>,
    operations: Vec<Value>,
    /// Whoever asks for a path with this in it is answered so, until it is taken away.
    instead: Vec<(&'static str, u16, Value)>,
    /// The same, carried out and never answered.
    lost: Vec<&'static str>,
    asked: HashMap<String, usize>,
    /// What each answer says is left of a thousand requests, and until when.
    left: Option<(u32, &'static str)>,
}

#[derive(Clone)]
pub(crate) struct FakeCodat {
    there: Arc<Mutex<There>>,
    /// Hosts that let wait until it says so.
    silent: watch::Sender<Option<&'static str>>,
}

impl FakeCodat {
    fn new() -> Self {
        let there = There {
            connections: vec![(LINKED, "Linked")],
            unlisted: Vec::new(),
            operations: Vec::new(),
            instead: Vec::new(),
            lost: Vec::new(),
            asked: HashMap::new(),
            left: None,
        };
        Self { there: Arc::new(Mutex::new(there)), silent: watch::channel(None).0 }
    }

    pub(crate) fn set(&self, id: &'static str, status: &'static str) {
        let mut there = self.there.lock().unwrap();
        there.connections.retain(|(one, _)| *one != id);
        there.connections.push((id, status));
    }

    pub(crate) fn refuse(&self, path: &'static str, status: u16) {
        let body = json!({ "correlationId": "c0ffee", "error": "no", "canBeRetried": "Unknown" });
        self.there.lock().unwrap().instead.push((path, status, body));
    }

    pub(crate) fn relent(&self) {
        self.there.lock().unwrap().instead.clear();
    }

    pub(crate) fn leaves(&self, requests: u32, until: &'static str) {
        self.there.lock().unwrap().left = Some((requests, until));
    }

    pub(crate) fn asked(&self, what: &str) -> usize {
        self.there.lock().unwrap().asked.get(what).copied().unwrap_or(0)
    }
}

fn shown(id: &str, status: &str) -> Value {
    json!({
        "id": id, "integrationKey": "gbol", "sourceType": "Accounting", "platformName": "Xero", "status": status,
        "created": "2027-01-10T08:00:00Z", "linkUrl": "https://codat.example/link/start",
    })
}

fn page(results: &[Value]) -> Value {
    json!({ "results": results, "pageNumber": 1, "pageSize": 200, "totalResults": results.len(), "_links": {} })
}

impl There {
    fn answer(&mut self, method: &str, path: &str) -> (u16, Value) {
        if let Some((_, status, body)) = self.instead.iter().find(|(part, ..)| path.contains(part)) {
            return (*status, body.clone());
        }
        let missing = (404, json!({ "correlationId": "c0ffee", "error": "not there" }));
        let listed: Vec<Value> = self
            .connections
            .iter()
            .filter(|(id, _)| !self.unlisted.contains(id))
            .map(|(id, status)| shown(id, status))
            .collect();
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (method, parts.as_slice()) {
            ("GET", ["token"]) => {
                (200, json!({ "accessToken": "opens-one-company", "expiresIn": 3_600, "companyId": COMPANY }))
            }
            ("GET", ["companies"]) => {
                (200, page(&[json!({ "id": COMPANY, "name": "Rowan", "dataConnections": listed })]))
            }
            ("GET", ["companies", _]) => (200, json!({ "id": COMPANY, "name": "Rowan" })),
            ("GET", ["companies", _, "connections"]) => (200, page(&listed)),
            ("POST", ["companies", _, "connections"]) => {
                self.connections.push((MADE, "PendingAuth"));
                (200, shown(MADE, "PendingAuth"))
            }
            ("POST", [.., "data", "all"]) => (204, Value::Null),
            ("GET", [.., "data", "history"]) => (200, page(&self.operations)),
            (_, ["companies", _, "connections", id]) => {
                let Some(found) = self.connections.iter_mut().find(|(one, _)| one == id) else {
                    return missing;
                };
                match method {
                    "PATCH" => found.1 = "Unlinked",
                    "DELETE" => {
                        self.connections.retain(|(one, _)| one != id);
                        return (200, json!(true));
                    }
                    _ => {}
                }
                (200, shown(id, found.1))
            }
            _ => missing,
        }
    }
}

#[async_trait]
impl Http for FakeCodat {
    async fn send(&self, request: web::Request) -> Result<Response, HttpError> {
        let host = request.host().to_owned();
        let request = request.into_http();
        let mut silent = self.silent.subscribe();
        let _ = silent.wait_for(|one| one.is_none_or(|one| one != host)).await;
        let (method, path) = (request.method().as_str(), request.uri().path());
        let mut there = self.there.lock().unwrap();
        let shape =
            format!("{method} {}", path.replace(COMPANY, "{}").replace(LINKED, "{}").replace(MADE, "{}"));
        *there.asked.entry(shape).or_default() += 1;
        let (status, body) = there.answer(method, path);
        if there.lost.contains(&method) {
            return Err(HttpError::AnswerLost);
        }
        Ok(Response {
            status,
            content_type: Some("application/json".to_owned()),
            retry_after: None,
            body: Secret::new(body.to_string().into_bytes()),
        })
    }

    async fn send_counted(&self, request: web::Request) -> Result<(Response, RateLimit), HttpError> {
        let answer = self.send(request).await?;
        let left = self.there.lock().unwrap().left;
        let limit = left.map_or_else(RateLimit::default, |(remaining, until)| RateLimit {
            limit: Some("1000".to_owned()),
            remaining: Some(remaining.to_string()),
            reset: Some(until.to_owned()),
        });
        Ok((answer, limit))
    }
}

pub(crate) fn config() -> ConfigKey {
    ConfigKey::parse("codat").unwrap()
}

pub(crate) fn linked() -> ConnectionKey {
    ConnectionKey::parse("codat", LINKED).unwrap()
}

fn with_key() -> CodatFields {
    CodatFields {
        config_key: "codat".to_owned(),
        api_key: Some(SecretString::from("a-key-of-this-test")),
        api: Some("https://codat.example".parse().unwrap()),
        ..CodatFields::default()
    }
}

fn with_lender(name: &str, host: &str) -> CodatFields {
    CodatFields {
        config_key: name.to_owned(),
        token_endpoint: Some(SecretString::from(format!("https://{host}/token"))),
        api: Some("https://codat.example".parse().unwrap()),
        ..CodatFields::default()
    }
}

pub(crate) async fn begun() -> (World, FakeCodat, Connections) {
    let (world, codat) = (World::new(), FakeCodat::new());
    let core = world.start_with(Arc::new(codat.clone())).await;
    core.create_codat(with_key()).await.unwrap();
    (world, codat, core)
}

async fn lines(core: &Connections) -> Vec<ActivityKind> {
    core.activity(None, None, 100).await.unwrap().0.into_iter().map(|one| one.kind).collect()
}

/// Lets everything run that was woken by the clock.
pub(crate) async fn settled() {
    for _ in 0..200 {
        tokio::task::yield_now().await;
    }
}

/// Hours pass, and what is due in each of them is done.
pub(crate) async fn hours(world: &World, count: i64) {
    for _ in 0..count {
        world.clock.advance(SignedDuration::from_hours(1));
        settled().await;
    }
}

pub(crate) async fn link(core: &Connections) -> (AttemptView, SecretString) {
    let ask = BeginCodatLink {
        config_key: config(),
        company: COMPANY.to_owned(),
        integration: "gbol".to_owned(),
        connection_id: None,
        surface: None,
    };
    let attempt = core.begin_codat_link(ask).await.unwrap();
    let opened = core.authorization_address(&attempt.id).unwrap();
    let nonce = opened.query_pairs().find(|(name, _)| name == codat::NONCE_PARAMETER).unwrap().1.into_owned();
    let back = format!("{}?{}={nonce}", connections::codat_config::REDIRECT, codat::NONCE_PARAMETER);
    (attempt, SecretString::from(back))
}

fn claiming(back: &SecretString, code: u16) -> SecretString {
    SecretString::from(format!("{}&statusCode={code}", back.expose()))
}

pub(crate) fn phase(core: &Connections, attempt: &AttemptView) -> AttemptPhase {
    core.attempt(&attempt.id).unwrap().phase
}

#[tokio::test]
async fn who_comes_back_and_is_not_confirmed_is_not_kept_waiting_for_ever() {
    let (world, codat, core) = begun().await;
    let (attempt, back) = link(&core).await;
    core.deliver(&claiming(&back, 200)).await.unwrap();
    settled().await;
    assert_eq!(phase(&core, &attempt), AttemptPhase::Exchanging);
    world.until(|| phase(&core, &attempt) == AttemptPhase::Expired).await;
    let connection = || core.connection(&attempt.key).unwrap();
    assert_eq!(connection().status, Status::PendingAuth);
    // What Codat says later is noticed all the same.
    codat.set(MADE, "Linked");
    world.until(|| connection().status == Status::Linked).await;
}

#[tokio::test]
async fn who_comes_back_with_nothing_done_is_told_so_at_once() {
    let (_world, _codat, core) = begun().await;
    let (attempt, back) = link(&core).await;
    core.deliver(&claiming(&back, 201)).await.unwrap();
    settled().await;
    let ended = core.attempt(&attempt.id).unwrap();
    assert_eq!((ended.phase, ended.error.unwrap().code), (AttemptPhase::Failed, ErrorCode::NotApproved));
}

#[tokio::test]
async fn who_waits_for_a_confirmation_can_cancel() {
    let (_world, _codat, core) = begun().await;
    let (attempt, back) = link(&core).await;
    core.deliver(&claiming(&back, 200)).await.unwrap();
    settled().await;
    assert_eq!(core.cancel(&attempt.id).await.unwrap().phase, AttemptPhase::Cancelled);
}

#[tokio::test]
async fn an_approval_that_any_look_shows_is_over() {
    let (_world, codat, core) = begun().await;
    let (attempt, _) = link(&core).await;
    codat.set(MADE, "Linked");
    core.list_codat(&config()).await.unwrap();
    assert_eq!(phase(&core, &attempt), AttemptPhase::Succeeded);
}

#[tokio::test]
async fn a_reading_that_never_ends_is_over_after_a_day_and_says_what_is_missing() {
    let (world, codat, core) = begun().await;
    core.sync_codat(&linked(), None).await.unwrap();
    codat.there.lock().unwrap().operations = vec![json!({
        "id": "44444444-4444-4444-8444-444444444444", "connectionId": LINKED, "dataType": "invoices",
        "status": "Queued", "requested": "2027-01-15T08:00:05Z",
    })];
    hours(&world, 3).await;
    assert!(core.connection(&linked()).unwrap().syncing, "a computer that is off may be switched on");
    hours(&world, 24).await;
    assert!(!core.connection(&linked()).unwrap().syncing);
    let all = core.activity(Some(&linked()), None, 50).await.unwrap().0;
    let line = all.iter().find(|one| one.kind == ActivityKind::Synced).unwrap();
    assert_eq!(line.params["gaps"], "invoices");
    core.sync_codat(&linked(), None).await.unwrap();
    assert!(core.connection(&linked()).unwrap().syncing, "it can be asked for again");
}

#[tokio::test]
async fn a_key_that_is_refused_during_a_reading_ends_it() {
    let (world, codat, core) = begun().await;
    core.sync_codat(&linked(), None).await.unwrap();
    codat.refuse("/", 401);
    hours(&world, 1).await;
    let connection = core.connection(&linked()).unwrap();
    assert_eq!((connection.syncing, connection.needs), (false, Needs::Credentials));
    assert!(lines(&core).await.contains(&ActivityKind::SyncFailed));
}

#[tokio::test]
async fn a_reading_from_a_version_that_forgot_it_is_taken_up() {
    let (world, codat, core) = begun().await;
    core.sync_codat(&linked(), None).await.unwrap();
    drop(core);
    world.store.forget_looks();
    let core = world.start_with(Arc::new(codat.clone())).await;
    assert!(core.connection(&linked()).unwrap().syncing);
    hours(&world, 1).await;
    assert!(!core.connection(&linked()).unwrap().syncing, "nothing was read, and that is found out");
}

#[tokio::test]
async fn a_revoked_key_is_noticed_by_the_list_and_said_once() {
    for status in [401, 403] {
        let (world, codat, core) = begun().await;
        let mut events = core.subscribe();
        codat.refuse("/", status);
        hours(&world, 27).await;
        let connection = core.connection(&linked()).unwrap();
        assert_eq!((connection.status, connection.needs), (Status::Linked, Needs::Credentials), "{status}");
        let failure = core.config(&config()).unwrap().codat.unwrap().list_failure.expect("it is said");
        assert_eq!(failure.code, ErrorCode::ClientRefused);
        let told = std::iter::from_fn(|| events.try_recv().ok()).filter(|event| {
            matches!(event, CoreEvent::CodatHappened { event: CodatEvent::OnError { .. }, .. })
        });
        assert_eq!(told.count(), 1, "{status}: tried each hour, said once");
        let refused = lines(&core).await.into_iter().filter(|one| *one == ActivityKind::AggregatorRefused);
        assert_eq!(refused.count(), 1);
        codat.relent();
        hours(&world, 2).await;
        assert_eq!(
            core.connection(&linked()).unwrap().needs,
            Needs::Nothing,
            "another key, or the same again"
        );
        assert!(core.config(&config()).unwrap().codat.unwrap().list_failure.is_none());
    }
}

#[tokio::test]
async fn a_proxy_that_refuses_says_nothing_about_the_key() {
    let (world, codat, core) = begun().await;
    codat.there.lock().unwrap().instead.push(("/", 403, json!({ "error": "blocked by a firewall" })));
    hours(&world, 27).await;
    assert_eq!(core.connection(&linked()).unwrap().needs, Needs::Nothing);
}

#[tokio::test]
async fn a_first_list_that_fails_is_said_and_tried_again() {
    let (world, codat) = (World::new(), FakeCodat::new());
    let core = world.start_with(Arc::new(codat.clone())).await;
    codat.refuse("/connections", 500);
    let view = core.create_codat(with_lender("codat", "lender.example")).await.unwrap().codat.unwrap();
    assert!(view.listed_at.is_none());
    assert_eq!(view.list_failure.expect("it is said").code, ErrorCode::ProviderTrouble);
    assert!(core.connection(&linked()).is_err());
    codat.relent();
    hours(&world, 2).await;
    assert!(core.connection(&linked()).is_ok(), "it is tried again by itself");
    assert!(core.config(&config()).unwrap().codat.unwrap().list_failure.is_none());
}

#[tokio::test]
async fn what_a_list_does_not_show_is_gone_only_when_codat_says_so() {
    let (_world, codat, core) = begun().await;
    codat.there.lock().unwrap().unlisted.push(LINKED);
    assert_eq!(core.list_codat(&config()).await.unwrap().gone, 0);
    assert_eq!(core.connection(&linked()).unwrap().status, Status::Linked);
    codat.there.lock().unwrap().connections.clear();
    assert_eq!(core.list_codat(&config()).await.unwrap().gone, 1);
    assert!(core.show_codat(&linked()).await.unwrap().gone);
}

#[tokio::test]
async fn a_list_on_its_way_does_not_find_what_is_being_made_under_another_name() {
    let (_world, codat, core) = begun().await;
    // Everybody waits: the list and the making are on their way together.
    codat.silent.send_replace(Some("codat.example"));
    let ask = BeginCodatLink {
        config_key: config(),
        company: COMPANY.to_owned(),
        integration: "gbol".to_owned(),
        connection_id: Some(connections::id::ConnectionId::parse("books").unwrap()),
        surface: None,
    };
    let (maker, lister) = (core.clone(), core.clone());
    let making = tokio::spawn(async move { maker.begin_codat_link(ask).await.unwrap() });
    settled().await;
    let listing = tokio::spawn(async move { lister.list_codat(&config()).await.unwrap() });
    settled().await;
    codat.silent.send_replace(None);
    making.await.unwrap();
    listing.await.unwrap();
    let names: Vec<String> =
        core.connections().into_iter().map(|one| one.key.connection_id.to_string()).collect();
    assert_eq!(names, [LINKED, "books"]);
}

#[tokio::test]
async fn a_disconnect_whose_answer_is_lost_is_looked_up() {
    let (_world, codat, core) = begun().await;
    codat.there.lock().unwrap().lost.push("PATCH");
    assert_eq!(core.disconnect(&linked()).await.unwrap(), RevocationOutcome::Confirmed);
    assert_eq!(core.connection(&linked()).unwrap().status, Status::Unlinked);
    assert!(core.show_codat(&linked()).await.unwrap().error.is_none());
    codat.there.lock().unwrap().lost.push("DELETE");
    assert_eq!(core.delete(&linked()).await.unwrap(), RevocationOutcome::Confirmed);
    assert!(core.connection(&linked()).is_err());
}

#[tokio::test]
async fn a_lender_who_does_not_answer_keeps_nobody_else_waiting() {
    let (world, codat) = (World::new(), FakeCodat::new());
    let core = world.start_with(Arc::new(codat.clone())).await;
    for (name, host) in [("one", "one.example"), ("two", "two.example")] {
        core.create_codat(with_lender(name, host)).await.unwrap();
    }
    world.clock.advance(SignedDuration::from_hours(2));
    codat.silent.send_replace(Some("one.example"));
    let hanging = core.clone();
    let one = tokio::spawn(async move {
        hanging.codat_company_token(&ConfigKey::parse("one").unwrap(), None, None, "a test").await
    });
    settled().await;
    let two = ConfigKey::parse("two").unwrap();
    let second = core.codat_company_token(&two, None, None, "a test");
    tokio::time::timeout(std::time::Duration::from_secs(20), second).await.expect("it is not kept").unwrap();
    assert!(!one.is_finished());
    codat.silent.send_replace(None);
    one.await.unwrap().unwrap();
}

#[tokio::test]
async fn what_a_lender_refuses_is_told_and_waited_out() {
    let (world, codat) = (World::new(), FakeCodat::new());
    let core = world.start_with(Arc::new(codat.clone())).await;
    core.create_codat(with_lender("codat", "lender.example")).await.unwrap();
    hours(&world, 2).await;
    codat.refuse("/token", 429);
    let key = config();
    let token = || core.codat_company_token(&key, None, None, "a test");
    let before = codat.asked("GET /token");
    assert_eq!(token().await.err().unwrap().code, ErrorCode::ProviderTrouble);
    for _ in 0..5 {
        assert_eq!(token().await.err().unwrap().code, ErrorCode::ProviderTrouble);
    }
    assert_eq!(codat.asked("GET /token"), before + 1, "too many requests are answered with none");
    codat.relent();
    hours(&world, 1).await;
    assert!(token().await.is_ok());
    // Whoever hands out no tokens any more, at this address or to this person, is no outage.
    for status in [401, 403, 404] {
        hours(&world, 2).await;
        codat.refuse("/token", status);
        assert_eq!(core.list_codat(&config()).await.unwrap_err().code, ErrorCode::ClientRefused, "{status}");
        assert_eq!(core.connection(&linked()).unwrap().needs, Needs::Credentials, "{status}");
        codat.relent();
        core.list_codat(&config()).await.unwrap();
        assert_eq!(core.connection(&linked()).unwrap().needs, Needs::Nothing, "{status}");
    }
}

#[tokio::test]
async fn a_storm_of_refusals_is_asked_about_ever_less() {
    let (world, codat, core) = begun().await;
    codat.refuse("/", 429);
    core.sync_codat(&linked(), None).await.unwrap_err();
    let before = codat.asked("POST /companies/{}/data/all");
    for _ in 0..60 {
        core.sync_codat(&linked(), None).await.unwrap_err();
        world.clock.advance(SignedDuration::from_secs(10));
    }
    let asked =
        codat.asked("POST /companies/{}/data/all") + codat.asked("GET /companies/{}/data/history") - before;
    assert!(asked <= 12, "{asked} requests in ten minutes of refusals");
    codat.relent();
    hours(&world, 1).await;
    core.sync_codat(&linked(), None).await.unwrap();
}
