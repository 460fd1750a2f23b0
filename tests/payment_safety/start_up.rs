//! What a till does when it starts: one call, in bounded time, whatever is in doubt and however the service fares.

use std::time::Duration;

use secupos::error::Status;
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::till::clock::Clock;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};

use crate::bench::{Bench, actions, in_parallel, ms, resolving, sale, wait_until, word};

/// How the service fares when the till starts.
#[derive(Clone, Copy, Debug)]
enum Service {
    SaysCreated,
    /// It takes each request, and answers none.
    Silent,
    /// There is nobody.
    Gone,
}

/// A till with four payments in doubt, each from before the last one's grace, which is about to be opened again.
fn four_in_doubt() -> Bench {
    let mut bench = Bench::with(resolving(0));
    for (reference, amount) in [("r1", 100), ("r2", 200), ("r3", 300), ("r4", 400)] {
        bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_secs(600)));
        bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
        assert_eq!(bench.pay(reference, amount).outcome(), Outcome::Unknown);
        bench.let_the_grace_pass();
    }
    bench.config.set_timeout_ms(secupos::till::config::Timeout::Resolve, 90_000).expect("a timeout");
    bench
}

#[test]
fn a_start_up_takes_no_longer_than_it_is_given_and_tells_each_attempt() {
    in_parallel(&[Service::SaysCreated, Service::Silent, Service::Gone], 3, |&service| {
        let mut bench = four_in_doubt();
        match service {
            Service::SaysCreated => {}
            Service::Silent => {
                for endpoint in [Endpoint::Read, Endpoint::Token, Endpoint::Abort] {
                    bench.simulator.fault(endpoint, Fault::new(When::Before, What::Silence).times(1000));
                }
            }
            Service::Gone => bench.simulator.refuse_connections(Duration::from_secs(300)),
        }
        bench.restart();
        let begun = bench.clock.elapsed();
        let told = bench.till().recover_all(Duration::from_secs(20)).expect("a list");
        let took = bench.clock.elapsed() - begun;
        // One request may have begun just before the end.
        assert!(took < Duration::from_secs(45), "{service:?}: {took:?}");
        let names: Vec<_> = told.iter().map(|payment| payment.ticket().reference.as_str()).collect();
        assert_eq!(names, ["r1", "r2", "r3", "r4"], "{service:?}");
        for payment in &told {
            assert_eq!(payment.outcome(), Outcome::Unknown, "{service:?}: {}", word(payment));
            assert!(actions(payment).contains(&Action::RecoverLater), "{service:?}");
        }
    });
}

#[test]
fn while_a_till_starts_up_payments_are_busy_and_afterwards_they_are_taken() {
    let mut bench = four_in_doubt();
    bench.restart();
    std::thread::scope(|scope| {
        let all = scope.spawn(|| bench.till().recover_all(Duration::from_secs(10)).expect("a list"));
        let mut busy = 0;
        // It has begun by then.
        std::thread::sleep(Duration::from_millis(200));
        while !all.is_finished() {
            match bench.till().start_payment(&sale("r5", 500)) {
                Err(error) => {
                    assert_eq!(error.status(), Status::Busy);
                    busy += 1;
                }
                Ok(payment) => {
                    payment.wait(None);
                    break;
                }
            }
            std::thread::sleep(Duration::from_millis(20));
        }
        assert!(busy > 0, "it was never asked");
        assert_eq!(all.join().expect("no panic").len(), 4);
    });
    let next = bench.pay("r5", 500);
    assert_eq!((next.outcome(), bench.charges("r5")), (Outcome::Approved, 1), "{}", word(&next));
}

/// All that a till has to do about what it finds is in the list, and each is closed by its own object.
#[test]
fn a_start_up_recovers_what_can_be_known_and_each_of_it_is_taken_over() {
    let mut bench = Bench::with(resolving(0));
    assert_eq!(bench.pay("r1", 100).outcome(), Outcome::Approved);
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(ms(5))));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    assert_eq!(bench.pay("r2", 200).outcome(), Outcome::Unknown);
    bench.close();
    wait_until("paid", || bench.charges("r2") == 1);
    bench.restart();
    let told = bench.till().recover_all(Duration::from_secs(60)).expect("a list");
    for (payment, reference) in told.iter().zip(["r1", "r2"]) {
        assert_eq!((payment.ticket().reference.as_str(), payment.outcome()), (reference, Outcome::Approved));
        assert!(payment.replayed() && actions(payment).contains(&Action::PrintMerchant));
        bench.till().acknowledge_payment(payment).expect("acknowledged");
    }
    assert_eq!(told.len(), 2);
    assert!(bench.till().recover_all(Duration::from_secs(60)).expect("a list").is_empty());
    assert_eq!(bench.starts(), 2, "it starts nothing");
}
