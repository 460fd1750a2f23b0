//! Rows 7 and 13 of issue 13: no clock that anybody can set, or set wrong, starts, aborts or forgets anything.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::error::Status;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::config::{Config, Timeout};
use secupos::till::decide::Verdict;
use secupos::till::handles::payment::Payment;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};

use crate::{Bench, GRACE, bench_with, settled};

const HOUR: i64 = 60 * 60 * 1000;
const DAY: i64 = 24 * HOUR;

/// A till that reads what is in doubt once.
fn without_patience(config: &mut Config) {
    config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout");
}

fn pay(bench: &Bench, reference: &str, amount: i64) -> Arc<Payment> {
    bench.till.pay(&Sale::new(reference, amount, "EUR").expect("a sale")).expect("a payment")
}

fn recover(bench: &Bench, reference: &str) -> Arc<Payment> {
    let payment = bench.till.recover(reference, None).expect("a payment");
    payment.wait(None);
    payment
}

/// A bench at whose terminal the first customer, "r1", stands, and whose till knows nothing of it any more.
fn with_a_customer_at_the_terminal(thinks: Duration) -> Bench {
    let bench = bench_with(without_patience);
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(thinks));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(pay(&bench, "r1", 102).outcome(), Outcome::Unknown);
    bench
}

/// Nobody else pays, and nothing is aborted.
fn assert_busy(bench: &Bench, reference: &str, what: &str) {
    let next = pay(bench, reference, 202);
    assert_eq!((next.outcome(), settled(&next).reason), (Outcome::NotStarted, Some(Reason::TerminalBusy)), "{what}");
    assert_eq!((bench.requests("/start/cashless"), bench.requests("/abort")), (1, 0), "{what}");
}

fn wait_until_paid(bench: &Bench) {
    let begun = Instant::now();
    while bench.simulator.ledger().is_empty() {
        assert!(begun.elapsed() < Duration::from_secs(30), "the customer pays");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// Row 7.
#[test]
fn a_node_whose_date_is_wrong_aborts_nothing_and_lets_nobody_else_pay() {
    const TEN_MINUTES: i64 = 600_000;
    for skew in [vec![TEN_MINUTES], vec![0, TEN_MINUTES], vec![-TEN_MINUTES, TEN_MINUTES], vec![0, 30 * DAY]] {
        let bench = bench_with(without_patience);
        bench.simulator.set(|settings| settings.clock_skew_ms = skew.clone());
        bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(1_500)));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
        assert_eq!(pay(&bench, "r1", 102).outcome(), Outcome::Unknown);
        for turn in 0..4 {
            assert_busy(&bench, &format!("next {turn}"), &format!("{skew:?}"));
        }
        wait_until_paid(&bench);
        assert_eq!(recover(&bench, "r1").outcome(), Outcome::Approved, "{skew:?}");
        bench.assert_started_once_and_charged(1);
    }
}

/// Row 13.
#[test]
fn a_wall_clock_that_is_set_neither_ends_nor_lengthens_the_time_that_a_start_may_take() {
    for step in [-9 * DAY, -HOUR, HOUR, 9 * DAY] {
        let bench = with_a_customer_at_the_terminal(Duration::from_secs(600));
        bench.clock.set_wall(step);
        assert_busy(&bench, "next", &format!("{step}"));
        let bench = bench.restart_with(without_patience);
        assert_busy(&bench, "one more", &format!("{step}, after a restart"));
        bench.clock.set_wall(-step);
        bench.let_the_grace_pass();
        // The customer stands there still, and nothing stops that: but the till is blocked no longer.
        assert_eq!(pay(&bench, "later", 302).outcome(), Outcome::Approved, "{step}");
    }
}

/// Row 13.
#[test]
fn a_possible_duplicate_is_one_for_an_hour_of_the_machines_own_time() {
    for step in [-9 * DAY, -HOUR, HOUR, 9 * DAY] {
        let bench = with_a_customer_at_the_terminal(Duration::from_secs(600));
        let again = || bench.till.pay(&Sale::new("r2", 102, "EUR").expect("a sale"));
        bench.clock.set_wall(step);
        assert_eq!(again().err().expect("refused").status(), Status::PossibleDuplicate, "{step}");
        bench.clock.pass(Duration::from_secs(59 * 60));
        assert_eq!(again().err().expect("refused").status(), Status::PossibleDuplicate, "{step}: 59 minutes");
        bench.clock.pass(Duration::from_secs(2 * 60));
        assert_eq!(again().expect("after an hour").outcome(), Outcome::Approved, "{step}: 61 minutes");
    }
}

/// Row 13.
#[test]
fn a_decision_that_was_wrong_is_found_after_the_clock_was_set_by_nine_days() {
    for step in [-9 * DAY, 9 * DAY] {
        let bench = with_a_customer_at_the_terminal(Duration::from_millis(500));
        let verdict = Verdict { paid: false, operator: "Erna".into(), reason: "no slip".into(), slip_number: None };
        bench.till.decide("r1", None, &verdict).expect("decided");
        wait_until_paid(&bench);
        bench.clock.set_wall(step);
        let bench = bench.restart_with(without_patience);
        let payment = recover(&bench, "r1");
        assert!(
            settled(&payment).conflict && payment.outcome() == Outcome::Approved,
            "{step}: {:?}",
            settled(&payment)
        );
        // And only so long as that makes sense: seven days of the machine's own time.
        let bench = with_a_customer_at_the_terminal(Duration::from_millis(500));
        bench.till.decide("r1", None, &verdict).expect("decided");
        wait_until_paid(&bench);
        bench.clock.set_wall(-step);
        bench.clock.pass(Duration::from_secs(7 * 24 * 60 * 60));
        let bench = bench.restart_with(without_patience);
        assert!(!settled(&recover(&bench, "r1")).conflict, "{step}: nobody asks any more");
    }
}

#[test]
fn a_machine_that_slept_has_not_waited() {
    let bench = with_a_customer_at_the_terminal(Duration::from_secs(600));
    bench.clock.suspend(GRACE * 2);
    assert_busy(&bench, "next", "suspended");
    let bench = bench.restart_with(without_patience);
    bench.clock.suspend(GRACE * 2);
    assert_busy(&bench, "one more", "suspended while it was closed");
    bench.let_the_grace_pass();
    assert_eq!(pay(&bench, "later", 302).outcome(), Outcome::Approved);
}

#[test]
fn a_machine_that_was_started_again_goes_on_where_it_was() {
    let bench = with_a_customer_at_the_terminal(Duration::from_secs(600));
    bench.clock.pass(GRACE / 2);
    // What it has waited is known as far as something was stored.
    assert_busy(&bench, "half", "half of it");
    bench.clock.boot_again();
    let bench = bench.restart_with(without_patience);
    assert_busy(&bench, "started", "started again");
    bench.clock.pass(GRACE / 3);
    assert_busy(&bench, "five sixths", "five sixths of it");
    bench.clock.boot_again();
    let bench = bench.restart_with(without_patience);
    bench.clock.pass(GRACE / 5);
    assert_eq!(pay(&bench, "later", 302).outcome(), Outcome::Approved);
}

/// As the command line does: each process opens the file, asks for a payment, and ends.
#[test]
fn processes_that_live_for_a_moment_each_wait_together() {
    let mut bench = with_a_customer_at_the_terminal(Duration::from_secs(600));
    let moments = 12;
    for moment in 0..moments {
        bench.clock.pass(GRACE / moments * 9 / 10);
        bench = bench.restart_with(without_patience);
        assert_busy(&bench, &format!("process {moment}"), &format!("process {moment}"));
    }
    bench.clock.pass(GRACE / 5);
    bench = bench.restart_with(without_patience);
    assert_eq!(pay(&bench, "the last", 302).outcome(), Outcome::Approved);
}

/// Row 19: the same of a reversal, which the service never confirms.
#[test]
fn a_reversal_in_doubt_blocks_no_till_whose_processes_live_for_a_moment_each() {
    let mut bench = bench_with(without_patience);
    assert_eq!(pay(&bench, "r1", 102).outcome(), Outcome::Approved);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
    bench.till.reverse("r1", None, None).expect("a reversal").wait(None);
    let moments = 12;
    for moment in 0..moments {
        bench.clock.pass(GRACE / moments * 9 / 10);
        bench = bench.restart_with(without_patience);
        let next = pay(&bench, &format!("process {moment}"), 202);
        assert_eq!(settled(&next).reason, Some(Reason::TerminalBusy), "process {moment}");
    }
    bench.clock.pass(GRACE / 5);
    bench = bench.restart_with(without_patience);
    assert_eq!(pay(&bench, "the last", 302).outcome(), Outcome::Approved);
}
