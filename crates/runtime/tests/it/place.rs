//! One test's own profile, practice world and windows.

use async_trait::async_trait;
use connections::id::{AttemptId, ConfigKey, ConnectionKey};
use connections::pluggy_config::PluggyFields;
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::{CoreEvent, LinkPhase, LinkView, Surface};
use connections::{BeginLink, Connections};
use pluggy::Parameters;
use runtime::{Options, Runtime, VaultProtection};
use sandbox::Sandbox;
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tempfile::TempDir;
use url::Url;

/// Registered in every place.
pub(crate) const PLUGGY: &str = "pluggy";
/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

/// Windows that nobody sees: what was opened and what was closed.
#[derive(Default)]
pub(crate) struct Windows {
    pub(crate) opened: Mutex<Vec<(AttemptId, String)>>,
    pub(crate) closed: Mutex<Vec<AttemptId>>,
}

#[async_trait]
impl UserAgent for Windows {
    fn surfaces(&self) -> Vec<Surface> {
        vec![Surface::Embedded, Surface::Browser]
    }

    async fn open(&self, opening: Opening) -> Result<(), SurfaceError> {
        self.opened.lock().unwrap().push((opening.attempt, opening.address.to_string()));
        Ok(())
    }

    async fn close(&self, attempt: &AttemptId) {
        self.closed.lock().unwrap().push(attempt.clone());
    }
}

pub(crate) struct Place {
    pub(crate) folder: TempDir,
    pub(crate) runtime: Runtime,
    pub(crate) world: Sandbox,
    pub(crate) windows: Arc<Windows>,
}

impl Place {
    /// With a world that takes no time, and a registration there.
    pub(crate) async fn new() -> Self {
        Self::with(sandbox::pluggy::Settings { pace: Duration::ZERO, ..Default::default() }).await
    }

    pub(crate) async fn with(settings: sandbox::pluggy::Settings) -> Self {
        let options = sandbox::Options { pluggy: settings, ..sandbox::Options::default() };
        let place = Self::in_world(options).await;
        place.core().create_pluggy(place.fields()).await.unwrap();
        place
    }

    /// With a world that takes no time, and no registration.
    pub(crate) async fn quick() -> Self {
        Self::crowded(0).await
    }

    /// The same, with at least so many connections at the practice Codat.
    pub(crate) async fn crowded(connections: usize) -> Self {
        let codat = sandbox::codat::Settings { pace: Duration::ZERO, connections, ..Default::default() };
        Self::in_world(sandbox::Options { codat, ..sandbox::Options::default() }).await
    }

    /// The same without connections on top, and with the socket for programs.
    pub(crate) async fn serving() -> Self {
        let codat = sandbox::codat::Settings { pace: Duration::ZERO, ..Default::default() };
        Self::opened(sandbox::Options { codat, ..sandbox::Options::default() }, true).await
    }

    async fn in_world(options: sandbox::Options) -> Self {
        Self::opened(options, false).await
    }

    async fn opened(options: sandbox::Options, serve: bool) -> Self {
        let world = Sandbox::start(options).await.unwrap();
        let folder = tempfile::tempdir().unwrap();
        let windows = Arc::new(Windows::default());
        let runtime = open(&folder, &windows, serve);
        let passphrase = Some("a passphrase of a test".into());
        runtime.create_vault(VaultProtection::Passphrase, passphrase).await.unwrap();
        Self { folder, runtime, world, windows }
    }

    /// What a person types to register at the practice world.
    pub(crate) fn fields(&self) -> PluggyFields {
        let (id, secret) = self.world.pluggy_client();
        PluggyFields {
            config_key: PLUGGY.to_owned(),
            client_id: Some(id.to_owned()),
            client_secret: Some(secret.into()),
            include_sandbox: true,
            api: Some(Url::parse(&self.world.pluggy_api()).unwrap()),
            ..PluggyFields::default()
        }
    }

    pub(crate) fn core(&self) -> Connections {
        self.runtime.connections().unwrap()
    }

    /// The program ends and starts again; the world goes on.
    pub(crate) async fn restart(self) -> Self {
        let Self { folder, runtime, world, windows } = self;
        drop(runtime);
        let runtime = open(&folder, &windows, false);
        runtime.unlock(Some("a passphrase of a test".into())).await.unwrap();
        Self { folder, runtime, world, windows }
    }

    /// Begins a link and answers its connection.
    pub(crate) async fn begin(&self, institution: u64, values: Parameters) -> ConnectionKey {
        self.core().begin_link(ask(institution, values)).await.unwrap().key
    }

    /// Waits until the link is in one of these phases.
    pub(crate) async fn reaches(&self, key: &ConnectionKey, phases: &[LinkPhase]) -> LinkView {
        self.until(key, |link| phases.contains(&link.phase)).await
    }

    /// Waits until the link is as it should be.
    pub(crate) async fn until(&self, key: &ConnectionKey, is: impl Fn(&LinkView) -> bool) -> LinkView {
        let core = self.core();
        let mut events = core.subscribe();
        let now = core.show_link(key).unwrap();
        if is(&now) {
            return now;
        }
        let waiting = async {
            loop {
                if let Ok(CoreEvent::LinkChanged { link }) = events.recv().await
                    && link.key == *key
                    && is(&link)
                {
                    return *link;
                }
            }
        };
        let waited = tokio::time::timeout(PATIENCE, waiting).await;
        waited.unwrap_or_else(|_| panic!("still {:?}", core.show_link(key)))
    }

    /// Waits until the accounts of the connection are here.
    pub(crate) async fn accounts(&self, key: &ConnectionKey) -> Vec<connections::view::AccountView> {
        let core = self.core();
        let mut events = core.subscribe();
        let waiting = async {
            loop {
                let accounts = core.accounts(Some(key)).await.unwrap();
                if !accounts.is_empty() {
                    return accounts;
                }
                while !matches!(events.recv().await, Ok(CoreEvent::AccountsChanged { key: one }) if one == *key)
                {
                }
            }
        };
        tokio::time::timeout(PATIENCE, waiting).await.expect("accounts")
    }
}

pub(crate) fn ask(institution: u64, values: Parameters) -> BeginLink {
    BeginLink { config_key: ConfigKey::parse(PLUGGY).unwrap(), institution, connection_id: None, values }
}

pub(crate) fn login(user: &str, password: &str) -> Parameters {
    Parameters::new().with("user", user).with("password", password)
}

fn open(folder: &TempDir, windows: &Arc<Windows>, serve: bool) -> Runtime {
    let user_agent = Arc::clone(windows) as Arc<dyn UserAgent>;
    Runtime::new(Options { folder: folder.path().to_owned(), user_agent, serve, somebody_there: false })
        .unwrap()
}
