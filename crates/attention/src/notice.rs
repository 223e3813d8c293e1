//! Whether to show a notice, and what it says.
//!
//! Pure: what is known about the connections and the circumstances in; a notice, and what to remember, out.

use crate::item::{AttentionAction, AttentionItem, Urgency, days_ahead, item_of, topic_of};
use crate::menu::Press;
use crate::words::{self, Language};
use connections::Attended;
use connections::attention::{AttentionMemory, Told, Warned};
use connections::connection::Reachability;
use connections::id::ConnectionKey;
use jiff::{SignedDuration, Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// How long what comes first waits for more, so that a start after weeks is one notice.
pub const GATHERING: SignedDuration = SignedDuration::from_secs(5);
/// A first approval that was begun is left alone for so long: the person is most likely at it.
const BEGUN_LONG_AGO: SignedDuration = SignedDuration::from_hours(24);
/// A provider that does not answer is mentioned after so long, to those who want to hear everything.
const LONG_TROUBLE: SignedDuration = SignedDuration::from_hours(24);

/// What the person wants to hear of outside the window.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum NoticeLevel {
    /// Everything, a provider's long trouble too.
    All,
    /// What needs them.
    #[default]
    NeedsMe,
    /// Nothing.
    None,
}

/// Under which circumstances to decide.
#[derive(Debug, Clone)]
pub struct Circumstances {
    /// The present.
    pub now: Timestamp,
    /// Where the person is: decides what a day is.
    pub zone: TimeZone,
    /// What they want to hear.
    pub level: NoticeLevel,
    /// Whether they are looking at the window.
    pub focused: bool,
    /// Whether the vault is locked: then a notice names nobody, since anybody may be looking.
    pub locked: bool,
    /// In which language.
    pub language: Language,
}

/// A notice to show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Notice {
    /// The first line.
    pub title: String,
    /// The rest.
    pub body: String,
    /// Whom it is about; one, or several in one notice. Empty while it is locked.
    pub about: Vec<ConnectionKey>,
    /// The word on the button that goes there; none where nothing is to be done.
    pub go: Option<String>,
    /// The word on the button that puts it off.
    pub later: Option<String>,
}

/// What of a notice was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pressed {
    /// The notice itself.
    Body,
    /// The button that goes there.
    Go,
    /// The button that puts it off.
    Later,
}

impl Notice {
    /// What a press means.
    pub fn press(&self, pressed: Pressed) -> Press {
        match (pressed, self.about.as_slice()) {
            (Pressed::Later, all) => Press::Later(all.to_vec()),
            (Pressed::Go, [only]) => Press::Act(only.clone()),
            (Pressed::Body, [only]) => Press::Show(only.clone()),
            _ => Press::Attention,
        }
    }
}

/// What came of a look.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Look {
    /// What to show.
    pub notice: Option<Notice>,
    /// What is remembered from now on, once it was shown or need not be.
    pub remember: Vec<(ConnectionKey, AttentionMemory)>,
    /// When to look again at the latest, because something gathers.
    pub again_at: Option<Timestamp>,
}

/// Decides about notices, and gathers what comes close together.
#[derive(Debug, Clone, Default)]
pub struct Herald {
    gathering_since: Option<Timestamp>,
}

/// One connection that a notice is due for.
struct Due<'a> {
    one: &'a Attended,
    item: Option<AttentionItem>,
    memory: AttentionMemory,
}

impl Herald {
    /// Looks at all connections.
    pub fn look(&mut self, connections: &[Attended], at: &Circumstances) -> Look {
        let mut look = Look { remember: over(connections, at.now), ..Look::default() };
        let due: Vec<Due<'_>> = connections.iter().filter_map(|one| due(one, at)).collect();
        if due.is_empty() {
            self.gathering_since = None;
            return look;
        }
        let since = *self.gathering_since.get_or_insert(at.now);
        let ripe = since.checked_add(GATHERING).unwrap_or(since);
        if at.now < ripe {
            look.again_at = Some(ripe);
            return look;
        }
        self.gathering_since = None;
        look.remember.extend(due.iter().map(|one| (one.one.view.key.clone(), one.memory.clone())));
        // Whoever looks at the window sees it there; it counts as told.
        look.notice = (!at.focused).then(|| if at.locked { nameless(&due, at) } else { notice(&due, at) });
        look
    }
}

/// What was told and is over may be told again, another day.
fn over(connections: &[Attended], now: Timestamp) -> Vec<(ConnectionKey, AttentionMemory)> {
    let forgotten = connections.iter().filter_map(|one| {
        let told = one.memory.told.as_ref()?;
        let topic = told.topic.as_deref()?;
        let still = subject_of(one, now).is_some_and(|(_, current)| current == topic);
        let memory = AttentionMemory { told: Some(Told { topic: None, at: told.at }), ..one.memory.clone() };
        (!still).then(|| (one.view.key.clone(), memory))
    });
    forgotten.collect()
}

/// What would be told of a connection, if anything, and its topic.
fn subject_of(one: &Attended, now: Timestamp) -> Option<(Option<AttentionItem>, String)> {
    if let Some(item) = item_of(&one.view, one.memory.later.as_ref(), now) {
        let topic = topic_of(&one.view, item.action);
        return Some((Some(item), topic));
    }
    match one.view.reachability {
        Reachability::ProviderTrouble { since, .. } if now.duration_since(since) >= LONG_TROUBLE => {
            Some((None, format!("trouble:{since}")))
        }
        _ => None,
    }
}

fn due<'a>(one: &'a Attended, at: &Circumstances) -> Option<Due<'a>> {
    if at.level == NoticeLevel::None {
        return None;
    }
    let (item, topic) = subject_of(one, at.now)?;
    // What asks nothing of the person can wait until they are back.
    if item.is_none() && (at.level != NoticeLevel::All || one.view.paused || at.locked) {
        return None;
    }
    let told = one.memory.told.as_ref();
    if told.is_some_and(|told| same_day(told.at, at.now, &at.zone)) {
        return None;
    }
    let mut memory = one.memory.clone();
    let mut new = told.is_none_or(|told| told.topic.as_deref() != Some(&topic));
    if let Some(item) = &item {
        if item.later.is_some() || (item.urgency == Urgency::Begun && is_young(one, at.now)) {
            return None;
        }
        if item.urgency == Urgency::Ahead {
            let warning = warning(one, at.now)?;
            new = !memory.warned.is_some_and(|before| covers(before, warning));
            memory.warned = Some(warning);
        }
        let came_back = memory.later.take().filter(|later| later.topic == topic);
        new = new || came_back.is_some();
    }
    memory.told = Some(Told { topic: Some(topic), at: at.now });
    new.then_some(Due { one, item, memory })
}

fn warning(one: &Attended, now: Timestamp) -> Option<Warned> {
    Some(Warned { until: one.view.holds_until?, days: days_ahead(&one.view, now)? })
}

/// Whether `before` stands for `next`: the later of two warnings stands for an earlier one that was missed.
fn covers(before: Warned, next: Warned) -> bool {
    before.until == next.until && before.days <= next.days
}

fn is_young(one: &Attended, now: Timestamp) -> bool {
    now.duration_since(one.view.created_at) < BEGUN_LONG_AGO
}

fn same_day(one: Timestamp, other: Timestamp, zone: &TimeZone) -> bool {
    let day = |at: Timestamp| at.to_zoned(zone.clone()).date();
    day(one) == day(other)
}

/// What is shown while it is locked: how many, and that the window tells more.
fn nameless(due: &[Due<'_>], at: &Circumstances) -> Notice {
    Notice {
        title: words::needs_many(at.language, due.len()),
        body: words::unlock_to_see(at.language).to_owned(),
        about: Vec::new(),
        go: Some(words::show(at.language).to_owned()),
        later: None,
    }
}

fn notice(due: &[Due<'_>], at: &Circumstances) -> Notice {
    let about = due.iter().map(|one| one.one.view.key.clone()).collect();
    let needy: Vec<&Due<'_>> = due.iter().filter(|one| one.item.is_some()).collect();
    let language = at.language;
    match (needy.as_slice(), due) {
        ([], []) => Notice { title: String::new(), body: String::new(), about, go: None, later: None },
        ([], [first, ..]) => Notice {
            title: words::trouble_title(language, &words::safe_name(&first.one.view), due.len()),
            body: words::trouble_body(language).to_owned(),
            about,
            go: None,
            later: None,
        },
        ([only], _) => {
            let action = only.item.as_ref().map_or(AttentionAction::ApproveAgain, |item| item.action);
            let by = only.item.as_ref().and_then(|item| item.by);
            Notice {
                title: words::needs_one(language, &words::safe_name(&only.one.view)),
                body: words::body(language, action, by, &at.zone),
                about: vec![only.one.view.key.clone()],
                go: Some(words::button(language, action).to_owned()),
                later: Some(words::later(language).to_owned()),
            }
        }
        (many, _) => {
            let names: Vec<String> = many.iter().map(|one| words::safe_name(&one.one.view)).collect();
            Notice {
                title: words::needs_many(language, many.len()),
                body: words::list(language, &names),
                about: many.iter().map(|one| one.one.view.key.clone()).collect(),
                go: Some(words::show(language).to_owned()),
                later: Some(words::later(language).to_owned()),
            }
        }
    }
}
