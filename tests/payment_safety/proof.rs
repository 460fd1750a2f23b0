//! Nothing negative without proof, no abort by a guess, no second start: what the till believes of a start that was refused,
//! of one that runs, and of one that nobody has heard of.

use std::time::Duration;

use secupos::error::Status;
use secupos::payment::action::Action;
use secupos::payment::outcome::{DecidedBy, Outcome};
use secupos::till::config::{Config, Timeout};
use secupos::till::decide::Verdict;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{AbortBeforeStart, AbortWhileRunning, SecondStart};

use crate::bench::{Bench, actions, attempt, in_parallel, ms, resolving, sale, settled, wait_until, word};

/// A customer who pays after so many seconds of the till's time.
fn paying(seconds: u64) -> Script {
    Script::of(Scenario::Girocard).thinking(Duration::from_millis(ms(seconds)))
}

/// The same, and start is refused after so many seconds, although the terminal has it.
fn refused(after: u64, status: u16, code: i64, pays_after: u64) -> Script {
    Script { refused: Some(Refused { after_ms: ms(after), status, code }), ..paying(pays_after) }
}

fn patient(payment_ms: i64) -> impl FnOnce(&mut Config) {
    move |config| {
        config.set_timeout_ms(Timeout::Payment, payment_ms).expect("a timeout");
        config.set_timeout_ms(Timeout::Resolve, 90_000).expect("a timeout");
    }
}

fn verdict(paid: bool) -> Verdict {
    Verdict { paid, operator: "Anna".into(), reason: "the terminal shows it".into(), slip_number: None }
}

/// How often the till has read this transaction.
fn reads(bench: &Bench) -> usize {
    bench.simulator.requests().iter().filter(|request| request.method == "GET").count()
}

#[test]
fn starts_own_ok_outranks_a_read_beside_it_that_says_failed() {
    let bench = Bench::with(patient(30_000));
    bench.simulator.set(|settings| settings.status_while_running = "failed".into());
    bench.simulator.script(paying(32));
    let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
    wait_until("read beside it", || reads(&bench) >= 2);
    assert_eq!(payment.outcome(), Outcome::Pending, "nothing negative is told meanwhile");
    assert_eq!(payment.wait(None), Outcome::Approved);
    bench.assert_true("start's own word", &payment);
    assert!(!settled(&payment).conflict && !settled(&payment).merchant_receipt.is_empty());
}

#[test]
fn a_person_may_decide_what_has_run_for_a_minute_and_starts_own_word_still_comes() {
    let bench = Bench::with(patient(30_000));
    bench.simulator.script(paying(80));
    let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
    wait_until("started", || bench.starts() == 1);
    let early = bench.till().decide("r1", None, &verdict(false)).map(drop).expect_err("refused");
    assert_eq!(early.status(), Status::InvalidState);
    std::thread::sleep(Duration::from_millis(ms(62)));
    let decided = bench.till().decide("r1", None, &verdict(false)).expect("decided");
    assert_eq!((decided.outcome(), settled(&decided).decided_by), (Outcome::NotStarted, DecidedBy::Operator));
    assert_eq!(payment.outcome(), Outcome::Pending);
    payment.wait(None);
    assert_eq!((payment.outcome(), settled(&payment).conflict), (Outcome::Approved, true));
    assert_eq!(bench.requests("/abort"), 0);
}

#[test]
fn what_says_another_word_than_created_is_never_aborted_also_after_the_grace() {
    let words = ["pending", "approved", "processing", "received", "Created", "neu"];
    in_parallel(&words, words.len(), |&said| {
        let mut bench = Bench::with(resolving(20));
        bench.simulator.set(|settings| {
            settings.status_while_running = said.into();
            settings.abort_while_running = AbortWhileRunning::Stops;
        });
        bench.simulator.script(paying(60));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
        assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown, "{said}");
        bench.let_the_grace_pass();
        bench.restart();
        let told = bench.recover("r1");
        assert_eq!((told.outcome(), bench.requests("/abort")), (Outcome::Unknown, 0), "{said}: {}", word(&told));
        bench.wait_for_charges("r1", 1);
        assert_eq!(bench.recover("r1").outcome(), Outcome::Approved, "{said}");
    });
}

#[test]
fn a_refusal_that_comes_late_says_nothing_of_whether_it_was_started() {
    in_parallel(&[(400, 4711), (500, 9009), (403, 2003)], 3, |&(status, code)| {
        let case = format!("{status} {code}");
        let mut bench = Bench::with(patient(30_000));
        bench.simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::PaysAnyway);
        bench.simulator.script(refused(40, status, code, 60));
        let payment = bench.pay("r1", 100);
        assert_eq!((payment.outcome(), bench.requests("/abort")), (Outcome::Approved, 0), "{case}: {}", word(&payment));
        bench.assert_true(&case, &payment);
        bench.assert_each_start_has_its_row(&case);
    });
}

/// Nothing in the world says that the terminal has it: the service refuses, reads lag, and the abort goes by what they say.
#[test]
fn a_start_that_is_refused_at_once_and_runs_all_the_same_is_found_behind_a_status_that_lags() {
    in_parallel(&[(400, 4711), (500, 9009), (403, 2003), (401, 2003)], 4, |&(status, code)| {
        let case = format!("{status} {code}");
        let mut bench = Bench::with(patient(30_000));
        bench.simulator.set(|settings| {
            settings.result_lag_ms = ms(10);
            settings.abort_while_running = AbortWhileRunning::FollowsStatus;
            settings.second_start = SecondStart::Charges;
        });
        bench.simulator.script(refused(2, status, code, 5));
        let payment = bench.pay("r1", 100);
        assert_eq!(payment.outcome(), Outcome::Approved, "{case}: {}", word(&payment));
        assert_eq!((bench.requests("/abort"), bench.charges("r1")), (1, 1), "{case}");
        let second = bench.till().pay(&attempt("r1", 2, 100)).map(drop).expect_err("refused");
        assert_eq!(second.status(), Status::ReferenceConflict, "{case}");
        bench.assert_each_start_has_its_row(&case);
    });
}

#[test]
fn what_was_refused_at_once_is_believed_twelve_seconds_after_the_abort_and_not_before() {
    let bench = Bench::with(patient(2_000));
    let refusal = What::ApiError { status: 400, code: 4711, text: "Terminal aus".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal));
    let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
    wait_until("aborted", || bench.requests("/abort") == 1);
    std::thread::sleep(Duration::from_millis(ms(10)));
    assert_eq!(payment.outcome(), Outcome::Pending);
    payment.wait(None);
    assert_eq!(word(&payment), "not_started (start_refused)");
    let second = bench.pay_attempt("r1", 2, 100);
    assert_eq!((second.outcome(), bench.charges("r1")), (Outcome::Approved, 1));
}

/// Refused, still `created` after the grace, and the service does not take the abort: that is all that will ever be known.
#[test]
fn what_cannot_be_aborted_is_not_started_after_the_grace_and_asked_about_again() {
    let mut bench = Bench::with(resolving(20));
    bench.simulator.set(|settings| settings.abort_before_start = AbortBeforeStart::Refused);
    let refusal = What::ApiError { status: 400, code: 4711, text: "Terminal aus".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    bench.let_the_grace_pass();
    let told = bench.recover("r1");
    assert_eq!((word(&told).as_str(), bench.requests("/abort")), ("not_started (start_refused)", 1));
    let before = reads(&bench);
    bench.restart();
    wait_until("asked about again", || reads(&bench) > before);
}

#[test]
fn a_payment_timeout_of_more_than_ten_minutes_is_refused_and_the_grace_outlives_the_longest() {
    let mut config = Config::default();
    let error = config.set_timeout_ms(Timeout::Payment, 600_001).expect_err("refused");
    assert_eq!(error.status(), Status::InvalidArgument);
    let mut bench = Bench::with(|config| {
        config.set_timeout_ms(Timeout::Payment, 600_000).expect("the longest");
        config.set_timeout_ms(Timeout::Resolve, 15_000).expect("a timeout");
    });
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    bench.clock.pass(Duration::from_secs(590));
    assert_eq!((bench.recover("r1").outcome(), bench.requests("/abort")), (Outcome::Unknown, 0));
    bench.clock.pass(Duration::from_secs(60));
    assert_eq!(word(&bench.recover("r1")), "not_started (never_started)");
    assert_eq!(bench.attempts("r1")[0].grace, Some((1 + 2 + 600 + 30) * 1000), "a length, stored with the row");
}

/// A till with a payment that was never started, of which a person has said that it was paid.
fn decided_paid() -> Bench {
    let bench = Bench::with(resolving(20));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    bench.till().decide("r1", None, &verdict(true)).expect("decided");
    bench
}

#[test]
fn what_a_person_calls_paid_is_never_aborted() {
    let mut bench = decided_paid();
    bench.let_the_grace_pass();
    for another in ["r2", "r3", "r4"] {
        bench.restart();
        let told = bench.recover("r1");
        let said = (told.outcome(), settled(&told).decided_by);
        assert_eq!(said, (Outcome::Approved, DecidedBy::Operator), "{}, {:?}", word(&told), actions(&told));
        assert_eq!(bench.pay(another, 200).outcome(), Outcome::Approved);
        bench.clock.pass(Duration::from_secs(20 * 60));
    }
    assert_eq!(bench.requests("/abort"), 0);
}

/// Our abort was taken, and before it was believed a person says that it was paid: that the service says `aborted` from then
/// on is our own doing.
#[test]
fn what_our_own_abort_has_ended_is_no_reason_to_collect() {
    let mut bench = Bench::with(resolving(0));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    bench.let_the_grace_pass();
    assert_eq!(bench.recover("r1").outcome(), Outcome::Unknown, "aborted, and not believed yet");
    assert_eq!(bench.requests("/abort"), 1);
    bench.till().decide("r1", None, &verdict(true)).expect("decided");
    for restart in [false, true, true] {
        bench.clock.pass(Duration::from_secs(20 * 60));
        if restart {
            bench.restart();
        }
        let told = bench.recover("r1");
        assert!(!actions(&told).contains(&Action::Collect), "{}: {:?}", word(&told), actions(&told));
    }
    let told = bench.recover("r1");
    assert!(settled(&told).conflict, "{}", word(&told));
    assert_eq!(actions(&told).first(), Some(&Action::AskCashier));
}

/// Reads lag ten seconds behind, and say "failed" of what runs: of what start itself has called paid they say so for a while.
#[test]
fn starts_own_ok_outranks_a_read_after_it_that_lags() {
    let mut bench = Bench::with(patient(30_000));
    bench.simulator.set(|settings| {
        settings.status_while_running = "failed".into();
        settings.result_lag_ms = ms(10);
        settings.receipts_lag_ms = 60_000;
    });
    bench.simulator.script(paying(15));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Approved);
    bench.restart();
    let before = reads(&bench);
    let told = bench.recover("r1");
    assert!(reads(&bench) > before, "its receipts are asked for");
    assert_eq!((told.outcome(), settled(&told).conflict), (Outcome::Approved, false), "{:?}", actions(&told));
    let reversal = bench.till().reverse("r1", None, None).expect("a payment");
    reversal.wait(None);
    assert_eq!(
        (reversal.outcome(), bench.requests("/cancelTrx")),
        (Outcome::Approved, 0),
        "it is not known to be paid yet"
    );
    assert!(!settled(&reversal).conflict && !actions(&reversal).contains(&Action::Refund));
}
