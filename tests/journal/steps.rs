//! Every step on every attempt: what is made, what is lost, what is refused.

use secupos::error::Status;
use secupos::journal::{Admission, Credential, Finish, Journal, NewAttempt, State, Swap};

use crate::till::*;

/// How an attempt was brought where it stands.
const SITUATIONS: [&str; 12] = [
    "absent",
    "starting",
    "started twice",
    "decided paid",
    "decided unpaid",
    "approved",
    "declined",
    "reversed",
    "not started",
    "fenced",
    "acknowledged",
    "conflict",
];

fn bring(journal: &mut Journal, situation: &str) -> String {
    let reference = situation.to_owned();
    let r = reference.as_str();
    if !matches!(situation, "absent" | "not started") {
        journal.begin_starting(&sale(r, 1), &START).expect("begun");
    }
    let mut done = |state| drop(journal.finish(r, 1, &finish(state)).expect("finished"));
    match situation {
        "absent" | "starting" => {}
        "started twice" => drop(journal.begin_starting_again(r, 1, NOW).expect("begun")),
        "decided paid" => drop(journal.decide(r, 1, &decision(true)).expect("decided")),
        "decided unpaid" => drop(journal.decide(r, 1, &decision(false)).expect("decided")),
        "approved" => done(State::Approved),
        "declined" => done(State::Declined),
        "reversed" => done(State::Reversed),
        "not started" => drop(journal.refuse(&sale(r, 1), NOW, "no_connection").expect("refused")),
        "fenced" => {
            let fenced = Finish { fenced: true, response: None, ..finish(State::NotStarted) };
            journal.finish(r, 1, &fenced).expect("finished");
        }
        "acknowledged" => {
            done(State::Approved);
            journal.acknowledge(r, NOW + 5, |_| true).expect("acknowledged");
        }
        "conflict" => {
            done(State::Declined);
            journal.finish(r, 1, &finish(State::Approved)).expect("contradicted");
        }
        other => panic!("{other}"),
    }
    reference
}

fn of_swap(result: secupos::error::Result<Swap>) -> String {
    match result {
        Ok(Swap::Made(attempt)) => format!("made:{}", attempt.standing().name()),
        Ok(Swap::Lost(_)) => "lost".into(),
        Err(error) => error.status().name().into(),
    }
}

#[test]
fn each_step_on_each_attempt() {
    type Step = fn(&mut Journal, &str) -> String;
    let steps: [(&str, Step); 13] = [
        ("pay 1", |j, r| admitted(j, r, 1)),
        ("pay 2", |j, r| admitted(j, r, 2)),
        ("pay 3", |j, r| admitted(j, r, 3)),
        ("begin 1", |j, r| begun(j, r, 1)),
        ("begin 2", |j, r| begun(j, r, 2)),
        ("again", |j, r| of_swap(j.begin_starting_again(r, 1, NOW))),
        ("approve", |j, r| of_swap(j.finish(r, 1, &finish(State::Approved)))),
        ("decline", |j, r| of_swap(j.finish(r, 1, &finish(State::Declined)))),
        ("reverse", |j, r| of_swap(j.finish(r, 1, &finish(State::Reversed)))),
        ("complete", |j, r| of_swap(j.complete(r, 1, &finish(State::Approved)))),
        ("complete as declined", |j, r| of_swap(j.complete(r, 1, &finish(State::Declined)))),
        ("decide", |j, r| of_swap(j.decide(r, 1, &decision(true)))),
        ("acknowledge", |j, r| match j.acknowledge(r, NOW + 9, |_| true) {
            Ok(attempt) => format!("at {}", attempt.acknowledged_at.expect("acknowledged") - NOW),
            Err(error) => error.status().name().into(),
        }),
    ];
    let mut table = String::new();
    for situation in SITUATIONS {
        table += &format!("{situation}\n");
        for (name, step) in &steps {
            let dir = Dir::new();
            let mut journal = dir.create();
            let reference = bring(&mut journal, situation);
            table += &format!("  {name}: {}\n", step(&mut journal, &reference));
            assert_eq!(journal.verify().expect("verified"), [], "{situation} {name}");
        }
    }
    // The table is read by people: what differs is a change of what the library promises.
    assert_eq!(table, include_str!("steps.txt"), "\n{table}");
}

fn admitted(journal: &mut Journal, reference: &str, attempt: i32) -> String {
    match journal.admit(reference, attempt, euro(100)) {
        Ok(Admission::Fresh) => "fresh".into(),
        Ok(Admission::Known(known)) => format!("known:{}", known.standing().name()),
        Err(error) => error.status().name().into(),
    }
}

fn begun(journal: &mut Journal, reference: &str, attempt: i32) -> String {
    match journal.begin_starting(&sale(reference, attempt), &START) {
        Ok(attempt) => format!("made:{}", attempt.state.name()),
        Err(error) => error.status().name().into(),
    }
}

#[test]
fn what_was_stored_is_found_again() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let new = NewAttempt { confirmed_by: Some("Erna"), ..sale("ä \" ' 🍞", 1) };
    let begun = journal.begin_starting(&new, &START).expect("begun");
    assert_eq!((begun.state, begun.starts, begun.grace_deadline), (State::Starting, 1, Some(NOW + 300_000)));
    assert_eq!((begun.server_date, begun.confirmed_by.as_deref()), (Some(NOW), Some("Erna")));
    let body = vec![b'x'; 1 << 20];
    let settled = Finish { response: Some(&body), ..finish(State::Approved) };
    let approved = journal.finish(new.reference, 1, &settled).expect("finished").attempt().clone();
    drop(journal);

    let journal = dir.reopen();
    assert_eq!(journal.last_attempt(new.reference).expect("read"), Some(approved.clone()));
    let event = approved.response.expect("a response");
    assert_eq!(journal.response(event).expect("read"), Some(body));
    assert_eq!(journal.response(event + 100).expect("read"), None);
    assert_eq!(journal.verify().expect("verified"), []);
}

#[test]
fn a_reference_keeps_its_amount_and_its_order() {
    let dir = Dir::new();
    let mut journal = dir.create();
    pay(&mut journal, "a");
    assert_eq!(status(journal.admit("a", 1, euro(101))), Status::ReferenceConflict.number());
    let francs = secupos::money::Money { minor: 100, currency: "CHF".parse().expect("a currency") };
    assert_eq!(status(journal.admit("a", 1, francs)), Status::ReferenceConflict.number());

    journal.refuse(&sale("b", 1), NOW, "no_connection").expect("refused");
    let two = NewAttempt { money: euro(200), ..sale("b", 2) };
    journal.begin_starting(&two, &START).expect("another attempt may be over another amount");
    assert!(matches!(journal.admit("b", 1, euro(100)), Ok(Admission::Known(_))), "the first is replayed");
    for attempt in [-1, 0, i32::MAX, i32::MIN] {
        assert_eq!(status(journal.admit("c", attempt, euro(1))), Status::AttemptOutOfOrder.number());
    }
    for (step, found) in [
        ("finish", status(journal.finish("x", 1, &finish(State::Approved)))),
        ("decide", status(journal.decide("x", 1, &decision(true)))),
        ("acknowledge", status(journal.acknowledge("x", NOW, |_| true))),
    ] {
        assert_eq!(found, Status::NotFound.number(), "{step}");
    }
}

fn names(attempts: secupos::error::Result<Vec<secupos::journal::Attempt>>) -> Vec<String> {
    attempts.expect("read").into_iter().map(|attempt| attempt.reference).collect()
}

#[test]
fn the_lists_hold_what_they_should() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for situation in SITUATIONS {
        bring(&mut journal, situation);
    }
    assert_eq!(
        names(journal.unfinished()),
        ["starting", "started twice", "decided paid", "approved", "reversed", "conflict"]
    );
    assert_eq!(names(journal.unproven(NOW)), ["starting", "started twice", "decided paid", "decided unpaid", "fenced"]);
    assert_eq!(names(journal.unproven(NOW + 1)), [""; 0]);
    assert_eq!(names(journal.conflicts()), ["conflict"]);
    assert_eq!(names(journal.find(NOW, NOW + 1, Some(8))), [""; 0]);
    assert_eq!(names(journal.find(NOW, NOW, None)), [""; 0]);
    assert_eq!(names(journal.find(NOW, NOW + 1, None)).len(), SITUATIONS.len() - 1);
    assert_eq!(names(journal.find(NOW, NOW + 1, Some(7))).len(), 6);
    journal.acknowledge("conflict", NOW + 9, |_| true).expect("acknowledged");
    assert!(!names(journal.unfinished()).contains(&"conflict".into()));
    assert_eq!(names(journal.conflicts()), ["conflict"], "it happened all the same");
}

#[test]
fn a_duplicate_is_what_nobody_but_a_person_calls_unpaid() {
    for (situation, is_one) in [
        ("starting", true),
        ("decided paid", false),
        ("decided unpaid", true),
        ("approved", false),
        ("declined", false),
        ("not started", false),
    ] {
        let dir = Dir::new();
        let mut journal = dir.create();
        let reference = bring(&mut journal, situation);
        assert_eq!(
            journal.possible_duplicate(euro(100), NOW, "another").expect("read").is_some(),
            is_one,
            "{situation}"
        );
        assert_eq!(journal.possible_duplicate(euro(100), NOW, &reference).expect("read"), None, "the same sale");
        assert_eq!(journal.possible_duplicate(euro(101), NOW, "another").expect("read"), None);
        assert_eq!(journal.possible_duplicate(euro(100), NOW + 1, "another").expect("read"), None, "too long ago");
    }
}

#[test]
fn the_truth_may_contradict_a_person_and_the_fence() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for (paid, truth, contradicts) in [
        (true, State::Approved, false),
        (true, State::Declined, true),
        (false, State::Approved, true),
        (false, State::Declined, false),
    ] {
        let reference = format!("{paid} {truth:?}");
        journal.begin_starting(&sale(&reference, 1), &START).expect("begun");
        journal.decide(&reference, 1, &decision(paid)).expect("decided");
        let _ = journal.acknowledge(&reference, NOW + 4, |_| true).expect("a decision is a result");
        let swap = journal.finish(&reference, 1, &finish(truth)).expect("finished");
        assert_eq!(swap.attempt().conflict.is_some(), contradicts, "{reference}");
        assert_eq!(swap.attempt().state, truth);
        assert_eq!(names(journal.unfinished()).contains(&reference), contradicts, "{reference}");
        assert!(swap.attempt().decision.is_some(), "nothing is overwritten");
    }
    let fenced = bring(&mut journal, "fenced");
    assert!(matches!(journal.finish(&fenced, 1, &finish(State::Declined)).expect("said"), Swap::Lost(_)));
    let swap = journal.finish(&fenced, 1, &finish(State::Approved)).expect("contradicted");
    assert_eq!(swap.attempt().state, State::NotStarted, "the result stays");
    let event = swap.attempt().conflict.as_ref().and_then(|conflict| conflict.response).expect("a response");
    assert!(journal.response(event).expect("read").is_some());
    assert_eq!(journal.verify().expect("verified"), []);
}

#[test]
fn a_conflict_of_an_earlier_attempt_is_taken_over_with_the_reference() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let reference = bring(&mut journal, "fenced");
    journal.begin_starting(&sale(&reference, 2), &START).expect("begun");
    journal.finish(&reference, 2, &finish(State::Approved)).expect("finished");
    journal.finish(&reference, 1, &finish(State::Approved)).expect("contradicted");
    assert_eq!(journal.unfinished().expect("read").len(), 2);
    journal.acknowledge(&reference, NOW + 8, |_| false).expect("acknowledged");
    assert_eq!(journal.unfinished().expect("read").len(), 1, "a conflict that the till does not know of stays");
    journal.acknowledge(&reference, NOW + 9, |_| true).expect("acknowledged");
    assert_eq!(journal.unfinished().expect("read"), []);
}

#[test]
fn no_attempt_follows_where_an_earlier_one_was_paid_after_all() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for situation in ["fenced", "decided unpaid"] {
        let reference = bring(&mut journal, situation);
        journal.begin_starting(&sale(&reference, 2), &START).expect("begun");
        journal.finish(&reference, 2, &finish(State::Declined)).expect("finished");
        assert_eq!(admitted(&mut journal, &reference, 3), "fresh", "{situation}");
        let paid = finish(State::Approved);
        let swaps = [journal.finish(&reference, 1, &paid), journal.finish(&reference, 1, &paid)];
        assert!(swaps.into_iter().any(|swap| of_swap(swap).starts_with("made")), "{situation}");
        assert_eq!(admitted(&mut journal, &reference, 3), "CONFLICT", "{situation}");
        journal.acknowledge(&reference, NOW + 9, |_| true).expect("acknowledged");
        assert_eq!(journal.unfinished().expect("read"), [], "{situation}");
    }
}

#[test]
fn credentials_are_kept_and_never_shown() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let token = Credential { value: "s3cret".into(), expires_at: Some(NOW) };
    journal.keep_credential("access_token", &Credential { value: "old".into(), expires_at: None }).expect("kept");
    journal.keep_credential("access_token", &token).expect("kept");
    assert!(!format!("{token:?} {journal:?}").contains("s3cret"));
    drop(journal);
    let mut journal = dir.reopen();
    assert_eq!(journal.credential("access_token").expect("read"), Some(token));
    journal.forget_credential("access_token").expect("forgotten");
    assert_eq!(journal.credential("access_token").expect("read"), None);
}
