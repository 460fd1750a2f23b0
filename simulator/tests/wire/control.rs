//! The control endpoints do what the Rust functions do.

use std::io::{Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use secupos_simulator::{Options, Simulator};
use serde_json::json;

use crate::client::{Client, End};
use crate::simulator;

#[test]
fn scripts_faults_and_settings_are_taken_and_wrong_ones_refused() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for (path, order, status) in [
        ("next", json!({"scenario": "declined", "think_ms": 0}), 200),
        ("next", json!({"scenario": "no such"}), 422),
        ("next", json!({"scenarios": "declined"}), 422),
        ("fault", json!({"endpoint": "start", "when": "after", "what": "reset"}), 200),
        (
            "fault",
            json!({"endpoint": "read", "when": "before", "what": {"answer": {"status": 503, "body": ""}}, "count": 2}),
            200,
        ),
        (
            "fault",
            json!({"endpoint": "abort", "when": "before", "what": {"cut": {"after": 0, "ending": "close"}}}),
            200,
        ),
        ("fault", json!({"endpoint": "start", "when": "after", "what": "no such"}), 422),
        ("settings", json!({"second_start": "same", "token_lifetime_s": 60}), 200),
        ("settings", json!({"second_start": "no such"}), 422),
        ("settings", json!({"no_such": 1}), 422),
        ("settings", json!({"clock_skew_ms": 5}), 422),
        ("settings", json!({"reversal": {"refused": {"after": 5}}}), 422),
        ("restart-receipt-numbers", json!({}), 200),
        ("confirm-device", json!({"user_code": "nobody"}), 404),
    ] {
        assert_eq!(client.post(&format!("/_control/{path}"), &order).status(), status, "{path} {order}");
    }
    let settings = client.post("/_control/settings", &json!({})).json();
    assert_eq!((&settings["second_start"], &settings["token_lifetime_s"]), (&json!("same"), &json!(60)));
    let id = client.create(1);
    assert_eq!(client.start(&id).end, End::Reset);
    assert_eq!([(); 2].map(|()| client.read(&id).status()), [503, 503]);
    assert_eq!(client.status_of(&id), "failed");
    assert_eq!(client.abort(&id).end, End::Closed);
    assert_eq!(client.log_in(&simulator)["expires_in"], 60);
}

#[test]
fn what_happened_can_be_asked_without_a_token() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let ids = [client.create(1), client.create(5)];
    for id in &ids {
        client.start(id);
    }
    let anybody = Client::without_token(&simulator);
    let ledger = anybody.get("/_control/ledger").json();
    assert!(ledger[0]["time"].as_u64().is_some_and(|time| time > 1_700_000_000_000));
    let expected = json!({"time": ledger[0]["time"], "transaction": ids[0], "reference": "r1", "amount": 1,
        "currency": "EUR", "change": 1});
    assert_eq!(ledger, json!([expected]));
    let transactions = anybody.get("/_control/transactions").json();
    assert_eq!([&transactions[0]["status"], &transactions[1]["status"]], ["ok", "failed"]);
    let requests = anybody.get("/_control/requests").json();
    let paths: Vec<_> = requests.as_array().expect("requests").iter().map(|request| &request["path"]).collect();
    assert_eq!(paths.len(), 5, "those to /_control are not among them");
    assert_eq!((paths[0], &requests[0]["bearer"]), (&json!("/oauth/token"), &json!(false)));
    assert_eq!((&requests[3]["method"], &requests[3]["bearer"]), (&json!("POST"), &json!(true)));
    assert!(paths[3].as_str().is_some_and(|path| path.ends_with("/start/cashless")));
    assert_eq!(requests, serde_json::to_value(simulator.requests()).expect("JSON"));
}

#[test]
fn what_a_simulator_remembers_does_not_grow_for_ever() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let waits = client.create(1);
    let (all, too_many) = (Simulator::REMEMBERED_TRANSACTIONS, Simulator::REMEMBERED_REQUESTS);
    let mut last = String::new();
    for _ in 0..all {
        last = client.create(1);
    }
    let remembered = simulator.transactions();
    assert_eq!((remembered.len(), remembered[all - 1]["id"].as_str()), (all, Some(last.as_str())));
    assert!(remembered.iter().all(|transaction| transaction["id"] != waits), "the oldest is forgotten");
    for _ in all..too_many {
        client.get("/api/v2/Smart/Transactions/STX_UNKNOWN");
    }
    let requests = simulator.requests();
    assert_eq!(requests.len(), too_many);
    assert!(requests[0].path != "/oauth/token" && requests[too_many - 1].path.ends_with("STX_UNKNOWN"));
}

#[test]
fn an_answer_waits_for_the_whole_request() {
    let simulator = simulator();
    let address = simulator.base_url().trim_start_matches("http://").to_owned();
    let mut connection = TcpStream::connect(&address).expect("connected");
    let head = "POST /_control/forget-faults HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 2\r\n\r\n";
    connection.write_all(head.as_bytes()).expect("sent");
    connection.set_read_timeout(Some(Duration::from_millis(200))).expect("set");
    let early = connection.read(&mut [0]);
    assert!(early.is_err(), "answered before the body was there: {early:?}");
    connection.write_all(b"{}").expect("sent");
    connection.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
    let mut answer = String::new();
    connection.read_to_string(&mut answer).expect("the connection is not reset");
    assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
}

#[test]
fn connections_are_told_apart() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    client.create(1);
    client.create(1);
    let numbers: Vec<_> = simulator.requests().iter().map(|request| request.connection).collect();
    assert_eq!(numbers, [1, 2, 3]);
}

#[test]
fn tokens_devices_and_connections_are_controlled_too() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    assert_eq!(client.post("/_control/kill-tokens", &json!({})).status(), 200);
    assert_eq!(client.read("STX_X").status(), 403);
    let registered = client.ask_for_token(&simulator, json!({"grant_type": "device", "uuid": "/vendor/x"})).json();
    let confirmation = json!({"user_code": registered["user_code"]});
    assert_eq!(client.post("/_control/confirm-device", &confirmation).status(), 200);
    let log_in = json!({"grant_type": "device", "code": registered["device_code"]});
    assert_eq!(client.ask_for_token(&simulator, log_in).status(), 200);
    assert_eq!(client.post("/_control/refuse-connections", &json!({"ms": 100})).status(), 200);
    assert_eq!(client.get("/_control/ledger").end, End::Refused);
    std::thread::sleep(Duration::from_millis(150));
    assert_eq!(client.get("/_control/ledger").status(), 200);
}

#[test]
fn a_simulator_takes_the_port_it_is_given_and_ends_when_dropped() {
    let first = simulator();
    let client = Client::without_token(&first);
    let port = first.base_url().rsplit(':').next().and_then(|port| port.parse().ok()).expect("a port");
    let options = || Options { port, ..Options::default() };
    assert!(Simulator::start(options()).is_err(), "the port is taken");
    drop(first);
    assert_eq!(client.get("/_control/ledger").end, End::Refused);
    let second = Simulator::start(options()).expect("the same port again");
    assert_eq!(second.base_url(), format!("http://127.0.0.1:{port}"));
    assert_eq!(client.get("/_control/ledger").json(), json!([]));
}
