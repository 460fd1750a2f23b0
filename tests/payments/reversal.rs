//! Reversals, ends of days and diagnoses, against the simulator: what the till is told is what the ledger says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::error::{Language, Status};
use secupos::payment::action::Action;
use secupos::payment::outcome::{Outcome, ReversalOutcome};
use secupos::payment::reason::Reason;
use secupos::receipt::ReceiptCopy;
use secupos::till::config::{Config, Timeout};
use secupos::till::decide::ReversalVerdict;
use secupos::till::handles::payment::Payment;
use secupos::till::handles::report::{ReportKind, ReportOutcome};
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::settings::ReversalHits;
use serde_json::json;

use crate::{Bench, bench, bench_with, reopened, settled};

const DAY: ReportKind = ReportKind::EndOfDay { forced: false };
const DIAGNOSIS: ReportKind = ReportKind::Diagnosis { forced: false };

/// A till that reads what is in doubt once.
fn without_patience(config: &mut Config) {
    config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout");
}

fn impatient() -> Bench {
    bench_with(without_patience)
}

fn pay(bench: &Bench, reference: &str, amount: i64) -> Arc<Payment> {
    bench.till.pay(&Sale::new(reference, amount, "EUR").expect("a sale")).expect("a payment")
}

fn reverse(bench: &Bench, reference: &str) -> Arc<Payment> {
    let payment = bench.till.reverse(reference, None, None).expect("a payment");
    payment.wait(None);
    payment
}

fn recover(bench: &Bench, reference: &str) -> Arc<Payment> {
    let payment = bench.till.recover(reference, None).expect("a payment");
    payment.wait(None);
    payment
}

fn refused(bench: &Bench, reference: &str) -> Status {
    bench.till.reverse(reference, None, None).err().expect("an error").status()
}

fn run(bench: &Bench, kind: ReportKind) -> ReportOutcome {
    bench.till.run_report(kind).expect("a report").wait(None)
}

/// What the ledger says of a sale: how often it is paid and not given back.
fn balance(bench: &Bench, reference: &str) -> i8 {
    bench.simulator.ledger().iter().filter(|entry| entry.reference == reference).map(|entry| entry.change).sum()
}

fn said(payment: &Payment) -> (Outcome, ReversalOutcome) {
    (payment.outcome(), payment.reversal())
}

#[test]
fn a_payment_is_reversed_once_and_that_is_told_again_after_a_restart() {
    let bench = bench();
    pay(&bench, "r1", 2);
    bench.till.acknowledge("r1", None).expect("acknowledged");
    let payment = bench.till.reverse("r1", None, None).expect("a payment");
    assert!(matches!(payment.reversal(), ReversalOutcome::Pending | ReversalOutcome::Done));
    payment.wait(None);
    assert_eq!((said(&payment), balance(&bench, "r1")), ((Outcome::Reversed, ReversalOutcome::Done), 0));
    assert!(!settled(&payment).customer_receipt.is_empty());
    let printed = settled(&payment).receipt(ReceiptCopy::Customer).to_text(42).expect("text");
    assert!(printed.contains("*** STORNIERT ***"), "however it is printed: {printed}");
    // It has to be taken over again, and is not reversed again.
    assert_eq!(bench.till.unfinished().expect("a list").len(), 1);
    let bench = bench.restart();
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, ReversalOutcome::Done));
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (1, 0));
}

#[test]
fn a_refusal_comes_with_the_services_words_now_and_later() {
    let bench = bench();
    pay(&bench, "card", 4);
    let payment = reverse(&bench, "card");
    assert_eq!((said(&payment), balance(&bench, "card")), ((Outcome::Approved, ReversalOutcome::Refused), 1));
    let bench = bench.restart();
    // Money is asked for once.
    let again = recover(&bench, "card");
    for (payment, action) in [(payment, Action::Refund), (again, Action::AskCashier)] {
        let error = settled(&payment).error.as_ref().expect("an error");
        assert_eq!((error.status(), error.http_status()), (Status::ServerRefused, Some(400)));
        assert_eq!(error.server().text.as_deref(), Some("Storno nicht möglich"));
        assert!(error.server().code.as_deref() == Some("9005") && error.server().support_id.is_some());
        assert_eq!(settled(&payment).next_actions, [action]);
    }
}

#[test]
fn what_nobody_refused_may_be_reversed_again_and_is_not_refunded() {
    let bench = bench();
    pay(&bench, "r1", 2);
    for (what, reason) in [
        (What::Reset, Reason::NoConnection),
        (What::Answer { status: 503, body: String::new() }, Reason::ServerFailed),
        (What::ApiError { status: 429, code: 1, text: "später".into() }, Reason::ServerFailed),
        (What::Answer { status: 200, body: "<html>".into() }, Reason::ServerFailed),
    ] {
        bench.simulator.fault(Endpoint::Read, Fault::new(When::Before, what));
        let payment = reverse(&bench, "r1");
        let told = settled(&payment);
        assert_eq!((said(&payment), told.reason), ((Outcome::Approved, ReversalOutcome::Refused), Some(reason)));
        assert_eq!((&told.next_actions[..], balance(&bench, "r1")), (&[][..], 1));
        let text = payment.cashier_text(Language::English);
        assert!(text.contains("Please reverse it again."), "{text}");
    }
    assert_eq!(bench.requests("/cancelTrx"), 0);
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, ReversalOutcome::Done));
    assert_eq!(balance(&bench, "r1"), 0);
}

#[test]
fn a_report_tells_what_of_its_receipt_cannot_be_read() {
    let bench = bench();
    bench.simulator.fault(Endpoint::EndOfDay, Fault::new(When::After, What::Lines(20_000)));
    let report = bench.till.run_report(DAY).expect("a report");
    assert_eq!(report.wait(None), ReportOutcome::Done);
    let error = report.error().expect("it is too long");
    assert_eq!(error.status(), Status::ReceiptTooLarge, "{error}");
}

#[test]
fn what_cannot_be_reversed_for_certain_is_refused_before_anything_is_sent() {
    let bench = bench();
    assert_eq!(refused(&bench, "nothing"), Status::NotFound);
    pay(&bench, "declined", 5);
    assert_eq!(refused(&bench, "declined"), Status::InvalidState);
    pay(&bench, "first", 2);
    bench.simulator.restart_receipt_numbers();
    pay(&bench, "second", 102);
    assert_eq!(refused(&bench, "first"), Status::InvalidState, "its number is the second's now");
    assert_eq!(run(&bench, DAY), ReportOutcome::Done);
    assert_eq!(refused(&bench, "second"), Status::InvalidState, "the day is closed");
    let third = pay(&bench, "third", 202);
    // The service knows it by another number.
    let id = settled(&third).transaction_id.clone().expect("an id");
    let other = What::Replace { pointer: "/receipt_number".into(), value: json!(77) };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, other));
    let payment = reverse(&bench, "third");
    assert_eq!(said(&payment), (Outcome::Approved, ReversalOutcome::Refused), "{id}");
    assert_eq!(bench.requests("/cancelTrx"), 0);
    // Nothing of it stays: the next one is sent.
    assert_eq!(said(&reverse(&bench, "third")), (Outcome::Reversed, ReversalOutcome::Done));
}

#[test]
fn a_clock_that_was_set_back_does_not_hide_that_the_terminal_counts_anew() {
    const TWO_HOURS: i64 = 2 * 60 * 60 * 1000;
    let bench = bench();
    bench.clock.set_wall(TWO_HOURS);
    pay(&bench, "first", 2);
    bench.clock.set_wall(-TWO_HOURS);
    let bench = bench.restart();
    bench.simulator.restart_receipt_numbers();
    pay(&bench, "second", 102);
    let error = bench.till.reverse("first", None, None).err().expect("refused");
    assert!(error.message().contains("counts anew"), "{error}");
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "second")), (0, 1));
}

#[test]
fn what_was_in_doubt_may_be_what_the_terminal_has_counted_anew() {
    let bench = impatient();
    pay(&bench, "first", 2);
    bench.simulator.restart_receipt_numbers();
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    let unreadable = What::Answer { status: 503, body: String::new() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, unreadable).times(100));
    assert_eq!(pay(&bench, "second", 102).outcome(), Outcome::Unknown);
    bench.simulator.forget_faults();
    let payment = reverse(&bench, "first");
    assert_eq!(said(&payment), (Outcome::Approved, ReversalOutcome::Refused));
    let error = settled(&payment).error.as_ref().expect("an error");
    assert!(error.message().contains("counts anew"), "{error}");
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "second")), (0, 1));
}

#[test]
fn a_reversal_is_not_sent_again_while_it_or_another_payment_may_reach_the_terminal() {
    let bench = impatient();
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Approved, ReversalOutcome::Unknown));
    let is_busy_with = |bench: &Bench, reference: &str| {
        let payment = reverse(bench, "r1");
        let in_doubt = (Outcome::Approved, ReversalOutcome::Unknown);
        assert_eq!((said(&payment), bench.requests("/cancelTrx")), (in_doubt, 1));
        let error = settled(&payment).error.as_ref().expect("an error");
        assert!(error.status() == Status::Busy && error.message().contains(reference), "{error}");
    };
    is_busy_with(&bench, "\"r1\"");
    // It no longer holds the terminal, so that the next one is begun.
    bench.let_the_grace_pass();
    let unreadable = What::Answer { status: 503, body: String::new() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, unreadable).times(100));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(pay(&bench, "r2", 102).outcome(), Outcome::Unknown);
    bench.simulator.forget_faults();
    // A new till knows of neither how long ago it was.
    let bench = bench.restart();
    is_busy_with(&bench, "\"r2\"");
}

/// Row 13 of issue 13 among it: "older than 24 hours" of a payment of a minute ago is only asked, and no clock forbids.
#[test]
fn what_was_paid_more_than_a_day_ago_is_reversed_only_if_a_person_confirms_it() {
    const MINUTE: i64 = 60 * 1000;
    const ONE_DAY: i64 = 24 * 60 * MINUTE;
    // A payment from tomorrow says that a clock was set, so nobody knows how old it is.
    for (paid_at, must_be_confirmed) in [(MINUTE - ONE_DAY, false), (-MINUTE - ONE_DAY, true), (60 * MINUTE, true)] {
        let bench = bench();
        bench.clock.set_wall(paid_at);
        pay(&bench, "r1", 2);
        bench.clock.set_wall(-paid_at);
        let bench = bench.restart();
        if must_be_confirmed {
            let error = bench.till.reverse("r1", None, None).err().expect("refused");
            assert_eq!(error.status(), Status::ConfirmationRequired, "{paid_at}: {error}");
            assert!(error.message().contains("\"r1\" is older than 24 hours"), "{error}");
            assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (0, 1), "{paid_at}");
        }
        let payment = bench.till.reverse("r1", None, must_be_confirmed.then_some("Erna")).expect("a payment");
        payment.wait(None);
        assert_eq!(said(&payment), (Outcome::Reversed, ReversalOutcome::Done), "{paid_at}");
        assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (1, 0), "{paid_at}");
    }
}

#[test]
fn a_day_of_the_machines_own_time_asks_for_a_confirmation_whatever_the_wall_clock_says() {
    let bench = bench();
    pay(&bench, "r1", 2);
    let day = Duration::from_secs(24 * 60 * 60 + 60);
    bench.clock.pass(day);
    bench.clock.set_wall(-i64::try_from(day.as_millis()).expect("a day"));
    assert_eq!(refused(&bench, "r1"), Status::ConfirmationRequired);
    assert_eq!(bench.requests("/cancelTrx"), 0);
}

#[test]
fn a_reversal_in_doubt_is_read_and_sent_again_only_when_somebody_asks() {
    for is_done in [false, true] {
        let bench = impatient();
        pay(&bench, "r1", 2);
        let when = if is_done { When::After } else { When::Before };
        bench.simulator.fault(Endpoint::Cancel, Fault::new(when, What::Reset));
        bench.simulator.fault(Endpoint::Read, Fault::new(When::After, What::Delay(0)));
        let unreadable = Fault::new(When::After, What::Answer { status: 503, body: String::new() });
        bench.simulator.fault(Endpoint::Read, unreadable.times(100));
        let payment = reverse(&bench, "r1");
        assert_eq!(said(&payment), (Outcome::Approved, ReversalOutcome::Unknown), "done: {is_done}");
        // Nobody else pays while it may still reach the terminal, and the day is not closed.
        let other = pay(&bench, "r2", 102);
        assert_eq!(settled(&other).reason, Some(Reason::TerminalBusy));
        assert_eq!(run(&bench, DAY), ReportOutcome::NotRun);
        assert_eq!(bench.till.acknowledge("r1", None).expect_err("in doubt").status(), Status::InvalidState);
        let still = reverse(&bench, "r1");
        assert_eq!(said(&still), (Outcome::Approved, ReversalOutcome::Unknown), "it cannot be read");
        let bench = bench.restart_with(without_patience);
        bench.simulator.forget_faults();
        let open = bench.till.unfinished().expect("a list");
        assert!(open.iter().any(|payment| payment.ticket().reference == "r1"), "done: {is_done}");
        let recovered = recover(&bench, "r1");
        let expected = if is_done {
            (Outcome::Reversed, ReversalOutcome::Done)
        } else {
            (Outcome::Approved, ReversalOutcome::Unknown)
        };
        assert_eq!((said(&recovered), bench.requests("/cancelTrx")), (expected, 1), "done: {is_done}");
        bench.let_the_grace_pass();
        assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, ReversalOutcome::Done));
        assert_eq!(bench.requests("/cancelTrx"), if is_done { 1 } else { 2 });
        assert_eq!(balance(&bench, "r1"), 0);
    }
}

#[test]
fn a_second_request_that_is_refused_says_nothing_of_the_first() {
    let bench = bench_with(|config| {
        without_patience(config);
        config.set_timeout_ms(Timeout::Terminal, 500).expect("a timeout");
    });
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Delay(3000)));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Approved, ReversalOutcome::Unknown));
    bench.let_the_grace_pass();
    // The terminal is at work on it, for all that.
    let busy = What::ApiError { status: 400, code: 1, text: "Terminal belegt".into() };
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, busy));
    let second = reverse(&bench, "r1");
    assert_eq!((said(&second), bench.requests("/cancelTrx")), ((Outcome::Approved, ReversalOutcome::Unknown), 2));
    assert!(!settled(&second).next_actions.contains(&Action::Refund), "{:?}", settled(&second).next_actions);
    let begun = Instant::now();
    while balance(&bench, "r1") == 1 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the first one is carried out");
        std::thread::sleep(Duration::from_millis(50));
    }
    assert_eq!(said(&recover(&bench, "r1")), (Outcome::Reversed, ReversalOutcome::Done));
}

#[test]
fn a_token_that_is_refused_refuses_no_reversal_for_good() {
    let bench = bench();
    pay(&bench, "r1", 2);
    let dead = What::ApiError { status: 403, code: 2003, text: "Valid auth token required".into() };
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, dead));
    let payment = reverse(&bench, "r1");
    assert_eq!(said(&payment), (Outcome::Approved, ReversalOutcome::Refused));
    assert_eq!((settled(&payment).reason, balance(&bench, "r1")), (Some(Reason::LoginFailed), 1));
    assert!(settled(&payment).next_actions.is_empty(), "{:?}", settled(&payment).next_actions);
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, ReversalOutcome::Done));
}

#[test]
fn a_reversal_that_the_service_never_confirms_stays_in_doubt_blocks_nothing_and_is_decided_by_a_person() {
    for is_reversed in [false, true] {
        let bench = impatient();
        pay(&bench, "r1", 2);
        bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
        assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Approved, ReversalOutcome::Unknown));
        bench.let_the_grace_pass();
        // That the service goes on saying "ok" proves nothing.
        let recovered = recover(&bench, "r1");
        assert_eq!(said(&recovered), (Outcome::Approved, ReversalOutcome::Unknown));
        assert!(!settled(&recovered).next_actions.contains(&Action::Refund), "{:?}", settled(&recovered).next_actions);
        // The next customer pays, and the day can be closed.
        assert_eq!(pay(&bench, "r2", 102).outcome(), Outcome::Approved);
        assert_eq!((run(&bench, DAY), bench.requests("/cancelTrx")), (ReportOutcome::Done, 1));
        let verdict =
            ReversalVerdict { reversed: is_reversed, operator: "Erna".into(), reason: "the terminal's slip".into() };
        let decided = bench.till.decide_reversal("r1", None, &verdict).expect("decided");
        let expected = if is_reversed {
            (Outcome::Reversed, ReversalOutcome::Done)
        } else {
            (Outcome::Approved, ReversalOutcome::Refused)
        };
        assert_eq!(said(&decided), expected);
        assert_eq!(
            bench.till.decide_reversal("r1", None, &verdict).err().expect("once").status(),
            Status::InvalidState
        );
        bench.till.acknowledge_payment(&decided).expect("acknowledged");
        assert_eq!(said(&recover(&bench, "r1")), expected);
    }
}

#[test]
fn the_status_tells_what_waits_for_the_end_of_the_day() {
    let bench = bench();
    let due = |bench: &Bench| bench.till.to_json().expect("a status")["end_of_day_due"]["payments"].clone();
    for (reference, amount) in [("elv", 1), ("girocard", 2), ("debit", 3), ("visa", 4), ("declined", 5)] {
        pay(&bench, reference, amount);
    }
    assert_eq!(due(&bench), 2);
    assert!(bench.till.to_json().expect("a status")["end_of_day_due"]["since"].is_i64());
    reverse(&bench, "girocard");
    assert_eq!(due(&bench), 1);
    run(&bench, DAY);
    assert_eq!(due(&bench), 0);
}

#[test]
fn another_payment_that_was_reversed_instead_is_told_of_and_support_is_called() {
    let bench = impatient();
    pay(&bench, "r1", 2);
    pay(&bench, "r2", 102);
    bench.simulator.set(|settings| settings.reversal_hits = ReversalHits::Another);
    let payment = reverse(&bench, "r1");
    assert_eq!((said(&payment), balance(&bench, "r1")), ((Outcome::Approved, ReversalOutcome::Unknown), 1));
    assert_eq!(settled(&payment).reason, Some(Reason::WrongPaymentReversed));
    assert_eq!(settled(&payment).next_actions.first(), Some(&Action::CallSupport));
    assert!(!settled(&payment).next_actions.contains(&Action::Refund), "{:?}", settled(&payment).next_actions);
    let other = recover(&bench, "r2");
    assert_eq!((said(&other), balance(&bench, "r2")), ((Outcome::Reversed, ReversalOutcome::Done), 0));
}

#[test]
fn a_request_that_was_never_sent_leaves_the_payment_as_it_was() {
    let bench = impatient();
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, What::RefuseConnections(1_000)));
    let payment = reverse(&bench, "r1");
    assert_eq!(said(&payment), (Outcome::Approved, ReversalOutcome::Refused));
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (0, 1));
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, ReversalOutcome::Done));
}

#[test]
fn a_report_says_whether_it_has_run() {
    let refusal = What::ApiError { status: 400, code: 4711, text: "Terminal nicht erreichbar".into() };
    for (when, what, expected, closings) in [
        (When::After, What::Delay(0), ReportOutcome::Done, 1),
        (When::Before, What::Reset, ReportOutcome::MayHaveRun, 0),
        (When::After, What::Reset, ReportOutcome::MayHaveRun, 1),
        (When::After, What::Truncate, ReportOutcome::MayHaveRun, 1),
        (When::Before, refusal, ReportOutcome::Refused, 0),
    ] {
        let bench = bench();
        pay(&bench, "r1", 2);
        bench.simulator.fault(Endpoint::EndOfDay, Fault::new(when, what.clone()));
        bench.simulator.fault(Endpoint::Diagnosis, Fault::new(when, what.clone()));
        let report = bench.till.run_report(DAY).expect("a report");
        assert_eq!((report.wait(None), bench.simulator.closings()), (expected, closings), "{what:?}");
        let printed = String::from_utf8(report.render(&Default::default()).expect("rendered")).expect("UTF-8");
        assert_eq!(printed.contains("Kassenschnitt"), expected == ReportOutcome::Done, "{printed}");
        assert_eq!(run(&bench, DIAGNOSIS), expected, "{what:?}");
        assert_eq!(bench.requests("/me/EndOfDay"), 1, "{what:?}: never twice by itself");
        // What may have been cleared is not reversed.
        let may_be_reversed = bench.till.reverse("r1", None, None).is_ok();
        assert_eq!(may_be_reversed, expected == ReportOutcome::Refused, "{what:?}");
    }
}

#[test]
fn an_end_of_day_waits_for_what_is_in_doubt_unless_it_is_forced() {
    let bench = impatient();
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Silence));
    let payment = pay(&bench, "r1", 2);
    assert_eq!(payment.outcome(), Outcome::Unknown);
    let report = bench.till.run_report(DAY).expect("a report");
    assert_eq!(report.wait(None), ReportOutcome::NotRun);
    assert_eq!(report.error().expect("an error").status(), Status::Busy);
    assert_eq!(run(&bench, ReportKind::EndOfDay { forced: true }), ReportOutcome::Done);
    assert_eq!(bench.simulator.closings(), 1);
}

#[test]
fn an_end_of_day_that_was_cut_off_by_a_crash_may_have_run() {
    let bench = bench();
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::EndOfDay, Fault::new(When::Before, What::Silence));
    let _running = bench.till.run_report(DAY).expect("a report");
    while bench.requests("/me/EndOfDay") == 0 {
        std::thread::sleep(Duration::from_millis(5));
    }
    assert_eq!(refused(&bench, "r1"), Status::Busy);
    // As the next process would find it.
    let file = crate::state_file(&bench.simulator);
    let copy = file.with_extension("copy.db");
    for end in ["", "-wal", ".head"] {
        let from = format!("{}{end}", file.display());
        if std::path::Path::new(&from).exists() {
            std::fs::copy(from, format!("{}{end}", copy.display())).expect("copied");
        }
    }
    let mut config = crate::config(&bench.simulator);
    config.set_state_file(&copy, secupos::journal::IfMissing::Refuse).expect("a state file");
    let till = reopened(&config);
    assert_eq!(till.reverse("r1", None, None).err().expect("an error").status(), Status::InvalidState);
}
