//! Connections as values, at an instant.

use connections::Attended;
use connections::attention::AttentionMemory;
use connections::connection::{ApprovalReason, Needs, Reachability, Status};
use connections::id::ConnectionKey;
use connections::view::{ConnectionView, Source};
use jiff::{SignedDuration, Timestamp};

/// The first of May 2027, noon.
pub(crate) fn noon() -> Timestamp {
    "2027-05-01T12:00:00Z".parse().unwrap()
}

pub(crate) fn later(hours: i64) -> Timestamp {
    noon() + SignedDuration::from_hours(hours)
}

pub(crate) fn linked(id: &str) -> ConnectionView {
    ConnectionView {
        key: ConnectionKey::parse("bank", id).unwrap(),
        provider: "itau".to_owned(),
        source: Source::Oauth,
        approach: connections::view::Approach::Approval,
        parameters: std::collections::BTreeMap::default(),
        provider_name: "Itaú".to_owned(),
        brand_color: None,
        category: providers::Category::Banking,
        sandbox: false,
        display_name: id.to_owned(),
        nickname: None,
        account_holder: None,
        company: None,
        status: Status::Linked,
        paused: false,
        syncing: false,
        reachability: Reachability::Reachable,
        needs: Needs::Nothing,
        scopes_asked: Vec::new(),
        scopes_granted: Vec::new(),
        created_at: later(-24 * 365),
        first_authorized_at: None,
        last_authorized_at: None,
        last_refreshed_at: None,
        last_synced_at: None,
        last_used_at: None,
        access_expires_at: None,
        renewable: true,
        holds_until: None,
        hold_renews: false,
    }
}

pub(crate) fn ended(id: &str) -> ConnectionView {
    let needs = Needs::Approval { reason: ApprovalReason::GrantRefused };
    ConnectionView { status: Status::Deauthorized, needs, ..linked(id) }
}

pub(crate) fn trouble(id: &str) -> ConnectionView {
    let reachability = Reachability::ProviderTrouble { since: later(-30), retry_at: later(1) };
    ConnectionView { reachability, ..linked(id) }
}

pub(crate) fn attended(views: impl IntoIterator<Item = ConnectionView>) -> Vec<Attended> {
    views.into_iter().map(|view| Attended { view, memory: AttentionMemory::default() }).collect()
}
