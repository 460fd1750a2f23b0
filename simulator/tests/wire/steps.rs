//! Steps are told at the moment at which they happen.

use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::{Moment, Simulator, Step};

use crate::client::Client;
use crate::simulator;

fn watched(simulator: &Simulator) -> Receiver<Step> {
    let (tell, told) = mpsc::channel();
    simulator.watch(move |step| tell.send(step.clone()).unwrap_or_default());
    told
}

/// The next so many steps.
fn next(told: &Receiver<Step>, count: usize) -> Vec<Step> {
    (0..count).map(|_| told.recv_timeout(Duration::from_secs(5)).expect("a step")).collect()
}

#[test]
fn a_payment_is_told_step_by_step() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let told = watched(&simulator);
    let id = client.create(2);
    client.start(&id);
    let steps = next(&told, 6);
    let moments: Vec<_> = steps.iter().map(|step| step.moment).collect();
    let expected = [
        Moment::Arrived(Endpoint::Create),
        Moment::Created,
        Moment::Answered(Endpoint::Create),
        Moment::Arrived(Endpoint::Start),
        Moment::Paid,
        Moment::Answered(Endpoint::Start),
    ];
    assert_eq!(moments, expected);
    assert!([1, 3, 4, 5].iter().all(|of: &usize| steps[*of].transaction == id), "{steps:?}");
    assert!(steps.is_sorted_by_key(|step| step.time_us), "{steps:?}");
}

#[test]
fn a_lost_answer_is_told_as_spoilt_and_never_as_answered() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let id = client.create(5);
    let told = watched(&simulator);
    simulator.fault(Endpoint::Start, Fault::new(When::After, What::Truncate));
    client.start(&id);
    client.read(&id);
    let moments: Vec<_> = next(&told, 5).iter().map(|step| step.moment).collect();
    let expected = [
        Moment::Arrived(Endpoint::Start),
        Moment::NotPaid,
        Moment::Spoilt(Endpoint::Start),
        Moment::Arrived(Endpoint::Read),
        Moment::Answered(Endpoint::Read),
    ];
    assert_eq!(moments, expected);
}

#[test]
fn a_fault_can_be_forgotten() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.fault(Endpoint::Read, Fault::new(When::Before, What::Reset));
    simulator.forget_faults();
    assert_eq!(client.status_of(&client.create(1)), "created");
}
