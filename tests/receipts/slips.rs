//! Slips in the layouts of real terminals, with what is right for each: who must sign, what the fields are, what is printed.
//! The data are invented; `source` says after what a slip was made.

use secupos::receipt::{Decision, Format, Options, Receipt, ReceiptCopy};
use serde_json::Value;
use unicode_width::UnicodeWidthStr;

use crate::ROOT;

/// What is wrong with how a slip is judged.
#[derive(Default)]
struct Faults {
    decisions: Vec<String>,
    fields: Vec<String>,
    prints: Vec<String>,
}

/// In `tests/fixtures/slips`.
pub const FILES: [&str; 2] = ["terminal-slips", "more-slips"];

pub fn read(name: &str) -> Vec<Value> {
    let file = std::fs::read(format!("{ROOT}/tests/fixtures/slips/{name}.json")).expect("the slips");
    serde_json::from_slice(&file).expect("an array")
}

pub fn receipt(slip: &Value, copy: ReceiptCopy) -> Receipt {
    Receipt::from_transaction(&slip["tx"], copy).expect("a receipt")
}

impl Faults {
    fn judge(&mut self, slip: &Value) {
        let name = slip["name"].as_str().expect("a name");
        let merchant = receipt(slip, ReceiptCopy::Merchant);
        self.judge_signature(name, slip, &merchant);
        self.judge_fields(name, slip, &merchant);
        for copy in [ReceiptCopy::Customer, ReceiptCopy::Merchant] {
            self.judge_print(name, slip, copy);
        }
    }

    fn judge_signature(&mut self, name: &str, slip: &Value, merchant: &Receipt) {
        let signature = merchant.signature();
        let decision = signature.decision.name();
        let text = signature.text.unwrap_or_default();
        let is_right = slip["signature"].is_null() || slip["signature"] == decision;
        let is_never = slip["never"].as_array().expect("decisions").contains(&decision.into());
        let says = slip["says"].as_str().unwrap_or_default();
        if !is_right || is_never || !text.contains(says) {
            self.decisions.push(format!("{name}: {decision} by {text:?}"));
        }
        if decision != Decision::Unknown.name() && merchant.signature().line.is_none() && slip["tx"]["status"] == "ok" {
            self.decisions.push(format!("{name}: {decision}, but no line is named"));
        }
    }

    fn judge_fields(&mut self, name: &str, slip: &Value, merchant: &Receipt) {
        for of in ["fields", "fields_text"] {
            for (field, right) in slip[of].as_object().expect("fields") {
                let found = merchant.field(field).map(|found| found.value);
                if found.as_deref() != right.as_str() {
                    self.fields.push(format!("{name}: {field} is {found:?}, not {right}"));
                }
            }
        }
        for field in slip["no_fields"].as_object().expect("fields").keys() {
            if let Some(found) = merchant.field(field) {
                self.fields.push(format!("{name}: {field} is {:?}, but there is none", found.value));
            }
        }
        let matches = &merchant.to_json()["amount_matches"];
        if !slip["amount_matches"].is_null() && slip["amount_matches"] != *matches {
            self.fields.push(format!("{name}: amount_matches is {matches}"));
        }
    }

    fn judge_print(&mut self, name: &str, slip: &Value, copy: ReceiptCopy) {
        let receipt = receipt(slip, copy);
        let list = |of: &str| -> Vec<String> {
            let list = slip[of].as_array().into_iter().flatten();
            list.map(|words| words.as_str().expect("words").to_owned()).collect()
        };
        let customers = copy == ReceiptCopy::Customer;
        for columns in [24, 32, 42, 48] {
            let mut options = Options::new(Format::Text);
            options.set_columns(columns).expect("columns");
            let text = receipt.to_text(columns).expect("text");
            let has = |words: &String| text.contains(words);
            let mut wanted = list("has");
            let mut unwanted = list("hasnt");
            if customers {
                wanted.extend(list("customer_has"));
                unwanted.extend(list("customer_hasnt"));
            }
            let missing = wanted.iter().filter(|words| !has(words));
            let shown = unwanted.iter().filter(|words| has(words));
            let wide = text.lines().filter(|row| row.width() > usize::from(columns));
            for fault in missing.chain(shown).map(String::as_str).chain(wide) {
                self.prints.push(format!("{name}, {} at {columns}: {fault}", copy.name()));
            }
        }
    }

    /// Says what is wrong, and how much of it, and fails if anything is.
    fn tell(&self, slips: usize, what: &str) {
        let (decisions, fields, prints) = (self.decisions.len(), self.fields.len(), self.prints.len());
        for fault in self.decisions.iter().chain(&self.fields).chain(&self.prints) {
            println!("{fault}");
        }
        println!("{what}: {slips}, wrong decisions {decisions}, wrong fields {fields}, print faults {prints}");
        assert_eq!((decisions, fields, prints), (0, 0, 0));
    }
}

fn judged(slips: &[Value]) -> Faults {
    let mut faults = Faults::default();
    slips.iter().for_each(|slip| faults.judge(slip));
    faults
}

#[test]
fn slips_of_real_terminals_are_judged_right() {
    let slips = read("terminal-slips");
    judged(&slips).tell(slips.len(), "terminal slips");
}

#[test]
fn and_twenty_more() {
    let slips = read("more-slips");
    judged(&slips).tell(slips.len(), "more slips");
}
