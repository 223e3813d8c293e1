//! The agent is killed while it refreshes a rotating grant, again and again.

use tests::cli;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };
/// Kills. Each is a start of the agent with its key derivation.
const ROUNDS: usize = 100;

/// No connection is lost, and none is dead without saying so: after each kill the token is either fresh, or the
/// connection says that it must be approved again (the server rotated, and its answer died with the process).
// The bank answers from this process while commands are waited for.
#[tokio::test(flavor = "multi_thread")]
async fn a_killed_agent_loses_no_connection_and_hides_no_dead_one() {
    let world = World::new(NO_WINDOW);
    let bank = sandbox::Sandbox::start(sandbox::Options {
        access_token_life: std::time::Duration::from_secs(1),
        ..sandbox::Options::default()
    })
    .await
    .unwrap();
    let mut agent = cli::agent(&world);
    let issuer = bank.issuer();
    let create =
        ["config", "create", "bank", "custom", bank.client_id(), "", "accounts", "--issuer", &issuer];
    cli::ok(&world, &create);
    approve(&world).await;
    let mut approvals = 0;
    for round in 0..ROUNDS {
        // The kill falls somewhere into the refresh: a little later each round.
        let mut asking = world.command(tests::program("mooring"));
        asking.args(["token", "bank", "ana", "--min-ttl", "1h"]).stdout(std::process::Stdio::null());
        let mut asking = asking.stderr(std::process::Stdio::null()).spawn().unwrap();
        let moment = std::time::Instant::now() + std::time::Duration::from_micros(200 * round as u64);
        while std::time::Instant::now() < moment {
            std::hint::spin_loop();
        }
        agent.kill();
        asking.wait().unwrap();
        agent = cli::agent(&world);
        let output = cli::mooring(&world, &["token", "bank", "ana"]);
        let shown = cli::json(&world, &["connection", "show", "bank", "ana"]);
        if output.status.success() {
            assert_eq!(shown["status"], "Linked", "round {round}");
        } else {
            assert_eq!(
                output.status.code(),
                Some(77),
                "round {round}: {}",
                String::from_utf8_lossy(&output.stderr)
            );
            assert_eq!(shown["status"], "Deauthorized", "round {round}");
            assert_eq!(shown["needs"]["kind"], "approval", "round {round}: the person is told");
            approve(&world).await;
            approvals += 1;
        }
    }
    assert!(approvals < ROUNDS, "most kills cost nothing");
    drop(agent);
}

async fn approve(world: &World) {
    let (_waiting, address) = cli::connect(world, "bank", "ana");
    let landed = sandbox::person::approve(&address, &sandbox::person::Choices::default()).await.unwrap();
    reqwest::get(&landed).await.unwrap();
    cli::linked(world, "bank", "ana").await;
}
