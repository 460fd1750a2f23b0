//! The list of transactions: what is on a page, in which order, and what is missing.

use std::thread::sleep;
use std::time::Duration;

use secupos_simulator::settings::DeviceSource;
use secupos_simulator::{Options, Simulator};
use serde_json::{Value, json};

use crate::client::{Client, create_request};
use crate::simulator;

const ALL: &str = "/api/v2/Smart/Transactions";
const NEWEST: &str = "count=20&sort=created:desc";

fn listed(client: &Client, query: &str) -> Value {
    let came = client.get(&format!("{ALL}?{query}"));
    assert_eq!(came.status(), 200, "{query}: {came:?}");
    came.json()
}

fn ids(list: &Value) -> Vec<&str> {
    list["data"].as_array().expect("data").iter().map(|row| row["id"].as_str().expect("an id")).collect()
}

#[test]
fn the_newest_come_first_and_whole() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let mut created: Vec<String> = (0..22).map(|_| client.create(2)).collect();
    client.start(&created[21]);
    created.reverse();
    let list = listed(&client, NEWEST);
    assert_eq!((&list["count"], ids(&list)), (&json!(22), created[..20].iter().map(String::as_str).collect()));
    assert_eq!(list["data"][0], client.read(&created[0]).json());
    for row in list["data"].as_array().expect("data") {
        assert_eq!(row["device_source"]["id"], "SDV_SIMULATED_TILL");
        assert!(row["created"].as_str().is_some_and(|created| created.ends_with("+01:00")), "{row}");
        assert!(row["status"] == "ok" || row["status"] == "created", "{row}");
    }
    let rest = listed(&client, &format!("{NEWEST}&offset=20"));
    assert_eq!(ids(&rest), [&created[20], &created[21]]);
    assert_eq!(ids(&listed(&client, "count=1"))[0], created[21], "unsorted: in the order of their creation");
    assert_eq!(client.get(&format!("{ALL}?count=x")).status(), 400);
    assert_eq!(Client::without_token(&simulator).get(ALL).status(), 401);
}

#[test]
fn a_search_finds_what_fits() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let paid = client.create(2);
    client.start(&paid);
    let mut other = create_request(3);
    other["merchantRef"] = json!("shop 7");
    let open = client.post(ALL, &other).json();
    for (q, found) in [
        ("status:ok", vec![paid.as_str()]),
        ("merchantRef:r1", vec![paid.as_str()]),
        ("merchantRef:shop*", vec![open["id"].as_str().expect("an id")]),
        ("merchantRef:\"shop 7\" AND status:created", vec![open["id"].as_str().expect("an id")]),
        ("basket_info.sum:3 AND status:ok", vec![]),
        ("created:[2000 TO 2001]", vec![]),
        ("created:[2000 TO 3000] AND status:ok", vec![paid.as_str()]),
    ] {
        let q: String = form_urlencoded::byte_serialize(q.as_bytes()).collect();
        assert_eq!(ids(&listed(&client, &format!("q={q}"))), found, "{q}");
    }
    assert_eq!(client.get(&format!("{ALL}?q=status:ok%20OR%20status:failed")).status(), 400);
}

#[test]
fn reports_and_other_devices_are_listed_too() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    client.create(2);
    let report = client.post(&format!("{ALL}/me/EndOfDay"), &json!({})).json();
    simulator.set(|settings| settings.confirmed_after_ms = Some(0));
    let mut other = Client::without_token(&simulator);
    let registration = json!({"grant_type": "device", "uuid": "/vendor/unknown/cashier/2"});
    let device_code = other.ask_for_token(&simulator, registration).json()["device_code"].clone();
    let granted = other.ask_for_token(&simulator, json!({"grant_type": "device", "code": device_code})).json();
    other.token = granted["access_token"].as_str().expect("a token").into();
    let others = other.create(2);
    let list = listed(&client, NEWEST);
    assert_eq!(ids(&list)[..2], [others.as_str(), report["id"].as_str().expect("an id")]);
    assert_ne!(list["data"][0]["device_source"], list["data"][1]["device_source"]);
    assert_eq!((&list["data"][1], list["data"][1].get("receipt_number")), (&report, None));
    assert_eq!(client.read(ids(&list)[1]).json(), report);
}

#[test]
fn a_list_may_be_refused_late_or_without_devices() {
    let simulator = Simulator::start(Options::default()).expect("a simulator");
    let client = Client::of(&simulator);
    let first = client.create(2);
    simulator.set(|settings| settings.device_source = DeviceSource::NotListed);
    assert_eq!(listed(&client, NEWEST)["data"][0].get("device_source"), None);
    assert!(client.read(&first).json()["device_source"].is_object());
    simulator.set(|settings| settings.device_source = DeviceSource::NeverTold);
    let came = client.post(ALL, &create_request(2)).json();
    assert_eq!(came.get("device_source"), None);
    simulator.set(|settings| settings.list_lag_ms = 300);
    client.create(2);
    assert_eq!(listed(&client, NEWEST)["count"], 0);
    sleep(Duration::from_millis(350));
    assert_eq!(listed(&client, NEWEST)["count"], 3);
    assert_eq!(client.post("/_control/settings", &json!({"list_refused": true})).status(), 200);
    let came = client.get(ALL);
    assert_eq!((came.status(), came.json()["code"].as_i64()), (403, Some(9007)), "not a token's code");
}
