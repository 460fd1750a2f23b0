//! Every step on every attempt: what is made, what is lost, what is refused.

use secupos::error::Status;
use secupos::journal::{Credential, Journal, NewAttempt, Swap};
use secupos::payment::action::Action;
use secupos::payment::admission::{DUPLICATE_IN_DOUBT, DUPLICATE_NEGATIVE};
use secupos::payment::attempt::{Attempt, Demand, Finish, Told};
use secupos::payment::changes::{Doubt, ReversalNote, Reversing};
use secupos::payment::reason::Reason;
use secupos::payment::reversal_record::ReversalDecision;
use secupos::payment::state::State;

use crate::till::*;

/// How an attempt was brought where it stands.
const SITUATIONS: [&str; 15] = [
    "absent",
    "starting",
    "decided paid",
    "decided unpaid",
    "approved",
    "reversing",
    "decided reversed",
    "decided not reversed",
    "declined",
    "proven",
    "reversed",
    "not started",
    "fenced",
    "acknowledged",
    "conflict",
];

pub const REVERSING: Reversing<'static> =
    Reversing { at: NOW, till: 0, grace: GRACE, action: "another action", confirmed_by: None };

pub fn reversed(reversed: bool) -> ReversalDecision {
    ReversalDecision { reversed, operator: "Erna".into(), reason: "slip".into(), decided_at: NOW + 6, decided_till: 6 }
}

fn bring(journal: &mut Journal, situation: &str) -> String {
    let reference = situation.to_owned();
    let r = reference.as_str();
    if !matches!(situation, "absent" | "not started") {
        journal.begin_starting(&sale(r, 1), &START, &now()).expect("begun");
    }
    let done = |journal: &mut Journal, state| drop(journal.finish(r, 1, &finish(state), &now()).expect("finished"));
    let reversing = |journal: &mut Journal| {
        done(journal, State::Approved);
        journal.begin_reversing(r, 1, &REVERSING, &now()).expect("begun");
    };
    match situation {
        "absent" | "starting" => {}
        "decided paid" => drop(journal.decide(r, 1, &decision(true), &now()).expect("decided")),
        "decided unpaid" => drop(journal.decide(r, 1, &decision(false), &now()).expect("decided")),
        "approved" => done(journal, State::Approved),
        "reversing" => reversing(journal),
        "decided reversed" | "decided not reversed" => {
            reversing(journal);
            let decision = reversed(situation == "decided reversed");
            journal.decide_reversal(r, 1, &decision, &now()).expect("decided");
        }
        "declined" => done(journal, State::Declined),
        "proven" => {
            done(journal, State::Declined);
            journal.prove(r, 1, &now()).expect("proven");
        }
        "reversed" => done(journal, State::Reversed),
        "not started" => drop(journal.refuse(&sale(r, 1), Reason::NoConnection, &now()).expect("refused")),
        "fenced" => {
            let fenced = Finish { fenced: true, response: None, ..finish(State::NotStarted) };
            journal.finish(r, 1, &fenced, &now()).expect("finished");
        }
        "acknowledged" => {
            done(journal, State::Approved);
            acknowledge(journal, r, 1, &at(NOW + 5)).expect("acknowledged");
        }
        "conflict" => {
            done(journal, State::Declined);
            done(journal, State::Approved);
        }
        other => panic!("{other}"),
    }
    reference
}

fn of_swap(result: secupos::error::Result<Swap>) -> String {
    match result {
        Ok(Swap::Made(attempt)) => format!("made: {}", attempt.standing().name()),
        Ok(Swap::Lost(_)) => "lost".into(),
        Err(error) => error.status().name().into(),
    }
}

#[test]
fn each_step_on_each_attempt() {
    type Step = fn(&mut Journal, &str) -> String;
    const DOUBT: Doubt<'static> =
        Doubt { reason: Reason::StillOpen, word: Some("created"), word_since_till: Some(1), refused: true };
    const REFUND: Demand = Demand { action: Action::Refund, at: NOW };
    let steps: [(&str, Step); 22] = [
        ("pay 1", |j, r| admitted(j, r, 1)),
        ("pay 2", |j, r| admitted(j, r, 2)),
        ("pay 3", |j, r| admitted(j, r, 3)),
        ("begin 1", |j, r| begun(j, r, 1)),
        ("begin 2", |j, r| begun(j, r, 2)),
        ("begin 2 with the first one's id", |j, r| {
            begun_with(j, &NewAttempt { transaction_id: sale(r, 1).transaction_id, ..sale(r, 2) })
        }),
        ("doubt", |j, r| of_swap(j.note_doubt(r, 1, &DOUBT, &now()))),
        ("approve", |j, r| of_swap(j.finish(r, 1, &finish(State::Approved), &now()))),
        ("decline", |j, r| of_swap(j.finish(r, 1, &finish(State::Declined), &now()))),
        ("cancelled", |j, r| of_swap(j.finish(r, 1, &finish(State::Reversed), &now()))),
        ("never sent", |j, r| of_swap(j.finish(r, 1, &finish(State::NotStarted), &now()))),
        ("complete", |j, r| of_swap(j.complete(r, 1, &finish(State::Approved), &now()))),
        ("complete as declined", |j, r| of_swap(j.complete(r, 1, &finish(State::Declined), &now()))),
        ("prove", |j, r| of_swap(j.prove(r, 1, &now()))),
        ("decide", |j, r| of_swap(j.decide(r, 1, &decision(true), &now()))),
        ("demand", |j, r| of_swap(j.note_demands(r, 1, &[REFUND], &now()))),
        ("tell", |j, r| of_swap(j.note_told(r, 1, Told::default(), &now()))),
        ("reverse", |j, r| of_swap(j.begin_reversing(r, 1, &REVERSING, &now()))),
        ("refuse to reverse", |j, r| of_swap(j.note_reversal(r, 1, ReversalNote::Refused, None, None, &now()))),
        ("decide reversed", |j, r| of_swap(j.decide_reversal(r, 1, &reversed(true), &now()))),
        ("acknowledge", |j, r| acknowledged(acknowledge(j, r, 1, &at(NOW + 9)))),
        ("acknowledge as in doubt", |j, r| {
            let told = Told { state: Some(State::Starting), ..Told::default() };
            acknowledged(j.acknowledge(r, 1, told, &at(NOW + 9)))
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
        Ok(None) => "fresh".into(),
        Ok(Some(known)) => format!("known: {}", known.standing().name()),
        Err(error) => error.status().name().into(),
    }
}

fn begun(journal: &mut Journal, reference: &str, attempt: i32) -> String {
    begun_with(journal, &NewAttempt { transaction_id: Some("STX_new"), ..sale(reference, attempt) })
}

fn begun_with(journal: &mut Journal, new: &NewAttempt<'_>) -> String {
    match journal.begin_starting(new, &START, &now()) {
        Ok(attempt) => format!("made: {}", attempt.standing().name()),
        Err(error) => error.status().name().into(),
    }
}

fn acknowledged(result: secupos::error::Result<Attempt>) -> String {
    match result.map(|attempt| attempt.acknowledged_at) {
        Ok(Some(at)) => format!("at {}", at - NOW),
        Ok(None) => "it stands elsewhere".into(),
        Err(error) => error.status().name().into(),
    }
}

#[test]
fn what_was_stored_is_found_again() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let new = NewAttempt { confirmed_by: Some("Erna"), ..sale("ä \" ' 🍞", 1) };
    let begun = journal.begin_starting(&new, &START, &now()).expect("begun");
    assert_eq!((begun.state, begun.grace, begun.begun_till), (State::Starting, Some(GRACE), 0));
    assert_eq!(begun.action.as_deref(), Some(START.action));
    assert_eq!((begun.server_date, begun.confirmed_by.as_deref()), (Some(NOW), Some("Erna")));
    let body = vec![b'x'; 1 << 20];
    let settled = Finish { response: Some(&body), ..finish(State::Approved) };
    let approved = journal.finish(new.reference, 1, &settled, &now()).expect("finished").into_attempt();
    drop(journal);

    let journal = dir.reopen();
    assert_eq!(last_attempt(&journal, new.reference), Some(approved.clone()));
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

    journal.refuse(&sale("b", 1), Reason::NoConnection, &now()).expect("refused");
    let two = NewAttempt { money: euro(200), ..sale("b", 2) };
    journal.begin_starting(&two, &START, &now()).expect("another attempt may be over another amount");
    assert!(matches!(journal.admit("b", 1, euro(100)), Ok(Some(_))), "the first is replayed");
    for attempt in [-1, 0, i32::MAX, i32::MIN] {
        assert_eq!(status(journal.admit("c", attempt, euro(1))), Status::AttemptOutOfOrder.number());
    }
    for (step, found) in [
        ("finish", status(journal.finish("x", 1, &finish(State::Approved), &now()))),
        ("decide", status(journal.decide("x", 1, &decision(true), &now()))),
        ("acknowledge", status(journal.acknowledge("x", 1, Told::default(), &now()))),
    ] {
        assert_eq!(found, Status::NotFound.number(), "{step}");
    }
}

fn names(attempts: secupos::error::Result<Vec<Attempt>>) -> Vec<String> {
    attempts.expect("read").into_iter().map(|attempt| attempt.reference).collect()
}

fn conflicts(journal: &Journal) -> secupos::error::Result<Vec<Attempt>> {
    let all = journal.find(0, i64::MAX, None)?;
    Ok(all.into_iter().filter(|attempt| attempt.conflict.is_some()).collect())
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
        [
            "starting",
            "decided paid",
            "approved",
            "reversing",
            "decided reversed",
            "decided not reversed",
            "reversed",
            "conflict"
        ]
    );
    assert_eq!(
        names(journal.unproven()),
        [
            "starting",
            "decided paid",
            "decided unpaid",
            "reversing",
            "decided reversed",
            "decided not reversed",
            "declined",
            "fenced"
        ]
    );
    assert_eq!(names(conflicts(&journal)), ["conflict"]);
    assert_eq!(names(journal.find(NOW, NOW + 1, Some(8))), [""; 0]);
    assert_eq!(names(journal.find(NOW, NOW, None)), [""; 0]);
    assert_eq!(names(journal.find(NOW, NOW + 1, None)).len(), SITUATIONS.len() - 1);
    assert_eq!(names(journal.find(NOW, NOW + 1, Some(7))).len(), 10);
    acknowledge(&mut journal, "conflict", 1, &at(NOW + 9)).expect("acknowledged");
    assert!(!names(journal.unfinished()).contains(&"conflict".into()));
    assert_eq!(names(conflicts(&journal)), ["conflict"], "it happened all the same");
}

#[test]
fn a_duplicate_is_what_nobody_calls_unpaid_by_starts_own_word_and_what_was_paid_and_nobody_was_told_of() {
    for (situation, until, until_it_is_told) in [
        ("starting", Some(DUPLICATE_IN_DOUBT), false),
        ("decided paid", None, false),
        ("decided unpaid", Some(DUPLICATE_NEGATIVE), false),
        ("approved", None, false),
        ("declined", None, false),
        ("not started", None, false),
        ("conflict", None, true),
    ] {
        let dir = Dir::new();
        let mut journal = dir.create();
        let reference = bring(&mut journal, situation);
        let found = |money, reference: &str, till, is_told: bool| {
            journal.possible_duplicate(money, reference, till, |_| is_told).expect("read").is_some()
        };
        assert_eq!(found(euro(100), "another", 0, true), until.is_some(), "{situation}");
        assert_eq!(found(euro(100), "another", i64::MAX, false), until_it_is_told, "{situation}");
        for is_told in [false, true] {
            assert!(!found(euro(100), &reference, 0, is_told), "the same sale");
            assert!(!found(euro(101), "another", 0, is_told));
        }
        if let Some(until) = until {
            let at = |till| found(euro(100), "another", till, true);
            assert!(at(until - 1) && !at(until), "{situation}");
        }
    }
}

#[test]
fn the_truth_may_contradict_a_person_and_the_fence() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for (paid, truth, contradicts, is_listed) in [
        // The receipts have come after it was taken over.
        (true, State::Approved, false, true),
        (true, State::Declined, true, true),
        (false, State::Approved, true, true),
        (false, State::Declined, false, false),
    ] {
        let reference = format!("{paid} {truth:?}");
        journal.begin_starting(&sale(&reference, 1), &START, &now()).expect("begun");
        journal.decide(&reference, 1, &decision(paid), &now()).expect("decided");
        acknowledge(&mut journal, &reference, 1, &at(NOW + 4)).expect("a decision is a result");
        let attempt = journal.finish(&reference, 1, &finish(truth), &now()).expect("finished").into_attempt();
        assert_eq!(attempt.conflict.is_some(), contradicts, "{reference}");
        assert_eq!(attempt.state, truth);
        assert_eq!(names(journal.unfinished()).contains(&reference), is_listed, "{reference}");
        assert!(attempt.decision.is_some(), "nothing is overwritten");
    }
    let fenced = bring(&mut journal, "fenced");
    assert!(matches!(journal.finish(&fenced, 1, &finish(State::Declined), &now()).expect("said"), Swap::Lost(_)));
    let attempt = journal.finish(&fenced, 1, &finish(State::Approved), &now()).expect("contradicted").into_attempt();
    assert_eq!(attempt.state, State::NotStarted, "the result stays");
    let event = attempt.conflict.as_ref().and_then(|conflict| conflict.response).expect("a response");
    assert!(journal.response(event).expect("read").is_some());
    assert_eq!(journal.verify().expect("verified"), []);
}

/// Row 1 of issue 13.
#[test]
fn what_one_attempt_told_takes_over_nothing_of_another() {
    let dir = Dir::new();
    let mut journal = dir.create();
    let reference = bring(&mut journal, "fenced");
    journal.begin_starting(&sale(&reference, 2), &START, &now()).expect("begun");
    journal.finish(&reference, 2, &finish(State::Approved), &now()).expect("finished");
    let before = journal.attempt(&reference, 1).expect("read").expect("the first");
    let swap = journal.finish(&reference, 1, &finish(State::Approved), &now());
    let contradicted = swap.expect("contradicted").into_attempt();
    assert_eq!(journal.unfinished().expect("read").len(), 2);
    acknowledge(&mut journal, &reference, 2, &at(NOW + 7)).expect("acknowledged");
    // What was told before the contradiction came, and what a list shows of it.
    for told in [Told::of(&before, false), Told::of(&contradicted, true)] {
        journal.acknowledge(&reference, 1, told, &at(NOW + 8)).expect("acknowledged");
        assert_eq!(
            journal.unfinished().expect("read").len(),
            1,
            "a contradiction that the till does not know of stays"
        );
    }
    acknowledge(&mut journal, &reference, 1, &at(NOW + 9)).expect("acknowledged");
    assert_eq!(journal.unfinished().expect("read"), []);
}

#[test]
fn no_attempt_follows_where_an_earlier_one_was_paid_after_all() {
    let dir = Dir::new();
    let mut journal = dir.create();
    for situation in ["fenced", "decided unpaid"] {
        let reference = bring(&mut journal, situation);
        journal.begin_starting(&sale(&reference, 2), &START, &now()).expect("begun");
        journal.finish(&reference, 2, &finish(State::Declined), &now()).expect("finished");
        assert_eq!(admitted(&mut journal, &reference, 3), "fresh", "{situation}");
        let paid = finish(State::Approved);
        let swaps = [1, 2].map(|_| journal.finish(&reference, 1, &paid, &now()));
        assert!(swaps.into_iter().any(|swap| of_swap(swap).starts_with("made")), "{situation}");
        assert_eq!(admitted(&mut journal, &reference, 3), "REFERENCE_CONFLICT", "{situation}");
        acknowledge(&mut journal, &reference, 1, &at(NOW + 9)).expect("acknowledged");
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
    assert_eq!(dir.reopen().credential("access_token").expect("read"), Some(token));
}
