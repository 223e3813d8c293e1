//! What programs wait for: a fresh token, by HTTP and by the command line; one that has ended; ten thousand that have.

use crate::results::{Goal, Row};
use crate::yardstick;
use anyhow::{Context as _, Result};
use std::net::SocketAddr;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use tests::app::free_port;
use tests::process::Process;
use tests::world::{Wants, World};
use tests::{cli, load, program};

/// Rounds of everything but what names its own.
const ROUNDS: usize = 7;
/// Starts of the command line and of curl.
const STARTS: usize = 31;
/// Sockets over which a token is asked for again and again.
const SOCKETS: usize = 16;
/// How long, in each round.
const ASKED_FOR: Duration = Duration::from_secs(2);
/// Programs that want the same token at once, by sockets and by requests on each.
const STORM: (usize, usize) = (50, 200);
/// Connections that are renewed.
const RENEWED: usize = 10_000;
/// Of these at once.
const AT_ONCE: usize = 32;
/// Fresh vaults in which they are.
const RENEWALS: usize = 3;
/// How long a quick provider takes, and one that takes no time at all: what is left is Mooring's own work.
const PROVIDERS: [(&str, &str, Goal); 2] = [
    ("renewed, provider takes 50 ms, s", "50", Goal::AtMost(1.2)),
    ("renewed, provider takes 0 ms, s", "0", Goal::None),
];
const CURL: &str = "/usr/bin/curl";

/// All rows.
pub(crate) fn measure() -> Result<Vec<Row>> {
    let mut rows = one_connection()?;
    for (what, milliseconds, goal) in PROVIDERS {
        rows.push(renewals(what, milliseconds, goal)?);
    }
    Ok(rows)
}

/// An agent with HTTP, over a vault in which all tokens have ended.
struct Agent {
    world: World,
    address: SocketAddr,
    secret: String,
    provider: SocketAddr,
    _running: [Process; 2],
}

impl Agent {
    fn start(connections: usize, milliseconds: &str) -> Result<Self> {
        let world = World::new(Wants { display: None, keychain: true });
        let (serving, provider) = yardstick::serve(&["provider", milliseconds])?;
        let endpoint = format!("http://{provider}/token");
        yardstick::run(&world, &["fill-expired", &connections.to_string(), &endpoint])?;
        let address = SocketAddr::from(([127, 0, 0, 1], free_port()?));
        let mut command = world.command(program("mooring"));
        command.args(["agent", "--http", &address.to_string()]);
        let (agent, ()) = Process::start(command, |line| (line == "ready").then_some(()));
        let own = std::env::current_exe()?;
        let own = own.to_str().context("this program has a plain path")?;
        for caller in [own, &format!("http:{own}"), &format!("http:{CURL}")] {
            cli::ok(&world, &["caller", "allow", caller, "--access", "token"]);
        }
        let secret = cli::ok(&world, &["caller", "secret"]).trim().to_owned();
        Ok(Self { world, address, secret, provider, _running: [agent, serving] })
    }

    fn request(&self, number: usize) -> String {
        load::token_request(self.address, &self.secret, "bench", &format!("holder-{number}"))
    }

    /// How often the provider was asked.
    fn asked(&self) -> Result<f64> {
        let output = Command::new(CURL).args(["-s", &format!("http://{}/count", self.provider)]).output()?;
        Ok(String::from_utf8(output.stdout)?.trim().parse()?)
    }
}

/// The storm first, while the token has ended; what follows finds it fresh.
fn one_connection() -> Result<Vec<Row>> {
    let agent = Agent::start(1, "50")?;
    let (sockets, each) = STORM;
    let told = load::storm(&agent.world.profile().join("mooring.sock"), "bench", "holder-0", sockets, each)?;
    let given = told.iter().filter(|one| one["ok"]["token"]["accessToken"].is_string()).count();
    anyhow::ensure!(given == sockets * each, "{given} were given a token; one was told {}", told[0]);
    let mut rows = vec![Row {
        what: "requests for one ended token",
        count: given,
        ours: vec![agent.asked()?],
        against: "one",
        theirs: vec![1.0],
        goal: Goal::AtMost(1.0),
    }];
    rows.extend(by_http(&agent)?);
    rows.push(by_command_line(&agent)?);
    Ok(rows)
}

/// In turn, so that whatever else the machine does falls on both alike.
fn by_http(agent: &Agent) -> Result<[Row; 2]> {
    let request = agent.request(0);
    let pace = |address, request: &str| load::keep_asking(address, request, SOCKETS, ASKED_FOR);
    let bytes = load::keep_asking(agent.address, &request, 1, Duration::from_millis(200))?.bytes;
    let (_bare, bare) = yardstick::serve(&["echo", &bytes.to_string()])?;
    let plain = load::token_request(bare, &agent.secret, "bench", "holder-0");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=ROUNDS {
        ours.push(pace(agent.address, &request)?);
        theirs.push(pace(bare, &plain)?);
        let (mooring, bare) = (&ours[round - 1], &theirs[round - 1]);
        eprintln!("round {round}, HTTP: {:.0}/s, bare axum {:.0}/s", mooring.per_second, bare.per_second);
    }
    let row = |what, of: fn(&load::Pace) -> f64, goal| Row {
        what,
        count: SOCKETS,
        ours: ours.iter().map(of).collect(),
        against: "bare axum",
        theirs: theirs.iter().map(of).collect(),
        goal,
    };
    Ok([
        row("fresh tokens by HTTP, 1/s", |pace| pace.per_second, Goal::AtLeast(0.8)),
        row("the same, median, ms", |pace| milliseconds(pace.median), Goal::AtMost(1.25)),
    ])
}

fn by_command_line(agent: &Agent) -> Result<Row> {
    let url = format!("http://{}/v1/connections/bench/holder-0/token", agent.address);
    let secret = format!("Authorization: Bearer {}", agent.secret);
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..STARTS {
        let mut mooring = agent.world.command(program("mooring"));
        ours.push(wall(mooring.args(["token", "bench", "holder-0"]))?);
        let mut curl = agent.world.command(CURL);
        theirs.push(wall(curl.args(["--silent", "--fail", "--header", &secret, &url]))?);
    }
    let what = "mooring token, ms";
    Ok(Row { what, count: STARTS, ours, against: "curl", theirs, goal: Goal::AtMost(1.0) })
}

fn wall(command: &mut Command) -> Result<f64> {
    let started = Instant::now();
    let status = command.stdout(Stdio::null()).status()?;
    let took = milliseconds(started.elapsed());
    anyhow::ensure!(status.success(), "{} ended with {status}", command.get_program().display());
    Ok(took)
}

fn renewals(what: &'static str, milliseconds: &str, goal: Goal) -> Result<Row> {
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for round in 1..=RENEWALS {
        let agent = Agent::start(RENEWED, milliseconds)?;
        let requests: Vec<String> = (0..RENEWED).map(|number| agent.request(number)).collect();
        ours.push(load::ask_each(agent.address, &requests, AT_ONCE)?.as_secs_f64());
        let asked = agent.asked()?;
        #[expect(clippy::cast_precision_loss, reason = "ten thousand")]
        let each_once = RENEWED as f64;
        anyhow::ensure!((asked - each_once).abs() < 0.5, "{asked} requests renewed {RENEWED} connections");
        let url = format!("http://{}/token", agent.provider);
        let counts = [RENEWED.to_string(), AT_ONCE.to_string()];
        let told = yardstick::run(&agent.world, &["refresh", &url, &counts[0], &counts[1]])?;
        theirs.push(told.trim().parse()?);
        let (mooring, plain) = (ours[round - 1], theirs[round - 1]);
        eprintln!("round {round}, {what}: {mooring:.2}, plain loop {plain:.2}");
    }
    Ok(Row { what, count: RENEWED, ours, against: "plain reqwest loop", theirs, goal })
}

fn milliseconds(time: Duration) -> f64 {
    time.as_secs_f64() * 1_000.0
}
