//! The tray as a value: its menu and whether its icon says that somebody is needed.
//!
//! Where a tray passes on no clicks, the menu is all there is, so everything is in it.

use crate::item::{AttentionAction, AttentionView, Subject};
use crate::words::{self, Language};
use connections::Attended;
use connections::connection::Status;
use connections::id::ConnectionKey;

/// Items that need the person, at most; more are in the window.
const MOST_ITEMS: usize = 5;

/// What was pressed, in the menu or on a notice.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Press {
    /// Show the window.
    Open,
    /// Show what needs the person.
    Attention,
    /// Begin to connect something.
    Connect,
    /// Show a connection.
    Show(ConnectionKey),
    /// Do what a connection needs.
    Act(ConnectionKey),
    /// Put off what these need.
    Later(Vec<ConnectionKey>),
    /// Pause all connections.
    PauseAll,
    /// Take all pauses back.
    ResumeAll,
    /// Close the vault.
    Lock,
    /// End the program.
    Quit,
    /// The tray is gone; what is hidden must come back.
    TrayGone,
}

/// One line of the menu.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum MenuEntry {
    /// Words that cannot be pressed.
    Words(String),
    /// Something to press.
    Item {
        /// What it says.
        label: String,
        /// What it does.
        press: Press,
    },
    /// A line between groups.
    Separator,
}

/// The tray, whole.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TrayView {
    /// One sentence: how everything stands.
    pub status: String,
    /// Whether the icon says that the person is needed.
    pub needs_you: bool,
    /// The menu, from the top.
    pub menu: Vec<MenuEntry>,
}

/// What the tray shows while the vault is open.
pub fn tray(connections: &[Attended], view: &AttentionView, language: Language) -> TrayView {
    let words = words::menu(language);
    let status = status(connections, view, language);
    let item = |label: &str, press: Press| MenuEntry::Item { label: label.to_owned(), press };
    let mut menu = vec![
        MenuEntry::Words(status.clone()),
        MenuEntry::Separator,
        item(words.open, Press::Open),
        item(words.connect, Press::Connect),
    ];
    let needy = needy(connections, view, language);
    if !needy.is_empty() {
        menu.push(MenuEntry::Separator);
        menu.extend(needy);
    }
    menu.push(MenuEntry::Separator);
    let running = connections.iter().any(can_pause);
    let paused = connections.iter().any(|one| one.view.paused);
    if running {
        menu.push(item(words.pause, Press::PauseAll));
    }
    if paused {
        menu.push(item(words.resume, Press::ResumeAll));
    }
    menu.push(item(words.lock, Press::Lock));
    menu.push(item(words.quit, Press::Quit));
    TrayView { status, needs_you: !view.items.is_empty(), menu }
}

/// What the tray shows while the vault is closed: nothing of what is in it.
pub fn locked_tray(language: Language) -> TrayView {
    let words = words::menu(language);
    let item = |label: &str, press: Press| MenuEntry::Item { label: label.to_owned(), press };
    let menu = vec![
        MenuEntry::Words(words.locked.to_owned()),
        MenuEntry::Separator,
        item(words.open, Press::Open),
        item(words.quit, Press::Quit),
    ];
    TrayView { status: words.locked.to_owned(), needs_you: false, menu }
}

/// Whether *Pause everything* would pause it.
pub fn can_pause(one: &Attended) -> bool {
    one.view.status == Status::Linked && !one.view.paused
}

fn needy(connections: &[Attended], view: &AttentionView, language: Language) -> Vec<MenuEntry> {
    let entries = view.items.iter().filter_map(|item| match &item.subject {
        Subject::Connection { key } => {
            let one = connections.iter().find(|one| one.view.key == *key)?;
            Some((words::safe_name(&one.view), item.action, Press::Act(key.clone())))
        }
        Subject::Program { name, .. } => {
            Some((name.chars().take(40).collect(), AttentionAction::AllowProgram, Press::Attention))
        }
    });
    entries
        .take(MOST_ITEMS)
        .map(|(name, action, press)| {
            let label = format!("{name}: {}", words::button(language, action).to_lowercase());
            MenuEntry::Item { label, press }
        })
        .collect()
}

fn status(connections: &[Attended], view: &AttentionView, language: Language) -> String {
    let words = words::menu(language);
    if let [only] = view.items.as_slice() {
        match &only.subject {
            Subject::Program { .. } => return words::asks_one(language).to_owned(),
            Subject::Connection { key } => {
                if let Some(one) = connections.iter().find(|one| one.view.key == *key) {
                    return words::needs_one(language, &words::safe_name(&one.view));
                }
            }
        }
    }
    if !view.items.is_empty() {
        let connections = view.items.iter().all(|item| matches!(item.subject, Subject::Connection { .. }));
        let many = if connections { words::needs_many } else { words::things_many };
        return many(language, view.items.len());
    }
    if connections.is_empty() {
        return words.nothing.to_owned();
    }
    if !view.calm.is_empty() {
        return words::not_answering(language, view.calm.len());
    }
    let active = connections.iter().filter(|one| can_pause(one)).count();
    if active == 0 { words.inactive.to_owned() } else { words::all_good(language, active) }
}
