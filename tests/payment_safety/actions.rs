//! `X-Action`: what does something is sent under a name of its own, and a create whose answer was lost is asked once more
//! under the same one. Whether the service honours it changes nothing but the number of orphans.

use std::collections::BTreeSet;

use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::till::handles::report::{ReportKind, ReportOutcome};
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::Scenario;

use crate::bench::{Bench, in_parallel, settled, word};

/// The names under which requests came to paths that end like this.
fn named(bench: &Bench, end: &str) -> Vec<Option<String>> {
    let requests = bench.simulator.requests().into_iter();
    requests.filter(|request| request.method == "POST" && request.path.ends_with(end)).map(|r| r.action).collect()
}

const NAMED: [&str; 5] = ["/Smart/Transactions", "/start/cashless", "/cancelTrx", "/me/EndOfDay", "/me/diagnosis"];

#[test]
fn what_does_something_has_a_name_that_no_other_request_has() {
    let mut bench = Bench::new();
    for reference in ["r1", "r2"] {
        assert_eq!(bench.pay(reference, 2).outcome(), Outcome::Approved);
    }
    let reversed = bench.till().reverse("r2", None, None).expect("a payment");
    reversed.wait(None);
    assert_eq!(reversed.reversal(), ReversalOutcome::Done);
    for kind in [ReportKind::EndOfDay { forced: false }, ReportKind::Diagnosis { forced: false }] {
        assert_eq!(bench.till().run_report(kind).expect("a report").wait(None), ReportOutcome::Done);
    }
    let mut all = BTreeSet::new();
    for (end, count) in NAMED.into_iter().zip([2, 2, 1, 1, 1]) {
        let names = named(&bench, end);
        assert_eq!(names.len(), count, "{end}");
        for name in names {
            let name = name.unwrap_or_else(|| panic!("{end} has no name"));
            assert!(name.len() == 32 && name.bytes().all(|digit| digit.is_ascii_hexdigit()), "{end}: {name}");
            assert!(all.insert(name), "{end}: it was given before");
        }
    }
    // What only asks, or may be repeated, has none.
    let others = bench.simulator.requests().into_iter();
    let others =
        others.filter(|request| !NAMED.iter().any(|end| request.path.ends_with(end)) || request.method == "GET");
    assert!(others.into_iter().all(|request| request.action.is_none()));
    // That of start stands in its row.
    let starts = named(&bench, "/start/cashless");
    assert_eq!([bench.attempts("r1")[0].action.clone(), bench.attempts("r2")[0].action.clone()].to_vec(), starts);
}

#[test]
fn a_create_whose_answer_was_lost_is_asked_once_more_under_the_same_name() {
    in_parallel(&[true, false], 2, |&honoured| {
        for what in [What::Reset, What::Close, What::Truncate] {
            let case = format!("honoured: {honoured}, {what:?}");
            let mut bench = Bench::new();
            bench.simulator.set(|settings| settings.honours_x_action = honoured);
            bench.simulator.fault(Endpoint::Create, Fault::new(When::After, what));
            let payment = bench.pay("r1", 100);
            assert_eq!((payment.outcome(), bench.charges("r1")), (Outcome::Approved, 1), "{case}: {}", word(&payment));
            let names = named(&bench, "/Smart/Transactions");
            assert_eq!(names.len(), 2, "{case}");
            assert_eq!(names[0], names[1], "{case}");
            // Where nobody looks at the name there is a second transaction, which nobody starts: no money moves.
            let created = bench.simulator.transactions().len();
            assert_eq!((created, bench.starts()), (if honoured { 1 } else { 2 }, 1), "{case}");
            bench.assert_each_start_has_its_row(&case);
        }
    });
}

#[test]
fn a_create_that_is_lost_twice_is_not_asked_a_third_time() {
    for honoured in [true, false] {
        let bench = Bench::new();
        bench.simulator.set(|settings| settings.honours_x_action = honoured);
        bench.simulator.fault(Endpoint::Create, Fault::new(When::After, What::Reset).times(2));
        let payment = bench.pay("r1", 100);
        assert_eq!((word(&payment).as_str(), bench.creates()), ("not_started (create_unsure)", 2));
        // The next attempt is another request, and has another name.
        let second = bench.pay_attempt("r1", 2, 100);
        assert_eq!((second.outcome(), bench.charges("r1")), (Outcome::Approved, 1));
        let names: BTreeSet<_> = named(&bench, "/Smart/Transactions").into_iter().collect();
        assert_eq!((names.len(), bench.starts()), (2, 1), "honoured: {honoured}");
    }
}

/// More than ten seconds have passed by then.
#[test]
fn a_create_that_was_silent_for_long_is_not_asked_again() {
    let bench = Bench::new();
    bench.simulator.fault(Endpoint::Create, Fault::new(When::After, What::Silence));
    let payment = bench.pay("r1", 100);
    assert_eq!((word(&payment).as_str(), bench.creates()), ("not_started (create_unsure)", 1));
}

#[test]
fn after_an_answer_no_name_is_used_again() {
    let bench = Bench::new();
    bench.simulator.set(|settings| settings.honours_x_action = true);
    let refusal = What::ApiError { status: 403, code: 2003, text: "Valid auth token required".into() };
    bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, refusal));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Approved);
    let names = named(&bench, "/Smart/Transactions");
    assert_eq!(names.len(), 2);
    assert_ne!(names[0], names[1], "the first one has its answer");
}

/// Where it is honoured, a start that was lost is not repeated either: what is read says how it ended.
#[test]
fn no_start_is_ever_repeated_whatever_the_service_does_with_names() {
    for honoured in [true, false] {
        let mut bench = Bench::new();
        bench.simulator.set(|settings| settings.honours_x_action = honoured);
        bench.simulator.script(secupos_simulator::scenario::Script::of(Scenario::Elv));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
        let payment = bench.pay("r1", 100);
        assert_eq!((payment.outcome(), bench.starts(), bench.charges("r1")), (Outcome::Approved, 1, 1));
        assert!(!settled(&payment).merchant_receipt.is_empty());
        bench.assert_each_start_has_its_row("once");
    }
}
