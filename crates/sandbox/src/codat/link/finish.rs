//! How a journey ends: what becomes of the connection, and with which codes the person comes back.
//!
//! Source: docs.codat.io, set up redirects: 200, 201, 403, 500 and 501 with their sentences (checked 2026-11-21).

use super::super::World;
use super::super::catalogue::Integration;
use super::super::knobs::LinkOutcome;
use super::super::ledger::ConnectionError;
use super::pages::{self, Frame};
use super::redirect::filled;
use super::visits::Visit;
use super::words::words;
use crate::bank::pages::Policy;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Redirect, Response};
use std::sync::Arc;

/// Platforms whose organization is named in the redirect.
const NAMED: [&str; 3] = ["akxx", "gbol", "qhyg"];

/// What the redirect says.
struct Outcome {
    code: &'static str,
    message: &'static str,
    /// The platform's own sentence.
    text: &'static str,
    /// The organization that was linked.
    organization: Option<&'static str>,
}

const CANCELLED: Outcome =
    Outcome { code: "403", message: "User cancelled.", text: "User cancelled linking", organization: None };
const FAILED: Outcome = Outcome {
    code: "500",
    message: "Unknown error occurred.",
    text: "The platform is not available at the moment",
    organization: None,
};
const UNSUPPORTED: Outcome =
    Outcome { code: "501", message: "Not supported.", text: "Not supported", organization: None };
const NOTHING: Outcome = Outcome { code: "201", message: "", text: "", organization: None };

impl World {
    /// Ends a visit: `chosen` is what the person allowed.
    pub(super) async fn finish(
        self: &Arc<Self>,
        visit: &Visit,
        integration: &'static Integration,
        chosen: Option<&'static str>,
    ) -> Response {
        let outcome = self.outcome(integration, chosen);
        let error = (outcome.organization.is_none() && outcome.code != "201")
            .then(|| (outcome.code.to_owned(), outcome.text.to_owned()));
        let (world, company, id) = (Arc::clone(self), visit.company.clone(), visit.connection.clone());
        let organization = outcome.organization;
        let kept = self.alter(move |ledger, now| {
            let missing = || super::super::answer::Failure::missing("Connection");
            let connection = ledger.connection_mut(&company, &id).ok_or_else(missing)?;
            if let Some(organization) = organization {
                connection.link(organization, now);
                let linked = connection.clone();
                world.read_first(ledger, &company, &linked, now)?;
            } else if let Some((code, text)) = error {
                connection.note_error(failed_attempt(code, text, now));
            }
            Ok(())
        });
        let frame = Frame::of(integration, visit.language);
        if kept.await.is_err() {
            return frame.error(StatusCode::CONFLICT, words(visit.language).error_gone);
        }
        self.come_back(visit, integration, &outcome, &frame)
    }

    fn outcome(&self, integration: &'static Integration, chosen: Option<&'static str>) -> Outcome {
        let Some(chosen) = chosen else { return CANCELLED };
        let other = || integration.organizations().iter().copied().find(|one| *one != chosen);
        let organization = match self.knobs().link() {
            Some(LinkOutcome::PlatformFails) => return FAILED,
            Some(LinkOutcome::NotSupported) => return UNSUPPORTED,
            Some(LinkOutcome::NothingToLink) => return NOTHING,
            Some(LinkOutcome::OtherOrganization) => other(),
            None => Some(chosen),
        };
        Outcome { code: "200", message: "", text: "", organization }
    }

    fn come_back(
        &self,
        visit: &Visit,
        integration: &'static Integration,
        outcome: &Outcome,
        frame: &Frame,
    ) -> Response {
        let template = self.store.read(|ledger, _| ledger.redirect_url.clone());
        if template.is_empty() {
            let words = words(visit.language);
            let (title, text) = match outcome.code {
                "200" | "201" => (words.done_title, words.done_text),
                _ => (words.failed_title, words.failed_text),
            };
            return frame.respond(StatusCode::OK, title, &pages::ended(text), &Policy::default());
        }
        let value = |name: &str| value(name, visit, integration, outcome);
        match filled(&template, &value) {
            Some(address) => Redirect::to(&address).into_response(),
            None => frame.error(StatusCode::BAD_REQUEST, visit.language.words().error_redirect),
        }
    }

    /// Where the person will be sent, for the page's policy; what is not known so far is left out.
    pub(super) fn way_back(&self, visit: &Visit) -> Option<String> {
        let template = self.store.read(|ledger, _| ledger.redirect_url.clone());
        let custom = |name: &str| custom(visit, name);
        filled(&template, &custom).map(|address| address.split('?').next().unwrap_or_default().to_owned())
    }
}

fn failed_attempt(code: String, text: String, now: jiff::Timestamp) -> ConnectionError {
    ConnectionError { status_code: code, message: text.clone(), status_text: text, at: now, resolved: None }
}

fn value(name: &str, visit: &Visit, integration: &'static Integration, outcome: &Outcome) -> String {
    match name {
        "clientId" => super::super::ids::uuid_of("client"),
        "companyId" => visit.company.clone(),
        "connectionId" => visit.connection.clone(),
        "integrationId" => integration.id(),
        "sourceId" => integration.source_id(outcome.organization),
        "platform" => integration.key.to_owned(),
        "platformName" => integration.name(),
        "sourceType" => integration.source_type.word().to_owned(),
        "statusCode" => outcome.code.to_owned(),
        "errorMessage" => outcome.message.to_owned(),
        "statusText" => outcome.text.to_owned(),
        "data.company.companyName" if NAMED.contains(&integration.key) => {
            outcome.organization.unwrap_or_default().to_owned()
        }
        _ => custom(visit, name),
    }
}

/// A parameter of the client's own, as it was on the link address.
fn custom(visit: &Visit, name: &str) -> String {
    let own = visit.custom.iter().find(|(other, _)| other == name && other != "otp");
    own.map(|(_, value)| value.clone()).unwrap_or_default()
}
