//! Companies, connections, integrations and pull operations as Codat writes them.
//!
//! Invariant: a member that has no value is absent; `null` stands only where the client package takes it.
//!
//! Source: the Platform API's OpenAPI description 3.0.0 and the schemas of the npm package `@codat/platform` 6.2.1
//! (checked 2026-11-21).

use super::World;
use super::catalogue::Integration;
use super::knobs::Switch;
use super::ledger::{Company, Connection, ConnectionError, Ledger};
use super::operation::Operation;
use jiff::Timestamp;
use serde_json::{Map, Value, json};

impl World {
    /// A date and time. Codat writes zones mostly, and fractions of a second as it likes.
    pub(super) fn date(&self, at: Timestamp) -> Value {
        let zone = if self.knobs().is_on(Switch::ZonesInDates) { "Z" } else { "" };
        json!(format!("{}{zone}", at.strftime("%Y-%m-%dT%H:%M:%S")))
    }

    fn fine_date(&self, at: Timestamp) -> Value {
        let zone = if self.knobs().is_on(Switch::ZonesInDates) { "Z" } else { "" };
        json!(format!(
            "{}.{:07}{zone}",
            at.strftime("%Y-%m-%dT%H:%M:%S"),
            at.subsec_nanosecond().max(0) / 100
        ))
    }

    pub(super) fn company(&self, company: &Company, now: Timestamp) -> Value {
        let connections: Vec<Value> =
            company.connections.iter().map(|one| self.connection(&company.id, one, now)).collect();
        let mut shown = json!({
            "id": company.id,
            "name": company.name,
            "redirect": format!("{}/link/company/{}", self.api(), company.id),
            "created": self.date(company.created),
            "createdByUserName": Value::Null,
            "products": [],
            "tags": company.tags,
            "ownerUserIds": [],
            "referenceSubsidiaryCompanies": [],
            "dataConnections": connections,
        });
        let last_sync = company.connections.iter().filter_map(|one| one.last_sync).max();
        put(&mut shown, "description", company.description.clone().map(Value::from));
        put(&mut shown, "lastSync", last_sync.map(|at| self.fine_date(at)));
        shown
    }

    /// A connection, with a link address that is good from now on.
    pub(super) fn connection(&self, company: &str, connection: &Connection, now: Timestamp) -> Value {
        let integration = connection.integration();
        let organization = connection.organization.as_deref();
        let mut shown = json!({
            "id": connection.id,
            "integrationId": integration.map(Integration::id).unwrap_or_default(),
            "integrationKey": connection.platform_key,
            "sourceId": integration.map(|one| one.source_id(organization)).unwrap_or_default(),
            "sourceType": integration.map_or("Unknown", |one| one.source_type.word()),
            "platformName": integration.map(Integration::name).unwrap_or_default(),
            "linkUrl": self.link_url(company, connection, now),
            "status": connection.status,
            "created": self.date(connection.created),
            "dataConnectionErrors": connection.errors.iter().map(|one| self.error(one)).collect::<Vec<_>>(),
            "connectionInfo": information(connection, now),
        });
        put(&mut shown, "lastSync", connection.last_sync.map(|at| self.fine_date(at)));
        shown
    }

    fn error(&self, error: &ConnectionError) -> Value {
        let mut shown = json!({
            "statusCode": error.status_code,
            "statusText": error.status_text,
            "errorMessage": error.message,
            "erroredOnUtc": self.date(error.at),
            "status": if error.resolved.is_some() { "Resolved" } else { "Active" },
        });
        put(&mut shown, "resolvedOnUtc", error.resolved.map(|at| self.date(at)));
        shown
    }

    pub(super) fn integration(&self, integration: &Integration) -> Value {
        let features: Vec<Value> = integration
            .source_type
            .data_types()
            .iter()
            .map(|data_type| {
                json!({
                    "datatype": data_type,
                    "supportedFeatures": [{ "featureType": "Get", "featureState": "Release" }],
                })
            })
            .collect();
        json!({
            "key": integration.key,
            "name": integration.name(),
            "logoUrl": self.logo(integration),
            "enabled": integration.enabled,
            "sourceId": integration.source_id(None),
            "sourceType": integration.source_type.word(),
            "integrationId": integration.id(),
            "isOfflineConnector": integration.offline,
            "isBeta": false,
            "dataProvidedBy": "",
            "datatypeFeatures": features,
        })
    }

    pub(super) fn branding(&self, integration: &Integration) -> Value {
        let image = json!({ "image": { "src": self.logo(integration), "alt": integration.name() } });
        json!({
            "logo": { "full": image, "square": image },
            "button": { "default": image, "hover": image },
            "sourceId": integration.source_id(None),
        })
    }

    fn logo(&self, integration: &Integration) -> String {
        format!("{}/logos/{}.svg", self.api(), integration.key)
    }

    pub(super) fn operation(&self, operation: &Operation, now: Timestamp) -> Value {
        let standing = operation.standing(now);
        let paused = standing
            .paused_until
            .map(|until| format!("Paused until {}", until.strftime("%Y-%m-%dT%H:%M:%SZ")));
        let mut shown = json!({
            "id": operation.id,
            "companyId": operation.company,
            "connectionId": operation.connection,
            "dataType": operation.data_type,
            "status": standing.status,
            "statusDescription": paused,
            "errorMessage": standing.error,
            "requested": self.date(operation.requested),
            "progress": standing.progress,
            "isCompleted": standing.is_completed,
            "isErrored": standing.is_errored,
        });
        put(&mut shown, "completed", standing.completed.map(|at| self.date(at)));
        shown
    }

    /// How each type of data of a company stands. Types that were never read are absent: Codat is documented to name
    /// them without the status that its own description requires, which its client package refuses.
    pub(super) fn data_status(&self, ledger: &Ledger, company: &str, now: Timestamp) -> Value {
        let mut types = Map::new();
        for operation in ledger.operations.iter().filter(|one| one.company == company) {
            let standing = operation.standing(now);
            let shown = types.entry(operation.data_type.clone()).or_insert_with(|| json!({}));
            put(shown, "dataType", Some(json!(operation.data_type)));
            put(shown, "currentStatus", Some(json!(standing.status)));
            put(shown, "latestSyncId", Some(json!(operation.id)));
            if standing.is_completed {
                put(shown, "lastSuccessfulSync", standing.completed.map(|at| self.date(at)));
                put(shown, "latestSuccessfulSyncId", Some(json!(operation.id)));
            }
        }
        Value::Object(types)
    }
}

/// What Codat notes of a platform: for a program on the person's computer, why it is silent.
fn information(connection: &Connection, now: Timestamp) -> Value {
    let paused = connection.paused_until.filter(|until| now < *until);
    match (connection.integration(), paused) {
        (Some(integration), Some(until)) if integration.offline => {
            json!({ "connector": format!("Paused until {}", until.strftime("%Y-%m-%dT%H:%M:%SZ")) })
        }
        (Some(integration), None) if integration.offline => json!({ "connector": "Running" }),
        _ => json!({}),
    }
}

fn put(object: &mut Value, name: &str, value: Option<Value>) {
    if let (Some(members), Some(value)) = (object.as_object_mut(), value) {
        members.insert(name.to_owned(), value);
    }
}
