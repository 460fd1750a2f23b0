//! A till that becomes a device of the service: confirmed, refused, too late, interrupted, and done again.

use std::sync::Arc;
use std::time::{Duration, Instant};

use secupos::api::oauth::Grant;
use secupos::error::Status;
use secupos::payment::outcome::Outcome;
use secupos::till::Till;
use secupos::till::handles::registration::{Confirmation, Registration, RegistrationState};
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::Script;
use secupos_simulator::{Options, Simulator};

use crate::{config, reopened, without_device};

const UUID: &str = "/vendor/unknown/cashier/1";

/// A till that is no device, and a service that wants to be asked every second.
fn bench() -> (Simulator, Till) {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    simulator.set(|settings| settings.poll_interval_s = 1);
    let till = Till::open(&without_device(&simulator)).expect("a till");
    (simulator, till)
}

fn shown(registration: &Registration) -> Confirmation {
    let deadline = Instant::now() + Duration::from_secs(10);
    loop {
        if let Some(confirmation) = registration.confirmation() {
            return confirmation.clone();
        }
        assert!(Instant::now() < deadline, "{:?}", registration.wait(Some(Duration::ZERO)));
        std::thread::sleep(Duration::from_millis(5));
    }
}

fn wait(registration: &Registration) -> RegistrationState {
    registration.wait(Some(Duration::from_secs(30))).expect("a state")
}

fn register(simulator: &Simulator, till: &Till) -> Arc<Registration> {
    let registration = till.register(UUID).expect("a registration");
    assert!(simulator.confirm_device(&shown(&registration).user_code));
    assert_eq!(wait(&registration), RegistrationState::Registered);
    registration
}

fn grant(till: &Till, reference: &str) -> Grant {
    let payment = till.pay(&Sale::new(reference, 102, "EUR").expect("a sale")).expect("a payment");
    assert_eq!(payment.outcome(), Outcome::Approved, "{:?}", payment.settled());
    payment.ticket().grant
}

fn token_answer(simulator: &Simulator, status: u16, body: &str) {
    let answer = What::Answer { status, body: body.into() };
    simulator.fault(Endpoint::Token, Fault::new(When::Before, answer));
}

#[test]
fn a_confirmed_till_is_that_device_from_then_on_and_after_a_restart() {
    let (simulator, till) = bench();
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Unregistered);
    let registration = till.register(UUID).expect("a registration");
    let confirmation = shown(&registration);
    assert_eq!(confirmation.verification_url, "http://www.secuoffice.com");
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Pending);
    assert_eq!(registration.wait(Some(Duration::ZERO)).expect("a state"), RegistrationState::Pending);
    assert!(simulator.confirm_device(&confirmation.user_code));
    assert_eq!(wait(&registration), RegistrationState::Registered);
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Registered);
    assert_eq!(grant(&till, "a"), Grant::Device);
    // The token of the login that was confirmed is the one that is paid with.
    let logins = simulator.requests().iter().filter(|request| request.path == "/oauth/token").count();
    drop(till);
    let till = reopened(&without_device(&simulator));
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Registered);
    assert_eq!(grant(&till, "b"), Grant::Device);
    let after = simulator.requests().iter().filter(|request| request.path == "/oauth/token").count();
    assert_eq!(after, logins);
}

#[test]
fn pending_is_told_in_words_and_by_a_bare_401_and_too_often_makes_slower() {
    let (simulator, till) = bench();
    let registration = till.register(UUID).expect("a registration");
    let code = shown(&registration).user_code;
    for (status, body) in [(401, ""), (400, r#"{"error":"authorization_pending"}"#), (502, "<html>")] {
        token_answer(&simulator, status, body);
    }
    let begun = Instant::now();
    token_answer(&simulator, 400, r#"{"error":"slow_down"}"#);
    simulator.confirm_device(&code);
    assert_eq!(wait(&registration), RegistrationState::Registered);
    // Four answers a second apart, and five seconds more after the last.
    assert!(begun.elapsed() > Duration::from_secs(9), "{:?}", begun.elapsed());
}

#[test]
fn who_refuses_and_who_comes_too_late_is_told_and_it_may_be_done_again() {
    let (simulator, till) = bench();
    let denied = till.register(UUID).expect("a registration");
    shown(&denied);
    token_answer(&simulator, 400, r#"{"error":"access_denied"}"#);
    assert_eq!(wait(&denied), RegistrationState::Denied);
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Denied);
    simulator.set(|settings| settings.registration_lifetime_s = 2);
    let late = till.register(UUID).expect("a registration");
    shown(&late);
    assert_eq!(wait(&late), RegistrationState::Expired);
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Expired);
    simulator.set(|settings| settings.registration_lifetime_s = 1200);
    register(&simulator, &till);
    assert_eq!(grant(&till, "a"), Grant::Device);
}

#[test]
fn another_device_takes_the_place_of_the_first() {
    let (simulator, till) = bench();
    register(&simulator, &till);
    assert_eq!(grant(&till, "a"), Grant::Device);
    register(&simulator, &till);
    assert_eq!(grant(&till, "b"), Grant::Device);
    drop(till);
    let till = reopened(&without_device(&simulator));
    assert_eq!(grant(&till, "c"), Grant::Device);
    assert_eq!(till.verify_archive().expect("verified"), []);
}

#[test]
fn the_wrong_client_is_never_taken_for_pending() {
    let (simulator, till) = bench();
    token_answer(&simulator, 401, r#"{"error":"invalid_client"}"#);
    let refused = till.register(UUID).expect("a registration");
    let error = refused.wait(Some(Duration::from_secs(30))).expect_err("refused");
    assert!(refused.confirmation().is_none());
    assert_ne!(error.status(), Status::NotRegistered);
    let asked = till.register(UUID).expect("another one");
    shown(&asked);
    token_answer(&simulator, 401, r#"{"error":"invalid_client"}"#);
    let error = asked.wait(Some(Duration::from_secs(30))).expect_err("refused");
    assert_eq!(error.status(), Status::InvalidCredentials);
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Unregistered);
}

#[test]
fn what_cannot_be_registered_is_refused_before_anything_is_sent() {
    let (simulator, till) = bench();
    for bad in ["", "cashier/1", "/vendor/x/cashier/1\n"] {
        let error = till.register(bad).err().expect("refused");
        assert_eq!(error.status(), Status::InvalidArgument, "{bad:?}");
        assert!(error.message().starts_with("device_name "), "{error}");
    }
    assert_eq!(simulator.requests().len(), 0);
    let going = till.register(UUID).expect("a registration");
    assert_eq!(till.register(UUID).err().expect("refused").status(), Status::Busy);
    drop(till);
    assert_eq!(going.wait(Some(Duration::from_secs(30))).expect_err("closed").status(), Status::InvalidState);

    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let till = Till::open(&config(&simulator)).expect("a till");
    assert_eq!(till.registration_state().expect("a state"), RegistrationState::Registered);
    assert_eq!(till.register(UUID).err().expect("refused").status(), Status::InvalidState);
    simulator.script(Script::default().thinking(Duration::from_millis(300)));
    let payment = till.start_payment(&Sale::new("r1", 102, "EUR").expect("a sale")).expect("a payment");
    payment.wait(None);
}

#[test]
fn payments_are_taken_while_a_person_is_looking_for_the_code() {
    let (simulator, till) = bench();
    let registration = till.register(UUID).expect("a registration");
    let code = shown(&registration).user_code;
    simulator.script(Script::default().thinking(Duration::from_millis(1500)));
    let running = till.start_payment(&Sale::new("r1", 102, "EUR").expect("a sale")).expect("a payment");
    assert_eq!(till.register(UUID).err().expect("refused").status(), Status::Busy);
    simulator.confirm_device(&code);
    assert_eq!(running.wait(None), Outcome::Approved);
    assert_eq!(running.ticket().grant, Grant::ClientCredentials);
    assert_eq!(wait(&registration), RegistrationState::Registered);
    assert_eq!(grant(&till, "r2"), Grant::Device);
    assert_eq!(till.recover("r1", None).expect("a payment").outcome(), Outcome::Approved);
}

#[test]
fn a_file_that_is_bound_to_a_registered_device_opens_for_no_other() {
    let (simulator, till) = bench();
    register(&simulator, &till);
    drop(till);
    drop(reopened(&without_device(&simulator)));
    let mut other = without_device(&simulator);
    other.set_device_code("another device").expect("a code");
    let error = loop {
        match Till::open(&other).err().expect("refused") {
            error if error.status() == Status::StateFileLocked => std::thread::yield_now(),
            error => break error,
        }
    };
    assert_eq!(error.status(), Status::StateFileMismatch, "{error}");
}
