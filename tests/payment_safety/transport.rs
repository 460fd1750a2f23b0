//! The wire: start has a connection of its own and is sent once, whatever the server does to connections; and a start
//! whose connection has died unnoticed is found by reading beside it.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use secupos::payment::outcome::Outcome;
use secupos::till::config::Timeout;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::SecondStart;
use secupos_simulator::{Options, Simulator};
use serde_json::{Value, json};

use secupos::till::clock::Clock;

use crate::bench::{Bench, ms, settled};

/// A server that closes each connection that is used again, after it has done what it was asked. Any second start is
/// charged.
fn closes_what_is_reused(simulator: &Simulator) {
    simulator.set(|settings| settings.second_start = SecondStart::Charges);
    simulator.fault(Endpoint::Start, Fault::new(When::After, What::CloseReused).times(1000));
}

#[test]
fn the_connection_of_start_carries_nothing_else() {
    let mut bench = Bench::new();
    for reference in ["r1", "r2", "r3"] {
        assert_eq!(bench.pay(reference, 100).outcome(), Outcome::Approved);
    }
    // With reads after it, and an abort.
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Truncate));
    assert_eq!(bench.pay("r4", 100).outcome(), Outcome::Approved);
    let refusal = What::ApiError { status: 400, code: 1, text: "x".into() };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::Before, refusal));
    assert_eq!(bench.pay("r5", 100).outcome(), Outcome::NotStarted);
    bench.restart();
    assert_eq!(bench.pay("r6", 200).outcome(), Outcome::Approved);
    let requests = bench.simulator.requests();
    let on = |connection| requests.iter().filter(|other| other.connection == connection).count();
    let starts: Vec<_> = requests.iter().filter(|request| request.path.ends_with("/start/cashless")).collect();
    assert_eq!(starts.len(), 6);
    for start in starts {
        assert_eq!(on(start.connection), 1, "{start:?}");
    }
    // The control: others do share theirs.
    assert!(requests.iter().any(|request| on(request.connection) > 1), "{requests:?}");
}

#[test]
fn a_server_that_closes_reused_connections_gets_one_start_from_us() {
    let bench = Bench::new();
    closes_what_is_reused(&bench.simulator);
    for reference in ["r1", "r2", "r3"] {
        assert_eq!(bench.pay(reference, 100).outcome(), Outcome::Approved);
        assert_eq!(bench.charges(reference), 1);
    }
    assert_eq!(bench.starts(), 3);
}

/// What the library does itself: it asks once more, under the same name. The transport repeats neither of them.
#[test]
fn a_create_over_a_reused_connection_is_sent_again_by_nobody_but_us() {
    for what in [What::CloseReused, What::Close, What::Reset] {
        let bench = Bench::new();
        bench.simulator.fault(Endpoint::Create, Fault::new(When::After, what.clone()).times(1000));
        let payment = bench.pay("r1", 100);
        let requests = bench.simulator.requests();
        let create = requests.iter().find(|request| request.path.ends_with("/Transactions")).expect("a create");
        let first = requests.iter().find(|request| request.connection == create.connection).expect("itself");
        assert!(first.path.ends_with("/token"), "its connection was reused");
        assert_eq!(bench.creates(), 2, "{what:?}");
        // A connection that was not used before is not closed by the first of these.
        let is_created = what == What::CloseReused;
        let expected = if is_created { Outcome::Approved } else { Outcome::NotStarted };
        assert_eq!((payment.outcome(), bench.starts()), (expected, usize::from(is_created)), "{what:?}");
    }
}

/// The control of the two above: the same server, and libcurl as it is.
#[test]
fn the_same_server_gets_two_starts_from_libcurl() {
    let program = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("sends-again");
    let source = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/payment_safety/sends_again.c");
    let mut cc = Command::new("cc");
    cc.args(["-std=c99", "-Wall", "-Wextra", "-Werror", "-o"]).arg(&program).arg(source).arg("-lcurl");
    let built = cc.output().expect("cc: cargo xtask requirements cc curl-config");
    assert!(
        built.status.success(),
        "cargo xtask requirements cc curl-config: {}",
        String::from_utf8_lossy(&built.stderr)
    );

    let simulator = Simulator::start(Options::default()).expect("a simulator");
    closes_what_is_reused(&simulator);
    let login = json!({"grant_type": "client_credentials", "client_id": simulator.client_id(),
        "client_secret": simulator.client_secret()});
    let token = post(&simulator, "/oauth/token", "", &login)["access_token"].as_str().expect("a token").to_owned();
    let sale = json!({"is_demo": false, "merchantRef": "r1", "transactionRef": "x", "basket_info": {"sum": 100,
        "currency": "EUR"}});
    let created = post(&simulator, "/api/v2/Smart/Transactions", &token, &sale);
    let url = format!("{}/api/v2/Smart/Transactions/{}", simulator.base_url(), created["id"].as_str().expect("an id"));
    let ran = Command::new(&program).args([&url, &token]).status().expect("it runs");
    assert!(ran.success(), "libcurl is content: {ran}");
    let starts = simulator.requests().iter().filter(|request| request.path.ends_with("/start/cashless")).count();
    assert_eq!((starts, simulator.ledger().len()), (2, 2), "the customer has paid twice");
}

/// Sends one request over a connection of its own.
fn post(simulator: &Simulator, path: &str, token: &str, body: &Value) -> Value {
    let (address, body) = (simulator.base_url().replace("http://", ""), body.to_string());
    let mut stream = TcpStream::connect(&address).expect("a connection");
    let bearer = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n{bearer}Content-Type: application/json\r\n\
         Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all((head + &body).as_bytes()).expect("sent");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).expect("answered");
    let (_, body) = answer.split_once("\r\n\r\n").expect("a body");
    serde_json::from_str(body).unwrap_or_else(|fault| panic!("{fault}: {answer}"))
}

/// A router has forgotten the connection, and the customer has paid long ago. After twenty seconds the transaction is read,
/// and for fifteen more start's own answer is waited for, which has the receipts.
#[test]
fn a_start_whose_connection_went_silent_is_settled_by_reading_beside_it() {
    let bench = Bench::with(|config| config.set_timeout_ms(Timeout::Payment, 300_000).expect("a timeout"));
    bench.simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(ms(5))));
    bench.simulator.fault(Endpoint::Start, Fault::new(When::During, What::Silence));
    let begun = bench.clock.elapsed();
    let payment = bench.pay("r1", 100);
    let took = bench.clock.elapsed() - begun;
    assert_eq!((payment.outcome(), bench.charges("r1"), bench.starts()), (Outcome::Approved, 1, 1));
    assert!(!settled(&payment).merchant_receipt.is_empty());
    assert!((35..60).contains(&took.as_secs()), "{took:?}");
    assert_eq!(bench.requests("/oauth/token"), 1, "no new token while start is running");
}
