//! The Smart Transaction as it is sent and as it is received (reference, sections 3.2, 3.4 and 7.2). Strict in what is
//! sent, lenient in what is taken: every field may be missing or null, numbers may come as texts.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::api::refusal;
use crate::error::{Error, Result, Status};
use crate::money::Money;
use crate::receipt::parse::{integer, without_lone_surrogates};

/// What is posted to create a transaction.
#[derive(Serialize, Debug)]
pub struct NewTransaction<'a> {
    /// Always `sale` for a till.
    pub intent: &'static str,
    /// What is sold. Absent when the till gives only a sum.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub basket: Option<Basket<'a>>,
    /// What is to be paid.
    pub basket_info: BasketInfo<'a>,
    /// The till's reference, shown in secuOffice.
    #[serde(rename = "merchantRef")]
    pub merchant_ref: &'a str,
    /// The purpose line of the bank statement.
    #[serde(rename = "transactionRef", skip_serializing_if = "Option::is_none")]
    pub transaction_ref: Option<&'a str>,
}

/// The items.
#[derive(Serialize, Debug)]
pub struct Basket<'a> {
    /// One after the other, numbered from 1.
    pub products: Vec<Product<'a>>,
}

/// One item.
#[derive(Serialize, Debug)]
pub struct Product<'a> {
    /// The position, from 1.
    pub id: usize,
    /// `article`, or `coupon`, which lowers the sum.
    pub item_type: &'static str,
    /// What it is.
    pub desc: &'a str,
    /// The till's number for it.
    #[serde(rename = "articleNumber", skip_serializing_if = "Option::is_none")]
    pub article_number: Option<&'a str>,
    /// Its GTIN; the samples send null where there is none.
    pub ean: Option<&'a str>,
    /// How many.
    pub quantity: i64,
    /// Gross unit price in minor units.
    #[serde(rename = "priceOne")]
    pub price_one: i64,
    /// VAT rate in percent.
    pub tax: i32,
    /// The groups that it belongs to.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group: Vec<ProductGroup<'a>>,
}

/// A group of articles.
#[derive(Serialize, Debug)]
pub struct ProductGroup<'a> {
    /// The till's name for it.
    pub id: &'a str,
    /// What it is.
    pub desc: &'a str,
    /// How deep it is, from 1.
    pub level: i32,
}

/// The sum.
#[derive(Serialize, Debug)]
pub struct BasketInfo<'a> {
    /// In minor units; equals the sum of the items.
    pub sum: i64,
    /// How much of the sum is a tip.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub gratuity: Option<i64>,
    /// ISO 4217.
    pub currency: &'a str,
}

/// The id of a Smart Transaction: safe to put into a path.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub struct TransactionId(String);

impl TransactionId {
    /// Takes only letters, digits, `_` and `-`: an id from the server becomes part of a URL.
    pub fn parse(text: &str) -> Option<Self> {
        let safe = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_' || byte == b'-';
        ((1..=64).contains(&text.len()) && text.bytes().all(safe)).then(|| TransactionId(text.to_owned()))
    }

    /// The id as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TransactionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the server says of the amount. What is there but cannot be read is not the same as nothing.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Sum {
    /// Nothing.
    Absent,
    /// This many minor units.
    Of(i64),
    /// Something that is no amount.
    Unreadable,
}

/// A Smart Transaction as the server tells of it. `Debug` shows no receipt.
#[derive(Clone, PartialEq)]
pub struct SmartTransaction {
    /// Its id, if it is one.
    pub id: Option<TransactionId>,
    /// The server's word for where it stands, as sent; any word is possible.
    pub status: Option<String>,
    /// `basket_info.sum`.
    pub sum: Sum,
    /// `basket_info.currency`, as sent.
    pub currency: Option<String>,
    /// The terminal's small number of the receipt; 0 and absent both mean none.
    pub receipt_number: Option<i64>,
    /// "Print the merchant's copy now".
    pub merchant_receipt_due: bool,
    /// All of it, as parsed: the receipts are read from here.
    pub body: Value,
}

impl fmt::Debug for SmartTransaction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SmartTransaction {{ id: {:?}, status: {:?}, sum: {:?} }}", self.id, self.status, self.sum)
    }
}

impl SmartTransaction {
    /// Reads an answer's body.
    pub fn parse(body: &[u8]) -> Result<Self> {
        let refuse = |fault: &str| Error::new(Status::Protocol, format!("the answer is no Smart Transaction: {fault}"));
        let body: Value =
            serde_json::from_slice(&without_lone_surrogates(body)).map_err(|fault| refuse(&json_fault(&fault)))?;
        if !body.is_object() {
            return Err(refuse("it is not an object"));
        }
        let info = &body["basket_info"];
        Ok(SmartTransaction {
            id: body["id"].as_str().and_then(TransactionId::parse),
            status: body["status"].as_str().filter(|word| !word.is_empty()).map(str::to_owned),
            sum: match (&info["sum"], integer(&info["sum"])) {
                (Value::Null, _) => Sum::Absent,
                (_, Some(sum)) if sum >= 0 => Sum::Of(sum),
                _ => Sum::Unreadable,
            },
            currency: match &info["currency"] {
                Value::Null => None,
                Value::String(code) => Some(code.clone()),
                other => Some(other.to_string()),
            },
            receipt_number: integer(&body["receipt_number"]).filter(|number| *number > 0),
            merchant_receipt_due: matches!(&body["receipt_merchant_print"], Value::Bool(true)),
            body,
        })
    }

    /// Whether this speaks of another transaction or another currency. What is absent contradicts nothing.
    pub fn contradicts(&self, id: &TransactionId, money: Money) -> bool {
        let is_other = |code: &String| !code.eq_ignore_ascii_case(money.currency.code());
        self.id.as_ref().is_none_or(|own| own != id) || self.currency.as_ref().is_some_and(is_other)
    }

    /// The server's word for where it stands, made harmless for showing. For judging there is [`Self::status`].
    pub fn status_text(&self) -> Option<String> {
        self.status.as_deref().map(refusal::bounded)
    }

    /// Whether any receipt is there.
    pub fn has_receipts(&self) -> bool {
        let lines = |key: &str| self.body[key].as_array().is_some_and(|lines| !lines.is_empty());
        lines("receipt") || lines("receipt_merchant")
    }
}

/// What is wrong with JSON, and where, without quoting it: it may hold a receipt.
fn json_fault(fault: &serde_json::Error) -> String {
    format!("{:?} error at line {} column {}", fault.classify(), fault.line(), fault.column()).to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_may_come_as_texts_and_fields_may_be_missing() {
        let body =
            br#"{"id":"STX_1","status":"ok","receipt_number":"0003","basket_info":{"sum":"1","currency":"EUR"}}"#;
        let transaction = SmartTransaction::parse(body).expect("a transaction");
        assert_eq!(transaction.receipt_number, Some(3));
        assert_eq!(transaction.sum, Sum::Of(1));
        let bare = SmartTransaction::parse(b"{}").expect("a transaction");
        assert_eq!((bare.id, bare.status, bare.sum, bare.receipt_number), (None, None, Sum::Absent, None));
    }

    #[test]
    fn what_is_there_but_cannot_be_read_is_not_taken_for_nothing() {
        for (sum, expected) in [
            ("500", Sum::Of(500)),
            ("500.0", Sum::Of(500)),
            ("null", Sum::Absent),
            ("-5", Sum::Unreadable),
            ("5.5", Sum::Unreadable),
            ("1e300", Sum::Unreadable),
            ("[]", Sum::Unreadable),
            (r#""five""#, Sum::Unreadable),
        ] {
            let body = format!(r#"{{"basket_info":{{"sum":{sum}}}}}"#);
            assert_eq!(SmartTransaction::parse(body.as_bytes()).expect("a transaction").sum, expected, "{sum}");
        }
        let money = Money { minor: 1, currency: "EUR".parse().expect("a currency") };
        for (currency, contradicts) in [
            (r#""EUR""#, false),
            (r#""eur""#, false),
            ("null", false),
            (r#""chf""#, true),
            (r#""EURO""#, true),
            (r#""""#, true),
            ("978", true),
        ] {
            let body = format!(r#"{{"id":"STX_1","basket_info":{{"currency":{currency}}}}}"#);
            let transaction = SmartTransaction::parse(body.as_bytes()).expect("a transaction");
            let id = TransactionId::parse("STX_1").expect("an id");
            assert_eq!(transaction.contradicts(&id, money), contradicts, "{currency}");
        }
    }

    #[test]
    fn half_a_character_in_a_receipt_does_not_hide_that_money_moved() {
        let body = br#"{"id":"STX_1","status":"ok","receipt":[{"type":"textline","value":{"text":"\ud83d"}}]}"#;
        assert_eq!(SmartTransaction::parse(body).expect("a transaction").status.as_deref(), Some("ok"));
    }

    #[test]
    fn an_id_that_could_lead_elsewhere_is_none() {
        for id in ["", "../../oauth/token", "STX_1/start", "STX 1", "STX_ä", "STX_1?x", &"x".repeat(65)] {
            assert_eq!(TransactionId::parse(id), None, "{id}");
        }
        assert!(TransactionId::parse("STX_3HXQQBSVK2XWNAX7ESCZH9NZY3YZAZ").is_some());
    }

    #[test]
    fn what_is_no_object_or_too_deep_is_a_protocol_error_that_quotes_nothing() {
        let deep = "[".repeat(10_000);
        for body in ["", "null", "[]", "1", "<html>", r#"{"a":secret}"#, &deep] {
            let error = SmartTransaction::parse(body.as_bytes()).expect_err("refused");
            assert_eq!(error.status(), Status::Protocol);
            assert!(!error.message().contains("secret"), "{error}");
        }
    }
}
