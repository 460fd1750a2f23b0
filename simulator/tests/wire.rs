//! What the simulator says on the wire, seen by a client that shares no code with it or with the library.

use std::io::{ErrorKind, Read, Write};
use std::net::TcpStream;
use std::time::Duration;

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::{Options, Simulator};
use serde_json::{Value, json};

struct Wire {
    simulator: Simulator,
}

impl Wire {
    fn new(options: Options) -> Wire {
        Wire { simulator: Simulator::start(options).expect("a simulator") }
    }

    /// All that comes back on a connection of its own, for as long as something comes within `patience`.
    fn raw(&self, method: &str, path: &str, token: &str, body: &str, patience: Duration) -> std::io::Result<Vec<u8>> {
        let mut stream = TcpStream::connect(self.simulator.base_url().replace("http://", ""))?;
        stream.set_read_timeout(Some(patience))?;
        let bearer = if token.is_empty() { String::new() } else { format!("Authorization: Bearer {token}\r\n") };
        let length = body.len();
        let head = format!("{method} {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {length}\r\n");
        stream.write_all(format!("{head}Content-Type: application/json\r\n{bearer}\r\n{body}").as_bytes())?;
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer)?;
        Ok(answer)
    }

    fn send(&self, method: &str, path: &str, token: &str, body: &Value) -> (u16, Value) {
        let answer = self.raw(method, path, token, &body.to_string(), Duration::from_secs(10)).expect("an answer");
        let (head, body) = split(&answer);
        let status = head.split(' ').nth(1).expect("a status").parse().expect("a number");
        (status, serde_json::from_slice(body).unwrap_or_default())
    }

    fn post(&self, path: &str, token: &str, body: &Value) -> (u16, Value) {
        self.send("POST", path, token, body)
    }

    fn get(&self, path: &str, token: &str) -> (u16, Value) {
        self.send("GET", path, token, &json!(null))
    }

    fn grant(&self, more: Value) -> (u16, Value) {
        let simulator = &self.simulator;
        let mut body = json!({"client_id": simulator.client_id(), "client_secret": simulator.client_secret()});
        body.as_object_mut().expect("an object").extend(more.as_object().expect("an object").clone());
        self.post("/oauth/token", "", &body)
    }

    fn token(&self) -> String {
        let (status, body) = self.grant(json!({"grant_type": "device", "code": self.simulator.device_code()}));
        assert_eq!(status, 200, "{body}");
        body["access_token"].as_str().expect("a token").to_owned()
    }

    fn create(&self, token: &str, amount: i64) -> String {
        let (status, body) = self.post(TRANSACTIONS, token, &sale(amount));
        assert_eq!((status, &body["status"]), (200, &json!("created")), "{body}");
        format!("{TRANSACTIONS}/{}", body["id"].as_str().expect("an id"))
    }
}

/// Head and body of an answer.
fn split(answer: &[u8]) -> (String, &[u8]) {
    let at = answer.windows(4).position(|bytes| bytes == b"\r\n\r\n").expect("a head") + 4;
    (String::from_utf8_lossy(&answer[..at]).to_lowercase(), &answer[at..])
}

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";

fn sale(amount: i64) -> Value {
    json!({"intent": "sale", "basket_info": {"sum": amount, "currency": "EUR"}, "merchantRef": "r1"})
}

#[test]
fn a_new_token_kills_the_former_and_each_one_dies_in_time() {
    let wire = Wire::new(Options { token_lifetime: Duration::from_millis(1500), ..Options::default() });
    let (first, second) = (wire.token(), wire.token());
    let (status, body) = wire.post(TRANSACTIONS, &first, &sale(1));
    assert_eq!((status, &body["code"], &body["status"]), (403, &json!(2003), &json!("error")));
    wire.create(&second, 1);
    std::thread::sleep(Duration::from_millis(1600));
    assert_eq!(wire.post(TRANSACTIONS, &second, &sale(1)).0, 403);
    assert_eq!(wire.post(TRANSACTIONS, "", &sale(1)).0, 401);
}

#[test]
fn each_grant_answers_as_documented() {
    let wire = Wire::new(Options::default());
    let (_, client) = wire.grant(json!({"grant_type": "client_credentials"}));
    assert!(client["refresh_token"].is_null() && client["scope"].is_string(), "{client}");
    let (_, device) = wire.grant(json!({"grant_type": "device", "code": wire.simulator.device_code()}));
    assert!(device["refresh_token"].is_string() && device["scope"].is_null(), "{device}");
    let (status, renewed) =
        wire.grant(json!({"grant_type": "refresh_token", "refresh_token": device["refresh_token"]}));
    assert_eq!((status, renewed.get("refresh_token")), (200, None));
    assert_ne!(renewed["access_token"], device["access_token"]);
    for (more, error) in [
        (json!({"grant_type": "client_credentials", "client_secret": "wrong"}), "invalid_client"),
        (json!({"grant_type": "device", "code": "wrong"}), "invalid_grant"),
        (json!({"grant_type": "refresh_token", "refresh_token": "wrong"}), "invalid_grant"),
        (json!({"grant_type": "magic"}), "unsupported_grant_type"),
    ] {
        let (status, body) = wire.grant(more);
        assert_eq!((status, &body["error"]), (400, &json!(error)));
    }
}

#[test]
fn create_wants_a_sum_that_the_items_make() {
    let wire = Wire::new(Options::default());
    let token = wire.token();
    let item =
        |kind: &str, quantity: i64, price: i64| json!({"item_type": kind, "quantity": quantity, "priceOne": price});
    for (sum, items, expected) in [
        (100, json!([item("article", 2, 50)]), 200),
        (90, json!([item("article", 2, 50), item("coupon", 1, 10)]), 200),
        (99, json!([item("article", 2, 50)]), 400),
        (0, json!([]), 400),
        (-1, json!([]), 400),
    ] {
        let mut body = sale(sum);
        body["basket"] = json!({"products": items});
        assert_eq!(wire.post(TRANSACTIONS, &token, &body).0, expected, "{body}");
    }
    assert_eq!(wire.post(TRANSACTIONS, &token, &json!({})).0, 400);
    assert_eq!(wire.get(&format!("{TRANSACTIONS}/STX_NONE"), &token).0, 404);
}

#[test]
fn each_scenario_prints_its_receipts_and_moves_its_money() {
    for (scenario, amount, customer_lines, merchant_lines) in [
        (Scenario::Elv, 1, 21, 23),
        (Scenario::Girocard, 102, 21, 21),
        (Scenario::Contactless, 103, 25, 25),
        (Scenario::CreditCard, 104, 20, 23),
        (Scenario::Declined, 105, 19, 0),
        (Scenario::Aborted, 106, 0, 0),
        (Scenario::TimedOut, 107, 0, 0),
        (Scenario::SepaElv, 108, 23, 26),
    ] {
        assert_eq!(Scenario::of_amount(amount), scenario);
        let wire = Wire::new(Options::default());
        let token = wire.token();
        let transaction = wire.create(&token, amount);
        let (status, body) = wire.post(&format!("{transaction}/start/cashless"), &token, &json!(null));
        assert_eq!(status, 200);
        assert_eq!(body["status"], if scenario.is_paid() { "ok" } else { "failed" }, "{scenario:?}");
        let lines = |key: &str| body[key].as_array().expect("lines").len();
        assert_eq!((lines("receipt"), lines("receipt_merchant")), (customer_lines, merchant_lines), "{scenario:?}");
        assert_eq!(wire.simulator.ledger().len(), usize::from(scenario.is_paid()), "{scenario:?}");
        assert_eq!(wire.get(&transaction, &token).1, body);
        let (status, _) = wire.post(&format!("{transaction}/start/cashless"), &token, &json!(null));
        assert_eq!(status, 400, "a second start is refused");
        assert_eq!(wire.simulator.ledger().len(), usize::from(scenario.is_paid()));
    }
}

#[test]
fn the_terminal_does_not_care_whether_anybody_waits_for_the_answer() {
    let wire = Wire::new(Options::default());
    let token = wire.token();
    wire.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(300)));
    let transaction = wire.create(&token, 1);
    let start = format!("{transaction}/start/cashless");
    let impatient = wire.raw("POST", &start, &token, "", Duration::from_millis(100));
    assert_eq!(impatient.expect_err("it did not wait").kind(), ErrorKind::WouldBlock);
    assert_eq!(wire.get(&transaction, &token).1["status"], "created");
    assert!(wire.simulator.ledger().is_empty());
    std::thread::sleep(Duration::from_millis(500));
    assert_eq!(wire.get(&transaction, &token).1["status"], "ok");
    assert_eq!(wire.simulator.ledger().len(), 1);
}

#[test]
fn abort_ends_only_what_was_not_started() {
    let wire = Wire::new(Options::default());
    let token = wire.token();
    let transaction = wire.create(&token, 1);
    assert_eq!(wire.post(&format!("{transaction}/abort"), &token, &json!(null)).1["status"], "aborted");
    assert_eq!(wire.post(&format!("{transaction}/start/cashless"), &token, &json!(null)).0, 400);
    let paid = wire.create(&token, 1);
    wire.post(&format!("{paid}/start/cashless"), &token, &json!(null));
    assert_eq!(wire.post(&format!("{paid}/abort"), &token, &json!(null)).0, 400);
    assert_eq!(wire.simulator.ledger().len(), 1);
}

/// What is left of an answer to a read, byte for byte, when this goes wrong with it.
fn read_raw(what: What) -> std::io::Result<Vec<u8>> {
    let wire = Wire::new(Options::default());
    let token = wire.token();
    let transaction = wire.create(&token, 1);
    wire.simulator.fault(Endpoint::Read, Fault::new(When::After, what));
    wire.raw("GET", &transaction, &token, "", Duration::from_millis(700))
}

#[test]
fn faults_are_seen_at_the_socket() {
    let kind = |what| read_raw(what).expect_err("no whole answer").kind();
    assert_eq!(kind(What::Reset), ErrorKind::ConnectionReset);
    assert_eq!(kind(What::ResetInAnswer), ErrorKind::ConnectionReset);
    assert_eq!(kind(What::Silence), ErrorKind::WouldBlock);
    assert_eq!(kind(What::Drip(2000)), ErrorKind::WouldBlock);
    assert_eq!(read_raw(What::Close).expect("a clean end"), b"");
    let body = |what| {
        let answer = read_raw(what).expect("an answer");
        let (head, body) = split(&answer);
        (head, body.to_vec())
    };
    let (head, half) = body(What::Truncate);
    let length: usize =
        head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse().ok()).expect("a length");
    assert!(half.len() < length && !half.is_empty(), "{} of {length}", half.len());
    assert_eq!(body(What::Huge(50_000)).1.len(), 50_000);
    assert_eq!(body(What::Deep(10_000)).1.len(), 20_000);
    let (head, _) = body(What::Answer { status: 502, body: "<html>".into() });
    assert!(head.starts_with("http/1.1 502"), "{head}");
    let replaced = body(What::Replace { pointer: "/id".into(), value: json!("STX_ANOTHER") }).1;
    assert!(String::from_utf8_lossy(&replaced).contains("STX_ANOTHER"));
}

#[test]
fn tests_in_other_languages_have_the_same_in_their_hands() {
    let wire = Wire::new(Options::default());
    let token = wire.token();
    assert_eq!(wire.post("/_control/next", "", &json!({"scenario": "declined", "think_ms": 5})).0, 200);
    let reset =
        json!({"endpoint": "read", "when": "after", "what": {"api_error": {"status": 409, "code": 7, "text": "x"}}});
    assert_eq!(wire.post("/_control/fault", "", &reset).0, 200);
    assert_eq!(wire.post("/_control/settings", "", &json!({"status_while_running": "busy"})).0, 200);
    assert_eq!(wire.post("/_control/settings", "", &json!({"no_such_setting": 1})).0, 422);
    let transaction = wire.create(&token, 1);
    assert_eq!(wire.get(&transaction, &token).0, 409);
    assert_eq!(wire.post(&format!("{transaction}/start/cashless"), &token, &json!(null)).1["status"], "failed");
    assert_eq!(wire.get("/_control/ledger", "").1, json!([]));
    let requests = wire.get("/_control/requests", "").1;
    let paths: Vec<_> = requests.as_array().expect("a list").iter().map(|request| request["path"].clone()).collect();
    assert_eq!(paths.len(), 4, "{requests}");
    assert_eq!(wire.get("/_control/transactions", "").1[0]["status"], "failed");
    wire.post("/_control/kill-tokens", "", &json!(null));
    assert_eq!(wire.get(&transaction, &token).0, 403);
}
