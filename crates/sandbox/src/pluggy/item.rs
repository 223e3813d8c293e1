//! An item: one connection of one person to one institution.
//!
//! Knows nothing of HTTP. What a person typed is not in here; what became of it is.
//!
//! Invariant: data are those of the last success, however the runs after it ended.

use super::connectors::Connector;
use super::execution::Execution;
use super::login::{Login, Question, Variant};
use super::products::Product;
use super::run::{self, Ended, Pace, Run};
use crate::clock::later;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::Duration;

/// Successes remembered; each brought a transaction of its own.
const SUCCESSES: usize = 64;

/// A consent that the person gave at an institution's own page.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Consent {
    pub id: String,
    pub created_at: Timestamp,
    pub expires_at: Option<Timestamp>,
    pub revoked_at: Option<Timestamp>,
    /// Positions of the accounts that are shared.
    pub accounts: Vec<usize>,
}

impl Consent {
    pub(super) fn holds(&self, now: Timestamp) -> bool {
        self.revoked_at.is_none() && self.expires_at.is_none_or(|end| now < end)
    }
}

/// How the last run ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Outcome {
    pub execution: Execution,
    pub without: Option<Product>,
    pub provider_message: Option<String>,
}

#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Item {
    pub id: String,
    pub connector: u32,
    pub products: Vec<Product>,
    pub client_user_id: Option<String>,
    pub webhook_url: Option<String>,
    pub oauth_redirect_uri: Option<String>,
    /// Hash of the connect token it was created with; none for an API key.
    pub made_with: Option<String>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
    pub login: Login,
    pub run: Run,
    pub outcome: Option<Outcome>,
    /// Times of the successes, oldest first.
    pub successes: VecDeque<Timestamp>,
    /// When each product was last brought.
    pub brought: Vec<(Product, Timestamp)>,
    pub failed_logins: u32,
    pub consent: Option<Consent>,
}

impl Item {
    /// Begins a run.
    pub(super) fn start(
        &mut self,
        connector: &Connector,
        question: Option<Question>,
        ask_again: bool,
        now: Timestamp,
    ) {
        if let Login::Pending { until } = self.login
            && now < until
            && self.outcome.is_some()
        {
            // Asked again before the bank has authorized it.
            let with = Execution::UserAuthorizationNotGranted;
            let steps = VecDeque::from([
                run::Step::Work(Execution::LoginInProgress),
                run::Step::End { with, without: None },
            ]);
            self.run = Run::begin(steps, now);
        } else {
            let approved = self.consent.as_ref().is_some_and(|consent| consent.holds(now));
            let steps =
                run::steps(connector, &self.login, question, &self.products, ask_again || !approved, now);
            self.run = Run::begin(steps, now);
        }
        self.outcome = None;
        self.updated_at = now;
    }

    /// Plays what time has brought.
    pub(super) fn settle(&mut self, pace: Pace, now: Timestamp) {
        if let Some(ended) = self.run.play(pace, now) {
            self.end(&ended);
        }
        let over = self.consent.as_ref().and_then(|consent| consent.expires_at).filter(|end| now >= *end);
        if let (Some(over), true) = (over, self.is_updated()) {
            self.fail(Execution::UserAuthorizationRevoked, over);
        }
    }

    fn is_updated(&self) -> bool {
        self.outcome.as_ref().is_some_and(|outcome| outcome.execution.is_success())
    }

    fn end(&mut self, ended: &Ended) {
        let provider_message = match &self.login {
            Login::Refused { with, provider_message } if *with == ended.with => provider_message.clone(),
            _ => None,
        };
        self.outcome = Some(Outcome { execution: ended.with, without: ended.without, provider_message });
        self.updated_at = ended.at;
        if ended.with.is_success() {
            self.failed_logins = 0;
            self.delivered(ended.without, ended.at);
        } else if ended.with.item_status() == "LOGIN_ERROR" {
            self.failed_logins = self.failed_logins.saturating_add(1);
        }
    }

    /// New data came.
    pub(super) fn delivered(&mut self, without: Option<Product>, at: Timestamp) {
        if self.successes.len() == SUCCESSES {
            // The first one stays: it says since when there are data.
            self.successes.remove(1);
        }
        self.successes.push_back(at);
        let products: Vec<_> = self.products.iter().copied().filter(|one| Some(*one) != without).collect();
        self.brought.retain(|(product, _)| !products.contains(product));
        self.brought.extend(products.into_iter().map(|product| (product, at)));
        self.updated_at = at;
    }

    /// Ends in an error outside of a run, as when a consent is revoked.
    pub(super) fn fail(&mut self, with: Execution, at: Timestamp) {
        self.run.steps.clear();
        self.outcome = Some(Outcome { execution: with, without: None, provider_message: None });
        self.updated_at = at;
    }

    pub(super) fn last_success(&self) -> Option<Timestamp> {
        self.successes.back().copied()
    }

    /// When it will be updated by itself; never when the person is needed.
    pub(super) fn next_sync(&self) -> Option<Timestamp> {
        let day = Duration::from_secs(24 * 60 * 60);
        self.last_success().filter(|_| self.is_updated()).map(|last| later(last, day))
    }

    pub(super) const fn variant(&self) -> Variant {
        match self.login {
            Login::Good(variant) => variant,
            _ => Variant::Plain,
        }
    }

    /// Whether a product can be read.
    pub(super) fn has(&self, product: Product) -> bool {
        self.brought.iter().any(|(brought, _)| *brought == product)
    }
}
