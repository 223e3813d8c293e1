//! A registration at the practice Codat, and a person at its Link pages.

use crate::place::Place;
use connections::codat_config::{CodatFields, redirect_template};
use connections::id::{ConfigKey, ConnectionKey};
use connections::view::{AttemptPhase, AttemptView, CodatView, CoreEvent};
use connections::{BeginCodatLink, Connections};
use secret::SecretString;
use std::time::Duration;
use url::Url;

/// Registered in every place.
pub(crate) const CODAT: &str = "codat";
/// How long something may take that must happen.
const PATIENCE: Duration = Duration::from_secs(30);

pub(crate) fn config() -> ConfigKey {
    ConfigKey::parse(CODAT).unwrap()
}

/// A place with a registration at the practice Codat, all of whose connections are listed.
pub(crate) async fn codat_place() -> Place {
    registered(Place::quick().await).await
}

/// The same in a place of one's own.
pub(crate) async fn registered(place: Place) -> Place {
    place.world.codat().set_redirect(&redirect_template()).unwrap();
    place.core().create_codat(fields(&place)).await.unwrap();
    settled(&place).await;
    place
}

/// Waits until the list that follows a registration is through, and lists once more.
pub(crate) async fn settled(place: &Place) {
    let core = place.core();
    let mut events = core.subscribe();
    let listed = async {
        while core.config(&config()).unwrap().codat.unwrap().listed_at.is_none() {
            let _ = events.recv().await;
        }
    };
    tokio::time::timeout(PATIENCE, listed).await.expect("a list");
}

/// What a person types to register at the practice Codat.
pub(crate) fn fields(place: &Place) -> CodatFields {
    CodatFields {
        config_key: CODAT.to_owned(),
        api_key: Some(sandbox::codat::API_KEY.into()),
        api: Some(Url::parse(&place.world.codat_api()).unwrap()),
        ..CodatFields::default()
    }
}

/// What the first connection of this platform in this status is called here.
pub(crate) fn known(place: &Place, platform: &str, status: &str) -> ConnectionKey {
    let known = place.world.codat().find(platform, status).expect("such a connection");
    key_of(&place.core(), &known.connection)
}

pub(crate) fn key_of(core: &Connections, data_connection: &str) -> ConnectionKey {
    let all = core.connections();
    let found = all.into_iter().find(|one| one.key.connection_id.as_str() == data_connection);
    found.expect("it is listed").key
}

/// A company without connections.
pub(crate) async fn empty_company(core: &Connections) -> String {
    let companies = core.codat_companies(&config()).await.unwrap();
    companies.into_iter().find(|one| one.connections == 0).unwrap().id
}

/// Begins a connection of a company without one.
pub(crate) async fn begin(core: &Connections, integration: &str) -> AttemptView {
    let company = empty_company(core).await;
    let begin = BeginCodatLink {
        config_key: config(),
        company,
        integration: integration.to_owned(),
        connection_id: None,
        surface: None,
    };
    core.begin_codat_link(begin).await.unwrap()
}

/// Waits until a connection is as it should be.
pub(crate) async fn until(
    core: &Connections,
    key: &ConnectionKey,
    is: impl Fn(&CodatView) -> bool,
) -> CodatView {
    let mut events = core.subscribe();
    let waiting = async {
        loop {
            let view = core.show_codat(key).await.unwrap();
            if is(&view) {
                return view;
            }
            while !matches!(events.recv().await, Ok(CoreEvent::CodatChanged { codat }) if codat.key == *key) {
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.unwrap_or_else(|_| panic!("{key} is not so"))
}

/// Waits until an approval is over, and answers how.
pub(crate) async fn outcome(core: &Connections, attempt: &AttemptView) -> AttemptView {
    let mut events = core.subscribe();
    let over = |one: &AttemptView| !matches!(one.phase, AttemptPhase::Waiting | AttemptPhase::Exchanging);
    let waiting = async {
        loop {
            let view = core.attempt(&attempt.id).unwrap();
            if over(&view) {
                return view;
            }
            while !matches!(events.recv().await, Ok(CoreEvent::AttemptChanged { attempt: one }) if one.id == attempt.id)
            {
            }
        }
    };
    tokio::time::timeout(PATIENCE, waiting).await.expect("an end of the approval")
}

/// What the page that was opened last leads to when its person says this: the nonce comes back with a claim.
pub(crate) fn comes_back(place: &Place, claim: &str, organization: &str) -> SecretString {
    let opened = place.windows.opened.lock().unwrap().last().cloned().expect("a page").1;
    let opened = Url::parse(&opened).unwrap();
    let nonce = opened.query_pairs().find(|(name, _)| name == codat::NONCE_PARAMETER).expect("a nonce").1;
    let address = Url::parse_with_params(
        connections::codat_config::REDIRECT,
        [
            (codat::NONCE_PARAMETER, nonce.as_ref()),
            ("statusCode", claim),
            ("data.company.companyName", organization),
        ],
    );
    SecretString::from(String::from(address.unwrap()))
}
