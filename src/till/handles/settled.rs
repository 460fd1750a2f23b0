//! What became of a payment, told from its attempt in the journal and the server's answer: the same today and after a
//! restart.

use std::sync::{Mutex, OnceLock, PoisonError};

use crate::api::transaction::{SmartTransaction, Sum, TransactionId};
use crate::error::{Error, Result, Status};
use crate::money::Money;
use crate::payment::action::Action;
use crate::payment::attempt::Attempt;
use crate::payment::next_actions::{self, Printed, Situation};
use crate::payment::outcome::Contradiction;
use crate::payment::outcome::{DecidedBy, Outcome, ReversalOutcome};
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::payment::voice::{SaleBalance, Told};
use crate::receipt::{Options, Receipt, ReceiptCopy, Signature};

/// What became of a payment. `Debug` shows no receipt.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What became of it.
    pub outcome: Outcome,
    /// Why, for all but approved and reversed.
    pub reason: Option<Reason>,
    /// What became of its reversal.
    pub reversal: ReversalOutcome,
    /// Who says so.
    pub decided_by: DecidedBy,
    /// The service has contradicted what was believed before: a person has to see to it.
    pub conflict: bool,
    /// All that the next actions depend on.
    situation: Situation,
    /// What this tells of the attempt, and so what is taken over by acknowledging it.
    pub(crate) tells: Told,
    /// When money was asked for before, if it was: Unix time in milliseconds, UTC.
    pub asked_before_at: Option<i64>,
    /// What to do next, in this order.
    pub next_actions: Vec<Action>,
    /// The server's id for it.
    pub transaction_id: Option<TransactionId>,
    /// The server's own word for where it stands.
    pub status_text: Option<String>,
    /// What was charged: only of an approved one, and not always what was asked for (a tip, a part).
    pub amount_charged: Option<Money>,
    /// What is missing of what was asked for, where only a part was charged.
    pub amount_due: Option<Money>,
    /// The terminal's number for it, needed to reverse it.
    pub receipt_number: Option<i64>,
    /// When it was settled: Unix time in milliseconds, UTC. Of an unknown one: when that was said.
    pub completed_at: i64,
    /// The customer's copy; empty if there is none.
    pub customer_receipt: Receipt,
    /// The merchant's copy; empty if there is none.
    pub merchant_receipt: Receipt,
    /// The server's answer was removed from the archive ([`Till::prune_archive`](crate::till::Till::prune_archive)), and
    /// its receipts with it.
    pub receipts_pruned: bool,
    /// Whether the server asks for the merchant's copy to be printed now.
    pub merchant_receipt_due: bool,
    /// Whether the customer must sign the merchant's copy.
    pub signature: Signature,
    /// What went wrong, where something did.
    pub error: Option<Error>,
}

/// The same, put together when somebody first looks at it: nobody looks at each receipt of a long list.
pub(crate) struct SettledLater {
    settled: OnceLock<Settled>,
    /// Whoever is second waits at this lock. Where the standard library waits for a value that another thread makes, .NET's
    /// threads of 32 bits have died of it (Rust's targets for Windows 7, seen under Wine).
    make: Mutex<Option<Make>>,
}

type Make = Box<dyn FnOnce() -> Settled + Send>;

impl SettledLater {
    pub(crate) fn new(make: impl FnOnce() -> Settled + Send + 'static) -> SettledLater {
        SettledLater { settled: OnceLock::new(), make: Mutex::new(Some(Box::new(make))) }
    }

    /// It; none only if putting it together has failed before.
    pub(crate) fn get(&self) -> Option<&Settled> {
        if let Some(settled) = self.settled.get() {
            return Some(settled);
        }
        let mut make = self.make.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(make) = make.take() {
            let _ = self.settled.set(make());
        }
        self.settled.get()
    }
}

impl From<Settled> for SettledLater {
    fn from(settled: Settled) -> SettledLater {
        SettledLater { settled: OnceLock::from(settled), make: Mutex::new(None) }
    }
}

impl Settled {
    /// One copy of the receipt.
    pub fn receipt(&self, copy: ReceiptCopy) -> &Receipt {
        match copy {
            ReceiptCopy::Customer => &self.customer_receipt,
            ReceiptCopy::Merchant => &self.merchant_receipt,
        }
    }

    /// One copy of the receipt, rendered; that of a reversed payment says that it was.
    pub fn render_receipt(&self, copy: ReceiptCopy, options: Options) -> Result<Vec<u8>> {
        self.receipt(copy).render(&options)
    }

    /// Whether it tells of a surplus that no contradiction tells.
    pub(crate) fn says_surplus(&self) -> bool {
        self.situation.says_surplus && self.contradiction().is_none()
    }

    /// Which contradiction is open.
    pub(crate) fn contradiction(&self) -> Option<Contradiction> {
        self.situation.contradiction
    }

    /// Whether the sale was charged more than once.
    pub(crate) fn is_surplus(&self) -> bool {
        self.situation.is_surplus
    }

    /// What became of a reversal of which the journal knows nothing, because nothing was sent, and why.
    pub(crate) fn call_reversal(&mut self, reversal: ReversalOutcome, reason: Option<Reason>) {
        (self.reversal, self.reason) = (reversal, reason.or(self.reason));
        let situation = Situation { reason: self.reason, reversal, reversal_refused: false, ..self.situation };
        self.next_actions = next_actions::next_actions(situation);
    }

    /// What an attempt says with the server's answer that made it final, if there is one. `error`: what went wrong just now.
    pub(crate) fn of(attempt: &Attempt, answer: Option<&[u8]>, error: Option<Error>, known: Known) -> Settled {
        let outcome = attempt.outcome();
        let decided = attempt.decision.as_ref().filter(|_| attempt.state == State::Starting);
        // What cannot be read is told by the error; the outcome stands.
        let transaction = answer.and_then(|answer| SmartTransaction::parse(answer).ok());
        let (mut customer_receipt, customer_error) = receipt(transaction.as_ref(), ReceiptCopy::Customer);
        let (mut merchant_receipt, merchant_error) = receipt(transaction.as_ref(), ReceiptCopy::Merchant);
        if outcome == Outcome::Reversed {
            customer_receipt.mark_reversed();
            merchant_receipt.mark_reversed();
        }
        let signature = merchant_receipt.signature();
        let printed = Printed {
            signature: signature.decision,
            has_merchant_receipt: !merchant_receipt.is_empty(),
            has_customer_receipt: !customer_receipt.is_empty(),
            receipts_pruned: attempt.response.is_some() && answer.is_none(),
        };
        let situation = Situation::of(attempt, known.balance, printed, known.others_unfinished);
        let amount_error = (outcome == Outcome::Approved && attempt.amount_unreadable)
            .then(|| Error::new(Status::Protocol, "the server says an amount that cannot be read"));
        let money = |minor| Money { minor, ..attempt.money };
        // A person who decides that it was paid does not know what was charged.
        let charged = attempt.amount_charged.filter(|_| outcome == Outcome::Approved);
        let reversal_error = || attempt.reversal.as_ref()?.fault.as_ref().map(|fault| fault.to_error());
        let of_reversal = attempt.reversal.as_ref().filter(|_| attempt.state == State::Approved);
        let reversal_decided = of_reversal.is_some_and(|reversal| reversal.decision.is_some());
        Settled {
            outcome,
            reason: situation.reason,
            reversal: situation.reversal,
            decided_by: if decided.is_some() || reversal_decided { DecidedBy::Operator } else { DecidedBy::Server },
            conflict: attempt.conflict.is_some(),
            tells: Told::default(),
            asked_before_at: attempt.demands.first().map(|demand| demand.at),
            next_actions: next_actions::next_actions(situation),
            situation,
            transaction_id: attempt.transaction_id.as_deref().and_then(TransactionId::parse),
            status_text: attempt.status_text.clone(),
            amount_charged: charged.map(money),
            amount_due: attempt
                .amount_due()
                .filter(|_| outcome == Outcome::Approved && !known.balance.is_covered)
                .map(money),
            receipt_number: attempt.receipt_number.or(transaction.as_ref().and_then(|known| known.receipt_number)),
            completed_at: decided.map(|decision| decision.decided_at).or(attempt.finished_at).unwrap_or(known.at),
            customer_receipt,
            merchant_receipt,
            receipts_pruned: printed.receipts_pruned,
            merchant_receipt_due: transaction.is_some_and(|transaction| transaction.merchant_receipt_due),
            signature,
            error: error
                .or_else(|| reversal_error().filter(|_| outcome == Outcome::Approved))
                .or(amount_error)
                .or(merchant_error)
                .or(customer_error)
                .map(|error| if outcome == Outcome::NotStarted { error } else { error.of_what_was_sent() }),
        }
    }
}

/// What else is known when an attempt is told.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Known {
    /// Of all attempts at the sale.
    pub(crate) balance: SaleBalance,
    /// Something else needs a person and has not been told.
    pub(crate) others_unfinished: bool,
    /// Now: Unix time in milliseconds, UTC.
    pub(crate) at: i64,
}

/// What a transaction says was charged.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Charged {
    /// Nothing is said of it.
    Unsaid,
    /// So many minor units.
    Minor(i64),
    /// Something that is no amount.
    Unreadable,
}

impl Charged {
    pub(crate) fn minor(self) -> Option<i64> {
        match self {
            Charged::Minor(minor) => Some(minor),
            Charged::Unsaid | Charged::Unreadable => None,
        }
    }
}

/// What a paid transaction has charged: what was asked for, unless the server says something else.
pub(crate) fn minor_charged(transaction: &SmartTransaction, asked: Money) -> Charged {
    match transaction.sum {
        Sum::Absent => Charged::Minor(asked.minor),
        Sum::Of(minor) => Charged::Minor(minor),
        Sum::Unreadable => Charged::Unreadable,
    }
}

/// A receipt that cannot be read must not cost an approved payment: its outcome stands, its receipt is empty.
pub(crate) fn receipt(transaction: Option<&SmartTransaction>, copy: ReceiptCopy) -> (Receipt, Option<Error>) {
    let read: Option<Result<Receipt>> = transaction.map(|known| Receipt::from_transaction(&known.body, copy));
    match read {
        Some(Ok(receipt)) => (receipt, None),
        Some(Err(error)) => (Receipt::empty(copy), Some(error)),
        None => (Receipt::empty(copy), None),
    }
}
