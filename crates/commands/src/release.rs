//! What this build is, and what is new in it: the changelog that people read, carried inside.

use crate::dto::{ReleaseNotes, UpdateView};
use crate::{Host, Updates};
use connections::view::{Failure, formatted};

/// In the form of Keep a Changelog, newest first.
const CHANGELOG: &str = include_str!("../../../CHANGELOG.md");
/// What stands where a version has not been handed out so far.
const UNRELEASED: &str = "Unreleased";
/// Set by release machines that sign what they make, and by nobody else.
pub(crate) const SIGNED: bool =
    matches!(option_env!("MOORING_SIGNED"), Some(value) if matches!(value.as_bytes(), b"1"));

/// This version and what changed in it.
pub async fn release_notes(host: &Host, _request: ()) -> Result<ReleaseNotes, Failure> {
    let version = env!("CARGO_PKG_VERSION");
    let notes = section(CHANGELOG, version).or_else(|| section(CHANGELOG, UNRELEASED)).unwrap_or_default();
    Ok(ReleaseNotes {
        version: version.to_owned(),
        signed: SIGNED,
        updates: host.ports.updates.is_some(),
        notes: formatted(&notes),
    })
}

/// Asks whether there is a newer Mooring. A person asked for it: nothing asks by itself.
pub async fn update_check(host: &Host, _request: ()) -> Result<UpdateView, Failure> {
    Ok(newer(host.ports.updates.as_deref()).await)
}

/// Puts the newer Mooring in place and starts it; answers only when that failed.
pub async fn update_install(host: &Host, _request: ()) -> Result<UpdateView, Failure> {
    if let Some(updates) = host.ports.updates.as_deref() {
        let reason = updates.install().await;
        tracing::warn!(reason, "the update was not installed");
    }
    Ok(UpdateView::Failed)
}

async fn newer(updates: Option<&dyn Updates>) -> UpdateView {
    let Some(updates) = updates else { return UpdateView::Failed };
    match updates.newer().await {
        Ok(Some(version)) => UpdateView::Newer { version },
        Ok(None) => UpdateView::Newest,
        Err(reason) => {
            tracing::warn!(reason, "it is not known whether there is a newer version");
            UpdateView::Failed
        }
    }
}

/// What stands below the heading of `version`, without the heading.
fn section(changelog: &str, version: &str) -> Option<String> {
    let mut lines = changelog.lines().skip_while(|line| heading(line) != Some(version));
    lines.next()?;
    let body: Vec<&str> = lines.take_while(|line| heading(line).is_none()).collect();
    Some(body.join("\n").trim().to_owned())
}

/// The version that a heading names: `## 1.2.0 - 2026-11-21`, or with the version in brackets.
fn heading(line: &str) -> Option<&str> {
    let title = line.strip_prefix("## ")?;
    Some(title.split_whitespace().next()?.trim_matches(['[', ']']))
}

#[cfg(test)]
mod tests {
    use super::{CHANGELOG, UNRELEASED, section};
    use connections::view::formatted;

    const TWO: &str = "# Changelog\n\n## Unreleased\n\n## [0.2.0] - 2027-01-02\n\n### Added\n- A `thing`.\n\n## 0.1.0\n- First.\n";

    #[test]
    fn a_version_has_its_own_section() {
        assert_eq!(section(TWO, "0.2.0").as_deref(), Some("### Added\n- A `thing`."));
        assert_eq!(section(TWO, "0.1.0").as_deref(), Some("- First."));
        assert_eq!(section(TWO, UNRELEASED).as_deref(), Some(""));
        assert_eq!(section(TWO, "0.2"), None, "no part of a number");
    }

    #[test]
    fn what_this_build_carries_is_shown_to_its_last_line() {
        let version = env!("CARGO_PKG_VERSION");
        let notes = section(CHANGELOG, version).or_else(|| section(CHANGELOG, UNRELEASED)).unwrap();
        let words =
            |line: &str| line.split(|letter: char| !letter.is_alphanumeric()).next_back().map(str::to_owned);
        let last = notes.lines().next_back().unwrap().trim_end_matches('.');
        let shown = serde_json::to_string(&formatted(&notes)).unwrap();
        assert!(shown.contains(&words(last).unwrap()), "cut: {shown}");
        assert!(notes.lines().count() > 3, "{notes}");
    }
}
