//! What went wrong in a schedule: the till's books against the service's ledger, sale by sale, and everything that the
//! library has ever said against what was true.
//!
//! What a [`Deception`] has led to is counted apart, and is no fault if `conflict` was raised for it. Two charges on one
//! transaction cannot be seen by any client, so there is none to raise.

use std::collections::BTreeMap;

use secupos::till::outcome::{Basis, Outcome};

use super::service::{Deception, Transaction};
use super::till_model::{Books, Key, Statement};
use super::world::World;

/// What was found in one schedule, each with words for whoever replays it.
#[derive(Default, Debug)]
pub struct Findings {
    /// A sale was charged more than once.
    pub double: Vec<String>,
    /// The library has said what was not so.
    pub wrong: Vec<String>,
    /// It was charged and nobody has booked it.
    pub lost: Vec<String>,
    /// It is unknown in the end.
    pub open: Vec<String>,
    /// The service deceived, and conflict was raised.
    pub conflicts: Vec<String>,
    /// The service deceived, and nothing can be seen of it.
    pub invisible: Vec<String>,
    pub failed_sales: u64,
}

impl Findings {
    pub fn faults(&self) -> impl Iterator<Item = (&'static str, &String)> {
        [("double", &self.double), ("wrong", &self.wrong), ("lost", &self.lost), ("open", &self.open)]
            .into_iter()
            .flat_map(|(name, found)| found.iter().map(move |words| (name, words)))
    }
}

pub fn judge(world: &World, books: &Books, finals: &BTreeMap<Key, Statement>) -> Findings {
    let mut findings = Findings::default();
    for (number, purchase) in books.purchases.iter().enumerate() {
        let before = findings.faults().count();
        let of_it = |reference: &String| purchase.references.contains(reference);
        let transactions: Vec<&Transaction> =
            world.service.transactions.iter().filter(|transaction| of_it(&transaction.reference)).collect();
        let last_word = |transaction: &Transaction| {
            finals.values().find(|last| last.transaction.as_deref() == Some(transaction.id.as_str()))
        };
        let has_conflict = |transaction: &Transaction| last_word(transaction).is_some_and(|last| last.conflict);
        // Both starts went to one transaction, and what it says last hides what it said first.
        let is_hidden = |transaction: &Transaction| {
            let starts = world.starts_of(&transaction.id);
            transaction.deceptions.contains(&Deception::RefusedYetCarriedOut)
                && starts > 1
                && !has_conflict(transaction)
        };
        let is_known_as_paid =
            |transaction: &Transaction| last_word(transaction).is_some_and(|last| last.outcome == Outcome::Approved);
        let is_conflict = |transaction: &Transaction| !transaction.deceptions.is_empty() && has_conflict(transaction);
        let is_excused = |transaction: &Transaction| is_conflict(transaction) || is_hidden(transaction);

        // Everything that was ever said.
        let said = books.statements.iter().chain(finals.values()).filter(|said| of_it(&said.key.0));
        for said in said {
            let meant = transactions.iter().find(|known| said.transaction.as_deref() == Some(known.id.as_str()));
            let is_true = match (said.outcome, meant) {
                (Outcome::Unknown, _) => true,
                // A person may say so a moment before.
                (Outcome::Approved, Some(known)) if said.basis == Basis::Operator => !known.charges.is_empty(),
                (Outcome::Approved, Some(known)) => known.charges.iter().any(|charged_at| *charged_at <= said.at),
                (Outcome::Declined | Outcome::NotStarted, Some(known)) => known.charges.is_empty(),
                (Outcome::Declined | Outcome::NotStarted, None) => true,
                (Outcome::Approved | Outcome::Reversed | Outcome::Pending, _) => false,
            };
            match meant {
                _ if is_true => {}
                Some(known) if is_excused(known) => {}
                _ => findings.wrong.push(format!("sale {number}: {said:?}")),
            }
        }

        // How often it was charged, whatever was said.
        let honest: Vec<_> = transactions.iter().filter(|transaction| !is_excused(transaction)).collect();
        let charges: usize = honest.iter().map(|transaction| transaction.charges.len().min(1)).sum();
        for transaction in &transactions {
            let words = || format!("sale {number}: transaction {} {:?}", transaction.id, transaction.deceptions);
            match transaction.charges.len() {
                2.. if transaction.deceptions.contains(&Deception::RefusedYetCarriedOut) => {
                    findings.invisible.push(words());
                }
                2.. => findings.double.push(words()),
                1 if is_hidden(transaction) && !is_known_as_paid(transaction) => findings.invisible.push(words()),
                _ => {}
            }
        }
        if charges > 1 {
            findings.double.push(format!("sale {number}: charged {charges} times"));
        }

        // The books.
        for transaction in &transactions {
            let key = last_word(transaction).map(|last| last.key.clone());
            let is_in = |list: &std::collections::BTreeSet<Key>| key.as_ref().is_some_and(|key| list.contains(key));
            let is_unknown = last_word(transaction).is_some_and(|last| last.outcome == Outcome::Unknown);
            let accounted = is_in(&books.booked) || is_in(&books.refunded);
            match (transaction.charges.is_empty(), accounted) {
                (false, false) if !is_unknown && !is_excused(transaction) => {
                    findings.lost.push(format!("sale {number}: transaction {} is charged, not booked", transaction.id));
                }
                (true, true) if !is_excused(transaction) => {
                    findings
                        .wrong
                        .push(format!("sale {number}: transaction {} is booked, not charged", transaction.id));
                }
                _ => {}
            }
            if has_conflict(transaction) && transaction.deceptions.is_empty() {
                findings
                    .wrong
                    .push(format!("sale {number}: transaction {} is in conflict without a cause", transaction.id));
            }
            if is_conflict(transaction) {
                findings.conflicts.push(format!("sale {number}: {:?}", transaction.deceptions));
            }
        }
        for last in finals.values().filter(|last| of_it(&last.key.0)) {
            if last.outcome == Outcome::Unknown {
                findings.open.push(format!("sale {number}: {:?} is unknown in the end", last.key));
            }
        }
        if findings.faults().count() > before {
            findings.failed_sales += 1;
        }
    }
    findings
}
