//! Who the person is, and the categories of what they do with money. All made up.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/identity.d.ts`, `types/category.d.ts` (checked 2026-11-21).

use crate::pluggy::ids;
use crate::pluggy::item::Item;
use crate::pluggy::json::{instant, maybe};
use serde_json::{Value, json};

/// The holder of every account.
pub(in crate::pluggy) const NAME: &str = "Ana Souza";
/// The number that Pluggy's documentation gives for its own sandbox; nobody's.
pub(in crate::pluggy) const CPF: &str = "761.092.776-73";

/// Category, and the one above it.
const CATEGORIES: &[(&str, &str, Option<&str>)] = &[
    ("01000000", "Income", None),
    ("01010000", "Salary", Some("01000000")),
    ("03000000", "Investments", None),
    ("03060000", "Interest", Some("03000000")),
    ("05000000", "Transfers", None),
    ("05010000", "Transfer - Internal", Some("05000000")),
    ("05070000", "Transfer - PIX", Some("05000000")),
    ("05080000", "Transfer - TED", Some("05000000")),
    ("05090000", "Cash withdrawal", Some("05000000")),
    ("08000000", "Shopping", None),
    ("08040000", "Bookstore", Some("08000000")),
    ("09000000", "Digital services", None),
    ("09020000", "Video streaming", Some("09000000")),
    ("10000000", "Groceries", None),
    ("11000000", "Food and drinks", None),
    ("11010000", "Eating out", Some("11000000")),
    ("14000000", "Leisure", None),
    ("15000000", "Housing", None),
    ("15030000", "Utilities", Some("15000000")),
    ("16000000", "Bank fees", None),
    ("18000000", "Healthcare", None),
    ("18020000", "Pharmacy", Some("18000000")),
    ("19000000", "Transport", None),
    ("19010000", "Taxi and ride-hailing", Some("19000000")),
    ("19050000", "Gas stations", Some("19000000")),
];

pub(in crate::pluggy) fn category_id(name: &str) -> Option<&'static str> {
    CATEGORIES.iter().find(|(_, other, _)| *other == name).map(|(id, _, _)| *id)
}

pub(in crate::pluggy) fn categories() -> Vec<Value> {
    CATEGORIES.iter().map(|(id, name, parent)| category_json(id, name, *parent)).collect()
}

pub(in crate::pluggy) fn category(id: &str) -> Option<Value> {
    let (id, name, parent) = CATEGORIES.iter().find(|(other, _, _)| *other == id)?;
    Some(category_json(id, name, *parent))
}

fn category_json(id: &str, name: &str, parent: Option<&str>) -> Value {
    let above = parent.and_then(|parent| CATEGORIES.iter().find(|(other, _, _)| *other == parent));
    json!({
        "id": id,
        "description": name,
        "parentId": parent,
        "parentDescription": above.map(|(_, name, _)| *name),
    })
}

/// The identifier of the identity of an item.
pub(in crate::pluggy) fn identity_id(item: &Item) -> String {
    ids::derived(&["identity", &item.id])
}

pub(in crate::pluggy) fn identity(item: &Item) -> Value {
    json!({
        "id": identity_id(item),
        "itemId": item.id,
        "fullName": NAME,
        "socialName": null,
        "birthDate": "1988-03-14T00:00:00.000Z",
        "taxNumber": CPF,
        "document": CPF,
        "documentType": "CPF",
        "jobTitle": "Arquiteta",
        "companyName": null,
        "phoneNumbers": [{ "type": "Personal", "value": "+55 11 90000-0000" }],
        "emails": [{ "type": "Personal", "value": "ana.souza@mail.example" }],
        "addresses": [{
            "fullAddress": "Rua das Laranjeiras de Papel, 100, São Paulo, SP",
            "primaryAddress": "Rua das Laranjeiras de Papel, 100",
            "city": "São Paulo",
            "postalCode": "00000-000",
            "state": "SP",
            "country": "BR",
            "type": "Personal",
            "additionalInfo": null,
        }],
        "relations": [{ "type": "Mother", "name": "Lia Souza", "document": null }],
        "investorProfile": "Moderate",
        "establishmentName": null,
        "establishmentCode": null,
        "financialRelationships": null,
        "qualifications": null,
        "sex": "FEMALE",
        "maritalStatus": { "code": "SINGLE" },
        "nationality": { "hasBrazilianNationality": true },
        "otherDocuments": null,
        "passport": null,
        "incorporationDate": null,
        "parties": null,
        "businessOtherDocuments": null,
        "companiesCnpj": null,
        "createdAt": instant(item.created_at),
        "updatedAt": maybe(item.last_success()),
    })
}
