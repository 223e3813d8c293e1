//! Two hundred programs ask for tokens of five seconds, at a server that rotates and ends a grant when a spent refresh
//! token comes again, while the agent is killed every few seconds.
//!
//! `MOORING_SOAK_SECONDS=120` makes it as long as that; without it it is short.
//!
//! A kill between the server's rotation and our write cannot be survived at such a server: nobody has the new refresh
//! token. Those are told apart by the server's own history, and the person is then asked to approve again.

use jiff::Timestamp;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tests::cli;
use tests::process::Process;
use tests::provider::{GrantEvent, GrantFate, Provider};
use tests::world::{Wants, World};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::UnixStream;
use tokio::sync::watch;
use tokio::time::{Instant, Interval, MissedTickBehavior};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };
const CALLERS: u32 = 200;
/// How often each program asks.
const PACE: Duration = Duration::from_secs(1);
const SHORT: u64 = 20;
/// No part of a token's life, so that the kills fall into every part of it.
const BETWEEN_KILLS: Duration = Duration::from_millis(1_870);
/// The server counts whole seconds from the one in which it issued a token.
const ROUNDING_MILLIS: i64 = 1_000;
/// No token is renewed in the first half of its life, but for what the clocks of request and answer differ.
const CLOSEST_REFRESHES_MILLIS: i64 = 1_500;
/// How long the answer to a refresh may be under way, on a busy machine.
const ON_ITS_WAY_MILLIS: i64 = 5_000;

/// What a program was answered, and what the server made of it.
struct Answer {
    token: String,
    asked_at: i64,
    answered_at: i64,
    expires_at: i64,
    judged_at: i64,
    accepted: bool,
}

#[derive(Default)]
struct Answers {
    tokens: Vec<Answer>,
    /// How often each refusal came.
    refusals: BTreeMap<String, usize>,
}

fn now() -> i64 {
    Timestamp::now().as_millisecond()
}

fn pace(first: Instant, between: Duration) -> Interval {
    let mut turns = tokio::time::interval_at(first, between);
    turns.set_missed_tick_behavior(MissedTickBehavior::Delay);
    turns
}

fn length() -> Duration {
    let wanted = std::env::var("MOORING_SOAK_SECONDS").ok();
    let wanted =
        wanted.map_or(SHORT, |text| text.parse().expect("MOORING_SOAK_SECONDS is a number of seconds"));
    Duration::from_secs(wanted)
}

#[tokio::test(flavor = "multi_thread")]
async fn two_hundred_programs_get_good_tokens_while_the_agent_is_killed() {
    let provider = Arc::new(Provider::start(&json!({ "accessTokenSeconds": 5 })));
    let world = World::new(NO_WINDOW);
    let mut agent = cli::agent(&world);
    let issuer = provider.issuer.as_str();
    cli::ok(&world, &["config", "create", "oidc", "custom", "mooring", "", "openid", "--issuer", issuer]);
    approve(&world).await;
    let own = std::env::current_exe().unwrap();
    cli::ok(&world, &["caller", "allow", own.to_str().unwrap(), "--access", "token"]);

    let answers = Arc::new(Mutex::new(Answers::default()));
    let (up, is_up) = watch::channel(true);
    let end = Instant::now() + length();
    let socket = world.profile().join("mooring.sock");
    let callers: Vec<_> = (0..CALLERS)
        .map(|number| {
            let caller = Caller {
                socket: socket.clone(),
                provider: Arc::clone(&provider),
                http: reqwest::Client::builder().no_proxy().build().unwrap(),
                answers: Arc::clone(&answers),
                is_up: is_up.clone(),
            };
            tokio::spawn(caller.asks_until(end, PACE * number / CALLERS))
        })
        .collect();
    let mut kills = Vec::new();
    let mut approvals = 0;
    let mut turns = pace(Instant::now() + BETWEEN_KILLS, BETWEEN_KILLS);
    while tokio::time::timeout_at(end, turns.tick()).await.is_ok() {
        up.send_replace(false);
        agent = killed_and_started(agent, &world, &mut kills);
        up.send_replace(true);
        approvals += usize::from(mended(&world).await);
    }
    for caller in callers {
        caller.await.unwrap();
    }
    // Never silently dead: at the end as well it either gives a token or says what the person has to do.
    approvals += usize::from(mended(&world).await);
    let history = provider.history().await.unwrap();
    let answers = answers.lock().unwrap();
    judge(&answers, &history, &kills, approvals);
}

fn killed_and_started(agent: Process, world: &World, kills: &mut Vec<i64>) -> Process {
    agent.kill();
    kills.push(now());
    cli::agent(world)
}

async fn approve(world: &World) {
    let (_waiting, address) = cli::connect(world, "oidc", "ana");
    let landed = tests::person::approve(&address).await.unwrap();
    reqwest::get(&landed).await.unwrap();
    cli::linked(world, "oidc", "ana").await;
}

/// Asks for a token as the person would; approves again when that is said, and answers whether it was.
async fn mended(world: &World) -> bool {
    let output = cli::mooring(world, &["token", "oidc", "ana"]);
    let shown = cli::json(world, &["connection", "show", "oidc", "ana"]);
    if output.status.success() {
        assert_eq!(shown["status"], "Linked");
        return false;
    }
    let told = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(77), "{told}");
    assert_eq!(shown["status"], "Deauthorized", "{told}");
    assert_eq!(
        shown["needs"],
        json!({ "kind": "approval", "reason": "rotationLost" }),
        "the person is told why"
    );
    approve(world).await;
    true
}

fn judge(answers: &Answers, history: &[GrantEvent], kills: &[i64], approvals: usize) {
    let issued = |token: &str| history.iter().find(|event| event.access_token == token);
    let ended: Vec<_> = history.iter().filter(|event| event.what == GrantFate::Ended).collect();
    let answered: BTreeSet<&str> = answers.tokens.iter().map(|one| one.token.as_str()).collect();

    // Each token that was handed out is one of the server's, lives, and is taken by it.
    let mut too_late = 0;
    for one in &answers.tokens {
        let from = issued(&one.token).expect("the server issued it");
        assert!(
            one.expires_at > one.asked_at,
            "a token was handed out that had ended before it was asked for"
        );
        if one.accepted {
            continue;
        }
        let ended = ended.iter().find(|event| event.grant == from.grant);
        let was_over = one.judged_at >= one.expires_at - ROUNDING_MILLIS;
        let was_ended = ended.is_some_and(|event| event.at_millis <= one.judged_at);
        assert!(
            was_over || was_ended,
            "a token was refused with {} ms to live",
            one.expires_at - one.judged_at
        );
        if let Some(ended) = ended.filter(|_| !was_over) {
            assert!(one.answered_at <= ended.at_millis + ROUNDING_MILLIS, "a dead grant was handed out");
        }
        too_late += 1;
    }
    let good = answers.tokens.len() - too_late;
    let refreshes = history.iter().filter(|event| event.what == GrantFate::Refreshed).count();
    println!(
        "{good} good answers, {too_late} judged too late, {refreshes} refreshes, {} kills, {} rotations lost",
        kills.len(),
        ended.len()
    );
    assert!(
        good > CALLERS as usize && too_late * 10 < good,
        "{good} good answers, {too_late} judged too late"
    );

    // A grant ends only where the answer to its last refresh died with the agent, and then the person was asked.
    for end in &ended {
        let last = history.iter().rfind(|event| {
            event.grant == end.grant && event.what == GrantFate::Refreshed && event.at_millis <= end.at_millis
        });
        let last = last.expect("a refresh was spent");
        let on_its_way = last.at_millis - ROUNDING_MILLIS..last.at_millis + ON_ITS_WAY_MILLIS;
        assert!(
            kills.iter().any(|kill| on_its_way.contains(kill)),
            "no kill explains the loss of a rotation"
        );
        assert!(
            !answered.contains(last.access_token.as_str()),
            "what was lost had been handed out: not durable"
        );
    }
    assert_eq!(approvals, ended.len(), "the person was asked exactly where a grant had ended");

    // One refresh for each time that a token came near its end.
    let mut latest: BTreeMap<&str, i64> = BTreeMap::new();
    for event in history.iter().filter(|event| event.what != GrantFate::Ended) {
        if let Some(before) = latest.insert(&event.grant, event.at_millis) {
            let gap = event.at_millis - before;
            assert!(gap >= CLOSEST_REFRESHES_MILLIS, "two refreshes within {gap} ms");
        }
    }
    // The socket is there a moment before the vault is open, and has room for so many of one process at once.
    let understood = ["approve_again", "locked", "busy"];
    let strange: Vec<_> =
        answers.refusals.iter().filter(|(code, _)| !understood.contains(&code.as_str())).collect();
    assert!(strange.is_empty(), "{strange:?}");
    let turned_away = answers.refusals.get("busy").copied().unwrap_or_default();
    assert!(turned_away * 50 < good, "{turned_away} turned away, {good} good answers");
    assert!(kills.len() >= 4, "{} kills", kills.len());
}

/// A program that asks again and again.
struct Caller {
    socket: PathBuf,
    provider: Arc<Provider>,
    http: reqwest::Client,
    answers: Arc<Mutex<Answers>>,
    is_up: watch::Receiver<bool>,
}

impl Caller {
    async fn asks_until(self, end: Instant, begins: Duration) {
        let mut turns = pace(Instant::now() + begins, PACE);
        while tokio::time::timeout_at(end, turns.tick()).await.is_ok() {
            // Nobody answers while the agent is dead. Who waited for it would ask together with all others that did, and
            // to the agent they are one process.
            if !*self.is_up.borrow() {
                continue;
            }
            let asked_at = now();
            // One whose agent is killed hears nothing, and asks again.
            let Some(answer) = self.ask().await else { continue };
            let answered_at = now();
            if let Some(code) = answer["error"]["code"].as_str() {
                *self.answers.lock().unwrap().refusals.entry(code.to_owned()).or_default() += 1;
                continue;
            }
            let given = &answer["ok"]["token"];
            let token = given["accessToken"].as_str().unwrap().to_owned();
            let expires_at: Timestamp = given["expiresAt"].as_str().unwrap().parse().unwrap();
            let asked =
                self.http.get(format!("{}/me", self.provider.issuer)).bearer_auth(&token).send().await;
            let accepted = asked.unwrap().status().is_success();
            let answer = Answer {
                token,
                asked_at,
                answered_at,
                expires_at: expires_at.as_millisecond(),
                judged_at: now(),
                accepted,
            };
            self.answers.lock().unwrap().tokens.push(answer);
        }
    }

    async fn ask(&self) -> Option<Value> {
        let mut socket = UnixStream::connect(&self.socket).await.ok()?;
        let params = json!({ "configKey": "oidc", "connectionId": "ana" });
        let request = json!({ "v": 1, "id": 1, "op": "token", "params": params });
        socket.write_all(format!("{request}\n").as_bytes()).await.ok()?;
        let mut line = String::new();
        BufReader::new(socket).read_line(&mut line).await.ok()?;
        serde_json::from_str(&line).ok()
    }
}
