//! A sale speaks with one voice: what needs a person is told, what is asked for with money is asked for once, and nothing is
//! closed that nobody has seen.

use std::time::Duration;

use secupos::error::{Language, Status};
use secupos::payment::action::Action;
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::till::handles::payment::Payment;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::json;

use crate::bench::{Bench, actions, ms, resolving, settled, wait_until, word};

/// Long enough for all of it, also on a busy machine.
const START_UP: Duration = Duration::from_secs(300);

fn name(reference: &str, attempt: i32) -> (String, i32) {
    (reference.to_owned(), attempt)
}

/// A payment that fails, and is paid so many milliseconds later.
fn paid_after(ms: u64) -> Script {
    Script { paid_after_ms: Some(ms), ..Script::of(Scenario::Declined) }
}

/// A sale that was charged twice: its first attempt failed, its second was paid, and the first was paid after all. The till
/// has been opened anew and has found that out by itself.
fn charged_twice() -> Bench {
    let mut bench = Bench::new();
    bench.simulator.script(paid_after(3_000));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Failed);
    assert_eq!(bench.pay_attempt("r1", 2, 100).outcome(), Outcome::Approved);
    bench.wait_for_charges("r1", 2);
    bench.restart();
    wait_until("noticed", || bench.unfinished() == [name("r1", 1), name("r1", 2)]);
    bench
}

/// What a till does when it starts.
fn started_up(bench: &Bench) -> Vec<std::sync::Arc<Payment>> {
    bench.till().recover_all(START_UP).expect("a list")
}

#[test]
fn a_conflict_of_the_first_attempt_is_told_with_refund_and_the_second_attempt_by_itself() {
    let bench = charged_twice();
    let told = started_up(&bench);
    let names: Vec<_> = told.iter().map(|payment| payment.ticket().attempt).collect();
    assert_eq!(names, [1, 2], "one for each attempt");
    assert_eq!(actions(&told[0]), [Action::Refund, Action::PrintMerchant, Action::PrintCustomer]);
    assert!(settled(&told[0]).conflict && settled(&told[0]).asked_before_at.is_none());
    assert!(!actions(&told[1]).contains(&Action::Refund), "it is given back once");
    // Each is taken over by itself.
    bench.till().acknowledge_payment(&told[1]).expect("acknowledged");
    assert_eq!(bench.unfinished(), [name("r1", 1)]);
    bench.till().acknowledge_payment(&told[0]).expect("acknowledged");
    assert!(bench.unfinished().is_empty());
}

#[test]
fn where_two_attempts_need_something_nobody_can_leave_the_number_out() {
    let bench = charged_twice();
    let till = bench.till();
    for refused in
        [till.recover("r1", None).map(drop), till.acknowledge("r1", None), till.reverse("r1", None, None).map(drop)]
    {
        let error = refused.expect_err("refused");
        assert_eq!(error.status(), Status::InvalidState);
        assert!(error.message().contains("attempts 1 and 2"), "{error}");
    }
    assert_eq!(bench.recover_attempt("r1", 1).outcome(), Outcome::Approved);
    let missing = till.recover("r1", Some(3)).map(drop).expect_err("refused");
    assert_eq!(missing.status(), Status::NotFound);
}

#[test]
fn a_conflict_that_nobody_was_told_is_never_closed() {
    let mut bench = charged_twice();
    for _ in 0..2 {
        // By its number, by who was never told; and a list tells nothing.
        bench.till().acknowledge("r1", Some(1)).expect("it may be repeated");
        for listed in bench.till().unfinished().expect("a list") {
            assert!(!actions(&listed).contains(&Action::Refund), "{:?}", actions(&listed));
            bench.till().acknowledge_payment(&listed).expect("it may be repeated");
        }
        assert_eq!(bench.unfinished(), [name("r1", 1)]);
        bench.restart();
    }
    // What was told before the contradiction does not tell of it.
    let told = bench.recover_attempt("r1", 1);
    assert_eq!(actions(&told).first(), Some(&Action::Refund));
    bench.till().acknowledge_payment(&told).expect("acknowledged");
    assert!(bench.unfinished().is_empty());
}

#[test]
fn what_was_told_before_it_was_contradicted_closes_nothing() {
    let bench = Bench::new();
    bench.simulator.script(paid_after(500));
    let declined = bench.pay("r1", 100);
    bench.wait_for_charges("r1", 1);
    assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Approved);
    assert!(bench.unfinished().contains(&name("r1", 1)));
    bench.till().acknowledge_payment(&declined).expect("it was declined then");
    bench.till().acknowledge("r1", None).expect("the same by its name: that is what this process was told");
    assert!(bench.unfinished().contains(&name("r1", 1)));
}

#[test]
fn a_till_that_dies_after_it_has_handed_out_the_cash_is_not_asked_to_do_so_again() {
    let mut bench = charged_twice();
    assert_eq!(actions(&started_up(&bench)[0]).first(), Some(&Action::Refund));
    for _ in 0..2 {
        bench.restart();
        let told = &started_up(&bench)[0];
        assert_eq!(actions(told).first(), Some(&Action::AskCashier));
        assert!(!actions(told).contains(&Action::Refund));
        assert!(settled(told).asked_before_at.is_some(), "the cashier reads since when");
        let again = bench.recover_attempt("r1", 1);
        assert!(!actions(&again).contains(&Action::Refund));
    }
}

#[test]
fn once_one_of_two_charges_was_reversed_the_other_is_not_given_back_too() {
    let bench = charged_twice();
    // The cashier has seen it on the slips, before the till was told.
    let reversed = bench.till().reverse("r1", Some(2), None).expect("a payment");
    reversed.wait(None);
    assert_eq!((reversed.outcome(), reversed.reversal()), (Outcome::Reversed, ReversalOutcome::Done));
    let told = bench.recover_attempt("r1", 1);
    assert_eq!(actions(&told).first(), Some(&Action::AskCashier));
    assert!(settled(&told).conflict && !actions(&told).contains(&Action::Refund));
    let left: i64 = bench.simulator.ledger().iter().map(|entry| entry.amount * i64::from(entry.change)).sum();
    assert_eq!(left, 100, "paid once");
}

/// A sale whose first attempt failed and was paid after all, which the till has found out by itself, and whose second is in
/// doubt: its customer pays a little later.
fn charged_and_one_in_doubt() -> Bench {
    let mut bench = Bench::with(resolving(0));
    bench.simulator.script(paid_after(500));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Failed);
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(6_000)));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(bench.pay_attempt("r1", 2, 100).outcome(), Outcome::Unknown);
    bench.wait_for_charges("r1", 1);
    bench.restart();
    wait_until("noticed", || {
        let listed = bench.till().unfinished().expect("a list");
        listed.len() == 2 && settled(&listed[0]).conflict
    });
    bench
}

#[test]
fn a_start_up_finds_out_all_attempts_of_a_sale_before_it_says_whether_one_is_given_back() {
    let bench = charged_and_one_in_doubt();
    bench.wait_for_charges("r1", 2);
    let told = started_up(&bench);
    let names: Vec<_> = told.iter().map(|payment| payment.ticket().attempt).collect();
    assert_eq!(names, [1, 2], "the oldest first");
    assert_eq!(actions(&told[0]).first(), Some(&Action::Refund), "{:?}", actions(&told[0]));
    assert!(!actions(&told[1]).contains(&Action::Refund));
}

#[test]
fn a_surplus_that_comes_to_light_when_its_conflict_was_taken_over_is_asked_back_all_the_same() {
    let bench = charged_and_one_in_doubt();
    let first = bench.recover_attempt("r1", 1);
    assert_eq!(actions(&first).first(), Some(&Action::AskCashier), "charged once, for all that is known");
    bench.till().acknowledge_payment(&first).expect("acknowledged");
    bench.wait_for_charges("r1", 2);
    let second = bench.recover_attempt("r1", 2);
    assert_eq!(actions(&second).first(), Some(&Action::Refund));
    let text = second.cashier_text(Language::English);
    assert!(text.contains("paid for twice"), "{text}");
    let again = bench.recover_attempt("r1", 2);
    assert_eq!(actions(&again).first(), Some(&Action::AskCashier), "and once only");
    assert!(!actions(&bench.recover_attempt("r1", 1)).contains(&Action::Refund));
}

#[test]
fn a_conflict_that_is_found_later_is_told_by_check_unfinished_and_at_the_next_start_up() {
    let bench = Bench::new();
    bench.simulator.script(paid_after(500));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Failed);
    bench.wait_for_charges("r1", 1);
    let next = bench.pay("r2", 200);
    assert_eq!(actions(&next).last(), Some(&Action::CheckUnfinished), "found beside it, and told by nobody yet");
    let told = started_up(&bench);
    assert_eq!(told[0].ticket().reference, "r1");
    assert!(settled(&told[0]).conflict);
    let after = bench.pay("r3", 300);
    assert!(!actions(&after).contains(&Action::CheckUnfinished), "it has been told: {:?}", actions(&after));
}

#[test]
fn what_failed_on_friday_is_read_again_on_monday() {
    let mut bench = Bench::new();
    bench.simulator.script(paid_after(1_000));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Failed);
    bench.close();
    bench.wait_for_charges("r1", 1);
    bench.clock.pass(Duration::from_secs(60 * 3600));
    bench.restart();
    wait_until("listed", || bench.unfinished() == [name("r1", 1)]);
    let told = &started_up(&bench)[0];
    assert!(settled(told).conflict);
    assert_eq!(actions(told).first(), Some(&Action::AskCashier), "{}", word(told));
}

#[test]
fn what_failed_is_asked_about_until_the_service_says_so_again_and_that_is_kept() {
    let mut bench = Bench::new();
    bench.simulator.script(Script::of(Scenario::Declined));
    let declined = bench.pay("r1", 100);
    let id = settled(&declined).transaction_id.as_ref().expect("an id").to_string();
    let reads = |bench: &Bench| bench.requests(&format!("/{id}"));
    // Too soon to prove anything: it is read at each opening.
    for opening in 1..=2 {
        bench.restart();
        wait_until("read", || reads(&bench) >= opening);
    }
    bench.clock.pass(Duration::from_secs(60 * 3600));
    let before = reads(&bench);
    bench.restart();
    wait_until("read", || reads(&bench) > before);
    assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Approved, "what was begun before it is done");
    let proven = bench.attempts("r1");
    assert!(proven[0].proven, "{proven:?}");
    let before = reads(&bench);
    bench.restart();
    assert_eq!(bench.pay("r3", 300).outcome(), Outcome::Approved);
    assert_eq!(reads(&bench), before, "what is proven is not asked about");
}

#[test]
fn receipts_that_come_after_a_bare_ok_was_taken_over_reach_the_till() {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.receipts_lag_ms = 60_000);
    let bare = bench.pay("r1", 100);
    assert_eq!(actions(&bare), [Action::LookAtTerminal, Action::RecoverLater]);
    bench.till().acknowledge_payment(&bare).expect("acknowledged");
    assert!(bench.unfinished().is_empty());
    bench.simulator.set(|settings| settings.receipts_lag_ms = 0);
    // While the till is idle, without anybody asking for it.
    bench.restart();
    wait_until("listed", || bench.unfinished() == [name("r1", 1)]);
    let told = started_up(&bench);
    assert_eq!(actions(&told[0]), [Action::PrintMerchant, Action::TakeSignature, Action::PrintCustomer]);
    bench.till().acknowledge_payment(&told[0]).expect("printed");
    assert!(bench.unfinished().is_empty());
}

#[test]
fn receipts_of_what_was_paid_after_all_reach_the_till_when_they_come() {
    let mut bench = Bench::new();
    bench.simulator.script(paid_after(500));
    bench.simulator.set(|settings| settings.receipts_lag_ms = 60_000);
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Failed);
    bench.wait_for_charges("r1", 1);
    let bare = bench.recover("r1");
    assert_eq!(actions(&bare), [Action::AskCashier, Action::LookAtTerminal, Action::RecoverLater]);
    bench.till().acknowledge_payment(&bare).expect("acknowledged");
    assert!(bench.unfinished().is_empty());
    bench.simulator.set(|settings| settings.receipts_lag_ms = 0);
    bench.restart();
    wait_until("listed", || bench.unfinished() == [name("r1", 1)]);
    let told = started_up(&bench);
    assert_eq!(actions(&told[0]), [Action::PrintMerchant, Action::PrintCustomer]);
    bench.till().acknowledge_payment(&told[0]).expect("printed");
    assert!(bench.unfinished().is_empty());
}

/// A read beside start has only the word, start's own answer a little later all of it, the line to sign on included.
#[test]
fn what_start_itself_brings_is_waited_for_although_a_read_says_ok_already() {
    let bench = Bench::with(|config| {
        config.set_timeout_ms(secupos::till::config::Timeout::Payment, 30_000).expect("a timeout");
    });
    let bare = What::Replace { pointer: "/receipt_merchant".into(), value: json!([]) };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, bare).times(1000));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Delay(ms(28))));
    let payment = bench.pay("r1", 100);
    let reads = bench.simulator.requests().iter().filter(|request| request.path.contains("/STX")).count();
    assert!(reads > 1, "it was read beside start");
    assert_eq!(actions(&payment), [Action::PrintMerchant, Action::TakeSignature, Action::PrintCustomer]);
    bench.assert_true("late", &payment);
}
