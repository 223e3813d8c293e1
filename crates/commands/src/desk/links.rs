//! Whether links of our scheme lead here: one is sent as any program would, and must come back.
//!
//! Invariant: only the nonce of the test that runs is taken, and it says nothing else to anybody.

use crate::Host;
use crate::dto::{LinksState, LinksTest};
use connections::error::{CoreError, ErrorCode};
use connections::view::Failure;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::oneshot;
use url::Url;

/// How long a link may be on its way: the desktop starts a second program, which hands it over.
const PATIENCE: Duration = Duration::from_secs(8);

/// The test that runs, if one does.
#[derive(Default)]
pub(crate) struct LinkProbe {
    waiting: Mutex<Option<(String, oneshot::Sender<()>)>>,
}

impl LinkProbe {
    /// Begins a test; one that ran before waits in vain.
    fn begin(&self, nonce: String) -> oneshot::Receiver<()> {
        let (arrived, arrival) = oneshot::channel();
        *self.waiting.lock().unwrap_or_else(PoisonError::into_inner) = Some((nonce, arrived));
        arrival
    }

    /// Takes a link if it is the one that was sent.
    fn take(&self, link: &Url) -> bool {
        let nonce = (link.host_str() == Some("self-test")).then(|| link.path().trim_matches('/'));
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        match waiting.take_if(|(expected, _)| Some(expected.as_str()) == nonce) {
            // Whoever waited may have given up; the link was ours all the same.
            Some((_, arrived)) => arrived.send(()).is_ok() || nonce.is_some(),
            None => false,
        }
    }
}

impl Host {
    /// Takes a link of our scheme if it belongs to the test of links; any other is the core's.
    pub fn takes_test_link(&self, link: &Url) -> bool {
        self.probe.take(link)
    }
}

/// Sends a link and says where it led.
pub async fn links_test(host: &Host, _request: ()) -> Result<LinksTest, Failure> {
    let links = &host.ports.desk.links;
    let nonce = nonce()?;
    let arrival = host.probe.begin(nonce.clone());
    let handler = links.handler().await;
    // A starter may fail, or wait for what it started, though the link is on its way.
    let _ = links.open(&format!("mooring://self-test/{nonce}")).await;
    let arrived = matches!(tokio::time::timeout(PATIENCE, arrival).await, Ok(Ok(())));
    let state = match (arrived, &handler) {
        (true, _) => LinksState::Work,
        (false, None) => LinksState::Nobody,
        (false, Some(_)) => LinksState::Elsewhere,
    };
    Ok(LinksTest { state, handler })
}

/// Makes this program the one for our links, and tests again.
pub async fn links_repair(host: &Host, _request: ()) -> Result<LinksTest, Failure> {
    if !host.ports.desk.links.register().await {
        tracing::info!("this program could not be made the one for its links");
    }
    links_test(host, ()).await
}

fn nonce() -> Result<String, CoreError> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| CoreError::new(ErrorCode::Defect).detail(error))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

#[cfg(test)]
mod tests {
    use super::LinkProbe;
    use url::Url;

    fn link(text: &str) -> Url {
        Url::parse(text).unwrap()
    }

    #[test]
    fn only_the_link_that_was_sent_is_taken_and_only_once() {
        let probe = LinkProbe::default();
        assert!(!probe.take(&link("mooring://self-test/abc")), "no test runs");
        let mut arrival = probe.begin("abc".to_owned());
        for forged in [
            "mooring://self-test/abd",
            "mooring://self-test/",
            "mooring://self-test",
            "mooring://oauth/abc",
            "mooring://self-test.example/abc",
            "mooring:abc",
        ] {
            assert!(!probe.take(&link(forged)), "{forged}");
        }
        assert!(arrival.try_recv().is_err());
        assert!(probe.take(&link("mooring://self-test/abc")));
        assert_eq!(arrival.try_recv(), Ok(()));
        assert!(!probe.take(&link("mooring://self-test/abc")));
    }
}
