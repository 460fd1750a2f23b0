//! Reversals and ends of days on disk: what was begun and has no result is in doubt when the file is opened again.

use secupos::error::{Error, Status};
use secupos::journal::Swap;
use secupos::payment::changes::{ReversalNote, Reversing};
use secupos::payment::reason::Reason;
use secupos::payment::reversal_record::Stage;
use secupos::payment::state::State;

use crate::steps::REVERSING;
use crate::till::*;

#[test]
fn a_reversal_that_a_crash_has_cut_off_is_in_doubt_at_the_next_open() {
    let dir = Dir::new();
    let mut journal = dir.create();
    journal.begin_starting(&sale("r1", 1), &START, &now()).expect("begun");
    // Only what the server calls paid is reversed.
    assert!(matches!(journal.begin_reversing("r1", 1, &REVERSING, &now()), Ok(Swap::Lost(_))));
    journal.finish("r1", 1, &finish(State::Approved), &now()).expect("finished");
    acknowledge(&mut journal, "r1", 1, &now()).expect("acknowledged");
    assert!(journal.unfinished().expect("a list").is_empty());
    let confirmed = Reversing { confirmed_by: Some("Erika"), ..REVERSING };
    assert!(matches!(journal.begin_reversing("r1", 1, &confirmed, &now()), Ok(Swap::Made(_))));
    drop(journal);
    let mut journal = dir.reopen();
    assert_eq!(journal.verify().expect("verified"), []);
    let open = journal.unfinished().expect("a list");
    assert!(matches!(&open[..], [one] if one.is_reversing() && one.state == State::Approved));
    assert!(open[0].holds_the_terminal(GRACE - 1) && !open[0].holds_the_terminal(GRACE));
    assert_eq!(status(acknowledge(&mut journal, "r1", 1, &now())), Status::InvalidState.number(), "in doubt");
    let error = Error::new(Status::ServerRefused, "no");
    let mut noted = |note, reason| {
        let noted = journal.note_reversal("r1", 1, note, reason, Some(&error), &now()).expect("noted").into_attempt();
        (noted.is_reversing(), noted.reversal.expect("a reversal"))
    };
    // A second one only where somebody asks. That this one was not sent says nothing of the first.
    let (is_reversing, reversal) = noted(ReversalNote::NeverSent, None);
    assert!(!is_reversing && !reversal.was_sent, "it was the first");
    journal.begin_reversing("r1", 1, &REVERSING, &now()).expect("begun");
    journal.begin_reversing("r1", 1, &REVERSING, &now()).expect("begun once more");
    let mut noted = |note, reason| {
        let noted = journal.note_reversal("r1", 1, note, reason, Some(&error), &now()).expect("noted").into_attempt();
        (noted.is_reversing(), noted.reversal.expect("a reversal"))
    };
    let (is_reversing, reversal) = noted(ReversalNote::NeverSent, Some(Reason::NoConnection));
    assert!(is_reversing && reversal.was_sent && reversal.was_sent_before);
    assert_eq!((reversal.stage, reversal.why()), (Stage::Reversing, Some(Reason::NoConnection)));
    journal.finish("r1", 1, &finish(State::Reversed), &now()).expect("finished");
    let attempt = journal.attempt("r1", 1).expect("read").expect("it");
    assert_eq!((attempt.state, attempt.acknowledged_at, attempt.is_reversing()), (State::Reversed, None, false));
    assert!(matches!(journal.begin_reversing("r1", 1, &REVERSING, &now()), Ok(Swap::Lost(_))));
    assert_eq!(journal.verify().expect("verified"), []);
}

#[test]
fn an_end_of_day_without_a_result_is_found_again() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let first = journal.begin_end_of_day(false, "one", &now()).expect("begun");
    journal.end_report(first, "done", Some(b"{}"), &now()).expect("ended");
    let second = journal.begin_end_of_day(true, "two", &now()).expect("begun");
    drop(journal);
    let journal = dir.reopen();
    let ends: Vec<_> = journal.ends_of_days(0).expect("read").into_iter().map(|end| (end.event, end.outcome)).collect();
    assert_eq!(ends, [(first, Some("done".to_owned())), (second, None)]);
    assert_eq!(journal.verify().expect("verified"), []);
}
