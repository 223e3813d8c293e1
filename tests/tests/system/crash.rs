//! The agent is killed while it refreshes a rotating grant, again and again, at moments that the bank tells.

use sandbox::person::{self, Choices};
use sandbox::{Misbehaviour, Options, Refreshes, Sandbox};
use std::process::{Output, Stdio};
use std::time::{Duration, Instant};
use tests::cli;
use tests::process::Process;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };
/// Kills at a bank that ends a grant when a spent refresh token comes again. Each is a start of the agent with its key
/// derivation.
const ROUNDS: usize = 80;
/// Kills at a bank that lets a spent refresh token be used again for a while.
const ROUNDS_WITH_GRACE: usize = 20;
/// Longer than anything of a round takes: what the bank holds back, it holds until the agent is dead.
const HELD_BACK: Duration = Duration::from_secs(600);

/// How long a refresh may take to reach the bank.
const PATIENCE: Duration = Duration::from_secs(60);

/// When the agent dies.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Moment {
    /// The bank has the request and has not touched the grant.
    BeforeRotation,
    /// The bank has rotated, and its answer is on its way.
    AfterRotation,
    /// So long after the bank got the request; what has happened by then is seen.
    Later(Duration),
}

impl Moment {
    /// Each kind in turn, the last one a little later each time.
    fn of_round(round: usize) -> Self {
        match round % 4 {
            0 => Self::BeforeRotation,
            2 => Self::AfterRotation,
            _ => Self::Later(Duration::from_micros(250 * round as u64)),
        }
    }
}

/// A bank, a linked connection and the agent that keeps it.
struct Place {
    agent: Option<Process>,
    bank: Sandbox,
    world: World,
}

impl Place {
    async fn new() -> Self {
        // Its tokens are over at once, so that whoever asks for one makes a refresh.
        let options = Options { access_token_life: Duration::ZERO, ..Options::default() };
        let bank = Sandbox::start(options).await.unwrap();
        let world = World::new(NO_WINDOW);
        let agent = Some(cli::agent(&world));
        let issuer = bank.issuer();
        let create =
            ["config", "create", "bank", "custom", bank.client_id(), "", "accounts", "--issuer", &issuer];
        cli::ok(&world, &create);
        let place = Self { agent, bank, world };
        place.approve().await;
        place
    }

    async fn approve(&self) {
        let (_waiting, address) = cli::connect(&self.world, "bank", "ana");
        let landed = person::approve(&address, &Choices::default()).await.unwrap();
        reqwest::get(&landed).await.unwrap();
        cli::linked(&self.world, "bank", "ana").await;
    }

    fn seen(&self) -> Refreshes {
        *self.bank.refreshes().borrow()
    }

    /// A program asks for a token, and the agent dies at that moment of the refresh; what the program was told.
    async fn killed(&mut self, moment: Moment) -> Output {
        let mut seen = self.bank.refreshes();
        let before = *seen.borrow();
        match moment {
            Moment::BeforeRotation => self.bank.misbehave(Misbehaviour::SlowToken(HELD_BACK), Some(1)),
            Moment::AfterRotation => self.bank.misbehave(Misbehaviour::SlowAnswer(HELD_BACK), Some(1)),
            Moment::Later(_) => {}
        }
        let mut asking = self.world.command(tests::program("mooring"));
        asking
            .args(["token", "bank", "ana"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let asking = asking.spawn().unwrap();
        let reached = seen.wait_for(|now| match moment {
            Moment::AfterRotation => now.performed > before.performed,
            Moment::BeforeRotation | Moment::Later(_) => now.arrived > before.arrived,
        });
        drop(tokio::time::timeout(PATIENCE, reached).await.expect("the bank is asked").unwrap());
        if let Moment::Later(by) = moment {
            let until = Instant::now() + by;
            while Instant::now() < until {
                std::hint::spin_loop();
            }
        }
        self.agent.take().unwrap().kill();
        asking.wait_with_output().unwrap()
    }

    /// Starts the agent again; whether the connection was lost, which it says where it was.
    async fn is_lost(&mut self, round: usize) -> bool {
        self.agent = Some(cli::agent(&self.world));
        let output = cli::mooring(&self.world, &["token", "bank", "ana"]);
        let shown = cli::json(&self.world, &["connection", "show", "bank", "ana"]);
        if output.status.success() {
            assert_eq!(shown["status"], "Linked", "round {round}");
            return false;
        }
        let told = String::from_utf8_lossy(&output.stderr);
        assert_eq!(output.status.code(), Some(77), "round {round}: {told}");
        assert_eq!(shown["status"], "Deauthorized", "round {round}");
        let needs = serde_json::json!({ "kind": "approval", "reason": "rotationLost" });
        assert_eq!(shown["needs"], needs, "round {round}: the person is told why");
        self.approve().await;
        true
    }
}

/// No connection is lost but where nobody can have the new refresh token: the bank rotated, and its answer died with
/// the agent. Then the connection says that it must be approved again.
// The bank answers from this process while commands are waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_agent_loses_a_connection_only_with_the_answer_that_died_with_it() {
    let mut place = Place::new().await;
    let (mut in_flight, mut approvals) = (0, 0);
    for round in 0..ROUNDS {
        let moment = Moment::of_round(round);
        let before = place.seen();
        let told = place.killed(moment).await;
        let rotated = place.seen().performed > before.performed;
        in_flight += usize::from(!told.status.success());
        let lost = place.is_lost(round).await;
        let replayed = place.seen().replayed > before.replayed;
        assert_eq!(
            lost, replayed,
            "round {round}, {moment:?}: the person is asked where the bank ended the grant"
        );
        match moment {
            Moment::BeforeRotation => assert!(!lost && !told.status.success(), "round {round}"),
            Moment::AfterRotation => assert!(lost && rotated && !told.status.success(), "round {round}"),
            // What a program has been told is on disk.
            Moment::Later(by) => assert!(!lost || !told.status.success(), "round {round}, {by:?}"),
        }
        approvals += u64::from(lost);
    }
    assert_eq!(approvals, place.seen().replayed, "one approval for each answer that was lost");
    assert!(in_flight >= ROUNDS / 2, "{in_flight} of {ROUNDS} kills fell into a refresh");
}

/// Where the bank keeps a grace, the old refresh token is good for a second try, and nothing is lost at all.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_agent_loses_nothing_where_a_spent_token_is_good_for_a_while() {
    let mut place = Place::new().await;
    place.bank.misbehave(Misbehaviour::GraceForReuse(HELD_BACK), None);
    let mut in_flight = 0;
    for round in 0..ROUNDS_WITH_GRACE {
        let told = place.killed(Moment::of_round(round)).await;
        in_flight += usize::from(!told.status.success());
        assert!(!place.is_lost(round).await, "round {round}");
    }
    assert_eq!(place.seen().replayed, 0);
    assert!(
        in_flight >= ROUNDS_WITH_GRACE / 2,
        "{in_flight} of {ROUNDS_WITH_GRACE} kills fell into a refresh"
    );
}
