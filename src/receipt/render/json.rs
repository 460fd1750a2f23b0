//! A receipt as one JSON object, from which a binding gets everything in one call. The lines are as the server sent
//! them, the customer's without card numbers; keep the object as you keep the receipt.

use serde_json::{Map, Value, json};

use crate::receipt::copy::{Receipt, ReceiptCopy};
use crate::receipt::fields::Field;
use crate::receipt::render::options::Options;
use crate::receipt::signature::decision::{Decision, Signature};

impl Receipt {
    /// `{"copy", "lines", "fields": {name: {"value", "line"}}, "amount_matches", "signature": {"decision", "line",
    /// "index"}}`. A field's `line` counts from 0; so does the signature's `index`, while its `line` is the text that
    /// decided. The field "amount" also has `"minor_units"` and `"currency"`, null where they are not known.
    /// `amount_matches` compares the printed amount with the transaction's; null where either is not known.
    pub fn to_json(&self) -> Value {
        let fields = self.fields();
        let amount_matches = self.amount_matches(&fields);
        let (minor, currency) = self.printed_amount(&fields);
        let field = |field: Field| {
            let mut json = json!({"value": field.value, "line": field.line});
            if field.name == "amount" {
                json["minor_units"] = minor.into();
                json["currency"] = currency.map(|currency| currency.to_string()).into();
            }
            (field.name.to_owned(), json)
        };
        json!({
            "copy": self.copy().name(),
            "lines": self.raw_lines(),
            "fields": fields.into_iter().map(field).collect::<Map<_, _>>(),
            "amount_matches": amount_matches,
            "signature": self.signature().to_json(),
        })
    }

    /// The same for a print, with `"duplicate"` and `"reversed"`. A print that is a duplicate, or of a payment that was
    /// reversed, is not to be signed: then the decision on a merchant's copy is `not_required`, and no line says so.
    pub(super) fn to_json_as(&self, options: &Options) -> Value {
        let mut json = self.to_json();
        json["duplicate"] = options.duplicate.is_some().into();
        json["reversed"] = self.is_reversed(options).into();
        if self.copy() == ReceiptCopy::Merchant && (options.duplicate.is_some() || self.is_reversed(options)) {
            let spared = Signature { decision: Decision::NotRequired, ..Signature::unknown() };
            json["signature"] = spared.to_json();
        }
        json
    }

    /// Whether the printed amount is the transaction's; `None` where either is not known.
    fn amount_matches(&self, fields: &[Field]) -> Option<bool> {
        Some(self.printed_amount(fields).0? == self.sum?)
    }
}

impl Signature {
    /// `{"decision", "line", "index"}`.
    pub fn to_json(&self) -> Value {
        json!({"decision": self.decision.name(), "line": self.text, "index": self.line})
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_of_unknown_types_survive_unchanged() {
        let lines = r#"[{"type":"barcode","value":{"ean":[1,2.50,null],"z":1,"a":2}},{"type":"space"},7,null]"#;
        let receipt = Receipt::parse(lines.as_bytes(), ReceiptCopy::Customer).expect("a receipt");
        let expected: Value = serde_json::from_str(lines).expect("JSON");
        assert_eq!(receipt.to_json()["lines"], expected);
    }

    #[test]
    fn a_printed_amount_that_is_not_the_transactions_is_reported() {
        let matches = |sum: &str, printed: &str| {
            let line = json!({"type": "name-value", "value": {"name": "Betrag EUR", "value": printed}});
            let sum: Value = serde_json::from_str(sum).expect("JSON");
            let transaction = json!({"status": "ok", "basket_info": {"sum": sum}, "receipt": [line]});
            let receipt = Receipt::from_transaction(&transaction, ReceiptCopy::Customer).expect("a receipt");
            receipt.to_json()["amount_matches"].clone()
        };
        assert_eq!(matches("1", "0,01"), json!(true));
        assert_eq!(matches("\"1\"", "0,01"), json!(true));
        assert_eq!(matches("2", "0,01"), json!(false));
        assert_eq!(matches("null", "0,01"), json!(null));
        assert_eq!(matches("1", "0.01"), json!(true));
        assert_eq!(matches("123400", "1.234"), json!(null));
    }

    #[test]
    fn fields_and_signature_are_in_it() {
        let lines = r#"[{"type":"name-value","value":{"name":"Beleg-Nr.","value":"0003"}},
            {"type":"textline","value":{"text":"Unterschrift umseitig"}}]"#;
        let receipt = Receipt::parse(lines.as_bytes(), ReceiptCopy::Merchant).expect("a receipt").to_json();
        assert_eq!(receipt["copy"], "merchant");
        assert_eq!(receipt["fields"]["receipt_no"], json!({"value": "0003", "line": 0}));
        assert_eq!(receipt["signature"], json!({"decision": "required", "line": "Unterschrift umseitig", "index": 1}));
    }
}
