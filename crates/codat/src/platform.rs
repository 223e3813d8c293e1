//! What is particular about a platform, as data.
//!
//! Source: docs.codat.io: Xero partner certification; QuickBooks Desktop and Sage 50 setup; bank feeds of QuickBooks
//! Online; update of 2026-08-12 on reconnecting; lists of platform keys.

use crate::PlatformKey;
use jiff::SignedDuration;

/// What is particular about a platform.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Platform {
    /// How a disconnect is to be offered.
    pub disconnect: Disconnect,
    /// Where the reading happens.
    pub connector: Connector,
    /// What pausing can mean.
    pub pause: Pause,
    /// Whether Codat's own reconnect compares the organization with the one before; elsewhere nobody does.
    pub identity_checked: bool,
    /// How long a link address holds at most, if it is known; elsewhere a day where addresses are single-use.
    pub link_life: Option<SignedDuration>,
    /// Whether its data is made up.
    pub is_sandbox: bool,
}

/// How a disconnect is to be offered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Disconnect {
    /// Unlinking is what a disconnect means; deleting is another action.
    Unlink,
    /// Both are offered side by side, each with what it does to the data: the platform's own rules ask for deleting.
    UnlinkOrDelete,
}

/// Where the reading happens.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Connector {
    /// Between Codat and the platform.
    Online,
    /// By a program on the person's computer, which must be on.
    OnThisComputer,
}

/// What pausing can mean.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pause {
    /// Mooring's own syncs.
    OwnSyncs,
    /// Mooring's own syncs; the connector itself is paused in Codat's page or its own program, since the API has no
    /// call for it. Until when shows in the readings ([`PullOperation::paused_until`](crate::PullOperation)).
    OwnSyncsAndConnectorElsewhere,
}

const ORDINARY: Platform = Platform {
    disconnect: Disconnect::Unlink,
    connector: Connector::Online,
    pause: Pause::OwnSyncs,
    identity_checked: false,
    link_life: None,
    is_sandbox: false,
};

impl Platform {
    /// What is known of the platform; the ordinary for one that is not known.
    pub fn of(key: Option<&PlatformKey>) -> Self {
        match key.map_or("", PlatformKey::as_str) {
            // Xero's certification wants a disconnect to leave nothing at the intermediary.
            "gbol" => Self { disconnect: Disconnect::UnlinkOrDelete, ..ORDINARY },
            // QuickBooks Desktop cannot be used while its connector reads.
            "pqsw" => Self {
                connector: Connector::OnThisComputer,
                pause: Pause::OwnSyncsAndConnectorElsewhere,
                ..ORDINARY
            },
            // Sage 50.
            "hbql" => Self { connector: Connector::OnThisComputer, ..ORDINARY },
            // QuickBooks Online, Oracle NetSuite, Sage Intacct.
            "qhyg" | "akxx" | "knfz" => Self { identity_checked: true, ..ORDINARY },
            // Bank feeds of QuickBooks Online.
            "hcws" => Self { link_life: Some(SignedDuration::from_hours(1)), ..ORDINARY },
            // Sandboxes: of Codat (accounting, commerce), QuickBooks Online, Lightspeed, Square, Stripe.
            "mqjo" | "aiwb" | "ndsk" | "lrhd" | "xcwv" | "yzth" => Self { is_sandbox: true, ..ORDINARY },
            _ => ORDINARY,
        }
    }
}
