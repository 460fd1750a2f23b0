//! What has been kept for long enough is removed, and nothing else; the chain stays whole, before and after.

use std::fs;

use secupos::error::Status;
use secupos::journal::{Body, Journal, NewAttempt, Pruned, Start};
use secupos::payment::attempt::{Attempt, Finish};
use secupos::payment::state::State;

use crate::till::*;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;
pub const DAYS: u32 = 30;
pub const OLD: i64 = NOW - 31 * DAY_MS;
const YOUNG: i64 = NOW - 29 * DAY_MS;
pub const ACCOUNT: &[u8] = b"DE02120300000000202051";

/// Begins a sale when the service's clock says this.
pub fn begin_at(journal: &mut Journal, reference: &str, server_date: Option<i64>) {
    let created_at = server_date.unwrap_or(OLD);
    let new = NewAttempt { created_at, ..sale(reference, 1) };
    journal.begin_starting(&new, &Start { server_date, ..START }, &at(created_at + 1)).expect("begun");
}

pub fn pay_at(journal: &mut Journal, reference: &str, server_date: Option<i64>) {
    begin_at(journal, reference, server_date);
    let paid = Finish { response: Some(&body(reference)), ..finish(State::Approved) };
    journal.finish(reference, 1, &paid, &now()).expect("paid");
}

pub fn take_over(journal: &mut Journal, reference: &str) {
    acknowledge(journal, reference, 1, &now()).expect("acknowledged");
}

/// An answer of a usual size, with what must not be found any more.
pub fn body(reference: &str) -> Vec<u8> {
    [reference.as_bytes(), &[b' '; 5_000], ACCOUNT].concat()
}

/// A till with a past: two responses may go, four must stay for now, two are young.
pub fn history() -> Dir {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay_at(&mut journal, "taken over", Some(OLD));
    take_over(&mut journal, "taken over");
    begin_at(&mut journal, "declined", Some(OLD));
    let declined = Finish { response: Some(&body("declined")), ..finish(State::Declined) };
    journal.finish("declined", 1, &declined, &now()).expect("finished");
    journal.prove("declined", 1, &now()).expect("proven");
    pay_at(&mut journal, "not taken over", Some(OLD));
    pay_at(&mut journal, "contradicted", Some(OLD));
    journal.finish("contradicted", 1, &declined, &now()).expect("contradicted");
    begin_at(&mut journal, "fenced", Some(OLD));
    let fenced = Finish { fenced: true, response: Some(&body("fenced")), ..finish(State::NotStarted) };
    journal.finish("fenced", 1, &fenced, &now()).expect("finished");
    begin_at(&mut journal, "in doubt", Some(OLD));
    pay_at(&mut journal, "young", Some(YOUNG));
    take_over(&mut journal, "young");
    pay_at(&mut journal, "today", Some(NOW));
    drop(journal);
    dir
}

/// Whose responses are still there.
pub fn responses(journal: &Journal) -> Vec<String> {
    let all = archived(journal, 0, i64::MAX);
    let there = |body: &Body| matches!(body, Body::AsReceived(_));
    all.into_iter()
        .flat_map(|one| one.responses.into_iter().map(move |own| (one.attempt.reference.clone(), own.body)))
        .filter_map(|(reference, body)| there(&body).then_some(reference))
        .collect()
}

pub const ALL: [&str; 8] =
    ["contradicted", "contradicted", "declined", "fenced", "not taken over", "taken over", "young", "today"];

/// The same without what may go.
pub const LEFT: [&str; 6] = ["contradicted", "contradicted", "fenced", "not taken over", "young", "today"];

#[test]
fn what_is_old_and_done_is_removed_and_all_that_is_known_of_it_stays() {
    let dir = history();
    let mut journal = dir.reopen();
    let before = journal.find(0, i64::MAX, None).expect("read");
    assert_eq!(responses(&journal), ALL);
    let pruned = journal.prune(DAYS, "Erna", &now()).expect("pruned");
    let bytes = (body("taken over").len() + body("declined").len()) as u64;
    assert_eq!(pruned, Pruned { before: NOW - 30 * DAY_MS, responses: 2, bytes, kept: 4, shrunk: true });
    for is_reopened in [false, true] {
        if is_reopened {
            drop(journal);
            journal = dir.reopen();
        }
        assert!(!journal.is_in_recovery());
        assert_eq!(journal.verify().expect("verified"), []);
        assert_eq!(journal.find(0, i64::MAX, None).expect("read"), before, "the attempts are as they were");
        assert_eq!(responses(&journal), LEFT);
        let gone = archived(&journal, OLD, OLD + 1);
        let gone: Vec<_> = gone.iter().filter(|one| one.attempt.reference == "taken over").collect();
        assert!(gone[0].responses[0].body == Body::Pruned);
        assert_eq!(journal.response(gone[0].responses[0].event).expect("read"), None);
    }
}

#[test]
fn a_pruned_reference_cannot_be_charged_again() {
    let dir = history();
    let mut journal = dir.reopen();
    journal.prune(DAYS, "Erna", &now()).expect("pruned");
    drop(journal);
    let mut journal = dir.reopen();
    for attempt in [1, 2] {
        assert_eq!(status(journal.admit("taken over", attempt, euro(100))), Status::ReferenceClosed.number());
        let new = NewAttempt { transaction_id: Some("STX_new"), ..sale("taken over", attempt) };
        let begun = journal.begin_starting(&new, &START, &now());
        assert_eq!(status(begun), Status::ReferenceClosed.number());
    }
    // What was declined may be tried again, as before: that it was declined is still known.
    assert!(matches!(journal.admit("declined", 1, euro(100)), Ok(Some(_))));
    assert!(matches!(journal.admit("declined", 2, euro(100)), Ok(None)));
    assert_eq!(status(journal.admit("not taken over", 2, euro(100))), Status::ReferenceConflict.number());
}

#[test]
fn what_was_kept_for_its_payments_sake_goes_when_that_is_done() {
    let dir = history();
    let mut journal = dir.reopen();
    journal.prune(DAYS, "Erna", &now()).expect("pruned");
    let again = journal.prune(DAYS, "Erna", &now()).expect("nothing to do");
    assert_eq!((again.responses, again.kept), (0, 4));
    take_over(&mut journal, "not taken over");
    take_over(&mut journal, "contradicted");
    let done = journal.prune(DAYS, "Erna", &now()).expect("pruned");
    assert_eq!((done.responses, done.kept), (3, 1));
    assert_eq!(responses(&journal), ["fenced", "young", "today"]);
    let later = journal.prune(1, "Erna", &now()).expect("pruned");
    assert_eq!((later.responses, later.kept), (1, 1));
    assert_eq!(journal.verify().expect("verified"), []);
    drop(journal);
    assert!(!dir.reopen().is_in_recovery());
}

#[test]
fn a_clock_that_is_set_wrong_removes_nothing() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay_at(&mut journal, "no date of the service", None);
    take_over(&mut journal, "no date of the service");
    assert_eq!(journal.prune(1, "Erna", &now()).expect("nothing is old"), Pruned::default());
    // The till's own clock stood at 1970 when this was paid.
    let new = NewAttempt { created_at: 5, ..sale("after the battery", 1) };
    journal.begin_starting(&new, &START, &at(6)).expect("begun");
    journal.finish("after the battery", 1, &Finish { at: 8, ..finish(State::Approved) }, &now()).expect("paid");
    take_over(&mut journal, "after the battery");
    for wrong in [0, NOW, NOW + 36_500 * DAY_MS, i64::MAX, i64::MIN] {
        assert_eq!(journal.prune(1, "Erna", &at(wrong)).expect("nothing is old").responses, 0, "{wrong}");
    }
    assert_eq!(responses(&journal).len(), 2);
    // The service itself says that time has passed.
    pay_at(&mut journal, "later", Some(NOW + 2 * DAY_MS));
    assert_eq!(journal.prune(1, "Erna", &now()).expect("the till's clock is behind").responses, 0);
    assert_eq!(journal.prune(1, "Erna", &at(NOW + 2 * DAY_MS)).expect("pruned").responses, 1);
    assert_eq!(journal.prune(u32::MAX, "Erna", &now()).expect("nothing is old").responses, 0);
}

#[test]
fn where_anything_is_wrong_nothing_is_removed() {
    let dir = history();
    assert_eq!(status(dir.reopen().prune(0, "Erna", &now())), Status::InvalidArgument.number());
    let newer = dir.copy();
    newer.tamper("PRAGMA user_version = 4");
    assert_eq!(status(newer.reopen().prune(DAYS, "Erna", &now())), Status::StateFileTooNew.number());
    let damaged = dir.copy();
    damaged.tamper("DROP TRIGGER responses_are_never_changed; UPDATE responses SET body = x'00' WHERE event = 4");
    let refused = damaged.reopen().prune(DAYS, "Erna", &now()).expect_err("refused");
    assert_eq!(refused.status(), Status::StateFileDamaged);
    assert!(refused.message().contains("event 4: reference \"taken over\""), "{refused}");
    let lost = dir.copy();
    fs::remove_file(lost.beside(".head")).expect("removed");
    assert_eq!(status(lost.reopen().prune(DAYS, "Erna", &now())), Status::StateFileDamaged.number());
    for dir in [newer, lost] {
        assert_eq!(responses(&dir.reopen()).len(), ALL.len());
    }
}

/// What was removed behind the journal's back, before and after a pruning.
#[test]
fn the_tables_allow_nothing_but_a_pruning() {
    let dir = history();
    let refused = |dir: &Dir, sql: &str| {
        let connection = rusqlite::Connection::open(dir.file()).expect("opened");
        connection.execute_batch(sql).expect_err(sql).to_string().contains("append only")
    };
    let attacks = [
        "DELETE FROM responses",
        "DELETE FROM responses WHERE event = (SELECT max(event) FROM responses)",
        "UPDATE responses SET body = x'00'",
        "UPDATE responses SET event = event + 100",
        "PRAGMA foreign_keys = OFF; DELETE FROM events",
        "UPDATE events SET at = 0 WHERE kind = 'pruned' OR sequence = 1",
    ];
    for sql in attacks {
        assert!(refused(&dir, sql), "{sql}");
    }
    dir.reopen().prune(DAYS, "Erna", &now()).expect("pruned");
    for sql in attacks {
        assert!(refused(&dir, sql), "after pruning: {sql}");
    }
    // The last event is the pruning; what it keeps and what is young stays all the same.
    for of in ["not taken over", "contradicted", "fenced", "young", "today"] {
        let sql = format!(
            "DELETE FROM responses WHERE event IN
            (SELECT sequence FROM events WHERE reference = '{of}' AND response_hash IS NOT NULL)"
        );
        assert!(refused(&dir, &sql), "{of}");
    }
}

/// What is changed behind the journal's back after a pruning, and how the damage is named.
#[test]
fn damage_is_found_before_and_after_what_was_pruned() {
    let pruned = history();
    pruned.reopen().prune(DAYS, "Erna", &now()).expect("pruned");
    let events =
        "PRAGMA foreign_keys = OFF; DROP TRIGGER events_are_never_changed; DROP TRIGGER events_are_never_removed;";
    for (sql, named) in [
        // The first payment, whose response is gone.
        (
            "UPDATE events SET payload = replace(payload, '100', '900') WHERE sequence = 3",
            "event 3: reference \"taken over\"",
        ),
        ("UPDATE events SET response_hash = zeroblob(32) WHERE sequence = 4", "event 4: reference \"taken over\""),
        ("UPDATE events SET response_hash = NULL WHERE sequence = 4", "event 4: reference \"taken over\""),
        ("DELETE FROM events WHERE sequence = 4", "event 5: reference \"taken over\", attempt 1: it does not follow"),
        (
            "DELETE FROM events WHERE sequence <= 4",
            "event 5: reference \"taken over\", attempt 1: the events before it",
        ),
        // The pruning itself.
        ("DELETE FROM events WHERE kind = 'pruned'", "which the head has seen, is missing"),
        (
            "UPDATE events SET payload = replace(payload, '\"kept\":[', '\"kept\":[4,') WHERE kind = 'pruned'",
            "it is not as it was written",
        ),
        ("UPDATE events SET kind = 'opened' WHERE kind = 'pruned'", "it is not as it was written"),
    ] {
        let dir = pruned.copy();
        dir.tamper(&format!("{events} {sql}"));
        let journal = dir.reopen();
        assert!(journal.is_in_recovery(), "{sql}");
        let why = dir.why_in_recovery();
        assert!(why.contains(named), "{sql}: {why}");
    }
    let responses = "DROP TRIGGER responses_are_never_changed; DROP TRIGGER responses_are_removed_only_when_pruned;";
    let of = |reference: &str| {
        format!("(SELECT max(sequence) FROM events WHERE reference = '{reference}' AND response_hash IS NOT NULL)")
    };
    for (sql, reference, fault) in [
        (
            format!("UPDATE responses SET body = x'00' WHERE event = {}", of("young")),
            "young",
            "is not as it was received",
        ),
        (format!("DELETE FROM responses WHERE event = {}", of("young")), "young", "is not as it was received"),
        (format!("DELETE FROM responses WHERE event = {}", of("fenced")), "fenced", "is not as it was received"),
        (format!("DELETE FROM responses WHERE event = {}", of("today")), "today", "is not as it was received"),
        (
            format!("INSERT INTO responses VALUES ({}, x'00')", of("taken over")),
            "taken over",
            "was pruned and is there again",
        ),
    ] {
        let dir = pruned.copy();
        dir.tamper(&format!("{responses} {sql}"));
        let journal = dir.reopen();
        let damages: Vec<_> = journal.verify().expect("verified").iter().map(ToString::to_string).collect();
        assert_eq!(damages.len(), 1, "{sql}: {damages:?}");
        let whole = damages[0].contains(&format!("reference {reference:?}")) && damages[0].ends_with(fault);
        assert!(whole, "{sql}: {damages:?}");
    }
}

#[test]
fn a_file_from_before_the_pruning_is_noticed() {
    let dir = history();
    let backup = fs::read(dir.file()).expect("read");
    dir.reopen().prune(DAYS, "Erna", &now()).expect("pruned");
    fs::write(dir.file(), &backup).expect("restored");
    let journal = dir.reopen();
    assert!(journal.is_in_recovery());
    assert!(dir.why_in_recovery().contains("which the head has seen"));
    assert_eq!(responses(&journal).len(), ALL.len());
}

#[test]
fn what_is_left_of_a_damaged_file_is_salvaged_after_a_pruning_too() {
    let dir = history();
    let mut journal = dir.reopen();
    let before = journal.find(0, i64::MAX, None).expect("read");
    journal.prune(DAYS, "Erna", &now()).expect("pruned");
    drop(journal);
    fs::remove_file(dir.beside(".head")).expect("removed");
    let mut journal = dir.reopen();
    assert!(journal.is_in_recovery());
    assert_eq!(journal.verify().expect("verified"), []);
    let names = |attempts: &[Attempt]| {
        let mut names: Vec<_> = attempts.iter().map(|one| (one.reference.clone(), one.state)).collect();
        names.sort_by(|one, other| one.0.cmp(&other.0));
        names
    };
    assert_eq!(names(&journal.find(0, i64::MAX, None).expect("read")), names(&before));
    assert!(!responses(&journal).contains(&"taken over".to_owned()));
    journal.accept_journal_loss("Erna", &now()).expect("accepted");
    assert_eq!(status(journal.admit("taken over", 2, euro(100))), Status::ReferenceClosed.number());
    assert_eq!(journal.prune(DAYS, "Erna", &now()).expect("nothing to do").responses, 0);
}

#[test]
fn the_file_gets_smaller_and_nothing_of_it_can_be_read_any_more() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for number in 0..200 {
        let reference = format!("old {number}");
        pay_at(&mut journal, &reference, Some(OLD));
        take_over(&mut journal, &reference);
    }
    begin_at(&mut journal, "now", Some(NOW));
    drop(journal);
    let before = fs::metadata(dir.file()).expect("found").len();
    let mut journal = dir.reopen();
    let pruned = journal.prune(DAYS, "Erna", &now()).expect("pruned");
    assert!(pruned.shrunk && pruned.responses == 200 && pruned.bytes > 1_000_000, "{pruned:?}");
    let log = fs::metadata(dir.beside("-wal")).expect("found").len();
    let after = fs::metadata(dir.file()).expect("found").len();
    println!("200 payments: {before} bytes before, {after} after; the log has {log}");
    assert!(after < before - pruned.bytes && log == 0, "{before} {after} {log}");
    drop(journal);
    let left = fs::read(dir.file()).expect("read");
    assert!(!left.windows(ACCOUNT.len()).any(|bytes| bytes == ACCOUNT));
    assert!(!dir.reopen().is_in_recovery());
}
