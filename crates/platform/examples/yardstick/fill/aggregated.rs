//! Connections through aggregators, none of them due for a look.

use anyhow::Result;
use connections::codat_config::CodatConfig;
use connections::connection::{Connection, Needs, Status};
use connections::data_connection::DataConnection;
use connections::id::{ConfigKey, ConnectionId, ConnectionKey};
use connections::item::ItemFacts;
use connections::pluggy_config::PluggyConfig;
use connections::ports::Change;
use connections::view::LinkPhase;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// Items of invented banks.
pub(super) fn through_pluggy(count: usize, now: Timestamp) -> Result<Vec<Change>> {
    let key = ConfigKey::parse("banks")?;
    let config = PluggyConfig {
        key: key.clone(),
        api: "https://api.pluggy.ai".parse()?,
        client_id: Some("bench".to_owned()),
        connect_token_endpoint: None,
        client_user_id: None,
        oauth_redirect_uri: None,
        include_sandbox: false,
        widget: None,
        practice: false,
        created_at: now,
        updated_at: now,
    };
    let mut changes = vec![Change::PutPluggyConfig(Box::new(config), None)];
    for number in 0..count {
        let item_id = format!("00000000-0000-4000-8000-{number:012}");
        let key = named(&key, &item_id)?;
        let facts = ItemFacts {
            brand_color: Some("#1D4E6B".to_owned()),
            phase: LinkPhase::Done,
            was_linked: true,
            asked: false,
            look_at: None,
            last_updated_at: Some(now),
            ..ItemFacts::begun(item_id, 600 + u64::try_from(number % 40)?, now)
        };
        let institution = format!("Banco Inventado {}", number % 40);
        let made = linked(Connection::of_item(key.clone(), institution, facts, now), now);
        changes.push(Change::PutAccounts(key, Vec::new()));
        changes.push(Change::PutConnection(Box::new(made)));
    }
    Ok(changes)
}

/// Connections of invented companies.
pub(super) fn through_codat(count: usize, now: Timestamp) -> Result<Vec<Change>> {
    let key = ConfigKey::parse("companies")?;
    let config = CodatConfig {
        key: key.clone(),
        api: None,
        token_host: None,
        company: None,
        listed_at: Some(now),
        deleted: BTreeSet::new(),
        practice: false,
        created_at: now,
        updated_at: now,
    };
    let mut changes = vec![Change::PutCodatConfig(Box::new(config), None)];
    for number in 0..count {
        let id = format!("00000000-0000-4000-9000-{number:012}");
        let key = named(&key, &id)?;
        let facts = DataConnection {
            company: format!("00000000-0000-4000-a000-{:012}", number / 3),
            company_name: Some(format!("Invented Company {}", number / 3)),
            id,
            platform: Some("gbol".to_owned()),
            source_id: None,
            word: "Linked".to_owned(),
            made_at: Some(now),
            organization: None,
            profile: None,
            profile_at: None,
            other_organization: None,
            gone: false,
            approving_since: None,
            known_error: None,
            reading_since: None,
            look_at: None,
            failed_looks: 0,
        };
        changes.push(Change::PutConnection(Box::new(linked(Connection::of_data(key, facts, now), now))));
    }
    Ok(changes)
}

fn named(config_key: &ConfigKey, id: &str) -> Result<ConnectionKey> {
    Ok(ConnectionKey { config_key: config_key.clone(), connection_id: ConnectionId::parse(id)? })
}

fn linked(mut connection: Connection, now: Timestamp) -> Connection {
    // Half a day more, so that no line of the list changes its words while the bench runs.
    let then = now - SignedDuration::from_hours(36);
    connection.status = Status::Linked;
    connection.needs = Needs::Nothing;
    connection.first_authorized_at = Some(then);
    connection.last_authorized_at = Some(then);
    connection.last_synced_at = Some(then);
    connection
}
