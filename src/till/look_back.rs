//! Asking again about what was before: what is in doubt, what a person has decided, what was fenced, and what was declined
//! a moment ago.

use std::cmp::Reverse;
use std::time::Duration;

use crate::api::secret::Secret;
use crate::api::verdict::ReadVerdict;
use crate::error::{Error, Result, Status};
use crate::journal::{Attempt, State};
use crate::till::desk::{Desk, PATIENCE, id_of, key};
use crate::till::outcome::Reason;
use crate::till::payment::Ticket;
use crate::till::settled::Settled;

/// For so long the server is asked again about what it has not said its own final word on: 7 days.
pub(crate) const ASKED_FOR: i64 = 7 * 24 * 60 * 60 * 1000;
/// A payment that was declined is looked at again before each next one, because some terminal may have gone on, until the
/// server still says so this long after, in milliseconds.
const DECLINED_FOR_GOOD: i64 = 15 * 60 * 1000;
/// But not if it was begun longer ago than a day, in milliseconds.
const BEGUN_LATELY: i64 = 24 * 60 * 60 * 1000;
/// No more than so many are looked at before a payment, nor for longer altogether.
const LOOKED_AT: usize = 5;
const LOOKING_BACK: Duration = Duration::from_secs(10);

impl Desk {
    /// Asks the server again about what it has not said its own final word on. At each open, as far as that goes.
    pub(crate) fn look_again(&mut self) {
        let _ = self.look_at_earlier(None);
    }

    /// Before a payment: is anything before it still open?
    pub(super) fn look_back(&mut self, ticket: &Ticket) -> std::result::Result<(), (Reason, Error)> {
        let failed = |error| (Reason::JournalFailed, error);
        let before = self.look_at_earlier(Some(&ticket.reference)).map_err(failed)?;
        let own =
            self.state.hold().journal().and_then(|journal| journal.attempts(&ticket.reference)).map_err(failed)?;
        if let Some(paid) = own.iter().find(|attempt| attempt.forbids_another()) {
            let fault = format!("attempt {} of reference {:?} has been paid after all", paid.attempt, paid.reference);
            return Err((Reason::AlreadyPaid, Error::new(Status::ReferenceConflict, fault)));
        }
        match before.first() {
            Some(open) => {
                let fault = format!("the payment {:?} attempt {} is still in doubt", open.reference, open.attempt);
                Err((Reason::TerminalBusy, Error::new(Status::Busy, fault)))
            }
            None => Ok(()),
        }
    }

    /// Looks at what is not proven: what is in doubt before all else, then the earlier attempts at the sale that is about
    /// to be paid, then what was not looked at for the longest time, of what never was the newest first. Returns what
    /// holds the terminal after that, the oldest first.
    pub(super) fn look_at_earlier(&mut self, own: Option<&str>) -> Result<Vec<Attempt>> {
        let now = self.clock.now();
        let since = now.saturating_sub(ASKED_FOR);
        let mut earlier = self.state.hold().journal()?.unproven(i64::MIN)?;
        // A clock that somebody has set by years does not make the terminal free.
        earlier.retain(|attempt| attempt.asked_about_from() >= since || self.holds_the_terminal(attempt));
        // Without an end: the clock may have been set back since.
        let others = self.state.hold().journal()?.find(now.saturating_sub(BEGUN_LATELY), i64::MAX, None)?;
        earlier.extend(others.into_iter().filter(|attempt| {
            let is_open = !self.for_good.contains(&key(attempt));
            attempt.state == State::Declined && attempt.conflict.is_none() && !attempt.is_unproven() && is_open
        }));
        earlier.sort_by_key(|attempt| {
            let is_own = own == Some(attempt.reference.as_str());
            let looked_at = self.looked_at.get(&key(attempt)).copied();
            (!attempt.in_doubt() && !attempt.is_reversing(), !is_own, looked_at, Reverse(attempt.created_at))
        });
        earlier.truncate(LOOKED_AT);
        if earlier.is_empty() {
            return Ok(Vec::new());
        }
        let until = self.clock.elapsed() + LOOKING_BACK;
        // Without a login nothing will be started either.
        if let Ok(mut token) = self.session.token(&self.api, &*self.clock, Duration::ZERO) {
            for attempt in earlier {
                if self.clock.elapsed() >= until {
                    break;
                }
                self.look_at(&mut token, attempt);
            }
        }
        let unproven = self.state.hold().journal()?.unproven(i64::MIN)?;
        Ok(unproven.into_iter().filter(|attempt| self.holds_the_terminal(attempt)).collect())
    }

    /// It or its reversal is in doubt, and may still reach the terminal.
    fn holds_the_terminal(&mut self, attempt: &Attempt) -> bool {
        let may_start = attempt.in_doubt() && !self.is_grace_over(attempt, None);
        may_start || self.reversal_holds_the_terminal(attempt)
    }

    /// Reads an attempt once more and stores what the server says now. Fences it if its deadline has passed.
    pub(super) fn look_at(&mut self, token: &mut Secret, attempt: Attempt) -> Settled {
        self.looked_at.insert(key(&attempt), self.clock.elapsed());
        if attempt.state == State::Starting {
            let doubt = Error::new(Status::InvalidState, "it was in doubt before").into();
            return self.resolve(token.clone(), attempt, doubt, None, Duration::ZERO);
        }
        match id_of(&attempt) {
            Some(id) if attempt.is_reversing() => self.look_at_reversal(token, &attempt, &id),
            Some(id) => {
                let seen = self.read(token, &id, attempt.money, PATIENCE);
                match seen.verdict {
                    ReadVerdict::Final(..) => {
                        let since = self.clock.now().saturating_sub(attempt.finished_at.unwrap_or(i64::MAX));
                        if since >= DECLINED_FOR_GOOD {
                            self.for_good.insert(key(&attempt));
                        }
                        self.settle_read(&attempt, &seen, None)
                    }
                    _ => self.told(&attempt, None),
                }
            }
            None => self.told(&attempt, None),
        }
    }
}
