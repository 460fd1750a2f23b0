//! What answers say, and how: sums, signatures, success, odd bodies.

use std::collections::BTreeMap;
use std::thread::sleep;
use std::time::Duration;

use secupos_simulator::fault::Endpoint;
use secupos_simulator::quirks::Quirk;
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::{Value, json};

use crate::client::{Client, create_request, path};
use crate::simulator;

#[test]
fn the_sum_that_is_told_may_be_another_than_was_charged_or_none() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for (charged, told, sum, moved) in [
        (Some(600), None, json!(600), 600),
        (Some(0), None, json!(0), 0),
        (None, Some(json!("12,50")), json!("12,50"), 1250),
        (Some(700), Some(json!("7.00")), json!("7.00"), 700),
        (None, Some(json!(12.5)), json!(12.5), 1250),
    ] {
        let before = simulator.ledger().iter().map(|entry| entry.amount).sum::<i64>();
        simulator.script(Script { charged, charged_as: told, ..Script::of(Scenario::Girocard) });
        let id = client.create(1250);
        let body = client.start(&id).json();
        assert_eq!((&body["status"], &body["basket_info"]["sum"]), (&json!("ok"), &sum));
        assert_eq!(client.read(&id).json()["basket_info"]["sum"], sum);
        assert_eq!(simulator.ledger().iter().map(|entry| entry.amount).sum::<i64>() - before, moved);
    }
    assert_eq!(simulator.ledger().len(), 4, "nothing is no charge");
}

#[test]
fn the_lines_to_sign_on_may_come_late() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.signature_lag_ms = 300);
    for (scenario, line) in
        [(Scenario::Elv, "Unterschrift umseitig"), (Scenario::CreditCard, "Unterschrift Karteninhaber")]
    {
        simulator.script(Script::of(scenario));
        let id = client.create(1);
        let signed = |body: &Value| body["receipt_merchant"].to_string().contains(line);
        let body = client.start(&id).json();
        assert!(!signed(&body) && body["receipt_merchant"].to_string().contains("Betrag EUR"), "{body}");
        sleep(Duration::from_millis(350));
        assert!(signed(&client.read(&id).json()));
    }
}

#[test]
fn a_success_may_have_another_status_than_200() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.set(|settings| settings.success_status = BTreeMap::from([(Endpoint::Create, 201)]));
    let changes = json!({"success_status": {"create": 201, "start": 202, "cancel": 202, "token": 201, "abort": 204}});
    assert_eq!(client.post("/_control/settings", &changes).json()["success_status"], changes["success_status"]);
    let created = client.post("/api/v2/Smart/Transactions", &create_request(2));
    assert_eq!(created.status(), 201);
    let id = created.json()["id"].as_str().expect("an id").to_owned();
    let started = client.start(&id);
    assert_eq!((started.status(), started.json()["status"].as_str()), (202, Some("ok")));
    assert_eq!((client.read(&id).status(), client.start(&id).status()), (200, 400));
    let number = started.json()["receipt_number"].clone();
    assert_eq!(client.post(&path(&format!("{number}/cancelTrx")), &json!({})).status(), 202);
    let more = json!({"grant_type": "device", "code": simulator.device_code()});
    assert_eq!(client.ask_for_token(&simulator, more).status(), 201);
}

#[test]
fn bodies_may_be_odd_where_nobody_looks() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for (quirk, bytes) in [
        (Quirk::Bom, b"\xef\xbb\xbf{".as_slice()),
        (Quirk::Latin1, b"\"J\xfcrgen\""),
        (Quirk::Nan, b":NaN,"),
        (Quirk::HugeNumber, b":1e400,"),
        (Quirk::Deep, &[b'['; 300]),
        (Quirk::TwoStatuses, b"{\"status\":\"failed\","),
    ] {
        simulator.script(Script { quirk: Some(quirk), ..Script::of(Scenario::Elv) });
        let id = client.create(1);
        for came in [client.start(&id), client.read(&id)] {
            assert!(came.body().windows(bytes.len()).any(|window| window == bytes), "{quirk:?} in {came:?}");
            let text = String::from_utf8_lossy(came.body()).into_owned();
            assert!(text.contains("\"status\":\"ok\"") && text.contains(&id), "{quirk:?} in {text}");
        }
    }
    assert_eq!(client.post("/_control/next", &json!({"quirk": "no_charset"})).status(), 200);
    let came = client.start(&client.create(2));
    assert!(came.head().to_lowercase().contains("content-type: application/json\r\n"), "{}", came.head());
    assert_eq!(came.json()["status"], "ok");
}
