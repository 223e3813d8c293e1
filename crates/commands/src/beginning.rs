//! What the window shows first, in one answer: each question costs the start two trips to the page and back.

use crate::Host;
use crate::dto::{Beginning, Lists, Phase, Told};
use connections::view::Failure;
use std::sync::atomic::Ordering;

/// How the app stands and, while the vault is open, what the list of connections shows.
///
/// It can be asked before anybody listens for events: [`told`] says afterwards whether one was missed meanwhile.
pub async fn beginning(host: &Host, _request: ()) -> Result<Beginning, Failure> {
    let app = crate::app_state(host, ()).await?;
    // Before the lists are read: what changes from here on is counted.
    let told = host.events_told();
    // A vault that was closed again meanwhile has no lists; the page asks for them and learns why.
    let lists = if app.phase == Phase::Ready { lists(host).await.ok() } else { None };
    Ok(Beginning { app, lists, told })
}

/// What was told so far, for whoever began to listen after they had asked.
pub async fn told(host: &Host, _request: ()) -> Result<Told, Failure> {
    host.stands.notify_one();
    Ok(Told { events: host.events_told(), phase: crate::app::phase_of(host) })
}

async fn lists(host: &Host) -> Result<Lists, Failure> {
    Ok(Lists {
        connections: crate::connections_list(host, ()).await?,
        configs: crate::configs_list(host, ()).await?,
        attempt: crate::authorization_current(host, ()).await?,
        attention: crate::attention_list(host, ()).await?,
        questions: crate::permissions_pending(host, ()).await?,
    })
}

impl Host {
    /// Counts an event, before it is passed on to the page.
    pub fn count_told(&self) {
        self.told.fetch_add(1, Ordering::SeqCst);
    }

    /// Waits until the page shows what it has and listens. For one who waits.
    pub async fn page_stands(&self) {
        self.stands.notified().await;
    }

    fn events_told(&self) -> u32 {
        self.told.load(Ordering::SeqCst)
    }
}
