//! A payment, as the till holds it: it changes once, from pending to its result, and whoever waits is told.

use std::sync::{Condvar, Mutex, OnceLock, PoisonError};
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::api::oauth::Grant;
use crate::api::transaction::TransactionId;
use crate::error::{Error, Language, Result, Status, words_of_the_service};
use crate::money::Money;
use crate::receipt::{Decision, Receipt, ReceiptCopy, Signature};
use crate::till::outcome::{self, Action, Outcome, Reason};
use crate::till::register::Fate;
use crate::till::sale::Sale;

/// What is known of a payment from the beginning.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Ticket {
    /// The till's number for the sale.
    pub reference: String,
    /// Which try this is.
    pub attempt: i32,
    /// What the till asked for.
    pub money: Money,
    /// When `pay` was called: Unix time in milliseconds, UTC.
    pub created_at: i64,
    /// How the till logs in.
    pub grant: Grant,
}

impl Ticket {
    /// For a sale that is paid for now.
    pub(crate) fn new(sale: &Sale, created_at: i64, grant: Grant) -> Self {
        let reference = sale.reference().to_owned();
        Ticket { reference, attempt: sale.attempt(), money: sale.money(), created_at, grant }
    }
}

/// What became of a payment. `Debug` shows no receipt.
#[derive(Clone, Debug)]
pub struct Settled {
    /// What became of it.
    pub outcome: Outcome,
    /// Why, for all but approved and reversed.
    pub reason: Option<Reason>,
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
    /// When it was settled: Unix time in milliseconds, UTC.
    pub settled_at: i64,
    /// The customer's copy; empty if there is none.
    pub customer_receipt: Receipt,
    /// The merchant's copy; empty if there is none.
    pub merchant_receipt: Receipt,
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
}

/// A payment.
pub struct Payment {
    ticket: Ticket,
    /// The process that began it: what it waits for happens on a thread, and threads do not survive a fork.
    process: u32,
    /// The transaction, noted before it is started.
    transaction: OnceLock<TransactionId>,
    fate: Fate,
    settled: OnceLock<Settled>,
    gate: Mutex<()>,
    opened: Condvar,
}

impl Payment {
    pub(crate) fn new(ticket: Ticket) -> Self {
        let (transaction, fate) = (OnceLock::new(), Fate::default());
        let process = std::process::id();
        Payment {
            ticket,
            process,
            transaction,
            fate,
            settled: OnceLock::new(),
            gate: Mutex::new(()),
            opened: Condvar::new(),
        }
    }

    /// What became of it, for the register.
    pub(crate) fn fate(&self) -> Fate {
        self.fate.clone()
    }

    /// Notes that start is about to be sent for this transaction.
    pub(crate) fn note_start(&self, transaction: &TransactionId) {
        let _ = self.transaction.set(transaction.clone());
    }

    /// The transaction for which start may have been sent.
    pub(crate) fn noted_start(&self) -> Option<&TransactionId> {
        self.transaction.get()
    }

    /// Refuses to be used by a forked child, in which nobody would ever settle it.
    pub fn check_process(&self) -> Result<()> {
        check_process(self.process)
    }

    /// Sets the result, once; a later one is ignored.
    pub(crate) fn settle(&self, settled: Settled) {
        let _gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        let _ = self.fate.set(settled.outcome);
        let _ = self.settled.set(settled);
        self.opened.notify_all();
    }

    /// What was known from the beginning.
    pub fn ticket(&self) -> &Ticket {
        &self.ticket
    }

    /// The result, once there is one.
    pub fn settled(&self) -> Option<&Settled> {
        self.settled.get()
    }

    /// What became of it so far.
    pub fn outcome(&self) -> Outcome {
        self.settled().map_or(Outcome::Pending, |settled| settled.outcome)
    }

    /// Waits for the result: for ever without a limit, not at all with a limit of zero. Leaving the wait stops nothing.
    pub fn wait(&self, limit: Option<Duration>) -> Outcome {
        let deadline = limit.and_then(|limit| Instant::now().checked_add(limit));
        let mut gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        while self.settled().is_none() {
            gate = match deadline {
                None => self.opened.wait(gate).unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        break;
                    }
                    self.opened.wait_timeout(gate, left).unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
        self.outcome()
    }

    /// What the cashier reads, with the server's own words where it sent some.
    pub fn cashier_text(&self, language: Language) -> String {
        let settled = self.settled();
        let outcome = self.outcome();
        let reason = settled.and_then(|settled| settled.reason);
        let signature = settled.map_or(Decision::Unknown, |settled| settled.signature.decision);
        let mut text = outcome::cashier_text(outcome, reason, signature, language).to_owned();
        if let Some(charged) = settled.and_then(|settled| settled.amount_charged).filter(|m| *m != self.ticket.money) {
            text += &match language {
                Language::German => format!(" Achtung: Gebucht wurden {charged} statt {}.", self.ticket.money),
                Language::English => format!(" Note: {charged} were charged instead of {}.", self.ticket.money),
            };
        }
        if let Some(words) = settled.and_then(|settled| settled.error.as_ref()?.server().text.as_deref()) {
            text += &format!(" {}", words_of_the_service(words, language));
        }
        text
    }

    /// The payment as one JSON object, the same in every binding and on the command line. It holds the receipts: keep
    /// it as you keep those.
    pub fn to_json(&self) -> Value {
        let ticket = &self.ticket;
        let settled = self.settled();
        let number = |minor: Option<Money>| minor.map(|money| money.minor);
        json!({
            "reference": ticket.reference,
            "attempt": ticket.attempt,
            "outcome": self.outcome().name(),
            "reason": settled.and_then(|settled| settled.reason).map(Reason::name),
            "next_actions": settled.map_or(Vec::new(), |s| s.next_actions.iter().map(|action| action.name()).collect()),
            "amount": ticket.money.minor,
            "amount_charged": number(settled.and_then(|settled| settled.amount_charged)),
            "currency": ticket.money.currency.code(),
            "transaction_id": settled.and_then(|settled| settled.transaction_id.as_ref()).map(TransactionId::as_str),
            "status_text": settled.and_then(|settled| settled.status_text.as_deref()),
            "receipt_number": settled.and_then(|settled| settled.receipt_number),
            "created_at": ticket.created_at,
            "settled_at": settled.map(|settled| settled.settled_at),
            "signature": settled.map(|settled| settled.signature.to_json()),
            "merchant_receipt_due": settled.is_some_and(|settled| settled.merchant_receipt_due),
            "grant": ticket.grant.name(),
            "cashier_text": {
                "de": self.cashier_text(Language::German),
                "en": self.cashier_text(Language::English),
            },
            "error": settled.and_then(|settled| settled.error.as_ref()).map(error_json),
            "receipts": settled.map(|settled| json!({
                "customer": settled.customer_receipt.to_json(),
                "merchant": settled.merchant_receipt.to_json(),
            })),
        })
    }
}

/// Whether this is still the process in which something was begun.
pub(crate) fn check_process(process: u32) -> Result<()> {
    match std::process::id() == process {
        true => Ok(()),
        false => Err(Error::new(Status::Forked, "it belongs to the process that this one was forked from")),
    }
}

fn error_json(error: &Error) -> Value {
    let server = error.server();
    json!({
        "status": error.status().number(),
        "name": Status::name(error.status()),
        "message": error.message(),
        "http_status": error.http_status(),
        "server_code": server.code,
        "server_text": server.text,
        "support_id": server.support_id,
        "retry_after_ms": error.retry_after().map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
    })
}
