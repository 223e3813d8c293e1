//! What programs may: a program that is not ours asks the running agent.

use serde_json::{Value, json};
use tests::perl::{self, Perl};
use tests::world::{Wants, World};
use tests::{canary, cli};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

fn token() -> Value {
    json!({ "configKey": "practice-bank", "connectionId": "1" })
}

#[tokio::test]
async fn an_unknown_program_is_refused_an_allowed_one_is_served_and_a_revoked_one_is_refused_at_once() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    let mut program = Perl::connect(&world);
    assert!(
        program.ask("status", &Value::Null)["ok"]["status"]["pid"].is_u64(),
        "that Mooring runs is no secret"
    );
    for (operation, params) in [
        ("token", token()),
        ("accounts.list", json!({})),
        ("connection.list", Value::Null),
        ("connection.show", token()),
        ("events", Value::Null),
    ] {
        assert_eq!(program.refused(operation, &params), "nobodyThere", "{operation}");
    }
    cli::ok(&world, &["caller", "allow", "perl", "--access", "token", "--connection", "practice-bank/1"]);
    let given = program.ask("token", &token());
    let access = given["ok"]["token"]["accessToken"].as_str().unwrap_or_else(|| panic!("{given}")).to_owned();
    assert_eq!(program.refused("accounts.list", &json!({})), "nobodyThere", "a token is not the data");
    assert!(
        program.ask("connection.show", &token())["ok"]["connection"].is_object(),
        "its name goes with it"
    );
    assert_eq!(program.refused("connection.list", &Value::Null), "nobodyThere", "others do not");
    cli::ok(&world, &["caller", "revoke", "perl"]);
    assert_eq!(program.refused("token", &token()), "nobodyThere", "in the same conversation");
    let caller = format!("program:{}", perl::executable());
    let audit = cli::json(&world, &["audit", "--caller", &caller, "--connection", "practice-bank/1"]);
    let tokens: Vec<&Value> =
        audit.as_array().unwrap().iter().filter(|line| line["access"] == "token").collect();
    let outcomes: Vec<_> = tokens.iter().map(|line| line["outcome"] == "given").collect();
    assert_eq!(outcomes, [true, false], "the newest first, the two refusals in one line: {audit}");
    assert_eq!(tokens[1]["count"], 2);
    assert_eq!(tokens[1]["outcome"]["refused"]["reason"], "nobodyThere");
    assert!(!audit.to_string().contains(&access), "a line holds no token");
    assert!(canary::leaks(world.folder(), &[&access]).is_empty());
}

#[tokio::test]
async fn another_program_manages_nothing_even_where_it_gets_tokens() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    cli::ok(&world, &["caller", "allow", "perl", "--access", "token,data,list,connect,manage"]);
    let mut program = Perl::connect(&world);
    let caller = format!("program:{}", perl::executable());
    let config =
        json!({ "config_key": "k", "provider": "github", "client_id": "i", "scopes": [], "issuer": null });
    let connect = json!({ "config_key": "practice-bank", "connection_id": "2", "surface": "print" });
    for (operation, params) in [
        ("config.list", Value::Null),
        ("config.create", config.clone()),
        ("config.edit", config),
        ("config.delete", json!({ "config_key": "practice-bank" })),
        ("connect", connect),
        ("connect.cancel", json!({ "attempt": "00000000000000000000000000000000" })),
        ("connection.pause", token()),
        ("connection.disconnect", token()),
        ("connection.delete", token()),
        ("caller.list", Value::Null),
        (
            "caller.allow",
            json!({ "caller": caller, "access": ["token"], "connection": null, "allowed": true }),
        ),
        ("caller.revoke", json!({ "caller": caller })),
        ("secret.show", Value::Null),
        ("secret.rotate", Value::Null),
        ("audit.list", json!({ "limit": 10 })),
    ] {
        assert_eq!(program.refused(operation, &params), "notOurs", "{operation}");
    }
    assert_eq!(cli::json(&world, &["connection", "show", "practice-bank", "1"])["status"], "Linked");
    assert!(program.ask("token", &token())["ok"]["token"].is_object());
    // What it was refused is written down as well.
    let audit = cli::json(&world, &["audit", "--caller", "perl"]);
    assert!(audit.as_array().unwrap().iter().any(|line| line["access"] == "admission"));
}

#[tokio::test]
async fn whoever_listens_is_hung_up_on_when_it_is_forbidden() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    cli::ok(&world, &["caller", "allow", "perl", "--access", "list"]);
    let mut program = Perl::connect(&world);
    let heard: Value = serde_json::from_str(&program.line(r#"{"v":1,"id":7,"op":"events"}"#)).unwrap();
    assert_eq!(heard["event"], "listening");
    cli::ok(&world, &["caller", "revoke", "perl"]);
    // What cannot be read is answered as well; the answer to the listening comes when it comes.
    let ended = loop {
        let answer: Value = serde_json::from_str(&program.line("{}")).unwrap();
        if answer["id"] == 7 {
            break answer;
        }
    };
    assert_eq!(ended["error"]["code"], "not_permitted");
}

#[tokio::test]
async fn a_decision_about_who_runs_the_command_line_stands_above_the_agents_default() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    cli::ok(&world, &["token", "practice-bank", "1"]);
    let own = std::env::current_exe().unwrap();
    cli::ok(&world, &["caller", "deny", own.to_str().unwrap(), "--access", "token"]);
    let refused = cli::mooring(&world, &["token", "practice-bank", "1"]);
    assert_eq!(refused.status.code(), Some(77));
    assert!(String::from_utf8_lossy(&refused.stderr).contains("the person refused"));
    // Another program that runs the command line is another caller.
    let mut shell = world.command("sh");
    let mooring = tests::program("mooring");
    shell.args(["-c", &format!("{} token practice-bank 1; true", mooring.display())]);
    assert!(!shell.output().unwrap().stdout.is_empty());
    let callers = cli::json(&world, &["caller", "list"]);
    let through = |name: &str| {
        callers.as_array().unwrap().iter().any(|one| one["name"].as_str().unwrap().contains(name))
    };
    assert!(through("sh") && through("system"), "{callers}");
    // The default holds again after a restart only because the decision was taken back.
    cli::ok(&world, &["caller", "revoke", own.to_str().unwrap()]);
    cli::ok(&world, &["token", "practice-bank", "1"]);
}

#[test]
fn decisions_and_the_secret_outlive_a_restart() {
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    cli::ok(&world, &["caller", "allow", "perl", "--access", "list"]);
    let secret = cli::ok(&world, &["caller", "secret"]);
    assert_eq!(secret.trim().len(), 64);
    agent.kill();
    let agent = cli::agent(&world);
    assert!(Perl::connect(&world).ask("connection.list", &Value::Null)["ok"]["connections"].is_array());
    assert_eq!(cli::ok(&world, &["caller", "secret"]), secret);
    let rotated = cli::ok(&world, &["caller", "secret", "--rotate"]);
    assert_ne!(rotated, secret);
    assert!(canary::leaks(world.folder(), &[secret.trim(), rotated.trim()]).is_empty());
    assert!(!agent.output().contains(secret.trim()) && !agent.output().contains(rotated.trim()));
    let csv = cli::ok(&world, &["audit", "--csv"]);
    assert!(csv.lines().next().unwrap().starts_with("at,last_at,count,caller"), "{csv}");
    assert!(csv.contains("admission") && !csv.contains(secret.trim()));
}

#[tokio::test]
async fn a_refusal_holds_for_every_command_that_the_program_runs() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    let own = std::env::current_exe().unwrap();
    let own = own.to_str().unwrap();
    cli::ok(&world, &["connection", "list"]);
    cli::ok(&world, &["caller", "deny", own, "--access", "list,connect,manage"]);
    for command in [
        &["connection", "list"][..],
        &["connection", "show", "practice-bank", "1"],
        &["connection", "delete", "practice-bank", "1"],
        &["connection", "pause", "practice-bank", "1"],
        &["config", "list"],
        &["connect", "practice-bank", "2", "--user-agent", "print"],
    ] {
        let refused = cli::mooring(&world, command);
        assert_eq!(refused.status.code(), Some(77), "{command:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("the person refused"), "{command:?}");
    }
    cli::ok(&world, &["caller", "revoke", own]);
    assert_eq!(cli::json(&world, &["connection", "show", "practice-bank", "1"])["status"], "Linked");
    // What was changed is written down, as what was refused is.
    cli::ok(&world, &["connection", "pause", "practice-bank", "1"]);
    let audit = cli::json(&world, &["audit", "--connection", "practice-bank/1"]);
    let managed = audit.as_array().unwrap().iter().filter(|line| line["access"] == "manage");
    let outcomes: Vec<bool> = managed.map(|line| line["outcome"] == "given").collect();
    assert_eq!(outcomes, [true, false], "the newest first: {audit}");
}

#[test]
fn a_strict_agent_refuses_what_was_not_allowed_beforehand() {
    let world = World::new(NO_WINDOW);
    let own = std::env::current_exe().unwrap();
    let own = own.to_str().unwrap();
    let agent = cli::agent(&world);
    cli::ok(&world, &["caller", "allow", own, "--access", "list"]);
    agent.kill();
    let _strict = cli::agent_with(&world, &["--strict"]);
    cli::ok(&world, &["connection", "list"]);
    for command in [
        &["config", "list"][..],
        &["caller", "secret"],
        &["caller", "allow", own, "--access", "token"],
        &["config", "create", "github", "github", "Iv1.abc"],
        &["audit", "--keep", "1"],
    ] {
        let refused = cli::mooring(&world, command);
        assert_eq!(refused.status.code(), Some(77), "{command:?}");
        assert!(String::from_utf8_lossy(&refused.stderr).contains("nobody is there to ask"), "{command:?}");
    }
}

#[tokio::test]
async fn an_agent_without_a_window_is_set_up_from_the_command_line() {
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    assert_eq!(cli::ok(&world, &["audit", "--keep", "30"]).trim(), "The audit is kept for 30 days.");
    assert_eq!(cli::mooring(&world, &["audit", "--keep", "0"]).status.code(), Some(65));
    let port = tests::app::free_port().unwrap().to_string();
    let on = cli::json(&world, &["http", "on", "--port", &port]);
    assert_eq!((&on["http"], &on["auditDays"]), (&json!(true), &json!(30)));
    let allowed = cli::json(&world, &["http", "allow", "http://localhost:8080"]);
    assert_eq!(allowed["origins"], json!(["http://localhost:8080"]));
    assert_eq!(cli::mooring(&world, &["http", "allow", "*"]).status.code(), Some(65));
    let asked = || async {
        let asked = reqwest::Client::new().get(format!("http://127.0.0.1:{port}/v1/status"));
        let answer = asked.header("origin", "http://localhost:8080").send().await;
        Ok(answer.ok().filter(|answer| answer.status() == 401).map(drop))
    };
    tests::app::until("the interface to answer a page", asked).await.unwrap();
    // What was chosen is kept; the doctor finds who has the port.
    agent.kill();
    let agent = cli::agent(&world);
    assert_eq!(cli::json(&world, &["http", "show"]), allowed);
    tests::app::until("the interface to be on again", asked).await.unwrap();
    let doctor = cli::mooring(&world, &["--json", "doctor"]);
    let checks: Value = serde_json::from_slice(&doctor.stdout).unwrap();
    let found = checks.as_array().unwrap().iter().find(|one| one["name"] == "port of the HTTP interface");
    let found = found.unwrap();
    assert_eq!(found["ok"], true, "{found}");
    let what = found["what"].as_str().unwrap();
    assert!(what.contains(&port) && what.contains(&agent.pid().to_string()), "{what}");
    assert_eq!(cli::json(&world, &["http", "forbid", "http://localhost:8080"])["origins"], json!([]));
    assert_eq!(cli::json(&world, &["http", "off"])["http"], false);
    // A request that the guard turned away is in the audit, with the word for why.
    let audit = cli::json(&world, &["audit"]);
    let turned_away = |line: &Value| line["outcome"]["refused"]["reason"] == "noSecret";
    assert!(audit.as_array().unwrap().iter().any(turned_away), "{audit}");
}
