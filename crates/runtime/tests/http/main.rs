//! The HTTP interface follows what the person chose, and the vault.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use async_trait::async_trait;
use broker::settings::AccessSettings;
use connections::error::ErrorCode;
use connections::id::AttemptId;
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::Surface;
use runtime::{HttpAddress, HttpState, HttpWish, Options, Runtime, VaultProtection};
use secret::SecretString;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tempfile::TempDir;

const PATIENCE: Duration = Duration::from_secs(60);

struct NoWindow;

#[async_trait]
impl UserAgent for NoWindow {
    fn surfaces(&self) -> Vec<Surface> {
        vec![Surface::Browser]
    }
    async fn open(&self, _: Opening) -> Result<(), SurfaceError> {
        Ok(())
    }
    async fn close(&self, _: &AttemptId) {}
}

async fn opened() -> (Runtime, TempDir) {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        folder: folder.path().to_owned(),
        user_agent: Arc::new(NoWindow),
        serve: true,
        somebody_there: false,
    };
    let runtime = Runtime::new(options).unwrap();
    let passphrase = Some(SecretString::from("a passphrase of a test"));
    runtime.create_vault(VaultProtection::Passphrase, passphrase).await.unwrap();
    (runtime, folder)
}

fn any_port() -> HttpWish {
    HttpWish { address: Some(([127, 0, 0, 1], 0).into()), origins: Vec::new() }
}

/// The status that is answered to a secret; none when nobody listens.
async fn asked(address: SocketAddr, secret: &SecretString) -> Option<u16> {
    // EXPOSE: to the program under test.
    let request =
        reqwest::Client::new().get(format!("http://{address}/v1/status")).bearer_auth(secret.expose());
    request.send().await.ok().map(|answer| answer.status().as_u16())
}

/// Waits until the interface stands as it should.
async fn until(runtime: &Runtime, is: impl Fn(&HttpState) -> bool) {
    let waiting = async {
        while !is(&runtime.http()) {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{:?}", runtime.http()));
}

#[tokio::test]
async fn it_is_off_until_it_is_turned_on_and_says_where_it_is() {
    let (runtime, folder) = opened().await;
    let file = folder.path().join("agent.json");
    assert_eq!(runtime.http(), HttpState::Off);
    assert!(!file.exists());
    let secret = runtime.callers().unwrap().http_secret().await.unwrap();
    let on = runtime.serve_http(any_port()).await.unwrap();
    assert_eq!(asked(on.address, &secret).await, Some(200));
    assert_eq!(asked(on.address, &"another".into()).await, Some(401));
    let told = std::fs::read_to_string(&file).unwrap();
    let expected = format!("{{\"port\":{},\"pid\":{}}}\n", on.address.port(), std::process::id());
    assert_eq!(told, expected);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    }
    runtime.stop_http().await.unwrap();
    assert_eq!(runtime.http(), HttpState::Off);
    assert_eq!(asked(on.address, &secret).await, None);
    assert!(!file.exists());
}

#[tokio::test]
async fn another_secret_takes_the_place_of_the_first_at_once() {
    let (runtime, _folder) = opened().await;
    let callers = runtime.callers().unwrap();
    let first = callers.http_secret().await.unwrap();
    let before = runtime.serve_http(any_port()).await.unwrap();
    let second = callers.rotate_http_secret().await.unwrap();
    let moved = |state: &HttpState| {
        matches!(state, HttpState::On(HttpAddress { publishable_key, .. })
        if *publishable_key != before.publishable_key)
    };
    until(&runtime, moved).await;
    let HttpState::On(after) = runtime.http() else { panic!("it is on") };
    assert_eq!(asked(after.address, &first).await, Some(401));
    assert_eq!(asked(after.address, &second).await, Some(200));
}

#[tokio::test]
async fn the_settings_turn_it_on_and_off() {
    let (runtime, _folder) = opened().await;
    let callers = runtime.callers().unwrap();
    let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
    let on = AccessSettings { http: true, port: free, ..callers.settings() };
    callers.set_settings(on.clone()).await.unwrap();
    until(&runtime, |state| matches!(state, HttpState::On(_))).await;
    callers.set_settings(AccessSettings { http: false, ..on }).await.unwrap();
    until(&runtime, |state| *state == HttpState::Off).await;
}

#[tokio::test]
async fn what_cannot_be_is_told_and_does_not_stop_the_rest() {
    let (runtime, _folder) = opened().await;
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let wish = HttpWish { address: Some(taken.local_addr().unwrap()), origins: Vec::new() };
    let error = runtime.serve_http(wish).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::LoopbackUnavailable);
    assert_eq!(error.params["port"], taken.local_addr().unwrap().port().to_string());
    assert!(error.params.contains_key("next"));
    for (address, origins) in [("0.0.0.0:0", vec![]), ("127.0.0.1:0", vec!["*".to_owned()])] {
        let wish = HttpWish { address: Some(address.parse().unwrap()), origins };
        assert_eq!(runtime.serve_http(wish).await.unwrap_err().code, ErrorCode::BadInput, "{address}");
    }
    assert!(matches!(runtime.http(), HttpState::Failed(_)));
    assert!(runtime.connections().is_ok());
}

#[tokio::test]
async fn without_an_open_vault_nothing_is_served() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        folder: folder.path().to_owned(),
        user_agent: Arc::new(NoWindow),
        serve: true,
        somebody_there: false,
    };
    let runtime = Runtime::new(options).unwrap();
    assert_eq!(runtime.serve_http(any_port()).await.unwrap_err().code, ErrorCode::NoVault);
    assert_eq!(runtime.http(), HttpState::Off);
}
