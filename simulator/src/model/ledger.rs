//! The money that moved. Whatever the service says, this is what was charged, and what was given back.

use serde::Serialize;

/// Money that moved.
#[derive(Clone, PartialEq, Eq, Debug, Serialize)]
pub struct Entry {
    /// Unix time in milliseconds, UTC.
    pub time: u64,
    /// The transaction's id.
    pub transaction: String,
    /// The till's reference: merchantRef.
    pub reference: String,
    /// In minor units.
    pub amount: i64,
    /// ISO 4217.
    pub currency: String,
    /// +1: paid; -1: given back.
    pub change: i8,
}

/// All of it, in its order.
#[derive(Default)]
pub(crate) struct Ledger(Vec<Entry>);

impl Ledger {
    pub(crate) fn entries(&self) -> &[Entry] {
        &self.0
    }

    fn of<'a>(&'a self, transaction: &'a str) -> impl DoubleEndedIterator<Item = &'a Entry> {
        self.0.iter().filter(move |entry| entry.transaction == transaction)
    }

    /// Money has been charged.
    pub(crate) fn charge(&mut self, entry: Entry) {
        self.0.push(entry);
    }

    /// The newest charge of this transaction is given back.
    pub(crate) fn give_back(&mut self, time: u64, transaction: &str) {
        let paid = self.of(transaction).rfind(|entry| entry.change > 0).cloned();
        self.0.extend(paid.map(|paid| Entry { time, change: -1, ..paid }));
    }

    /// How often it was charged, less how often that was given back.
    pub(crate) fn charges(&self, transaction: &str) -> i64 {
        self.of(transaction).map(|entry| i64::from(entry.change)).sum()
    }

    /// What it was charged, less what was given back.
    pub(crate) fn sum(&self, transaction: &str) -> i64 {
        self.of(transaction).map(|entry| entry.amount * i64::from(entry.change)).sum()
    }
}
