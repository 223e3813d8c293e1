//! Consents of Open Finance. Source: P `consent`.

use super::connector::Product;
use crate::json::{Object, Read};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// What the bank has recorded that the person allows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Consent {
    /// Its identifier.
    pub id: String,
    /// The item that it belongs to.
    pub item_id: Option<String>,
    /// What it covers.
    pub products: Vec<Product>,
    /// The same in Open Finance's words.
    pub permissions: Vec<String>,
    /// When it was given.
    pub created_at: Option<Timestamp>,
    /// Until when it holds; most have no end (D).
    pub expires_at: Option<Timestamp>,
    /// When the person took it back, here or in the bank's app.
    pub revoked_at: Option<Timestamp>,
}

impl Consent {
    /// Whether it holds at `now`.
    pub fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none_or(|at| at > now) && self.expires_at.is_none_or(|at| at > now)
    }
}

impl Read for Consent {
    fn read(object: &Object<'_>) -> Option<Self> {
        Some(Self {
            id: object.text("id").filter(|id| !id.is_empty())?,
            item_id: object.text("itemId"),
            products: object.words("products"),
            permissions: object.labels("openFinancePermissionsGranted"),
            created_at: object.instant("createdAt"),
            expires_at: object.instant("expiresAt"),
            revoked_at: object.instant("revokedAt"),
        })
    }
}
