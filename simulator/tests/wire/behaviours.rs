//! What the server does where nobody has documented it, as it is set.

use std::thread::sleep;
use std::time::{Duration, Instant};

use secupos_simulator::Simulator;
use secupos_simulator::scenario::{Scenario, Script};
use secupos_simulator::settings::{AbortWhileRunning, SecondStart, TokenKilled};

use crate::client::{Came, Client};
use crate::simulator;

const THINK: Duration = Duration::from_millis(300);

/// Starts a payment, does something while the customer thinks, and returns what start answered.
fn meanwhile(simulator: &Simulator, client: &Client, act: impl FnOnce(&str)) -> (String, Came) {
    simulator.script(Script::of(Scenario::Elv).thinking(THINK));
    let id = client.create(1);
    let came = std::thread::scope(|scope| {
        let start = scope.spawn(|| client.start(&id));
        sleep(THINK / 3);
        act(&id);
        start.join().expect("an answer")
    });
    (id, came)
}

#[test]
fn a_read_says_what_is_set_while_the_terminal_is_busy() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.status_while_running = "dispatched".into());
    meanwhile(&simulator, &client, |id| assert_eq!(client.status_of(id), "dispatched"));
    simulator.set(|settings| settings.hidden_while_running = true);
    let (id, _) = meanwhile(&simulator, &client, |id| assert_eq!(client.read(id).status(), 404));
    assert_eq!(client.status_of(&id), "ok");
}

#[test]
fn a_read_may_lag_behind_the_result() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.result_lag_ms = 300);
    let id = client.create(1);
    assert_eq!(client.start(&id).json()["status"], "ok");
    assert_eq!(client.status_of(&id), "created");
    assert_eq!(simulator.transactions()[0]["status"], "ok", "what is really so");
    sleep(Duration::from_millis(350));
    assert_eq!(client.status_of(&id), "ok");
}

#[test]
fn receipts_may_come_late() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.receipts_lag_ms = 300);
    let id = client.create(1);
    let body = client.start(&id).json();
    assert_eq!((body["status"].as_str(), body["receipt"].as_array().map(Vec::len)), (Some("ok"), Some(0)));
    sleep(Duration::from_millis(350));
    assert_eq!(client.read(&id).json()["receipt_merchant"].as_array().map(Vec::len), Some(23));
}

#[test]
fn a_second_start_does_what_is_set() {
    for (behaviour, status, charges) in
        [(SecondStart::Refused, 400, 1), (SecondStart::Charges, 200, 2), (SecondStart::Same, 200, 1)]
    {
        let simulator = simulator();
        let client = Client::of(&simulator);
        simulator.set(|settings| settings.second_start = behaviour);
        let (id, first) = meanwhile(&simulator, &client, |id| {
            assert_eq!(client.start(id).status(), status, "{behaviour:?}, while it runs");
        });
        assert_eq!(first.json()["status"], "ok");
        assert_eq!(simulator.ledger().len(), charges, "{behaviour:?}");
        assert_eq!(client.start(&id).status(), status, "{behaviour:?}, afterwards");
        assert_eq!(simulator.ledger().len(), if charges == 2 { 3 } else { 1 }, "{behaviour:?}");
    }
}

#[test]
fn an_abort_of_what_is_running_does_what_is_set() {
    for (behaviour, status, says, becomes) in [
        (AbortWhileRunning::Refused, 400, "error", "ok"),
        (AbortWhileRunning::WithoutEffect, 200, "created", "ok"),
        (AbortWhileRunning::Stops, 200, "aborted", "aborted"),
        (AbortWhileRunning::PaysAnyway, 200, "aborted", "ok"),
    ] {
        let simulator = simulator();
        let client = Client::of(&simulator);
        simulator.set(|settings| settings.abort_while_running = behaviour);
        let (id, started) = meanwhile(&simulator, &client, |id| {
            let came = client.abort(id);
            assert_eq!((came.status(), came.json()["status"].as_str()), (status, Some(says)), "{behaviour:?}");
            if status == 200 {
                assert_eq!(client.status_of(id), says, "{behaviour:?}");
            }
        });
        assert_eq!(started.json()["status"], becomes, "{behaviour:?}");
        sleep(THINK);
        assert_eq!(client.status_of(&id), becomes, "{behaviour:?}");
        assert_eq!(simulator.ledger().len(), usize::from(becomes == "ok"), "{behaviour:?}");
    }
}

#[test]
fn a_token_that_dies_during_start_may_or_may_not_cost_the_answer() {
    for (behaviour, status) in [(TokenKilled::Lives, 200), (TokenKilled::RefusedAfterwards, 403)] {
        let simulator = simulator();
        let client = Client::of(&simulator);
        simulator.set(|settings| settings.token_killed_while_running = behaviour);
        let (_, came) = meanwhile(&simulator, &client, |_| simulator.kill_tokens());
        assert_eq!(came.status(), status, "{behaviour:?}");
        assert_eq!(simulator.ledger().len(), 1, "{behaviour:?}");
    }
}

#[test]
fn a_start_whose_token_dies_may_be_cut_off_and_called_failed_until_the_customer_has_paid() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.token_killed_while_running = TokenKilled::CutOff);
    let begun = Instant::now();
    let (id, came) = meanwhile(&simulator, &client, |id| {
        let another = Client::of(&simulator);
        assert_eq!((client.read(id).status(), another.status_of(id).as_str()), (403, "failed"));
        assert_eq!(simulator.ledger(), []);
    });
    assert_eq!((came.status(), came.json()["code"].as_i64()), (403, Some(2003)));
    sleep(THINK.saturating_sub(begun.elapsed()) + Duration::from_millis(100));
    assert_eq!((Client::of(&simulator).status_of(&id).as_str(), simulator.ledger().len()), ("ok", 1));
}

#[test]
fn what_an_abort_has_ended_is_called_as_is_set() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.aborted_word = "canceled".into());
    let id = client.create(1);
    assert_eq!(client.abort(&id).json()["status"], "canceled");
    assert_eq!(client.status_of(&id), "canceled");
}

#[test]
fn a_failed_payment_may_be_paid_after_all() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script { paid_after_ms: Some(200), ..Script::of(Scenario::TimedOut) });
    let id = client.create(1);
    assert_eq!(client.start(&id).json()["status"], "failed");
    assert_eq!(client.status_of(&id), "failed");
    assert_eq!(simulator.ledger(), []);
    sleep(Duration::from_millis(300));
    assert_eq!(client.status_of(&id), "ok");
    assert_eq!(simulator.ledger().len(), 1);
}
