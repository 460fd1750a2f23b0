//! A file that is too long to be gone through at each open: what makes it doubted, that it is gone through when there is time,
//! and that a damage behind its last events finds too little in silence neither before nor after.

use std::sync::Arc;
use std::sync::OnceLock;

use secupos::error::Status;
use secupos::journal::{IsWanted, Journal};
use secupos::payment::attempt::{Attempt, Finish};
use secupos::payment::state::State;

use crate::till::*;

/// So many events are gone through at each open, and some more are written.
const TAIL: usize = 500;

/// What stands at the beginning of a long file: a payment of each kind that a till must find.
fn first_payments(journal: &mut Journal) {
    pay(journal, "paid");
    pay(journal, "taken over");
    acknowledge(journal, "taken over", 1, &now()).expect("taken over");
    journal.begin_starting(&sale("in doubt", 1), &START, &now()).expect("begun");
    journal.begin_starting(&sale("failed", 1), &START, &now()).expect("begun");
    journal.finish("failed", 1, &Finish { said_by_start: false, ..finish(State::Declined) }, &now()).expect("finished");
}

/// A file with these and enough behind them, closed; made once.
fn long() -> Dir {
    static LONG: OnceLock<Dir> = OnceLock::new();
    let long = LONG.get_or_init(|| {
        let dir = Dir::new();
        let mut journal = dir.create();
        first_payments(&mut journal);
        for number in 0..TAIL / 3 + 10 {
            let reference = format!("later {number}");
            pay(&mut journal, &reference);
            acknowledge(&mut journal, &reference, 1, &now()).expect("taken over");
        }
        dir
    });
    long.copy()
}

/// The same as a kill leaves it.
fn killed() -> Dir {
    let dir = long();
    let journal = dir.reopen();
    let copy = dir.copy();
    drop(journal);
    copy
}

fn wanted(is_wanted: bool) -> IsWanted {
    Arc::new(move || is_wanted)
}

/// The index `name` on `on` has lost what it had. SQLite itself finds nothing wrong with that before it is asked to look.
fn without(name: &str, on: &str) -> String {
    format!(
        "DROP INDEX {name}; CREATE INDEX {name} ON {on} AND 0;
         PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX {name} ON {on}' WHERE name = '{name}'"
    )
}

#[test]
fn what_was_closed_is_trusted_and_what_was_killed_is_gone_through_once() {
    assert!(!long().reopen().is_doubted(), "it was closed");

    let dir = killed();
    let mut journal = dir.reopen();
    assert!(journal.is_doubted());
    journal.go_through(&wanted(true)).expect("interrupted");
    assert!(journal.is_doubted(), "somebody wanted it");
    drop(journal);

    // The next process has it from the one before, which has closed the file.
    let mut journal = dir.reopen();
    assert!(journal.is_doubted());
    pay(&mut journal, "meanwhile");
    journal.go_through(&wanted(false)).expect("gone through");
    assert!(!journal.is_doubted());
    drop(journal);
    assert!(!dir.reopen().is_doubted(), "it has been gone through");
}

#[test]
fn one_that_was_interrupted_goes_on_where_it_was() {
    let dir = killed();
    let mut journal = dir.reopen();
    let mut times = 0;
    while journal.is_doubted() {
        let left = std::sync::atomic::AtomicI32::new(80);
        let after_some: IsWanted = Arc::new(move || left.fetch_sub(1, std::sync::atomic::Ordering::Relaxed) <= 0);
        journal.go_through(&after_some).expect("some of it");
        times += 1;
        assert!(times < 50);
    }
    assert!(times > 5, "{times}");
}

#[test]
fn a_short_file_is_gone_through_at_each_open() {
    let dir = Dir::new();
    let mut journal = dir.create();
    first_payments(&mut journal);
    let killed = dir.copy();
    drop(journal);
    assert!(!killed.reopen().is_doubted());
}

/// What a payment looks up, by way of the file.
fn looked_up(journal: &Journal) -> [Result<Vec<Attempt>, Status>; 5] {
    let status = |error: secupos::error::Error| error.status();
    [
        journal.unfinished().map_err(status),
        journal.unproven().map_err(status),
        journal.needing_a_person().map_err(status),
        journal.attempts("paid").map_err(status),
        journal.attempt("in doubt", 1).map(|found| found.into_iter().collect()).map_err(status),
    ]
}

#[test]
fn an_index_that_was_emptied_in_a_closed_file_finds_all_or_says_that_it_is_damaged() {
    let whole = looked_up(&long().reopen());
    assert!(whole.iter().all(|found| found.as_ref().is_ok_and(|found| !found.is_empty())), "{whole:?}");
    for (index, on) in [
        ("attempts_unfinished", "attempts (created_at) WHERE unfinished"),
        ("attempts_unproven", "attempts (created_at) WHERE unproven"),
        ("attempts_that_need_a_person", "attempts (created_at) WHERE needs_a_person"),
        ("events_by_attempt", "events (reference, attempt) WHERE reference IS NOT NULL"),
    ] {
        let dir = long();
        dir.tamper(&without(index, on));
        let mut journal = dir.reopen();
        let found = looked_up(&journal);
        let (mut refused, mut right) = (0, 0);
        for (found, whole) in found.iter().zip(&whole) {
            match found {
                Err(status) => {
                    assert_eq!(*status, Status::StateFileDamaged, "{index}");
                    refused += 1;
                }
                found => {
                    assert_eq!(found, whole, "{index}: too little was found in silence");
                    right += 1;
                }
            }
        }
        assert!(refused > 0 && right > 0, "{index}: {refused} {right}");
        assert!(journal.has_failed(), "{index}");
        let begun = journal.begin_starting(&sale("next", 1), &START, &now());
        assert_eq!(status(begun), Status::JournalFailed.number(), "{index}: nothing begins before it was opened again");
        journal.close_failed();
        let recovered = dir.reopen();
        assert!(recovered.is_in_recovery(), "{index}");
        assert!(dir.why_in_recovery().contains(index), "{index}: {}", dir.why_in_recovery());
        assert_eq!(looked_up(&recovered)[0].as_ref().map(Vec::len), Ok(2), "{index}: everything was brought over");
    }
}

#[test]
fn each_damage_behind_the_last_events_is_found_when_a_killed_file_is_gone_through() {
    let never_changed = "DROP TRIGGER events_are_never_changed;";
    let of_money = without("attempts_by_money", "attempts (amount, currency) WHERE may_be_doubled");
    let of_numbers = without("attempts_by_number", "attempts (receipt_number) WHERE receipt_number IS NOT NULL");
    let of_transactions =
        without("attempts_by_transaction", "attempts (transaction_id) WHERE transaction_id IS NOT NULL");
    let of_dates = without("attempts_dated", "attempts (began) WHERE server_date IS NOT NULL");
    for (sql, named) in [
        (of_money.as_str(), "attempts_by_money"),
        (&of_numbers, "attempts_by_number"),
        (&of_transactions, "attempts_by_transaction"),
        (&of_dates, "attempts_dated"),
        ("UPDATE totals SET unproven = unproven - 1", "the totals"),
        ("UPDATE attempts SET may_be_doubled = 0 WHERE reference = 'in doubt'", r#"reference "in doubt", attempt 1"#),
        ("UPDATE attempts SET began = 1 WHERE reference = 'paid'", r#"reference "paid", attempt 1"#),
        ("UPDATE attempts SET receipt_number = 8 WHERE reference = 'paid'", r#"reference "paid", attempt 1"#),
        ("UPDATE events SET payload = replace(payload, '100', '900') WHERE sequence = 3", "event 3"),
        ("UPDATE events SET hash = zeroblob(32) WHERE sequence = 4", "event 4"),
    ] {
        let dir = killed();
        // The log belongs to the file: what it holds is brought into it, and another kill follows.
        dir.tamper(&format!("PRAGMA foreign_keys = OFF; {never_changed} {sql}"));
        std::fs::write(dir.beside("-wal"), "what a kill leaves").expect("written");
        let mut journal = dir.reopen();
        assert!(journal.is_doubted(), "{sql}");
        let Err(damage) = journal.go_through(&wanted(false)) else { panic!("{sql}: nothing was found") };
        assert_eq!(damage.status(), Status::StateFileDamaged, "{sql}");
        assert!(damage.message().contains(named), "{sql}: {damage}");
        assert!(journal.has_failed() && !journal.is_doubted(), "{sql}");
        journal.close_failed();
        let recovered = dir.reopen();
        assert!(recovered.is_in_recovery(), "{sql}");
        assert_eq!(recovered.verify().expect("verified"), [], "{sql}");
    }
}

#[test]
fn a_file_of_an_older_version_gets_what_it_lacks() {
    let second =
        "DROP INDEX attempts_approved; ALTER TABLE attempts DROP COLUMN ended; ALTER TABLE attempts DROP COLUMN brand;
        PRAGMA user_version = 2;";
    let first = "
        DROP TRIGGER attempts_are_counted; DROP TRIGGER attempts_are_counted_anew; DROP TABLE totals; DROP TABLE doubts;
        DROP INDEX attempts_by_beginning; DROP INDEX attempts_by_creation; DROP INDEX attempts_by_day;
        DROP INDEX attempts_by_money; DROP INDEX attempts_by_number; DROP INDEX attempts_dated;
        DROP INDEX attempts_of_terminals; DROP INDEX attempts_that_need_a_person;
        ALTER TABLE attempts DROP COLUMN began; ALTER TABLE attempts DROP COLUMN server_date;
        ALTER TABLE attempts DROP COLUMN terminal; ALTER TABLE attempts DROP COLUMN needs_a_person;
        ALTER TABLE attempts DROP COLUMN may_be_doubled; PRAGMA user_version = 1";
    for made_older in [second.to_owned(), format!("{second} {first}")] {
        let dir = Dir::new();
        let mut journal = dir.create();
        first_payments(&mut journal);
        let whole = looked_up(&journal);
        drop(journal);
        dir.tamper(&made_older);
        let damaged = dir.copy();
        let journal = dir.reopen();
        assert!(!journal.is_in_recovery());
        assert_eq!(looked_up(&journal), whole);
        assert_eq!(journal.verify().expect("verified"), []);
        drop(journal);
        assert!(!dir.reopen().is_in_recovery(), "it has been done once");

        // One that is damaged is set aside as it was.
        damaged.tamper("DROP TRIGGER events_are_never_changed; UPDATE events SET at = at + 1 WHERE sequence = 3");
        let as_it_was = std::fs::read(damaged.file()).expect("read");
        assert!(damaged.reopen().is_in_recovery());
        assert_eq!(std::fs::read(damaged.beside(".damaged-1")).expect("read"), as_it_was);
    }
}
