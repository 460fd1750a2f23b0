//! What the server does where nobody has documented it: every combination, and those under which no client can be right.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::till::config::Timeout;
use secupos::till::decide::Verdict;
use secupos::till::handles::payment::Payment;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{AbortWhileRunning, SecondStart, Settings, TokenKilled};

use crate::bench::{Bench, actions, in_parallel, ms, resolving, settled, wait_until, word};
use crate::page::assert_shows;

/// What a read says while the terminal is busy with the payment.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Reads {
    Created,
    AnotherWord,
    NotFound,
    /// And for ten seconds after the end, too.
    CreatedAndLags,
    Failed,
}

const READS: [Reads; 5] = [Reads::Created, Reads::AnotherWord, Reads::NotFound, Reads::CreatedAndLags, Reads::Failed];
const ABORTS: [AbortWhileRunning; 5] = [
    AbortWhileRunning::Refused,
    AbortWhileRunning::WithoutEffect,
    AbortWhileRunning::Stops,
    AbortWhileRunning::PaysAnyway,
    AbortWhileRunning::FollowsStatus,
];

impl Reads {
    fn set(self, settings: &mut Settings) {
        match self {
            Reads::Created => {}
            Reads::AnotherWord => settings.status_while_running = "in_progress".into(),
            Reads::NotFound => settings.hidden_while_running = true,
            Reads::CreatedAndLags => settings.result_lag_ms = ms(10),
            Reads::Failed => settings.status_while_running = "failed".into(),
        }
    }
}

/// How the till comes to doubt whether the terminal is busy, which it is.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Doubt {
    Reset,
    Refused,
    TokenRefused,
    /// When it is too late to mean "refused before starting".
    RefusedLate,
}

const DOUBTS: [Doubt; 4] = [Doubt::Reset, Doubt::Refused, Doubt::TokenRefused, Doubt::RefusedLate];

impl Doubt {
    /// A payment whose start ends like this, and whose customer takes so many seconds and pays.
    fn script(self, bench: &Bench, seconds: u64) {
        let refused = |after_ms, status, code| Some(Refused { after_ms, status, code });
        let refused = match self {
            Doubt::Reset => {
                bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
                None
            }
            Doubt::Refused => refused(0, 400, 4711),
            Doubt::TokenRefused => refused(0, 403, 2003),
            Doubt::RefusedLate => refused(ms(7), 400, 4711),
        };
        bench.simulator.script(Script { refused, ..thinking(seconds) });
    }
}

/// A payment whose customer takes so many seconds by the till's clock.
fn thinking(seconds: u64) -> Script {
    Script::of(Scenario::Girocard).thinking(Duration::from_millis(ms(seconds)))
}

/// A ground for our abort and a word that allows it: it reaches a payment that is running.
fn is_aborted(doubt: Doubt, reads: Reads) -> bool {
    let is_refused = matches!(doubt, Doubt::Refused | Doubt::TokenRefused);
    is_refused && matches!(reads, Reads::Created | Reads::CreatedAndLags)
}

#[test]
fn under_every_behaviour_the_till_is_told_what_was_charged_or_that_it_was_deceived() {
    let mut cases = Vec::new();
    for doubt in DOUBTS {
        for reads in READS {
            for abort in ABORTS {
                cases.push((doubt, reads, abort));
            }
        }
    }
    in_parallel(&cases, 50, |&(doubt, reads, abort)| {
        let case = format!("{doubt:?}, {reads:?}, abort {abort:?}");
        let mut bench = Bench::with(|config| {
            config.set_timeout_ms(Timeout::Resolve, 60_000).expect("a timeout");
            config.set_timeout_ms(Timeout::Payment, 20_000).expect("a timeout");
        });
        bench.simulator.set(|settings| {
            reads.set(settings);
            settings.abort_while_running = abort;
            // Nothing may ever be started twice.
            settings.second_start = SecondStart::Charges;
        });
        doubt.script(&bench, 20);
        let payment = bench.pay("r1", 2);
        // The abort answers that it has taken effect, and the customer pays all the same: no client can be right.
        if is_aborted(doubt, reads) && abort == AbortWhileRunning::PaysAnyway {
            assert_eq!(payment.outcome(), Outcome::NotStarted, "{case}");
            bench.wait_for_charges("r1", 1);
            wait_for_conflict_by_opening(&mut bench, "r1");
            assert_paid_after_all(&case, &bench.recover("r1"));
        } else {
            let is_stopped = is_aborted(doubt, reads) && abort == AbortWhileRunning::Stops;
            let expected = if is_stopped { Outcome::NotStarted } else { Outcome::Approved };
            assert_eq!(payment.outcome(), expected, "{case}: {}", word(&payment));
            bench.assert_true(&case, &payment);
            bench.restart();
            assert_eq!(word(&bench.recover("r1")), word(&payment), "{case}");
        }
        assert!(bench.requests("/abort") <= usize::from(is_aborted(doubt, reads)), "{case}: aborted by a guess");
        bench.assert_each_start_has_its_row(&case);
    });
}

/// Opens the till until it lists that the service contradicts itself, without asking for that.
fn wait_for_conflict_by_opening(bench: &mut Bench, reference: &str) {
    let begun = Instant::now();
    loop {
        bench.restart();
        if lists_conflict(bench, reference, Duration::from_secs(2)) {
            return;
        }
        // The read at opening has broken off, on a busy machine.
        assert!(begun.elapsed() < Duration::from_secs(20), "{reference}: no conflict");
    }
}

/// Pays for something else, after which it is listed.
fn assert_conflict_by_paying(bench: &Bench, reference: &str) {
    assert_eq!(bench.pay("another", 3).outcome(), Outcome::Approved);
    assert!(lists_conflict(bench, reference, Duration::ZERO), "a conflict is listed as soon as another sale is paid");
}

fn lists_conflict(bench: &Bench, reference: &str, limit: Duration) -> bool {
    let begun = Instant::now();
    loop {
        let unfinished = bench.till().unfinished().expect("a list");
        let is_it = |payment: &Arc<Payment>| payment.ticket().reference == reference && settled(payment).conflict;
        if unfinished.iter().any(is_it) {
            return true;
        }
        if begun.elapsed() >= limit {
            return false;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// The till thought that it was not paid, and hears that it was, once: whether anybody has paid in another way is for the
/// cashier to say.
fn assert_paid_after_all(case: &str, payment: &Payment) {
    assert_conflict(case, payment);
    assert_eq!(actions(payment).first(), Some(&Action::AskCashier), "{case}");
}

fn assert_conflict(case: &str, payment: &Payment) {
    let settled = settled(payment);
    assert_eq!((settled.outcome, settled.conflict), (Outcome::Approved, true), "{case}");
    assert!(!settled.merchant_receipt.is_empty() && settled.receipt_number.is_some(), "{case}");
}

/// A customer who takes longer than the grace, behind a broken connection.
#[test]
fn a_customer_who_is_slower_than_the_grace_is_told_as_the_server_tells_it_and_aborted_only_if_that_says_created() {
    let mut cases = Vec::new();
    for reads in [Reads::Created, Reads::AnotherWord, Reads::NotFound] {
        for abort in ABORTS {
            cases.push((reads, abort));
        }
    }
    in_parallel(&cases, 15, |&(reads, abort)| {
        let case = format!("{reads:?}, abort {abort:?}");
        let mut bench = Bench::with(resolving(20));
        bench.simulator.set(|settings| {
            reads.set(settings);
            settings.abort_while_running = abort;
        });
        Doubt::Reset.script(&bench, 60);
        assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Unknown, "{case}");
        bench.let_the_grace_pass();
        let told = bench.recover("r1");
        let is_aborted = reads == Reads::Created;
        assert_eq!((bench.requests("/abort"), bench.charges("r1")), (usize::from(is_aborted), 0), "{case}");
        let is_ended = matches!(abort, AbortWhileRunning::Stops | AbortWhileRunning::PaysAnyway);
        let expected = if is_aborted && is_ended { Outcome::NotStarted } else { Outcome::Unknown };
        assert_eq!(told.outcome(), expected, "{case}");
        match abort {
            AbortWhileRunning::Stops if is_aborted => {
                std::thread::sleep(Duration::from_millis(ms(30)));
                bench.restart();
                bench.assert_true(&case, &bench.recover("r1"));
            }
            AbortWhileRunning::PaysAnyway if is_aborted => {
                bench.wait_for_charges("r1", 1);
                wait_for_conflict_by_opening(&mut bench, "r1");
                assert_paid_after_all(&case, &bench.recover("r1"));
            }
            _ => {
                bench.wait_for_charges("r1", 1);
                bench.restart();
                let found = bench.recover("r1");
                assert_eq!((found.outcome(), bench.charges("r1")), (Outcome::Approved, 1), "{case}");
            }
        }
        bench.assert_each_start_has_its_row(&case);
    });
}

#[test]
fn a_token_that_dies_while_the_customer_pays_costs_nothing() {
    let mut cases = Vec::new();
    for killed in [TokenKilled::Lives, TokenKilled::RefusedAfterwards] {
        for reads in READS {
            // Refused within five seconds of sending, and later.
            for think in [3, 8] {
                cases.push((killed, reads, think));
            }
        }
    }
    in_parallel(&cases, 20, |&(killed, reads, think)| {
        let case = format!("{killed:?}, {reads:?}, {think} s");
        let mut bench = Bench::with(|config| {
            config.set_timeout_ms(Timeout::Payment, 20_000).expect("a timeout");
        });
        bench.simulator.set(|settings| {
            reads.set(settings);
            settings.token_killed_while_running = killed;
            settings.second_start = SecondStart::Charges;
        });
        bench.simulator.script(thinking(think));
        let payment = std::thread::scope(|scope| {
            scope.spawn(|| {
                wait_until("started", || bench.starts() > 0);
                std::thread::sleep(Duration::from_millis(ms(1)));
                bench.simulator.kill_tokens();
            });
            bench.pay("r1", 2)
        });
        assert_eq!((payment.outcome(), bench.charges("r1"), bench.starts()), (Outcome::Approved, 1, 1), "{case}");
        bench.assert_each_start_has_its_row(&case);
    });
}

#[test]
fn receipts_that_are_late_do_not_hold_up_the_outcome() {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.receipts_lag_ms = 60_000);
    let payment = bench.pay("r1", 1);
    let told = settled(&payment);
    assert_eq!((told.outcome, told.amount_charged), (Outcome::Approved, Some(payment.ticket().money)));
    assert!(told.merchant_receipt.is_empty() && told.receipt_number.is_some());
    let expected = [Action::LookAtTerminal, Action::RecoverLater];
    assert_eq!(told.next_actions, expected, "the terminal shows whether a signature is due, and they may still come");
    bench.assert_true("late receipts", &payment);
    bench.restart();
    assert_eq!(settled(&bench.recover("r1")).outcome, Outcome::Approved);
}

#[test]
fn receipts_that_are_late_are_asked_for_again_and_kept() {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.receipts_lag_ms = 60_000);
    bench.pay("r1", 1);
    bench.till().acknowledge("r1", None).expect("it was approved");
    // Not there yet, or not to be asked: what is known is told.
    for fault in [None, Some(What::Answer { status: 503, body: String::new() }), Some(What::Reset)] {
        fault.into_iter().for_each(|what| bench.simulator.fault(Endpoint::Read, Fault::new(When::Before, what)));
        let payment = bench.recover("r1");
        assert!(payment.outcome() == Outcome::Approved && settled(&payment).merchant_receipt.is_empty());
    }
    bench.simulator.set(|settings| settings.receipts_lag_ms = 0);
    let asked = bench.recover("r1");
    let told = settled(&asked);
    assert_eq!(told.next_actions, [Action::PrintMerchant, Action::TakeSignature, Action::PrintCustomer]);
    assert_eq!(bench.till().verify_archive().expect("it can be read"), []);
    bench.assert_true("late receipts", &asked);
    assert_eq!(bench.unfinished(), [("r1".to_owned(), 1)], "what came later has to be taken over, too");
    bench.till().acknowledge_payment(&asked).expect("printed");
    // From now on they are in the state file.
    bench.restart();
    let requests = bench.simulator.requests().len();
    let kept = bench.recover("r1");
    assert_eq!(settled(&kept).merchant_receipt.to_json(), told.merchant_receipt.to_json());
    assert!(bench.unfinished().is_empty(), "it stays acknowledged");
    assert_eq!((bench.simulator.requests().len(), bench.starts()), (requests, 1));
}

#[test]
fn who_asks_for_receipts_and_hears_that_it_was_reversed_is_told() {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.receipts_lag_ms = 60_000);
    bench.pay("r1", 2);
    let mut reversed = bench.simulator.transactions().remove(0);
    reversed["status"] = "cancelled".into();
    let answer = What::Answer { status: 200, body: reversed.to_string() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::Before, answer));
    assert_eq!(bench.recover("r1").outcome(), Outcome::Reversed);
    bench.restart();
    assert_eq!(bench.recover("r1").outcome(), Outcome::Reversed);
}

#[test]
fn what_is_paid_after_it_has_failed_is_told_by_opening_and_by_the_next_payment() {
    in_parallel(&[false, true], 2, |&by_opening| {
        let mut bench = Bench::new();
        bench.simulator.script(Script { paid_after_ms: Some(300), ..Script::of(Scenario::Declined) });
        assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Failed);
        assert!(bench.unfinished().is_empty());
        bench.wait_for_charges("r1", 1);
        match by_opening {
            true => wait_for_conflict_by_opening(&mut bench, "r1"),
            false => assert_conflict_by_paying(&bench, "r1"),
        }
        let told = bench.recover("r1");
        assert_paid_after_all("asked for it", &told);
        // Somebody has seen to it.
        bench.till().acknowledge_payment(&told).expect("acknowledged");
        assert!(!bench.unfinished().contains(&("r1".to_owned(), 1)));
    });
}

#[test]
fn another_attempt_is_not_started_once_the_first_has_been_paid_after_all() {
    let bench = Bench::new();
    bench.simulator.script(Script { paid_after_ms: Some(300), ..Script::of(Scenario::Declined) });
    assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Failed);
    bench.wait_for_charges("r1", 1);
    let second = bench.pay_attempt("r1", 2, 2);
    assert_eq!(word(&second), "not_started (already_paid)");
    assert_eq!(actions(&second), [Action::AskCashier, Action::CheckUnfinished]);
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
    assert!(lists_conflict(&bench, "r1", Duration::ZERO));
    assert_paid_after_all("the first", &bench.recover("r1"));
}

/// What the till is told at first and after the next reading, and how often the sale was charged.
type Played = (Arc<Payment>, Arc<Payment>, usize);

/// What deceives every client.
struct Deceit {
    what: &'static str,
    play: fn() -> Played,
}

const DECEITS: [Deceit; 6] = [
    Deceit {
        what: "The service refuses to start, starts all the same, takes the abort, says `aborted` for 12 s, and is paid.",
        play: refused_and_paid,
    },
    Deceit {
        what: "The service loses the connection, takes the abort after the grace, says `aborted` for 12 s, and is paid.",
        play: fenced_and_paid,
    },
    Deceit { what: "Start itself says `failed`. Later it is `ok`.", play: failed_and_paid },
    Deceit {
        what: "Start itself says `failed`. The customer pays at the next attempt. Then the first is `ok`, too.",
        play: paid_at_both_attempts,
    },
    Deceit {
        what: "The connection breaks, the service says `failed` for 60 s, and then `ok`.",
        play: failed_for_a_minute_and_paid,
    },
    Deceit { what: "A person decides that it was not paid. It was.", play: decided_wrongly },
];

/// After the next reading.
fn read_again(bench: &mut Bench, first: Arc<Payment>, number: i32) -> Played {
    wait_for_conflict_by_opening(bench, "r1");
    (first, bench.recover_attempt("r1", number), bench.charges("r1"))
}

fn refused_and_paid() -> Played {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::PaysAnyway);
    Doubt::Refused.script(&bench, 20);
    let first = bench.pay("r1", 2);
    bench.wait_for_charges("r1", 1);
    read_again(&mut bench, first, 1)
}

fn fenced_and_paid() -> Played {
    let mut bench = Bench::with(resolving(20));
    bench.simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::PaysAnyway);
    Doubt::Reset.script(&bench, 60);
    assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Unknown);
    bench.let_the_grace_pass();
    let first = bench.recover("r1");
    bench.wait_for_charges("r1", 1);
    read_again(&mut bench, first, 1)
}

fn failed_and_paid() -> Played {
    let mut bench = Bench::new();
    bench.simulator.script(Script { paid_after_ms: Some(300), ..Script::of(Scenario::Declined) });
    let first = bench.pay("r1", 2);
    bench.wait_for_charges("r1", 1);
    read_again(&mut bench, first, 1)
}

fn paid_at_both_attempts() -> Played {
    let mut bench = Bench::new();
    bench.simulator.script(Script { paid_after_ms: Some(3_000), ..Script::of(Scenario::Declined) });
    let first = bench.pay("r1", 2);
    assert_eq!(bench.pay_attempt("r1", 2, 2).outcome(), Outcome::Approved);
    bench.wait_for_charges("r1", 2);
    read_again(&mut bench, first, 1)
}

fn failed_for_a_minute_and_paid() -> Played {
    let mut bench = Bench::with(resolving(90));
    bench.simulator.set(|settings| settings.status_while_running = "failed".into());
    Doubt::Reset.script(&bench, 80);
    let first = bench.pay("r1", 2);
    bench.wait_for_charges("r1", 1);
    read_again(&mut bench, first, 1)
}

fn decided_wrongly() -> Played {
    let mut bench = Bench::with(resolving(0));
    Doubt::Reset.script(&bench, 10);
    assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Unknown);
    let (operator, reason) = ("Anna".to_owned(), "the customer says so".to_owned());
    let verdict = Verdict { paid: false, operator, reason, slip_number: None };
    let first = bench.till().decide("r1", None, &verdict).expect("decided");
    bench.wait_for_charges("r1", 1);
    read_again(&mut bench, first, 1)
}

#[test]
fn where_no_client_can_be_right_the_till_is_told_as_soon_as_it_can_be_known() {
    let rows = in_parallel(&DECEITS, DECEITS.len(), |deceit| {
        let (first, then, charges) = (deceit.play)();
        assert_conflict(deceit.what, &then);
        let named: Vec<_> = actions(&then).iter().map(|action| action.name()).collect();
        let later = format!("{}, `conflict`; {}", then.outcome().name(), named.join(", "));
        format!("| {} | {charges} | {} | {later} |\n", deceit.what, word(&first))
    });
    let head =
        "| what happens | charges | the till is told | and after the next reading |\n| --- | --- | --- | --- |\n";
    assert_shows("payment-safety.md", "no client can be right", &format!("{head}{}", rows.concat()));
}
