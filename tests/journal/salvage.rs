//! What is left of a damaged file keeps its order: a payment from before an end of day, or from before the till was bound anew,
//! is not taken for a later one, and one from after it is not held up.

use secupos::journal::{Identity, Journal};
use secupos::payment::attempt::{Attempt, Finish};
use secupos::payment::reversal::Since;
use secupos::payment::state::State;

use crate::till::*;

fn pay_numbered(journal: &mut Journal, reference: &str, number: i64, terminal: &str) {
    journal.begin_starting(&sale(reference, 1), &START, &now()).expect("begun");
    let paid = Finish { receipt_number: Some(number), terminal: Some(terminal), ..finish(State::Approved) };
    journal.finish(reference, 1, &paid, &now()).expect("paid");
}

fn end_of_day(journal: &mut Journal, outcome: Option<&str>) {
    let day = journal.begin_end_of_day(false, "a day", &now()).expect("begun");
    if let Some(outcome) = outcome {
        journal.end_report(day, outcome, None, &now()).expect("ended");
    }
}

/// Takes over an old one late, so that its last event is the file's newest.
fn touch(journal: &mut Journal, reference: &str) {
    acknowledge(journal, reference, 1, &now()).expect("acknowledged");
}

fn damage(dir: &Dir) {
    dir.tamper(
        "DROP TRIGGER events_are_never_changed;
         UPDATE events SET at = at + 1 WHERE sequence = (SELECT max(sequence) FROM events WHERE kind = 'opened')",
    );
}

/// Damages the file, lets it be made anew, and accepts that.
fn salvaged(dir: &Dir) -> Journal {
    damage(dir);
    let mut journal = dir.reopen();
    assert!(journal.is_in_recovery());
    journal.accept_journal_loss("Erna", &now()).expect("accepted");
    assert_eq!(journal.verify().expect("verified"), []);
    journal
}

fn attempt(journal: &Journal, reference: &str) -> Attempt {
    journal.attempt(reference, 1).expect("read").expect("it")
}

fn since(journal: &Journal, reference: &str) -> Since {
    let may_have_closed = |outcome: &str| outcome != "refused" && outcome != "not_run";
    journal.since(&attempt(journal, reference), may_have_closed).expect("read")
}

#[test]
fn an_end_of_day_refuses_an_older_payments_reversal_after_a_salvage_and_allows_a_newer_ones() {
    for (outcome, closes) in [
        (Some("done"), true),
        (Some("may_have_run"), true),
        (None, true),
        (Some("refused"), false),
        (Some("not_run"), false),
    ] {
        let dir = Dir::new();
        let mut journal = dir.create();
        // By name, the newer one comes first.
        pay_numbered(&mut journal, "b older", 3, "one");
        end_of_day(&mut journal, outcome);
        pay_numbered(&mut journal, "a newer", 4, "one");
        touch(&mut journal, "b older");
        drop(journal);
        // More than once: what was salvaged is salvaged again.
        for _ in 0..2 {
            let journal = salvaged(&dir);
            assert_eq!(since(&journal, "b older").end_of_day.is_some(), closes, "{outcome:?}");
            assert_eq!(since(&journal, "a newer"), Since::default(), "{outcome:?}");
            let days = journal.ends_of_days(0).expect("read");
            assert_eq!(days.iter().map(|day| day.outcome.as_deref()).collect::<Vec<_>>(), [outcome]);
        }
    }
}

#[test]
fn each_of_several_days_has_its_own_end_after_a_salvage() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for (number, outcome) in [(1, Some("refused")), (2, None), (3, Some("done"))] {
        pay_numbered(&mut journal, &format!("day {number}"), number, "one");
        end_of_day(&mut journal, outcome);
    }
    pay_numbered(&mut journal, "day 4", 4, "one");
    drop(journal);
    let journal = salvaged(&dir);
    let days = journal.ends_of_days(0).expect("read");
    assert_eq!(
        days.iter().map(|day| day.outcome.as_deref()).collect::<Vec<_>>(),
        [Some("refused"), None, Some("done")]
    );
    let is_closed = |number: i64| since(&journal, &format!("day {number}")).end_of_day.is_some();
    assert_eq!([1, 2, 3, 4].map(is_closed), [true, true, true, false]);
}

#[test]
fn a_binding_refuses_an_older_payments_reversal_after_a_salvage_and_allows_a_newer_ones() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay_numbered(&mut journal, "b older", 3, "one");
    drop(journal);
    let another = Identity::of_device("https://connect.secucard.com", "client", "another device code");
    for identity in [&another, &identity()] {
        patiently(|| rebind(&dir.file(), identity));
    }
    let mut journal = dir.reopen();
    pay_numbered(&mut journal, "a newer", 4, "one");
    touch(&mut journal, "b older");
    drop(journal);
    for _ in 0..2 {
        let journal = salvaged(&dir);
        assert!(since(&journal, "b older").rebound.is_some());
        assert_eq!(since(&journal, "a newer"), Since::default());
    }
}

#[test]
fn the_terminals_numbers_and_which_terminal_is_the_newest_survive_a_salvage() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay_numbered(&mut journal, "d first", 8, "one");
    pay_numbered(&mut journal, "c counted anew", 2, "one");
    pay_numbered(&mut journal, "b at another", 3, "two");
    touch(&mut journal, "d first");
    let check = |journal: &Journal| {
        assert!(since(journal, "d first").number_issued.is_some());
        assert_eq!(since(journal, "c counted anew").number_issued, None);
        let others = ["d first", "c counted anew", "b at another"].map(|one| since(journal, one).other_terminal);
        assert_eq!(others, [true, true, false], "what was said last of an old one does not make it the newest");
    };
    check(&journal);
    drop(journal);
    for _ in 0..2 {
        check(&salvaged(&dir));
    }
}

#[test]
fn what_is_known_of_an_attempt_survives_a_salvage() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay_numbered(&mut journal, "paid", 3, "one");
    journal.begin_starting(&sale("in doubt", 1), &START, &now()).expect("begun");
    journal.begin_starting(&sale("failed", 1), &START, &now()).expect("begun");
    journal.finish("failed", 1, &finish(State::Declined), &now()).expect("failed");
    journal.prove("failed", 1, &now()).expect("proven");
    journal.finish("failed", 1, &finish(State::Approved), &now()).expect("contradicted");
    let all = |journal: &Journal| {
        let mut all = journal.find(0, i64::MAX, None).expect("read");
        all.sort_by_key(Attempt::key);
        // Where a response stands is another place; what it says is the same.
        for one in &mut all {
            let body = |event: Option<i64>| event.and_then(|event| journal.response(event).expect("read"));
            let said = (body(one.response), body(one.conflict.as_ref().and_then(|conflict| conflict.response)));
            assert_eq!(said.0.is_some(), one.state != State::Starting, "{}", one.reference);
            assert_eq!(said.1.is_some(), one.conflict.is_some(), "{}", one.reference);
            one.response = None;
            one.conflict.iter_mut().for_each(|conflict| conflict.response = None);
        }
        all
    };
    let before = all(&journal);
    drop(journal);
    let journal = salvaged(&dir);
    assert_eq!(all(&journal), before);
    // Row 14: what was started before is not started again.
    for reference in ["paid", "in doubt", "failed"] {
        let id = sale(reference, 1).transaction_id.expect("an id");
        assert!(journal.knows_transaction(id).expect("read"), "{reference}");
    }
}
