//! What arrives and does not belong: refused, visible, and nothing changed.

use tests::cli;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

#[tokio::test]
async fn a_forged_answer_is_refused_and_the_attempt_goes_on() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent_with(&world, &["--sandbox"]);
    let (_waiting, address) = cli::connect(&world, "practice-bank", "1");
    let redirect = url::Url::parse(&address).unwrap();
    let redirect = redirect.query_pairs().find(|(name, _)| name == "redirect_uri").unwrap().1.into_owned();
    for forged in ["?code=evil&state=guess", "?code=evil", "?state=&code=evil", "?error=access_denied"] {
        let page = reqwest::get(format!("{redirect}{forged}")).await.unwrap();
        assert_eq!(page.status(), 400, "{forged}");
    }
    let landed = sandbox::person::approve(&address, &sandbox::person::Choices::default()).await.unwrap();
    assert_eq!(reqwest::get(&landed).await.unwrap().status(), 200, "the true answer is still taken");
    cli::linked(&world, "practice-bank", "1").await;
}

#[tokio::test]
async fn a_refusal_at_the_bank_links_nothing() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent_with(&world, &["--sandbox"]);
    let (waiting, address) = cli::connect(&world, "practice-bank", "1");
    let landed = sandbox::person::deny(&address).await.unwrap();
    reqwest::get(&landed).await.unwrap();
    tests::app::until("the refusal to be told", || async {
        Ok(waiting.output().contains("you cancelled at").then_some(()))
    })
    .await
    .unwrap();
    assert_eq!(cli::json(&world, &["connection", "list"]), serde_json::json!([]), "nothing is left behind");
}

#[tokio::test]
async fn a_connect_that_is_killed_leaves_nothing_behind() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent_with(&world, &["--sandbox"]);
    let (waiting, address) = cli::connect(&world, "practice-bank", "1");
    assert_eq!(cli::json(&world, &["connection", "list"]).as_array().unwrap().len(), 1);
    waiting.kill();
    tests::app::until("the attempt to be given up", || async {
        Ok((cli::json(&world, &["connection", "list"]) == serde_json::json!([])).then_some(()))
    })
    .await
    .unwrap();
    let approved = sandbox::person::approve(&address, &sandbox::person::Choices::default()).await.unwrap();
    assert!(reqwest::get(&approved).await.is_err(), "nobody listens for the answer");
}

#[test]
fn requests_that_cannot_be_read_are_refused_in_words() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    let ask = |line: &str| {
        let mut socket =
            std::os::unix::net::UnixStream::connect(world.profile().join("mooring.sock")).unwrap();
        let _ = socket.write_all(line.as_bytes());
        let mut answer = String::new();
        // A conversation that is ended on us has no answer.
        let _ = BufReader::new(socket).read_line(&mut answer);
        answer
    };
    assert!(ask("nonsense CANARY-1\n").contains("notJson"));
    assert!(ask("{\"v\":99,\"id\":1,\"op\":\"status\"}\n").contains("version"));
    let unknown = ask("{\"v\":1,\"id\":1,\"op\":\"CANARY-2\"}\n");
    assert!(unknown.contains("unknown") && !unknown.contains("CANARY"), "a refusal repeats nothing");
    assert!(ask("{\"v\":1,\"id\":1,\"op\":\"status\"}\n").contains("pid"));
    assert_eq!(ask(&"x".repeat(300 * 1024)), "", "an endless line ends the conversation");
}
