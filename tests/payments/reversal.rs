//! Reversals, ends of days and diagnoses, against the simulator: what the till is told is what the ledger says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::api::base_url::BaseUrl;
use secupos::api::http::{Http, Setup};
use secupos::error::{Language, Status};
use secupos::receipt::ReceiptCopy;
use secupos::till::clock::{Clock, SystemClock};
use secupos::till::config::Timeout;
use secupos::till::doubt::Rules;
use secupos::till::outcome::{Action, Outcome, Reason, Reversal};
use secupos::till::payment::Payment;
use secupos::till::report::{ReportKind, ReportOutcome};
use secupos::till::sale::Sale;
use secupos::till::{Surroundings, Till};
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::settings::ReversalHits;
use secupos_simulator::{Options, Simulator};
use serde_json::json;

use crate::{Bench, bench, bench_with, config, reopened, settled};

const DAY: ReportKind = ReportKind::EndOfDay { forced: false };

/// A bench whose till reads what is in doubt once.
fn impatient() -> Bench {
    bench_with(|config| config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout"))
}

/// A bench whose till takes a request that was broken off half a second ago for one that can no longer arrive.
fn without_grace() -> Bench {
    bench_with(|config| {
        for (which, ms) in
            [(Timeout::Connect, 200), (Timeout::Request, 300), (Timeout::Grace, 0), (Timeout::Resolve, 0)]
        {
            config.set_timeout_ms(which, ms).expect("a timeout");
        }
    })
}

fn pay(bench: &Bench, reference: &str, amount: i64) -> Arc<Payment> {
    bench.till.pay(&Sale::new(reference, amount, "EUR").expect("a sale")).expect("a payment")
}

fn reverse(bench: &Bench, reference: &str) -> Arc<Payment> {
    let payment = bench.till.reverse(reference, None).expect("a payment");
    payment.wait(None);
    payment
}

fn refused(bench: &Bench, reference: &str) -> Status {
    bench.till.reverse(reference, None).err().expect("an error").status()
}

fn run(bench: &Bench, kind: ReportKind) -> ReportOutcome {
    bench.till.run_report(kind).expect("a report").wait(None)
}

/// The machine's clock, set wrong by so many milliseconds.
struct WrongClock(SystemClock, i64);

impl Clock for WrongClock {
    fn now(&self) -> i64 {
        self.0.now() + self.1
    }

    fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    fn sleep(&self, duration: Duration) {
        self.0.sleep(duration);
    }
}

/// A till whose clock is wrong by so many milliseconds, and nothing else of it.
pub fn open_at(simulator: &Simulator, wrong_by: i64) -> Till {
    let base_url = BaseUrl::parse(&simulator.base_url()).expect("a base URL");
    let connect_timeout = Duration::from_secs(2);
    let setup = Setup { base_url, connect_timeout, extra_roots: Vec::new(), proxy: None, user_agent_suffix: None };
    let transport = Box::new(Http::new(setup).expect("a transport"));
    let clock = Arc::new(WrongClock(SystemClock::new(), wrong_by));
    Till::open_in(&config(simulator), Surroundings { transport, clock, rules: Rules::default() }).expect("a till")
}

/// What the ledger says of a sale: how often it is paid and not given back.
fn balance(bench: &Bench, reference: &str) -> i8 {
    bench.simulator.ledger().iter().filter(|entry| entry.reference == reference).map(|entry| entry.change).sum()
}

fn said(payment: &Payment) -> (Outcome, Reversal) {
    (payment.outcome(), payment.reversal())
}

#[test]
fn a_payment_is_reversed_once_and_that_is_told_again_after_a_restart() {
    let bench = bench();
    pay(&bench, "r1", 2);
    bench.till.acknowledge("r1").expect("acknowledged");
    let payment = bench.till.reverse("r1", None).expect("a payment");
    assert!(matches!(payment.reversal(), Reversal::Pending | Reversal::Done));
    payment.wait(None);
    assert_eq!((said(&payment), balance(&bench, "r1")), ((Outcome::Reversed, Reversal::Done), 0));
    assert!(!settled(&payment).customer_receipt.is_empty());
    let printed = settled(&payment).receipt(ReceiptCopy::Customer).to_text(42).expect("text");
    assert!(printed.contains("*** STORNIERT ***"), "however it is printed: {printed}");
    // It has to be taken over again, and is not reversed again.
    assert_eq!(bench.till.unfinished().expect("a list").len(), 1);
    let bench = bench.restart();
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, Reversal::Done));
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (1, 0));
}

#[test]
fn a_refusal_comes_with_the_services_words_now_and_later() {
    let bench = bench();
    pay(&bench, "card", 4);
    let payment = reverse(&bench, "card");
    assert_eq!((said(&payment), balance(&bench, "card")), ((Outcome::Approved, Reversal::Refused), 1));
    let bench = bench.restart();
    for payment in [payment, bench.till.recover("card").expect("a payment")] {
        let error = settled(&payment).error.as_ref().expect("an error");
        assert_eq!((error.status(), error.http_status()), (Status::Refused, Some(400)));
        assert_eq!(error.server().text.as_deref(), Some("Storno nicht möglich"));
        assert!(error.server().code.as_deref() == Some("9005") && error.server().support_id.is_some());
        assert_eq!(settled(&payment).next_actions, [Action::Refund]);
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
        assert_eq!((said(&payment), told.reason), ((Outcome::Approved, Reversal::Refused), Some(reason)));
        assert_eq!((&told.next_actions[..], balance(&bench, "r1")), (&[][..], 1));
        let text = payment.cashier_text(Language::English);
        assert!(text.contains("Please reverse it again."), "{text}");
    }
    assert_eq!(bench.requests("/cancelTrx"), 0);
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, Reversal::Done));
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
    // The service knows it by another number. The declined one is looked at, too.
    let id = settled(&third).transaction_id.clone().expect("an id");
    let other = What::Replace { pointer: "/receipt_number".into(), value: json!(77) };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, other).times(2));
    let payment = reverse(&bench, "third");
    assert_eq!(said(&payment), (Outcome::Approved, Reversal::Refused), "{id}");
    assert_eq!(bench.requests("/cancelTrx"), 0);
    // Nothing of it stays: the next one is sent.
    assert_eq!(said(&reverse(&bench, "third")), (Outcome::Reversed, Reversal::Done));
}

#[test]
fn a_clock_that_was_set_back_does_not_hide_that_the_terminal_counts_anew() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let till = open_at(&simulator, 2 * 60 * 60 * 1000);
    let bench = Bench { simulator, till };
    pay(&bench, "first", 2);
    let bench = bench.restart();
    bench.simulator.restart_receipt_numbers();
    pay(&bench, "second", 102);
    let error = bench.till.reverse("first", None).err().expect("refused");
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
    assert_eq!(said(&payment), (Outcome::Approved, Reversal::Refused));
    let error = settled(&payment).error.as_ref().expect("an error");
    assert!(error.message().contains("counts anew"), "{error}");
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "second")), (0, 1));
}

#[test]
fn a_reversal_is_not_sent_again_while_another_payment_may_reach_the_terminal() {
    let bench = without_grace();
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Approved, Reversal::Unknown));
    // It no longer holds the terminal, so that the next one is begun.
    std::thread::sleep(Duration::from_millis(600));
    let unreadable = What::Answer { status: 503, body: String::new() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, unreadable).times(100));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    assert_eq!(pay(&bench, "r2", 102).outcome(), Outcome::Unknown);
    bench.simulator.forget_faults();
    // A new till knows of neither how long ago it was.
    let bench = bench.restart();
    let payment = reverse(&bench, "r1");
    assert_eq!((said(&payment), bench.requests("/cancelTrx")), ((Outcome::Approved, Reversal::Unknown), 1));
    let error = settled(&payment).error.as_ref().expect("an error");
    assert!(error.status() == Status::Busy && error.message().contains("\"r2\""), "{error}");
}

#[test]
fn what_was_paid_more_than_a_day_ago_is_reversed_only_if_a_person_confirms_it() {
    const MINUTE: i64 = 60 * 1000;
    const ONE_DAY: i64 = 24 * 60 * MINUTE;
    // A payment from tomorrow says that a clock was set, so nobody knows how old it is.
    for (paid_at, must_be_confirmed) in [(MINUTE - ONE_DAY, false), (-MINUTE - ONE_DAY, true), (60 * MINUTE, true)] {
        let simulator = Simulator::start(Options::default()).expect("a simulator");
        let till = open_at(&simulator, paid_at);
        let bench = Bench { simulator, till };
        pay(&bench, "r1", 2);
        let bench = bench.restart();
        if must_be_confirmed {
            let error = bench.till.reverse("r1", None).err().expect("refused");
            assert_eq!(error.status(), Status::ConfirmationRequired, "{paid_at}: {error}");
            assert!(error.message().contains("\"r1\" is older than 24 hours"), "{error}");
            assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (0, 1), "{paid_at}");
        }
        let payment = bench.till.reverse("r1", must_be_confirmed.then_some("Erna")).expect("a payment");
        payment.wait(None);
        assert_eq!(said(&payment), (Outcome::Reversed, Reversal::Done), "{paid_at}");
        assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (1, 0), "{paid_at}");
    }
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
        assert_eq!(said(&payment), (Outcome::Approved, Reversal::Unknown), "done: {is_done}");
        // Nobody else pays while it may still reach the terminal, and the day is not closed.
        let other = pay(&bench, "r2", 102);
        assert_eq!(settled(&other).reason, Some(Reason::TerminalBusy));
        assert_eq!(run(&bench, DAY), ReportOutcome::NotRun);
        assert_eq!(bench.till.acknowledge("r1").expect_err("in doubt").status(), Status::InvalidState);
        let still = bench.till.reverse("r1", None).expect("a payment");
        still.wait(None);
        assert_eq!(said(&still), (Outcome::Approved, Reversal::Unknown), "it cannot be read");
        let bench = bench.restart();
        bench.simulator.forget_faults();
        let open = bench.till.unfinished().expect("a list");
        assert!(open.iter().any(|payment| payment.ticket().reference == "r1"), "done: {is_done}");
        let recovered = bench.till.recover("r1").expect("a payment");
        recovered.wait(None);
        let expected =
            if is_done { (Outcome::Reversed, Reversal::Done) } else { (Outcome::Approved, Reversal::Unknown) };
        assert_eq!((said(&recovered), bench.requests("/cancelTrx")), (expected, 1), "done: {is_done}");
        assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, Reversal::Done));
        assert_eq!(bench.requests("/cancelTrx"), if is_done { 1 } else { 2 });
        assert_eq!(balance(&bench, "r1"), 0);
    }
}

#[test]
fn a_second_request_that_is_refused_says_nothing_of_the_first() {
    let bench = bench_with(|config| {
        config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout");
        config.set_timeout_ms(Timeout::Report, 500).expect("a timeout");
    });
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Delay(3000)));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Approved, Reversal::Unknown));
    // The terminal is at work on it.
    let busy = What::ApiError { status: 400, code: 1, text: "Terminal belegt".into() };
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, busy));
    let second = reverse(&bench, "r1");
    assert_eq!((said(&second), bench.requests("/cancelTrx")), ((Outcome::Approved, Reversal::Unknown), 2));
    assert!(!settled(&second).next_actions.contains(&Action::Refund), "{:?}", settled(&second).next_actions);
    let begun = Instant::now();
    while balance(&bench, "r1") == 1 {
        assert!(begun.elapsed() < Duration::from_secs(20), "the first one is carried out");
        std::thread::sleep(Duration::from_millis(50));
    }
    let recovered = bench.till.recover("r1").expect("a payment");
    recovered.wait(None);
    assert_eq!(said(&recovered), (Outcome::Reversed, Reversal::Done));
}

#[test]
fn a_token_that_is_refused_refuses_no_reversal_for_good() {
    let bench = impatient();
    pay(&bench, "r1", 2);
    let dead = What::ApiError { status: 403, code: 2003, text: "Valid auth token required".into() };
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, dead));
    let payment = reverse(&bench, "r1");
    assert_eq!(said(&payment), (Outcome::Approved, Reversal::Refused));
    assert_eq!((settled(&payment).reason, balance(&bench, "r1")), (Some(Reason::LoginFailed), 1));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, Reversal::Done));
}

#[test]
fn a_reversal_that_can_no_longer_arrive_is_not_done_if_the_service_says_so() {
    let bench = without_grace();
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Approved, Reversal::Unknown));
    std::thread::sleep(Duration::from_millis(600));
    let recovered = bench.till.recover("r1").expect("a payment");
    recovered.wait(None);
    assert_eq!(said(&recovered), (Outcome::Approved, Reversal::Refused));
    // The day can be closed again.
    assert_eq!((run(&bench, DAY), bench.requests("/cancelTrx")), (ReportOutcome::Done, 1));
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
    assert_eq!((said(&payment), balance(&bench, "r1")), ((Outcome::Approved, Reversal::Refused), 1));
    assert_eq!(settled(&payment).reason, Some(Reason::WrongPaymentReversed));
    assert_eq!(settled(&payment).next_actions, [Action::CallSupport]);
    let other = bench.till.recover("r2").expect("a payment");
    assert_eq!((said(&other), balance(&bench, "r2")), ((Outcome::Reversed, Reversal::Done), 0));
}

#[test]
fn a_request_that_was_never_sent_leaves_the_payment_as_it_was() {
    let bench = impatient();
    pay(&bench, "r1", 2);
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, What::RefuseConnections(1_000)));
    let payment = reverse(&bench, "r1");
    assert_eq!(said(&payment), (Outcome::Approved, Reversal::Refused));
    assert_eq!((bench.requests("/cancelTrx"), balance(&bench, "r1")), (0, 1));
    std::thread::sleep(Duration::from_millis(1_100));
    assert_eq!(said(&reverse(&bench, "r1")), (Outcome::Reversed, Reversal::Done));
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
        assert_eq!(run(&bench, ReportKind::Diagnosis), expected, "{what:?}");
        assert_eq!(bench.requests("/me/EndOfDay"), 1, "{what:?}: never twice by itself");
        // What may have been cleared is not reversed.
        let may_be_reversed = bench.till.reverse("r1", None).is_ok();
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
    assert_eq!(till.reverse("r1", None).err().expect("an error").status(), Status::InvalidState);
}
