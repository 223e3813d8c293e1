//! A report for whoever helps: what may be told of this Mooring, and nothing else.
//!
//! Invariant: it is a list of what is let in, not of what is kept out. Every text in it is a word of a closed list, a
//! number, an instant or this program's version; no name that a person, a provider or a program gave is read for it.

use crate::Host;
use crate::dto::Settings;
use connections::Connections;
use connections::connection::{Needs, Reachability, Status};
use connections::error::ErrorCode;
use connections::view::{ActivityView, ConnectionView, Source};
use doctor::{Check, CheckCode, CheckOf};
use jiff::Timestamp;
use runtime::{HttpState, Phase, VaultProtection};
use serde::Serialize;
use std::collections::BTreeMap;

/// Lines of Activity that are looked through for failures.
const LINES: usize = 200;
/// Desktops that are named; any other is `other`.
const DESKTOPS: &[&str] =
    &["GNOME", "KDE", "XFCE", "Cinnamon", "MATE", "LXQt", "Pantheon", "Budgie", "sway", "Hyprland", "Unity"];

/// The report.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Report {
    made_at: String,
    version: &'static str,
    signed: bool,
    system: System,
    vault: Vault,
    checks: Vec<Looked>,
    desktop: Desktop,
    settings: Chosen,
    http: &'static str,
    connections: Vec<Counted>,
    last_failures: Vec<Failed>,
}

#[derive(Debug, Serialize)]
struct System {
    os: &'static str,
    architecture: &'static str,
    desktop: Option<&'static str>,
    session: Option<&'static str>,
    language: &'static str,
}

#[derive(Debug, Serialize)]
struct Vault {
    phase: &'static str,
    protection: Option<&'static str>,
    problem: Option<ErrorCode>,
}

/// A check without its parameters, which name folders and programs.
#[derive(Debug, Serialize)]
struct Looked {
    of: CheckOf,
    ok: bool,
    code: CheckCode,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Desktop {
    notices: bool,
    tray: bool,
    tray_shown: bool,
    start_at_login: Option<bool>,
}

/// Choices out of closed lists.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct Chosen {
    surface: crate::dto::SurfacePreference,
    auto_lock: crate::dto::AutoLock,
    while_locked: crate::dto::WhileLocked,
    notices: attention::NoticeLevel,
    tray: bool,
    closing: attention::closing::CloseChoice,
}

/// How many connections stand alike.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Counted {
    source: Source,
    status: Status,
    needs: &'static str,
    reach: &'static str,
    paused: bool,
    count: usize,
}

/// How often something failed lately, and when last.
#[derive(Debug, PartialEq, Eq, Serialize)]
struct Failed {
    code: ErrorCode,
    count: usize,
    last: String,
}

/// What may be told of `host`.
pub(crate) async fn of(host: &Host, checks: &[Check]) -> Report {
    let (connections, last_failures) = match host.runtime.connections() {
        Ok(core) => (counted(&core.connections()), failures(&activity(&core).await)),
        Err(_) => (Vec::new(), Vec::new()),
    };
    let desk = &host.ports.desk;
    Report {
        made_at: minute(Timestamp::now()),
        version: env!("CARGO_PKG_VERSION"),
        signed: crate::release::SIGNED,
        system: system(host),
        vault: vault(host),
        checks: checks.iter().map(|one| Looked { of: one.of, ok: one.ok, code: one.code }).collect(),
        desktop: Desktop {
            notices: desk.notices.is_there().await,
            tray: desk.tray.is_there().await,
            tray_shown: desk.tray.is_shown(),
            start_at_login: desk.login.is_on(),
        },
        settings: chosen(&host.ports.settings.load()),
        http: match host.runtime.http() {
            HttpState::Off => "off",
            HttpState::On(_) => "on",
            HttpState::Failed(_) => "failed",
        },
        connections,
        last_failures,
    }
}

fn system(host: &Host) -> System {
    let named = |name: &str| std::env::var(name).ok().filter(|value| !value.is_empty());
    let desktop = named("XDG_CURRENT_DESKTOP").map(|text| {
        let parts: Vec<&str> = text.split(':').collect();
        DESKTOPS.iter().copied().find(|known| parts.contains(known)).unwrap_or("other")
    });
    let session = named("XDG_SESSION_TYPE").map(|text| match text.as_str() {
        "wayland" => "wayland",
        "x11" => "x11",
        _ => "other",
    });
    let language = match host.spoken() {
        attention::Language::English => "en",
        attention::Language::Portuguese => "pt-BR",
    };
    System { os: std::env::consts::OS, architecture: std::env::consts::ARCH, desktop, session, language }
}

fn vault(host: &Host) -> Vault {
    let (phase, problem) = match host.runtime.phase() {
        Phase::NoVault => ("firstRun", None),
        Phase::Locked => ("locked", None),
        Phase::Ready => ("ready", None),
        Phase::Broken(error) => ("broken", Some(error.code)),
    };
    let protection = host.runtime.protection().map(|one| match one {
        VaultProtection::Keychain => "keychain",
        VaultProtection::Passphrase => "passphrase",
    });
    let problem = problem.or_else(|| host.runtime.last_unlock_problem().map(|error| error.code));
    Vault { phase, protection, problem }
}

fn chosen(settings: &Settings) -> Chosen {
    Chosen {
        surface: settings.surface,
        auto_lock: settings.auto_lock,
        while_locked: settings.while_locked,
        notices: settings.notices,
        tray: settings.tray,
        closing: settings.closing,
    }
}

fn counted(connections: &[ConnectionView]) -> Vec<Counted> {
    let mut all: Vec<Counted> = Vec::new();
    for one in connections {
        let (source, status, paused) = (one.source, one.status, one.paused);
        let alike = Counted { source, status, needs: needs(one), reach: reach(one), paused, count: 1 };
        match all.iter_mut().find(|known| Counted { count: 1, ..**known } == alike) {
            Some(known) => known.count += 1,
            None => all.push(alike),
        }
    }
    all
}

const fn needs(one: &ConnectionView) -> &'static str {
    match one.needs {
        Needs::Nothing => "nothing",
        Needs::Approval { .. } => "approval",
        Needs::Credentials => "credentials",
        Needs::Answer => "answer",
        Needs::SignIn { .. } => "signIn",
        Needs::ActThere { .. } => "actThere",
    }
}

const fn reach(one: &ConnectionView) -> &'static str {
    match one.reachability {
        Reachability::Reachable => "reachable",
        Reachability::ProviderTrouble { .. } => "providerTrouble",
        Reachability::Offline { .. } => "offline",
    }
}

async fn activity(core: &Connections) -> Vec<ActivityView> {
    core.activity(None, None, LINES).await.map(|(lines, _)| lines).unwrap_or_default()
}

/// Failures by their codes, the most recent first. What is no code of the closed list is not told.
fn failures(lines: &[ActivityView]) -> Vec<Failed> {
    let mut found: Vec<Failed> = Vec::new();
    for line in lines {
        let Some(code) = code_of(&line.params) else { continue };
        match found.iter_mut().find(|known| known.code == code) {
            Some(known) => known.count += 1,
            None => found.push(Failed { code, count: 1, last: minute(line.at) }),
        }
    }
    found
}

fn code_of(params: &BTreeMap<String, String>) -> Option<ErrorCode> {
    serde_json::from_value(params.get("code")?.as_str().into()).ok()
}

/// To the minute: enough to find it, and no more.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
}

#[cfg(test)]
mod tests {
    use super::{Failed, failures};
    use connections::activity::ActivityKind;
    use connections::error::ErrorCode;
    use connections::view::ActivityView;

    fn line(minute: u8, code: &str) -> ActivityView {
        ActivityView {
            sequence: u64::from(minute),
            at: format!("2026-11-28T10:{minute:02}:30Z").parse().unwrap(),
            connection: None,
            connection_name: Some("CANARY name".to_owned()),
            provider_name: Some("CANARY provider".to_owned()),
            kind: ActivityKind::RefreshFailed,
            params: [("code".to_owned(), code.to_owned())].into(),
        }
    }

    #[test]
    fn failures_are_counted_by_code_and_anything_else_is_not_told() {
        let lines = [
            line(9, "provider_trouble"),
            line(8, "CANARY https://bank.example/?code=1"),
            line(7, "offline"),
            line(6, "provider_trouble"),
        ];
        let at = |minute: u8| format!("2026-11-28T10:{minute:02}Z");
        let expected = [
            Failed { code: ErrorCode::ProviderTrouble, count: 2, last: at(9) },
            Failed { code: ErrorCode::Offline, count: 1, last: at(7) },
        ];
        assert_eq!(failures(&lines), expected);
    }
}
