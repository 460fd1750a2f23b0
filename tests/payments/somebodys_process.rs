//! In somebody's process: inside an async runtime, and from threads that end.

use std::sync::Arc;

use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::sale::Sale;
use secupos_simulator::{Options, Simulator};

use crate::config;

#[test]
fn a_till_works_inside_a_running_async_runtime() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let runtime = tokio::runtime::Builder::new_current_thread().build().expect("a runtime");
    runtime.block_on(async {
        // Opened, paid at and dropped where blocking clients may not be.
        let till = Till::open(&config(&simulator)).expect("a till");
        let payment = till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment");
        assert_eq!(payment.outcome(), Outcome::Approved);
        drop(till);
    });
}

#[test]
fn a_till_outlives_the_threads_that_opened_it_and_began_its_payments() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let config = config(&simulator);
    let till = Arc::new(std::thread::spawn(move || Till::open(&config).expect("a till")).join().expect("it has ended"));
    let begun = till.clone();
    let begin = move || begun.start_payment(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment");
    let payment = std::thread::spawn(begin).join().expect("it has ended");
    drop(till);
    assert_eq!(payment.wait(None), Outcome::Approved);
}
