//! Institutions that are reached through an aggregator, and the forms that they ask to be filled in.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// An institution as listed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct InstitutionView {
    /// The aggregator's number for it.
    #[ts(type = "number")]
    pub id: u64,
    /// Its name.
    pub name: String,
    /// Background of the monogram, `#rrggbb`.
    pub brand_color: Option<String>,
    /// What kind it is: `PERSONAL_BANK`, `BUSINESS_BANK`, `INVESTMENT` ...; others may come.
    pub kind: Option<String>,
    /// ISO 3166 code.
    pub country: Option<String>,
    /// What can be read there: `ACCOUNTS`, `CREDIT_CARDS`, `TRANSACTIONS` ...; others may come.
    pub products: Vec<String>,
    /// How well it works at present.
    pub health: InstitutionHealth,
    /// What the trouble is, in the aggregator's words.
    pub health_message: Option<String>,
    /// Whether it is new and may fail more than others.
    pub beta: bool,
    /// Whether the person approves on the institution's own page.
    pub approves_there: bool,
    /// Whether it is of Open Finance, where the bank records a consent.
    pub open_finance: bool,
    /// Whether questions may follow the form.
    pub asks_more: bool,
    /// Whether it is practice with synthetic data.
    pub sandbox: bool,
}

/// How well an institution works through the aggregator.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum InstitutionHealth {
    /// Well.
    Online,
    /// Sometimes.
    Unstable,
    /// Not at all; connecting is refused.
    Offline,
    /// Nobody says.
    Unknown,
}

/// A field to be filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldView {
    /// Name under which the value is sent.
    pub name: String,
    /// What it is called, in the institution's language.
    pub label: String,
    /// How it is filled in.
    pub input: FieldInput,
    /// Whether it may stay empty.
    pub optional: bool,
    /// Whether it is a second factor, such as the code of an authenticator.
    pub second_factor: bool,
    /// An example in the empty field.
    pub placeholder: Option<String>,
    /// Help.
    pub help: Option<String>,
    /// What to say when the value does not match.
    pub mismatch: Option<String>,
}

/// How a field is filled in.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "kind", rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum FieldInput {
    /// Any text.
    Text,
    /// Digits; a text, so that leading zeros stay.
    Digits,
    /// Hidden while it is typed.
    Hidden,
    /// One of these.
    Choice {
        /// In the institution's order.
        choices: Vec<FieldChoice>,
    },
    /// What the picture says; nothing where it is only to be scanned.
    Picture {
        /// `data:` address of a PNG, JPEG, GIF or WebP picture.
        image: String,
    },
}

/// What can be chosen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub struct FieldChoice {
    /// What is sent.
    pub value: String,
    /// What is shown.
    pub label: String,
}
