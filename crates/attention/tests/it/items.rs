//! The list.

use crate::world::{attended, ended, later, linked, noon, trouble};
use attention::item::{attention, item_of, put_off};
use attention::{AttentionAction, Subject, Urgency, WaitingProgram, later_until};
use connections::connection::{ApprovalReason, Needs, Reachability, Status};
use connections::view::{ConnectionView, LinkReason};
use jiff::tz::TimeZone;

fn action(view: &ConnectionView) -> Option<AttentionAction> {
    item_of(view, None, noon()).map(|item| item.action)
}

#[test]
fn each_need_has_its_one_action() {
    let reason = LinkReason::WrongLogin;
    let approval = Needs::Approval { reason: ApprovalReason::ScopesChanged };
    let pending = ConnectionView { status: Status::PendingAuth, ..linked("a") };
    for (view, expected) in [
        (ConnectionView { needs: Needs::Answer, ..linked("a") }, AttentionAction::Answer),
        (ConnectionView { needs: Needs::SignIn { reason }, ..ended("a") }, AttentionAction::SignIn),
        (ConnectionView { needs: Needs::ActThere { reason }, ..linked("a") }, AttentionAction::ActThere),
        (ConnectionView { needs: Needs::Credentials, ..linked("a") }, AttentionAction::FixKeys),
        (ConnectionView { needs: approval, ..linked("a") }, AttentionAction::ApproveAgain),
        (ConnectionView { holds_until: Some(later(13 * 24)), ..linked("a") }, AttentionAction::ApproveAgain),
        (ended("a"), AttentionAction::Reconnect),
        (pending, AttentionAction::Approve),
    ] {
        assert_eq!(action(&view), Some(expected), "{view:?}");
    }
}

#[test]
fn nobody_is_asked_for_what_passes_by_itself_or_was_their_wish() {
    let offline = Reachability::Offline { since: later(-900), retry_at: later(1) };
    for view in [
        linked("a"),
        trouble("a"),
        ConnectionView { reachability: offline, ..linked("a") },
        ConnectionView { paused: true, holds_until: Some(later(24)), ..linked("a") },
        ConnectionView { holds_until: Some(later(24)), hold_renews: true, ..linked("a") },
        ConnectionView { holds_until: Some(later(15 * 24)), ..linked("a") },
        ConnectionView { status: Status::Unlinked, ..ended("a") },
        ConnectionView { status: Status::Unlinked, needs: Needs::Answer, ..linked("a") },
        ConnectionView { status: Status::PendingAuth, syncing: true, ..linked("a") },
    ] {
        assert_eq!(action(&view), None, "{view:?}");
    }
}

#[test]
fn trouble_is_calm_and_no_item() {
    let view = attention(&attended([trouble("a")]), &[], noon());
    assert!(view.items.is_empty());
    assert_eq!(view.calm, [trouble("a").key]);
}

#[test]
fn what_waits_comes_first_and_the_nearest_end_before_the_farther() {
    let views = [
        ConnectionView { status: Status::PendingAuth, ..linked("begun") },
        ConnectionView { holds_until: Some(later(200)), ..linked("far") },
        ConnectionView { holds_until: Some(later(20)), ..linked("near") },
        ended("stopped"),
        ConnectionView { needs: Needs::Answer, ..linked("asked") },
    ];
    let program = WaitingProgram { id: "7".to_owned(), name: "ledger".to_owned(), until: Some(later(1)) };
    let view = attention(&attended(views), &[program], noon());
    let names: Vec<String> = view
        .items
        .iter()
        .map(|item| match &item.subject {
            Subject::Connection { key } => key.connection_id.to_string(),
            Subject::Program { name, .. } => name.clone(),
        })
        .collect();
    assert_eq!(names, ["ledger", "asked", "stopped", "near", "far", "begun"]);
    assert_eq!(view.items[0].action, AttentionAction::AllowProgram);
    assert_eq!(view.items[4].urgency, Urgency::Ahead);
    assert_eq!(view.items[4].by, Some(later(200)));
}

#[test]
fn later_is_tomorrow_at_nine_where_the_person_is() {
    let lisbon = TimeZone::get("Europe/Lisbon").unwrap();
    let paulo = TimeZone::get("America/Sao_Paulo").unwrap();
    for (now, zone, expected) in [
        ("2027-05-01T12:00:00Z", &lisbon, "2027-05-02T08:00:00Z"),
        ("2027-05-01T12:00:00Z", &paulo, "2027-05-02T12:00:00Z"),
        // Still the evening before in São Paulo.
        ("2027-05-02T01:00:00Z", &paulo, "2027-05-02T12:00:00Z"),
        // The night in which the clocks go forward.
        ("2027-03-27T20:00:00Z", &lisbon, "2027-03-28T08:00:00Z"),
        ("2027-12-31T23:30:00Z", &lisbon, "2028-01-01T09:00:00Z"),
    ] {
        assert_eq!(later_until(now.parse().unwrap(), zone), expected.parse().unwrap(), "{now}");
    }
}

#[test]
fn what_is_put_off_comes_back_and_another_need_is_not_put_off() {
    let mut all = attended([ended("a")]);
    all[0].memory.later = put_off(&all[0].view, noon(), &TimeZone::UTC);
    let view = attention(&all, &[], noon());
    assert!(view.items.is_empty());
    assert_eq!(view.later[0].later, Some(later(21)));
    assert_eq!(attention(&all, &[], later(21)).items.len(), 1, "the next morning it is back");
    all[0].view.needs = Needs::Answer;
    assert_eq!(attention(&all, &[], noon()).items.len(), 1, "a question is another need");
    assert_eq!(put_off(&linked("b"), noon(), &TimeZone::UTC), None, "nothing to put off");
}
