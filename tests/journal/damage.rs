//! Garbled and truncated files: never a panic, never a silent loss, and the damaged file is kept as it was.

use std::collections::HashMap;
use std::fs;

use secupos::error::Status;
use secupos::journal::{Identity, Journal};
use secupos::payment::attempt::{Attempt, Finish};
use secupos::payment::state::State;

use crate::till::*;

/// Numbers that look random and are the same each time.
struct Prng(u64);

impl Prng {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % limit as u64) as usize
    }
}

/// A till with a history, and what its attempts were.
fn history() -> (Dir, Vec<Attempt>) {
    let dir = Dir::new();
    let mut journal = dir.create();
    let references = (0..25).map(|number| (number, format!("sale {number}")));
    for (number, reference) in references.clone().filter(|(number, _)| number % 5 != 0) {
        journal.begin_starting(&sale(&reference, 1), &START, &now()).expect("begun");
        let body = vec![b'a' + number % 26; 700 * usize::from(number)];
        let done = Finish { response: Some(&body), ..finish(State::Approved) };
        journal.finish(&reference, 1, &done, &now()).expect("finished");
    }
    // What makes the receipt numbers of all these another's.
    let day = journal.begin_end_of_day(false, "a day", &now()).expect("begun");
    journal.end_report(day, "done", None, &now()).expect("ended");
    drop(journal);
    let another = Identity::of_device("https://connect.secucard.com", "client", "another device code");
    for identity in [&another, &identity()] {
        patiently(|| rebind(&dir.file(), identity));
    }
    let mut journal = dir.reopen();
    for (_, reference) in references.filter(|(number, _)| number % 5 == 0) {
        journal.begin_starting(&sale(&reference, 1), &START, &now()).expect("begun");
    }
    let all = journal.find(0, i64::MAX, None).expect("read");
    drop(journal);
    (dir, all)
}

#[derive(Default, Debug)]
struct Tally {
    whole: u32,
    found_by_verify: u32,
    recovered: u32,
    refused: u32,
    salvaged: usize,
}

/// Opens a damaged copy and checks that nothing is lost in silence.
fn check(dir: &Dir, damaged: &[u8], all: &[Attempt], tally: &mut Tally, what: &str) {
    let journal = match dir.open() {
        Ok(journal) => journal,
        Err(error) => {
            let refusals = [Status::StateFileTooNew];
            assert!(refusals.contains(&error.status()), "{what}: {error}");
            tally.refused += 1;
            return;
        }
    };
    let found = journal.find(0, i64::MAX, None).expect(what);
    if journal.is_in_recovery() {
        assert_eq!(fs::read(dir.beside(".damaged-1")).expect(what), damaged, "{what}: the evidence");
        let known: HashMap<_, _> = all.iter().map(|attempt| (&attempt.reference, attempt)).collect();
        for attempt in &found {
            let original = known.get(&attempt.reference).expect(what);
            // An attempt whose last event is gone is as it was before: in doubt.
            assert!(attempt.state == original.state || attempt.in_doubt(), "{what}: {attempt:?}");
        }
        assert_eq!(journal.verify().expect(what), [], "{what}");
        tally.recovered += 1;
        tally.salvaged += found.len();
        return;
    }
    assert_eq!(found, all, "{what}: lost in silence");
    check_indexes(&journal, all, what);
    let responses_are_whole = found.iter().filter(|attempt| attempt.response.is_some()).all(|attempt| {
        let number = attempt.reference.strip_prefix("sale ").and_then(|n| n.parse::<u8>().ok()).expect("a number");
        let expected = vec![b'a' + number % 26; 700 * usize::from(number)];
        journal.response(attempt.response.unwrap_or_default()).ok().flatten() == Some(expected)
    });
    let damages = journal.verify().expect(what);
    assert!(responses_are_whole || !damages.is_empty(), "{what}: a response was garbled in silence");
    if damages.is_empty() { tally.whole += 1 } else { tally.found_by_verify += 1 }
}

/// What is looked up finds as much as going through all of them.
fn check_indexes(journal: &Journal, all: &[Attempt], what: &str) {
    let those = |is_one: fn(&Attempt) -> bool| all.iter().filter(|one| is_one(one)).cloned().collect::<Vec<_>>();
    assert_eq!(journal.unfinished().expect(what), those(Attempt::is_unfinished), "{what}");
    assert_eq!(journal.unproven().expect(what), those(Attempt::is_unproven), "{what}");
    for one in all {
        let id = one.transaction_id.as_deref().expect("an id");
        assert_eq!(journal.attempt_of_transaction(id).expect(what).as_ref(), Some(one), "{what}");
        assert!(journal.knows_transaction(id).expect(what), "{what}: it could be started again");
        let since = journal.since(one, |_| true).expect(what);
        let is_safe = one.in_doubt() || since.end_of_day.is_some() && since.rebound.is_some();
        assert!(is_safe, "{what}: it could be reversed: {since:?}");
    }
}

#[test]
fn a_garbled_file_is_never_lost_in_silence() {
    let (original, all) = history();
    let whole = fs::read(original.file()).expect("read");
    let mut prng = Prng(0x5EC0_9057);
    let mut tally = Tally::default();
    // Every place in the header counts; elsewhere, places at random.
    let places = (0..100).chain((0..300).map(|_| prng.below(whole.len())).collect::<Vec<_>>());
    for place in places {
        let mut damaged = whole.clone();
        let length = 1 + prng.below(24);
        for byte in damaged.iter_mut().skip(place).take(length) {
            *byte = prng.below(256) as u8;
        }
        let dir = original.copy();
        fs::write(dir.file(), &damaged).expect("written");
        check(&dir, &damaged, &all, &mut tally, &format!("{length} bytes at {place}"));
    }
    println!("garbled: {tally:?}");
    assert!(tally.recovered > 100 && tally.salvaged > 1000, "{tally:?}");
}

#[test]
fn a_file_with_a_lost_page_is_never_lost_in_silence() {
    let (original, all) = history();
    let whole = fs::read(original.file()).expect("read");
    let mut tally = Tally::default();
    for page in 0..whole.len() / 4096 {
        let mut damaged = whole.clone();
        damaged[page * 4096..][..4096].fill(0);
        let dir = original.copy();
        fs::write(dir.file(), &damaged).expect("written");
        check(&dir, &damaged, &all, &mut tally, &format!("page {page}"));
    }
    println!("lost pages: {tally:?}");
}

#[test]
fn a_truncated_file_is_never_lost_in_silence() {
    let (original, all) = history();
    let whole = fs::read(original.file()).expect("read");
    let mut prng = Prng(7);
    let mut tally = Tally::default();
    let lengths = [0, 1, 15, 16, 68, 99, 100, 511, 512, 4095, 4096].into_iter();
    for length in lengths.chain((0..60).map(|_| prng.below(whole.len()))) {
        let damaged = &whole[..length];
        let dir = original.copy();
        fs::write(dir.file(), damaged).expect("written");
        check(&dir, damaged, &all, &mut tally, &format!("cut at {length}"));
    }
    println!("truncated: {tally:?}");
    assert!(tally.recovered > 60 && tally.salvaged > 200, "{tally:?}");
}

#[test]
fn a_garbled_log_is_never_lost_in_silence() {
    let (original, mut all) = history();
    let mut journal = original.reopen();
    all.push(pay(&mut journal, "last"));
    let crashed = original.copy();
    drop(journal);
    let whole = fs::read(crashed.beside("-wal")).expect("read");
    assert!(!whole.is_empty());
    let mut prng = Prng(99);
    let mut recovered = 0;
    for turn in 0..120 {
        let mut damaged = whole.clone();
        let place = prng.below(whole.len());
        if turn % 3 == 0 {
            damaged.truncate(place);
        } else {
            damaged[place] ^= 1 + prng.below(255) as u8;
        }
        let dir = crashed.copy();
        fs::write(dir.beside("-wal"), &damaged).expect("written");
        let journal = dir.reopen();
        let found = journal.find(0, i64::MAX, None).expect("read");
        if journal.is_in_recovery() {
            recovered += 1;
            assert_eq!(fs::read(dir.beside(".damaged-1-wal")).expect("read"), damaged);
            assert!(found.len() >= all.len() - 1);
        } else {
            assert_eq!(found, all, "{place}: lost in silence");
        }
    }
    assert!(recovered > 60, "{recovered}");
}

/// What is changed behind the journal's back, and how the damage is named.
#[test]
fn a_tampered_row_is_named() {
    let never_changed = "DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed;";
    for (sql, named) in [
        (
            "UPDATE events SET payload = replace(payload, '100', '900') WHERE sequence = 4",
            r#"event 4: reference "a", attempt 1:"#,
        ),
        ("UPDATE events SET at = at + 1 WHERE sequence = 5", r#"event 5: reference "b", attempt 1:"#),
        ("UPDATE events SET till = till + 1 WHERE sequence = 4", r#"event 4: reference "a", attempt 1: it is not"#),
        ("UPDATE events SET awake = awake - 1 WHERE sequence = 5", r#"event 5: reference "b", attempt 1: it is not"#),
        ("UPDATE events SET boot = 'two' WHERE sequence = 2", "event 2: it is not as it was written"),
        ("UPDATE events SET boot = NULL WHERE sequence = 2", "event 2: it is not as it was written"),
        ("UPDATE events SET kind = 'x' WHERE sequence = 2", "event 2: it is not as it was written"),
        ("UPDATE events SET previous = zeroblob(32) WHERE sequence = 4", "event 4:"),
        ("UPDATE events SET hash = zeroblob(32) WHERE sequence = 4", "event 4:"),
        ("UPDATE events SET hash = x'00' WHERE sequence = 4", "reading the journal:"),
        ("DELETE FROM attempts WHERE reference = 'a'", r#"event 3: reference "a", attempt 1: its row is missing"#),
        (
            "UPDATE attempts SET state = 'declined' WHERE reference = 'a'",
            r#"event 4: reference "a", attempt 1: it does not say"#,
        ),
        (
            "UPDATE attempts SET event = 3 WHERE reference = 'a'",
            r#"event 3: reference "a", attempt 1: it does not say"#,
        ),
        (
            "UPDATE attempts SET unfinished = 0 WHERE reference = 'b'",
            r#"event 5: reference "b", attempt 1: it does not say"#,
        ),
        ("UPDATE attempts SET amount = 'x' WHERE 0; DROP TABLE attempts", "no such table: attempts"),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM events WHERE sequence = 3",
            "event 4: reference \"a\", attempt 1: it does not follow",
        ),
        (
            "PRAGMA foreign_keys = OFF; DELETE FROM events WHERE sequence = 1",
            "event 2: the events before it are missing",
        ),
        ("PRAGMA foreign_keys = OFF; DELETE FROM events", "there are no events"),
    ] {
        let dir = Dir::new();
        let mut journal = dir.create();
        pay(&mut journal, "a");
        journal.begin_starting(&sale("b", 1), &START, &now()).expect("begun");
        drop(journal);
        dir.tamper(&format!("PRAGMA foreign_keys = OFF; {never_changed} {sql}"));
        let journal = dir.reopen();
        assert!(journal.is_in_recovery(), "{sql}");
        let why = dir.why_in_recovery();
        assert!(why.contains(named), "{sql}: {why}");
    }
}

/// An index that has lost what a payment asks for. SQLite itself finds nothing wrong with that before it is asked to look.
#[test]
fn an_index_that_finds_too_little_is_noticed_at_the_next_open() {
    for (index, on) in [
        ("attempts_by_transaction", "attempts (transaction_id) WHERE transaction_id IS NOT NULL"),
        ("attempts_unfinished", "attempts (created_at) WHERE unfinished"),
        ("attempts_unproven", "attempts (created_at) WHERE unproven"),
        ("events_by_attempt", "events (reference, attempt) WHERE reference IS NOT NULL"),
        ("events_of_the_file", "events (kind) WHERE reference IS NULL"),
    ] {
        let dir = Dir::new();
        let mut journal = dir.create();
        pay(&mut journal, "a");
        journal.begin_starting(&sale("b", 1), &START, &now()).expect("begun");
        drop(journal);
        // For SQLite it is the index that it was, and empty.
        dir.tamper(&format!(
            "DROP INDEX {index}; CREATE INDEX {index} ON {on} AND 0;
             PRAGMA writable_schema = ON; UPDATE sqlite_schema SET sql = 'CREATE INDEX {index} ON {on}' WHERE name = '{index}'"
        ));
        let journal = dir.reopen();
        assert!(journal.is_in_recovery(), "{index}");
        let why = dir.why_in_recovery();
        assert!(why.contains(index), "{index}: {why}");
        assert_eq!(journal.unfinished().expect("read").len(), 2, "{index}");
    }
}

#[test]
fn a_tampered_response_is_named_by_verify() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    drop(journal);
    for sql in ["UPDATE responses SET body = x'00'", "DELETE FROM responses"] {
        dir.tamper(&format!(
            "DROP TRIGGER IF EXISTS responses_are_never_changed;
             DROP TRIGGER IF EXISTS responses_are_removed_only_when_pruned; {sql}"
        ));
        let journal = dir.reopen();
        assert!(!journal.is_in_recovery(), "the payment itself is safe");
        let damages: Vec<_> = journal.verify().expect("verified").iter().map(ToString::to_string).collect();
        assert_eq!(damages, [r#"event 4: reference "a", attempt 1: its response is not as it was received"#]);
    }
}
