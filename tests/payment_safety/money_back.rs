//! Money goes back once: a reversal of which nobody knows, one that was refused, and what the till asks for then.

use std::time::Duration;

use secupos::error::Status;
use secupos::payment::action::Action;
use secupos::payment::outcome::{DecidedBy, Outcome, ReversalOutcome};
use secupos::till::decide::ReversalVerdict;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::settings::{Reversal, Settings};

use crate::bench::{Bench, actions, in_parallel, ms, resolving, settled, wait_until, word};

const OPEN: [Action; 3] = [Action::LookAtTerminal, Action::AskCashier, Action::RecoverLater];

fn verdict(reversed: bool) -> ReversalVerdict {
    ReversalVerdict { reversed, operator: "Anna".into(), reason: "the slip".into() }
}

/// How often money went back.
fn given_back(bench: &Bench) -> usize {
    bench.simulator.ledger().iter().filter(|entry| entry.change < 0).count()
}

/// A payment that is paid, at a service that behaves like this from then on.
fn paid(set: impl FnOnce(&mut Settings)) -> Bench {
    let bench = Bench::with(resolving(15));
    assert_eq!(bench.pay("r1", 2).outcome(), Outcome::Approved);
    bench.simulator.set(set);
    bench
}

/// Its reversal is asked for, and is over.
fn reverse(bench: &Bench) -> std::sync::Arc<secupos::till::handles::payment::Payment> {
    let payment = bench.till().reverse("r1", None, None).expect("a payment");
    payment.wait(None);
    payment
}

fn lose_the_answer(bench: &Bench) {
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::After, What::Reset));
}

/// The terminal has done it, the answer was lost, and the service goes on saying `ok`.
fn done_and_never_told() -> Bench {
    let bench = paid(|settings| settings.reversal_lag_ms = None);
    lose_the_answer(&bench);
    let payment = reverse(&bench);
    assert_eq!((payment.reversal(), given_back(&bench)), (ReversalOutcome::Unknown, 1));
    assert_eq!(actions(&payment), OPEN);
    bench
}

#[test]
fn a_reversal_in_doubt_stays_so_however_often_the_service_says_ok() {
    let mut bench = done_and_never_told();
    for time in [0, 340, 3600, 5 * 24 * 3600] {
        bench.clock.pass(Duration::from_secs(time));
        bench.restart();
        let told = bench.recover("r1");
        assert_eq!(told.reversal(), ReversalOutcome::Unknown, "after {time} s");
        assert_eq!(actions(&told), OPEN, "after {time} s");
    }
    // A person can end it, and that the service goes on saying ok contradicts nobody.
    let decided = bench.till().decide_reversal("r1", None, &verdict(true)).expect("decided");
    assert_eq!((decided.outcome(), settled(&decided).decided_by), (Outcome::Reversed, DecidedBy::Operator));
    bench.restart();
    let told = bench.recover("r1");
    assert_eq!((told.outcome(), settled(&told).conflict), (Outcome::Reversed, false), "{}", word(&told));
    bench.till().acknowledge_payment(&told).expect("acknowledged");
    assert!(bench.unfinished().is_empty());
    assert_eq!(given_back(&bench), 1);
}

#[test]
fn a_second_request_that_is_refused_says_nothing_of_the_first() {
    let mut bench = done_and_never_told();
    bench.let_the_grace_pass();
    // "Cannot be cancelled": the terminal has done so already, which is a sentence and no code.
    let again = reverse(&bench);
    assert_eq!((again.reversal(), bench.requests("/cancelTrx")), (ReversalOutcome::Unknown, 2));
    assert_eq!(actions(&again), OPEN, "nobody gives it back besides");
    bench.let_the_grace_pass();
    bench.restart();
    assert_eq!(actions(&bench.recover("r1")), OPEN);
    assert_eq!(given_back(&bench), 1);
}

#[test]
fn a_refusal_that_comes_late_is_a_doubt_and_the_service_ends_it() {
    let mut bench = paid(|settings| {
        let refused = Refused { after_ms: ms(7), status: 400, code: 4711 };
        settings.reversal = Reversal::RefusedYetDone(refused);
        settings.think_ms = ms(30);
    });
    let payment = reverse(&bench);
    assert_eq!(payment.reversal(), ReversalOutcome::Unknown);
    assert_eq!(actions(&payment), OPEN);
    wait_until("done", || given_back(&bench) == 1);
    bench.restart();
    let told = bench.recover("r1");
    assert_eq!((told.outcome(), told.reversal()), (Outcome::Reversed, ReversalOutcome::Done));
}

#[test]
fn only_a_first_request_that_is_refused_at_once_asks_for_the_money_in_another_way() {
    let refused = |after_ms, status, code| Reversal::Refused(Refused { after_ms, status, code });
    for (reversal, outcome, expected) in [
        (refused(0, 400, 4711), ReversalOutcome::Refused, vec![Action::Refund]),
        (refused(ms(7), 400, 4711), ReversalOutcome::Unknown, OPEN.to_vec()),
    ] {
        let bench = paid(|settings| settings.reversal = reversal);
        let payment = reverse(&bench);
        assert_eq!(payment.reversal(), outcome, "{reversal:?}");
        assert_eq!(actions(&payment), expected, "{reversal:?}");
        assert_eq!(given_back(&bench), 0);
    }
    // After one that broke it does not.
    let bench = paid(|settings| settings.reversal = refused(0, 400, 4711));
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Reset));
    assert_eq!(reverse(&bench).reversal(), ReversalOutcome::Unknown);
    let again = reverse(&bench);
    assert_eq!((again.reversal(), actions(&again)), (ReversalOutcome::Unknown, &OPEN[..]));
}

/// The service refuses at once, and the terminal does it a little later all the same: what was asked for by then may have
/// been given back twice.
#[test]
fn a_reversal_that_was_refused_is_read_again() {
    let mut bench = paid(|settings| {
        settings.reversal = Reversal::RefusedYetDone(Refused { after_ms: 0, status: 400, code: 4711 });
        settings.think_ms = ms(100);
    });
    assert_eq!(actions(&reverse(&bench)), [Action::Refund]);
    wait_until("done", || given_back(&bench) == 1);
    // While the till is idle, without anybody asking for it.
    bench.restart();
    let is_reversed = || {
        let found = bench.till().find_payments(0, i64::MAX, None).expect("a list");
        found[0].outcome() == Outcome::Reversed
    };
    wait_until("read again", is_reversed);
    let told = &bench.till().recover_all(Duration::from_secs(60)).expect("a list")[0];
    assert_eq!((told.outcome(), settled(told).conflict), (Outcome::Reversed, true));
    assert_eq!(actions(told).first(), Some(&Action::CallSupport));
}

#[test]
fn a_persons_word_that_it_was_not_reversed_is_contradicted_by_the_service() {
    let mut bench = paid(|_| {});
    bench.simulator.fault(Endpoint::Cancel, Fault::new(When::Before, What::Delay(ms(40))));
    assert_eq!(reverse(&bench).reversal(), ReversalOutcome::Unknown);
    let decided = bench.till().decide_reversal("r1", None, &verdict(false)).expect("decided");
    assert_eq!((decided.outcome(), decided.reversal()), (Outcome::Approved, ReversalOutcome::Refused));
    assert!(!actions(&decided).contains(&Action::Collect));
    let twice = bench.till().decide_reversal("r1", None, &verdict(true)).map(drop).expect_err("once");
    assert_eq!(twice.status(), Status::InvalidState);
    wait_until("done after all", || given_back(&bench) == 1);
    bench.restart();
    wait_until("noticed", || {
        let unfinished = bench.till().unfinished().expect("a list");
        unfinished.iter().any(|payment| settled(payment).conflict)
    });
    let told = bench.recover("r1");
    assert_eq!((told.outcome(), settled(&told).conflict), (Outcome::Reversed, true));
    assert_eq!(actions(&told).first(), Some(&Action::CallSupport), "{:?}", actions(&told));
    assert!(!actions(&told).contains(&Action::Collect) && !actions(&told).contains(&Action::Refund));
}

/// A command line, whose processes live for a moment each, at a machine that may be started again meanwhile.
#[test]
fn a_reversal_in_doubt_holds_the_terminal_until_the_grace_is_over_and_no_longer() {
    in_parallel(&[false, true], 2, |&boots| {
        let mut bench = done_and_never_told();
        let mut busy = 0;
        loop {
            if boots && busy == 5 {
                bench.clock.boot_again();
            }
            bench.restart();
            let next = bench.pay_attempt("r2", busy + 1, 200);
            if next.outcome() == Outcome::Approved {
                break;
            }
            assert_eq!(word(&next), "not_started (terminal_busy)", "started again: {boots}");
            assert_eq!(bench.unfinished(), [("r1".to_owned(), 1)]);
            bench.close();
            bench.clock.pass(Duration::from_secs(20));
            busy += 1;
            assert!(busy < 40, "started again: {boots}: the till is blocked for good");
        }
        assert!(busy >= 10, "started again: {boots}: it was let go after {busy} times");
        assert_eq!((bench.charges("r2"), given_back(&bench)), (1, 1));
        assert_eq!(bench.recover("r1").reversal(), ReversalOutcome::Unknown);
    });
}
