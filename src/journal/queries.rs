//! The attempts, as they are looked up. Nothing here writes.
//!
//! There is an index for what a payment looks up. Everything else goes through all rows: about ten milliseconds for a hundred
//! thousand.

use rusqlite::{OptionalExtension, Params, params};

use crate::error::Result;
use crate::journal::store::journal::Journal;
use crate::journal::store::{chain, fault};
use crate::money::Money;
use crate::payment::admission;
use crate::payment::attempt::Attempt;

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

    /// What the till has to do something about: in doubt, paid or reversed and not taken over, in conflict. Oldest
    /// first.
    pub fn unfinished(&self) -> Result<Vec<Attempt>> {
        self.many("a.unfinished", [])
    }

    /// What the server may still say something else about, however old: in doubt, decided by a person, ended by our abort,
    /// failed and not proven, paid without receipts. Oldest first.
    pub fn unproven(&self) -> Result<Vec<Attempt>> {
        self.many("a.unproven", [])
    }

    /// The attempt that this transaction is of.
    pub fn attempt_of_transaction(&self, id: &str) -> Result<Option<Attempt>> {
        self.one("a.transaction_id = ?1", params![id])
    }

    /// Whether this transaction is in the journal, or was seen when somebody accepted that something was lost. One that was
    /// started before is never started again.
    pub fn knows_transaction(&self, id: &str) -> Result<bool> {
        let query = "SELECT EXISTS (SELECT 1 FROM attempts WHERE transaction_id = ?1)
             OR EXISTS (SELECT 1 FROM events e, json_each(e.payload, '$.seen') s
                 WHERE e.reference IS NULL AND e.kind = 'recovered' AND s.value = ?1)";
        let found = self.connection.query_row(query, [id], |row| row.get(0));
        found.map_err(fault::sqlite("looking for a transaction"))
    }

    /// The server's clock in the row of the newest start that has it.
    pub fn last_server_date(&self) -> Result<Option<i64>> {
        let query = "SELECT payload ->> 'server_date' FROM events
             WHERE kind IN ('starting', 'salvaged') AND payload ->> 'server_date' IS NOT NULL ORDER BY sequence DESC LIMIT 1";
        let found = self.connection.query_row(query, [], |row| row.get(0));
        found.optional().map_err(fault::sqlite("reading the service's clock"))
    }

    /// What was begun from `from` on and before `to`, with this receipt number if one is given. Oldest first.
    pub fn find(&self, from: i64, to: i64, receipt_number: Option<i64>) -> Result<Vec<Attempt>> {
        self.many(
            "a.created_at >= ?1 AND a.created_at < ?2 AND (?3 IS NULL OR a.receipt_number = ?3)",
            params![from, to, receipt_number],
        )
    }

    /// An attempt at another sale over the same money that may have been paid: whoever pays now might pay a second time.
    /// What may follow on an attempt at the same sale is for [`admit`](Journal::admit) to say. `now`: till time; `is_told`:
    /// whether the till was told of an attempt as it stands.
    pub fn possible_duplicate(
        &self,
        money: Money,
        reference: &str,
        now: i64,
        is_told: impl Fn(&Attempt) -> bool,
    ) -> Result<Option<Attempt>> {
        let open = self.many(
            "(a.unproven OR a.unfinished) AND a.amount = ?1 AND a.currency = ?2",
            params![money.minor, money.currency.code()],
        )?;
        let is_one = |other: &Attempt| admission::is_possible_duplicate(other, reference, money, now, is_told(other));
        Ok(open.into_iter().rfind(is_one))
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
        payload.as_deref().map(chain::image).transpose()
    }

    pub(super) fn many(&self, condition: &str, values: impl Params) -> Result<Vec<Attempt>> {
        let query = select(&format!("{condition} ORDER BY a.created_at, a.event"));
        let read = || {
            let mut query = self.connection.prepare(&query)?;
            query.query_map(values, |row| row.get(0))?.collect::<rusqlite::Result<Vec<String>>>()
        };
        let payloads = read().map_err(fault::sqlite("reading the attempts"))?;
        payloads.iter().map(|payload| chain::image(payload)).collect()
    }
}

fn select(condition: &str) -> String {
    // An attempt whose event is gone must be noticed, not left out.
    format!("SELECT e.payload FROM attempts a LEFT JOIN events e ON e.sequence = a.event WHERE {condition}")
}
