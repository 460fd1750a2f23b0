//! Answers as no server should write them, over real HTTP: a payment that was paid is approved, with its receipts.

use secupos::journal::IfMissing;
use secupos::payment::action::Action;
use secupos::payment::outcome::Outcome;
use secupos::payment::reason::Reason;
use secupos::till::Till;
use secupos::till::config::{Config, Timeout};
use secupos::till::handles::settled::Settled;
use secupos::till::sale::Sale;

use secupos_simulator::fault::{Endpoint, Fault, What, When};

use crate::peers::{Plain, approve, plain};
use crate::{bench, settled};

const ID: &str = "STX_3HXQQBSVK2XWNAX7ESCZH9NZY3YZAZ";

fn fixture(name: &str) -> Vec<u8> {
    let file = format!("{}/tests/fixtures/second-look/answer-{name}.json", env!("CARGO_MANIFEST_DIR"));
    std::fs::read(&file).expect(&file)
}

/// A server that answers start with `start`, and every read with `read`.
fn server(start: (u16, Vec<u8>), read: Vec<u8>) -> Plain {
    plain(move |head| match head {
        _ if head.contains("/start/cashless") => start.clone(),
        _ if head.starts_with("get ") => (200, read.clone()),
        _ => (201, String::from_utf8(approve(head)).expect("text").replace("STX_1", ID).into()),
    })
}

fn pay(server: &Plain) -> Settled {
    let mut config = Config::default();
    config.set_base_url(&server.base_url).expect("a base URL");
    config.set_client_credentials("id", "secret").expect("credentials");
    config.set_timeout_ms(Timeout::Resolve, 3_000).expect("a timeout");
    let port = server.base_url.rsplit(':').next().expect("a port");
    config.set_state_file(&crate::STATE_FILES.join(format!("lenient-{port}.db")), IfMissing::Create).expect("a file");
    let till = Till::open(&config).expect("a till");
    let payment = till.pay(&Sale::new("r1", 1, "EUR").expect("a sale")).expect("a payment");
    settled(&payment).clone()
}

#[test]
fn what_is_broken_in_a_field_that_nobody_needs_costs_no_payment() {
    for name in ["with-bom", "with-one-latin1-byte", "with-nan", "with-1e400", "nested-300-deep", "amount-as-text"] {
        let answer = fixture(name);
        let as_start = pay(&server((200, answer.clone()), Vec::new()));
        // Start's own answer is a proxy's.
        let as_read = pay(&server((502, b"<html>".into()), answer));
        for (result, way) in [(as_start, "start"), (as_read, "a read")] {
            assert_eq!(result.outcome, Outcome::Approved, "{name} as the answer to {way}");
            assert_eq!(
                (result.amount_charged.map(|money| money.minor), result.receipt_number),
                (Some(1), Some(3)),
                "{name}"
            );
            let lines = (result.customer_receipt.lines().len(), result.merchant_receipt.lines().len());
            assert_eq!(lines, (21, 23), "{name} as the answer to {way}");
        }
    }
}

#[test]
fn an_amount_in_another_unit_is_never_taken_for_one_in_cents_and_somebody_looks_at_the_terminal() {
    let result = pay(&server((200, fixture("amount-as-decimal-text")), Vec::new()));
    assert_eq!((result.outcome, result.reason), (Outcome::Approved, Some(Reason::AmountDiffers)));
    assert_eq!((result.amount_charged, result.amount_due), (None, None));
    let last = [Action::LookAtTerminal, Action::AskCashier];
    assert!(result.next_actions.ends_with(&last), "{:?}", result.next_actions);
    assert!(result.next_actions.contains(&Action::PrintMerchant), "{:?}", result.next_actions);
    assert!(!result.next_actions.contains(&Action::CollectRest), "{:?}", result.next_actions);
}

#[test]
fn an_answer_that_contradicts_itself_is_not_believed_and_read_again() {
    let twice = format!(r#"{{"id":"{ID}","status":"failed","status":"ok","basket_info":{{"sum":1}}}}"#);
    let result = pay(&server((200, twice.clone().into()), fixture("with-bom")));
    assert_eq!((result.outcome, result.receipt_number), (Outcome::Approved, Some(3)));
    let result = pay(&server((200, twice.clone().into()), twice.into()));
    assert_eq!(result.outcome, Outcome::Unknown);
}

#[test]
fn any_success_with_the_right_body_will_do() {
    for status in [200, 201, 202, 203] {
        let result = pay(&server((status, fixture("with-bom")), Vec::new()));
        assert_eq!(result.outcome, Outcome::Approved, "{status}");
    }
}

#[test]
fn a_gateway_that_packs_unless_it_is_told_otherwise_costs_no_payment() {
    let bench = bench();
    bench.simulator.set(|settings| settings.compresses = true);
    assert_eq!(bench.pay(1).outcome(), Outcome::Approved);
    bench.simulator.fault(Endpoint::Start, Fault::new(When::After, What::Reset));
    let by_reading = bench.till.pay(&Sale::new("r2", 101, "EUR").expect("a sale")).expect("a payment");
    assert_eq!(by_reading.outcome(), Outcome::Approved);
}
