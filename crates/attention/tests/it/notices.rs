//! When a notice is shown, and what is in it.

use crate::world::{attended, ended, later, linked, noon, trouble};
use attention::item::put_off;
use attention::menu::Press;
use attention::notice::GATHERING;
use attention::{Circumstances, Herald, Language, Notice, NoticeLevel, Pressed};
use connections::Attended;
use connections::connection::{Needs, Reachability, Status};
use connections::view::{ConnectionView, LinkReason};
use jiff::{SignedDuration, Timestamp, tz::TimeZone};

/// Somebody who may be told, and what they were told so far.
struct Person {
    connections: Vec<Attended>,
    herald: Herald,
    at: Circumstances,
}

impl Person {
    fn with(views: impl IntoIterator<Item = ConnectionView>) -> Self {
        let at = Circumstances {
            now: noon(),
            zone: TimeZone::UTC,
            level: NoticeLevel::NeedsMe,
            focused: false,
            locked: false,
            language: Language::English,
        };
        Self { connections: attended(views), herald: Herald::default(), at }
    }

    /// Looks once, and remembers what is to be remembered.
    fn look(&mut self, now: Timestamp) -> (Option<Notice>, Option<Timestamp>) {
        self.at.now = now;
        let look = self.herald.look(&self.connections, &self.at);
        for (key, memory) in look.remember {
            let one = self.connections.iter_mut().find(|one| one.view.key == key).unwrap();
            one.memory = memory;
        }
        (look.notice, look.again_at)
    }

    /// Looks until what gathers is ripe.
    fn hears(&mut self, now: Timestamp) -> Option<Notice> {
        match self.look(now) {
            (None, Some(ripe)) => self.look(ripe).0,
            (notice, _) => notice,
        }
    }

    /// The program ends and starts again: only what is written stays.
    fn restarts(&mut self) {
        self.herald = Herald::default();
    }
}

#[test]
fn a_need_is_told_once_and_not_again_after_a_restart() {
    let mut person = Person::with([ended("a")]);
    let notice = person.hears(noon()).unwrap();
    assert_eq!(notice.title, "Itaú needs you");
    assert_eq!(notice.go.as_deref(), Some("Reconnect"));
    assert_eq!(notice.later.as_deref(), Some("Later"));
    for days in 0..40 {
        person.restarts();
        assert_eq!(person.hears(later(24 * days + 1)), None, "day {days}");
    }
}

#[test]
fn while_it_is_locked_a_notice_names_nobody_and_leads_to_the_window() {
    let mut person = Person::with([ended("a"), ended("b")]);
    person.at.locked = true;
    let notice = person.hears(noon()).unwrap();
    assert_eq!(notice.title, "2 connections need you");
    assert_eq!(notice.body, "Unlock Mooring to see which.");
    assert_eq!((notice.about.as_slice(), &notice.later), (&[][..], &None));
    assert_eq!(notice.press(Pressed::Go), Press::Attention);
    // It was told: unlocking says the same thing no second time that day.
    person.at.locked = false;
    person.restarts();
    assert_eq!(person.hears(later(1)), None);
}

#[test]
fn trouble_of_a_provider_waits_until_the_person_is_back() {
    let mut person = Person::with([trouble("a")]);
    person.at.level = NoticeLevel::All;
    person.at.locked = true;
    assert_eq!(person.hears(noon()), None);
    person.at.locked = false;
    assert!(person.hears(noon()).is_some());
}

#[test]
fn each_warning_comes_once_at_fourteen_seven_and_one_day() {
    let end = later(24 * 20);
    let mut person = Person::with([ConnectionView { holds_until: Some(end), ..linked("a") }]);
    let mut days_left = Vec::new();
    for hour in 0..24 * 20 {
        person.restarts();
        if person.hears(later(hour)).is_some() {
            days_left.push((24 * 20 - hour) / 24);
        }
    }
    assert_eq!(days_left, [13, 6, 0], "just after the fourteenth, the seventh and the last day began");
}

#[test]
fn a_missed_warning_is_not_made_up_for_and_a_new_end_warns_anew() {
    let mut person = Person::with([ConnectionView { holds_until: Some(later(24 * 3)), ..linked("a") }]);
    let notice = person.hears(noon()).unwrap();
    assert_eq!(notice.body, "Approve again by 4 May, and it goes on without a gap.");
    assert_eq!(person.hears(later(24)), None, "seven days ahead stands for fourteen as well");
    person.connections[0].view.holds_until = Some(later(24 * 90));
    assert_eq!(person.hears(later(48)), None);
    assert!(person.hears(later(24 * 77)).is_some(), "the new end has warnings of its own");
}

#[test]
fn another_need_of_the_same_day_waits_for_the_next() {
    let mut person = Person::with([ended("a")]);
    assert!(person.hears(noon()).is_some());
    person.connections[0].view = ConnectionView { needs: Needs::Answer, ..linked("a") };
    assert_eq!(person.hears(later(3)), None, "at most one a day");
    assert_eq!(person.hears(later(13)).unwrap().go.as_deref(), Some("Answer"), "after midnight");
}

#[test]
fn a_need_that_was_met_and_comes_back_is_told_again_another_day() {
    let mut person = Person::with([ended("a")]);
    assert!(person.hears(noon()).is_some());
    person.connections[0].view = linked("a");
    assert_eq!(person.hears(later(1)), None);
    person.connections[0].view = ended("a");
    assert_eq!(person.hears(later(2)), None, "not the same day");
    assert!(person.hears(later(24)).is_some());
}

#[test]
fn what_comes_close_together_is_one_notice() {
    let mut person = Person::with([ended("a")]);
    let (nothing, ripe) = person.look(noon());
    assert_eq!((nothing, ripe), (None, Some(noon() + GATHERING)));
    let mut more: Vec<ConnectionView> = ["b", "c", "d", "e"].map(ended).into();
    more[0].nickname = Some("Joint".to_owned());
    person.connections.extend(attended(more));
    let notice = person.look(noon() + GATHERING).0.unwrap();
    assert_eq!(notice.title, "5 connections need you");
    assert_eq!(notice.body, "Itaú, Joint, Itaú and 2 more");
    assert_eq!(notice.about.len(), 5);
    assert_eq!(person.hears(later(1)), None);
}

#[test]
fn later_brings_it_back_the_next_morning() {
    let mut person = Person::with([ended("a")]);
    assert!(person.hears(noon()).is_some());
    person.connections[0].memory.later = put_off(&person.connections[0].view, later(1), &TimeZone::UTC);
    assert_eq!(person.hears(later(20)), None, "eight in the morning");
    assert!(person.hears(later(21)).is_some(), "nine");
    assert_eq!(person.hears(later(48)), None, "and not every day from then on");
}

#[test]
fn whoever_looks_at_the_window_is_not_disturbed_then_or_later() {
    let mut person = Person::with([ended("a")]);
    person.at.focused = true;
    assert_eq!(person.hears(noon()), None);
    person.at.focused = false;
    assert_eq!(person.hears(later(1)), None);
}

#[test]
fn trouble_is_told_only_to_those_who_want_everything_and_never_asks_for_anything() {
    let offline = Reachability::Offline { since: later(-900), retry_at: later(1) };
    let mut person = Person::with([trouble("a"), ConnectionView { reachability: offline, ..linked("b") }]);
    assert_eq!(person.hears(noon()), None);
    person.at.level = NoticeLevel::All;
    let notice = person.hears(noon()).unwrap();
    assert_eq!(notice.title, "Itaú has not answered for a day");
    assert_eq!((notice.go, notice.later), (None, None), "there is nothing to do");
    assert_eq!(person.hears(later(30)), None);
}

#[test]
fn none_is_none() {
    let mut person = Person::with([ended("a"), trouble("b")]);
    person.at.level = NoticeLevel::None;
    assert_eq!(person.look(noon()), (None, None));
    assert!(person.connections.iter().all(|one| one.memory.told.is_none()), "nothing counts as told");
}

#[test]
fn an_approval_that_was_just_begun_is_left_alone() {
    let begun = ConnectionView { status: Status::PendingAuth, created_at: later(-1), ..linked("a") };
    let mut person = Person::with([begun]);
    assert_eq!(person.hears(noon()), None);
    assert_eq!(person.hears(later(24)).unwrap().go.as_deref(), Some("Approve"));
}

#[test]
fn no_notice_holds_an_amount_or_a_number_of_an_account() {
    let names =
        ["Conta 12345-6", "R$ 1.200,00", "ana@example.com", "€ 5", "IBAN PT50 0002", "4321", "Casa\n1"];
    let reason = LinkReason::WrongLogin;
    let needs = [
        Needs::Answer,
        Needs::SignIn { reason },
        Needs::ActThere { reason },
        Needs::Credentials,
        Needs::Nothing,
    ];
    let mut texts = Vec::new();
    for language in [Language::English, Language::Portuguese] {
        for name in names {
            let mut views: Vec<ConnectionView> = needs
                .iter()
                .map(|&needs| ConnectionView { needs, holds_until: Some(later(20)), ..linked("a") })
                .collect();
            views.extend([ended("a"), trouble("a")]);
            for view in views {
                let view = ConnectionView {
                    nickname: Some(name.to_owned()),
                    display_name: name.to_owned(),
                    account_holder: Some(name.to_owned()),
                    ..view
                };
                let mut person = Person::with([view]);
                person.at.language = language;
                person.at.level = NoticeLevel::All;
                let notice = person.hears(noon()).unwrap();
                texts.push(format!("{}\n{}", notice.title, notice.body));
            }
        }
    }
    assert_eq!(texts.len(), 2 * names.len() * 7);
    for text in texts {
        let mut longest = 0;
        let mut run = 0;
        for one in text.chars() {
            run = if one.is_ascii_digit() || ".,-".contains(one) && run > 0 { run + 1 } else { 0 };
            longest = longest.max(run);
        }
        assert!(longest <= 2, "more digits than a day of the month: {text}");
        assert!(!text.contains(['$', '€', '@']), "{text}");
        assert!(text.contains("Itaú"), "the provider stands for a name that says too much: {text}");
    }
}

#[test]
fn the_second_half_of_gathering_ends_when_the_need_is_gone() {
    let mut person = Person::with([ended("a")]);
    assert!(person.look(noon()).1.is_some());
    person.connections[0].view = linked("a");
    assert_eq!(person.look(noon() + SignedDuration::from_secs(2)), (None, None));
    person.connections[0].view = ended("a");
    assert!(person.look(noon() + GATHERING).1.is_some(), "a new need gathers anew");
}
