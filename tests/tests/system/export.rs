//! What was read through the practice Pluggy, exported by the built program in all formats and read back.

use connections::ConnectionKey;
use connections::id::AttemptId;
use connections::pluggy_config::PluggyFields;
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::Surface;
use connections::{BeginLink, Connections};
use runtime::{Options, Runtime, VaultProtection};
use sandbox::Sandbox;
use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;
use tests::cli;
use tests::world::{Wants, World};
use url::Url;

const NO_WINDOW: Wants = Wants { display: None, keychain: false };

/// Nothing is shown: the practice login has no page.
struct NoWindows;

#[async_trait::async_trait]
impl UserAgent for NoWindows {
    fn surfaces(&self) -> Vec<Surface> {
        Vec::new()
    }

    async fn open(&self, _opening: Opening) -> Result<(), SurfaceError> {
        Err(SurfaceError("no windows here".to_owned()))
    }

    async fn close(&self, _attempt: &AttemptId) {}
}

/// Makes the profile, links a practice institution in it, and ends when its accounts are read.
async fn linked_profile(world: &World) -> ConnectionKey {
    let settings = sandbox::pluggy::Settings { pace: std::time::Duration::ZERO, ..Default::default() };
    let practice = Sandbox::start(sandbox::Options { pluggy: settings, ..Default::default() }).await.unwrap();
    let options = Options {
        folder: world.profile(),
        user_agent: Arc::new(NoWindows),
        serve: false,
        somebody_there: false,
    };
    let runtime = Runtime::new(options).unwrap();
    runtime.create_vault(VaultProtection::Passphrase, Some(cli::PASSPHRASE.into())).await.unwrap();
    let core = runtime.connections().unwrap();
    let (id, secret) = practice.pluggy_client();
    let fields = PluggyFields {
        config_key: "banks".to_owned(),
        client_id: Some(id.to_owned()),
        client_secret: Some(secret.into()),
        include_sandbox: true,
        api: Some(Url::parse(&practice.pluggy_api()).unwrap()),
        ..PluggyFields::default()
    };
    let config_key = core.create_pluggy(fields).await.unwrap().config_key;
    let values = pluggy::Parameters::new().with("user", "user-ok").with("password", "password-ok");
    let begin = BeginLink { another: false, config_key, institution: 0, connection_id: None, values };
    let key = core.begin_link(begin).await.unwrap().key;
    read(&core, &key).await;
    key
}

async fn read(core: &Connections, key: &ConnectionKey) {
    let mut events = core.subscribe();
    let reading = async {
        loop {
            let accounts = core.accounts(Some(key)).await.unwrap();
            let mut lines = 0;
            for one in &accounts {
                lines += core.transactions(key, &one.account.id).await.unwrap().len();
            }
            // The lines of an account come after the accounts.
            if lines > 50 {
                return;
            }
            let _ = events.recv().await;
        }
    };
    tokio::time::timeout(std::time::Duration::from_secs(30), reading).await.expect("accounts");
}

#[tokio::test(flavor = "multi_thread")]
async fn all_formats_hold_what_was_read_and_nobody_else_may_read_them() {
    let world = World::new(NO_WINDOW);
    let key = linked_profile(&world).await.to_string();
    let _agent = cli::agent(&world);
    let everything: serde_json::Value =
        serde_json::from_str(&cli::ok(&world, &["export", "--json"])).unwrap();
    let accounts = everything["accounts"].as_array().unwrap();
    assert!(accounts.len() >= 2 && accounts.iter().all(|one| one["connection"] == key.as_str()));
    let lines: usize = accounts.iter().map(|one| one["transactions"].as_array().unwrap().len()).sum();
    assert!(lines > 50, "three months of an invented person: {lines}");

    let csv = cli::ok(&world, &["export", "--csv", "--connection", &key]);
    assert_eq!(csv.lines().count(), lines + 1, "a header and a row each");
    let balances = cli::ok(&world, &["export", "--csv", "--balances"]);
    assert_eq!(balances.lines().count(), accounts.len() + 1);

    let file = world.folder().join("statement.ofx");
    cli::ok(&world, &["export", "--ofx", "--output", file.to_str().unwrap()]);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, 0o600);
    let ofx = std::fs::read_to_string(&file).unwrap();
    let pending = csv.lines().filter(|line| line.contains(",pending,")).count();
    assert_eq!(ofx.matches("<STMTTRN>").count() + pending, lines);
    let card = accounts.iter().find(|one| one["kind"] == "creditCard").unwrap();
    let spent = card["transactions"].as_array().unwrap();
    assert!(spent.iter().all(|one| one["amount"].as_str().unwrap().starts_with('-')), "a purchase goes out");

    let one = card["id"].as_str().unwrap();
    let only: serde_json::Value =
        serde_json::from_str(&cli::ok(&world, &["export", "--json", "--account", one])).unwrap();
    assert_eq!(only["accounts"].as_array().unwrap().len(), 1);
    let day = card["transactions"][0]["date"].as_str().unwrap();
    let bounded = cli::ok(&world, &["export", "--csv", "--account", one, "--from", day, "--to", day]);
    assert!(bounded.lines().skip(1).all(|line| line.starts_with(day)) && bounded.lines().count() > 1);
}

#[test]
fn what_is_not_there_is_refused_and_writes_nothing() {
    let world = World::new(NO_WINDOW);
    let file = world.folder().join("none.csv");
    let to = file.to_str().unwrap();
    assert_eq!(cli::mooring(&world, &["export", "--output", to]).status.code(), Some(69), "nothing runs");
    let _agent = cli::agent(&world);
    for arguments in [
        ["export", "--output", to, "--connection", "banks/nobody"],
        ["export", "--output", to, "--account", "no-such-account"],
        ["export", "--output", to, "--connection", "no pair"],
    ] {
        assert_eq!(cli::mooring(&world, &arguments).status.code(), Some(65), "{arguments:?}");
    }
    assert!(!file.exists());
    assert_eq!(cli::ok(&world, &["export"]).lines().count(), 1, "a header, and nothing else");
    let folder = world.folder().join("no such folder/x.csv");
    let refused = cli::mooring(&world, &["export", "--output", folder.to_str().unwrap()]);
    assert_eq!(refused.status.code(), Some(74));
}
