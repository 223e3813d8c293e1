//! Link addresses and the one-time passwords in them.
//!
//! A password is a keyed hash over the connection, how many were used before, and the minute it was made in. So every
//! answer can carry a fresh one and nothing has to be remembered; using one ends all that were made before it.
//!
//! Invariant: the key lives as long as the process, and no password is kept anywhere.
//!
//! Source: docs.codat.io, secure linking (single use, a day; an hour for bank feeds of QuickBooks Online; checked
//! 2026-11-21).

use super::super::World;
use super::super::knobs::Switch;
use super::super::ledger::Connection;
use crate::values::base64url;
use jiff::Timestamp;
use ring::hmac::{HMAC_SHA256, Key, sign};
use std::io;
use subtle::ConstantTimeEq as _;

const DAY_MINUTES: i64 = 24 * 60;
/// Bank feeds of QuickBooks Online.
const SHORT_LIVED: &str = "hcws";

/// What one-time passwords are made with.
pub(in crate::codat) struct LinkKey(Key);

impl LinkKey {
    /// # Errors
    /// The system has no randomness to give.
    pub(in crate::codat) fn generate() -> io::Result<Self> {
        let mut bytes = [0_u8; 32];
        getrandom::fill(&mut bytes).map_err(|error| io::Error::other(error.to_string()))?;
        Ok(Self(Key::new(HMAC_SHA256, &bytes)))
    }

    fn password(&self, connection: &Connection, minute: i64) -> String {
        let signed = format!("{}:{}:{minute}", connection.id, connection.links_used);
        format!("{minute}-{}", base64url(sign(&self.0, signed.as_bytes())))
    }

    /// What proves that a form came from the page on which a company chooses its platform.
    pub(super) fn form_proof(&self, company: &str) -> String {
        base64url(sign(&self.0, format!("choose:{company}").as_bytes()))
    }

    pub(super) fn is_form_proof(&self, company: &str, proof: &str) -> bool {
        bool::from(self.form_proof(company).as_bytes().ct_eq(proof.as_bytes()))
    }

    /// Whether this is a password of the connection that is neither used nor over.
    pub(super) fn is_good(&self, password: &str, connection: &Connection, now: Timestamp) -> bool {
        let minute = password.split('-').next().and_then(|minute| minute.parse::<i64>().ok());
        let Some(minute) = minute else { return false };
        let life = if connection.platform_key == SHORT_LIVED { 60 } else { DAY_MINUTES };
        let age = minutes(now).saturating_sub(minute);
        let same = self.password(connection, minute).as_bytes().ct_eq(password.as_bytes());
        bool::from(same) && (0..=life).contains(&age)
    }
}

impl World {
    pub(super) fn needs_password(&self) -> bool {
        self.knobs().is_on(Switch::SingleUseLinks)
    }

    /// A link address that is good from now on.
    pub(in crate::codat) fn link_url(
        &self,
        company: &str,
        connection: &Connection,
        now: Timestamp,
    ) -> String {
        let address = format!("{}/link/companies/{company}/connections/{}/start", self.api(), connection.id);
        if !self.needs_password() {
            return address;
        }
        format!("{address}?otp={}", self.link_key.password(connection, minutes(now)))
    }
}

fn minutes(at: Timestamp) -> i64 {
    at.as_second().div_euclid(60)
}
