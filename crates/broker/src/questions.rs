//! Questions that wait for the person: one per caller, access and connection, however many calls wait for it.
//!
//! Knows nothing of what an answer means, and nothing of windows.
//!
//! Invariants
//! - A question is gone when it is answered, when its time is over, or when nobody waits for it any more.
//! - A question that was just put aside is not asked again at once: a program cannot wear the person out.

use crate::caller::{Access, Caller, CallerId};
use crate::permission::{Decision, Demand};
use connections::ConnectionKey;
use jiff::{SignedDuration, Timestamp};
use std::collections::HashMap;
use tokio::sync::watch;

/// How long a question waits for the person.
pub(crate) const LIFE: SignedDuration = SignedDuration::from_mins(2);
/// How long the same is not asked again after it was put aside or ran out.
const QUIET: SignedDuration = SignedDuration::from_secs(30);
/// Questions that may wait at once; a person reads no more.
const MOST: usize = 20;

/// What makes two questions the same.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub(crate) struct About {
    pub(crate) caller: CallerId,
    pub(crate) through_cli: bool,
    pub(crate) access: Access,
    pub(crate) connection: Option<ConnectionKey>,
    /// Whether something would end by it.
    pub(crate) ends: bool,
}

impl About {
    /// As the gate judges it.
    pub(crate) fn demand(&self) -> Demand<'_> {
        Demand { access: self.access, connection: self.connection.as_ref(), ends: self.ends }
    }
}

/// A question that waits.
#[derive(Clone)]
pub(crate) struct Question {
    pub(crate) number: u64,
    pub(crate) about: About,
    pub(crate) caller: Caller,
    pub(crate) asked_at: Timestamp,
    pub(crate) waiting: usize,
    answer: watch::Sender<Option<Decision>>,
}

/// Why a question cannot be put.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotPut {
    /// The person put the same aside a moment ago.
    PutAside,
    /// It ran out a moment ago, or too many wait.
    Unheard,
}

/// All questions that wait.
#[derive(Default)]
pub(crate) struct Questions {
    last: u64,
    waiting: HashMap<About, Question>,
    quiet: HashMap<About, (Timestamp, NotPut)>,
}

/// A place in the line of those who wait for one answer.
pub(crate) struct Place {
    pub(crate) number: u64,
    pub(crate) about: About,
    pub(crate) until: Timestamp,
    /// Whether this call made the question.
    pub(crate) is_new: bool,
    pub(crate) answer: watch::Receiver<Option<Decision>>,
}

impl Questions {
    /// Joins whoever waits for the same answer, or asks anew.
    pub(crate) fn join(&mut self, about: About, caller: &Caller, now: Timestamp) -> Result<Place, NotPut> {
        self.quiet.retain(|_, (until, _)| *until > now && until.duration_since(now) <= QUIET);
        if let Some((_, why)) = self.quiet.get(&about) {
            return Err(*why);
        }
        if let Some(question) = self.waiting.get_mut(&about) {
            question.waiting += 1;
            return Ok(place(question, false));
        }
        if self.waiting.len() >= MOST {
            return Err(NotPut::Unheard);
        }
        self.last += 1;
        let question = Question {
            number: self.last,
            about: about.clone(),
            caller: caller.clone(),
            asked_at: now,
            waiting: 1,
            answer: watch::Sender::new(None),
        };
        let place = place(&question, true);
        self.waiting.insert(about, question);
        Ok(place)
    }

    /// One who waited hung up; answers whether the question is gone with it.
    pub(crate) fn leave(&mut self, about: &About, number: u64) -> bool {
        let Some(question) = self.waiting.get_mut(about).filter(|one| one.number == number) else {
            return false;
        };
        question.waiting -= 1;
        let gone = question.waiting == 0;
        if gone {
            self.waiting.remove(about);
        }
        gone
    }

    /// Its time is over; answers whether it was still there.
    pub(crate) fn run_out(&mut self, about: &About, number: u64, now: Timestamp) -> bool {
        let there = self.waiting.get(about).is_some_and(|one| one.number == number);
        if there {
            self.waiting.remove(about);
            self.quiet.insert(about.clone(), (now + QUIET, NotPut::Unheard));
        }
        there
    }

    /// The question of this number.
    pub(crate) fn find(&self, number: u64) -> Option<&Question> {
        self.waiting.values().find(|one| one.number == number)
    }

    /// Answers the question of this number; whoever waits for it goes on. One that asks the same and was put since, by a
    /// later call, is another.
    pub(crate) fn answer(&mut self, number: u64, decision: Decision, now: Timestamp) {
        let Some(about) = self.find(number).map(|question| question.about.clone()) else { return };
        let Some(question) = self.waiting.remove(&about) else { return };
        if decision == Decision::NotNow {
            self.quiet.insert(about, (now + QUIET, NotPut::PutAside));
        }
        question.answer.send_replace(Some(decision));
    }

    /// All that wait, the oldest first.
    pub(crate) fn all(&self) -> Vec<Question> {
        let mut all: Vec<Question> = self.waiting.values().cloned().collect();
        all.sort_by_key(|one| one.number);
        all
    }

    /// Forgets that something was put aside: the person has decided about the caller since.
    pub(crate) fn speak_again(&mut self, caller: &CallerId) {
        self.quiet.retain(|about, _| about.caller != *caller);
    }
}

fn place(question: &Question, is_new: bool) -> Place {
    Place {
        number: question.number,
        about: question.about.clone(),
        until: question.asked_at + LIFE,
        is_new,
        answer: question.answer.subscribe(),
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test that panics says so")]
mod tests {
    use super::{About, Questions};
    use crate::caller::{Access, Caller};
    use crate::permission::Decision;
    use jiff::Timestamp;

    #[test]
    fn an_answer_is_for_the_question_that_it_was_given_to() {
        let caller = Caller::program(None, None);
        let about = About {
            caller: caller.id.clone(),
            through_cli: false,
            access: Access::Token,
            connection: None,
            ends: false,
        };
        let now = Timestamp::UNIX_EPOCH;
        let mut questions = Questions::default();
        let ask = |questions: &mut Questions| {
            questions.join(about.clone(), &caller, now).map_err(|_| "not put").unwrap()
        };
        let first = ask(&mut questions);
        assert!(questions.leave(&about, first.number), "whoever asked hung up");
        let second = ask(&mut questions);
        questions.answer(first.number, Decision::Always, now);
        assert_eq!(*second.answer.borrow(), None, "another call, and perhaps after other decisions");
        questions.answer(second.number, Decision::Once, now);
        assert_eq!(*second.answer.borrow(), Some(Decision::Once));
        assert!(questions.all().is_empty());
    }
}
