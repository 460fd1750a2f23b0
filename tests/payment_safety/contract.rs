//! What a till may rely on: `pay` is idempotent in reference and attempt, only `pay` starts anything, a person may decide.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::error::{Error, Language, Result, Status};
use secupos::journal::IfMissing;
use secupos::payment::action::Action;
use secupos::payment::outcome::{DecidedBy, Outcome};
use secupos::till::Till;
use secupos::till::decide::Verdict;
use secupos::till::handles::payment::Payment;
use secupos::till::sale::Sale;

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::json;

use crate::bench::{Bench, attempt, in_parallel, ms, resolving, sale, settled, wait_until, word};

fn status(result: Result<Arc<Payment>>) -> Status {
    result.map(|payment| payment.outcome()).map_err(|error| Error::status(&error)).expect_err("refused")
}

/// A till with one payment in doubt: its start broke, and the customer takes so many milliseconds.
fn in_doubt(think: u64) -> Bench {
    let bench = Bench::with(resolving(0));
    bench.simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(think)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    bench
}

fn verdict(paid: bool) -> Verdict {
    Verdict { paid, operator: "Anna".into(), reason: "the terminal shows it".into(), slip_number: None }
}

/// What has been sent so far to create or to start something.
fn begun(bench: &Bench) -> (usize, usize) {
    (bench.creates(), bench.starts())
}

fn references(payments: &[Arc<Payment>]) -> Vec<&str> {
    payments.iter().map(|payment| payment.ticket().reference.as_str()).collect()
}

#[test]
fn paying_again_while_it_is_running_joins_the_same_payment() {
    let bench = Bench::new();
    bench.simulator.set(|settings| settings.think_ms = 500);
    let sale = sale("r1", 100);
    let first = bench.till().start_payment(&sale).expect("a payment");
    assert_eq!(first.outcome(), Outcome::Pending);
    let joined: Vec<_> = std::thread::scope(|scope| {
        let callers: Vec<_> = (0..8).map(|_| scope.spawn(|| bench.till().pay(&sale).expect("joined"))).collect();
        callers.into_iter().map(|caller| caller.join().expect("no panic")).collect()
    });
    assert!(joined.iter().all(|payment| Arc::ptr_eq(payment, &first)));
    assert_eq!((first.outcome(), first.replayed()), (Outcome::Approved, false));
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
}

#[test]
fn while_one_is_running_another_sale_another_amount_and_another_owner_are_refused() {
    let bench = Bench::new();
    bench.simulator.set(|settings| settings.think_ms = 1_500);
    let running = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
    assert_eq!(status(bench.till().start_payment(&sale("r2", 100))), Status::Busy);
    assert_eq!(status(bench.till().start_payment(&sale("r1", 101))), Status::ReferenceConflict);
    let francs = Sale::new("r1", 100, "CHF").expect("a sale");
    assert_eq!(status(bench.till().start_payment(&francs)), Status::ReferenceConflict);
    assert_eq!(Till::open(&bench.config).err().expect("refused").status(), Status::StateFileLocked);
    // It may be asked for, but neither decided nor taken over.
    assert!(Arc::ptr_eq(&bench.till().recover("r1", None).expect("joined"), &running));
    let unfinished = bench.till().unfinished().expect("a list");
    assert!(unfinished.iter().all(|listed| Arc::ptr_eq(listed, &running)));
    assert_eq!(bench.till().acknowledge("r1", None).expect_err("refused").status(), Status::InvalidState);
    assert_eq!(status(bench.till().decide("r1", None, &verdict(true))), Status::InvalidState);
    running.wait(None);
    assert_eq!((running.outcome(), bench.starts(), bench.charges("r1")), (Outcome::Approved, 1, 1));
}

#[test]
fn paying_again_what_is_in_doubt_goes_on_finding_out_and_starts_nothing() {
    for restart in [false, true] {
        let mut bench = in_doubt(1_000);
        if restart {
            bench.restart();
        }
        let before = begun(&bench);
        wait_until("settled", || bench.pay("r1", 100).outcome() != Outcome::Unknown);
        let payment = bench.pay("r1", 100);
        assert_eq!((payment.outcome(), payment.replayed()), (Outcome::Approved, true));
        assert_eq!((begun(&bench), bench.charges("r1")), (before, 1));
        assert!(!settled(&payment).merchant_receipt.is_empty());
    }
}

#[test]
fn every_final_outcome_is_told_again_as_it_was_and_nothing_is_sent_for_it() {
    let tell = |bench: &Bench, number| bench.till().pay(&attempt("r1", number, 100)).expect("a payment");
    let mut bench = Bench::new();
    // Refused, then not started, then paid.
    bench.simulator.script(Script::of(Scenario::Declined));
    let declined = tell(&bench, 1);
    bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, What::Answer { status: 503, body: "".into() }));
    let not_started = tell(&bench, 2);
    let approved = tell(&bench, 3);
    let first = [declined, not_started, approved];
    let outcomes: Vec<_> = first.iter().map(|payment| payment.outcome()).collect();
    assert_eq!(outcomes, [Outcome::Failed, Outcome::NotStarted, Outcome::Approved]);
    for restart in [false, true] {
        if restart {
            bench.restart();
        }
        let before = begun(&bench);
        for (number, first) in (1..).zip(&first) {
            let again = tell(&bench, number);
            let (then, now) = (settled(first), settled(&again));
            assert!(again.replayed() && !first.replayed());
            assert_eq!((now.outcome, now.reason), (then.outcome, then.reason));
            assert_eq!((now.completed_at, now.receipt_number), (then.completed_at, then.receipt_number));
            assert_eq!((&now.transaction_id, now.amount_charged), (&then.transaction_id, then.amount_charged));
            assert_eq!(now.merchant_receipt.to_json(), then.merchant_receipt.to_json());
            assert_eq!(now.customer_receipt.to_json(), then.customer_receipt.to_json());
            assert_eq!(now.next_actions, then.next_actions);
        }
        assert_eq!((begun(&bench), bench.charges("r1")), (before, 1), "restart: {restart}");
    }
}

#[test]
fn attempts_come_one_after_the_other_and_never_after_money_has_moved() {
    let bench = Bench::new();
    let pay = |number, amount| bench.till().pay(&attempt("r1", number, amount));
    assert_eq!(status(pay(2, 100)), Status::AttemptOutOfOrder);
    bench.simulator.script(Script::of(Scenario::Aborted));
    assert_eq!(pay(1, 100).expect("a payment").outcome(), Outcome::Failed);
    for wrong in [3, 9999] {
        assert_eq!(status(pay(wrong, 100)), Status::AttemptOutOfOrder);
    }
    assert_eq!(status(pay(1, 101)), Status::ReferenceConflict);
    assert_eq!(pay(2, 100).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!(status(pay(3, 100)), Status::ReferenceConflict);
    assert_eq!(status(pay(2, 101)), Status::ReferenceConflict);
    let francs = Sale::new("r1", 100, "CHF").expect("a sale");
    assert_eq!(status(bench.till().pay(&francs)), Status::ReferenceConflict);
    assert_eq!((bench.starts(), bench.charges("r1")), (2, 1));
}

#[test]
fn what_is_in_doubt_allows_no_other_attempt() {
    let bench = in_doubt(60_000);
    let before = begun(&bench);
    assert_eq!(status(bench.till().pay(&attempt("r1", 2, 100))), Status::ReferenceConflict);
    assert_eq!(begun(&bench), before);
}

#[test]
fn an_acknowledged_reference_is_closed_and_says_since_when() {
    let mut bench = Bench::new();
    bench.pay("r1", 100);
    assert_eq!(references(&bench.till().unfinished().expect("a list")), ["r1"]);
    bench.till().acknowledge("r1", None).expect("acknowledged");
    bench.till().acknowledge("r1", None).expect("as often as one likes");
    for restart in [false, true] {
        if restart {
            bench.restart();
        }
        assert!(bench.till().unfinished().expect("a list").is_empty());
        for sale in [sale("r1", 100), sale("r1", 101), attempt("r1", 2, 100)] {
            let error = bench.till().pay(&sale).err().expect("refused");
            assert_eq!(error.status(), Status::ReferenceClosed);
            assert!(error.message().contains("was acknowledged at 1"), "{error}");
        }
        // Its result and its receipts are there all the same.
        let recovered = bench.recover("r1");
        assert!(recovered.outcome() == Outcome::Approved && !settled(&recovered).merchant_receipt.is_empty());
    }
    assert_eq!(bench.till().acknowledge("r9", None).expect_err("refused").status(), Status::NotFound);
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
}

#[test]
fn what_has_no_result_cannot_be_acknowledged_and_what_was_not_paid_need_not_be() {
    let bench = in_doubt(60_000);
    assert_eq!(bench.till().acknowledge("r1", None).expect_err("refused").status(), Status::InvalidState);
    let bench = Bench::new();
    bench.simulator.script(Script::of(Scenario::Declined));
    bench.pay("r1", 100);
    assert!(bench.till().unfinished().expect("a list").is_empty());
    bench.till().acknowledge("r1", None).expect("allowed");
}

#[test]
fn what_was_reversed_is_final_for_its_reference() {
    let mut bench = Bench::new();
    // As somebody who reverses it at the terminal while the answer is lost.
    let reversed = What::Replace { pointer: "/status".into(), value: "cancelled".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, reversed));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Reversed);
    bench.restart();
    let before = begun(&bench);
    assert_eq!(references(&bench.till().unfinished().expect("a list")), ["r1"]);
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Reversed);
    assert_eq!(status(bench.till().pay(&attempt("r1", 2, 100))), Status::ReferenceConflict);
    assert_eq!(begun(&bench), before);
}

#[test]
fn only_pay_starts_anything() {
    let mut bench = in_doubt(1_500);
    bench.simulator.set(|settings| settings.think_ms = 0);
    let before = begun(&bench);
    for _ in 0..3 {
        bench.restart();
        bench.till().unfinished().expect("a list");
        bench.till().find_payments(0, i64::MAX, None).expect("a list");
        bench.recover("r1");
    }
    wait_until("settled", || bench.recover("r1").outcome() == Outcome::Approved);
    bench.restart();
    bench.till().acknowledge("r1", None).expect("acknowledged");
    bench.recover("r1");
    assert_eq!(status(bench.till().recover("r9", None)), Status::NotFound);
    assert_eq!((begun(&bench), bench.charges("r1")), (before, 1));
}

#[test]
fn what_was_never_started_comes_back_as_not_started_without_being_started() {
    let mut bench = Bench::with(resolving(20));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    let before = begun(&bench);
    bench.restart();
    assert_eq!(bench.recover("r1").outcome(), Outcome::Unknown, "the grace is not over");
    assert_eq!(bench.requests("/abort"), 0);
    bench.let_the_grace_pass();
    bench.restart();
    assert_eq!(word(&bench.recover("r1")), "not_started (never_started)");
    assert_eq!((begun(&bench), bench.requests("/abort"), bench.charges("r1")), (before, 1, 0));
    // Then another attempt may be made, and it is another transaction.
    assert_eq!(bench.pay_attempt("r1", 2, 100).outcome(), Outcome::Approved);
    assert_eq!((bench.starts(), bench.charges("r1")), (2, 1));
}

#[test]
fn payments_are_found_by_time_and_receipt_number_without_the_network() {
    let mut bench = Bench::new();
    let paid: Vec<_> = ["r1", "r2", "r3"].map(|reference| bench.pay(reference, 100)).into();
    bench.simulator.script(Script::of(Scenario::Declined));
    bench.pay("r4", 100);
    bench.restart();
    bench.simulator.refuse_connections(Duration::from_secs(60));
    let find = |from, to, number| bench.till().find_payments(from, to, number).expect("a list");
    assert_eq!(references(&find(0, i64::MAX, None)), ["r1", "r2", "r3", "r4"]);
    let second = paid[1].ticket().created_at;
    assert!(references(&find(second, i64::MAX, None)).contains(&"r2"));
    assert!(!references(&find(0, second, None)).contains(&"r2"), "`to` is not included");
    let number = settled(&paid[1]).receipt_number;
    let found = find(0, i64::MAX, number);
    assert_eq!(references(&found), ["r2"]);
    let receipt = &settled(&found[0]).merchant_receipt;
    assert_eq!(receipt.to_json(), settled(&paid[1]).merchant_receipt.to_json());
    assert_eq!(references(&bench.till().unfinished().expect("a list")), ["r1", "r2", "r3"]);
    assert_eq!(bench.recover("r1").outcome(), Outcome::Approved);
}

/// A till with one payment in doubt that somebody has decided, and whose customer is done by now.
fn decided(scenario: Scenario, paid: bool) -> Bench {
    let bench = Bench::with(resolving(0));
    bench.simulator.script(Script::of(scenario).thinking(Duration::from_millis(1_000)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Unknown);
    let decided = bench.till().decide("r1", None, &verdict(paid)).expect("decided");
    let expected = if paid { Outcome::Approved } else { Outcome::NotStarted };
    assert_eq!((decided.outcome(), settled(&decided).decided_by), (expected, DecidedBy::Operator));
    assert_eq!(status(bench.till().decide("r1", None, &verdict(!paid))), Status::InvalidState, "once");
    bench.wait_for_customers();
    bench
}

/// Waits until the service's own word is known, without asking for it. Of a word that start itself did not say it is known
/// only when it was read again a minute later.
fn wait_for_the_services_word(bench: &mut Bench) {
    let says = |bench: &Bench| {
        let found = bench.till().find_payments(0, i64::MAX, None).expect("a list");
        settled(&found[0]).decided_by == DecidedBy::Server
    };
    for _ in 0..2 {
        bench.restart();
        let since = Instant::now();
        while !says(bench) && since.elapsed() < Duration::from_secs(1) {
            std::thread::sleep(Duration::from_millis(10));
        }
        bench.clock.pass(Duration::from_secs(61));
    }
    wait_until("the service's word", || says(bench));
}

#[test]
fn a_person_can_decide_what_is_in_doubt_and_the_service_may_agree() {
    in_parallel(&[(Scenario::Elv, true), (Scenario::Aborted, false)], 2, |&(scenario, paid)| {
        let mut bench = decided(scenario, paid);
        wait_for_the_services_word(&mut bench);
        let told = bench.recover("r1");
        let expected = if paid { Outcome::Approved } else { Outcome::Failed };
        assert_eq!((told.outcome(), settled(&told).conflict), (expected, false));
        assert_eq!(bench.starts(), 1);
    });
}

#[test]
fn a_truth_that_contradicts_a_persons_decision_is_a_conflict_with_what_to_do_first() {
    let wrong = [
        // Whether the customer has paid in another way meanwhile, the cashier knows.
        (Scenario::Girocard, false, Outcome::Approved, Action::AskCashier),
        (Scenario::Declined, true, Outcome::Failed, Action::Collect),
    ];
    in_parallel(&wrong, 2, |&(scenario, paid, expected, action)| {
        let case = format!("{scenario:?}, decided {paid}");
        let mut bench = decided(scenario, paid);
        wait_for_the_services_word(&mut bench);
        assert_eq!(bench.unfinished(), [("r1".to_owned(), 1)], "{case}");
        let told = bench.recover("r1");
        let said = settled(&told);
        assert_eq!((said.outcome, said.conflict, said.decided_by), (expected, true, DecidedBy::Server), "{case}");
        assert_eq!(said.next_actions.first(), Some(&action), "{case}");
        bench.till().acknowledge_payment(&told).expect("somebody has seen to it");
        assert!(bench.unfinished().is_empty(), "{case}");
    });
}

#[test]
fn that_a_person_was_wrong_is_noticed_by_the_next_payment() {
    let bench = decided(Scenario::Girocard, false);
    assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Approved);
    assert_eq!(bench.unfinished(), [("r1".to_owned(), 1), ("r2".to_owned(), 1)]);
}

#[test]
fn a_decision_that_was_taken_over_and_turns_out_to_be_wrong_is_listed_again() {
    let mut bench = in_doubt(1_000);
    bench.till().decide("r1", None, &verdict(false)).expect("decided");
    bench.till().acknowledge("r1", None).expect("taken over");
    assert!(bench.unfinished().is_empty());
    bench.wait_for_customers();
    bench.restart();
    wait_until("listed", || !bench.unfinished().is_empty());
    let told = bench.till().unfinished().expect("a list");
    assert_eq!((told[0].outcome(), settled(&told[0]).conflict), (Outcome::Approved, true));
    assert_eq!(status(bench.till().pay(&attempt("r1", 2, 100))), Status::ReferenceClosed);
    bench.till().acknowledge("r1", None).expect("it may be repeated");
    assert!(!bench.unfinished().is_empty(), "nobody was told of the contradiction: a list tells nothing");
    let told = bench.recover("r1");
    bench.till().acknowledge_payment(&told).expect("somebody has seen to it");
    assert!(bench.unfinished().is_empty());
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
}

/// A person was right, and a read that lags has said otherwise for a minute.
#[test]
fn what_a_lagging_read_has_said_against_a_person_is_asked_about_until_the_truth_comes() {
    let mut bench = decided(Scenario::Elv, true);
    let lags = What::Replace { pointer: "/status".into(), value: json!("failed") };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, lags).times(1000));
    wait_for_the_services_word(&mut bench);
    let told = bench.recover("r1");
    assert_eq!((told.outcome(), settled(&told).next_actions.first()), (Outcome::Failed, Some(&Action::Collect)));
    assert!(told.cashier_text(Language::English).contains("Please collect the money"), "asked for now");
    assert_eq!(bench.recover("r1").cashier_text(Language::English).matches("find out whether money").count(), 1);
    bench.till().acknowledge_payment(&told).expect("collected");
    assert!(bench.unfinished().is_empty());

    bench.simulator.forget_faults();
    bench.restart();
    wait_until("noticed", || bench.unfinished() == [("r1".to_owned(), 1)]);
    bench.till().acknowledge_payment(&told).expect("what it told");
    assert_eq!(bench.unfinished(), [("r1".to_owned(), 1)], "that it was paid, this payment has not told");
    let told = bench.recover("r1");
    assert_eq!((told.outcome(), settled(&told).conflict), (Outcome::Approved, true));
    assert_eq!(settled(&told).next_actions.first(), Some(&Action::AskCashier));
    assert!(!settled(&told).merchant_receipt.is_empty());
    bench.till().acknowledge_payment(&told).expect("somebody has seen to it");
    assert!(bench.unfinished().is_empty());
}

/// Begun a little before the word is a minute old, and answered a little after: in between the customer has paid.
#[test]
fn a_word_is_as_old_as_when_the_read_that_brought_it_was_begun() {
    let bench = Bench::with(resolving(90));
    bench.simulator.set(|settings| settings.status_while_running = "failed".into());
    bench.simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(1_200)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
    let reads = || bench.simulator.requests().iter().filter(|request| request.path.contains("/STX")).count();
    wait_until("read", || reads() > 1);
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, What::Delay(ms(8))));
    bench.clock.pass(Duration::from_secs(55));
    payment.wait(None);
    assert_eq!(payment.outcome(), Outcome::Approved);
    bench.assert_true("slow", &payment);
}

#[test]
fn that_a_sale_has_been_paid_already_is_stored_and_told_again() {
    let mut bench = Bench::new();
    // The idle till has looked after what was before, and will not for a quarter of an hour.
    std::thread::sleep(Duration::from_millis(600));
    bench.simulator.script(Script { paid_after_ms: Some(500), ..Script::of(Scenario::Declined) });
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Failed);
    bench.wait_for_charges("r1", 1);
    let before = begun(&bench);
    assert_eq!(word(&bench.pay_attempt("r1", 2, 100)), "not_started (already_paid)");
    for _ in 0..2 {
        let again = bench.pay_attempt("r1", 2, 100);
        assert_eq!((word(&again).as_str(), again.replayed()), ("not_started (already_paid)", true));
        bench.restart();
    }
    assert_eq!(status(bench.till().pay(&attempt("r1", 3, 100))), Status::ReferenceConflict);
    assert_eq!(begun(&bench), before);
}

/// What is in doubt of a sale is found out and told by `pay`, too, after another attempt at it was taken over.
#[test]
fn an_attempt_that_needs_something_is_told_although_its_reference_is_closed() {
    let bench = in_doubt(1_000);
    bench.till().decide("r1", None, &verdict(false)).expect("decided");
    let second = bench.pay_attempt("r1", 2, 100);
    assert_eq!(second.outcome(), Outcome::Approved);
    bench.till().acknowledge_payment(&second).expect("booked");
    bench.wait_for_charges("r1", 2);
    bench.pay("r2", 200);
    assert!(bench.unfinished().contains(&("r1".to_owned(), 1)), "noticed by the next payment");
    let first = bench.pay_attempt("r1", 1, 100);
    assert_eq!((first.outcome(), settled(&first).next_actions.first()), (Outcome::Approved, Some(&Action::Refund)));
    assert_eq!(status(bench.till().pay(&attempt("r1", 2, 100))), Status::ReferenceClosed);
    assert_eq!(status(bench.till().pay(&attempt("r1", 3, 100))), Status::ReferenceClosed);
    bench.till().acknowledge_payment(&first).expect("refunded");
    assert_eq!(status(bench.till().pay(&attempt("r1", 1, 100))), Status::ReferenceClosed);
}

#[test]
fn only_what_is_in_doubt_can_be_decided_and_by_somebody() {
    let bench = Bench::new();
    assert_eq!(status(bench.till().decide("r1", None, &verdict(true))), Status::NotFound);
    bench.pay("r1", 100);
    assert_eq!(status(bench.till().decide("r1", None, &verdict(false))), Status::InvalidState);
    let bench = in_doubt(60_000);
    for wrong in [
        Verdict { operator: String::new(), ..verdict(true) },
        Verdict { reason: String::new(), ..verdict(true) },
        Verdict { slip_number: Some(0), ..verdict(true) },
    ] {
        assert_eq!(status(bench.till().decide("r1", None, &wrong)), Status::InvalidArgument);
    }
}

#[test]
fn the_next_customer_waits_while_one_is_in_doubt_and_a_decision_lifts_that_at_once() {
    let bench = in_doubt(60_000);
    let before = begun(&bench);
    let next = bench.pay("r2", 200);
    assert_eq!(word(&next), "not_started (terminal_busy)");
    assert_eq!(settled(&next).next_actions, [Action::LookAtTerminal, Action::AskCashier, Action::TryAgain]);
    assert_eq!(begun(&bench), before);
    bench.till().decide("r1", None, &verdict(false)).expect("decided");
    let next = bench.pay_attempt("r2", 2, 200);
    assert_eq!((next.outcome(), bench.charges("r2")), (Outcome::Approved, 1));
}

#[test]
fn the_next_customer_waits_no_longer_than_the_grace_even_if_nobody_knows() {
    in_parallel(&[false, true], 2, |&restart| {
        let mut bench = in_doubt(60_000);
        if restart {
            bench.restart();
        }
        assert_eq!(word(&bench.pay("r2", 200)), "not_started (terminal_busy)");
        bench.let_the_grace_pass();
        let next = bench.pay_attempt("r2", 2, 200);
        assert_eq!((next.outcome(), bench.charges("r2")), (Outcome::Approved, 1), "restart: {restart}");
        assert_eq!(references(&bench.till().unfinished().expect("a list")), ["r1", "r2"]);
    });
}

#[test]
fn the_next_customer_pays_as_soon_as_the_server_has_spoken() {
    let bench = in_doubt(800);
    bench.wait_for_customers();
    assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Approved);
    let told = bench.till().find_payments(0, i64::MAX, None).expect("a list");
    assert!(told.iter().all(|payment| payment.outcome() == Outcome::Approved));
    assert_eq!((bench.charges("r1"), bench.charges("r2"), bench.starts()), (1, 1, 2));
}

#[test]
fn the_same_amount_while_one_is_in_doubt_must_be_confirmed_by_somebody() {
    let mut bench = in_doubt(60_000);
    for restart in [false, true] {
        if restart {
            bench.restart();
        }
        let before = begun(&bench);
        assert_eq!(status(bench.till().pay(&sale("r2", 100))), Status::PossibleDuplicate);
        assert_eq!(begun(&bench), before);
    }
    // Decided as not paid: still one that may have been paid.
    bench.till().decide("r1", None, &verdict(false)).expect("decided");
    assert_eq!(status(bench.till().pay(&sale("r2", 100))), Status::PossibleDuplicate);
    assert_eq!(bench.pay("r3", 101).outcome(), Outcome::Approved, "another amount");
    let francs = Sale::new("r4", 100, "CHF").expect("a sale");
    assert_eq!(bench.till().pay(&francs).expect("a payment").outcome(), Outcome::Approved, "another currency");
    let mut confirmed = sale("r2", 100);
    assert_eq!(confirmed.confirm_not_duplicate("").expect_err("nobody").status(), Status::InvalidArgument);
    confirmed.confirm_not_duplicate("Anna").expect("confirmed");
    assert_eq!(bench.till().pay(&confirmed).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!(bench.attempts("r2")[0].confirmed_by.as_deref(), Some("Anna"));
}

#[test]
fn a_confirmation_does_not_lift_the_waiting_for_the_terminal() {
    let bench = in_doubt(60_000);
    let before = begun(&bench);
    let mut confirmed = sale("r2", 100);
    confirmed.confirm_not_duplicate("Anna").expect("confirmed");
    assert_eq!(word(&bench.till().pay(&confirmed).expect("a payment")), "not_started (terminal_busy)");
    assert_eq!(begun(&bench), before);
}

#[test]
fn after_a_loss_of_the_state_file_nothing_is_paid_until_somebody_accepts_that() {
    let mut bench = Bench::new();
    bench.pay("r1", 100);
    // Closed, and its thread with it.
    bench.attempts("r1");
    let file = bench.state_file.clone();
    for beside in ["", "-wal", "-shm"] {
        let path = format!("{}{beside}", file.display());
        let _ = std::fs::remove_file(path);
    }
    assert!(!file.exists());
    bench.restart();
    let before = begun(&bench);
    for sale in [sale("r1", 100), sale("r2", 200)] {
        assert_eq!(status(bench.till().pay(&sale)), Status::StateFileDamaged);
    }
    assert_eq!(begun(&bench), before);
    assert_eq!(bench.till().accept_journal_loss("").expect_err("nobody").status(), Status::InvalidArgument);
    bench.till().accept_journal_loss("Anna").expect("accepted");
    // The service dates its payments to the second: what is paid now is newer than what was lost.
    std::thread::sleep(Duration::from_secs(1));
    assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Approved);
    bench.restart();
    assert_eq!(bench.pay("r3", 300).outcome(), Outcome::Approved, "accepted once and for all");
}

#[test]
fn a_till_without_its_state_file_is_not_opened_unless_it_may_make_one() {
    let bench = Bench::new();
    let mut config = bench.config.clone();
    let missing = bench.state_file.with_file_name("missing.db");
    config.set_state_file(&missing, IfMissing::Refuse).expect("a path");
    let error = Till::open(&config).err().expect("refused");
    assert!(!missing.exists(), "{error}");
    assert_ne!(error.status(), Status::StateFileLocked);
}
