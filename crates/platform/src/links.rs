//! Which program the system starts for links of our scheme.
//!
//! The system's own answer is only what it intends; whether a link arrives is found by sending one.

use std::time::Duration;

/// How long the desktop's tools may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The program that the desktop names for `scheme`, as it names it; none when nobody, or where it cannot be asked.
pub async fn handler(scheme: &str) -> Option<String> {
    if !cfg!(target_os = "linux") {
        return None;
    }
    let mut ask = tokio::process::Command::new("xdg-mime");
    ask.args(["query", "default", &format!("x-scheme-handler/{scheme}")]).kill_on_drop(true);
    let output = tokio::time::timeout(PATIENCE, ask.output()).await.ok()?.ok()?;
    let named = String::from_utf8_lossy(&output.stdout).trim().to_owned();
    (!named.is_empty()).then_some(named)
}

/// Opens a link as any program would. Answers whether somebody was started.
pub async fn open(link: String) -> bool {
    // Starters wait for the program that they start on some desktops.
    let started = tokio::task::spawn_blocking(move || opener::open(link));
    matches!(tokio::time::timeout(PATIENCE, started).await, Ok(Ok(Ok(()))))
}
