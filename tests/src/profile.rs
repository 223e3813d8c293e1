//! A profile that is made and filled without a window, by the core itself: for what is asked of it afterwards.

use crate::cli;
use connections::id::AttemptId;
use connections::pluggy_config::PluggyFields;
use connections::ports::{Opening, SurfaceError, UserAgent};
use connections::view::Surface;
use connections::{BeginLink, ConnectionKey, Connections};
use runtime::{Options, Runtime, VaultProtection};
use sandbox::Sandbox;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// Lines that an institution of the practice Pluggy has at least: three months of an invented person.
const LINES: usize = 50;

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

/// A new profile in `folder`, whose vault opens with [`cli::PASSPHRASE`]. Programs are not served.
pub async fn made(folder: &Path) -> Runtime {
    let options = Options {
        folder: folder.to_owned(),
        user_agent: Arc::new(NoWindows),
        serve: false,
        somebody_there: false,
    };
    let runtime = Runtime::new(options).unwrap();
    runtime.create_vault(VaultProtection::Passphrase, Some(cli::PASSPHRASE.into())).await.unwrap();
    runtime
}

/// A practice bank, Pluggy and Codat that answer at once.
pub async fn practice() -> Sandbox {
    let settings = sandbox::pluggy::Settings { pace: Duration::ZERO, ..Default::default() };
    Sandbox::start(sandbox::Options { pluggy: settings, ..Default::default() }).await.unwrap()
}

/// Links an institution of the practice Pluggy under the registration `banks`; ends when its accounts and their lines
/// are read.
pub async fn link_institution(core: &Connections, practice: &Sandbox) -> ConnectionKey {
    let (id, secret) = practice.pluggy_client();
    let fields = PluggyFields {
        config_key: "banks".to_owned(),
        client_id: Some(id.to_owned()),
        client_secret: Some(secret.into()),
        include_sandbox: true,
        api: Some(practice.pluggy_api().parse().unwrap()),
        ..PluggyFields::default()
    };
    let config_key = core.create_pluggy(fields).await.unwrap().config_key;
    let values = pluggy::Parameters::new().with("user", "user-ok").with("password", "password-ok");
    let begin = BeginLink { another: false, config_key, institution: 0, connection_id: None, values };
    let key = core.begin_link(begin).await.unwrap().key;
    let mut events = core.subscribe();
    let reading = async {
        // The lines of an account come after the accounts.
        while lines_of(core, &key).await <= LINES {
            // That some were missed is a reason to look as well.
            let _ = events.recv().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(30), reading).await.expect("accounts and their lines");
    key
}

async fn lines_of(core: &Connections, key: &ConnectionKey) -> usize {
    let mut lines = 0;
    for one in core.accounts(Some(key)).await.unwrap() {
        lines += core.transactions(key, &one.account.id).await.unwrap().len();
    }
    lines
}
