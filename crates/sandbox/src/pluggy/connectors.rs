//! Institutions that can be connected: what they ask for, what they deliver and how they are.
//!
//! Knows nothing of requests or items.
//!
//! Invariant: every name ends in "(Sandbox)", and no name is that of a real institution.
//!
//! Source: npm `pluggy-sdk` 0.90.0 `types/connector.d.ts` (checked 2026-11-21).

pub(super) mod catalogue;
pub(super) mod credentials;

use super::products::Product;
use credentials::Form;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// How well an institution can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub enum Health {
    /// As it should be.
    Online,
    /// With trouble, but it answers.
    Unstable,
    /// Not at all: nothing can be connected or updated.
    Offline,
}

/// How an institution makes sure of a person beyond the password.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Factor {
    None,
    /// A code that is sent along with the password.
    AtLogin,
    /// A code that is asked for after the password.
    Asked,
    /// A picture that is shown after the password.
    Picture,
}

/// How the person gives access.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Access {
    /// With credentials that Pluggy passes on.
    Credentials(Factor),
    /// At the institution's own page, whose address stands in `userAction`.
    OwnPage,
    /// At the institution's own page, whose address stands in `parameter` (Open Finance).
    OpenFinance,
    /// In the institution's app, which scans a code; there is no page.
    Scan,
}

/// One institution.
#[derive(Clone, Debug)]
pub(super) struct Connector {
    pub id: u32,
    pub name: String,
    /// Pluggy's `type`, such as `PERSONAL_BANK`.
    pub kind: &'static str,
    /// Six hexadecimal digits, without `#`.
    pub color: &'static str,
    pub form: Form,
    pub access: Access,
    pub products: &'static [Product],
    pub health: Health,
    /// Days that a consent holds; without end when none.
    pub consent_days: Option<u16>,
}

impl Connector {
    pub(super) fn is_open_finance(&self) -> bool {
        self.access == Access::OpenFinance
    }

    /// Whether the person approves at the institution, on a page or in an app.
    pub(super) fn is_approved_there(&self) -> bool {
        self.has_own_page() || self.access == Access::Scan
    }

    pub(super) fn has_own_page(&self) -> bool {
        matches!(self.access, Access::OwnPage | Access::OpenFinance)
    }

    /// The connector as it is answered; `base` is where this API lives.
    pub(super) fn to_json(&self, base: &str, health: Health, created_at: Timestamp) -> Value {
        let pays = self.is_open_finance();
        let mut connector = json!({
            "id": self.id,
            "name": self.name,
            "institutionUrl": format!("{base}/institutions/{}", self.id),
            "imageUrl": format!("{base}/images/{}.svg", self.id),
            "primaryColor": self.color,
            "type": self.kind,
            "country": "BR",
            "credentials": self.form.to_json(),
            "hasMFA": matches!(self.access, Access::Credentials(factor) if factor != Factor::None),
            "oauth": self.has_own_page(),
            "health": health_json(health),
            "isOpenFinance": self.is_open_finance(),
            "isSandbox": true,
            "supportsPaymentInitiation": pays,
            "supportsScheduledPayments": pays,
            "supportsSmartTransfers": false,
            "supportsAutomaticPix": false,
            "supportsBoletoManagement": false,
            "products": self.products,
            "createdAt": super::json::instant(created_at),
            "updatedAt": super::json::instant(created_at),
        });
        if let (false, Some(fields)) = (self.has_own_page(), connector.as_object_mut()) {
            let address = format!("{base}/institutions/{}", self.id);
            fields.insert("resetPasswordUrl".to_owned(), json!(address));
        }
        connector
    }
}

fn health_json(health: Health) -> Value {
    let (rate, error) = match health {
        Health::Online => (99, None),
        Health::Unstable => (61, Some("Connections to this institution fail more often than usual")),
        Health::Offline => (0, Some("This institution does not answer")),
    };
    let mut details = json!({ "connectionRateLast6Hours": rate, "connectionsLast6Hours": 120 });
    if let (Some(error), Some(fields)) = (error, details.as_object_mut()) {
        fields.insert("error".to_owned(), json!(error));
    }
    json!({ "status": health, "stage": null, "details": details })
}
