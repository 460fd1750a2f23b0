//! Ending the doubt about an attempt: read until it is final, ended by our abort, or given up for now. What to do next is
//! `payment::resolution`'s word.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use crate::api::answer::{Answer, Expected};
use crate::api::secret::Secret;
use crate::api::transaction::TransactionId;
use crate::error::{Error, Result, Status};
use crate::journal::Swap;
use crate::payment::attempt::Attempt;
use crate::payment::changes;
use crate::payment::reason::Reason;
use crate::payment::resolution::{Abort, Conclusion, Situation, Step, Word};
use crate::payment::verdict::{self, ReadVerdict};
use crate::till::handles::settled::Settled;
use crate::till::handles::telling::Telling;
use crate::till::worker::engine::{End, Engine, Seen, id_of};

/// A read that begins at the very end of the resolve deadline still gets this long.
pub(super) const LAST_READ: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

/// Why an attempt is in doubt.
#[derive(Clone, Debug)]
pub(super) struct Doubt {
    /// What went wrong, or that the server's word is not final.
    pub(super) error: Error,
    /// The server's word, where the right transaction carried one that is not final.
    pub(super) word: Option<String>,
    /// The service refused to start at once, for this reason.
    pub(super) refused: Option<Reason>,
}

impl Doubt {
    /// One of which nothing new is known.
    pub(super) fn of_before() -> Doubt {
        Doubt::from(Error::new(Status::InvalidState, "it was in doubt before"))
    }

    pub(super) fn of(answer: &Answer) -> Doubt {
        Doubt { word: answer.word(), ..Doubt::from(answer.why()) }
    }
}

impl From<Error> for Doubt {
    fn from(error: Error) -> Self {
        Doubt { error, word: None, refused: None }
    }
}

impl Engine {
    /// Ends the doubt about an attempt, as far as that can be done within `limit`. `first`: what it was read to say just now.
    pub(super) fn resolve(
        &mut self,
        mut token: Secret,
        mut attempt: Attempt,
        mut doubt: Doubt,
        limit: Duration,
        mut first: Option<Seen>,
        telling: Telling,
    ) -> Settled {
        let Some(id) = id_of(&attempt) else { return self.give_up(attempt, &doubt, None, telling) };
        let deadline = self.clock.elapsed() + limit;
        let mut said = None;
        let mut word = Word::of(&attempt);
        let mut read_at = Duration::ZERO;
        let mut last = None;
        for turn in 0.. {
            // A person may decide meanwhile.
            attempt = self.refreshed(attempt);
            let Ok(till) = self.till() else { return self.give_up(attempt, &doubt, Some(&word), telling) };
            let situation = Situation {
                said,
                unchanged: word.age(self.till_when_read(till, read_at)),
                abort: self.abort_of(&attempt, read_at),
                left: deadline.saturating_sub(self.clock.elapsed()),
                pause: pause(&attempt.reference, turn),
                ..Situation::of(&attempt, doubt.refused.is_some(), till)
            };
            match (self.rules.next_step)(&situation) {
                Step::Read { after } => {
                    if !after.is_zero() {
                        self.clock.sleep(after);
                    }
                    let left = deadline.saturating_sub(self.clock.elapsed());
                    let seen = match first.take() {
                        Some(seen) => seen,
                        None => self.read(&mut token, &id, attempt.money, left.max(LAST_READ)),
                    };
                    (said, read_at) = (Some(seen.verdict), seen.read_at);
                    match seen.verdict {
                        ReadVerdict::Says(_) => word = word.after(seen.answer.word(), self.till().unwrap_or(till)),
                        // Of one that was begun earlier no more was known than that.
                        ReadVerdict::Nothing | ReadVerdict::TokenRefused
                            if doubt.error.status() == Status::InvalidState =>
                        {
                            doubt.error = seen.answer.why();
                        }
                        ReadVerdict::Nothing | ReadVerdict::TokenRefused => {}
                    }
                    last = Some(seen.answer);
                }
                Step::Abort => {
                    match self.note_abort(&attempt) {
                        Ok(true) => {
                            let taken = self.abort(&token, &id, &attempt);
                            self.aborts.insert(attempt.key(), (taken, self.clock.elapsed()));
                        }
                        // A person has just called it paid.
                        Ok(false) => {}
                        Err(_) => break,
                    }
                    said = None;
                }
                Step::Conclude(conclusion) => {
                    return self.conclude(&attempt, conclusion, last.as_ref(), &doubt, telling);
                }
                Step::GiveUp => break,
            }
        }
        self.give_up(attempt, &doubt, Some(&word), telling)
    }

    /// The attempt as it stands in the journal now.
    fn refreshed(&self, attempt: Attempt) -> Attempt {
        let stored =
            self.state.hold().journal().and_then(|journal| journal.attempt(&attempt.reference, attempt.attempt));
        stored.ok().flatten().unwrap_or(attempt)
    }

    /// What is not known to be our own doing would be held against the customer: so it is stored first.
    fn note_abort(&self, attempt: &Attempt) -> Result<bool> {
        let mut held = self.state.hold();
        let now = held.now();
        held.journal()?.note_abort(&attempt.reference, attempt.attempt, &now)
    }

    fn abort(&self, token: &Secret, id: &TransactionId, attempt: &Attempt) -> bool {
        let answer = Answer::read("abort", self.api.abort(token, id), Expected::Ours(id, attempt.money));
        verdict::of_abort(answer.came)
    }

    /// What became of this process's abort, seen from a read that was begun at `read_at`.
    pub(super) fn abort_of(&self, attempt: &Attempt, read_at: Duration) -> Abort {
        match self.aborts.get(&attempt.key()) {
            None => Abort::Untried,
            Some((false, _)) => Abort::Refused,
            Some((true, at)) => Abort::Taken(read_at.saturating_sub(*at)),
        }
    }

    pub(super) fn conclude(
        &mut self,
        attempt: &Attempt,
        conclusion: Conclusion,
        answer: Option<&Answer>,
        doubt: &Doubt,
        telling: Telling,
    ) -> Settled {
        let ending = conclusion.ending(attempt, doubt.refused);
        let end = End { state: ending.state, fenced: ending.fenced, reason: ending.reason, ..End::of(answer) };
        let error = ending.fenced.then(|| doubt.error.clone());
        self.finish_for(telling, attempt, &end, error)
    }

    /// Leaves an attempt in doubt, and stores why.
    pub(super) fn give_up(
        &mut self,
        attempt: Attempt,
        doubt: &Doubt,
        word: Option<&Word>,
        telling: Telling,
    ) -> Settled {
        let mut held = self.state.hold();
        let now = held.now();
        let noted = changes::Doubt {
            reason: why_in_doubt(doubt, &attempt),
            word: word.and_then(|word| word.text.as_deref()).or(doubt.word.as_deref()),
            word_since_till: word.and_then(|word| word.since),
            refused: doubt.refused.is_some(),
        };
        let (reference, number) = (&attempt.reference, attempt.attempt);
        let stored = held.journal().and_then(|journal| journal.note_doubt(reference, number, &noted, &now));
        // A note that cannot be stored changes nothing: the row says that it is in doubt.
        let attempt = stored.map_or(attempt.clone(), Swap::into_attempt);
        held.tell(&attempt, Some(doubt.error.clone()), telling)
    }
}

fn why_in_doubt(doubt: &Doubt, attempt: &Attempt) -> Reason {
    match doubt.error.status() {
        // Nothing new.
        Status::InvalidState => attempt.why().unwrap_or(Reason::Interrupted),
        _ if doubt.word.is_some() => Reason::StillOpen,
        status if status.is_connection() => Reason::ConnectionLost,
        Status::ServerFailed => Reason::ServerFailed,
        Status::ServerRefused => Reason::StillOpen,
        _ => Reason::AnswerUnreadable,
    }
}

/// How long to wait before the next read: longer each time, and not the same for all tills after an outage. The spread
/// comes from the reference, so that a simulated run can be repeated exactly.
pub(super) fn pause(reference: &str, turn: u32) -> Duration {
    let mut hasher = DefaultHasher::new();
    (reference, turn).hash(&mut hasher);
    let spread = 0.75 + 0.5 * (hasher.finish() % 1000) as f64 / 1000.0;
    FIRST_PAUSE.saturating_mul(1 << turn.min(8)).min(LONGEST_PAUSE).mul_f64(spread)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tills_do_not_all_read_at_the_same_moments() {
        let pauses: std::collections::HashSet<_> = (0..100).map(|till| pause(&format!("r{till}"), 6)).collect();
        assert!(pauses.len() > 80, "{}", pauses.len());
        assert_eq!(pause("r1", 3), pause("r1", 3));
    }
}
