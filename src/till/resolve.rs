//! Ending the doubt about an attempt: read until it is final, fenced after its grace deadline or a refusal, or given up
//! for now. What to do next is `doubt`'s word.

use std::hash::{DefaultHasher, Hash, Hasher};
use std::time::Duration;

use crate::api::secret::Secret;
use crate::api::verdict::{Doubt, ReadVerdict, Standing};
use crate::error::{Error, Status};
use crate::journal::{Attempt, State, Swap};
use crate::till::desk::{Desk, End, Seen, id_of, key, state_of};
use crate::till::doubt::{Refused, Said, Situation, Step};
use crate::till::grace;
use crate::till::outcome::Reason;
use crate::till::pay::Started;
use crate::till::payment::Ticket;
use crate::till::settled::Settled;

/// A read that begins at the very end of the resolve deadline still gets this long.
pub(super) const LAST_READ: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);

impl Desk {
    /// Finds out what became of an attempt that was begun earlier. Sends neither create nor start.
    pub(crate) fn resume(&mut self, ticket: &Ticket) -> Settled {
        let found = self.state.hold().journal().and_then(|journal| journal.attempt(&ticket.reference, ticket.attempt));
        let missing = || Error::new(Status::NotFound, "the attempt is no longer in the journal");
        let attempt = match found.and_then(|found| found.ok_or_else(missing)) {
            Ok(attempt) => attempt,
            Err(error) => return self.unreadable(ticket, error),
        };
        if attempt.state == State::Approved && !attempt.is_reversing() {
            return self.ask_for_receipts(&attempt);
        }
        if !attempt.is_unproven() {
            return self.told(&attempt, None);
        }
        let in_doubt = attempt.in_doubt();
        let is_reversing = attempt.is_reversing();
        match self.session.token(&self.api, &*self.clock, Duration::ZERO) {
            Ok(token) if in_doubt => {
                let doubt = Error::new(Status::InvalidState, "the till ended while the payment was running").into();
                self.resolve(token, attempt, doubt, None, self.timeouts.resolve)
            }
            Ok(token) if is_reversing => self.resume_reversal(token, &attempt),
            Ok(mut token) => self.look_at(&mut token, attempt),
            Err(error) if in_doubt => self.give_up(attempt, &error.into(), None),
            Err(_) => self.told(&attempt, None),
        }
    }

    /// Ends the doubt about an attempt, as far as that can be done within `limit`.
    pub(super) fn resolve(
        &mut self,
        mut token: Secret,
        mut attempt: Attempt,
        mut doubt: Doubt,
        mut refused: Option<Refused>,
        limit: Duration,
    ) -> Settled {
        let Some(id) = id_of(&attempt) else { return self.give_up(attempt, &doubt, None) };
        let deadline = self.clock.elapsed() + limit;
        let (mut refused_at, mut starts, mut turn) = (self.clock.elapsed(), attempt.starts, 0);
        let (mut said, mut fence, mut server_now) = (None, None, None);
        let mut word = doubt.status_word.clone();
        if refused == Some(Refused::Token) {
            // Where this fails, reading says so.
            token = self.session.renew(&self.api, &*self.clock).unwrap_or(token);
        }
        loop {
            let left = deadline.saturating_sub(self.clock.elapsed());
            let situation = Situation {
                said,
                refused,
                since_refusal: self.clock.elapsed().saturating_sub(refused_at),
                starts,
                grace_over: self.is_grace_over(&attempt, server_now),
                fence,
                left,
                pause: pause(&attempt.reference, turn),
            };
            match (self.rules.next_step)(&situation) {
                Step::Read { after } => {
                    if !after.is_zero() {
                        self.clock.sleep(after);
                        turn += 1;
                    }
                    let left = deadline.saturating_sub(self.clock.elapsed());
                    let seen = self.read(&mut token, &id, attempt.money, left.max(LAST_READ));
                    server_now = seen.server_now;
                    said = Some(match &seen.verdict {
                        ReadVerdict::Final(..) => return self.settle_fenced(&attempt, &seen, refused, fence, &doubt),
                        ReadVerdict::Created => {
                            word = Some("created".into());
                            Said::Created
                        }
                        ReadVerdict::InDoubt(Doubt { status_word: Some(open), .. }) => {
                            word = Some(open.clone());
                            Said::NothingFinal
                        }
                        ReadVerdict::InDoubt(now) => {
                            // Of one that was begun earlier no more was known than that.
                            if doubt.error.status() == Status::InvalidState {
                                doubt.error = now.error.clone();
                            }
                            Said::NothingFinal
                        }
                        ReadVerdict::TokenRefused(_) => Said::NothingFinal,
                    });
                }
                Step::Fence => {
                    let answer = self.api.abort(&token, &id);
                    fence = Some(answer.is_ok_and(|answer| (200..300).contains(&answer.status)));
                    said = None;
                }
                Step::StartAgain => {
                    starts = 2;
                    said = None;
                    refused = Some(Refused::Start);
                    refused_at = self.clock.elapsed();
                    let Some(again) = self.store_second_start(&attempt) else { continue };
                    attempt = again;
                    let second = self.start(&mut token, &id, &attempt);
                    refused_at = self.clock.elapsed();
                    match second {
                        Started::Settled(settled) => return *settled,
                        Started::NeverSent(error) | Started::Refused(_, error) => doubt = error.into(),
                        Started::InDoubt(second) => {
                            refused = None;
                            word = second.status_word.clone();
                            doubt = second;
                        }
                    }
                }
                Step::CallNotStarted => {
                    let reason = Some(Reason::NeverStarted);
                    let state = State::NotStarted;
                    let end = End { state, fenced: false, reason, transaction: None, answer: None, took: None };
                    return self.finish(&attempt, &end, None);
                }
                Step::GiveUp => return self.give_up(attempt, &doubt, word),
            }
        }
    }

    /// The durable row of a second start; none if there may not be one.
    fn store_second_start(&mut self, attempt: &Attempt) -> Option<Attempt> {
        let now = self.clock.now();
        let mut held = self.state.hold();
        match held.journal().ok()?.begin_starting_again(&attempt.reference, attempt.attempt, now) {
            Ok(Swap::Made(again)) => Some(*again),
            Ok(Swap::Lost(_)) | Err(_) => None,
        }
    }

    pub(super) fn is_grace_over(&mut self, attempt: &Attempt, server_now: Option<i64>) -> bool {
        let key = key(attempt);
        let known_since = self.begun_at.get(&key).copied().unwrap_or(self.opened_at);
        let over = grace::is_over(attempt, self.clock.elapsed().saturating_sub(known_since), server_now);
        if over {
            self.grace_over.insert(key.clone());
        }
        self.grace_over.contains(&key)
    }

    /// Stores the final word about an attempt that was perhaps fenced. What our own abort has ended was never started;
    /// what ended otherwise was declined.
    fn settle_fenced(
        &mut self,
        attempt: &Attempt,
        seen: &Seen,
        refused: Option<Refused>,
        fence: Option<bool>,
        doubt: &Doubt,
    ) -> Settled {
        let ReadVerdict::Final(standing, transaction) = &seen.verdict else { return self.told(attempt, None) };
        let ended_by_us = matches!(standing, Standing::Aborted | Standing::Cancelled) && fence == Some(true);
        let (state, reason) = match ended_by_us {
            true if refused.is_some() => (State::NotStarted, Some(Reason::StartRefused)),
            true => (State::NotStarted, Some(Reason::NeverStarted)),
            false => state_of(*standing),
        };
        // Our abort may have been taken although its answer was lost, now or in an earlier call: what was not paid after
        // that is asked about again, whatever the word for it.
        let may_be_ours = fence.is_some() || self.is_grace_over(attempt, seen.server_now);
        let fenced = may_be_ours && matches!(state, State::NotStarted | State::Declined);
        let (transaction, answer) = (Some(&**transaction), seen.answer.as_deref());
        let error = ended_by_us.then(|| doubt.error.clone());
        self.finish(attempt, &End { state, fenced, reason, transaction, answer, took: None }, error)
    }

    /// Leaves an attempt in doubt, and stores why.
    fn give_up(&mut self, attempt: Attempt, doubt: &Doubt, word: Option<String>) -> Settled {
        let now = self.clock.now();
        let reason = why_in_doubt(doubt, &attempt).name();
        let noted = Attempt { reason: Some(reason.to_owned()), status_text: word, ..attempt.clone() };
        if noted != attempt {
            let word = noted.status_text.as_deref();
            let mut held = self.state.hold();
            // A note that cannot be stored changes nothing: the row says that it is in doubt.
            let _ = held
                .journal()
                .and_then(|journal| journal.note_doubt(&attempt.reference, attempt.attempt, now, reason, word));
        }
        Settled::of(&noted, None, Some(doubt.error.clone()), now)
    }
}

fn why_in_doubt(doubt: &Doubt, attempt: &Attempt) -> Reason {
    match doubt.error.status() {
        // Nothing new.
        Status::InvalidState => attempt.reason.as_deref().and_then(Reason::named).unwrap_or(Reason::Interrupted),
        _ if doubt.status_word.is_some() => Reason::StillOpen,
        _ if doubt.error.status().is_connection() => Reason::ConnectionLost,
        Status::ServerFailed => Reason::ServerFailed,
        Status::Refused => Reason::StillOpen,
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
