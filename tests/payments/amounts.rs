//! Row 16 of issue 13: a part is not the whole, and the actions alone are enough to do right.

use std::sync::Arc;

use secupos::error::Language;
use secupos::payment::action::Action::{self, *};
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::handles::payment::Payment;
use secupos::till::sale::Sale;
use secupos_simulator::fault::{Endpoint, Fault, What, When};
use secupos_simulator::scenario::{Scenario, Script};
use serde_json::{Value, json};

use crate::{Bench, bench, settled};

fn pay(bench: &Bench, reference: &str, amount: i64) -> Arc<Payment> {
    bench.till.pay(&Sale::new(reference, amount, "EUR").expect("a sale")).expect("a payment")
}

/// What is asked for, what is charged, what the answers say of it, and what is told.
struct Case {
    name: &'static str,
    charged: i64,
    said: Option<Value>,
    told: Option<i64>,
    due: Option<i64>,
    reason: Option<Reason>,
    then: &'static [Action],
}

const ASKED: i64 = 1250;

fn cases() -> Vec<Case> {
    let differs = Some(Reason::AmountDiffers);
    let look: &[Action] = &[LookAtTerminal, AskCashier];
    vec![
        Case { name: "all", charged: ASKED, said: None, told: Some(ASKED), due: None, reason: None, then: &[] },
        Case {
            name: "a part",
            charged: 500,
            said: None,
            told: Some(500),
            due: Some(750),
            reason: differs,
            then: &[CollectRest],
        },
        Case {
            name: "one cent less",
            charged: ASKED - 1,
            said: None,
            told: Some(ASKED - 1),
            due: Some(1),
            reason: differs,
            then: &[CollectRest],
        },
        Case { name: "nothing", charged: 0, said: None, told: Some(0), due: None, reason: differs, then: look },
        Case { name: "a tip", charged: 1500, said: None, told: Some(1500), due: None, reason: differs, then: &[] },
        Case {
            name: "unreadable",
            charged: ASKED,
            said: Some(json!("12,50")),
            told: None,
            due: None,
            reason: differs,
            then: look,
        },
        Case {
            name: "in another unit",
            charged: ASKED,
            said: Some(json!(12.5)),
            told: None,
            due: None,
            reason: differs,
            then: look,
        },
    ]
}

#[test]
fn what_was_charged_is_compared_with_what_was_asked_for_whether_start_or_a_read_says_it() {
    for by_reading in [false, true] {
        for case in cases() {
            let what = format!("{}, by reading: {by_reading}", case.name);
            let bench = bench();
            let script = Script::of(Scenario::Girocard);
            bench.simulator.script(Script { charged: Some(case.charged), charged_as: case.said.clone(), ..script });
            if by_reading {
                bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
            }
            let payment = pay(&bench, "r1", ASKED);
            let told = settled(&payment);
            assert_eq!((told.outcome, told.reason), (Outcome::Approved, case.reason), "{what}");
            assert_eq!(told.amount_charged.map(|money| money.minor), case.told, "{what}");
            assert_eq!(told.amount_due.map(|money| money.minor), case.due, "{what}");
            let expected = [&[PrintMerchant, PrintCustomer], case.then].concat();
            assert_eq!(told.next_actions, expected, "{what}");
            assert_eq!(payment.to_json()["amount_due"], json!(case.due), "{what}");
            // Told again: the same, but money is asked for once.
            let bench = bench.restart();
            let again = pay(&bench, "r1", ASKED);
            assert_eq!(settled(&again).amount_due, told.amount_due, "{what}");
            let expected: Vec<_> =
                expected.into_iter().map(|action| if action == CollectRest { AskCashier } else { action }).collect();
            assert_eq!(settled(&again).next_actions, expected, "{what}, again");
        }
    }
}

#[test]
fn the_cashier_reads_what_is_missing_and_collects_it_under_another_reference() {
    let bench = bench();
    bench.simulator.script(Script { charged: Some(500), ..Script::of(Scenario::Girocard) });
    let payment = pay(&bench, "r1", ASKED);
    let german = payment.cashier_text(Language::German);
    assert!(german.contains("5.00 EUR statt 12.50 EUR") && german.contains("Es fehlen noch 7.50 EUR"), "{german}");
    let english = payment.cashier_text(Language::English);
    assert!(english.contains("7.50 EUR are still missing"), "{english}");
    let due = settled(&payment).amount_due.expect("something is missing").minor;
    bench.till.acknowledge_payment(&payment).expect("acknowledged");
    assert_eq!(pay(&bench, "r1, the rest", due).outcome(), Outcome::Approved);
    assert_eq!(bench.simulator.ledger().len(), 2);
    assert!(bench.till.pay(&Sale::new("r1", ASKED, "EUR").expect("a sale")).is_err(), "not as another attempt");
}

#[test]
fn a_part_is_shown_in_a_list_as_something_to_be_recovered_and_is_told_there() {
    let bench = bench();
    bench.simulator.script(Script { charged: Some(500), ..Script::of(Scenario::Girocard) });
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    let unreadable = What::Answer { status: 503, body: String::new() };
    bench.simulator.fault(Endpoint::Read, Fault::new(When::After, unreadable).times(100));
    assert_eq!(pay(&bench, "r1", ASKED).outcome(), Outcome::Unknown);
    bench.simulator.forget_faults();
    let bench = bench.restart();
    // Another customer pays, by which it is found out.
    assert_eq!(pay(&bench, "r2", 102).outcome(), Outcome::Approved);
    let listed = bench.till.unfinished().expect("a list");
    let listed = listed.iter().find(|payment| payment.ticket().reference == "r1").expect("listed");
    assert!(settled(listed).next_actions.contains(&RecoverLater), "{:?}", settled(listed).next_actions);
    assert!(!settled(listed).next_actions.contains(&CollectRest), "a list tells nothing");
    for expected in [CollectRest, AskCashier] {
        let payment = bench.till.recover("r1", None).expect("a payment");
        payment.wait(None);
        assert_eq!(settled(&payment).next_actions.last(), Some(&expected), "{:?}", settled(&payment).next_actions);
    }
}
