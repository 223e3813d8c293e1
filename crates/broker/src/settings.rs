//! Settings of the local API: whether it speaks HTTP, to which pages, and how long the audit is kept.

use connections::error::{CoreError, ErrorCode};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use ts_rs::TS;
use url::Url;

/// The port that Pizzly's clients expect.
pub const USUAL_PORT: u16 = 3004;
/// Days for which the audit is kept, if the person says nothing.
pub const USUAL_RETENTION: u32 = 365;
/// Longest that the audit may be kept: ten years.
const LONGEST_RETENTION: u32 = 3_653;
/// Ports below belong to the system.
const LOWEST_PORT: u16 = 1_024;
/// Origins that may be allowed at once.
const MOST_ORIGINS: usize = 50;

/// What the person chose about programs. Kept in the vault: the origins say who may ask.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase", default)]
pub struct AccessSettings {
    /// Whether the HTTP interface is on.
    pub http: bool,
    /// Its port on 127.0.0.1.
    pub port: u16,
    /// Origins of web pages that may ask, as browsers spell them.
    pub origins: Vec<String>,
    /// Days for which the audit is kept.
    pub audit_days: u32,
}

impl Default for AccessSettings {
    fn default() -> Self {
        Self { http: false, port: USUAL_PORT, origins: Vec::new(), audit_days: USUAL_RETENTION }
    }
}

impl AccessSettings {
    /// As they are kept: origins spelled as browsers do, each once.
    ///
    /// # Errors
    /// [`ErrorCode::BadInput`] with `field` (`port`, `origin`, `auditDays`) and `problem`.
    pub fn checked(self) -> Result<Self, CoreError> {
        let refuse = |field: &str, problem: &str| {
            CoreError::new(ErrorCode::BadInput).with("field", field).with("problem", problem)
        };
        if self.port < LOWEST_PORT {
            return Err(refuse("port", "reserved"));
        }
        if !(1..=LONGEST_RETENTION).contains(&self.audit_days) {
            return Err(refuse("auditDays", "range"));
        }
        let origins: BTreeSet<String> =
            self.origins.iter().map(|one| origin(one)).collect::<Result<_, _>>()?;
        if origins.len() > MOST_ORIGINS {
            return Err(refuse("origin", "tooMany"));
        }
        Ok(Self { origins: origins.into_iter().collect(), ..self })
    }
}

/// What of the settings shall be otherwise; what is left out stays.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct SettingsChange {
    /// Whether the HTTP interface is on.
    pub http: Option<bool>,
    /// Its port.
    pub port: Option<u16>,
    /// Origins that may ask from now on.
    pub allow_origins: Vec<String>,
    /// Origins that may ask no more.
    pub forbid_origins: Vec<String>,
    /// Days for which the audit is kept.
    pub audit_days: Option<u32>,
}

impl SettingsChange {
    /// The settings with this change, before they are checked.
    ///
    /// # Errors
    /// An origin that is forbidden is none, as [`origin`] finds it.
    pub fn of(self, before: AccessSettings) -> Result<AccessSettings, CoreError> {
        let forbidden: BTreeSet<String> =
            self.forbid_origins.iter().map(|one| origin(one)).collect::<Result<_, _>>()?;
        let mut origins = before.origins;
        origins.retain(|one| !forbidden.contains(one));
        origins.extend(self.allow_origins);
        Ok(AccessSettings {
            http: self.http.unwrap_or(before.http),
            port: self.port.unwrap_or(before.port),
            origins,
            audit_days: self.audit_days.unwrap_or(before.audit_days),
        })
    }
}

/// An origin as browsers spell it: `https`, or `http` on this computer; no path, no wildcard, not `null`.
///
/// # Errors
/// [`ErrorCode::BadInput`] with `field` `origin` and `problem`.
pub fn origin(typed: &str) -> Result<String, CoreError> {
    let refuse =
        |problem: &str| CoreError::new(ErrorCode::BadInput).with("field", "origin").with("problem", problem);
    // A page of a development server on this computer is as good as any other that the person allows.
    if let Some(found) = connections::check_origin(typed, true) {
        return Err(refuse(found.problem));
    }
    let url = Url::parse(typed.trim()).map_err(|_| refuse("notAnAddress"))?;
    Ok(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::{AccessSettings, SettingsChange, origin};

    #[test]
    fn an_origin_is_one_place_and_no_pattern() {
        assert_eq!(origin(" https://Books.Example:443/ ").unwrap(), "https://books.example");
        assert_eq!(origin("http://localhost:5173").unwrap(), "http://localhost:5173");
        for (typed, problem) in [
            ("", "empty"),
            ("*", "wildcard"),
            ("https://*.example", "wildcard"),
            ("null", "null"),
            ("http://books.example", "notHttps"),
            ("https://books.example/page", "path"),
            ("https://a:b@books.example", "userInformation"),
            ("file:///etc", "scheme"),
        ] {
            let error = origin(typed).unwrap_err();
            assert_eq!(error.params["problem"], problem, "{typed}");
        }
    }

    #[test]
    fn a_change_leaves_the_rest_as_it_is() {
        let before = AccessSettings { origins: vec!["https://a.example".to_owned()], ..Default::default() };
        assert_eq!(SettingsChange::default().of(before.clone()).unwrap(), before);
        let change = SettingsChange {
            allow_origins: vec!["https://b.example".to_owned()],
            forbid_origins: vec!["https://A.example/".to_owned()],
            audit_days: Some(7),
            ..SettingsChange::default()
        };
        let after = change.of(before.clone()).unwrap();
        assert_eq!((after.origins, after.audit_days), (vec!["https://b.example".to_owned()], 7));
        let bent = SettingsChange { forbid_origins: vec!["*".to_owned()], ..SettingsChange::default() };
        assert!(bent.of(before).is_err());
    }

    #[test]
    fn settings_are_checked_as_a_whole() {
        let usual = AccessSettings::default();
        assert_eq!(usual.clone().checked().unwrap(), usual);
        let twice = AccessSettings {
            origins: vec!["https://b.example".to_owned(), "https://B.example/".to_owned()],
            ..usual.clone()
        };
        assert_eq!(twice.checked().unwrap().origins, ["https://b.example"]);
        for (wrong, field) in [
            (AccessSettings { port: 80, ..usual.clone() }, "port"),
            (AccessSettings { audit_days: 0, ..usual.clone() }, "auditDays"),
            (AccessSettings { origins: vec!["*".to_owned()], ..usual }, "origin"),
        ] {
            assert_eq!(wrong.checked().unwrap_err().params["field"], field);
        }
    }
}
