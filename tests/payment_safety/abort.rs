//! Abort is a request, from any thread: what was not started never is, and the payment wins.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::till::handles::payment::{Abort, Payment};
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};

use crate::bench::{Bench, in_parallel, sale, settled, word};

/// Asks from another thread; says how long that took too.
fn abort(payment: &Arc<Payment>) -> Abort {
    let payment = payment.clone();
    let begun = Instant::now();
    let told = std::thread::spawn(move || payment.abort()).join().expect("no panic").expect("told");
    assert!(begun.elapsed() < Duration::from_secs(1), "abort waits for nothing: {:?}", begun.elapsed());
    told
}

#[test]
fn what_was_not_started_is_abandoned_and_never_started() {
    in_parallel(&[Endpoint::Token, Endpoint::Create], 2, |&endpoint| {
        let mut bench = Bench::new();
        bench.simulator.fault(endpoint, Fault::new(When::After, What::Delay(800)));
        let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(abort(&payment), Abort::Abandoned, "{endpoint:?}");
        assert_eq!(abort(&payment), Abort::Abandoned, "{endpoint:?}: as often as one likes");
        payment.wait(None);
        assert_eq!(word(&payment), "not_started (abandoned)", "{endpoint:?}");
        assert_eq!(settled(&payment).next_actions, [Action::TryAgain]);
        assert_eq!((abort(&payment), bench.starts()), (Abort::TooLate, 0), "{endpoint:?}");
        bench.restart();
        assert_eq!(word(&bench.recover("r1")), "not_started (abandoned)", "{endpoint:?}");
        // The customer wants to pay after all.
        let second = bench.pay_attempt("r1", 2, 100);
        assert_eq!((second.outcome(), bench.starts(), bench.charges("r1")), (Outcome::Approved, 1, 1));
    });
}

#[test]
fn what_is_at_the_terminal_goes_on_and_the_payment_wins() {
    let outcomes = [(Scenario::Girocard, Outcome::Approved, 1), (Scenario::Aborted, Outcome::Failed, 0)];
    for (scenario, expected, charges) in outcomes {
        let bench = Bench::new();
        bench.simulator.script(Script::of(scenario).thinking(Duration::from_millis(1_200)));
        let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
        while bench.starts() == 0 {
            std::thread::sleep(Duration::from_millis(5));
        }
        for _ in 0..3 {
            assert_eq!(abort(&payment), Abort::AtTerminal);
        }
        assert_eq!(payment.wait(None), expected);
        assert_eq!((abort(&payment), bench.charges("r1"), bench.requests("/abort")), (Abort::TooLate, charges, 0));
    }
}

#[test]
fn what_is_in_doubt_is_at_the_terminal_too() {
    let bench = Bench::new();
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(1_200)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
    while bench.starts() == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((payment.outcome(), abort(&payment)), (Outcome::Pending, Abort::AtTerminal));
    payment.wait(None);
    assert_eq!((payment.outcome(), bench.requests("/abort")), (Outcome::Approved, 0));
}

#[test]
fn an_abort_at_any_moment_is_told_the_truth() {
    // The later the wider apart: a busy machine takes its time.
    let moments: Vec<u64> = (0..40).map(|step| step * step / 2).collect();
    let told = in_parallel(&moments, 10, |&ms| {
        let bench = Bench::new();
        bench.simulator.set(|settings| settings.think_ms = 20);
        let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
        std::thread::sleep(Duration::from_millis(ms));
        let told = abort(&payment);
        payment.wait(None);
        let expected = match told {
            Abort::Abandoned => ("not_started (abandoned)", 0, 0),
            Abort::AtTerminal | Abort::TooLate => ("approved", 1, 1),
        };
        assert_eq!((word(&payment).as_str(), bench.starts(), bench.charges("r1")), expected, "after {ms} ms: {told:?}");
        told
    });
    assert!(told.contains(&Abort::Abandoned), "none of them was early");
    assert!(told.iter().any(|told| *told != Abort::Abandoned), "all of them were early");
}
