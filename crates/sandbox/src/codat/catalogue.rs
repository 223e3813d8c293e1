//! The integrations of the practice Codat: its keys where Codat has published them, our own marked names.
//!
//! Knows nothing of companies.
//!
//! Invariant: every name ends in "(Sandbox)", so that no page can be taken for the platform it stands for.
//!
//! Source: docs.codat.io, integrations, for keys, source types and offline connectors (checked 2026-11-21).

use super::ids::uuid_of;

/// What is added to every name.
pub(super) const MARK: &str = "(Sandbox)";

/// A kind of source, in Codat's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum SourceType {
    Accounting,
    Banking,
    BankFeed,
    Commerce,
    Expense,
    Other,
}

impl SourceType {
    pub(super) const fn word(self) -> &'static str {
        match self {
            Self::Accounting => "Accounting",
            Self::Banking => "Banking",
            Self::BankFeed => "BankFeed",
            Self::Commerce => "Commerce",
            Self::Expense => "Expense",
            Self::Other => "Other",
        }
    }

    /// The data types that are read from such a source, those of a first link first.
    pub(super) const fn data_types(self) -> &'static [&'static str] {
        match self {
            Self::Accounting => &["company", "invoices", "customers", "bankAccounts", "bankTransactions"],
            Self::Banking => &["banking-accounts", "banking-transactions", "banking-accountBalances"],
            Self::Commerce => &["commerce-companyInfo", "commerce-orders", "commerce-payments"],
            Self::BankFeed => &["bankAccounts"],
            Self::Expense | Self::Other => &["company"],
        }
    }
}

/// One integration.
#[derive(Debug)]
pub(super) struct Integration {
    pub key: &'static str,
    /// Its name without the mark.
    pub plain_name: &'static str,
    pub source_type: SourceType,
    /// It is read through a program on the person's own computer.
    pub offline: bool,
    /// Each bank behind it is a source of its own.
    pub many_sources: bool,
    pub enabled: bool,
    /// Published by Codat; derived where absent.
    id: Option<&'static str>,
    source_id: Option<&'static str>,
}

impl Integration {
    pub(super) fn find(key: &str) -> Option<&'static Self> {
        INTEGRATIONS.iter().find(|one| one.key == key)
    }

    pub(super) fn name(&self) -> String {
        format!("{} {MARK}", self.plain_name)
    }

    pub(super) fn id(&self) -> String {
        self.id.map_or_else(|| uuid_of(&format!("integration:{}", self.key)), str::to_owned)
    }

    /// The source behind a connection with this organization.
    pub(super) fn source_id(&self, organization: Option<&str>) -> String {
        match (self.source_id, organization) {
            (_, Some(bank)) if self.many_sources => uuid_of(&format!("source:{}:{bank}", self.key)),
            (Some(id), _) => id.to_owned(),
            (None, _) => uuid_of(&format!("source:{}", self.key)),
        }
    }

    /// The organizations that a person has at the platform.
    pub(super) const fn organizations(&self) -> &'static [&'static str] {
        match self.source_type {
            SourceType::Accounting | SourceType::Expense | SourceType::Other => {
                &["Alder Joinery Ltd", "Alder Holdings Ltd", "Alder Demo Company"]
            }
            SourceType::Banking | SourceType::BankFeed => &["Harbour Bank", "Kestrel Bank"],
            SourceType::Commerce => &["Alder Shop", "Alder Outlet"],
        }
    }

    /// Up to two letters that stand for a logo.
    pub(super) fn monogram(&self) -> String {
        self.plain_name.split(' ').filter_map(|word| word.chars().next()).take(2).collect()
    }
}

const fn plain(key: &'static str, plain_name: &'static str, source_type: SourceType) -> Integration {
    Integration {
        key,
        plain_name,
        source_type,
        offline: false,
        many_sources: false,
        enabled: true,
        id: None,
        source_id: None,
    }
}

const fn offline(key: &'static str, plain_name: &'static str) -> Integration {
    Integration { offline: true, ..plain(key, plain_name, SourceType::Accounting) }
}

/// All of them.
pub(super) static INTEGRATIONS: [Integration; 22] = [
    Integration {
        id: Some("adeb7fe9-4c64-4848-9e0d-175317876b6f"),
        source_id: Some("d3a7993f-8165-46ef-8c61-f3c06c3ef88a"),
        ..plain("qhyg", "QuickBooks Online", SourceType::Accounting)
    },
    Integration {
        id: Some("0f20c943-12d0-4800-9f6c-d218f62d494c"),
        source_id: Some("8a156a5a-39cb-4f9d-856e-76ef9b9a9607"),
        ..plain("gbol", "Xero", SourceType::Accounting)
    },
    offline("pqsw", "QuickBooks Desktop"),
    offline("hbql", "Sage 50"),
    plain("fbrh", "FreeAgent", SourceType::Accounting),
    plain("akxx", "Oracle NetSuite", SourceType::Accounting),
    plain("rwuv", "Zoho Books", SourceType::Accounting),
    plain("mqjo", "Accounting", SourceType::Accounting),
    Integration {
        id: Some("580146ed-7556-4f92-8bf9-7344667763ec"),
        source_id: Some("46ee0089-dc88-405a-9667-9fb3d9976f19"),
        ..plain("suuo", "Plaid", SourceType::Banking)
    },
    Integration { many_sources: true, ..plain("upvr", "TrueLayer", SourceType::Banking) },
    plain("qabk", "Harbour Bank", SourceType::Banking),
    plain("qacb", "Kestrel Bank", SourceType::Banking),
    plain("hcws", "QuickBooks Online Bank Feeds", SourceType::BankFeed),
    plain("qafd", "Harbour Bank Feeds", SourceType::BankFeed),
    plain("fztf", "Shopify", SourceType::Commerce),
    plain("exgd", "Stripe", SourceType::Commerce),
    plain("zsth", "Square", SourceType::Commerce),
    plain("ltpp", "WooCommerce", SourceType::Commerce),
    plain("ugxp", "Zettle", SourceType::Commerce),
    plain("aiwb", "Commerce", SourceType::Commerce),
    plain("qaex", "Receipt Box", SourceType::Expense),
    Integration { enabled: false, ..plain("qaot", "File Drop", SourceType::Other) },
];

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn keys_and_identifiers_are_unique_and_every_category_is_there() {
        let keys: BTreeSet<_> = INTEGRATIONS.iter().map(|one| one.key).collect();
        let ids: BTreeSet<_> = INTEGRATIONS.iter().map(Integration::id).collect();
        assert_eq!((keys.len(), ids.len()), (INTEGRATIONS.len(), INTEGRATIONS.len()));
        for kind in [SourceType::Accounting, SourceType::Banking, SourceType::BankFeed, SourceType::Commerce]
        {
            assert!(INTEGRATIONS.iter().any(|one| one.source_type == kind), "{kind:?}");
        }
        assert!(INTEGRATIONS.iter().all(|one| one.name().ends_with("(Sandbox)")));
    }
}
