//! What is refused, although the terminal does it.

use std::thread::sleep;
use std::time::{Duration, Instant};

use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::refused::Refused;
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::Reversal;
use serde_json::json;

use crate::client::{Came, Client, End, path};
use crate::simulator;

const SOON: Duration = Duration::from_millis(100);

fn code(came: &Came) -> Option<i64> {
    came.json()["code"].as_i64()
}

#[test]
fn a_start_may_be_refused_although_the_customer_pays() {
    for (status, code_of_it) in [(400, 9009), (500, 9009), (503, 4711), (401, 2003), (403, 2003)] {
        for after in [Duration::ZERO, SOON] {
            let simulator = simulator();
            let client = Client::of(&simulator);
            let refused = Refused { status, code: code_of_it, ..Refused::after(after) };
            simulator
                .script(Script { refused: Some(refused), ..Script::of(Scenario::Girocard).thinking(after + SOON) });
            let id = client.create(2);
            let begun = Instant::now();
            let came = client.start(&id);
            assert!(begun.elapsed() >= after);
            assert_eq!((came.status(), code(&came)), (status, Some(code_of_it)));
            assert_eq!((came.json()["status"].as_str(), simulator.ledger().len()), (Some("error"), 0));
            sleep(SOON * 2);
            assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 1));
        }
    }
}

#[test]
fn a_start_may_be_refused_at_once_while_reads_lag() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| {
        settings.result_lag_ms = 300;
        settings.status_while_running = "dispatched".into();
    });
    let refused = Some(Refused { status: 400, ..Refused::default() });
    simulator.script(Script { refused, ..Script::of(Scenario::Girocard).thinking(SOON * 4) });
    let id = client.create(2);
    assert_eq!(client.start(&id).status(), 400);
    assert_eq!(client.status_of(&id), "created");
    sleep(SOON * 3);
    assert_eq!(client.status_of(&id), "dispatched");
    sleep(SOON * 5);
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 1));
}

#[test]
fn refusals_are_scripted_as_json() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let script = json!({"scenario": "girocard", "think_ms": 0, "refused": {"after_ms": 50, "status": 503}});
    assert_eq!(client.post("/_control/next", &script).status(), 200);
    let came = client.start(&client.create(2));
    assert_eq!((came.status(), code(&came), simulator.ledger().len()), (503, Some(9009), 1));
    for (reversal, status, of) in [
        (json!({"refused": {"status": 404, "code": 1}}), 404, 1),
        (json!({"refused_yet_done": {}}), 500, 9009),
        (json!("done_before"), 400, 9006),
    ] {
        let changes = json!({"reversal": reversal, "think_ms": 0});
        assert_eq!(client.post("/_control/settings", &changes).status(), 200);
        let number = client.start(&client.create(2)).json()["receipt_number"].clone();
        let came = client.post(&path(&format!("{number}/cancelTrx")), &json!({}));
        assert_eq!((came.status(), code(&came)), (status, Some(of)), "{reversal}");
    }
}

#[test]
fn a_reversal_does_and_answers_what_is_set() {
    let later = Refused::after(SOON);
    for (behaviour, status, of, at_once, in_the_end) in [
        (Reversal::Done, 200, None, "cancelled", "cancelled"),
        (Reversal::DoneBefore, 400, Some(9006), "cancelled", "cancelled"),
        (Reversal::Refused(Refused::default()), 500, Some(9009), "ok", "ok"),
        (Reversal::RefusedYetDone(Refused::default()), 500, Some(9009), "ok", "cancelled"),
        (Reversal::RefusedYetDone(later), 500, Some(9009), "ok", "cancelled"),
    ] {
        let simulator = simulator();
        let client = Client::of(&simulator);
        let id = client.create(2);
        let number = client.start(&id).json()["receipt_number"].clone();
        simulator.set(|settings| (settings.reversal, settings.think_ms) = (behaviour, 300));
        let came = client.post(&path(&format!("{number}/cancelTrx")), &json!({}));
        assert_eq!((came.status(), code(&came)), (status, of), "{behaviour:?}");
        assert_eq!(client.status_of(&id), at_once, "{behaviour:?}");
        sleep(SOON * 4);
        assert_eq!(client.status_of(&id), in_the_end, "{behaviour:?}");
        assert_eq!(simulator.ledger().len(), if in_the_end == "ok" { 1 } else { 2 }, "{behaviour:?}");
    }
}

#[test]
fn a_reversal_may_be_done_and_its_answer_lost_while_reads_go_on_saying_ok() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.reversal_lag_ms = None);
    let id = client.create(2);
    let number = client.start(&id).json()["receipt_number"].clone();
    simulator.fault(Endpoint::Cancel, Fault::new(When::After, What::Reset));
    assert_eq!(client.post(&path(&format!("{number}/cancelTrx")), &json!({})).end, End::Reset);
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 2));
    assert_eq!(simulator.transactions()[0]["status"], "cancelled", "what is really so");
}
