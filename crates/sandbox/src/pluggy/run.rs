//! A run: the steps in which an item is connected or updated, played by the clock.
//!
//! Knows nothing of items beyond the login they were made with.
//!
//! Invariants
//! - Where a run stands follows from when it began and what time it is, so a restart loses nothing.
//! - A run that waits for the person goes on only by their answer, or ends when it took too long.

use super::connectors::{Access, Connector};
use super::execution::Execution;
use super::login::{self, Login, Question};
use super::products::Product;
use crate::clock::later;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use std::collections::VecDeque;
use std::time::Duration;

/// How long the person may usually take to answer a question.
pub(super) const ANSWER_LIFE: Duration = Duration::from_secs(2 * 60);

/// One step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) enum Step {
    /// Takes as long as the pace says.
    Work(Execution),
    /// Brings a product, as long as the pace says.
    Bring(Product),
    /// Waits for an answer.
    Ask(Question),
    /// Waits for the person at the bank's own page.
    Authorize,
    /// Ends the run, without the named product.
    End { with: Execution, without: Option<Product> },
}

/// A run under way, or how the last one ended.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Run {
    /// What is still to come; the first one is now.
    pub steps: VecDeque<Step>,
    /// When the first step began.
    pub began_at: Timestamp,
    /// Products brought so far, with the time of each.
    pub brought: Vec<(Product, Timestamp)>,
}

/// How a run ended.
pub(super) struct Ended {
    pub with: Execution,
    pub without: Option<Product>,
    pub at: Timestamp,
}

/// What decides how fast a run goes.
#[derive(Clone, Copy)]
pub(super) struct Pace {
    /// How long a step takes.
    pub step: Duration,
    /// How long an authorization page is good for.
    pub authorization: Duration,
    /// How long a question is good for.
    pub answer: Duration,
}

/// The steps of a run.
pub(super) fn steps(
    connector: &Connector,
    login: &Login,
    question: Option<Question>,
    products: &[Product],
    needs_approval: bool,
    now: Timestamp,
) -> VecDeque<Step> {
    let mut steps = VecDeque::from([Step::Work(Execution::Created), Step::Work(Execution::LoginInProgress)]);
    if needs_approval && connector.is_approved_there() {
        steps.push_back(Step::Authorize);
        steps.push_back(Step::Work(Execution::LoginInProgress));
    }
    if let Some(question) = question {
        steps.push_back(Step::Ask(question));
        steps.push_back(Step::Work(Execution::LoginMfaInProgress));
    }
    let (with, without) = login::ending(login, now);
    if with.is_success() {
        let brought = products.iter().filter(|product| product.step().is_some());
        steps.extend(brought.map(|product| Step::Bring(*product)));
    }
    steps.push_back(Step::End { with, without });
    steps
}

impl Run {
    pub(super) fn begin(steps: VecDeque<Step>, now: Timestamp) -> Self {
        Self { steps, began_at: now, brought: Vec::new() }
    }

    /// Plays what time has brought; tells how the run ended, once.
    pub(super) fn play(&mut self, pace: Pace, now: Timestamp) -> Option<Ended> {
        loop {
            let step = self.steps.front()?.clone();
            let over_at = later(self.began_at, life(&step, pace));
            if let Step::End { with, without } = step {
                self.steps.clear();
                return Some(Ended { with, without, at: self.began_at });
            }
            if now < over_at {
                return None;
            }
            self.began_at = over_at;
            match step {
                Step::Ask(_) | Step::Authorize => {
                    let with = Execution::UserInputTimeout;
                    self.steps = VecDeque::from([Step::End { with, without: None }]);
                }
                Step::Bring(product) => {
                    self.brought.push((product, over_at));
                    self.steps.pop_front();
                }
                Step::Work(_) | Step::End { .. } => {
                    self.steps.pop_front();
                }
            }
        }
    }

    /// Goes on after an answer that was taken, or ends with what was wrong with it.
    pub(super) fn answered(&mut self, refused: Option<Execution>, now: Timestamp) {
        self.began_at = now;
        match refused {
            None => {
                self.steps.pop_front();
            }
            Some(with) => self.steps = VecDeque::from([Step::End { with, without: None }]),
        }
    }

    /// Where it stands; none when it is over.
    pub(super) fn execution(&self, access: Access) -> Option<Execution> {
        Some(match self.steps.front()? {
            Step::Work(execution) | Step::End { with: execution, .. } => *execution,
            Step::Bring(product) => product.step()?,
            Step::Ask(_) => Execution::WaitingUserInput,
            // Both forms are in use: a parameter with the address as its data, and a user action.
            Step::Authorize if access == Access::OpenFinance => Execution::WaitingUserInput,
            Step::Authorize => Execution::WaitingUserAction,
        })
    }

    /// Until when the person may answer.
    pub(super) fn waits_until(&self, pace: Pace) -> Option<Timestamp> {
        let step = self.steps.front().filter(|step| matches!(step, Step::Ask(_) | Step::Authorize))?;
        Some(later(self.began_at, life(step, pace)))
    }
}

const fn life(step: &Step, pace: Pace) -> Duration {
    match step {
        Step::Ask(_) => pace.answer,
        Step::Authorize => pace.authorization,
        Step::Work(_) | Step::Bring(_) => pace.step,
        Step::End { .. } => Duration::ZERO,
    }
}

#[cfg(test)]
mod tests {
    use super::{ANSWER_LIFE, Pace, Run, Step, later};
    use crate::pluggy::execution::Execution;
    use crate::pluggy::login::Question;
    use crate::pluggy::products::Product;
    use jiff::Timestamp;
    use std::time::Duration;

    const PACE: Pace =
        Pace { step: Duration::from_secs(1), authorization: Duration::from_secs(60), answer: ANSWER_LIFE };

    fn run(steps: &[Step]) -> Run {
        Run::begin(steps.iter().cloned().collect(), Timestamp::UNIX_EPOCH)
    }

    fn at(seconds: u64) -> Timestamp {
        later(Timestamp::UNIX_EPOCH, Duration::from_secs(seconds))
    }

    const END: Step = Step::End { with: Execution::Success, without: None };

    #[test]
    fn steps_take_their_time_and_the_end_comes_once() {
        let mut run = run(&[Step::Work(Execution::Created), Step::Bring(Product::Accounts), END]);
        assert!(run.play(PACE, at(1)).is_none());
        assert_eq!(run.steps.front(), Some(&Step::Bring(Product::Accounts)));
        let ended = run.play(PACE, at(100)).unwrap();
        assert_eq!((ended.with, ended.at), (Execution::Success, at(2)));
        assert_eq!(run.brought, [(Product::Accounts, at(2))]);
        assert!(run.play(PACE, at(100)).is_none());
    }

    #[test]
    fn a_question_waits_and_then_times_out() {
        let mut run = run(&[Step::Ask(Question::Code), END]);
        assert!(run.play(PACE, at(100)).is_none());
        let ended = run.play(PACE, later(at(0), ANSWER_LIFE)).unwrap();
        assert_eq!(ended.with, Execution::UserInputTimeout);
    }

    #[test]
    fn an_answer_goes_on_from_its_own_time() {
        let mut run = run(&[Step::Ask(Question::Code), Step::Work(Execution::LoginMfaInProgress), END]);
        run.answered(None, at(50));
        assert!(run.play(PACE, at(50)).is_none());
        assert_eq!(run.play(PACE, at(51)).unwrap().with, Execution::Success);
    }
}
