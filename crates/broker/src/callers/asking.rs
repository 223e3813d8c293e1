//! Putting a question to the person, waiting for the answer, answering.

use super::{Callers, GateEvent, refused};
use crate::caller::Caller;
use crate::permission::{Decision, Demand, NOBODY_ANSWERED, Permission, REFUSED, Standing};
use crate::questions::{About, NotPut, Place, Question};
use crate::view::QuestionView;
use connections::error::{CoreError, ErrorCode};

/// Leaves the question when the one who waits goes away, however that happens.
struct Waiting {
    callers: Callers,
    about: About,
    number: u64,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        let gone = self.callers.state().questions.leave(&self.about, self.number);
        if gone {
            self.callers.tell(GateEvent::QuestionsChanged);
        }
    }
}

impl Callers {
    /// Questions that wait for the person, the oldest first.
    pub fn pending(&self) -> Vec<QuestionView> {
        self.state().questions.all().iter().map(QuestionView::of).collect()
    }

    /// The person answers. What was decided for longer is stored before anybody is let through.
    ///
    /// `for_all` makes it a decision about all connections, where the question was about one.
    ///
    /// # Errors
    /// [`ErrorCode::AnswerTooLate`] when the question is over; the store's failure, and the question stays.
    pub async fn answer(&self, number: u64, decision: Decision, for_all: bool) -> Result<(), CoreError> {
        let question = self.state().questions.find(number).cloned();
        let question = question.ok_or_else(|| CoreError::new(ErrorCode::AnswerTooLate))?;
        let connection = question.about.connection.clone().filter(|_| !for_all);
        if let Some((allowed, until_locked)) = lasting(decision) {
            let permission = Permission {
                access: question.about.access,
                connection,
                allowed,
                until_locked,
                since: self.now(),
            };
            self.decide(&question.caller, vec![permission]).await?;
        }
        self.state().questions.answer(number, decision, self.now());
        self.answer_what_is_decided(&question);
        self.tell(GateEvent::QuestionsChanged);
        Ok(())
    }

    /// The vault is locked: what was allowed until then is over. Nobody is told, since nobody sees callers then.
    pub fn forget_until_locked(&self) {
        for known in self.state().known.values_mut() {
            known.permissions.retain(|one| !one.until_locked);
        }
    }

    /// Other questions about the same caller that the answer decides as well. Looking and answering are one step, so
    /// that nothing is answered by what was taken back meanwhile.
    fn answer_what_is_decided(&self, answered: &Question) {
        let now = self.now();
        let mut state = self.state();
        let others = state.questions.all();
        for other in others.into_iter().filter(|one| one.about.caller == answered.about.caller) {
            let decision = match self.standing_in(&state, &other.caller, other.about.demand()) {
                Standing::Allowed => Decision::Always,
                Standing::Refused(_) => Decision::Never,
                Standing::Ask => continue,
            };
            state.questions.answer(other.number, decision, now);
        }
    }

    /// Whoever is let in by a decision goes on only while it holds: it may have been taken back since.
    fn still_decided(&self, caller: &Caller, demand: Demand<'_>) -> Result<(), CoreError> {
        match self.standing_in(&self.state(), caller, demand) {
            Standing::Allowed => Ok(()),
            Standing::Refused(reason) => Err(refused(caller, reason)),
            Standing::Ask => Err(refused(caller, REFUSED)),
        }
    }

    /// Allowed, refused, or a place in the line of those who wait for the answer. Looking and asking are one step, so
    /// that a decision cannot fall between them.
    pub(super) fn admit_or_ask(
        &self,
        caller: &Caller,
        demand: Demand<'_>,
    ) -> Result<Option<Place>, CoreError> {
        let now = self.now();
        let mut state = self.state();
        match self.standing_in(&state, caller, demand) {
            Standing::Allowed => return Ok(None),
            Standing::Refused(reason) => return Err(refused(caller, reason)),
            Standing::Ask => {}
        }
        let about = About {
            caller: caller.id.clone(),
            through_cli: caller.through_cli,
            access: demand.access,
            connection: demand.connection.cloned(),
            ends: demand.ends,
        };
        state.questions.join(about, caller, now).map(Some).map_err(|why| match why {
            NotPut::PutAside => refused(caller, REFUSED),
            NotPut::Unheard => refused(caller, NOBODY_ANSWERED),
        })
    }

    pub(super) async fn wait(&self, caller: &Caller, mut place: Place) -> Result<(), CoreError> {
        let _leaves = Waiting { callers: self.clone(), about: place.about.clone(), number: place.number };
        if place.is_new {
            self.tell(GateEvent::QuestionsChanged);
        }
        let left = place.until.duration_since(self.now()).unsigned_abs();
        let decision = tokio::select! {
            answered = place.answer.wait_for(Option::is_some) => answered.ok().and_then(|one| *one),
            () = self.inner.ports.clock.sleep(left) => None,
        };
        match decision {
            Some(Decision::Once) => Ok(()),
            Some(Decision::UntilLocked | Decision::Always) => {
                self.still_decided(caller, place.about.demand())
            }
            Some(Decision::NotNow | Decision::Never) => Err(refused(caller, REFUSED)),
            None => {
                let was_there = self.state().questions.run_out(&place.about, place.number, self.now());
                if was_there {
                    self.tell(GateEvent::QuestionsChanged);
                }
                Err(refused(caller, NOBODY_ANSWERED))
            }
        }
    }
}

/// What an answer leaves behind: whether it allows, and whether that ends with the vault's next lock.
const fn lasting(decision: Decision) -> Option<(bool, bool)> {
    match decision {
        Decision::Once | Decision::NotNow => None,
        Decision::UntilLocked => Some((true, true)),
        Decision::Always => Some((true, false)),
        Decision::Never => Some((false, false)),
    }
}
