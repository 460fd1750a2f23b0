//! Reversals and ends of days on disk: what was begun and has no result is in doubt when the file is opened again.

use secupos::error::{Error, Status};
use secupos::journal::{Stage, State, Swap};

use crate::till::*;

#[test]
fn a_reversal_that_a_crash_has_cut_off_is_in_doubt_at_the_next_open() {
    let dir = Dir::new();
    let mut journal = dir.create();
    journal.begin_starting(&sale("r1", 1), &START).expect("begun");
    // Only what the server calls paid is reversed.
    assert!(matches!(journal.begin_reversing("r1", 1, NOW, None), Ok(Swap::Lost(_))));
    journal.finish("r1", 1, &finish(State::Approved)).expect("finished");
    journal.acknowledge("r1", NOW, |_| true).expect("acknowledged");
    assert!(journal.unfinished().expect("a list").is_empty());
    assert!(matches!(journal.begin_reversing("r1", 1, NOW, Some("Erika")), Ok(Swap::Made(_))));
    drop(journal);
    let mut journal = dir.reopen();
    assert_eq!(journal.verify().expect("verified"), []);
    let open = journal.unfinished().expect("a list");
    assert!(matches!(&open[..], [one] if one.is_reversing() && one.state == State::Approved));
    assert_eq!(journal.acknowledge("r1", NOW, |_| true).expect_err("in doubt").status(), Status::InvalidState);
    // A second one only where somebody asks, and both are counted.
    journal.begin_reversing("r1", 1, NOW, None).expect("begun");
    let error = Error::new(Status::Refused, "no");
    journal.note_reversal("r1", 1, NOW, Stage::NotReversed, None, Some(&error)).expect("noted");
    let attempt = journal.attempt("r1", 1).expect("read").expect("it");
    assert!(!attempt.is_reversing() && attempt.reversal.as_ref().is_some_and(|reversal| reversal.requests == 2));
    journal.begin_reversing("r1", 1, NOW, None).expect("begun");
    journal.finish("r1", 1, &finish(State::Reversed)).expect("finished");
    let attempt = journal.attempt("r1", 1).expect("read").expect("it");
    assert_eq!((attempt.state, attempt.acknowledged_at, attempt.is_reversing()), (State::Reversed, None, false));
    assert!(matches!(journal.begin_reversing("r1", 1, NOW, None), Ok(Swap::Lost(_))));
    assert_eq!(journal.verify().expect("verified"), []);
}

#[test]
fn an_end_of_day_without_a_result_is_found_again() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let first = journal.begin_end_of_day(NOW, false).expect("begun");
    journal.end_report(first, NOW, "done", Some(b"{}")).expect("ended");
    let second = journal.begin_end_of_day(NOW, true).expect("begun");
    drop(journal);
    let journal = dir.reopen();
    let ends: Vec<_> = journal.ends_of_days().expect("read").into_iter().map(|end| (end.event, end.outcome)).collect();
    assert_eq!(ends, [(first, Some("done".to_owned())), (second, None)]);
    assert_eq!(journal.verify().expect("verified"), []);
}
