//! What programs get of Codat: access tokens of one company, and what happens, over the local socket.

use crate::codat_place::{CODAT, begin, codat_place, config, known, outcome, registered};
use crate::place::Place;
use broker::Allowance;
use broker::caller::Access;
use connections::activity::ActivityKind;
use connections::error::ErrorCode;
use jiff::{SignedDuration, Timestamp};
use sandbox::codat::{Switch, Trouble};
use serde_json::{Value, json};
use std::time::Duration;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader, Lines};
use tokio::net::UnixStream;
use tokio::net::unix::OwnedReadHalf;

const TODAYS: &str = "GET /companies/{}/accessToken";
const FORMER: &str = "GET /companies/{}/connectionManagement/accessToken";

fn lives(expires_at: Option<Timestamp>) -> SignedDuration {
    expires_at.expect("Codat says when it ends").duration_since(Timestamp::now())
}

#[tokio::test]
async fn a_token_is_asked_for_once_and_lives_as_long_as_codat_says() {
    let place = codat_place().await;
    let core = place.core();
    let company = place.world.codat().find("qhyg", "Linked").unwrap().company;
    let first = core.codat_company_token(&config(), Some(&company), None, "a test").await.unwrap();
    let again = core.codat_company_token(&config(), Some(&company), None, "a test").await.unwrap();
    // EXPOSE: compared.
    assert!(first.access_token().matches(again.access_token().expose()));
    assert_eq!(place.world.codat().count(TODAYS), 1);
    let life = lives(first.expires_at());
    assert!(life > SignedDuration::from_hours(23) && life <= SignedDuration::from_hours(24), "{life:?}");
    // One that must live longer than is left is a new one.
    let longer = SignedDuration::from_hours(24);
    core.codat_company_token(&config(), Some(&company), Some(longer), "a test").await.unwrap();
    assert_eq!(place.world.codat().count(TODAYS), 2);
    let lines = core.activity(None, None, 50).await.unwrap().0;
    let given: Vec<_> = lines.iter().filter(|one| one.kind == ActivityKind::TokenGiven).collect();
    assert_eq!(given.len(), 1, "what repeats within a minute is one line");
    assert_eq!((&given[0].params["company"], given[0].params["caller"].as_str()), (&company, "a test"));
}

#[tokio::test]
async fn the_former_path_is_asked_where_todays_is_not_there() {
    let place = codat_place().await;
    let core = place.core();
    let company = place.world.codat().find("qhyg", "Linked").unwrap().company;
    place.world.codat().turn(Switch::AccessTokens, false);
    let token = core.codat_company_token(&config(), Some(&company), None, "a test").await.unwrap();
    let life = lives(token.expires_at());
    assert!(life <= SignedDuration::from_hours(1) && life > SignedDuration::from_mins(55), "{life:?}");
    assert_eq!(place.world.codat().count(FORMER), 1);
    place.world.codat().turn(Switch::OlderAccessTokens, false);
    let other =
        place.world.codat().connections().into_iter().find(|one| one.company != company).unwrap().company;
    let refused = core.codat_company_token(&config(), Some(&other), None, "a test").await.err().unwrap();
    assert_eq!(refused.code, ErrorCode::Gone, "neither path has it");
    let missing = core.codat_company_token(&config(), None, None, "a test").await.err().unwrap();
    assert_eq!((missing.code, missing.params["problem"].as_str()), (ErrorCode::BadInput, "required"));
}

/// A program at the socket.
struct Program {
    lines: Lines<BufReader<OwnedReadHalf>>,
    writer: tokio::net::unix::OwnedWriteHalf,
}

impl Program {
    async fn at(place: &Place) -> Self {
        let socket = UnixStream::connect(place.folder.path().join("mooring.sock")).await.unwrap();
        let (reader, writer) = socket.into_split();
        Self { lines: BufReader::new(reader).lines(), writer }
    }

    async fn ask(&mut self, operation: &str, params: &Value) -> Value {
        let mut request = json!({ "v": 1, "id": 1, "op": operation });
        if !params.is_null() {
            request["params"] = params.clone();
        }
        self.writer.write_all(format!("{request}\n").as_bytes()).await.unwrap();
        self.next().await
    }

    async fn next(&mut self) -> Value {
        let line = tokio::time::timeout(Duration::from_secs(30), self.lines.next_line());
        serde_json::from_str(&line.await.expect("a line").unwrap().expect("the socket stays open")).unwrap()
    }

    /// The next event in the component's words; others are passed over.
    async fn happened(&mut self) -> Value {
        loop {
            let line = self.next().await;
            let event = &line["event"]["happened"];
            if event["type"] == "codatHappened" {
                return event["event"].clone();
            }
        }
    }
}

#[tokio::test]
async fn a_permitted_program_gets_a_companys_token_and_a_refused_one_does_not() {
    let place = registered(Place::serving().await).await;
    let key = known(&place, "qhyg", "Linked");
    let company = place.world.codat().find("qhyg", "Linked").unwrap().company;
    let mut program = Program::at(&place).await;
    let asked = json!({ "configKey": CODAT, "company": company, "min_ttl_seconds": 60 });
    let answer = program.ask("codat.token", &asked).await;
    let token = &answer["ok"]["token"];
    assert!(token["accessToken"].as_str().unwrap().starts_with("codat_sandbox_"), "{answer}");
    assert_eq!((&token["extras"]["companyId"], &token["raw"]), (&json!(company), &json!({})));
    // Whoever may not have one connection of the company gets no token that opens it.
    let callers = place.runtime.callers().unwrap();
    let caller = callers.list().remove(0).id;
    let forbid = Allowance { caller, access: vec![Access::Token], connection: Some(key), allowed: false };
    callers.allow(forbid).await.unwrap();
    let refused = program.ask("codat.token", &asked).await;
    assert_eq!(refused["error"]["code"], "not_permitted", "{refused}");
    assert!(!refused.to_string().contains("codat_sandbox_"));
}

#[tokio::test]
async fn all_four_events_of_the_component_reach_a_program_at_the_socket() {
    let place = registered(Place::serving().await).await;
    let core = place.core();
    let mut program = Program::at(&place).await;
    assert_eq!(program.ask("events", &Value::Null).await["event"], "listening");
    let key = known(&place, "qhyg", "Linked");
    let id = key.connection_id.to_string();
    core.disconnect(&key).await.unwrap();
    assert_eq!(program.happened().await, json!({ "name": "onDisconnect", "connectionId": id }));
    let attempt = core.approve_codat(&key, None).await.unwrap();
    place.world.codat().link(&id, "Rowan Ltd").unwrap();
    outcome(&core, &attempt).await;
    assert_eq!(program.happened().await, json!({ "name": "onReconnect", "connectionId": id }));
    place.world.codat().trouble(Trouble::AccountLimit, 1);
    core.disconnect(&key).await.unwrap_err();
    let error = program.happened().await;
    assert_eq!((error["name"].as_str(), error["userRecoverable"].as_bool()), (Some("onError"), Some(false)));
    assert!(error["correlationId"].is_string() && error["message"].is_string());
    core.close_codat(&key).await.unwrap();
    assert_eq!(program.happened().await, json!({ "name": "onClose" }));
    // What concerns no connection, and a platform that fails, is told as well.
    place.world.codat().trouble(Trouble::Maintenance, 1);
    core.codat_companies(&config()).await.unwrap_err();
    assert_eq!(program.happened().await["name"], "onError", "the companies");
    place.world.codat().trouble(Trouble::Maintenance, 1);
    core.list_codat(&config()).await.unwrap_err();
    assert_eq!(program.happened().await["name"], "onError", "the list");
    place.world.codat().next_link(sandbox::codat::LinkOutcome::PlatformFails);
    let failing = begin(&core, "gbol").await;
    let page = place.windows.opened.lock().unwrap().last().cloned().expect("a page").1;
    let back = sandbox::person::approve(&page, &sandbox::person::Choices::default()).await.unwrap();
    core.deliver(&back.into()).await.unwrap();
    outcome(&core, &failing).await;
    assert_eq!(program.happened().await["name"], "onError", "a link that fails");
}
