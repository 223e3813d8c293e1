//! The companies that are there at the start, and as many connections as are asked for.
//!
//! Invariant: the same at every first start, but for the dates, which count back from it.

use super::catalogue::INTEGRATIONS;
use super::ids::uuid_of;
use super::ledger::{Company, Connection, ConnectionError, Ledger, status};
use super::operation::{Operation, SyncEnd};
use jiff::{SignedDuration, Timestamp};
use status::{DEAUTHORIZED, LINKED, PENDING, UNLINKED};
use std::collections::BTreeMap;

type Row = (&'static str, &'static str, &'static [(&'static str, &'static str)]);

/// Name, region, and connections as platform key and status.
const COMPANIES: [Row; 20] = [
    ("Alder Joinery", "uk", &[("gbol", LINKED), ("suuo", LINKED), ("fztf", LINKED)]),
    ("Birch and Daughters", "uk", &[("qhyg", DEAUTHORIZED), ("exgd", LINKED)]),
    ("Cedar Row Dental", "us", &[("pqsw", LINKED), ("qabk", LINKED)]),
    ("Dogwood Cycles", "us", &[("qhyg", LINKED), ("zsth", UNLINKED), ("suuo", PENDING)]),
    ("Elm Street Bakery", "uk", &[("fbrh", LINKED), ("upvr", DEAUTHORIZED), ("ugxp", LINKED)]),
    ("Fir Trading", "br", &[("rwuv", UNLINKED)]),
    ("Ginkgo Studio", "us", &[("gbol", DEAUTHORIZED), ("exgd", DEAUTHORIZED)]),
    ("Hazel Logistics", "uk", &[("hbql", LINKED)]),
    ("Ivy House Hotel", "uk", &[("akxx", LINKED), ("suuo", LINKED), ("hcws", LINKED)]),
    ("Juniper Foods", "br", &[("mqjo", LINKED), ("aiwb", LINKED)]),
    ("Karri Timber", "au", &[("gbol", LINKED), ("qacb", UNLINKED)]),
    ("Larch Consulting", "uk", &[("qhyg", PENDING)]),
    ("Maple Street Pets", "us", &[("qhyg", LINKED), ("fztf", DEAUTHORIZED), ("exgd", LINKED)]),
    ("Nettle Press", "uk", &[("gbol", UNLINKED), ("ltpp", UNLINKED)]),
    ("Oak and Iron", "us", &[("pqsw", DEAUTHORIZED), ("qafd", LINKED)]),
    ("Pine Valley Farm", "us", &[("qhyg", LINKED), ("upvr", LINKED)]),
    ("Quince Kitchen", "uk", &[("zsth", LINKED), ("qaex", LINKED)]),
    ("Rowan Care", "uk", &[]),
    ("Spruce Interiors", "us", &[("rwuv", LINKED), ("fztf", LINKED), ("qabk", DEAUTHORIZED)]),
    ("Teak Marine", "br", &[("mqjo", PENDING), ("aiwb", PENDING)]),
];

/// The statuses that further connections have in turn.
const TURN: [&str; 5] = [LINKED, LINKED, DEAUTHORIZED, UNLINKED, PENDING];

/// A ledger with the companies above and at least so many connections.
pub(super) fn ledger(connections: usize, redirect_url: &str, now: Timestamp) -> Ledger {
    let mut ledger = Ledger::default();
    redirect_url.clone_into(&mut ledger.redirect_url);
    for (index, (name, region, rows)) in COMPANIES.iter().enumerate() {
        let id = uuid_of(&format!("company:{index}"));
        let connections = rows
            .iter()
            .enumerate()
            .map(|(at, (key, status))| connection(&format!("{index}:{at}"), key, status, index + at, now))
            .collect();
        ledger.companies.push(Company {
            id,
            name: (*name).to_owned(),
            description: Some(format!("Synthetic company {}", index + 1)),
            tags: BTreeMap::from([("region".to_owned(), (*region).to_owned())]),
            created: before(now, 400 - number(index)),
            connections,
        });
    }
    further(&mut ledger, connections.min(super::ledger::CONNECTIONS), now);
    history(&mut ledger);
    ledger
}

/// Adds connections to the companies in turn.
fn further(ledger: &mut Ledger, wanted: usize, now: Timestamp) {
    let have = ledger.count_connections();
    let companies = ledger.companies.len().max(1);
    for index in have..wanted {
        let integration = INTEGRATIONS.iter().filter(|one| one.enabled).cycle().nth(index);
        let status = TURN.iter().cycle().nth(index);
        let (Some(integration), Some(status)) = (integration, status) else { return };
        let added = connection(&format!("further:{index}"), integration.key, status, index, now);
        if let Some(company) = ledger.companies.get_mut(index % companies) {
            company.connections.push(added);
        }
    }
}

fn connection(id: &str, key: &str, status: &str, index: usize, now: Timestamp) -> Connection {
    let was_linked = status != PENDING;
    let organizations = super::catalogue::Integration::find(key).map_or(&[][..], |one| one.organizations());
    let last_sync = was_linked.then(|| before_hours(now, 3 + 29 * number(index)));
    let ended = (status == DEAUTHORIZED).then(|| ConnectionError {
        status_code: "401".to_owned(),
        status_text: "Unauthorized".to_owned(),
        message: "The authorization was withdrawn or has expired.".to_owned(),
        at: before_hours(now, 2 + 20 * number(index)),
        resolved: None,
    });
    Connection {
        id: uuid_of(&format!("connection:{id}")),
        platform_key: key.to_owned(),
        status: status.to_owned(),
        created: before(now, 300 - number(index % 250)),
        last_sync,
        errors: ended.into_iter().collect(),
        organization: organizations.first().filter(|_| was_linked).map(|name| (*name).to_owned()),
        links_used: 0,
        paused_until: None,
    }
}

/// What was read so far, for the connections of the list above.
fn history(ledger: &mut Ledger) {
    let mut read = Vec::new();
    for company in &ledger.companies {
        for connection in company.connections.iter().take(3) {
            let (Some(integration), Some(last_sync)) = (connection.integration(), connection.last_sync)
            else {
                continue;
            };
            read.extend(integration.source_type.data_types().iter().take(3).map(|data_type| Operation {
                id: uuid_of(&format!("operation:{}:{data_type}", connection.id)),
                company: company.id.clone(),
                connection: connection.id.clone(),
                data_type: (*data_type).to_owned(),
                requested: before_seconds(last_sync, 40),
                starts: before_seconds(last_sync, 40),
                ends: last_sync,
                end: SyncEnd::Complete,
                settled: true,
            }));
        }
    }
    read.sort_by_key(|operation| operation.requested);
    ledger.operations.extend(read);
}

fn number(index: usize) -> i64 {
    i64::try_from(index).unwrap_or(0)
}

fn before(now: Timestamp, days: i64) -> Timestamp {
    before_hours(now, 24 * days)
}

fn before_hours(now: Timestamp, hours: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_hours(hours)).unwrap_or(now)
}

fn before_seconds(now: Timestamp, seconds: i64) -> Timestamp {
    now.checked_sub(SignedDuration::from_secs(seconds)).unwrap_or(now)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seeded(connections: usize) -> Ledger {
        ledger(connections, "", Timestamp::from_second(1_800_000_000).unwrap())
    }

    #[test]
    fn there_are_twenty_companies_with_connections_in_every_status() {
        let ledger = seeded(0);
        assert_eq!(ledger.companies.len(), 20);
        let connections: Vec<_> = ledger.companies.iter().flat_map(|one| &one.connections).collect();
        for wanted in [PENDING, LINKED, UNLINKED, DEAUTHORIZED] {
            assert!(connections.iter().any(|one| one.status == wanted), "{wanted}");
        }
        assert!(connections.iter().all(|one| one.integration().is_some()));
    }

    #[test]
    fn as_many_connections_as_are_asked_for_each_with_its_own_identifier() {
        let ledger = seeded(1000);
        let ids: std::collections::BTreeSet<_> =
            ledger.companies.iter().flat_map(|one| &one.connections).map(|one| &one.id).collect();
        assert_eq!(ids.len(), 1000);
        assert_eq!(serde_json::to_vec(&ledger).unwrap(), serde_json::to_vec(&seeded(1000)).unwrap());
    }
}
