//! The model under a time that nobody waits for: things happen when they are due, and the same seed gives the same.

use std::time::Duration;

use secupos_simulator::fault::Endpoint;
use secupos_simulator::model::Model;
use secupos_simulator::model::answer::Answer;
use secupos_simulator::model::logins::{CLIENT_ID, CLIENT_SECRET, DEVICE_CODE};
use secupos_simulator::model::request::{Reply, Request};
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{AbortWhileRunning, Settings, TerminalBusy};
use serde_json::{Value, json};

/// 1 January 2026.
const BEGIN: Duration = Duration::from_secs(1_767_225_600);
const MINUTE: Duration = Duration::from_secs(60);

/// A model with somebody who asks it things.
struct Bench {
    model: Model,
    now: Duration,
    token: String,
}

impl Bench {
    fn new(settings: Settings) -> Bench {
        let mut bench = Bench { model: Model::new(settings, 7, BEGIN), now: Duration::ZERO, token: String::new() };
        let body = json!({"client_id": CLIENT_ID, "client_secret": CLIENT_SECRET, "grant_type": "device",
            "code": DEVICE_CODE});
        let granted = bench.answer(Endpoint::Token, "", Some(body));
        bench.token = granted.body["access_token"].as_str().expect("a token").to_owned();
        bench
    }

    fn ask(&mut self, endpoint: Endpoint, named: &str, body: Option<Value>) -> Reply {
        let node = self.model.next_node();
        let bearer = Some(self.token.as_str());
        let request = Request { endpoint, named, query: "", bearer, is_let_in: false, action: None, body, node };
        self.model.ask(self.now, &request)
    }

    fn answer(&mut self, endpoint: Endpoint, named: &str, body: Option<Value>) -> Answer {
        match self.ask(endpoint, named, body) {
            Reply::Now(answer) => answer,
            Reply::Later(_) => panic!("{endpoint:?} is answered later"),
        }
    }

    /// Creates and starts a payment of somebody who takes a minute. Returns its id.
    fn started(&mut self, sum: i64) -> String {
        self.model.script(Script::of(Scenario::Girocard).thinking(MINUTE));
        let body = json!({"basket_info": {"sum": sum, "currency": "EUR"}, "merchantRef": "r1"});
        let created = self.answer(Endpoint::Create, "", Some(body));
        let id = created.body["id"].as_str().expect("an id").to_owned();
        assert!(matches!(self.ask(Endpoint::Start, &id, None), Reply::Later(_)));
        id
    }

    /// The statuses of the answers that come when it is so late.
    fn answered_at(&mut self, now: Duration) -> Vec<Value> {
        self.now = now;
        self.model.advance(now);
        self.model.take_answers().into_iter().map(|(_, answer)| answer.body["status"].clone()).collect()
    }
}

#[test]
fn a_start_is_answered_when_the_customer_is_done_and_not_before() {
    let mut bench = Bench::new(Settings::default());
    let id = bench.started(1250);
    assert_eq!(bench.model.next_due(), Some(MINUTE));
    assert_eq!(bench.answered_at(MINUTE - Duration::from_nanos(1)), Vec::<Value>::new());
    assert!(bench.model.is_running(&id) && bench.model.ledger().is_empty());
    assert_eq!(bench.answered_at(MINUTE), [json!("ok")]);
    assert_eq!((bench.model.ledger()[0].amount, bench.model.next_due()), (1250, None));
}

#[test]
fn what_was_due_long_ago_happened_when_it_was_due() {
    let mut bench = Bench::new(Settings { terminal_busy: TerminalBusy::Queued, ..Settings::default() });
    bench.started(100);
    bench.started(200);
    assert_eq!(bench.answered_at(10 * MINUTE), [json!("ok"), json!("ok")]);
    let paid: Vec<u64> = bench.model.ledger().iter().map(|entry| entry.time).collect();
    assert_eq!(paid, [1, 2].map(|minutes| ((BEGIN + minutes * MINUTE).as_millis()) as u64), "one after the other");
}

#[test]
fn an_abort_that_stops_the_terminal_answers_the_start_at_once() {
    let mut bench = Bench::new(Settings { abort_while_running: AbortWhileRunning::Stops, ..Settings::default() });
    let id = bench.started(100);
    bench.now = MINUTE / 2;
    assert_eq!(bench.answer(Endpoint::Abort, &id, None).body["status"], "aborted");
    assert_eq!(bench.answered_at(MINUTE / 2), [json!("aborted")]);
    assert_eq!((bench.answered_at(10 * MINUTE), bench.model.ledger().len()), (Vec::new(), 0));
}

#[test]
fn the_same_seed_gives_the_same() {
    let story = || {
        let mut bench = Bench::new(Settings::default());
        let id = bench.started(100);
        bench.answered_at(MINUTE);
        (bench.token.clone(), bench.answer(Endpoint::Read, &id, None), bench.answer(Endpoint::Read, "STX_NONE", None))
    };
    assert_eq!(story(), story());
}
