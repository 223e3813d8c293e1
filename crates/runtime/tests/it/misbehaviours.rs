//! Every misbehaviour of the practice bank is played against the product: at a link, at a refresh, at a disconnect.
//!
//! What must come of each stands in `table`, which names them all: one more does not compile without its row.

mod table;

use crate::home::{Home, PATIENCE};
use connections::connection::{Needs, Reachability, Status};
use connections::error::{CoreError, ErrorCode};
use connections::id::ConnectionKey;
use connections::view::{AttemptHint, AttemptPhase, AttemptView, Surface};
use connections::{Connections, RevocationOutcome};
use sandbox::person::{self, Choices};
use sandbox::{Endpoint, Misbehaviour};

/// A token that lived so long is stale for whoever asks for as much as there can be, and is not renewed by itself.
const A_WHILE: i64 = 40;
/// Whatever the bank said about when to come back, and however long the product pauses, is over by then.
const LONG: i64 = 2 * 60 * 60;
/// Nothing has moved for so long that another way is offered.
const STALLED: i64 = 61;

/// What must come of a misbehaviour.
#[derive(Debug, PartialEq)]
struct Row {
    at_link: Link,
    at_refresh: Renewal,
    /// A token after the misbehaviour and all pauses are over. No connection is dead without saying so: it is
    /// `Linked` and gives one, or `Deauthorized` and says that it must be approved again.
    afterwards: Result<(), ErrorCode>,
    at_disconnect: RevocationOutcome,
}

/// How a first link ends.
#[derive(Debug, PartialEq)]
struct Link {
    phase: AttemptPhase,
    error: Option<ErrorCode>,
    hint: Option<AttemptHint>,
    /// How often the bank was asked to exchange a code.
    exchanges: u64,
    /// Whether what was linked can be renewed; nothing is left behind where nothing was linked.
    renewable: Option<bool>,
    lines: Vec<String>,
}

/// How a refresh ends for the program that needs it.
#[derive(Debug, PartialEq)]
struct Renewal {
    answer: Result<(), ErrorCode>,
    /// How often the bank was asked.
    asked: u64,
    status: Status,
    needs: Needs,
    reach: Reach,
    lines: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Reach {
    Reachable,
    ProviderTrouble,
    Offline,
}

/// The bank's own; those of the practice Pluggy are played by its tests.
fn of_the_bank() -> impl Iterator<Item = Misbehaviour> {
    Misbehaviour::all().into_iter().filter(|one| !one.to_string().starts_with("pluggy-"))
}

#[tokio::test(flavor = "multi_thread")]
async fn each_misbehaviour_of_the_bank_ends_as_the_table_says() {
    let home = Home::new().await;
    let mut wrong = Vec::new();
    for one in of_the_bank() {
        let played = Play::new(&home, one).whole().await;
        let expected = table::row(one).expect("the bank's own have a row");
        if played != expected {
            wrong.push(format!("{one}\nexpected {expected:#?}\nplayed {played:#?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}

/// One misbehaviour, played against a connection of its own.
struct Play<'a> {
    home: &'a Home,
    core: Connections,
    key: ConnectionKey,
    one: Misbehaviour,
}

impl<'a> Play<'a> {
    fn new(home: &'a Home, one: Misbehaviour) -> Self {
        let name = one.to_string().replace([':', '.'], "-");
        let key = ConnectionKey::parse("bank", &name).unwrap();
        Self { home, core: home.runtime.connections().unwrap(), key, one: table::quickened(one) }
    }

    async fn whole(&self) -> Row {
        let at_link = self.link().await;
        // However that went, it is linked as it should be now.
        self.link_well().await;
        let at_refresh = self.refresh().await;
        self.home.bank.behave();
        self.pass(LONG);
        let afterwards = self.token(None).await;
        self.is_honest(afterwards);
        if afterwards.is_err() {
            self.link_well().await;
        }
        self.home.bank.misbehave(self.one, None);
        let at_disconnect = self.core.disconnect(&self.key).await.unwrap();
        assert_eq!(self.core.connection(&self.key).unwrap().status, Status::Unlinked);
        self.home.bank.behave();
        if at_disconnect == RevocationOutcome::Later {
            self.hears_of_the_end_later().await;
        }
        self.core.delete(&self.key).await.unwrap();
        Row { at_link, at_refresh, afterwards, at_disconnect }
    }

    async fn link(&self) -> Link {
        let exchanges = self.home.bank.requests().code_exchanges();
        self.home.bank.misbehave(self.one, None);
        let attempt = self.home.begin_for(&self.key, Surface::Print).await;
        let visited = self.home.bank.requests().count(Endpoint::Authorize);
        tokio::select! {
            () = self.approve(&attempt) => {}
            () = self.never_answered(visited) => {}
        }
        let ended = self.settles(&attempt).await;
        self.home.bank.behave();
        let connection = self.core.connection(&self.key).ok();
        let linked = connection.filter(|one| one.status == Status::Linked);
        let seen = Link {
            phase: ended.phase,
            error: ended.error.map(|failure| failure.code),
            hint: ended.hint,
            exchanges: self.home.bank.requests().code_exchanges() - exchanges,
            renewable: linked.map(|one| one.renewable),
            lines: self.lines_of(ended.phase).await,
        };
        if seen.phase == AttemptPhase::Waiting {
            // What came to nothing has spoilt nothing: the same page still leads to the end.
            self.approve(&attempt).await;
            self.succeeds(&attempt).await;
        }
        seen
    }

    async fn refresh(&self) -> Renewal {
        let before = self.lines(0).await.len();
        let asked = self.home.bank.requests().refreshes();
        self.home.bank.misbehave(self.one, None);
        self.pass(A_WHILE);
        let answer = self.token(Some(LONG)).await;
        let connection = self.core.connection(&self.key).unwrap();
        Renewal {
            answer,
            asked: self.home.bank.requests().refreshes() - asked,
            status: connection.status,
            needs: connection.needs,
            reach: reach(&connection.reachability),
            lines: self.lines(before).await,
        }
    }

    /// The person approves, and their browser goes where the bank sends it, if it sends it anywhere.
    async fn approve(&self, attempt: &AttemptView) {
        let address = self.core.authorization_address(&attempt.id).unwrap();
        if let Ok(landed) = person::approve(address.as_str(), &Choices::default()).await {
            let browser = reqwest::Client::builder().no_proxy().build().unwrap();
            // What is refused is seen in the attempt.
            browser.get(landed).send().await.unwrap();
        }
    }

    /// Returns when the page was asked for and is one that never answers.
    async fn never_answered(&self, visited: u64) {
        if self.one != Misbehaviour::PageNeverAnswers {
            std::future::pending::<()>().await;
        }
        while self.home.bank.requests().count(Endpoint::Authorize) == visited {
            tokio::task::yield_now().await;
        }
    }

    /// The attempt when it has ended, or waits and the person was told something about it.
    async fn settles(&self, attempt: &AttemptView) -> AttemptView {
        let settled = async {
            let mut passed = false;
            loop {
                let now = self.core.attempt(&attempt.id).unwrap();
                match now.phase {
                    AttemptPhase::Exchanging => {}
                    AttemptPhase::Waiting if now.hint.is_none() => {
                        if !std::mem::replace(&mut passed, true) {
                            self.pass(STALLED);
                        }
                    }
                    _ => return now,
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, settled).await.expect("the attempt goes somewhere")
    }

    /// What the bank did not hear is said again when it listens.
    async fn hears_of_the_end_later(&self) {
        let told = || self.home.bank.requests().count(Endpoint::Revoke);
        let before = told();
        self.pass(LONG);
        let hears = async {
            while told() == before {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, hears).await.expect("the bank is told");
    }

    /// Links while the bank behaves.
    async fn link_well(&self) {
        let attempt = self.home.begin_for(&self.key, Surface::Print).await;
        self.approve(&attempt).await;
        self.succeeds(&attempt).await;
    }

    async fn succeeds(&self, attempt: &AttemptView) {
        let ended = self.settles(attempt).await;
        assert_eq!((ended.phase, ended.error), (AttemptPhase::Succeeded, None), "{}", self.one);
        assert_eq!(self.core.connection(&self.key).unwrap().status, Status::Linked);
    }

    async fn token(&self, min_ttl: Option<i64>) -> Result<(), ErrorCode> {
        let min_ttl = min_ttl.map(jiff::SignedDuration::from_secs);
        self.core
            .token(&self.key, min_ttl, "a program")
            .await
            .map(drop)
            .map_err(|error: CoreError| error.code)
    }

    /// A connection without a token says what the person has to do.
    fn is_honest(&self, token: Result<(), ErrorCode>) {
        let now = self.core.connection(&self.key).unwrap();
        let reach = reach(&now.reachability);
        match token {
            Ok(()) => {
                assert_eq!(
                    (now.status, now.needs, reach),
                    (Status::Linked, Needs::Nothing, Reach::Reachable)
                );
            }
            Err(_) => {
                assert_eq!(now.status, Status::Deauthorized, "{}", self.one);
                assert!(matches!(now.needs, Needs::Approval { .. }), "{}: {:?}", self.one, now.needs);
            }
        }
    }

    /// Time passes here and at the bank.
    fn pass(&self, seconds: i64) {
        self.home.bank.clock().advance(std::time::Duration::from_secs(seconds.unsigned_abs()));
        self.home.clock.advance(seconds);
    }

    /// All lines of Activity about this connection. How an attempt failed is seen a moment before it is written down.
    async fn lines_of(&self, phase: AttemptPhase) -> Vec<String> {
        let written = async {
            loop {
                let lines = self.lines(0).await;
                if phase != AttemptPhase::Failed
                    || lines.iter().any(|one| one.starts_with("authorization_failed"))
                {
                    return lines;
                }
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, written).await.expect("a failure is written down")
    }

    /// The lines of Activity about this connection after the first `skipped`, the oldest first.
    async fn lines(&self, skipped: usize) -> Vec<String> {
        let (lines, _) = self.core.activity(Some(&self.key), None, 100).await.unwrap();
        let said = lines.into_iter().rev().skip(skipped).map(|line| {
            let kind = serde_json::to_value(line.kind).unwrap().as_str().unwrap().to_owned();
            let values =
                ["code", "reason", "scopesMissing"].into_iter().filter_map(|name| line.params.get(name));
            std::iter::once(kind.as_str()).chain(values.map(String::as_str)).collect::<Vec<_>>().join(" ")
        });
        said.collect()
    }
}

fn reach(reachability: &Reachability) -> Reach {
    match reachability {
        Reachability::Reachable => Reach::Reachable,
        Reachability::ProviderTrouble { .. } => Reach::ProviderTrouble,
        Reachability::Offline { .. } => Reach::Offline,
    }
}
