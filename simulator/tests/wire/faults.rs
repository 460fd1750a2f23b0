//! Each fault as it is seen at the socket, with and without money moved.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::{Duration, Instant};

use secupos_simulator::fault::{Ending, Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::json;

use crate::client::{Came, Client, End, create_request, path};
use crate::simulator;

const WHENS: [(When, usize); 3] = [(When::Before, 0), (When::During, 1), (When::After, 1)];

/// A start with a fault: what comes, and how often it was charged.
fn started(when: When, what: What) -> (Came, usize) {
    let simulator = simulator();
    let mut client = Client::of(&simulator);
    if what == What::Silence {
        client.patience = Duration::from_millis(300);
    }
    let id = client.create(1);
    simulator.fault(Endpoint::Start, Fault::new(when, what));
    let came = client.start(&id);
    (came, simulator.ledger().len())
}

#[test]
fn a_connection_can_end_without_a_byte_before_or_after_the_charge() {
    for (what, end) in [
        (What::Reset, End::Reset),
        (What::Close, End::Closed),
        (What::Cut { after: 0, ending: Ending::Reset }, End::Reset),
        (What::Cut { after: 0, ending: Ending::Close }, End::Closed),
        (What::Cut { after: 0, ending: Ending::HalfClose }, End::Closed),
        (What::Silence, End::Open),
    ] {
        for (when, charges) in WHENS {
            let (came, charged) = started(when, what.clone());
            assert_eq!((came.bytes.len(), came.end, charged), (0, end, charges), "{when:?} {what:?}");
        }
    }
}

#[test]
fn an_answer_can_end_anywhere() {
    for (what, end) in [(What::Truncate, End::Closed), (What::ResetInAnswer, End::Reset)] {
        let (came, charged) = started(When::After, what);
        let promised = came
            .head()
            .to_lowercase()
            .split("content-length: ")
            .nth(1)
            .and_then(|rest| rest.split("\r\n").next()?.trim().parse::<usize>().ok());
        assert_eq!(promised.map(|length| length / 2), Some(came.body().len()));
        assert_eq!((came.end, charged), (end, 1));
    }
    for (ending, end) in [(Ending::Reset, End::Reset), (Ending::Close, End::Closed), (Ending::HalfClose, End::Closed)] {
        let (came, charged) = started(When::After, What::Cut { after: 15, ending });
        assert_eq!((came.bytes.as_slice(), came.end, charged), (&b"HTTP/1.1 200 OK"[..], end, 1), "{ending:?}");
    }
}

#[test]
fn another_answer_can_come_instead() {
    for (when, charges) in [(When::Before, 0), (When::After, 1)] {
        let (came, charged) = started(when, What::Answer { status: 502, body: "<html>Bad Gateway</html>".into() });
        assert_eq!((came.status(), came.body(), charged), (502, &b"<html>Bad Gateway</html>"[..], charges));
        assert!(came.head().contains("text/html"), "{}", came.head());
        let (came, charged) = started(when, What::ApiError { status: 409, code: 7, text: "Terminal belegt".into() });
        assert_eq!((came.status(), charged), (409, charges));
        assert_eq!((&came.json()["code"], &came.json()["error_user"]), (&json!(7), &json!("Terminal belegt")));
        for status in [429, 503] {
            assert_eq!(started(when, What::Answer { status, body: String::new() }).0.status(), status);
        }
    }
    let (came, _) = started(When::Before, What::Answer { status: 307, body: String::new() });
    assert!(came.head().contains("/start/cashless"), "a redirect names a place: {}", came.head());
}

#[test]
fn a_value_in_the_answer_can_be_another_one() {
    let currency = What::Replace { pointer: "/basket_info/currency".into(), value: json!("CHF") };
    let (came, charged) = started(When::After, currency);
    assert_eq!((came.json()["basket_info"]["currency"].as_str(), charged), (Some("CHF"), 1));
    let absent = What::Replace { pointer: "/nothing_like_it".into(), value: json!([1]) };
    assert_eq!(started(When::After, absent).0.json()["nothing_like_it"], json!([1]));
}

#[test]
fn answers_can_be_large_deep_and_long() {
    let (came, _) = started(When::After, What::Huge(50 * 1024 * 1024));
    assert_eq!(came.body().len(), 50 * 1024 * 1024);
    let (came, _) = started(When::After, What::Deep(10_000));
    assert!(came.body().starts_with(&[b'['; 10_000]) && came.body().ends_with(&[b']'; 10_000]));
    let (came, _) = started(When::After, What::Lines(100_000));
    assert_eq!(came.json()["receipt"].as_array().map(Vec::len), Some(100_000));
}

#[test]
fn answers_can_take_their_time() {
    let begun = Instant::now();
    let (came, charged) = started(When::After, What::Delay(200));
    assert_eq!((came.json()["status"].as_str(), charged), (Some("ok"), 1));
    assert!(begun.elapsed() >= Duration::from_millis(200));
    let (came, charged) = started(When::Before, What::Delay(200));
    assert_eq!((came.json()["status"].as_str(), charged), (Some("ok"), 1));
    // The token's answer is short, and is complete when it has come.
    let simulator = simulator();
    simulator.fault(Endpoint::Token, Fault::new(When::After, What::Drip(2)));
    let begun = Instant::now();
    let request = json!({"grant_type": "client_credentials"});
    let came = Client::without_token(&simulator).ask_for_token(&simulator, request);
    let pieces = String::from_utf8_lossy(came.body()).matches("\r\n1\r\n").count();
    assert!(pieces > 100 && begun.elapsed() > Duration::from_millis(200), "{pieces} pieces");
}

#[test]
fn a_server_that_is_gone_resets_all_its_connections_and_the_terminal_goes_on() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(600)));
    let (slow, other) = (client.create(1), client.create(1));
    simulator.fault(Endpoint::Read, Fault::new(When::Before, What::Crash(300)));
    std::thread::scope(|scope| {
        let waiting = scope.spawn(|| client.start(&slow));
        std::thread::sleep(Duration::from_millis(200));
        assert_eq!(client.read(&other).end, End::Reset);
        assert_eq!(client.read(&other).end, End::Refused);
        assert_eq!(waiting.join().expect("no panic").end, End::Reset);
    });
    std::thread::sleep(Duration::from_millis(600));
    assert_eq!((client.status_of(&slow).as_str(), simulator.ledger().len()), ("ok", 1));
}

#[test]
fn connections_that_are_held_are_served_late_even_if_nobody_waits_any_more() {
    let simulator = simulator();
    let mut client = Client::of(&simulator);
    simulator.fault(Endpoint::Create, Fault::new(When::After, What::HoldConnections(400)));
    let id = client.create(1);
    client.patience = Duration::from_millis(100);
    let came = client.start(&id);
    assert_eq!((came.bytes.len(), came.end, simulator.ledger().len()), (0, End::Open, 0));
    client.patience = Duration::from_secs(5);
    assert_eq!(client.read(&id).status(), 200);
    std::thread::sleep(Duration::from_millis(100));
    assert_eq!(simulator.ledger().len(), 1, "the start has arrived after its client had gone");
}

#[test]
fn only_a_connection_that_is_used_again_is_closed() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.fault(Endpoint::Read, Fault::new(When::After, What::CloseReused).times(10));
    let id = client.create(1);
    assert_eq!(client.status_of(&id), "created", "on a connection of its own");
    let mut stream = TcpStream::connect(&client.address).expect("a connection");
    let request = format!("GET {} HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer {}\r\n\r\n", path(&id), client.token);
    stream.write_all(request.repeat(2).as_bytes()).expect("sent");
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes).expect("closed");
    assert_eq!(String::from_utf8_lossy(&bytes).matches("HTTP/1.1 200 OK").count(), 1);
}

#[test]
fn faults_can_be_forgotten() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.fault(Endpoint::Read, Fault::new(When::Before, What::Close).times(1000));
    let id = client.create(1);
    assert_eq!(client.read(&id).end, End::Closed);
    simulator.forget_faults();
    assert_eq!(client.status_of(&id), "created");
    simulator.fault(Endpoint::Read, Fault::new(When::Before, What::Close).times(1000));
    assert_eq!(client.post("/_control/forget-faults", &json!({})).status(), 200);
    assert_eq!(client.status_of(&id), "created");
}

#[test]
fn a_customer_pays_while_the_connection_breaks() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(200)));
    simulator.fault(Endpoint::Start, Fault::new(When::During, What::Reset));
    let id = client.create(1);
    assert_eq!(client.start(&id).end, End::Reset);
    assert_eq!(simulator.ledger(), [], "not yet");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 1));
}

#[test]
fn a_start_that_was_held_up_charges_although_the_client_has_gone() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.fault(Endpoint::Start, Fault::new(When::Before, What::Delay(200)));
    let id = client.create(1);
    client.start_and_vanish(&id);
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("created", 0));
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 1));
}

#[test]
fn a_fault_is_for_its_endpoint_and_so_many_requests() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator
        .fault(Endpoint::Read, Fault::new(When::Before, What::Answer { status: 503, body: String::new() }).times(2));
    simulator.fault(Endpoint::Abort, Fault::new(When::After, What::Reset));
    let id = client.create(1);
    assert_eq!([(); 3].map(|()| client.read(&id).status()), [503, 503, 200]);
    assert_eq!(client.abort(&id).end, End::Reset);
    assert_eq!(client.status_of(&id), "aborted", "it was done before the answer was lost");
    simulator.fault(Endpoint::Create, Fault::new(When::Before, What::Reset));
    assert_eq!(client.post("/api/v2/Smart/Transactions", &create_request(1)).end, End::Reset);
    assert_eq!(simulator.transactions().len(), 1);
}

#[test]
fn the_answer_to_create_can_be_the_last_before_connections_are_refused() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.fault(Endpoint::Create, Fault::new(When::After, What::RefuseConnections(300)));
    let id = client.create(1);
    assert_eq!(client.start(&id).end, End::Refused);
    std::thread::sleep(Duration::from_millis(350));
    assert_eq!(client.start(&id).json()["status"], "ok");
    simulator.refuse_connections(Duration::from_millis(100));
    assert_eq!(client.read(&id).end, End::Refused);
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(client.status_of(&id), "ok", "and what it knew it still knows");
}
