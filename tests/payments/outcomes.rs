//! Every way in which a payment can go without anything breaking.

use std::time::Duration;

use secupos::error::{Language, Status};
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::receipt::{Decision, ReceiptCopy};
use secupos::till::Till;
use secupos::till::handles::payment::Payment;
use secupos::till::sale::{Group, Item, Kind, Sale};
use secupos_simulator::scenario::{Scenario, Script};

use crate::{bench, settled};

#[test]
fn an_elv_payment_is_approved_and_must_be_signed() {
    let bench = bench();
    let payment = bench.pay(1);
    let result = settled(&payment);
    assert_eq!(result.outcome, Outcome::Approved);
    assert_eq!(result.reason, None);
    assert_eq!(result.error, None);
    assert_eq!(result.status_text.as_deref(), Some("ok"));
    assert_eq!(result.amount_charged.map(|money| money.minor), Some(1));
    assert_eq!(result.receipt_number, Some(3));
    assert_eq!(result.signature.decision, Decision::Required);
    assert!(result.merchant_receipt_due);
    assert_eq!(result.next_actions, [Action::PrintMerchant, Action::TakeSignature, Action::PrintCustomer]);
    assert_eq!(result.customer_receipt.lines().len(), 21);
    assert_eq!(result.merchant_receipt.lines().len(), 23);
    assert_eq!(result.receipt(ReceiptCopy::Merchant).field("receipt_no").expect("a number").value, "0003");
    assert_eq!(bench.simulator.ledger().len(), 1);
    assert_eq!(bench.simulator.ledger()[0].reference, "r1");
}

#[test]
fn every_scenario_has_its_outcome_signature_and_ledger() {
    use Decision::{NotRequired, Required};
    for (scenario, outcome, reason, signature) in [
        (Scenario::Elv, Outcome::Approved, None, Required),
        (Scenario::SepaElv, Outcome::Approved, None, Required),
        (Scenario::Girocard, Outcome::Approved, None, NotRequired),
        (Scenario::Contactless, Outcome::Approved, None, NotRequired),
        (Scenario::CreditCard, Outcome::Approved, None, Required),
        (Scenario::Declined, Outcome::Failed, Some(Reason::Failed), NotRequired),
        (Scenario::Aborted, Outcome::Failed, Some(Reason::Failed), NotRequired),
        (Scenario::TimedOut, Outcome::Failed, Some(Reason::Failed), NotRequired),
    ] {
        let bench = bench();
        bench.simulator.script(Script::of(scenario));
        let payment = bench.pay(1250);
        let result = settled(&payment);
        assert_eq!((result.outcome, result.reason), (outcome, reason), "{scenario:?}");
        assert_eq!(result.signature.decision, signature, "{scenario:?}");
        assert_eq!(bench.simulator.ledger().len(), usize::from(scenario.is_paid()), "{scenario:?}");
        assert_eq!(result.next_actions.contains(&Action::TryAgain), !scenario.is_paid(), "{scenario:?}");
    }
}

#[test]
fn only_the_status_says_what_became_of_it() {
    for (status, outcome, reason) in [
        ("aborted", Outcome::Failed, Reason::Aborted),
        ("timeout", Outcome::Failed, Reason::TimedOut),
        ("canceled", Outcome::Failed, Reason::Cancelled),
        ("approved", Outcome::Unknown, Reason::StillOpen),
        ("OK", Outcome::Unknown, Reason::StillOpen),
        ("a word that nobody knows", Outcome::Unknown, Reason::StillOpen),
    ] {
        let bench = crate::bench_with(|config| {
            config.set_timeout_ms(secupos::till::config::Timeout::Resolve, 0).expect("a timeout");
        });
        bench.simulator.script(Script { status: Some(status.into()), ..Script::of(Scenario::Aborted) });
        let payment = bench.pay(1);
        let result = settled(&payment);
        assert_eq!((result.outcome, result.reason), (outcome, Some(reason)), "{status}");
        assert_eq!(result.status_text.as_deref(), Some(status));
        bench.assert_started_once_and_charged(0);
    }
}

#[test]
fn another_sum_is_approved_and_told() {
    let bench = bench();
    bench.simulator.script(Script { charged: Some(1500), ..Script::of(Scenario::Girocard) });
    let payment = bench.pay(1250);
    assert_eq!(payment.outcome(), Outcome::Approved);
    assert_eq!(settled(&payment).amount_charged.map(|money| money.minor), Some(1500));
    let text = payment.cashier_text(Language::German);
    assert!(text.contains("Gebucht wurden 15.00 EUR statt 12.50 EUR"), "{text}");
    assert_eq!(payment.to_json()["amount_charged"], 1500);
}

#[test]
fn start_goes_over_a_connection_of_its_own() {
    let bench = bench();
    bench.pay(1);
    let requests = bench.simulator.requests();
    let start = requests.iter().find(|request| request.path.ends_with("/start/cashless")).expect("a start");
    let beside = requests.iter().filter(|request| request.connection == start.connection).count();
    assert_eq!(beside, 1, "{requests:?}");
    assert!(requests.iter().all(|request| request.bearer != (request.path == "/oauth/token")));
}

#[test]
fn a_used_reference_says_again_what_became_of_it_and_nothing_is_sent() {
    let bench = bench();
    let first = bench.pay(1);
    let sent = bench.simulator.requests().len();
    let again = bench.pay(1);
    assert!(again.replayed() && !first.replayed());
    let told = |payment: &Payment| {
        let mut json = payment.to_json();
        json["replayed"] = false.into();
        json["cashier_text"] = serde_json::Value::Null;
        json
    };
    assert_eq!(told(&again), told(&first));
    let text = |payment: &Payment| payment.cashier_text(Language::English);
    assert!(text(&again).starts_with(&text(&first)) && text(&again).contains("(Result of "), "{}", text(&again));
    let other = bench.till.pay(&Sale::new("r1", 2, "EUR").expect("a sale")).err().expect("refused");
    assert_eq!(other.status(), Status::ReferenceConflict);
    assert!(other.message().contains("\"r1\"") && other.message().contains("0.01"), "{other}");
    assert_eq!(bench.simulator.requests().len(), sent);
}

#[test]
fn a_used_reference_stays_used_in_a_till_that_is_opened_anew() {
    let bench = bench();
    bench.pay(1);
    let bench = bench.restart();
    let sent = bench.simulator.requests().len();
    let again = bench.pay(1);
    assert_eq!(again.outcome(), Outcome::Approved);
    assert_eq!(settled(&again).merchant_receipt.lines().len(), 23);
    assert_eq!(bench.simulator.requests().len(), sent);
    // A till at another client is another till.
    let other = crate::bench();
    assert_eq!(other.pay(1).outcome(), Outcome::Approved);
}

#[test]
fn a_state_file_has_one_till() {
    let bench = bench();
    let twin = Till::open(&crate::config(&bench.simulator)).err().expect("refused");
    assert_eq!(twin.status(), Status::StateFileLocked);
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
}

#[test]
fn after_a_declined_attempt_the_next_one_is_taken() {
    let bench = bench();
    assert_eq!(bench.pay(105).outcome(), Outcome::Failed);
    let mut second = Sale::new("r1", 102, "EUR").expect("a sale");
    second.set_attempt(2).expect("set");
    assert_eq!(bench.till.pay(&second).expect("a payment").outcome(), Outcome::Approved);
}

#[test]
fn one_till_takes_one_payment_at_a_time() {
    let bench = bench();
    bench.simulator.script(Script::of(Scenario::Girocard).thinking(Duration::from_millis(300)));
    let first = bench.till.start_payment(&Sale::new("a", 1, "EUR").expect("a sale")).expect("a payment");
    let second = bench.till.start_payment(&Sale::new("b", 1, "EUR").expect("a sale"));
    assert_eq!(second.err().expect("refused").status(), Status::Busy);
    assert_eq!(first.wait(Some(Duration::ZERO)), Outcome::Pending);
    assert_eq!(first.wait(None), Outcome::Approved);
    // What was refused has not been used up.
    assert_eq!(bench.till.pay(&Sale::new("b", 1, "EUR").expect("a sale")).expect("paid").outcome(), Outcome::Approved);
}

#[test]
fn items_are_sent_and_a_sum_that_does_not_add_up_is_not() {
    let bench = bench();
    let item = |kind, quantity, unit_price| Item {
        kind,
        description: "Brötchen".into(),
        quantity,
        unit_price,
        tax_percent: 7,
        article_number: Some("70000".into()),
        ean: None,
    };
    // 05: declined, so that the simulator goes on showing the basket.
    let mut sale = Sale::new("items", 305, "EUR").expect("a sale");
    for item in [item(Kind::Article, 2, 150), item(Kind::Article, 1, 55), item(Kind::Coupon, 1, 50)] {
        sale.add_item(item).expect("added");
    }
    sale.add_group(Group { id: "1".into(), description: "Aktion".into(), level: 1 }).expect("added");
    sale.set_gratuity(5).expect("set");
    sale.set_transaction_ref("Kauf bei Beispiel-Back").expect("set");
    assert_eq!(bench.till.pay(&sale).expect("a payment").outcome(), Outcome::Failed);
    let seen = &bench.simulator.transactions()[0];
    for (pointer, expected) in [
        ("/basket/products/0/item_type", "article".into()),
        ("/basket/products/0/group", serde_json::Value::Null),
        ("/basket/products/2/item_type", "coupon".into()),
        ("/basket/products/2/priceOne", 50.into()),
        ("/basket/products/2/group/0/desc", "Aktion".into()),
        ("/basket_info/gratuity", 5.into()),
        ("/transactionRef", "Kauf bei Beispiel-Back".into()),
    ] {
        assert_eq!(seen.pointer(pointer).unwrap_or(&serde_json::Value::Null), &expected, "{pointer} of {seen}");
    }

    let sent = bench.simulator.requests().len();
    let mut wrong = Sale::new("wrong", 350, "EUR").expect("a sale");
    for item in [item(Kind::Article, 2, 150), item(Kind::Article, 1, 99), item(Kind::Coupon, 1, 50)] {
        wrong.add_item(item).expect("added");
    }
    let error = bench.till.pay(&wrong).err().expect("refused");
    let arithmetic = "amount does not add up: 2 x 1.50 + 1 x 0.99 - 1 x 0.50 = 3.49, the sale says 3.50";
    assert_eq!(error.message(), arithmetic);
    assert_eq!(bench.simulator.requests().len(), sent);
}

#[test]
fn the_json_is_the_whole_payment() {
    let bench = bench();
    let json = bench.pay(1).to_json();
    for (pointer, expected) in [
        ("/reference", "r1".into()),
        ("/attempt", 1.into()),
        ("/outcome", "approved".into()),
        ("/reason", serde_json::Value::Null),
        ("/next_actions/0", "print_merchant".into()),
        ("/amount", 1.into()),
        ("/currency", "EUR".into()),
        ("/receipt_number", 3.into()),
        ("/signature/decision", "required".into()),
        ("/signature/line", "Unterschrift umseitig".into()),
        ("/merchant_receipt_due", true.into()),
        ("/grant", "device".into()),
        ("/error", serde_json::Value::Null),
        ("/receipts/merchant/fields/receipt_no/value", "0003".into()),
        ("/receipts/customer/fields/bank/value", "BLZ ########, Konto-Nr. ######3836".into()),
    ] {
        assert_eq!(json.pointer(pointer), Some(&expected), "{pointer}");
    }
}
