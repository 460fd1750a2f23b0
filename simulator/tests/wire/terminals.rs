//! A terminal that is busy, and a till that is routed to another one.

use std::thread::sleep;
use std::time::Duration;

use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::TerminalBusy;
use serde_json::json;

use crate::client::{Client, path};
use crate::simulator;

const THINK: Duration = Duration::from_millis(300);

#[test]
fn who_comes_to_a_busy_terminal_is_served_as_well_refused_or_queued() {
    for (busy, status, at_first, in_the_end) in
        [(TerminalBusy::Together, 200, 2, 2), (TerminalBusy::Refused, 400, 1, 1), (TerminalBusy::Queued, 200, 1, 2)]
    {
        let simulator = simulator();
        let client = Client::of(&simulator);
        simulator.set(|settings| settings.terminal_busy = busy);
        simulator.script(Script::of(Scenario::Girocard).thinking(THINK));
        simulator.script(Script::of(Scenario::Girocard).thinking(THINK / 2));
        let [first, second] = [client.create(2), client.create(2)];
        client.start_and_vanish(&first);
        std::thread::scope(|scope| {
            let start = scope.spawn(|| client.start(&second).status());
            sleep(THINK);
            assert_eq!(simulator.ledger().len(), at_first, "{busy:?}");
            assert_eq!(start.join().expect("an answer"), status, "{busy:?}");
        });
        assert_eq!(simulator.ledger().len(), in_the_end, "{busy:?}");
        if busy == TerminalBusy::Refused {
            assert_eq!(client.status_of(&second), "created");
            assert_eq!(client.start(&second).status(), 200, "it was not started before");
        }
    }
}

#[test]
fn a_payment_that_is_queued_is_taken_when_its_till_has_gone() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.terminal_busy = TerminalBusy::Queued);
    for _ in 0..2 {
        simulator.script(Script::of(Scenario::Girocard).thinking(THINK));
        client.start_and_vanish(&client.create(2));
    }
    sleep(THINK);
    assert_eq!(simulator.ledger().len(), 1);
    sleep(THINK);
    assert_eq!(simulator.ledger().len(), 2);
}

#[test]
fn reversals_and_reports_want_the_terminal_too() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.terminal_busy = TerminalBusy::Refused);
    let number = client.start(&client.create(2)).json()["receipt_number"].clone();
    simulator.script(Script::of(Scenario::Girocard).thinking(THINK));
    client.start_and_vanish(&client.create(2));
    for end in [format!("{number}/cancelTrx"), "me/EndOfDay".into(), "me/diagnosis".into()] {
        let came = client.post(&path(&end), &json!({}));
        assert_eq!((came.status(), came.json()["code"].as_i64()), (400, Some(9008)), "{end}");
    }
    sleep(THINK);
    assert_eq!(client.post(&path(&format!("{number}/cancelTrx")), &json!({})).status(), 200);
}

#[test]
fn each_terminal_is_named_counts_for_itself_and_takes_back_what_it_took() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let pay = |sum| {
        let id = client.create(sum);
        let body = client.start(&id).json();
        assert_eq!(client.read(&id).json()["device_destination"], body["device_destination"]);
        (body["id"].clone(), body["receipt_number"].clone(), body["device_destination"]["id"].clone())
    };
    let first = pay(2);
    assert_eq!((&first.1, &first.2), (&json!(3), &json!("SDV_SIMULATED_TERMINAL")));
    pay(2);
    simulator.set(|settings| settings.device_destination = "SDV_ANOTHER".into());
    let third = pay(2);
    assert_eq!((&third.1, &third.2), (&json!(3), &json!("SDV_ANOTHER")));
    let cancel = |number: i64| client.post(&path(&format!("{number}/cancelTrx")), &json!({}));
    assert_eq!(cancel(4).status(), 404, "the other terminal's");
    assert_eq!(cancel(3).json()["id"], third.0);
    let changes = json!({"device_destination": "SDV_SIMULATED_TERMINAL"});
    assert_eq!(client.post("/_control/settings", &changes).status(), 200);
    assert_eq!(cancel(3).json()["id"], first.0);
    assert_eq!(client.post("/_control/restart-receipt-numbers", &json!({})).status(), 200);
    assert_eq!(pay(2).1, 3);
}
