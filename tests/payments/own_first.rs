//! Row 12 of issue 13: before another attempt, all that is not proven of the same sale is asked about, whatever else is open.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::config::{Config, Timeout};
use secupos::till::decide::Verdict;
use secupos::till::handles::payment::Payment;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};

use crate::{Bench, bench_with, settled};

fn without_patience(config: &mut Config) {
    config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout");
}

fn pay(bench: &Bench, reference: &str, attempt: i32, amount: i64) -> Arc<Payment> {
    let mut sale = Sale::new(reference, amount, "EUR").expect("a sale");
    sale.set_attempt(attempt).expect("an attempt");
    bench.till.pay(&sale).expect("a payment")
}

fn charges(bench: &Bench, reference: &str) -> usize {
    bench.simulator.ledger().iter().filter(|entry| entry.reference == reference).count()
}

/// Payments of other sales, each of which stays in doubt for the service; a person says that nobody has paid, so that the
/// next customer may.
fn leave_in_doubt(bench: &Bench, count: i64) {
    for other in 0..count {
        bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_secs(600)));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
        assert_eq!(pay(bench, &format!("other {other}"), 1, 1000 + other).outcome(), Outcome::Unknown);
        let verdict = Verdict { paid: false, operator: "Erna".into(), reason: "no slip".into(), slip_number: None };
        bench.till.decide(&format!("other {other}"), None, &verdict).expect("decided");
    }
}

#[test]
fn five_in_doubt_do_not_push_out_the_sales_own_first_attempt() {
    let bench = bench_with(without_patience);
    // Start says that it failed, and after some seconds it was paid after all.
    let script = Script { paid_after_ms: Some(5_000), ..Script::of(Scenario::Declined) };
    bench.simulator.script(script);
    assert_eq!(pay(&bench, "own", 1, 202).outcome(), Outcome::Failed);
    leave_in_doubt(&bench, 7);
    assert_eq!(charges(&bench, "own"), 0, "not yet");
    let bench = bench.restart_with(without_patience);
    let begun = Instant::now();
    while charges(&bench, "own") == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "it is paid after all");
        std::thread::sleep(Duration::from_millis(10));
    }
    let starts = bench.requests("/start/cashless");
    let mut second = Sale::new("own", 202, "EUR").expect("a sale");
    second.set_attempt(2).expect("an attempt");
    // Where the idle till has found it out meanwhile, attempt 2 is refused; else it is found out before it.
    match bench.till.pay(&second) {
        Ok(payment) => assert_eq!(settled(&payment).reason, Some(Reason::AlreadyPaid), "{:?}", settled(&payment)),
        Err(error) => assert_eq!(error.status(), secupos::error::Status::ReferenceConflict, "{error}"),
    }
    assert_eq!((bench.requests("/start/cashless"), charges(&bench, "own")), (starts, 1));
    let first = bench.till.recover("own", Some(1)).expect("a payment");
    first.wait(None);
    assert_eq!(first.outcome(), Outcome::Approved);
}

#[test]
fn each_of_many_earlier_attempts_is_asked_about() {
    let bench = bench_with(without_patience);
    for attempt in 1..=7 {
        bench.simulator.script(Script::of(Scenario::Declined));
        assert_eq!(pay(&bench, "own", attempt, 202).outcome(), Outcome::Failed);
    }
    let ids: Vec<_> = bench.simulator.transactions();
    let reads = |bench: &Bench| {
        let seen = bench.simulator.requests();
        let is_read = |id: &str| seen.iter().filter(|one| one.method == "GET" && one.path.ends_with(id)).count();
        ids.iter().map(|one| is_read(one["id"].as_str().expect("an id"))).collect::<Vec<_>>()
    };
    let before = reads(&bench);
    assert_eq!(pay(&bench, "own", 8, 202).outcome(), Outcome::Approved);
    for (attempt, (before, after)) in before.iter().zip(reads(&bench)).enumerate() {
        assert!(after > *before, "attempt {} was not asked about", attempt + 1);
    }
}

#[test]
fn where_an_earlier_attempt_cannot_be_read_nothing_is_started() {
    let bench = bench_with(without_patience);
    bench.simulator.script(Script::of(Scenario::Declined));
    assert_eq!(pay(&bench, "own", 1, 202).outcome(), Outcome::Failed);
    let starts = bench.requests("/start/cashless");
    let unreadable = What::Answer { status: 503, body: String::new() };
    // The idle till may be reading as well.
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, unreadable).times(1000));
    let second = pay(&bench, "own", 2, 202);
    assert_eq!((second.outcome(), settled(&second).reason), (Outcome::NotStarted, Some(Reason::NoConnection)));
    assert_eq!(bench.requests("/start/cashless"), starts);
    bench.simulator.forget_faults();
    // Another sale is not held up by that.
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, What::Reset));
    assert_eq!(pay(&bench, "another", 1, 302).outcome(), Outcome::Approved);
    assert_eq!(pay(&bench, "own", 3, 202).outcome(), Outcome::Approved);
}
