//! The Smart Transaction as it is sent and as it is received (reference, sections 3.2, 3.4 and 7.2). Strict in what is
//! sent, lenient in what is taken: every field may be missing or null, numbers may come as texts.

use std::fmt;

use serde::Serialize;
use serde_json::Value;

use crate::api::{moment, refusal};
use crate::error::{Error, Result, Status};
use crate::lenient_json::Json;
use crate::money::Money;
use crate::payment::verdict::RemoteStatus;
use crate::receipt::parse::integer_of;

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

/// What decides about money. Where one of these is said twice and differently, nothing of the answer is believed.
const DECIDING: [&str; 7] =
    ["id", "status", "basket_info.sum", "basket_info.currency", "receipt_number", "receipt", "receipt_merchant"];

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
    /// The device that asked for it.
    pub device_source: Option<String>,
    /// The terminal that it is for.
    pub device_destination: Option<String>,
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
        Ok(SmartTransaction::of(object("Smart Transaction", body, &DECIDING)?))
    }

    fn of(body: Value) -> Self {
        let info = &body["basket_info"];
        SmartTransaction {
            id: body["id"].as_str().and_then(TransactionId::parse),
            status: body["status"].as_str().filter(|word| !word.is_empty()).map(str::to_owned),
            sum: match (&info["sum"], integer_of(&info["sum"])) {
                (Value::Null, _) => Sum::Absent,
                (_, Some(sum)) if sum >= 0 => Sum::Of(sum),
                _ => Sum::Unreadable,
            },
            currency: match &info["currency"] {
                Value::Null => None,
                Value::String(code) => Some(code.clone()),
                other => Some(other.to_string()),
            },
            receipt_number: integer_of(&body["receipt_number"]).filter(|number| *number > 0),
            device_source: device(&body["device_source"]),
            device_destination: device(&body["device_destination"]),
            merchant_receipt_due: matches!(&body["receipt_merchant_print"], Value::Bool(true)),
            body,
        }
    }

    /// Whether this speaks of another currency. What is absent contradicts nothing.
    pub fn is_of_another_currency(&self, money: Money) -> bool {
        self.currency.as_ref().is_some_and(|code| !code.eq_ignore_ascii_case(money.currency.code()))
    }

    /// What the server's word says of the money.
    pub fn remote_status(&self) -> RemoteStatus {
        RemoteStatus::of(self.status.as_deref(), self.has_receipts() || self.receipt_number.is_some())
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

/// A transaction in a list of them.
#[derive(Clone, PartialEq, Debug)]
pub struct Listed {
    /// Its id.
    pub id: TransactionId,
    /// When it was created, by the server's clock: Unix time in milliseconds.
    pub created: Option<i64>,
    /// What it is for: `sale`, or something that no till has asked for.
    pub intent: Option<String>,
    /// All that the list says of it.
    pub transaction: SmartTransaction,
}

/// Reads the answer to asking for a list. What has no usable id is nothing that anybody could ask about.
pub fn read_list(body: &[u8]) -> Result<Vec<Listed>> {
    let mut list = object("list of Smart Transactions", body, &["data"])?;
    let transactions = match list["data"].take() {
        Value::Array(transactions) => transactions,
        // An empty list may be left out, and a PHP backend writes one as an empty object now and then.
        Value::Null if integer_of(&list["count"]) == Some(0) => Vec::new(),
        Value::Object(none) if none.is_empty() => Vec::new(),
        _ => return Err(Error::new(Status::Protocol, "the answer is no list of Smart Transactions: it has no data")),
    };
    Ok(transactions.into_iter().filter_map(listed).collect())
}

fn listed(body: Value) -> Option<Listed> {
    let transaction = SmartTransaction::of(body);
    let text = |key: &str| transaction.body[key].as_str();
    Some(Listed {
        id: transaction.id.clone()?,
        created: text("created").and_then(moment::read),
        intent: text("intent").map(refusal::bounded),
        transaction,
    })
}

/// The id of a device, whether it comes in an object or by itself.
fn device(device: &Value) -> Option<String> {
    let id = device["id"].as_str().or(device.as_str())?;
    (1..=64).contains(&id.len()).then(|| id.to_owned())
}

/// A body that is meant to be `what`, none of whose `deciding` fields is said twice and differently.
fn object(what: &str, body: &[u8], deciding: &[&str]) -> Result<Value> {
    let refuse = |fault: &str| Error::new(Status::Protocol, format!("the answer is no {what}: {fault}"));
    let json = Json::received(body);
    let body = json.value().map_err(|fault| refuse(&json_fault(&fault)))?;
    if !body.is_object() {
        return Err(refuse("it is not an object"));
    }
    match json.contradiction(deciding) {
        Some(field) => Err(refuse(&format!("it says {field} twice, and differently"))),
        None => Ok(body),
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
            ("1e400", Sum::Unreadable),
            ("NaN", Sum::Unreadable),
            (r#""5.00""#, Sum::Unreadable),
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
            assert_eq!(transaction.is_of_another_currency(money), contradicts, "{currency}");
        }
    }

    #[test]
    fn devices_are_told_by_their_ids() {
        let long = "x".repeat(65);
        for (json, expected) in [
            (r#"{"object":"smart.devices","id":"SDV_1"}"#, Some("SDV_1")),
            (r#""SDV_1""#, Some("SDV_1")),
            ("null", None),
            ("[]", None),
            (r#"{"id":""}"#, None),
            (r#"{"id":7}"#, None),
            (&format!("\"{long}\""), None),
        ] {
            let body = format!(r#"{{"device_source":{json},"device_destination":{json}}}"#);
            let transaction = SmartTransaction::parse(body.as_bytes()).expect("a transaction");
            assert_eq!(transaction.device_source.as_deref(), expected, "{json}");
            assert_eq!(transaction.device_destination.as_deref(), expected, "{json}");
        }
    }

    #[test]
    fn a_list_is_read_as_far_as_it_has_ids() {
        let body = br#"{"count":144,"x":NaN,"data":[
            {"id":"STX_2","status":"ok","created":"2021-02-25T08:47:25+01:00","intent":"sale","receipt_number":"3",
             "device_source":{"object":"smart.devices","id":"SDV_1"},"receipt":[{"type":"space"}]},
            {"id":"STX_1","status":"created","created":"yesterday"},
            {"id":"../x","status":"ok"}, {"status":"ok"}, null, 7]}"#;
        let list = read_list(body).expect("a list");
        let ids: Vec<&str> = list.iter().map(|listed| listed.id.as_str()).collect();
        assert_eq!(ids, ["STX_2", "STX_1"]);
        let paid = &list[0];
        assert_eq!((paid.created, paid.intent.as_deref()), (Some(1_614_239_245_000), Some("sale")));
        assert_eq!(paid.transaction.device_source.as_deref(), Some("SDV_1"));
        assert_eq!((paid.transaction.receipt_number, paid.transaction.has_receipts()), (Some(3), true));
        assert_eq!((list[1].created, list[1].intent.as_deref()), (None, None));
        assert_eq!(list[1].transaction.status.as_deref(), Some("created"));
    }

    #[test]
    fn an_empty_list_is_one_and_no_list_is_an_error() {
        for empty in [r#"{"count":0,"data":[]}"#, r#"{"count":"0","data":null}"#, r#"{"count":0}"#, r#"{"data":{}}"#] {
            assert_eq!(read_list(empty.as_bytes()), Ok(Vec::new()), "{empty}");
        }
        let twice = r#"{"data":[],"data":[{"id":"STX_1"}]}"#;
        for none in ["", "[]", "{}", r#"{"data":7}"#, r#"{"count":1,"data":null}"#, r#"{"data":[{"id":"STX_1"}"#, twice]
        {
            assert_eq!(read_list(none.as_bytes()).expect_err(none).status(), Status::Protocol);
        }
    }

    #[test]
    fn half_a_character_in_a_receipt_does_not_hide_that_money_moved() {
        let body = br#"{"id":"STX_1","status":"ok","receipt":[{"type":"textline","value":{"text":"\ud83d"}}]}"#;
        assert_eq!(SmartTransaction::parse(body).expect("a transaction").status.as_deref(), Some("ok"));
    }

    #[test]
    fn what_nobody_needs_may_be_broken() {
        let fixture = |name: &str| {
            let file = format!("{}/tests/fixtures/second-look/answer-{name}.json", env!("CARGO_MANIFEST_DIR"));
            SmartTransaction::parse(&std::fs::read(&file).expect(&file)).expect(name)
        };
        for (name, sum) in [
            ("with-bom", Sum::Of(1)),
            ("with-one-latin1-byte", Sum::Of(1)),
            ("with-nan", Sum::Of(1)),
            ("with-1e400", Sum::Of(1)),
            ("nested-300-deep", Sum::Of(1)),
            ("amount-as-text", Sum::Of(1)),
            ("amount-as-decimal-text", Sum::Unreadable),
        ] {
            let transaction = fixture(name);
            assert_eq!(transaction.id.as_ref().map(TransactionId::as_str), Some("STX_3HXQQBSVK2XWNAX7ESCZH9NZY3YZAZ"));
            assert_eq!(transaction.status.as_deref(), Some("ok"), "{name}");
            assert_eq!((transaction.sum, transaction.receipt_number), (sum, Some(3)), "{name}");
            assert_eq!(transaction.currency.as_deref(), Some("EUR"), "{name}");
            let lines = |copy: &str| transaction.body[copy].as_array().map(Vec::len);
            assert_eq!((lines("receipt"), lines("receipt_merchant")), (Some(21), Some(23)), "{name}");
        }
        assert_eq!(fixture("with-one-latin1-byte").body["merchant"]["name"], "Bäckerei Übel");
        let deep = format!(r#"{{"status":"ok","x":{}{}}}"#, "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(SmartTransaction::parse(deep.as_bytes()).expect("read").status.as_deref(), Some("ok"));
    }

    #[test]
    fn what_decides_may_be_said_twice_but_not_differently() {
        let fields = [
            (r#""id":"STX_1""#, r#""id":"STX_2""#),
            (r#""status":"ok""#, r#""status":"failed""#),
            (r#""status":"ok""#, r#""status":null"#),
            (r#""basket_info":{"sum":1}"#, r#""basket_info":{"sum":2}"#),
            (r#""basket_info":{"currency":"EUR"}"#, r#""basket_info":{"sum":2,"currency":"CHF"}"#),
            (r#""receipt_number":3"#, r#""receipt_number":4"#),
            (r#""receipt":[]"#, r#""receipt":[{}]"#),
            (r#""receipt_merchant":[]"#, r#""receipt_merchant":[{}]"#),
        ];
        for (one, other) in fields {
            assert!(SmartTransaction::parse(format!("{{{one},{one}}}").as_bytes()).is_ok(), "{one}");
            let error = SmartTransaction::parse(format!("{{{one},{other}}}").as_bytes()).expect_err(one);
            assert_eq!(error.status(), Status::Protocol);
            assert!(error.message().contains("twice, and differently"), "{error}");
        }
        let within = SmartTransaction::parse(br#"{"basket_info":{"sum":1,"currency":"EUR","sum":2}}"#);
        assert!(within.expect_err("refused").message().contains("basket_info.sum twice"));
        for elsewhere in [r#"{"x":1,"x":2}"#, r#"{"x":{"status":"ok","status":"failed"}}"#] {
            assert!(SmartTransaction::parse(elsewhere.as_bytes()).is_ok(), "{elsewhere}");
        }
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
