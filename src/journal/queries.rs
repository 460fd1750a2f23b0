//! The attempts, as they are looked up. Nothing here writes.
//!
//! There is an index for whatever is looked up here. What an index finds is compared with the event that it points at; and
//! where it must not find too little, with another way to the same: the totals, or the events of the sale.

use rusqlite::{OptionalExtension, Params, Row, params};

use crate::error::{Error, Result};
use crate::journal::store::chain::{self, Written};
use crate::journal::store::fault;
use crate::journal::store::journal::Journal;
use crate::money::Money;
use crate::payment::admission;
use crate::payment::attempt::Attempt;

impl Journal {
    /// This attempt.
    pub fn attempt(&self, reference: &str, attempt: i32) -> Result<Option<Attempt>> {
        let found = self.one("a.reference = ?1 AND a.attempt = ?2", params![reference, attempt])?;
        if found.is_none() && self.numbers(reference)?.contains(&attempt) {
            return self.met(Err(too_little()));
        }
        Ok(found)
    }

    /// All attempts of a reference, the first one first.
    pub fn attempts(&self, reference: &str) -> Result<Vec<Attempt>> {
        let mut attempts = self.many("a.reference = ?1", [reference])?;
        attempts.sort_by_key(|attempt| attempt.attempt);
        if !attempts.iter().map(|attempt| attempt.attempt).eq(self.numbers(reference)?) {
            return self.met(Err(too_little()));
        }
        Ok(attempts)
    }

    /// The numbers of the attempts of a reference, by their events. In order.
    pub fn numbers(&self, reference: &str) -> Result<Vec<i32>> {
        self.look_up("reading the attempts", |connection| {
            let mut query = connection.prepare_cached(
                "SELECT DISTINCT attempt FROM events INDEXED BY events_by_attempt WHERE reference = ?1 ORDER BY attempt",
            )?;
            query.query_map([reference], |row| row.get(0))?.collect()
        })
    }

    /// What the till has to do something about: in doubt, paid or reversed and not taken over, in conflict. Oldest
    /// first.
    pub fn unfinished(&self) -> Result<Vec<Attempt>> {
        self.all("unfinished")
    }

    /// What a person has to see to: in doubt, or in conflict. Oldest first.
    pub fn needing_a_person(&self) -> Result<Vec<Attempt>> {
        self.all("needs_a_person")
    }

    /// What the server may still say something else about, however old: in doubt, decided by a person, ended by our abort,
    /// failed and not proven, paid without receipts. Oldest first.
    pub fn unproven(&self) -> Result<Vec<Attempt>> {
        self.all("unproven")
    }

    /// All of which one of the columns says so that are counted.
    fn all(&self, column: &str) -> Result<Vec<Attempt>> {
        let found = self.many(&format!("a.{column}"), [])?;
        let counted: i64 = self.look_up("counting the attempts", |connection| {
            connection.prepare_cached(&format!("SELECT {column} FROM totals"))?.query_row([], |row| row.get(0))
        })?;
        if i64::try_from(found.len()) == Ok(counted) { Ok(found) } else { self.met(Err(too_little())) }
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
        self.look_up("looking for a transaction", |connection| {
            connection.prepare_cached(query)?.query_row([id], |row| row.get(0))
        })
    }

    /// The server's clock in the row of the newest start that has it.
    pub fn last_server_date(&self) -> Result<Option<i64>> {
        let query = "SELECT server_date FROM attempts WHERE server_date IS NOT NULL ORDER BY began DESC LIMIT 1";
        self.look_up("reading the service's clock", |connection| {
            connection.prepare_cached(query)?.query_row([], |row| row.get(0)).optional()
        })
    }

    /// What was begun from `from` on and before `to`, with this receipt number if one is given. Oldest first.
    pub fn find(&self, from: i64, to: i64, receipt_number: Option<i64>) -> Result<Vec<Attempt>> {
        match receipt_number {
            // Not by the time: in a span there are more payments than ever had the same number.
            Some(number) => self.many(
                "a.receipt_number = ?3 AND +a.created_at >= ?1 AND +a.created_at < ?2",
                params![from, to, number],
            ),
            None => self.many("a.created_at >= ?1 AND a.created_at < ?2", params![from, to]),
        }
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
            "a.may_be_doubled AND a.amount = ?1 AND a.currency = ?2",
            params![money.minor, money.currency.code()],
        )?;
        let is_one = |other: &Attempt| admission::is_possible_duplicate(other, reference, money, now, is_told(other));
        Ok(open.into_iter().rfind(is_one))
    }

    /// The server's whole answer, as received, of the event with this number: an attempt's [`response`](Attempt) or its
    /// conflict's.
    pub fn response(&self, event: i64) -> Result<Option<Vec<u8>>> {
        self.look_up("reading a response", |connection| {
            let mut query = connection.prepare_cached("SELECT body FROM responses WHERE event = ?1")?;
            query.query_row([event], |row| row.get(0)).optional()
        })
    }

    fn one(&self, condition: &str, values: impl Params) -> Result<Option<Attempt>> {
        let query = select(condition);
        let found = self.look_up("reading an attempt", |connection| {
            connection.prepare_cached(&query)?.query_row(values, Pointed::read).optional()
        })?;
        self.met(found.map(Pointed::attempt).transpose())
    }

    pub(super) fn many(&self, condition: &str, values: impl Params) -> Result<Vec<Attempt>> {
        let query = select(&format!("{condition} ORDER BY a.created_at, a.event"));
        let found: Vec<Pointed> = self.look_up("reading the attempts", |connection| {
            connection.prepare_cached(&query)?.query_map(values, Pointed::read)?.collect()
        })?;
        self.met(found.into_iter().map(Pointed::attempt).collect())
    }
}

/// An attempt that was found, and the event that it points at.
struct Pointed {
    reference: String,
    attempt: i32,
    event: Written,
}

impl Pointed {
    fn read(row: &Row<'_>) -> rusqlite::Result<Pointed> {
        let (reference, attempt) = (row.get(chain::COLUMNS.len())?, row.get(chain::COLUMNS.len() + 1)?);
        Ok(Pointed { reference, attempt, event: Written::read(row)? })
    }

    /// The attempt, if the event is its own and as it was written.
    fn attempt(self) -> Result<Attempt> {
        let image = chain::image(&self.event.payload)?;
        let is_its_own = image.reference == self.reference && image.attempt == self.attempt;
        if is_its_own && self.event.is_intact() {
            Ok(image)
        } else {
            Err(fault::damaged("an attempt is not as it was written"))
        }
    }
}

fn select(condition: &str) -> String {
    // An attempt whose event is gone must be noticed, not left out.
    let columns = chain::columns_of("e");
    format!(
        "SELECT {columns}, a.reference, a.attempt FROM attempts a LEFT JOIN events e ON e.sequence = a.event WHERE {condition}"
    )
}

fn too_little() -> Error {
    fault::damaged("an index finds less than there is")
}

#[cfg(test)]
mod tests {
    use std::path::{Path, PathBuf};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU64, Ordering};

    use super::*;
    use crate::journal::store::till_time::Moment;
    use crate::journal::{Identity, IfMissing, NewAttempt, Opening, Start};
    use crate::os::files::Access;
    use crate::payment::attempt::{Finish, Told};
    use crate::payment::samples;
    use crate::payment::state::State;

    const NOW: i64 = 1_700_000_000_000;

    fn now() -> Moment {
        Moment { at: NOW, awake: 1, boot: Some("one".to_owned()) }
    }

    fn begin(journal: &mut Journal, reference: &str) {
        let id = format!("STX_{reference}");
        let new = NewAttempt {
            reference,
            attempt: 1,
            money: samples::money(100),
            transaction_id: Some(&id),
            created_at: NOW,
            confirmed_by: None,
        };
        let start = Start { server_date: Some(NOW), grace: 1, action: "an action" };
        journal.begin_starting(&new, &start, &now()).expect("begun");
    }

    fn finish(journal: &mut Journal, reference: &str, number: i64) -> Attempt {
        let finish = Finish { receipt_number: Some(number), ..samples::finish(State::Approved) };
        journal.finish(reference, 1, &finish, &now()).expect("finished").into_attempt()
    }

    /// A file of so many payments, all of which the till has taken over.
    fn history(payments: i64) -> (PathBuf, Journal) {
        let memory = Path::new("/dev/shm");
        let parent = if memory.is_dir() { memory.to_owned() } else { std::env::temp_dir() };
        let folder = parent.join(format!("secupos-queries-{}-{payments}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("a folder");
        let identity = Identity::of_client("https://connect.secucard.com", "client");
        let opening = Opening {
            path: &folder.join("till.db"),
            head_file: None,
            access: &Access::Owner,
            identity: &identity,
            if_missing: IfMissing::Create,
        };
        let mut journal = Journal::open(&opening, &now()).expect("created");
        for number in 1..=payments {
            let reference = format!("sale {number}");
            begin(&mut journal, &reference);
            let paid = finish(&mut journal, &reference, number);
            journal.acknowledge(&reference, 1, Told::of(&paid, false), &now()).expect("taken over");
        }
        (folder, journal)
    }

    /// How many steps SQLite takes for each thing that a payment, a reversal and an idle till do.
    fn steps(payments: i64) -> Vec<(&'static str, u64)> {
        let (folder, mut journal) = history(payments);
        begin(&mut journal, "before");
        let before = finish(&mut journal, "before", payments + 1);
        let counted = Arc::new(AtomicU64::new(0));
        let count = counted.clone();
        let counts = move || {
            count.fetch_add(1, Ordering::Relaxed);
            false
        };
        journal.connection.progress_handler(1, Some(counts)).expect("installed");
        let mut steps = Vec::new();
        let mut step = |what, journal: &mut Journal, take: &mut dyn FnMut(&mut Journal)| {
            counted.store(0, Ordering::Relaxed);
            take(journal);
            steps.push((what, counted.load(Ordering::Relaxed)));
        };
        step("unproven", &mut journal, &mut |journal| drop(journal.unproven().expect("read")));
        step("unfinished", &mut journal, &mut |journal| drop(journal.unfinished().expect("read")));
        step("needing a person", &mut journal, &mut |journal| drop(journal.needing_a_person().expect("read")));
        step("admit", &mut journal, &mut |journal| drop(journal.admit("new", 1, samples::money(100)).expect("read")));
        step("possible duplicate", &mut journal, &mut |journal| {
            drop(journal.possible_duplicate(samples::money(100), "new", 0, |_| true).expect("read"));
        });
        step("the service's clock", &mut journal, &mut |journal| {
            assert_eq!(journal.last_server_date().expect("read"), Some(NOW));
        });
        step("begin", &mut journal, &mut |journal| begin(journal, "new"));
        step("finish", &mut journal, &mut |journal| drop(finish(journal, "new", payments + 2)));
        step("what speaks against reversing", &mut journal, &mut |journal| {
            drop(journal.since(&before, |_| true).expect("read"));
        });
        step("by receipt number", &mut journal, &mut |journal| {
            assert_eq!(journal.find(NOW, NOW + 1, Some(payments)).expect("read").len(), 1);
        });
        drop(journal);
        std::fs::remove_dir_all(folder).expect("removed");
        steps
    }

    #[test]
    fn what_a_till_looks_up_takes_as_long_after_a_thousand_payments_as_after_ten() {
        for ((what, few), (_, many)) in steps(10).into_iter().zip(steps(1_000)) {
            println!("{what}: {few} steps after 10 payments, {many} after 1000");
            assert!(few > 0 && many <= few + few / 5 + 5, "{what}: {few} steps after 10 payments, {many} after 1000");
        }
    }
}
