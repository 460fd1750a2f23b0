//! What went wrong in a schedule: the till's books against the service's ledger, purchase by purchase, and everything that the
//! library has ever said against what was true.
//!
//! What a [`Deception`] has led to is counted apart, and is no fault if `conflict` was raised for it. Where a person calls paid
//! what was never started, nothing can ever show it: that is not aborted, and the service says `created` for good.

use std::collections::{BTreeMap, BTreeSet};

use secupos::payment::action::Action;
use secupos::payment::outcome::{DecidedBy, Outcome};

use super::till_model::{Books, Key, Statement};
use super::transactions::{Charge, Deception, Transaction};
use super::world::World;

/// What was found in one schedule, each with words for whoever replays it.
#[derive(Default, Debug)]
pub struct Findings {
    /// A sale was charged more than once, or a transaction started more than once.
    pub double: Vec<String>,
    /// The library has said what was not so, or has asked for money that was not due.
    pub wrong: Vec<String>,
    /// It was charged and nobody has booked it.
    pub lost: Vec<String>,
    /// It is unknown in the end.
    pub open: Vec<String>,
    /// The service deceived, and conflict was raised.
    pub conflicts: Vec<String>,
    /// A person was wrong, and nothing can show it.
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
        let transactions: Vec<(usize, &Transaction)> =
            world.transactions.iter().enumerate().filter(|(_, known)| of_it(&known.reference)).collect();
        let last_word = |transaction: &Transaction| {
            finals.values().find(|last| last.transaction.as_deref() == Some(transaction.id.as_str()))
        };
        let has_conflict = |transaction: &Transaction| last_word(transaction).is_some_and(|last| last.conflict);
        let is_invisible = |transaction: &Transaction| {
            let is_believed = last_word(transaction).is_some_and(|last| last.decided_by == DecidedBy::Operator);
            transaction.deceptions.contains_key(&Deception::DecidedWrongly) && is_believed
        };
        // Who has told "not paid" before anybody could be deceived was not.
        let told_from = |transaction: &Transaction| {
            let negative = |said: &&Statement| matches!(said.outcome, Outcome::Failed | Outcome::NotStarted);
            let mut of_it = books.statements.iter().filter(|said| said.transaction.as_deref() == Some(&transaction.id));
            of_it.find(negative).map(|said| said.at)
        };
        let was_deceived = |transaction: &Transaction| {
            let told_from = told_from(transaction);
            transaction.deceptions.values().any(|from| told_from.is_none_or(|told| told >= *from))
        };
        let is_conflict = |transaction: &Transaction| was_deceived(transaction) && has_conflict(transaction);
        let is_excused = |transaction: &Transaction| is_conflict(transaction) || is_invisible(transaction);
        let named = |said: &Statement| {
            let id = said.transaction.as_deref();
            transactions.iter().map(|(_, known)| *known).find(|known| id == Some(known.id.as_str()))
        };

        // Everything that was ever said.
        let said: Vec<&Statement> = books.statements.iter().filter(|said| of_it(&said.key.0)).collect();
        for said in said.iter().copied().chain(finals.values().filter(|said| of_it(&said.key.0))) {
            let meant = named(said);
            let was_charged = |known: &Transaction| known.charges.iter().any(|charge| charge.at <= said.at);
            let is_true = match (said.outcome, meant) {
                (Outcome::Unknown, _) => true,
                // A person may say so a moment before.
                (Outcome::Approved, Some(known)) if said.decided_by == DecidedBy::Operator => known.is_charged(),
                (Outcome::Approved, Some(known)) => {
                    let says_sum =
                        said.charged.is_none_or(|sum| known.charges.iter().any(|charge| charge.minor == sum));
                    was_charged(known) && says_sum
                }
                (Outcome::Failed | Outcome::NotStarted, Some(known)) => !known.is_charged(),
                (Outcome::Failed | Outcome::NotStarted, None) => true,
                (Outcome::Approved | Outcome::Reversed | Outcome::Pending, _) => false,
            };
            if !is_true && !meant.is_some_and(is_excused) {
                findings.wrong.push(format!("sale {number}: {said:?}"));
            }
        }

        // What was asked for with money: once, and when it was due.
        let mut asked = BTreeSet::new();
        for said in &said {
            for action in said
                .actions
                .iter()
                .filter(|action| matches!(action, Action::Refund | Action::Collect | Action::CollectRest))
            {
                let words = || format!("sale {number}: {action:?} of {:?}", said.key);
                if !asked.insert((said.key.clone(), action.name())) {
                    findings.wrong.push(format!("{}, a second time", words()));
                }
                let charged_by_then = |known: &&Transaction| {
                    known.reference == said.key.0 && known.charges.iter().any(|charge| charge.at <= said.at)
                };
                let all = || transactions.iter().map(|(_, known)| *known);
                let is_due = match action {
                    Action::Refund => all().filter(charged_by_then).count() > 1,
                    Action::Collect => named(said).is_some_and(|known| !known.is_charged()),
                    _ => named(said).is_some_and(|known| {
                        let left = |charge: &Charge| Some(known.amount - charge.minor) == said.due;
                        known.charges.iter().any(left) && said.due.is_some_and(|due| due > 0)
                    }),
                };
                if !is_due {
                    findings.wrong.push(format!("{}, which is not due", words()));
                }
            }
        }

        // How often it was charged, whatever was said.
        let honest = || transactions.iter().filter(|(_, transaction)| !is_excused(transaction));
        let charges: usize = honest().map(|(_, transaction)| transaction.charges.len()).sum();
        if charges > 1 {
            findings.double.push(format!("sale {number}: charged {charges} times"));
        }
        for (at, transaction) in &transactions {
            let starts = world.starts_of(*at);
            if starts > 1 {
                findings.double.push(format!("sale {number}: {} was started {starts} times", transaction.id));
            }
        }

        // The books.
        for (_, transaction) in &transactions {
            let key = last_word(transaction).map(|last| last.key.clone());
            let is_in = |list: &BTreeSet<Key>| key.as_ref().is_some_and(|key| list.contains(key));
            let is_unknown = last_word(transaction).is_some_and(|last| last.outcome == Outcome::Unknown);
            let accounted = is_in(&books.booked) || is_in(&books.refunded);
            let id = &transaction.id;
            match (transaction.is_charged(), accounted) {
                (true, false) if !is_unknown => {
                    findings.lost.push(format!("sale {number}: transaction {id} is charged, not booked"));
                }
                (false, true) if !is_excused(transaction) => {
                    findings.wrong.push(format!("sale {number}: transaction {id} is booked, not charged"));
                }
                _ => {}
            }
            if is_in(&books.booked) && is_in(&books.refunded) {
                findings.wrong.push(format!("sale {number}: transaction {id} is booked and given back"));
            }
            if has_conflict(transaction) && transaction.deceptions.is_empty() {
                findings.wrong.push(format!("sale {number}: transaction {id} is in conflict without a cause"));
            }
            if is_invisible(transaction) {
                findings.invisible.push(format!("sale {number}: {id}"));
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
        // In the end the customer has paid once, whatever was charged: by the books, which are the ledger.
        let is_honest = |key: &&Key| honest().any(|(_, known)| last_word(known).is_some_and(|last| last.key == **key));
        let booked = books.booked.iter().filter(is_honest).count();
        if booked > 1 {
            findings.double.push(format!("sale {number}: booked {booked} times"));
        }
        if findings.faults().count() > before {
            findings.failed_sales += 1;
        }
    }
    findings
}
