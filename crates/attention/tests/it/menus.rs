//! The tray.

use crate::world::{attended, ended, linked, noon, trouble};
use attention::item::attention;
use attention::menu::{MenuEntry, Press, locked_tray, tray};
use attention::{Language, TrayView, WaitingProgram};
use connections::connection::Status;
use connections::view::ConnectionView;

fn tray_of(views: Vec<ConnectionView>, language: Language) -> TrayView {
    let all = attended(views);
    tray(&all, &attention(&all, &[], noon()), language)
}

fn presses(view: &TrayView) -> Vec<Press> {
    let items = view.menu.iter().filter_map(|entry| match entry {
        MenuEntry::Item { press, .. } => Some(press.clone()),
        MenuEntry::Words(_) | MenuEntry::Separator => None,
    });
    items.collect()
}

#[test]
fn everything_can_be_done_from_the_menu() {
    let view = tray_of(vec![linked("a"), linked("b")], Language::English);
    assert_eq!(view.status, "All 2 connections are up to date");
    assert!(!view.needs_you);
    assert_eq!(view.menu[0], MenuEntry::Words(view.status.clone()), "the answer first");
    assert_eq!(presses(&view), [Press::Open, Press::Connect, Press::PauseAll, Press::Lock, Press::Quit]);
    let paused = ConnectionView { paused: true, ..linked("a") };
    let view = tray_of(vec![paused], Language::Portuguese);
    assert_eq!(presses(&view), [Press::Open, Press::Connect, Press::ResumeAll, Press::Lock, Press::Quit]);
    assert_eq!(view.status, "Todas as conexões estão pausadas ou desconectadas");
}

#[test]
fn at_most_five_who_need_the_person_are_listed() {
    let view = tray_of((0..9).map(|one| ended(&one.to_string())).collect(), Language::English);
    assert_eq!(view.status, "9 connections need you");
    assert!(view.needs_you);
    let acts = presses(&view).into_iter().filter(|press| matches!(press, Press::Act(_)));
    assert_eq!(acts.count(), 5);
    assert!(
        view.menu
            .iter()
            .any(|entry| matches!(entry, MenuEntry::Item { label, .. } if label == "Itaú: reconnect"))
    );
}

#[test]
fn trouble_needs_nobody() {
    let view = tray_of(vec![trouble("a"), linked("b")], Language::English);
    assert!(!view.needs_you);
    assert_eq!(view.status, "One connection is not answering; Mooring tries again");
    let gone = ConnectionView { status: Status::Unlinked, ..ended("a") };
    assert!(!tray_of(vec![gone], Language::English).needs_you);
}

#[test]
fn a_locked_tray_says_nothing_of_what_is_in_the_vault() {
    let view = locked_tray(Language::English);
    assert_eq!(view.status, "Locked");
    assert_eq!(presses(&view), [Press::Open, Press::Quit]);
}

#[test]
fn a_program_that_waits_is_told_without_its_name_and_leads_to_what_needs_the_person() {
    let program = WaitingProgram { id: "7".to_owned(), name: "ledger".to_owned(), until: None };
    let told = |views: Vec<ConnectionView>, language| {
        let all = attended(views);
        tray(&all, &attention(&all, std::slice::from_ref(&program), noon()), language)
    };
    let alone = told(Vec::new(), Language::English);
    assert_eq!(alone.status, "A program waits for your answer");
    assert!(alone.needs_you && presses(&alone).contains(&Press::Attention));
    assert_eq!(told(vec![ended("a")], Language::English).status, "2 things need you");
    assert_eq!(told(vec![ended("a")], Language::Portuguese).status, "2 coisas precisam de você");
}
