//! What closing the window means while there is a tray.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What the person chose for it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "camelCase")]
pub enum CloseChoice {
    /// Nothing so far: ask the first time.
    #[default]
    Ask,
    /// Go on in the tray.
    Hide,
    /// End the program.
    Quit,
}

/// What to do about a window that is being closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// Let it close; the program ends.
    Close,
    /// Hide it.
    Hide,
    /// Keep it and ask.
    Ask,
}

/// Decides. A window is never hidden unless a tray is seen to show the way back, and a question that stands
/// unanswered does not keep the window open: a page that cannot answer could never be closed.
pub const fn on_close(choice: CloseChoice, tray_is_shown: bool, asked: bool) -> Closing {
    match choice {
        CloseChoice::Hide if tray_is_shown => Closing::Hide,
        CloseChoice::Ask if tray_is_shown && !asked => Closing::Ask,
        _ => Closing::Close,
    }
}

/// Whether a start by login may stay hidden: only where a tray is wanted, and until it is known that there is none.
pub const fn starts_hidden(by_login: bool, tray_is_wanted: bool) -> bool {
    by_login && tray_is_wanted
}

#[cfg(test)]
mod tests {
    use super::{CloseChoice, Closing, on_close, starts_hidden};

    #[test]
    fn nothing_hides_without_a_tray() {
        for choice in [CloseChoice::Ask, CloseChoice::Hide, CloseChoice::Quit] {
            for asked in [false, true] {
                assert_eq!(on_close(choice, false, asked), Closing::Close);
            }
        }
        assert!(!starts_hidden(true, false));
        assert!(!starts_hidden(false, true), "a person who starts it wants to see it");
        assert!(starts_hidden(true, true));
    }

    #[test]
    fn the_choice_holds_and_the_question_comes_once() {
        assert_eq!(on_close(CloseChoice::Hide, true, false), Closing::Hide);
        assert_eq!(on_close(CloseChoice::Quit, true, false), Closing::Close);
        assert_eq!(on_close(CloseChoice::Ask, true, false), Closing::Ask);
        assert_eq!(on_close(CloseChoice::Ask, true, true), Closing::Close, "closing again means it");
    }
}
