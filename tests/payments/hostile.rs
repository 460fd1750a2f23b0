//! A server that sends whatever it likes: bounded, harmless, and never at the cost of knowing what became of the money.

use secupos::error::{Language, Status};
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::receipts::ACCOUNT_NUMBERS;
use serde_json::json;

use crate::{bench, settled};

#[test]
fn a_body_of_50_mb_is_not_read_to_its_end() {
    let bench = bench();
    bench.simulator.fault(Endpoint::Token, Fault::new(When::After, What::Huge(50 * 1024 * 1024)));
    let payment = bench.pay(1);
    let error = settled(&payment).error.as_ref().expect("why");
    assert_eq!(error.status(), Status::Protocol);
    assert!(error.message().contains("larger than 1048576 bytes"), "{error}");
    assert_eq!(payment.outcome(), Outcome::NotStarted);
}

#[test]
fn json_nested_10_000_deep_is_an_error_and_no_crash() {
    let bench = bench();
    bench.simulator.fault(Endpoint::Create, Fault::new(When::After, What::Deep(10_000)));
    let payment = bench.pay(1);
    assert_eq!(settled(&payment).reason, Some(Reason::CreateRefused));
    assert_eq!(settled(&payment).error.as_ref().expect("why").status(), Status::Protocol);
}

#[test]
fn a_receipt_of_too_many_lines_does_not_hide_that_it_was_paid() {
    let bench = bench();
    // Small enough to be read as an answer, too long to be a receipt.
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Lines(20_000)));
    let payment = bench.pay(1);
    let result = settled(&payment);
    assert_eq!(result.outcome, Outcome::Approved);
    assert!(result.customer_receipt.is_empty());
    assert_eq!(result.error.as_ref().expect("why").status(), Status::ReceiptTooLarge);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn an_amount_that_cannot_be_read_is_never_taken_for_the_amount_that_was_asked_for() {
    let bench = bench();
    let sum = What::Replace { pointer: "/basket_info/sum".into(), value: json!(-5) };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, sum));
    let payment = bench.pay(1);
    let result = settled(&payment);
    assert_eq!((result.outcome, result.amount_charged), (Outcome::Approved, None));
    assert_eq!(result.error.as_ref().expect("why").status(), Status::Protocol);
    bench.assert_started_once_and_charged(1);
}

#[test]
fn a_lifetime_beyond_all_clocks_costs_no_payment() {
    let bench = bench();
    let lifetime = What::Replace { pointer: "/expires_in".into(), value: json!(u64::MAX) };
    bench.simulator.fault(Endpoint::Token, Fault::new(When::After, lifetime));
    std::thread::sleep(std::time::Duration::from_millis(1100));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
}

#[test]
fn a_transaction_that_was_started_before_is_not_started_again() {
    let bench = bench();
    let first = bench.pay(105);
    let id = settled(&first).transaction_id.as_ref().expect("an id").to_string();
    let stale = What::Replace { pointer: "/id".into(), value: json!(id) };
    bench.simulator.fault(Endpoint::Create, Fault::new(When::After, stale));
    let sale = secupos::till::sale::Sale::new("r2", 105, "EUR").expect("a sale");
    let second = bench.till.pay(&sale).expect("a payment");
    assert_eq!(settled(&second).reason, Some(Reason::CreateRefused));
    assert_eq!(bench.requests("/start/cashless"), 1);
}

#[test]
fn a_redirect_is_not_followed() {
    let bench = bench();
    bench
        .simulator
        .fault(Endpoint::Create, Fault::new(When::Before, What::Answer { status: 307, body: String::new() }));
    assert_eq!(settled(&bench.pay(1)).reason, Some(Reason::CreateRefused));
    assert_eq!(bench.requests("/Smart/Transactions"), 1);
}

#[test]
fn control_characters_from_the_server_reach_nobody() {
    let bench = bench();
    let text = "\u{1b}[2J\u{202e}Terminal\u{0} aus".to_owned();
    bench.simulator.fault(Endpoint::Create, Fault::new(When::Before, What::ApiError { status: 400, code: 7, text }));
    let payment = bench.pay(1);
    let shown = payment.cashier_text(Language::German);
    assert!(shown.contains("[2JTerminal aus"), "{shown}");
    assert!(!shown.chars().any(|character| character.is_control() || character == '\u{202e}'), "{shown:?}");

    let bench = crate::bench();
    let status = What::Replace { pointer: "/status".into(), value: json!("\u{1b}c\u{7}weird") };
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, status));
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
}

#[test]
fn debug_and_errors_show_no_receipt_and_no_token() {
    let bench = bench();
    let payment = bench.pay(1);
    let result = settled(&payment);
    assert!(result.merchant_receipt.to_text(42).expect("text").contains(ACCOUNT_NUMBERS[0]));
    let shown = format!("{result:?} {:?} {:?}", result.merchant_receipt, result.signature);
    for secret in ACCOUNT_NUMBERS.iter().chain(&["canary", "Unterschrift"]) {
        assert!(!shown.contains(secret), "{shown}");
    }
}
