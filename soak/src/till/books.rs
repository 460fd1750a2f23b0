//! The till's own books: one line for each sale that is begun, for each result that is taken over, and for each sale
//! that is given up. Appended and synced line by line; what it knows after a crash is what stands there.

use std::fs::{File, OpenOptions};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use secupos::payment::outcome::Outcome;
use secupos::till::handles::payment::Payment;
use secupos::till::handles::settled::Settled;
use serde_json::{Value, json};

/// The books of one till.
pub struct Books {
    file: File,
    name: String,
    lines: Vec<Value>,
}

/// A sale that waits to be paid for.
pub struct OpenSale {
    pub reference: String,
    pub amount: i64,
}

impl Books {
    /// Opens them, and forgets half a line at their end: a crash came in between.
    pub fn open(path: &Path, name: &str) -> io::Result<Books> {
        let mut file = OpenOptions::new().read(true).append(true).create(true).open(path)?;
        let mut text = String::new();
        file.read_to_string(&mut text)?;
        let whole = text.rfind('\n').map_or(0, |last| last + 1);
        file.set_len(whole as u64)?;
        let lines = text[..whole].lines().map(serde_json::from_str).collect::<Result<_, _>>()?;
        Ok(Books { file, name: name.to_owned(), lines })
    }

    fn append(&mut self, line: Value) -> io::Result<()> {
        self.file.write_all(format!("{line}\n").as_bytes())?;
        self.file.sync_data()?;
        self.lines.push(line);
        Ok(())
    }

    /// Begins the next sale.
    pub fn begin(&mut self, amount: i64) -> io::Result<OpenSale> {
        let sale = 1 + self.lines.iter().filter(|line| line["outcome"] == "begun").count();
        let reference = format!("{}-{sale}", self.name);
        self.append(
            json!({"time": now(), "sale": sale, "reference": reference, "outcome": "begun", "amount": amount}),
        )?;
        Ok(OpenSale { reference, amount })
    }

    /// The first sale that was begun and not closed yet.
    pub fn open_sale(&self) -> Option<OpenSale> {
        let begun = self.lines.iter().filter(|line| line["outcome"] == "begun");
        let mut sales = begun.filter_map(|line| {
            Some(OpenSale { reference: line["reference"].as_str()?.to_owned(), amount: line["amount"].as_i64()? })
        });
        sales.find(|sale| !self.is_closed(&sale.reference))
    }

    /// What this sale is over.
    pub fn amount(&self, reference: &str) -> Option<i64> {
        self.of(reference).find(|line| line["outcome"] == "begun")?["amount"].as_i64()
    }

    fn of<'a>(&'a self, reference: &'a str) -> impl DoubleEndedIterator<Item = &'a Value> {
        self.lines.iter().filter(move |line| line["reference"] == reference)
    }

    /// Whether it was paid or given up.
    pub fn is_closed(&self, reference: &str) -> bool {
        self.of(reference).any(|line| line["outcome"] == "approved" || line["outcome"] == "given_up")
    }

    /// How many attempts of it have an outcome.
    pub fn attempts(&self, reference: &str) -> i32 {
        let last = self.of(reference).filter_map(|line| line["attempt"].as_i64()).max();
        last.and_then(|last| i32::try_from(last).ok()).unwrap_or(0)
    }

    /// Whether booking this attempt would mean that the customer has paid twice, or for what was given up.
    pub fn would_be_paid_twice(&self, reference: &str, attempt: i32) -> bool {
        self.of(reference)
            .any(|line| line["outcome"] == "given_up" || (line["outcome"] == "approved" && line["attempt"] != attempt))
    }

    /// Books a result, once.
    pub fn note(&mut self, payment: &Payment, settled: &Settled) -> io::Result<()> {
        self.enter(payment, settled, settled.outcome.name())
    }

    /// Books that the money was given back, once.
    pub fn refunded(&mut self, payment: &Payment, settled: &Settled) -> io::Result<()> {
        self.enter(payment, settled, "refunded")
    }

    /// Closes a sale that was not paid for.
    pub fn give_up(&mut self, reference: &str) -> io::Result<()> {
        let sale = sale_of(reference);
        self.append(json!({"time": now(), "sale": sale, "reference": reference, "outcome": "given_up"}))
    }

    fn enter(&mut self, payment: &Payment, settled: &Settled, outcome: &str) -> io::Result<()> {
        let (reference, attempt) = (payment.ticket().reference.as_str(), payment.ticket().attempt);
        if self.of(reference).any(|line| line["attempt"] == attempt && line["outcome"] == outcome) {
            return Ok(());
        }
        let amount =
            settled.amount_charged.map(|charged| charged.minor).filter(|_| settled.outcome == Outcome::Approved);
        let line = json!({
            "time": now(),
            "sale": sale_of(reference),
            "reference": reference,
            "attempt": attempt,
            "outcome": outcome,
            "reason": settled.reason.map(|reason| reason.name()),
            "decided_by": settled.decided_by.name(),
            "conflict": settled.conflict,
            "transaction": settled.transaction_id.as_ref().map(|id| id.as_str()),
            "amount": amount,
        });
        self.append(line)
    }
}

fn sale_of(reference: &str) -> Option<u64> {
    reference.rsplit('-').next()?.parse().ok()
}

fn now() -> u64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(since.as_millis()).unwrap_or_default()
}
