//! Another user of the same computer, who knows the secret. Only root can become somebody else, and the machine of the
//! project's tests is root.

use crate::place::{Place, SECRET};
use broker::gate::Outcome;
use std::io::Write as _;
use std::net::SocketAddr;
use std::process::Output;

/// Perl is there on every Debian, and readable by everybody.
const ASK: &str = "use IO::Socket::INET; my ($host, $port) = split /:/, $ARGV[0]; \
    my $s = IO::Socket::INET->new(PeerAddr => $host, PeerPort => $port) or die; my $secret = <STDIN>; \
    print $s qq(GET /v1/status HTTP/1.1\r\nHost: $ARGV[0]\r\nAuthorization: Bearer $secret\r\nConnection: close\r\n\r\n); \
    print while <$s>;";

async fn asked_by(user: &str, address: SocketAddr) -> Output {
    let mut program = tokio::process::Command::new("setpriv");
    program.args([&format!("--reuid={user}"), "--clear-groups", "/usr/bin/perl", "-e", ASK]);
    program.arg(address.to_string()).stdin(std::process::Stdio::piped());
    program.stdout(std::process::Stdio::piped()).current_dir("/");
    let mut child = program.spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    tokio::io::AsyncWriteExt::write_all(&mut input, SECRET.as_bytes()).await.unwrap();
    drop(input);
    child.wait_with_output().await.unwrap()
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn another_user_is_refused_with_the_right_secret_and_it_is_written_down() {
    use std::os::unix::fs::MetadataExt as _;
    let place = Place::new().await;
    if std::fs::metadata("/proc/self").unwrap().uid() != 0 {
        let said = "not root: that another user is refused over HTTP was NOT tested\n";
        // Not through the test harness, which keeps back what a test prints.
        std::io::stderr().write_all(said.as_bytes()).unwrap();
        assert!(std::env::var_os("CI").is_none(), "{said}");
        return;
    }
    let text = |output: Output| String::from_utf8(output.stdout).unwrap();
    let own = text(asked_by("0", place.serving.address()).await);
    assert!(own.starts_with("HTTP/1.1 200 ") && own.contains("publishableKey"), "{own}");
    let other = text(asked_by("65534", place.serving.address()).await);
    assert!(other.starts_with("HTTP/1.1 403 "), "{other}");
    assert!(other.contains("Another user's program asked.") && !other.contains("publishableKey"), "{other}");
    let lines = place.door.lines.lock().unwrap();
    let is_other = |outcome: &Outcome| matches!(outcome, Outcome::Refused { reason: Some(reason), .. } if reason == "otherUser");
    assert!(lines.len() == 1 && is_other(&lines[0].3), "{lines:?}");
}
