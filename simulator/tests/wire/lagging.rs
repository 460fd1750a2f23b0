//! What reads say lags behind what is so, after every change; and what an abort does that follows it.

use std::thread::sleep;
use std::time::Duration;

use secupos_simulator::Simulator;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{AbortBeforeStart, AbortWhileRunning};
use serde_json::json;

use crate::client::{Client, path};
use crate::simulator;

const LAG: Duration = Duration::from_millis(300);

fn lagging() -> (Simulator, Client) {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| {
        settings.result_lag_ms = 300;
        settings.status_while_running = "dispatched".into();
    });
    (simulator, client)
}

/// The status that a read says at once, and after the lag.
fn before_and_after(client: &Client, id: &str) -> [String; 2] {
    let before = client.status_of(id);
    sleep(LAG);
    [before, client.status_of(id)]
}

#[test]
fn every_change_is_told_late() {
    let (simulator, client) = lagging();
    for (scenario, word) in [(Scenario::Girocard, "ok"), (Scenario::Declined, "failed")] {
        simulator.script(Script::of(scenario).thinking(LAG * 2));
        let id = client.create(2);
        client.start_and_vanish(&id);
        assert_eq!(before_and_after(&client, &id), ["created", "dispatched"]);
        sleep(LAG);
        assert_eq!(before_and_after(&client, &id), ["dispatched", word]);
    }
    let aborted = client.create(2);
    assert_eq!(client.abort(&aborted).json()["status"], "aborted");
    assert_eq!(before_and_after(&client, &aborted), ["created", "aborted"]);
    let reversed = client.create(2);
    let number = client.start(&reversed).json()["receipt_number"].clone();
    sleep(LAG);
    assert_eq!(client.post(&path(&format!("{number}/cancelTrx")), &json!({})).json()["status"], "cancelled");
    assert_eq!(before_and_after(&client, &reversed), ["ok", "cancelled"]);
}

#[test]
fn a_word_that_means_failure_may_be_said_while_start_is_open() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.status_while_running = "failed".into());
    simulator.script(Script::of(Scenario::Girocard).thinking(LAG));
    let id = client.create(2);
    std::thread::scope(|scope| {
        let start = scope.spawn(|| client.start(&id).json());
        sleep(LAG / 2);
        assert_eq!(client.status_of(&id), "failed");
        assert_eq!(start.join().expect("an answer")["status"], "ok");
    });
    assert_eq!(client.status_of(&id), "ok");
}

#[test]
fn an_abort_that_follows_the_lagging_status_is_accepted_while_the_terminal_has_the_payment() {
    let (simulator, client) = lagging();
    simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::FollowsStatus);
    simulator.script(Script::of(Scenario::Girocard).thinking(LAG * 2));
    let id = client.create(2);
    client.start_and_vanish(&id);
    let came = client.abort(&id);
    assert_eq!((came.status(), came.json()["status"].as_str()), (200, Some("aborted")));
    assert_eq!(client.abort(&id).status(), 400, "reads say that it has been aborted");
    assert_eq!(before_and_after(&client, &id), ["aborted", "dispatched"]);
    assert_eq!(client.abort(&id).status(), 400, "by now it is known to be running");
    sleep(LAG * 2);
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 1));
}

#[test]
fn an_abort_that_follows_the_status_aborts_what_has_not_been_started() {
    let (simulator, client) = lagging();
    simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::FollowsStatus);
    let id = client.create(2);
    assert_eq!(client.abort(&id).status(), 200);
    assert_eq!(client.status_of(&id), "aborted", "the abort came to where reads come");
    assert_eq!((client.start(&id).status(), simulator.ledger().len()), (400, 0));
}

#[test]
fn an_abort_that_follows_the_status_is_accepted_even_when_the_customer_has_paid() {
    let (simulator, client) = lagging();
    simulator.set(|settings| settings.abort_while_running = AbortWhileRunning::FollowsStatus);
    let id = client.create(2);
    assert_eq!(client.start(&id).json()["status"], "ok");
    assert_eq!(client.abort(&id).status(), 200);
    assert_eq!(before_and_after(&client, &id), ["aborted", "ok"]);
}

#[test]
fn an_abort_before_the_start_does_what_is_set() {
    for (behaviour, status, says, charges) in [
        (AbortBeforeStart::Accepted, 200, "aborted", 0),
        (AbortBeforeStart::Refused, 400, "created", 1),
        (AbortBeforeStart::WithoutEffect, 200, "created", 1),
    ] {
        let simulator = simulator();
        let client = Client::of(&simulator);
        simulator.set(|settings| settings.abort_before_start = behaviour);
        let id = client.create(2);
        assert_eq!(client.abort(&id).status(), status, "{behaviour:?}");
        assert_eq!(client.status_of(&id), says, "{behaviour:?}");
        client.start(&id);
        assert_eq!(simulator.ledger().len(), charges, "{behaviour:?}");
    }
}

#[test]
fn a_customer_who_defies_an_abort_pays_when_that_is_set() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| {
        settings.abort_while_running = AbortWhileRunning::PaysAnyway;
        settings.pays_after_abort_ms = Some(300);
        settings.result_lag_ms = 200;
    });
    simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_secs(60)));
    let id = client.create(2);
    client.start_and_vanish(&id);
    assert_eq!(client.abort(&id).json()["status"], "aborted");
    sleep(Duration::from_millis(100));
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("aborted", 0));
    sleep(Duration::from_millis(250));
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("aborted", 1));
    sleep(Duration::from_millis(200));
    assert_eq!(client.status_of(&id), "ok");
}

#[test]
fn start_and_reads_may_learn_of_a_late_payment_in_either_order() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let late = Script { paid_after_ms: Some(300), start_answers_last: true, ..Script::of(Scenario::TimedOut) };
    simulator.script(late.clone());
    let id = client.create(2);
    std::thread::scope(|scope| {
        let start = scope.spawn(|| client.start(&id).json());
        sleep(Duration::from_millis(150));
        assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("failed", 0));
        assert_eq!(start.join().expect("an answer")["status"], "ok");
    });
    // The line breaks, reads say failed without a change for a while, then ok.
    simulator.script(late);
    let id = client.create(2);
    client.start_and_vanish(&id);
    assert_eq!(client.status_of(&id), "failed");
    sleep(Duration::from_millis(150));
    assert_eq!(client.status_of(&id), "failed");
    sleep(Duration::from_millis(200));
    assert_eq!((client.status_of(&id).as_str(), simulator.ledger().len()), ("ok", 2));
}

#[test]
fn start_may_say_failed_when_reads_say_ok_already() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script { paid_after_ms: Some(100), ..Script::of(Scenario::TimedOut) });
    simulator.fault(Endpoint::Start, Fault::new(When::After, What::Delay(400)));
    let id = client.create(2);
    std::thread::scope(|scope| {
        let start = scope.spawn(|| client.start(&id).json());
        sleep(Duration::from_millis(250));
        assert_eq!(client.status_of(&id), "ok");
        assert_eq!(start.join().expect("an answer")["status"], "failed");
    });
}

#[test]
fn a_reversal_may_never_be_told() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for (lag, then) in [(Some(300), "cancelled"), (None, "ok")] {
        simulator.set(|settings| settings.reversal_lag_ms = lag);
        let id = client.create(2);
        let number = client.start(&id).json()["receipt_number"].clone();
        assert_eq!(client.post(&path(&format!("{number}/cancelTrx")), &json!({})).json()["status"], "cancelled");
        assert_eq!(before_and_after(&client, &id), ["ok", then]);
    }
}
