//! Two tills with one device code: each login ends the other's token, also between the row and start.

use std::time::Duration;

use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::SecondStart;

use crate::bench::{Bench, actions, in_parallel, ms, sale, settled, wait_until, word};

fn logins_taken(bench: &Bench) -> u64 {
    bench.till().to_json().expect("a status")["logins_taken"].as_u64().expect("a count")
}

#[test]
fn a_token_that_another_till_has_ended_before_start_is_told_and_nothing_is_started_twice() {
    in_parallel(&[403, 401], 2, |&dead| {
        let bench = Bench::new();
        bench.simulator.set(|settings| {
            settings.dead_token_status = dead;
            settings.second_start = SecondStart::Charges;
        });
        let another = bench.another_till();
        // Its answer takes its time, and meanwhile the other till logs in, and pays.
        bench.simulator.fault(Endpoint::Create, Fault::new(When::After, What::Delay(1_500)));
        let payment = bench.till().start_payment(&sale("r1", 100)).expect("a payment");
        wait_until("created", || bench.creates() == 1);
        assert_eq!(another.pay(&sale("x1", 200)).expect("a payment").outcome(), Outcome::Approved);
        payment.wait(None);
        assert_eq!(word(&payment), "not_started (login_taken)", "{dead}");
        assert_eq!(actions(&payment), [Action::CallSupport, Action::TryAgain]);
        let text = payment.cashier_text(secupos::error::Language::German);
        assert!(text.contains("Ein anderes Gerät meldet sich"), "{text}");
        assert_eq!((logins_taken(&bench), bench.charges("r1")), (1, 0), "{dead}");
        // Nothing is refused for it.
        let second = bench.pay_attempt("r1", 2, 100);
        assert_eq!((second.outcome(), bench.charges("r1")), (Outcome::Approved, 1), "{dead}");
        assert_eq!(bench.starts(), 3, "{dead}: one of each, the other till's among them");
    });
}

/// The service refuses the token, the terminal has the payment all the same, and reads know of it ten seconds later.
#[test]
fn a_start_whose_token_is_refused_although_it_runs_is_found_and_never_started_again() {
    in_parallel(&[(403, 5), (401, 5), (403, 14)], 3, |&(status, pays_after)| {
        let case = format!("{status}, paid after {pays_after} s");
        let mut bench = Bench::new();
        bench.simulator.set(|settings| {
            settings.result_lag_ms = ms(10);
            settings.second_start = SecondStart::Charges;
        });
        let refused = Some(Refused { after_ms: 0, status, code: 2003 });
        let customer = Script::of(Scenario::Girocard).thinking(Duration::from_millis(ms(pays_after)));
        bench.simulator.script(Script { refused, ..customer });
        let payment = bench.pay("r1", 100);
        assert_eq!((payment.outcome(), bench.charges("r1")), (Outcome::Approved, 1), "{case}: {}", word(&payment));
        assert!(!settled(&payment).conflict, "{case}");
        bench.restart();
        let again = bench.pay("r1", 100);
        assert_eq!((again.outcome(), again.replayed()), (Outcome::Approved, true), "{case}");
        bench.assert_each_start_has_its_row(&case);
    });
}

#[test]
fn a_token_that_is_refused_at_create_is_renewed_once_and_then_told() {
    let bench = Bench::new();
    let refusal = What::ApiError { status: 403, code: 2003, text: "Valid auth token required".into() };
    bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, refusal.clone()));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Approved);
    assert_eq!((bench.creates(), logins_taken(&bench)), (2, 0));
    bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, refusal).times(2));
    let payment = bench.pay("r2", 200);
    assert_eq!(word(&payment), "not_started (login_taken)");
    assert_eq!((bench.creates(), logins_taken(&bench)), (4, 1));
}
