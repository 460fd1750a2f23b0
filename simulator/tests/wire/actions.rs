//! `X-Action`: what is done once, where it is honoured.

use std::thread::sleep;
use std::time::Duration;

use secupos_simulator::Simulator;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::json;

use crate::client::{Came, Client, End, create_request, path};
use crate::simulator;

const ALL: &str = "/api/v2/Smart/Transactions";

fn honouring() -> (Simulator, Client) {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.honours_x_action = true);
    (simulator, client)
}

fn create(client: &Client) -> Came {
    client.post(ALL, &create_request(2))
}

#[test]
fn an_id_is_seen_and_ignored_unless_that_is_set() {
    let simulator = simulator();
    let client = Client::of(&simulator).with("X-Action", "a1").with("Accept-Encoding", "identity");
    assert_ne!(create(&client).json()["id"], create(&client).json()["id"]);
    let seen = &simulator.requests()[1];
    assert_eq!((seen.action.as_deref(), seen.accept_encoding.as_deref()), (Some("a1"), Some("identity")));
    let requests = client.get("/_control/requests").json();
    assert_eq!((&requests[2]["action"], &requests[2]["accept_encoding"]), (&json!("a1"), &json!("identity")));
    assert_eq!(requests[0]["action"], json!(null));
}

#[test]
fn a_create_whose_answer_was_lost_is_answered_again_and_done_once() {
    for (honours, created) in [(true, 1), (false, 2)] {
        let (simulator, client) = honouring();
        simulator.set(|settings| settings.honours_x_action = honours);
        let under = client.with("X-Action", "a1");
        simulator.fault(Endpoint::Create, Fault::new(When::After, What::Reset));
        assert_eq!(create(&under).end, End::Reset);
        assert_eq!(simulator.transactions().len(), 1, "it was executed");
        let id = create(&under).json()["id"].clone();
        assert_eq!((simulator.transactions().len(), id == simulator.transactions()[0]["id"]), (created, honours));
        assert_ne!(create(&client.with("X-Action", "a2")).json()["id"], id);
    }
}

#[test]
fn a_call_that_is_still_being_worked_on_is_joined() {
    let (simulator, client) = honouring();
    simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(300)));
    let id = client.create(1);
    let under = client.with("X-Action", "s1");
    under.start_and_vanish(&id);
    let answers = std::thread::scope(|scope| {
        let waiting = [(); 2].map(|()| scope.spawn(|| under.start(&id)));
        waiting.map(|waiting| waiting.join().expect("an answer"))
    });
    for came in answers.iter().chain([&under.start(&id)]) {
        assert_eq!((came.status(), came.json()["status"].as_str()), (200, Some("ok")));
        assert_eq!(came.body(), answers[0].body());
    }
    assert_eq!((client.start(&id).status(), simulator.ledger().len()), (400, 1), "without an id it is a second start");
}

#[test]
fn a_start_whose_answer_is_lost_by_its_amount_is_told_when_it_is_repeated() {
    let (simulator, client) = honouring();
    let under = client.with("X-Action", "s1");
    let id = client.create(9);
    assert_eq!(under.start(&id).end, End::Reset);
    assert_eq!((under.start(&id).json()["status"].as_str(), simulator.ledger().len()), (Some("ok"), 1));
}

#[test]
fn what_the_terminal_does_besides_payments_is_done_once_too() {
    let (simulator, client) = honouring();
    let id = client.create(2);
    let number = client.start(&id).json()["receipt_number"].clone();
    for (action, end) in
        [("c1", format!("{number}/cancelTrx")), ("e1", "me/EndOfDay".into()), ("d1", "me/diagnosis".into())]
    {
        let under = client.with("X-Action", action);
        let [first, again] = [(); 2].map(|()| under.post(&path(&end), &json!({})));
        assert_eq!((first.status(), first.body()), (200, again.body()), "{end}");
    }
    assert_eq!((simulator.ledger().len(), simulator.closings()), (2, 1));
}

#[test]
fn a_refusal_is_a_first_answer_but_not_that_of_a_token() {
    let (simulator, client) = honouring();
    let under = client.with("X-Action", "a1");
    let dead = Client { token: "dead".into(), ..client.with("X-Action", "a1") };
    assert_eq!((create(&dead).status(), create(&under).status()), (403, 200));
    let refused = client.with("X-Action", "a2");
    assert_eq!(refused.post(ALL, &json!({})).status(), 400);
    assert_eq!(create(&refused).status(), 400, "an id is for one body");
    assert_eq!(simulator.transactions().len(), 1);
}

#[test]
fn an_id_is_forgotten_in_time() {
    let (simulator, client) = honouring();
    assert_eq!(client.post("/_control/settings", &json!({})).json()["x_action_kept_ms"], 180_000);
    simulator.set(|settings| settings.x_action_kept_ms = 200);
    let under = client.with("X-Action", "a1");
    let first = create(&under).json();
    assert_eq!(create(&under).json(), first);
    sleep(Duration::from_millis(250));
    assert_ne!(create(&under).json()["id"], first["id"]);
}

#[test]
fn every_spelling_of_a_path_is_the_guides() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let created = client.post("/api/v2/smart/transactions?fields=id", &create_request(2)).json();
    let id = created["id"].as_str().expect("an id");
    let started = client.post(&format!("/API/v2/smart/transactions/{id}/Start/Cashless"), &json!({})).json();
    assert_eq!(started["status"], "ok");
    assert_eq!(client.get(&format!("/api/v2/SMART/Transactions/{id}")).json()["status"], "ok");
    let number = &started["receipt_number"];
    for end in [format!("{number}/canceltrx"), "me/EndofDay".into(), "me/endOfDay".into(), "me/Diagnosis".into()] {
        assert_eq!(client.post(&format!("/api/v2/smart/transactions/{end}"), &json!({})).status(), 200, "{end}");
    }
    assert_eq!(client.read(&id.to_lowercase()).status(), 404, "an id has one spelling");
    assert!(simulator.requests()[4].path.ends_with("/cancelTrx"));
}
