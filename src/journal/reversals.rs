//! The reversal of an approved attempt. It stands here before it may be sent, and its result follows. What has happened since
//! the payment may speak against reversing it: `since`.

use rusqlite::{OptionalExtension, params};

use crate::error::{Error, Result};
use crate::journal::steps::Swap;
use crate::journal::store::journal::Journal;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;
use crate::payment::attempt::Attempt;
use crate::payment::changes::{ReversalNote, Reversing};
use crate::payment::reason::Reason;
use crate::payment::reversal::Since;
use crate::payment::reversal_record::{Fault, ReversalDecision};

impl Journal {
    /// Stores that a reversal may be sent from here on. Only when this has returned may its first byte be written. Once
    /// more, only where somebody asks for it.
    pub fn begin_reversing(
        &mut self,
        reference: &str,
        attempt: i32,
        reversing: &Reversing<'_>,
        now: &Moment,
    ) -> Result<Swap> {
        self.may_start()?;
        let found = self.known(reference, attempt)?;
        let begun = found.after_reversing(&Reversing { at: now.at, till: self.till(now), ..*reversing });
        self.reserve_room()?;
        self.step(Kind::Reversing, now, None, found, begun)
    }

    /// Stores what is known of a reversal that may have been sent. That it was done is stored by
    /// [`finish`](Journal::finish).
    pub fn note_reversal(
        &mut self,
        reference: &str,
        attempt: i32,
        note: ReversalNote,
        reason: Option<Reason>,
        error: Option<&Error>,
        now: &Moment,
    ) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let noted = found.after_reversal_note(note, reason, error.map(Fault::of));
        let is_open = noted.as_ref().is_some_and(Attempt::is_reversing);
        let kind = if is_open { Kind::ReversalInDoubt } else { Kind::NotReversed };
        self.step(kind, now, None, found, noted)
    }

    /// Stores what a person says of a reversal in doubt. Once; the server's word may still follow.
    pub fn decide_reversal(
        &mut self,
        reference: &str,
        attempt: i32,
        decision: &ReversalDecision,
        now: &Moment,
    ) -> Result<Swap> {
        let found = self.known(reference, attempt)?;
        let decision = ReversalDecision { decided_at: now.at, decided_till: self.till(now), ..decision.clone() };
        let decided = found.after_reversal_decision(decision);
        self.step(Kind::ReversalDecided, now, None, found, decided)
    }

    /// What has happened since this payment was begun, by the order of the journal, that could make its number somebody
    /// else's. `may_have_closed`: whether an end of day with this outcome may have closed the day.
    pub fn since(&self, attempt: &Attempt, may_have_closed: impl Fn(&str) -> bool) -> Result<Since> {
        let began = self.started_by(attempt)?;
        let mut since = Since::default();
        if let Some(number) = attempt.receipt_number {
            since.number_issued = self.number_issued_after(began, number, &attempt.reference)?;
            since.number_shared = self.number_shared(number, &attempt.reference)?;
        }
        let closed = self.ends_of_days(began)?.into_iter();
        let may_have_run = |outcome: Option<&str>| outcome.is_none_or(&may_have_closed);
        since.end_of_day = closed.filter(|end| may_have_run(end.outcome.as_deref())).map(|end| end.begun_at).next();
        since.rebound = self.rebound_after(began)?;
        since.other_terminal = match (&attempt.terminal, self.newest_terminal()?) {
            (Some(own), Some(newest)) => *own != newest,
            _ => false,
        };
        Ok(since)
    }

    /// A payment of another sale, begun after this event, that was given this number or a lower one.
    fn number_issued_after(&self, event: i64, number: i64, reference: &str) -> Result<Option<(String, i64)>> {
        let query = "SELECT reference, receipt_number FROM attempts
             WHERE began > ?1 AND receipt_number <= ?2 AND reference <> ?3 LIMIT 1";
        let values = params![event, number, reference];
        self.look_up("reading the receipt numbers", |connection| {
            connection.prepare_cached(query)?.query_row(values, |row| Ok((row.get(0)?, row.get(1)?))).optional()
        })
    }

    /// A payment of another sale that stands and has this number.
    fn number_shared(&self, number: i64, reference: &str) -> Result<Option<String>> {
        let query =
            "SELECT reference FROM attempts WHERE receipt_number = ?1 AND reference <> ?2 AND state = 'approved'
             LIMIT 1";
        self.look_up("reading the receipt numbers", |connection| {
            connection.prepare_cached(query)?.query_row(params![number, reference], |row| row.get(0)).optional()
        })
    }

    /// When the file was bound anew after this event, if it was.
    fn rebound_after(&self, event: i64) -> Result<Option<i64>> {
        let query = "SELECT max(at) FROM events WHERE reference IS NULL AND kind = 'rebound' AND sequence > ?1";
        self.look_up("reading whose file it is", |connection| {
            connection.prepare_cached(query)?.query_row([event], |row| row.get(0))
        })
    }

    /// The terminal of the newest payment whose terminal is known.
    fn newest_terminal(&self) -> Result<Option<String>> {
        // The newest is what was begun last, whatever has been said of an older one since.
        let query = "SELECT terminal FROM attempts WHERE terminal IS NOT NULL ORDER BY began DESC LIMIT 1";
        self.look_up("reading the terminal", |connection| {
            connection.prepare_cached(query)?.query_row([], |row| row.get(0)).optional()
        })
    }
}
