//! Who the holder of an item is. Source: P `identity`, of which what a person would look for is read.

use super::masked::Masked;
use crate::json::{Object, Read};
use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Who the holder of an item is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Identity {
    /// Its identifier.
    pub id: String,
    /// The item that it belongs to.
    pub item_id: Option<String>,
    /// The whole name of a person.
    pub full_name: Option<String>,
    /// The name a person goes by.
    pub social_name: Option<String>,
    /// The name of a company.
    pub company_name: Option<String>,
    /// The name of its establishment.
    pub establishment_name: Option<String>,
    /// CPF or another identity document.
    pub document: Option<Masked>,
    /// Which document.
    pub document_type: Option<String>,
    /// CNPJ or CUIT.
    pub tax_number: Option<Masked>,
    /// Day of birth.
    pub birth_date: Option<Date>,
    /// Day of incorporation.
    pub incorporation_date: Option<Date>,
    /// Position at work.
    pub job_title: Option<String>,
    /// `Conservative`, `Moderate`, `Aggressive`.
    pub investor_profile: Option<String>,
    /// Telephones.
    pub phone_numbers: Vec<Labelled>,
    /// Mail addresses.
    pub emails: Vec<Labelled>,
    /// Where they live or work.
    pub addresses: Vec<Address>,
    /// Family.
    pub relations: Vec<Relation>,
    /// When Pluggy first saw it.
    pub created_at: Option<Timestamp>,
    /// When it last changed.
    pub updated_at: Option<Timestamp>,
}

/// A value with what it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Labelled {
    /// `Personal`, `Work`, `Residencial`.
    pub kind: Option<String>,
    /// The value.
    pub value: String,
}

/// Where somebody lives or works.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Address {
    /// `Personal`, `Work`.
    pub kind: Option<String>,
    /// All of it on one line.
    pub full_address: Option<String>,
    /// Street and number.
    pub primary_address: Option<String>,
    /// City.
    pub city: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// State.
    pub state: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// A member of the family.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Relation {
    /// `Mother`, `Father`, `Spouse`.
    pub kind: Option<String>,
    /// Their name.
    pub name: Option<String>,
    /// Their document.
    pub document: Option<Masked>,
}

impl Read for Identity {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            item_id: object.text("itemId"),
            full_name: object.label("fullName"),
            social_name: object.label("socialName"),
            company_name: object.label("companyName"),
            establishment_name: object.label("establishmentName"),
            document: object.text("document").map(Masked::new),
            document_type: object.label("documentType"),
            tax_number: object.text("taxNumber").map(Masked::new),
            birth_date: object.day("birthDate"),
            incorporation_date: object.day("incorporationDate"),
            job_title: object.label("jobTitle"),
            investor_profile: object.label("investorProfile"),
            phone_numbers: object.parts("phoneNumbers"),
            emails: object.parts("emails"),
            addresses: object.parts("addresses"),
            relations: object.parts("relations"),
            created_at: object.instant("createdAt"),
            updated_at: object.instant("updatedAt"),
        })
    }
}

impl Read for Labelled {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self { kind: object.label("type"), value: object.label("value")? })
    }
}

impl Read for Address {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            kind: object.label("type"),
            full_address: object.label("fullAddress"),
            primary_address: object.label("primaryAddress"),
            city: object.label("city"),
            postal_code: object.label("postalCode"),
            state: object.label("state"),
            country: object.label("country"),
        })
    }
}

impl Read for Relation {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            kind: object.label("type"),
            name: object.label("name"),
            document: object.text("document").map(Masked::new),
        })
    }
}
