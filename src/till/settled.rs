//! What became of a payment, told from its attempt in the journal and the server's answer: the same today and after a
//! restart.

use crate::api::transaction::{SmartTransaction, Sum, TransactionId};
use crate::error::{Error, Result, Status};
use crate::journal::{Attempt, Stage, State};
use crate::money::Money;
use crate::receipt::{Options, Receipt, ReceiptCopy, Signature};
use crate::till::outcome::{self, Action, Basis, Outcome, Reason, Reversal, Situation};

/// After start has taken this long, in milliseconds, the customer may have seen something else on the terminal than the
/// till.
const LONG: i64 = 60_000;

/// What became of a payment. `Debug` shows no receipt.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What became of it.
    pub outcome: Outcome,
    /// Why, for all but approved and reversed.
    pub reason: Option<Reason>,
    /// What became of its reversal.
    pub reversal: Reversal,
    /// Who says so.
    pub basis: Basis,
    /// The service has contradicted what was believed before: somebody has to refund or to collect.
    pub conflict: bool,
    /// The service took it for paid, and says now that it was not.
    pub(crate) unpaid_after_all: bool,
    /// What to do next, in this order.
    pub next_actions: Vec<Action>,
    /// The server's id for it.
    pub transaction_id: Option<TransactionId>,
    /// The server's own word for where it stands.
    pub status_text: Option<String>,
    /// What was charged: only of an approved one, and not always what was asked for (a tip, a part).
    pub amount_charged: Option<Money>,
    /// The terminal's number for it, needed to reverse it.
    pub receipt_number: Option<i64>,
    /// When it was settled: Unix time in milliseconds, UTC. Of an unknown one: when that was said.
    pub settled_at: i64,
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

impl Settled {
    /// One copy of the receipt.
    pub fn receipt(&self, copy: ReceiptCopy) -> &Receipt {
        match copy {
            ReceiptCopy::Customer => &self.customer_receipt,
            ReceiptCopy::Merchant => &self.merchant_receipt,
        }
    }

    /// Whether it was paid and the service had no receipt for the merchant yet.
    pub(crate) fn lacks_receipts(&self) -> bool {
        let is_paid = self.outcome == Outcome::Approved && self.basis == Basis::Server && !self.conflict;
        is_paid && self.merchant_receipt.is_empty() && !self.receipts_pruned
    }

    /// One copy of the receipt, rendered; that of a reversed payment says that it was.
    pub fn render_receipt(&self, copy: ReceiptCopy, options: Options) -> Result<Vec<u8>> {
        self.receipt(copy).render(&options)
    }

    /// What became of a reversal of which the journal knows nothing, because nothing was sent, and why.
    pub(crate) fn call_reversal(&mut self, reversal: Reversal, reason: Option<Reason>) {
        (self.reversal, self.reason) = (reversal, reason.or(self.reason));
        self.next_actions = outcome::next_actions(Situation {
            outcome: self.outcome,
            reason: self.reason,
            signature: self.signature.decision,
            has_merchant_receipt: !self.merchant_receipt.is_empty(),
            has_customer_receipt: !self.customer_receipt.is_empty(),
            took_long: false,
            conflict: self.conflict,
            unpaid_after_all: self.unpaid_after_all,
            reversal,
        });
    }

    /// What an attempt says with the server's answer that made it final, if there is one. `error`: what went wrong just
    /// now; `now`: for what is still unknown.
    pub(crate) fn of(attempt: &Attempt, answer: Option<&[u8]>, error: Option<Error>, now: i64) -> Settled {
        let outcome = outcome_of(attempt);
        let unpaid_after_all = attempt.is_unpaid_after_all();
        let decided = attempt.decision.as_ref().filter(|_| attempt.state == State::Starting);
        let reason = reason_of(attempt, outcome).filter(|_| decided.is_none());
        // What cannot be read is told by the error; the outcome stands.
        let transaction = answer.and_then(|answer| SmartTransaction::parse(answer).ok());
        let (mut customer_receipt, customer_error) = receipt(transaction.as_ref(), ReceiptCopy::Customer);
        let (mut merchant_receipt, merchant_error) = receipt(transaction.as_ref(), ReceiptCopy::Merchant);
        if outcome == Outcome::Reversed {
            customer_receipt.mark_reversed();
            merchant_receipt.mark_reversed();
        }
        let signature = merchant_receipt.signature();
        // A person who decides that it was paid does not know what was charged.
        let says_amount = outcome == Outcome::Approved && decided.is_none();
        let amount_charged = charged(attempt, transaction.as_ref()).filter(|_| says_amount);
        let amount_error = (says_amount && amount_charged.is_none())
            .then(|| Error::new(Status::Protocol, "the server says an amount that cannot be read"));
        let reversal = reversal_of(attempt, outcome);
        let reversal_error = || attempt.reversal.as_ref()?.fault.as_ref().map(|fault| fault.to_error());
        let next_actions = outcome::next_actions(Situation {
            outcome,
            reason,
            signature: signature.decision,
            has_merchant_receipt: !merchant_receipt.is_empty(),
            has_customer_receipt: !customer_receipt.is_empty(),
            took_long: attempt.took.is_some_and(|took| took > LONG),
            conflict: attempt.conflict.is_some(),
            unpaid_after_all,
            reversal,
        });
        Settled {
            outcome,
            reason,
            reversal,
            basis: if decided.is_some() { Basis::Operator } else { Basis::Server },
            conflict: attempt.conflict.is_some(),
            unpaid_after_all,
            next_actions,
            transaction_id: attempt.transaction_id.as_deref().and_then(TransactionId::parse),
            status_text: attempt.status_text.clone(),
            amount_charged,
            receipt_number: attempt.receipt_number.or(transaction.as_ref().and_then(|known| known.receipt_number)),
            settled_at: decided.map(|decision| decision.decided_at).or(attempt.finished_at).unwrap_or(now),
            customer_receipt,
            merchant_receipt,
            receipts_pruned: attempt.response.is_some() && answer.is_none(),
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

fn reversal_of(attempt: &Attempt, outcome: Outcome) -> Reversal {
    match (outcome, attempt.reversal.as_ref().map(|reversal| reversal.stage)) {
        (Outcome::Reversed, _) => Reversal::Done,
        (Outcome::Approved, Some(Stage::Reversing)) => Reversal::Unknown,
        (Outcome::Approved, Some(Stage::NotReversed)) => Reversal::Refused,
        _ => Reversal::None,
    }
}

fn outcome_of(attempt: &Attempt) -> Outcome {
    let paid_after_all = attempt.conflict.as_ref().is_some_and(|conflict| conflict.state == State::Approved);
    match attempt.standing() {
        // Whatever was believed before: money moved.
        _ if paid_after_all => Outcome::Approved,
        State::Starting => Outcome::Unknown,
        State::Approved => Outcome::Approved,
        State::Declined => Outcome::Declined,
        State::Reversed => Outcome::Reversed,
        State::NotStarted => Outcome::NotStarted,
    }
}

/// Why it has this outcome. The journal keeps the last reason that was true while it was in doubt, too.
fn reason_of(attempt: &Attempt, outcome: Outcome) -> Option<Reason> {
    let noted = attempt.reason.as_deref().and_then(Reason::named);
    match outcome {
        Outcome::Approved => {
            let of_reversal = attempt.reversal.as_ref().and_then(|reversal| reversal.reason.as_deref());
            of_reversal.and_then(Reason::named).or(noted.filter(|reason| *reason == Reason::JournalFailed))
        }
        Outcome::Reversed | Outcome::Pending => None,
        Outcome::Unknown => noted.or(Some(Reason::Interrupted)),
        Outcome::Declined | Outcome::NotStarted => noted,
    }
}

fn charged(attempt: &Attempt, transaction: Option<&SmartTransaction>) -> Option<Money> {
    let said = || minor_charged(transaction?, attempt.money);
    Some(Money { minor: attempt.amount_charged.or_else(said)?, ..attempt.money })
}

/// What a paid transaction has charged, in minor units: what was asked for, unless the server says something else.
pub(crate) fn minor_charged(transaction: &SmartTransaction, asked: Money) -> Option<i64> {
    match transaction.sum {
        Sum::Absent => Some(asked.minor),
        Sum::Of(minor) => Some(minor),
        Sum::Unreadable => None,
    }
}

/// A receipt that cannot be read must not cost an approved payment: its outcome stands, its receipt is empty.
pub(super) fn receipt(transaction: Option<&SmartTransaction>, copy: ReceiptCopy) -> (Receipt, Option<Error>) {
    let read: Option<Result<Receipt>> = transaction.map(|known| Receipt::from_transaction(&known.body, copy));
    match read {
        Some(Ok(receipt)) => (receipt, None),
        Some(Err(error)) => (Receipt::empty(copy), Some(error)),
        None => (Receipt::empty(copy), None),
    }
}
