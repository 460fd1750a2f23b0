//! One access token per device session, renewed before a start and never while one is in flight.

use std::time::Duration;

use secupos::error::Status;
use secupos::journal::IfMissing;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::config::Config;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::{Options, Simulator};

use crate::{FASTER, bench, config, settled, state_file};

fn sale(reference: &str) -> Sale {
    Sale::new(reference, 102, "EUR").expect("a sale")
}

#[test]
fn one_token_serves_many_payments() {
    let bench = bench();
    for reference in ["a", "b", "c"] {
        assert_eq!(bench.till.pay(&sale(reference)).expect("a payment").outcome(), Outcome::Approved);
    }
    assert_eq!(bench.requests("/oauth/token"), 1);
}

#[test]
fn a_token_that_would_not_outlive_the_payment_is_renewed_before() {
    let simulator =
        Simulator::start(Options { token_lifetime: Duration::from_secs(60), ..Options::default() }).expect("one");
    let till = Till::open(&config(&simulator)).expect("a till");
    for reference in ["a", "b"] {
        assert_eq!(till.pay(&sale(reference)).expect("a payment").outcome(), Outcome::Approved);
    }
    let tokens = simulator.requests().iter().filter(|request| request.path == "/oauth/token").count();
    assert_eq!(tokens, 2);
}

#[test]
fn a_token_that_another_login_has_killed_is_renewed_before_anything_is_started() {
    let bench = bench();
    bench.till.pay(&sale("a")).expect("a payment");
    bench.simulator.kill_tokens();
    assert_eq!(bench.till.pay(&sale("b")).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!(bench.requests("/start/cashless"), 2);
    assert_eq!(bench.simulator.ledger().len(), 2);
}

#[test]
fn a_refused_refresh_token_is_replaced_by_a_login() {
    let bench = bench();
    bench.till.pay(&sale("a")).expect("a payment");
    bench.simulator.kill_tokens();
    let refusal = What::Answer { status: 400, body: r#"{"error":"invalid_grant"}"#.into() };
    bench.simulator.fault(Endpoint::Token, Fault::new(When::Before, refusal));
    assert_eq!(bench.till.pay(&sale("b")).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!(bench.requests("/oauth/token"), 3);
}

#[test]
fn a_payment_in_doubt_is_read_with_a_new_token_if_the_old_one_has_died() {
    let bench = bench();
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    let refusal = What::ApiError { status: 403, code: 2003, text: "Valid auth token required".into() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::Before, refusal));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    assert_eq!(bench.requests("/oauth/token"), 2);
    bench.assert_started_once_and_charged(1);
}

fn token_refused() -> What {
    What::ApiError { status: 403, code: 2003, text: "Valid auth token required".into() }
}

#[test]
fn a_start_that_refuses_its_token_at_once_is_not_sent_again_and_the_next_attempt_pays() {
    for is_fresh in [false, true] {
        let bench = bench();
        if !is_fresh {
            bench.till.pay(&sale("before")).expect("a payment");
        }
        let before = (bench.requests("/start/cashless"), bench.simulator.ledger().len());
        bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, token_refused()));
        let payment = bench.pay(1);
        // A token that the service has just given and refuses: somebody else logs in as this device.
        let reason = if is_fresh { Reason::LoginTaken } else { Reason::StartRefused };
        assert_eq!((payment.outcome(), settled(&payment).reason), (Outcome::NotStarted, Some(reason)));
        assert_eq!(bench.till.to_json().expect("a status")["logins_taken"], i32::from(is_fresh));
        assert_eq!((bench.requests("/start/cashless"), bench.requests("/abort")), (before.0 + 1, 1));
        assert_eq!(bench.simulator.ledger().len(), before.1);
        let mut second = Sale::new("r1", 1, "EUR").expect("a sale");
        second.set_attempt(2).expect("set");
        assert_eq!(bench.till.pay(&second).expect("a payment").outcome(), Outcome::Approved);
        assert_eq!(bench.simulator.ledger().len(), before.1 + 1);
    }
}

#[test]
fn a_token_refused_after_the_customer_has_paid_starts_nothing_again() {
    let bench = bench();
    // The reads go on saying that nothing has happened for ten seconds.
    bench.simulator.set(|settings| settings.result_lag_ms = 10_000 / u64::from(FASTER));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, token_refused()));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn a_till_that_is_opened_again_goes_on_with_its_token() {
    let bench = bench();
    bench.till.pay(&sale("a")).expect("a payment");
    let simulator = bench.restart();
    assert_eq!(simulator.till.pay(&sale("b")).expect("a payment").outcome(), Outcome::Approved);
    assert_eq!(simulator.requests("/oauth/token"), 1);
}

#[test]
fn wrong_credentials_are_named_and_never_shown() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    for (secret, code, expected) in [
        ("wrong-secret", simulator.device_code(), Status::InvalidCredentials),
        (simulator.client_secret(), "wrong-device", Status::InvalidCredentials),
    ] {
        let mut config = Config::default();
        config.set_base_url(&simulator.base_url()).expect("a base URL");
        config.set_client_credentials(simulator.client_id(), secret).expect("credentials");
        config.set_device_code(code).expect("a device code");
        // The state file of a till that logs in as another device is another one.
        let file = state_file(&simulator).with_extension(code);
        config.set_state_file(&file, IfMissing::Create).expect("a state file");
        let till = Till::open(&config).expect("a till");
        let payment = till.pay(&sale("a")).expect("a payment");
        let result = settled(&payment);
        assert_eq!((result.outcome, result.reason), (Outcome::NotStarted, Some(Reason::LoginFailed)));
        let error = result.error.as_ref().expect("why");
        assert_eq!(error.status(), expected);
        let shown = format!("{error} {error:?} {result:?} {}", payment.to_json());
        assert!(!shown.contains(secret) && !shown.contains(code), "{shown}");
    }
}

#[test]
fn without_a_device_code_the_till_is_the_vendors_client_and_says_so() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let mut config = Config::default();
    config.set_base_url(&simulator.base_url()).expect("a base URL");
    config.set_client_credentials(simulator.client_id(), simulator.client_secret()).expect("credentials");
    config.set_state_file(&state_file(&simulator), IfMissing::Create).expect("a state file");
    let till = Till::open(&config).expect("a till");
    let payment = till.pay(&sale("a")).expect("a payment");
    assert_eq!(payment.outcome(), Outcome::Approved);
    assert_eq!(payment.to_json()["grant"], "client_credentials");
}
