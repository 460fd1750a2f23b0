//! What the server does where nobody has documented it: every combination, and those under which no client can be right.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::till::config::{Config, Timeout};
use secupos::till::outcome::{Action, Outcome};
use secupos::till::payment::Payment;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{AbortWhileRunning, SecondStart, Settings, TokenKilled};

use crate::bench::{Bench, GRACE_IS_OVER, attempt, in_parallel, sale, settled, word};
use crate::page::assert_shows;

/// What a read says while the terminal is busy with the payment.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Reads {
    Created,
    AnotherWord,
    NotFound,
    /// And for so long after the end, too.
    CreatedTooLong,
}

const READS: [Reads; 4] = [Reads::Created, Reads::AnotherWord, Reads::NotFound, Reads::CreatedTooLong];
const ABORTS: [AbortWhileRunning; 4] = [
    AbortWhileRunning::Refused,
    AbortWhileRunning::WithoutEffect,
    AbortWhileRunning::Stops,
    AbortWhileRunning::PaysAnyway,
];
const SECONDS: [SecondStart; 3] = [SecondStart::Refused, SecondStart::Charges, SecondStart::Same];

impl Reads {
    fn set(self, settings: &mut Settings) {
        match self {
            Reads::Created => {}
            Reads::AnotherWord => settings.status_while_running = "in_progress".into(),
            Reads::NotFound => settings.hidden_while_running = true,
            Reads::CreatedTooLong => settings.result_lag_ms = 2_500,
        }
    }
}

/// How the till comes to doubt whether the terminal is busy.
#[derive(Clone, Copy, PartialEq, Debug)]
enum Doubt {
    Reset,
    Refused,
    TokenRefused,
}

const DOUBTS: [Doubt; 3] = [Doubt::Reset, Doubt::Refused, Doubt::TokenRefused];

impl Doubt {
    fn fault(self) -> Fault {
        let refused = |status, code| What::ApiError { status, code, text: "x".into() };
        let what = match self {
            Doubt::Reset => What::Reset,
            Doubt::Refused => refused(400, 4711),
            Doubt::TokenRefused => refused(403, 2003),
        };
        Fault::new(When::During, what)
    }
}

fn resolving(ms: i64) -> impl FnOnce(&mut Config) {
    move |config| config.set_timeout_ms(Timeout::Resolve, ms).expect("a timeout")
}

/// A payment whose customer takes this long.
fn thinking(ms: u64) -> Script {
    Script::of(Scenario::Girocard).thinking(Duration::from_millis(ms))
}

/// The abort answers that it has taken effect, and the customer pays all the same: no client can be right.
fn is_deceived(doubt: Doubt, reads: Reads, abort: AbortWhileRunning) -> bool {
    let is_fenced = doubt == Doubt::Refused && matches!(reads, Reads::Created | Reads::CreatedTooLong);
    is_fenced && abort == AbortWhileRunning::PaysAnyway
}

#[test]
fn under_every_behaviour_the_till_is_told_what_was_charged_or_that_it_was_deceived() {
    let mut cases = Vec::new();
    for doubt in DOUBTS {
        for reads in READS {
            for abort in ABORTS {
                for second in SECONDS {
                    cases.push((doubt, reads, abort, second));
                }
            }
        }
    }
    in_parallel(&cases, 72, |&(doubt, reads, abort, second)| {
        let case = format!("{doubt:?}, {reads:?}, abort {abort:?}, second start {second:?}");
        let mut bench = Bench::with(resolving(15_000));
        bench.simulator.set(|settings| {
            reads.set(settings);
            settings.abort_while_running = abort;
            settings.second_start = second;
        });
        bench.simulator.script(thinking(1_000));
        bench.simulator.fault(Endpoint::Start, doubt.fault());
        let payment = bench.pay("r1", 2);
        if is_deceived(doubt, reads, abort) {
            assert_eq!(payment.outcome(), Outcome::NotStarted, "{case}");
            wait_for_charge(&bench, "r1");
            assert_refund(&case, &told_by_opening(&mut bench, "r1"));
        } else {
            if payment.outcome() != Outcome::Approved {
                // Nothing comes after it.
                std::thread::sleep(Duration::from_millis(1_500));
            }
            bench.assert_true(&case, &payment);
            assert_ne!(payment.outcome(), Outcome::Unknown, "{case}");
            bench.restart();
            assert_eq!(word(&bench.recover("r1")), word(&payment), "{case}");
        }
        bench.assert_started_once_per_row(&case, "r1");
    });
}

/// What the till lists without asking for it, once it has been opened when the truth could be read.
fn told_by_opening(bench: &mut Bench, reference: &str) -> Arc<Payment> {
    let begun = Instant::now();
    loop {
        bench.restart();
        if let Some(told) = listed_conflict(bench, reference, Duration::from_secs(2)) {
            return told;
        }
        // The read at opening has broken off, on a busy machine.
        assert!(begun.elapsed() < Duration::from_secs(20), "{reference}: no conflict");
    }
}

/// The same, by paying for something else.
fn told_by_paying(bench: &Bench, reference: &str) -> Arc<Payment> {
    assert_eq!(bench.pay("another", 3).outcome(), Outcome::Approved);
    listed_conflict(bench, reference, Duration::ZERO).expect("a conflict is listed as soon as another sale is paid")
}

fn listed_conflict(bench: &Bench, reference: &str, limit: Duration) -> Option<Arc<Payment>> {
    let begun = Instant::now();
    loop {
        let unfinished = bench.till().unfinished().expect("a list");
        let found = unfinished.into_iter().find(|payment| payment.ticket().reference == reference);
        let found = found.filter(|payment| settled(payment).conflict);
        if found.is_some() || begun.elapsed() >= limit {
            return found;
        }
        std::thread::sleep(Duration::from_millis(20));
    }
}

/// Waits until the customer has paid.
fn wait_for_charge(bench: &Bench, reference: &str) {
    let begun = Instant::now();
    while bench.charges(reference) == 0 {
        assert!(begun.elapsed() < Duration::from_secs(30), "{reference} is never paid");
        std::thread::sleep(Duration::from_millis(10));
    }
}

/// The till thought that it was not paid, and hears that it was.
fn assert_refund(case: &str, payment: &Payment) {
    let settled = settled(payment);
    assert_eq!((settled.outcome, settled.conflict), (Outcome::Approved, true), "{case}");
    assert_eq!(settled.next_actions.first(), Some(&Action::Refund), "{case}");
    assert!(!settled.merchant_receipt.is_empty() && settled.receipt_number.is_some(), "{case}");
}

/// A customer who takes longer than the grace deadline, behind a broken connection.
#[test]
fn a_customer_who_is_slower_than_the_grace_is_fenced_and_told_as_the_server_tells_it() {
    let mut cases = Vec::new();
    for reads in [Reads::Created, Reads::AnotherWord, Reads::NotFound] {
        for abort in ABORTS {
            cases.push((reads, abort));
        }
    }
    in_parallel(&cases, 12, |&(reads, abort)| {
        let case = format!("{reads:?}, abort {abort:?}");
        let mut bench = Bench::with(resolving(0));
        bench.simulator.set(|settings| {
            reads.set(settings);
            settings.abort_while_running = abort;
        });
        bench.simulator.script(thinking(11_000));
        bench.simulator.fault(Endpoint::Start, Doubt::Reset.fault());
        let begun = Instant::now();
        assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Unknown, "{case}");
        std::thread::sleep(GRACE_IS_OVER.saturating_sub(begun.elapsed()));
        let told = bench.recover("r1");
        assert_eq!((bench.requests("/abort"), bench.charges("r1")), (1, 0), "{case}: fenced while it is running");
        // Nobody can see a payment that the server hides, not even that it was aborted.
        let is_told = reads != Reads::NotFound && abort == AbortWhileRunning::PaysAnyway;
        let expected = match abort {
            AbortWhileRunning::Stops => Outcome::NotStarted,
            _ if is_told => Outcome::NotStarted,
            _ => Outcome::Unknown,
        };
        assert_eq!(told.outcome(), expected, "{case}");
        match abort {
            AbortWhileRunning::Stops => {
                std::thread::sleep(Duration::from_millis(11_500).saturating_sub(begun.elapsed()));
                bench.restart();
                bench.assert_true(&case, &bench.recover("r1"));
            }
            _ if is_told => {
                wait_for_charge(&bench, "r1");
                assert_refund(&case, &told_by_opening(&mut bench, "r1"));
            }
            _ => {
                wait_for_charge(&bench, "r1");
                bench.restart();
                let found = bench.recover("r1");
                assert_eq!((found.outcome(), bench.charges("r1")), (Outcome::Approved, 1), "{case}");
            }
        }
        bench.assert_started_once_per_row(&case, "r1");
    });
}

#[test]
fn a_token_that_dies_while_the_customer_pays_costs_nothing() {
    let mut cases = Vec::new();
    for killed in [TokenKilled::Lives, TokenKilled::RefusedAfterwards] {
        for reads in READS {
            // Refused within five seconds of sending, and later.
            for think in [1_000, 5_500] {
                cases.push((killed, reads, think));
            }
        }
    }
    in_parallel(&cases, 16, |&(killed, reads, think)| {
        let case = format!("{killed:?}, {reads:?}, {think} ms");
        let mut bench = Bench::with(|config| {
            config.set_timeout_ms(Timeout::Resolve, 15_000).expect("a timeout");
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
                while bench.starts() == 0 {
                    std::thread::sleep(Duration::from_millis(5));
                }
                std::thread::sleep(Duration::from_millis(300));
                bench.simulator.kill_tokens();
            });
            bench.pay("r1", 2)
        });
        assert_eq!((payment.outcome(), bench.charges("r1"), bench.starts()), (Outcome::Approved, 1, 1), "{case}");
        bench.assert_started_once_per_row(&case, "r1");
    });
}

/// The API refuses the token at once, starts all the same, and reads go on saying `created` until a second start is dared.
#[test]
fn a_second_start_of_what_is_running_is_harmless_unless_the_server_charges_it() {
    in_parallel(&[SecondStart::Refused, SecondStart::Same], 2, |&second| {
        let mut bench = Bench::with(|config| {
            config.set_timeout_ms(Timeout::Resolve, 15_000).expect("a timeout");
            config.set_timeout_ms(Timeout::Payment, 15_000).expect("a timeout");
        });
        bench.simulator.set(|settings| settings.second_start = second);
        bench.simulator.script(thinking(8_000));
        bench.simulator.fault(Endpoint::Start, Doubt::TokenRefused.fault());
        let payment = bench.pay("r1", 2);
        assert_eq!((payment.outcome(), bench.charges("r1"), bench.starts()), (Outcome::Approved, 1, 2), "{second:?}");
        assert_eq!(bench.attempts("r1")[0].starts, 2, "{second:?}: each start has its row");
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
    assert_eq!(told.next_actions, [Action::LookAtTerminal], "the terminal shows whether a signature is due");
    bench.assert_true("late receipts", &payment);
    bench.restart();
    assert_eq!(settled(&bench.recover("r1")).outcome, Outcome::Approved);
}

#[test]
fn receipts_that_are_late_are_asked_for_again_and_kept() {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.receipts_lag_ms = 60_000);
    bench.pay("r1", 1);
    bench.till().acknowledge("r1").expect("it was approved");
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
    // From now on they are in the state file.
    bench.restart();
    let requests = bench.simulator.requests().len();
    let kept = bench.recover("r1");
    assert_eq!(settled(&kept).merchant_receipt.to_json(), told.merchant_receipt.to_json());
    assert!(bench.till().unfinished().expect("a list").is_empty(), "it stays acknowledged");
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
        assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Declined);
        assert!(bench.till().unfinished().expect("a list").is_empty());
        wait_for_charge(&bench, "r1");
        let told = if by_opening { told_by_opening(&mut bench, "r1") } else { told_by_paying(&bench, "r1") };
        assert_refund("paid after it has failed", &told);
        assert_refund("asked for it", &bench.recover("r1"));
        // Somebody has seen to it.
        bench.till().acknowledge("r1").expect("acknowledged");
        let unfinished = bench.till().unfinished().expect("a list");
        assert!(unfinished.iter().all(|payment| payment.ticket().reference != "r1"));
    });
}

#[test]
fn another_attempt_is_not_started_once_the_first_has_been_paid_after_all() {
    let bench = Bench::new();
    bench.simulator.script(Script { paid_after_ms: Some(300), ..Script::of(Scenario::Declined) });
    assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Declined);
    wait_for_charge(&bench, "r1");
    let second = bench.till().pay(&attempt("r1", 2, 2)).expect("a payment");
    assert_eq!(word(&second), "not_started (already_paid)");
    assert_eq!(settled(&second).next_actions, [Action::AskCashier]);
    assert_eq!((bench.starts(), bench.charges("r1")), (1, 1));
    assert_refund("the first", &listed_conflict(&bench, "r1", Duration::ZERO).expect("listed"));
}

/// What the till is told at first and after the next reading, if that tells anything; and how often it was charged.
type Played = (Arc<Payment>, Option<Arc<Payment>>, usize);

/// What a server may do that deceives every client.
struct Deceit {
    server: &'static str,
    play: fn() -> Played,
}

const DECEITS: [Deceit; 5] = [
    Deceit {
        server: "refuses to start, starts all the same, takes the abort, says `aborted`, and is paid",
        play: refused_and_paid,
    },
    Deceit {
        server: "loses the connection, takes the abort after the grace deadline, says `aborted`, and is paid",
        play: fenced_and_paid,
    },
    Deceit { server: "says `failed`, and later `ok`", play: failed_and_paid },
    Deceit {
        server: "says `failed`, is paid at the next attempt, and says `ok` of the first one too",
        play: paid_at_both_attempts,
    },
    Deceit {
        server: "refuses the token within 5 s, starts all the same, says `created` for 6 s more, and charges a second \
                 start of the same transaction",
        play: charged_by_the_second_start,
    },
];

fn refused_and_paid() -> Played {
    let mut bench = Bench::new();
    bench.simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::PaysAnyway);
    bench.simulator.script(thinking(1_000));
    bench.simulator.fault(Endpoint::Start, Doubt::Refused.fault());
    let first = bench.pay("r1", 2);
    wait_for_charge(&bench, "r1");
    (first, Some(told_by_opening(&mut bench, "r1")), bench.charges("r1"))
}

fn fenced_and_paid() -> Played {
    let bench = Bench::with(resolving(0));
    bench.simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::PaysAnyway);
    bench.simulator.script(thinking(10_500));
    bench.simulator.fault(Endpoint::Start, Doubt::Reset.fault());
    assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Unknown);
    std::thread::sleep(GRACE_IS_OVER);
    let first = bench.recover("r1");
    wait_for_charge(&bench, "r1");
    (first, Some(told_by_paying(&bench, "r1")), bench.charges("r1"))
}

fn failed_and_paid() -> Played {
    let mut bench = Bench::new();
    bench.simulator.script(Script { paid_after_ms: Some(300), ..Script::of(Scenario::Declined) });
    let first = bench.pay("r1", 2);
    wait_for_charge(&bench, "r1");
    (first, Some(told_by_opening(&mut bench, "r1")), bench.charges("r1"))
}

fn paid_at_both_attempts() -> Played {
    let mut bench = Bench::new();
    bench.simulator.script(Script { paid_after_ms: Some(1_500), ..Script::of(Scenario::Declined) });
    let first = bench.pay("r1", 2);
    let second = bench.till().pay(&attempt("r1", 2, 2)).expect("a payment");
    assert_eq!(second.outcome(), Outcome::Approved);
    while bench.charges("r1") < 2 {
        std::thread::sleep(Duration::from_millis(20));
    }
    (first, Some(told_by_opening(&mut bench, "r1")), bench.charges("r1"))
}

fn charged_by_the_second_start() -> Played {
    let bench = Bench::with(|config| {
        config.set_timeout_ms(Timeout::Resolve, 15_000).expect("a timeout");
        config.set_timeout_ms(Timeout::Payment, 15_000).expect("a timeout");
    });
    bench.simulator.set(|settings| settings.second_start = SecondStart::Charges);
    bench.simulator.script(thinking(7_000));
    bench.simulator.fault(Endpoint::Start, Doubt::TokenRefused.fault());
    let begun = Instant::now();
    let first = bench.pay("r1", 2);
    while bench.charges("r1") < 2 && begun.elapsed() < Duration::from_secs(20) {
        std::thread::sleep(Duration::from_millis(20));
    }
    assert!(bench.till().pay(&sale("r1", 2)).expect("a payment").replayed());
    (first, None, bench.charges("r1"))
}

#[test]
fn where_no_client_can_be_right_the_till_is_told_as_soon_as_it_can_be_known() {
    let rows = in_parallel(&DECEITS, DECEITS.len(), |deceit| {
        let (first, then, charges) = (deceit.play)();
        let later = match then {
            Some(then) => {
                assert_refund(deceit.server, &then);
                let actions: Vec<_> = settled(&then).next_actions.iter().map(|action| action.name()).collect();
                format!("{}, `conflict`; {}", then.outcome().name(), actions.join(", "))
            }
            None => "the same: one transaction has one status, and no read can show it".into(),
        };
        format!("| {} | {charges} | {} | {later} |\n", deceit.server, word(&first))
    });
    let head = "| the server | charges | the till is told | and after the next reading |\n| --- | --- | --- | --- |\n";
    assert_shows("payment-safety.md", "no client can be right", &format!("{head}{}", rows.concat()));
}
