//! What the till is told where the service contradicts itself or nobody knows, also while others ask.

use std::sync::{Arc, mpsc};
use std::time::Duration;

use secupos::error::{Language, Status};
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::till::config::Timeout;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use serde_json::json;

use crate::{bench, bench_with, settled};

#[test]
fn what_was_paid_and_is_said_not_to_be_later_is_neither_refunded_nor_collected_by_itself() {
    let bench = bench();
    let no_receipt = What::Replace { pointer: "/receipt_merchant".into(), value: json!([]) };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, no_receipt));
    // Each read, also one that the till makes by itself as soon as it has nothing else to do.
    let failed = What::Replace { pointer: "/status".into(), value: json!("failed") };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, failed).times(100));
    let paid = bench.till.pay(&Sale::new("r1", 2, "EUR").expect("a sale")).expect("a payment");
    assert_eq!(paid.outcome(), Outcome::Approved);
    let recover = || {
        let payment = bench.till.recover("r1", None).expect("a payment");
        payment.wait(None);
        payment
    };
    assert!(!settled(&recover()).conflict, "a read may lag behind what start has said");
    bench.clock.pass(Duration::from_secs(60));
    let payment = recover();
    let told = settled(&payment);
    assert_eq!((told.outcome, told.conflict), (Outcome::Approved, true));
    assert_eq!(told.next_actions.first(), Some(&Action::CallSupport));
    assert!(!told.next_actions.iter().any(|action| matches!(action, Action::Refund | Action::Collect)), "{told:?}");
    let text = payment.cashier_text(Language::English);
    assert!(text.contains("Please refund nothing, and call the service."), "{text}");
    assert!(!told.customer_receipt.is_empty(), "that of the answer that said paid");
}

#[test]
fn the_reason_of_a_payment_in_doubt_does_not_say_that_nothing_was_sent() {
    let bench = bench_with(|config| config.set_timeout_ms(Timeout::Resolve, 0).expect("a timeout"));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Reset));
    let sale = Sale::new("r1", 2, "EUR").expect("a sale");
    assert_eq!(bench.till.pay(&sale).expect("a payment").outcome(), Outcome::Unknown);
    let bench = bench.restart();
    let payment = bench.till.recover("r1", None).expect("a payment");
    payment.wait(None);
    let told = settled(&payment);
    let error = told.error.as_ref().expect("why");
    assert_eq!((told.outcome, error.status()), (Outcome::Unknown, Status::InvalidState));
    let text = error.cashier_text(Language::English);
    assert!(!text.contains("Nothing was"), "{text}");
}

#[test]
fn taking_over_and_listing_at_once_never_wait_for_each_other() {
    let bench = bench();
    let failed = What::Replace { pointer: "/status".into(), value: json!("failed") };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, failed));
    for (reference, amount) in [("r1", 2), ("r2", 102)] {
        bench.till.pay(&Sale::new(reference, amount, "EUR").expect("a sale")).expect("a payment");
    }
    let listed = bench.till.find_payments(0, i64::MAX, None).expect("a list");
    assert!(listed.iter().any(|payment| settled(payment).conflict), "the service has contradicted itself");
    let bench = Arc::new(bench);
    let (ended, all_ended) = mpsc::channel();
    for takes_over in [true, false] {
        let (bench, ended) = (bench.clone(), ended.clone());
        std::thread::spawn(move || {
            for _ in 0..500 {
                match takes_over {
                    true => bench.till.acknowledge("r1", None).expect("taken over"),
                    false => drop(bench.till.find_payments(0, i64::MAX, None).expect("a list")),
                }
            }
            ended.send(()).expect("somebody waits");
        });
    }
    for _ in 0..2 {
        all_ended.recv_timeout(Duration::from_secs(120)).expect("one waits for the other");
    }
}
