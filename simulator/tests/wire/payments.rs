//! Create, start, read, abort: what is answered, what is printed, and what money moves.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use secupos_simulator::receipts::ACCOUNT_NUMBERS;
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::{Value, json};

use crate::client::{Client, End, create_request};
use crate::simulator;

/// The shapes of the lines of a receipt: their types, names and texts, without what differs from payment to payment.
fn shape(receipt: &Value) -> Vec<String> {
    let line = |line: &Value| match line["type"].as_str().expect("a type") {
        "separator" => format!("= {}", line["value"]["caption"].as_str().expect("a caption")),
        "textline" => format!("{} {}", line["value"]["text"].as_str().expect("a text"), line["value"]["decoration"]),
        "name-value" => line["value"]["name"].as_str().expect("a name").to_owned(),
        kind => kind.to_owned(),
    };
    receipt.as_array().expect("lines").iter().map(line).collect()
}

/// The value beside a name.
fn value<'a>(receipt: &'a Value, name: &str) -> &'a str {
    let line = receipt.as_array().expect("lines").iter().find(|line| line["value"]["name"] == name);
    line.and_then(|line| line["value"]["value"].as_str()).unwrap_or_else(|| panic!("no {name} in {receipt}"))
}

#[test]
fn creating_answers_the_documented_object() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let product = json!({"id": 1, "item_type": "article", "desc": "Brötchen", "articleNumber": "70000", "quantity": 1,
        "priceOne": 1, "tax": 7});
    let mut request = create_request(1);
    request["basket"] = json!({"products": [product]});
    let came = client.post("/api/v2/Smart/Transactions", &request);
    assert!(came.head().to_lowercase().contains("content-type: application/json; charset=utf-8\r\n"));
    let body = came.json();
    let id = body["id"].as_str().expect("an id");
    assert!(id.starts_with("STX_") && id.len() == 34, "{id}");
    for (pointer, expected) in [
        ("/object", json!("smart.transactions")),
        ("/status", json!("created")),
        ("/merchantRef", json!("r1")),
        ("/basket_info", json!({"sum": 1, "currency": "EUR"})),
        ("/basket/type", json!("default")),
        ("/basket/texts", json!([])),
        ("/basket/products/0/desc", json!("Brötchen")),
        ("/basket/products/0/parent", json!(null)),
        ("/is_demo", json!(false)),
    ] {
        assert_eq!(body.pointer(pointer), Some(&expected), "{pointer}");
    }
    assert_eq!(client.read(id).json(), body);
    assert_eq!(simulator.ledger(), []);
}

#[test]
fn creating_refuses_what_does_not_add_up() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let item =
        |kind: &str, quantity: i64, price: i64| json!({"item_type": kind, "quantity": quantity, "priceOne": price});
    let basket =
        |products: Value| json!({"basket_info": {"sum": 100, "currency": "EUR"}, "basket": {"products": products}});
    let mixed = json!({"item_type": "sub_transaction", "sum": 40, "sub_basket": [item("article", 4, 10)]});
    for (request, status, code) in [
        (basket(json!([item("article", 2, 50)])), 200, 0),
        (basket(json!([item("article", 3, 50), item("coupon", 1, 50)])), 200, 0),
        (basket(json!([item("article", 1, 60), mixed])), 200, 0),
        (basket(json!([item("article", 1, 99)])), 400, 9001),
        (basket(json!([])), 400, 9001),
        (basket(json!([item("article", i64::MAX, 2)])), 400, 1001),
        (basket(json!([{"item_type": "article"}])), 400, 1001),
        (basket(json!([item("gift", 1, 100)])), 400, 1001),
        (json!({"basket_info": {"sum": 100, "gratuity": 20, "currency": "EUR"}}), 200, 0),
        (json!({"basket_info": {"sum": 100, "gratuity": 101, "currency": "EUR"}}), 400, 1001),
        (json!({"basket_info": {"sum": 100, "gratuity": "20", "currency": "EUR"}}), 400, 1001),
        (json!({"basket_info": {"sum": 100}}), 400, 1001),
        (json!({"basket_info": {"sum": 100, "currency": "eur"}}), 400, 1001),
        (json!({"basket_info": {"sum": 0, "currency": "EUR"}}), 400, 1001),
        (json!({"basket_info": {"sum": "100", "currency": "EUR"}}), 400, 1001),
        (json!([]), 400, 1001),
    ] {
        let came = client.post("/api/v2/Smart/Transactions", &request);
        let answered = (came.status(), came.json()["code"].as_i64().unwrap_or_default());
        assert_eq!(answered, (status, code), "{request}");
    }
    assert_eq!(simulator.transactions().len(), 4);
}

#[test]
fn an_elv_payment_is_the_documented_one() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let body = client.start(&client.create(1)).json();
    let documented: Value = serde_json::from_str(include_str!("payment-elv-ok.json")).expect("JSON");
    let names = |body: &Value| body.as_object().expect("an object").keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&body), names(&documented));
    for copy in ["receipt", "receipt_merchant"] {
        assert_eq!(shape(&body[copy]), shape(&documented[copy]));
        for name in ["Beleg-Nr.", "Trace-Nr.", "BLZ", "Konto-Nr.", "Terminal-ID", "Betrag EUR"] {
            assert_eq!(value(&body[copy], name), value(&documented[copy], name));
        }
    }
    for name in ["status", "receipt_number", "receipt_merchant_print", "basket_info", "payment_method", "transactions"]
    {
        assert_eq!(body[name], documented[name], "{name}");
    }
    // The counter is the terminal's.
    assert_eq!(client.start(&client.create(1)).json()["receipt_number"], 4);
}

#[test]
fn an_amount_loses_the_answer_to_a_payment() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let id = client.create(1209);
    let came = client.start(&id);
    assert_eq!((came.end, came.bytes.len()), (End::Reset, 0));
    assert_eq!(simulator.ledger().len(), 1);
    assert_eq!(client.read(&id).json()["status"], "ok");
}

#[test]
fn the_amount_chooses_the_scenario() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let mut tried = BTreeSet::new();
    for (sum, scenario, mark) in [
        (1, Scenario::Elv, "ec-Lastschrift"),
        (100, Scenario::Elv, "ec-Lastschrift"),
        (1202, Scenario::Girocard, "*** Autorisierung erfolgt"),
        (1203, Scenario::Contactless, "Debit Mastercard"),
        (1204, Scenario::CreditCard, "VISA"),
        (1205, Scenario::Declined, "Zahlung nicht möglich"),
        (1206, Scenario::Aborted, ""),
        (1207, Scenario::TimedOut, ""),
        (1208, Scenario::SepaElv, "SEPA Lastschrift"),
        (1250, Scenario::Girocard, "PIN OK"),
        (1210, Scenario::Declined, "Zahlung nicht möglich"),
        (1210, Scenario::Girocard, "PIN OK"),
    ] {
        assert_eq!(Scenario::of_amount(sum, !tried.insert(sum)), scenario, "{sum}");
        let before = simulator.ledger().len();
        let id = client.create(sum);
        let came = client.start(&id);
        let body = came.json();
        let expected = if scenario.is_paid() { "ok" } else { "failed" };
        assert_eq!((came.status(), body["status"].as_str()), (200, Some(expected)), "{sum}");
        assert!(body["receipt"].to_string().contains(mark), "{sum}");
        assert_eq!(body["receipt_merchant"].to_string().contains("Unterschrift"), scenario.is_signed(), "{sum}");
        assert_eq!(body["receipt_merchant_print"].as_bool().unwrap_or_default(), scenario.is_signed(), "{sum}");
        assert_eq!(body["receipt_number"].is_null(), !scenario.is_paid(), "{sum}");
        assert_eq!(client.read(&id).json(), body, "{sum}");
        let moved = &simulator.ledger()[before..];
        assert_eq!(moved.len(), usize::from(scenario.is_paid()), "{sum}");
        for entry in moved {
            assert_eq!((entry.transaction.as_str(), entry.amount, entry.change), (id.as_str(), sum, 1));
            assert_eq!((entry.reference.as_str(), entry.currency.as_str()), ("r1", "EUR"));
        }
    }
}

#[test]
fn account_numbers_are_on_the_merchants_copy_only() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for (sum, number) in [(1, ACCOUNT_NUMBERS[0]), (8, ACCOUNT_NUMBERS[1]), (4, ACCOUNT_NUMBERS[2])] {
        let body = client.start(&client.create(sum)).json();
        assert!(body["receipt_merchant"].to_string().contains(number));
        assert!(ACCOUNT_NUMBERS.iter().all(|number| !body["receipt"].to_string().contains(number)), "{sum}");
    }
}

#[test]
fn a_script_goes_before_the_amount_and_serves_one_payment() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script { status: Some("aborted".into()), ..Script::of(Scenario::Aborted) });
    simulator.script(Script { charged: Some(150), ..Script::of(Scenario::Girocard) });
    let statuses = [(); 3].map(|()| client.start(&client.create(1)).json()["status"].clone());
    assert_eq!(statuses, ["aborted", "ok", "ok"]);
    assert_eq!(simulator.ledger().iter().map(|entry| entry.amount).collect::<Vec<_>>(), [150, 1]);
}

#[test]
fn start_blocks_for_as_long_as_the_customer_thinks() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(300)));
    let id = client.create(1);
    let begun = Instant::now();
    std::thread::scope(|scope| {
        let start = scope.spawn(|| client.start(&id));
        std::thread::sleep(Duration::from_millis(100));
        assert_eq!(client.status_of(&id), "created");
        assert_eq!(simulator.ledger(), []);
        assert_eq!(start.join().expect("an answer").json()["status"], "ok");
    });
    assert!(begun.elapsed() >= Duration::from_millis(300));
    assert_eq!(simulator.ledger().len(), 1);
}

#[test]
fn a_customer_pays_even_if_the_client_is_gone() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    simulator.script(Script::of(Scenario::Elv).thinking(Duration::from_millis(200)));
    let id = client.create(1);
    client.start_and_vanish(&id);
    assert_eq!(simulator.ledger(), [], "the client has gone before the customer has paid");
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(client.status_of(&id), "ok");
    assert_eq!(simulator.ledger().len(), 1);
}

#[test]
fn what_is_unknown_is_404_with_the_error_body() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    for came in [client.read("STX_X"), client.start("STX_X"), client.abort("STX_X"), client.get("/api/v2/Nothing")] {
        assert_eq!((came.status(), came.json()["error"].as_str()), (404, Some("ProductNotFoundException")));
    }
}

#[test]
fn only_what_has_not_been_started_can_be_aborted() {
    let simulator = simulator();
    let client = Client::of(&simulator);
    let id = client.create(1);
    let aborted = client.abort(&id);
    assert_eq!((aborted.status(), aborted.json()["status"].as_str()), (200, Some("aborted")));
    assert_eq!(client.status_of(&id), "aborted");
    assert_eq!((client.abort(&id).status(), client.start(&id).status()), (400, 400));
    let paid = client.create(1);
    client.start(&paid);
    assert_eq!(client.abort(&paid).json()["code"], 9002);
    assert_eq!(client.status_of(&paid), "ok");
    assert_eq!(simulator.ledger().len(), 1);
}
