//! Reversing by receipt number, closing the day, diagnosing: what is answered and what money moves.

use secupos_simulator::Simulator;
use secupos_simulator::settings::ReversalHits;
use serde_json::json;

use crate::client::{Came, Client};
use crate::simulator;

/// Takes a payment and returns its id and receipt number.
fn paid(client: &Client, sum: i64) -> (String, i64) {
    let id = client.create(sum);
    let number = client.start(&id).json()["receipt_number"].as_i64().expect("a number");
    (id, number)
}

fn post(client: &Client, end: &str) -> Came {
    client.post(&format!("/api/v2/Smart/Transactions/{end}"), &json!({}))
}

fn balance(simulator: &Simulator) -> i64 {
    simulator.ledger().iter().map(|entry| entry.amount * i64::from(entry.change)).sum()
}

#[test]
fn a_payment_is_reversed_once_and_keeps_its_receipts() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let (id, number) = paid(&client, 202);
    let before = client.read(&id).json();
    let came = post(&client, &format!("{number}/cancelTrx"));
    assert_eq!((came.status(), came.json()["status"].as_str()), (200, Some("cancelled")));
    assert_eq!((&came.json()["receipt"], &came.json()["id"]), (&before["receipt"], &json!(id)));
    assert_eq!((client.status_of(&id).as_str(), balance(&simulator)), ("cancelled", 0));
    let again = post(&client, &format!("{number}/cancelTrx"));
    assert_eq!((again.status(), again.json()["code"].as_i64()), (400, Some(9005)));
    assert_eq!(post(&client, "77/cancelTrx").status(), 404);
    assert_eq!(balance(&simulator), 0);
}

#[test]
fn credit_cards_and_closed_days_are_not_reversed() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let (_, card) = paid(&client, 104);
    assert_eq!(post(&client, &format!("{card}/cancelTrx")).status(), 400);
    let (_, number) = paid(&client, 202);
    let report = post(&client, "me/EndOfDay").json();
    let lines = report["receipt_merchant"].to_string();
    for part in ["Kassenschnitt", "VISA", "1,04", "girocard", "2,02", "Gesamt", "3,06"] {
        assert!(lines.contains(part), "{part} in {lines}");
    }
    assert_eq!(simulator.closings(), 1);
    assert_eq!(post(&client, &format!("{number}/cancelTrx")).status(), 400);
    assert_eq!(balance(&simulator), 306);
    assert_eq!(post(&client, "me/diagnosis").json()["status"], "ok");
    assert!(!post(&client, "me/EndOfDay").json()["receipt_merchant"].to_string().contains("VISA"));
}

#[test]
fn another_one_is_reversed_where_that_is_set_and_numbers_may_begin_anew() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let (first, number) = paid(&client, 202);
    let (second, _) = paid(&client, 302);
    simulator.set(|settings| settings.reversal_hits = ReversalHits::Another);
    assert_eq!(post(&client, &format!("{number}/cancelTrx")).json()["id"], second);
    assert_eq!(client.status_of(&first), "ok");
    simulator.set(|settings| settings.reversal_hits = ReversalHits::Named);
    simulator.restart_receipt_numbers();
    let (third, same) = paid(&client, 402);
    assert_eq!(same, number);
    assert_eq!(post(&client, &format!("{number}/cancelTrx")).json()["id"], third);
    assert_eq!(balance(&simulator), 202);
}
