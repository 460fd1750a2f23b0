//! Recovering everything that is unfinished, in turns and in bounded time: what a till does when it starts.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use crate::error::Result;
use crate::payment::action::Action;
use crate::payment::attempt::Attempt;
use crate::till::handles::payment::{Payment, Ticket};
use crate::till::handles::recovery::Recovery;
use crate::till::handles::settled::Settled;
use crate::till::handles::telling::Telling;
use crate::till::worker::engine::Engine;

/// No request is given less.
const SHORTEST: Duration = Duration::from_millis(100);

impl Engine {
    /// Recovers everything that is unfinished.
    pub(crate) fn recover_all(&mut self, all: &Recovery) -> Result<Vec<Arc<Payment>>> {
        let mut unfinished = self.state.hold().sound_journal()?.unfinished()?;
        // What is in doubt is found out before anything is told: whether a sale was charged twice may depend on it.
        unfinished.sort_by_key(|attempt| !attempt.in_doubt());
        let grant = self.session.credentials().grant();
        let mut recovered = Vec::with_capacity(unfinished.len());
        let mut left_to_ask = unfinished.len();
        for attempt in unfinished {
            let left = all.until().saturating_sub(self.clock.elapsed());
            let ticket = Ticket::of(&attempt, grant);
            // A login counts, too.
            self.api.be_patient_for(Some(self.clock.real(left.max(SHORTEST))));
            let settled = if left.is_zero() {
                self.state.hold().tell(&attempt, None, Telling::Call)
            } else {
                // Each its share, so that one that stays in doubt does not take the time of the others.
                let share = left / u32::try_from(left_to_ask).unwrap_or(u32::MAX).max(1);
                self.resume(&ticket, share)
            };
            left_to_ask = left_to_ask.saturating_sub(1);
            recovered.push((attempt, settled));
        }
        self.look_at_the_rest(all.until(), &mut recovered);
        self.api.be_patient_for(None);
        recovered.sort_by_key(|(attempt, _)| (attempt.created_at, attempt.key()));
        let mut held = self.state.hold();
        let payment = |(attempt, mut settled): (Attempt, Settled)| {
            // They are told together, so none of them sends the till to look for another one of them.
            if !held.others_need_a_person(&attempt).unwrap_or(true) {
                settled.next_actions.retain(|action| *action != Action::CheckUnfinished);
            }
            Arc::new(Payment::replayed_as(&attempt, grant, settled))
        };
        Ok(recovered.into_iter().map(payment).collect())
    }

    /// With the time that is left: asks about what nobody need do anything about so far, and adds what somebody must after
    /// that. A till whose processes live for a second asks at no other time.
    fn look_at_the_rest(&mut self, until: Duration, recovered: &mut Vec<(Attempt, Settled)>) {
        let known: HashSet<_> = recovered.iter().map(|(attempt, _)| attempt.key()).collect();
        let is_new = |attempt: &Attempt| !known.contains(&attempt.key());
        let Ok((unproven, till)) = self.unproven() else { return };
        for attempt in unproven.into_iter().filter(|attempt| is_new(attempt) && attempt.is_asked_about(till)) {
            let left = until.saturating_sub(self.clock.elapsed());
            if left.is_zero() {
                return;
            }
            self.api.be_patient_for(Some(self.clock.real(left.max(SHORTEST))));
            let Ok(mut token) = self.session.token(&self.api, &*self.clock, Duration::ZERO) else { return };
            self.ask_about(&mut token, &attempt);
        }
        let mut held = self.state.hold();
        let unfinished = held.journal().and_then(|journal| journal.unfinished()).unwrap_or_default();
        for attempt in unfinished.into_iter().filter(is_new) {
            let settled = held.tell(&attempt, None, Telling::Call);
            recovered.push((attempt, settled));
        }
    }
}
