//! The command line without a running Mooring, and the socket's door.

use tests::cli;
use tests::world::{Wants, World};

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

#[test]
fn without_a_running_mooring_a_command_says_how_to_start_one() {
    let world = World::new(NO_WINDOW);
    for arguments in [["connection", "list"], ["config", "list"]] {
        let output = cli::mooring(&world, &arguments);
        assert_eq!(output.status.code(), Some(69));
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(errors.contains("mooring agent"), "{errors}");
        assert!(output.stdout.is_empty());
    }
}

#[test]
fn the_catalogue_needs_no_running_mooring() {
    let world = World::new(NO_WINDOW);
    let providers = cli::json(&world, &["provider", "list"]);
    assert!(providers.as_array().unwrap().iter().any(|one| one["id"] == "xero"));
}

#[test]
fn pizzlys_spelling_works_and_secrets_are_shown_by_nothing() {
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    let created =
        cli::mooring(&world, &["config:create", "github", "github", "Iv1.abc", "CANARY-secret", "read:user"]);
    assert!(created.status.success(), "{}", String::from_utf8_lossy(&created.stderr));
    assert!(
        String::from_utf8_lossy(&created.stderr).contains("standard input"),
        "a secret in argv is warned of"
    );
    let listed = cli::ok(&world, &["--json", "config:list"]);
    assert!(listed.contains("Iv1.abc") && !listed.contains("CANARY-secret"));
    assert!(tests::canary::leaks(world.folder(), &["CANARY-secret"]).is_empty());
    let again = cli::mooring(&world, &["config", "create", "github", "github", "Iv1.abc", "x"]);
    assert_eq!(again.status.code(), Some(65), "a taken name is refused");
    cli::ok(&world, &["config", "delete", "github"]);
    assert_eq!(cli::json(&world, &["config", "list"]), serde_json::json!([]));
}

#[test]
fn the_socket_is_closed_to_others_and_a_second_agent_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    let mode = |path: std::path::PathBuf| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(mode(world.profile()), 0o700);
    assert_eq!(mode(world.profile().join("mooring.sock")), 0o600);
    assert_eq!(mode(world.profile().join("vault.db")), 0o600);
    let file = world.folder().join("passphrase");
    std::fs::write(&file, cli::PASSPHRASE).unwrap();
    let second = cli::mooring(&world, &["agent", "--passphrase-file", file.to_str().unwrap()]);
    assert_eq!(second.status.code(), Some(69));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another Mooring"));
    // The first one did not notice.
    cli::ok(&world, &["connection", "list"]);
    // After a crash the socket's remains are replaced.
    agent.kill();
    assert!(world.profile().join("mooring.sock").exists());
    let _again = cli::agent(&world);
    cli::ok(&world, &["connection", "list"]);
}

#[tokio::test]
async fn another_user_is_refused_at_the_socket() {
    use std::os::unix::fs::PermissionsExt as _;
    let world = World::new(NO_WINDOW);
    let agent = cli::agent(&world);
    // Only root can become somebody else, and the machine of the project's tests is root.
    let root = std::process::Command::new("id").arg("-u").output().unwrap().stdout == b"0\n";
    if !root {
        let said = "not root: that another user is refused at the socket was NOT tested\n";
        // Not through the test harness, which keeps back what a test prints.
        std::io::Write::write_all(&mut std::io::stderr(), said.as_bytes()).unwrap();
        assert!(std::env::var_os("CI").is_none(), "{said}");
        return;
    }
    // The doors are opened on purpose, to show that the one behind them holds.
    for path in [world.folder().to_owned(), world.folder().join("home"), world.profile()] {
        std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o755)).unwrap();
    }
    let socket = world.profile().join("mooring.sock");
    std::fs::set_permissions(&socket, std::fs::Permissions::from_mode(0o666)).unwrap();
    // Perl is there on every Debian, and readable by everybody.
    let asked = "use IO::Socket::UNIX; $| = 1; $SIG{PIPE} = 'IGNORE'; my $s = IO::Socket::UNIX->new(Peer => $ARGV[0]) or die; print qq(connected ); \
                 print $s qq({\"v\":1,\"id\":1,\"op\":\"status\"}\\n); $s->flush; print scalar <$s>;";
    let ask = |who: &[&str]| {
        let output = world
            .command("setpriv")
            .args(who)
            .args(["/usr/bin/perl", "-e", asked])
            .arg(&socket)
            .output()
            .unwrap();
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    assert!(ask(&["--reuid=0", "--clear-groups"]).contains("version"), "the same user is answered");
    let refused = ask(&["--reuid=65534", "--clear-groups"]);
    assert!(refused.contains("connected"), "the open doors let anybody reach the socket");
    assert!(!refused.contains("version"), "another user is hung up on: {refused}");
    let told = || async { Ok(agent.output().contains("another user was refused").then_some(())) };
    tests::app::until("the refusal in the log", told).await.unwrap();
}

#[test]
fn a_program_hears_what_happens_until_it_hangs_up() {
    use std::io::{BufRead as _, BufReader, Write as _};
    let world = World::new(NO_WINDOW);
    let _agent = cli::agent(&world);
    let own = std::env::current_exe().unwrap();
    cli::ok(&world, &["caller", "allow", own.to_str().unwrap(), "--access", "list"]);
    let mut socket = std::os::unix::net::UnixStream::connect(world.profile().join("mooring.sock")).unwrap();
    socket.set_read_timeout(Some(std::time::Duration::from_secs(30))).unwrap();
    socket.write_all(b"{\"v\":1,\"id\":7,\"op\":\"events\"}\n").unwrap();
    let mut lines = BufReader::new(socket.try_clone().unwrap()).lines();
    let mut next = || serde_json::from_str::<serde_json::Value>(&lines.next().unwrap().unwrap()).unwrap();
    assert_eq!(next()["event"], "listening");
    cli::ok(&world, &["config", "create", "github", "github", "Iv1.abc", "CANARY-secret", "read:user"]);
    let mut heard = Vec::new();
    while heard.last().is_none_or(|one: &String| one != "configsChanged") {
        let line = next();
        assert_eq!(line["id"], 7);
        assert!(!line.to_string().contains("CANARY"), "{line}");
        heard.push(line["event"]["happened"]["type"].as_str().unwrap().to_owned());
    }
    socket.shutdown(std::net::Shutdown::Write).unwrap();
    assert_eq!(next()["ok"], "done", "whoever hangs up is told goodbye");
}
