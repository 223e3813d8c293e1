//! The command line as shells and scripts use it: programs with a token, completions, the manual, the doctor.

use std::io::Write as _;
use std::process::Stdio;
use tests::world::{Wants, World};
use tests::{cli, perl};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

#[tokio::test]
async fn a_program_gets_the_token_in_its_environment_alone_and_takes_the_place_of_mooring() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    let token = cli::ok(&world, &["token", "practice-bank", "1"]);
    let run = ["run", "practice-bank/1", "--", "sh", "-c"];
    let told = cli::ok(&world, &[&run[..], &["printf %s \"$MOORING_ACCESS_TOKEN\""]].concat());
    assert_eq!(told, token.trim());
    let named = [
        "run",
        "practice-bank/1",
        "--env",
        "BANK",
        "--",
        "sh",
        "-c",
        "printf %s \"$BANK$MOORING_ACCESS_TOKEN\"",
    ];
    assert_eq!(cli::ok(&world, &named), token.trim());
    let arguments = cli::ok(
        &world,
        &[&run[..], &["tr '\\0' ' ' < /proc/self/cmdline; tr '\\0' ' ' < /proc/$$/cmdline"]].concat(),
    );
    assert!(!arguments.contains(token.trim()), "{arguments}");
    let left = tests::canary::leaks(world.folder(), &[token.trim()]);
    assert_eq!(left, Vec::<std::path::PathBuf>::new(), "the token is in no file");
    let ended = cli::mooring(&world, &[&run[..], &["exit 42"]].concat());
    assert_eq!(ended.status.code(), Some(42));
    let missing = cli::mooring(&world, &["run", "practice-bank/1", "--", "no-such-program-anywhere"]);
    assert_eq!(missing.status.code(), Some(127));
    let nobody = cli::mooring(&world, &["run", "practice-bank/none", "--", "true"]);
    assert_eq!(nobody.status.code(), Some(65), "without a token nothing is run");
}

#[tokio::test]
async fn a_token_that_was_refused_is_reported_through_standard_input() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    let token = cli::ok(&world, &["token", "practice-bank", "1"]);
    let report = |value: &str, input: &str| {
        let mut command = world.command(tests::program("mooring"));
        command.args(["token", "practice-bank", "1", "--rejected", value]);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // One that takes no token may have ended by now.
        let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
        child.wait_with_output().unwrap()
    };
    let replaced = report("-", "one that was replaced long ago\n");
    assert!(replaced.status.success(), "{}", String::from_utf8_lossy(&replaced.stderr));
    assert_eq!(String::from_utf8(replaced.stdout).unwrap(), token);
    assert_eq!(report("-", "\n").status.code(), Some(65), "nothing is no token");
    let typed = report("CANARY-typed", "");
    assert_eq!(typed.status.code(), Some(64), "a token in the command line is refused");
    assert!(!String::from_utf8_lossy(&typed.stderr).contains("CANARY"));
}

#[tokio::test]
async fn a_signal_reaches_the_program_that_is_run() {
    use std::io::{BufRead as _, BufReader};
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    let mut command = world.command(tests::program("mooring"));
    command.args([
        "run",
        "practice-bank/1",
        "--",
        "sh",
        "-c",
        "trap 'exit 7' TERM; echo up; while :; do sleep 0.05; done",
    ]);
    let mut child = command.stdout(Stdio::piped()).spawn().unwrap();
    let mut line = String::new();
    BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
    assert_eq!(line.trim(), "up");
    let sent = std::process::Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(sent.success());
    assert_eq!(cli::ended(&mut child).await.code(), Some(7));
}

#[test]
fn shells_and_man_know_every_command() {
    let world = World::new(NO_WINDOW);
    for shell in ["bash", "zsh", "fish", "powershell"] {
        let script = cli::ok(&world, &["completions", shell]);
        assert!(script.contains("mooring") && script.contains("passphrase-file"), "{shell}");
    }
    let page = cli::ok(&world, &["man"]);
    assert!(page.contains(".TH") && page.contains("caller") && page.contains("audit"), "{page}");
}

#[test]
fn pizzlys_spellings_of_reading_work() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    cli::ok(&world, &["config:create", "github", "github", "Iv1.abc", "x", "read:user"]);
    assert!(cli::ok(&world, &["config:get", "github"]).contains("Iv1.abc"));
    assert_eq!(cli::json(&world, &["config:get", "github"])["configKey"], "github");
    assert_eq!(cli::mooring(&world, &["config:get", "none"]).status.code(), Some(65));
    assert_eq!(cli::mooring(&world, &["connection:get", "none", "github"]).status.code(), Some(65));
    cli::ok(&world, &["config:edit", "github", "github", "Iv1.def"]);
    cli::ok(&world, &["config:delete", "github"]);
}

#[tokio::test]
async fn pizzlys_order_of_a_connections_names_is_understood() {
    let world = World::new(NO_WINDOW);
    let _agent = perl::connect_practice_bank(&world).await;
    // As Pizzly had it, and as every other command here has it.
    for names in [["1", "practice-bank"], ["practice-bank", "1"]] {
        let shown = cli::json(&world, &["connection:get", names[0], names[1]]);
        assert_eq!((&shown["configKey"], &shown["connectionId"]), (&"practice-bank".into(), &"1".into()));
        assert_eq!(shown["status"], "Linked");
    }
}

#[test]
fn the_doctor_finds_what_is_wrong_and_says_what_to_do() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(NO_WINDOW);
    let checked = |world: &World| -> serde_json::Value {
        let output = cli::mooring(world, &["--json", "doctor"]);
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let find = |all: &serde_json::Value, name: &str| {
        all.as_array().unwrap().iter().find(|one| one["name"] == name).cloned().unwrap()
    };
    let agent = cli::agent(&world);
    let healthy = checked(&world);
    for name in ["profile folder", "app or agent", "clock", "return from the browser"] {
        assert_eq!(find(&healthy, name)["ok"], true, "{healthy}");
    }
    // Nobody keeps secrets on this bus.
    let keychain = find(&healthy, "system keychain");
    assert_eq!(keychain["ok"], false, "{keychain}");
    assert!(keychain["advice"].as_str().unwrap().contains("--passphrase-file"), "{keychain}");
    std::fs::set_permissions(world.profile(), std::fs::Permissions::from_mode(0o755)).unwrap();
    let open = find(&checked(&world), "profile folder");
    assert_eq!(open["ok"], false);
    assert!(open["advice"].as_str().unwrap().contains("chmod 700"), "{open}");
    // The owner lives, and its socket is gone.
    std::fs::remove_file(world.profile().join("mooring.sock")).unwrap();
    let deaf = find(&checked(&world), "app or agent");
    assert!(deaf["what"].as_str().unwrap().contains(&agent.pid().to_string()), "{deaf}");
    assert!(deaf["advice"].as_str().is_some());
    // Nobody lives, and the socket is left over.
    agent.kill();
    let again = cli::agent(&world);
    again.kill();
    let stale = find(&checked(&world), "app or agent");
    assert!(stale["what"].as_str().unwrap().contains("left over"), "{stale}");
    // Somebody else has the port.
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    let output = cli::mooring(&world, &["--json", "doctor", "--port", &port]);
    let port = find(&serde_json::from_slice(&output.stdout).unwrap(), "port of the HTTP interface");
    assert_eq!(port["ok"], false);
    assert!(port["what"].as_str().unwrap().contains(&std::process::id().to_string()), "{port}");
    // A file from the future.
    let tomorrow = std::time::SystemTime::now() + std::time::Duration::from_secs(86_400);
    std::fs::File::options()
        .append(true)
        .open(world.profile().join("vault.db"))
        .unwrap()
        .set_modified(tomorrow)
        .unwrap();
    assert_eq!(find(&checked(&world), "clock")["ok"], false);
}
