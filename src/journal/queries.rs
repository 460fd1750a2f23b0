//! What may be asked of the journal. Nothing here writes.
//!
//! All but the look-up of one attempt go through all rows: about ten milliseconds for a hundred thousand.

use rusqlite::{OptionalExtension, Params, params};

use crate::error::Result;
use crate::journal::attempt::Attempt;
use crate::journal::{Journal, fault};
use crate::money::Money;

impl Journal {
    /// This attempt.
    pub fn attempt(&self, reference: &str, attempt: i32) -> Result<Option<Attempt>> {
        self.one("a.reference = ?1 AND a.attempt = ?2", params![reference, attempt])
    }

    /// All attempts of a reference, the first one first.
    pub fn attempts(&self, reference: &str) -> Result<Vec<Attempt>> {
        let mut attempts = self.many("a.reference = ?1", [reference])?;
        attempts.sort_by_key(|attempt| attempt.attempt);
        Ok(attempts)
    }

    /// The last attempt of a reference.
    pub fn last_attempt(&self, reference: &str) -> Result<Option<Attempt>> {
        self.one("a.reference = ?1 ORDER BY a.attempt DESC LIMIT 1", [reference])
    }

    /// What the till has to do something about: in doubt, paid or reversed and not taken over, in conflict. Oldest
    /// first.
    pub fn unfinished(&self) -> Result<Vec<Attempt>> {
        self.many("a.unfinished", [])
    }

    /// What the server has not yet said its own final word about, begun at `since` or later: in doubt, decided by a
    /// person, or fenced. Oldest first.
    pub fn unproven(&self, since: i64) -> Result<Vec<Attempt>> {
        self.many("a.unproven AND a.created_at >= ?1", [since])
    }

    /// Where the server has contradicted what is stored. Oldest first.
    pub fn conflicts(&self) -> Result<Vec<Attempt>> {
        self.many("a.conflict", [])
    }

    /// What was begun from `from` on and before `to`, with this receipt number if one is given. Oldest first.
    pub fn find(&self, from: i64, to: i64, receipt_number: Option<i64>) -> Result<Vec<Attempt>> {
        self.many(
            "a.created_at >= ?1 AND a.created_at < ?2 AND (?3 IS NULL OR a.receipt_number = ?3)",
            params![from, to, receipt_number],
        )
    }

    /// An attempt at another sale over the same money, begun at `since` or later, of which nobody but a person has said
    /// that it was not paid: whoever pays now might pay a second time. What may follow on an attempt at the same sale is
    /// for [`admit`](Journal::admit) to say.
    pub fn possible_duplicate(&self, money: Money, since: i64, reference: &str) -> Result<Option<Attempt>> {
        let unproven = self.many(
            "a.state = 'starting' AND a.amount = ?1 AND a.currency = ?2 AND a.created_at >= ?3 AND a.reference <> ?4",
            params![money.minor, money.currency.code(), since, reference],
        )?;
        Ok(unproven.into_iter().rfind(|attempt| attempt.decision.as_ref().is_none_or(|decision| !decision.paid)))
    }

    /// The server's whole answer, as received, of the event with this number: an attempt's [`response`](Attempt) or its
    /// conflict's.
    pub fn response(&self, event: i64) -> Result<Option<Vec<u8>>> {
        self.connection
            .query_row("SELECT body FROM responses WHERE event = ?1", [event], |row| row.get(0))
            .optional()
            .map_err(fault::sqlite("reading a response"))
    }

    fn one(&self, condition: &str, values: impl Params) -> Result<Option<Attempt>> {
        let query = select(condition);
        let payload: Option<String> = self
            .connection
            .query_row(&query, values, |row| row.get(0))
            .optional()
            .map_err(fault::sqlite("reading an attempt"))?;
        payload.as_deref().map(parse).transpose()
    }

    pub(super) fn many(&self, condition: &str, values: impl Params) -> Result<Vec<Attempt>> {
        let query = select(&format!("{condition} ORDER BY a.created_at, a.event"));
        let read = || {
            let mut query = self.connection.prepare(&query)?;
            query.query_map(values, |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
        };
        let payloads = read().map_err(fault::sqlite("reading the attempts"))?;
        payloads.iter().map(|payload| parse(payload)).collect()
    }
}

fn select(condition: &str) -> String {
    // An attempt whose event is gone must be noticed, not left out.
    format!("SELECT e.payload FROM attempts a LEFT JOIN events e ON e.sequence = a.event WHERE {condition}")
}

pub(super) fn parse(payload: &str) -> Result<Attempt> {
    serde_json::from_str(payload).map_err(|fault| fault::damaged(format!("an attempt cannot be read: {fault}")))
}
