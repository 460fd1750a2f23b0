//! What a receipt costs, part by part: `receipt-costs FILE`. It prints one JSON object with medians in nanoseconds. With a number
//! behind the file both receipts are read and drawn so often, and nothing else: for those who count instructions.

use std::time::Instant;

use secupos::receipt::{Format, Options, Receipt, ReceiptCopy};
use serde_json::{Map, Value, json};

/// So often each thing is done, and so many times of these are a part.
const PARTS: usize = 100;
const ROUNDS: u32 = 200;

fn main() {
    let file = std::env::args().nth(1).expect("a file with an answer");
    let json = std::fs::read(file).expect("read");
    if let Some(rounds) = std::env::args().nth(2) {
        for _ in 0..rounds.parse::<u32>().expect("a number") {
            for copy in [ReceiptCopy::Customer, ReceiptCopy::Merchant] {
                let receipt = Receipt::parse(&json, copy).expect("a receipt");
                assert!(!receipt.render(&Options::default()).expect("text").is_empty());
            }
        }
        return;
    }
    let mut told = Map::new();
    let mut put = |name: &str, what: &dyn Fn()| drop(told.insert(name.to_owned(), median(what)));
    for copy in [ReceiptCopy::Customer, ReceiptCopy::Merchant] {
        let receipt = Receipt::parse(&json, copy).expect("a receipt");
        let name = copy.name();
        put(&format!("{name}: parse"), &|| drop(Receipt::parse(&json, copy)));
        put(&format!("{name}: text"), &|| drop(receipt.render(&Options::default())));
        put(&format!("{name}: fields"), &|| drop(receipt.fields()));
        put(&format!("{name}: signature"), &|| drop(receipt.signature()));
        put(&format!("{name}: json"), &|| drop(receipt.render(&Options::new(Format::Json))));
    }
    println!("{}", Value::Object(told));
}

fn median(what: &dyn Fn()) -> Value {
    let mut took: Vec<f64> = (0..PARTS)
        .map(|_| {
            let since = Instant::now();
            (0..ROUNDS).for_each(|_| what());
            since.elapsed().as_nanos() as f64 / f64::from(ROUNDS)
        })
        .collect();
    took.sort_by(f64::total_cmp);
    json!(took[PARTS / 2].round())
}
