//! A payment, as C sees it.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::error::{Error, Result, Status};
use crate::ffi::boundary::{answer, free, get, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::error::{ErrorTexts, secupos_error, secupos_status};
use crate::ffi::handle::{Lent, hold, noun, peek};
use crate::ffi::receipt::{
    ReceiptTexts, SECUPOS_SIGNATURE_UNKNOWN, copy_named, secupos_copy, secupos_receipt, secupos_signature, signature,
};
use crate::ffi::render::{chosen, secupos_render_options};
use crate::ffi::text::{Bilingual, lend, owned, secupos_language};
use crate::till::outcome::{Action, Basis, Outcome, Reason, Reversal};
use crate::till::payment::{Abort, Payment};
use crate::till::settled::Settled;

/// What became of a payment. 0 is the safe reading: whatever you do not recognise is in doubt.
#[allow(non_camel_case_types)]
pub type secupos_outcome = i32;
/// In doubt: money may have moved. Do not charge again.
pub const SECUPOS_OUTCOME_UNKNOWN: secupos_outcome = 0;
/// Money moved.
pub const SECUPOS_OUTCOME_APPROVED: secupos_outcome = 1;
/// No money moved: refused, aborted or timed out.
pub const SECUPOS_OUTCOME_DECLINED: secupos_outcome = 2;
/// Provably never started; no money moved.
pub const SECUPOS_OUTCOME_NOT_STARTED: secupos_outcome = 3;
/// It was paid and has been reversed.
pub const SECUPOS_OUTCOME_REVERSED: secupos_outcome = 4;
/// Not decided yet.
pub const SECUPOS_OUTCOME_PENDING: secupos_outcome = 5;

/// Why a payment has the outcome it has.
#[allow(non_camel_case_types)]
pub type secupos_reason = i32;
/// No reason: approved, reversed or pending, or a person has decided.
pub const SECUPOS_REASON_NONE: secupos_reason = 0;
/// Declined: refused, aborted or timed out; the service does not say which.
pub const SECUPOS_REASON_FAILED: secupos_reason = 1;
/// Declined: aborted.
pub const SECUPOS_REASON_ABORTED: secupos_reason = 2;
/// Declined: the customer did not act in time.
pub const SECUPOS_REASON_TIMED_OUT: secupos_reason = 3;
/// Declined: cancelled before it was paid.
pub const SECUPOS_REASON_CANCELLED: secupos_reason = 4;
/// Not started: no connection.
pub const SECUPOS_REASON_NO_CONNECTION: secupos_reason = 10;
/// Not started: the till could not log in.
pub const SECUPOS_REASON_LOGIN_FAILED: secupos_reason = 11;
/// Not started: the service did not take the sale.
pub const SECUPOS_REASON_CREATE_REFUSED: secupos_reason = 12;
/// Not started: whether the service took the sale is not known, but it was never started.
pub const SECUPOS_REASON_CREATE_UNSURE: secupos_reason = 13;
/// Not started: the service refused to start and says that it never did.
pub const SECUPOS_REASON_START_REFUSED: secupos_reason = 14;
/// Not started: the till has abandoned it before it was started.
pub const SECUPOS_REASON_ABANDONED: secupos_reason = 15;
/// Not started: an earlier payment of this till is in doubt, and the customer might pay that one. Settle it first:
/// secupos_till_recover or secupos_till_decide.
pub const SECUPOS_REASON_TERMINAL_BUSY: secupos_reason = 16;
/// Not started: the service says so, after its grace deadline, and has been told never to start it.
pub const SECUPOS_REASON_NEVER_STARTED: secupos_reason = 17;
/// Not started: the state file could not be written. Approved: its result could not be stored; print the receipts now.
pub const SECUPOS_REASON_JOURNAL_FAILED: secupos_reason = 18;
/// Not started: an earlier attempt of the same sale has been paid after all.
pub const SECUPOS_REASON_ALREADY_PAID: secupos_reason = 19;
/// Unknown: the connection broke.
pub const SECUPOS_REASON_CONNECTION_LOST: secupos_reason = 20;
/// Unknown: the service's answer makes no sense.
pub const SECUPOS_REASON_ANSWER_UNREADABLE: secupos_reason = 21;
/// Unknown: the service still says nothing final.
pub const SECUPOS_REASON_STILL_OPEN: secupos_reason = 22;
/// Unknown: the service has a fault.
pub const SECUPOS_REASON_SERVER_FAILED: secupos_reason = 23;
/// Unknown: the till ended while it was running.
pub const SECUPOS_REASON_INTERRUPTED: secupos_reason = 24;
/// Unknown or not started: a fault in secupos.
pub const SECUPOS_REASON_INTERNAL: secupos_reason = 29;
/// Approved: its reversal has hit another payment, which is REVERSED where this till has made it. Call the support.
pub const SECUPOS_REASON_WRONG_PAYMENT_REVERSED: secupos_reason = 30;

/// What became of a payment's reversal. 0 is the safe reading.
#[allow(non_camel_case_types)]
pub type secupos_reversal = i32;
/// In doubt: it may be reversed. Do not refund it in another way yet.
pub const SECUPOS_REVERSAL_UNKNOWN: secupos_reversal = 0;
/// Nobody has tried.
pub const SECUPOS_REVERSAL_NONE: secupos_reversal = 1;
/// It is running.
pub const SECUPOS_REVERSAL_PENDING: secupos_reversal = 2;
/// It is reversed; so says the outcome.
pub const SECUPOS_REVERSAL_DONE: secupos_reversal = 3;
/// It is not reversed: refused, or not sent. The payment stands.
pub const SECUPOS_REVERSAL_REFUSED: secupos_reversal = 4;

/// What the till should do next. 0 is none.
#[allow(non_camel_case_types)]
pub type secupos_action = i32;
/// Print the merchant's copy and keep it.
pub const SECUPOS_ACTION_PRINT_MERCHANT: secupos_action = 1;
/// Have the customer sign the merchant's copy; where the decision is unknown, look whether it asks for it.
pub const SECUPOS_ACTION_TAKE_SIGNATURE: secupos_action = 2;
/// Print the customer's copy.
pub const SECUPOS_ACTION_PRINT_CUSTOMER: secupos_action = 3;
/// Offer another attempt.
pub const SECUPOS_ACTION_TRY_AGAIN: secupos_action = 4;
/// Ask again later what became of it.
pub const SECUPOS_ACTION_RECOVER_LATER: secupos_action = 5;
/// Look at the terminal.
pub const SECUPOS_ACTION_LOOK_AT_TERMINAL: secupos_action = 6;
/// Ask the cashier: is there a slip, what does the terminal show?
pub const SECUPOS_ACTION_ASK_CASHIER: secupos_action = 7;
/// Give the money back.
pub const SECUPOS_ACTION_REFUND: secupos_action = 8;
/// Collect the money.
pub const SECUPOS_ACTION_COLLECT: secupos_action = 9;
/// Call the support.
pub const SECUPOS_ACTION_CALL_SUPPORT: secupos_action = 10;

/// Who says what became of a payment.
#[allow(non_camel_case_types)]
pub type secupos_basis = i32;
/// The service.
pub const SECUPOS_BASIS_SERVER: secupos_basis = 0;
/// A person at the till, with secupos_till_decide. The service is still asked.
pub const SECUPOS_BASIS_OPERATOR: secupos_basis = 1;

/// What an abort can do. 0 is none: the call has failed.
#[allow(non_camel_case_types)]
pub type secupos_abort_result = i32;
/// It will never be started: it becomes NOT_STARTED with SECUPOS_REASON_ABANDONED, in a moment.
pub const SECUPOS_ABORT_ABANDONED: secupos_abort_result = 1;
/// It may have reached the terminal: only STOP there can stop it. Wait for its outcome, and believe that.
pub const SECUPOS_ABORT_AT_TERMINAL: secupos_abort_result = 2;
/// It has its outcome already.
pub const SECUPOS_ABORT_TOO_LATE: secupos_abort_result = 3;

// The core's numbers are the ABI's.
const _: () = {
    assert!(SECUPOS_OUTCOME_UNKNOWN == Outcome::Unknown as i32);
    assert!(SECUPOS_OUTCOME_APPROVED == Outcome::Approved as i32);
    assert!(SECUPOS_OUTCOME_DECLINED == Outcome::Declined as i32);
    assert!(SECUPOS_OUTCOME_NOT_STARTED == Outcome::NotStarted as i32);
    assert!(SECUPOS_OUTCOME_REVERSED == Outcome::Reversed as i32);
    assert!(SECUPOS_OUTCOME_PENDING == Outcome::Pending as i32);
    assert!(SECUPOS_REASON_FAILED == Reason::Failed as i32);
    assert!(SECUPOS_REASON_ABORTED == Reason::Aborted as i32);
    assert!(SECUPOS_REASON_TIMED_OUT == Reason::TimedOut as i32);
    assert!(SECUPOS_REASON_CANCELLED == Reason::Cancelled as i32);
    assert!(SECUPOS_REASON_NO_CONNECTION == Reason::NoConnection as i32);
    assert!(SECUPOS_REASON_LOGIN_FAILED == Reason::LoginFailed as i32);
    assert!(SECUPOS_REASON_CREATE_REFUSED == Reason::CreateRefused as i32);
    assert!(SECUPOS_REASON_CREATE_UNSURE == Reason::CreateUnsure as i32);
    assert!(SECUPOS_REASON_START_REFUSED == Reason::StartRefused as i32);
    assert!(SECUPOS_REASON_ABANDONED == Reason::Abandoned as i32);
    assert!(SECUPOS_REASON_TERMINAL_BUSY == Reason::TerminalBusy as i32);
    assert!(SECUPOS_REASON_NEVER_STARTED == Reason::NeverStarted as i32);
    assert!(SECUPOS_REASON_JOURNAL_FAILED == Reason::JournalFailed as i32);
    assert!(SECUPOS_REASON_ALREADY_PAID == Reason::AlreadyPaid as i32);
    assert!(SECUPOS_REASON_CONNECTION_LOST == Reason::ConnectionLost as i32);
    assert!(SECUPOS_REASON_ANSWER_UNREADABLE == Reason::AnswerUnreadable as i32);
    assert!(SECUPOS_REASON_STILL_OPEN == Reason::StillOpen as i32);
    assert!(SECUPOS_REASON_SERVER_FAILED == Reason::ServerFailed as i32);
    assert!(SECUPOS_REASON_INTERRUPTED == Reason::Interrupted as i32);
    assert!(SECUPOS_REASON_INTERNAL == Reason::Internal as i32);
    assert!(SECUPOS_REASON_WRONG_PAYMENT_REVERSED == Reason::WrongPaymentReversed as i32);
    assert!(SECUPOS_REVERSAL_UNKNOWN == Reversal::Unknown as i32);
    assert!(SECUPOS_REVERSAL_NONE == Reversal::None as i32);
    assert!(SECUPOS_REVERSAL_PENDING == Reversal::Pending as i32);
    assert!(SECUPOS_REVERSAL_DONE == Reversal::Done as i32);
    assert!(SECUPOS_REVERSAL_REFUSED == Reversal::Refused as i32);
    assert!(SECUPOS_ACTION_PRINT_MERCHANT == Action::PrintMerchant as i32);
    assert!(SECUPOS_ACTION_TAKE_SIGNATURE == Action::TakeSignature as i32);
    assert!(SECUPOS_ACTION_PRINT_CUSTOMER == Action::PrintCustomer as i32);
    assert!(SECUPOS_ACTION_TRY_AGAIN == Action::TryAgain as i32);
    assert!(SECUPOS_ACTION_RECOVER_LATER == Action::RecoverLater as i32);
    assert!(SECUPOS_ACTION_LOOK_AT_TERMINAL == Action::LookAtTerminal as i32);
    assert!(SECUPOS_ACTION_ASK_CASHIER == Action::AskCashier as i32);
    assert!(SECUPOS_ACTION_REFUND == Action::Refund as i32);
    assert!(SECUPOS_ACTION_COLLECT == Action::Collect as i32);
    assert!(SECUPOS_ACTION_CALL_SUPPORT == Action::CallSupport as i32);
    assert!(SECUPOS_BASIS_SERVER == Basis::Server as i32);
    assert!(SECUPOS_BASIS_OPERATOR == Basis::Operator as i32);
    assert!(SECUPOS_ABORT_ABANDONED == Abort::Abandoned as i32);
    assert!(SECUPOS_ABORT_AT_TERMINAL == Abort::AtTerminal as i32);
    assert!(SECUPOS_ABORT_TOO_LATE == Abort::TooLate as i32);
};

/// A payment. Shared: any thread, concurrently. It changes once, from pending to its result; until then the getters
/// of the result give NULL or 0. An unknown one stays unknown too: secupos_till_recover gives a new one that knows more.
/// Freeing it neither waits nor stops anything.
#[allow(non_camel_case_types)]
pub struct secupos_payment {
    _opaque: [u8; 0],
}
noun!(secupos_payment: PaymentTexts);

/// A payment with its texts as C reads them.
pub struct PaymentTexts {
    payment: Arc<Payment>,
    reference: CString,
    currency: CString,
    pending: Bilingual,
    result: OnceLock<ResultTexts>,
}

struct ResultTexts {
    transaction_id: Option<CString>,
    status_text: Option<CString>,
    cashier: Bilingual,
    error: Option<Lent<secupos_error>>,
}

impl PaymentTexts {
    pub(crate) fn new(payment: Arc<Payment>) -> Self {
        let ticket = payment.ticket();
        let reference = owned(&ticket.reference);
        let currency = owned(ticket.money.currency.code());
        let pending = Bilingual::new(|language| payment.cashier_text(language));
        PaymentTexts { reference, currency, pending, result: OnceLock::new(), payment }
    }

    /// Waits until there is a result.
    pub(crate) fn wait(&self) {
        self.payment.wait(None);
    }

    fn settled(&self) -> Option<&Settled> {
        self.payment.settled()
    }

    fn result(&self) -> Option<&ResultTexts> {
        let settled = self.settled()?;
        Some(self.result.get_or_init(|| ResultTexts {
            transaction_id: settled.transaction_id.as_ref().map(|id| owned(id.as_str())),
            status_text: settled.status_text.as_deref().map(owned),
            cashier: Bilingual::new(|language| self.payment.cashier_text(language)),
            error: settled.error.clone().map(|error| Lent::new(ErrorTexts::new(error))),
        }))
    }
}

/// Waits until the payment has an outcome, but no longer than timeout_ms: 0 only asks, -1 waits for ever. *out is the
/// outcome, or SECUPOS_OUTCOME_PENDING if the time is over. Leaving the wait stops nothing; wait again whenever you like.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: any; blocks the calling one.
/// Errors: INVALID_ARGUMENT if timeout_ms is below -1, FORKED in a forked child.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_wait(
    payment: *const secupos_payment,
    timeout_ms: i64,
    out: *mut secupos_outcome,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let wait = || {
        let limit = limit_of(timeout_ms)?;
        let payment = unsafe { hold(payment, "payment") }?;
        payment.payment.check_process()?;
        Ok(payment.payment.wait(limit) as secupos_outcome)
    };
    unsafe { answer(out, SECUPOS_OUTCOME_UNKNOWN, error, wait) }
}

/// Asks that the payment be not taken, for example because the customer has walked away. A request, no command: *out says
/// what it could do, one of SECUPOS_ABORT_*, and the payment wins: what was approved all the same is reported as approved.
/// Never waits; the outcome still comes, so go on waiting for it.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: any, also while another one waits in
/// secupos_till_pay or secupos_payment_wait. Errors: FORKED.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_abort(
    payment: *const secupos_payment,
    out: *mut secupos_abort_result,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let abort = || Ok(unsafe { hold(payment, "payment") }?.payment.abort()? as secupos_abort_result);
    unsafe { answer(out, 0, error, abort) }
}

/// Frees a payment. Never waits and never stops it: one that is running goes on.
///
/// Ownership: ends the caller's, and that of all texts and of the error borrowed from it. NULL: does nothing.
/// Threads: any, but no other call may begin on this handle after it. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_free(payment: *mut secupos_payment) {
    unsafe { free(payment) }
}

/// What became of it: one of SECUPOS_OUTCOME_*; SECUPOS_OUTCOME_PENDING while it is running.
///
/// Ownership: none. NULL: reads as SECUPOS_OUTCOME_UNKNOWN. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_outcome(payment: *const secupos_payment) -> secupos_outcome {
    get(SECUPOS_OUTCOME_UNKNOWN, || unsafe { peek(payment) }.map(|texts| texts.payment.outcome() as i32))
}

/// Why it has this outcome: one of SECUPOS_REASON_*.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_reason(payment: *const secupos_payment) -> secupos_reason {
    get(SECUPOS_REASON_NONE, || unsafe { peek(payment) }?.settled()?.reason.map(|reason| reason as i32))
}

/// What became of its reversal: one of SECUPOS_REVERSAL_*; SECUPOS_REVERSAL_PENDING while it is running. The payment
/// stays APPROVED unless it is DONE. Why it was refused or is in doubt, secupos_payment_error tells.
///
/// Ownership: none. NULL: reads as SECUPOS_REVERSAL_UNKNOWN. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_reversal(payment: *const secupos_payment) -> secupos_reversal {
    get(SECUPOS_REVERSAL_UNKNOWN, || unsafe { peek(payment) }.map(|texts| texts.payment.reversal() as i32))
}

/// Who says so: one of SECUPOS_BASIS_*. SECUPOS_BASIS_OPERATOR where a person has decided while it was in doubt.
///
/// Ownership: none. NULL: reads as SECUPOS_BASIS_SERVER. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_basis(payment: *const secupos_payment) -> secupos_basis {
    get(SECUPOS_BASIS_SERVER, || unsafe { peek(payment) }?.settled().map(|settled| settled.basis as i32))
}

/// 1 if this is an earlier payment, told or found out again, else 0. It is the same payment: nothing was charged for the
/// telling, and its times are those of then.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_replayed(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }.map(|texts| i32::from(texts.payment.replayed())))
}

/// 1 if the service has contradicted what was believed before, else 0. Then the first next action says what to do about
/// the money: SECUPOS_ACTION_REFUND or SECUPOS_ACTION_COLLECT.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_conflict(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| i32::from(settled.conflict)))
}

/// How many things there are to do next.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_next_action_count(payment: *const secupos_payment) -> usize {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| settled.next_actions.len()))
}

/// What to do next, in this order: one of SECUPOS_ACTION_*; 0 if index is too large. A till that does these, and nothing
/// else, does right.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_next_action(payment: *const secupos_payment, index: usize) -> secupos_action {
    get(0, || unsafe { peek(payment) }?.settled()?.next_actions.get(index).map(|action| *action as i32))
}

/// The till's own number for the sale.
///
/// Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_reference(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }.map(|texts| texts.reference.as_ptr()))
}

/// Which try this is, from 1.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_attempt(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }.map(|texts| texts.payment.ticket().attempt))
}

/// The server's id for it (STX_…); NULL if none was given.
///
/// Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_transaction_id(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }?.result().map(|result| lend(result.transaction_id.as_ref())))
}

/// The server's own word for where it stands, such as "ok" or "failed"; NULL if there is none. For logs: only the outcome
/// counts.
///
/// Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_status_text(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }?.result().map(|result| lend(result.status_text.as_ref())))
}

/// What the till asked for, in minor units.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_amount(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }.map(|texts| texts.payment.ticket().money.minor))
}

/// What was charged, in minor units: 0 unless approved, and not always what was asked for (a tip, a part).
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_amount_charged(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled()?.amount_charged.map(|money| money.minor))
}

/// The currency (ISO 4217).
///
/// Ownership: borrowed from the payment. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_currency(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }.map(|texts| texts.currency.as_ptr()))
}

/// The terminal's number for it as a number (3), which a reversal needs; 0 if there is none. As printed ("0003") it is the
/// receipt's field "receipt_no".
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_receipt_number(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled()?.receipt_number)
}

/// When the payment was begun, in milliseconds since 1970 UTC.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_created_at(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }.map(|texts| texts.payment.ticket().created_at))
}

/// When it got its outcome, in milliseconds since 1970 UTC; 0 while it is running.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_settled_at(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| settled.settled_at))
}

/// Whether the customer must sign the merchant's copy: one of SECUPOS_SIGNATURE_*. Unknown means: look at the copy.
///
/// Ownership: none. NULL: reads as SECUPOS_SIGNATURE_UNKNOWN. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_signature(payment: *const secupos_payment) -> secupos_signature {
    get(SECUPOS_SIGNATURE_UNKNOWN, || {
        unsafe { peek(payment) }?.settled().map(|settled| signature(settled.signature.decision))
    })
}

/// 1 if the server asks for the merchant's copy to be printed now (receipt_merchant_print), else 0.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_merchant_receipt_due(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| i32::from(settled.merchant_receipt_due)))
}

/// 1 if secupos_till_prune_archive has removed the receipts, else 0: then they are empty, although there were some.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_receipts_pruned(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| i32::from(settled.receipts_pruned)))
}

/// What the cashier reads: what happened, whether money moved, what to do now.
///
/// Ownership: borrowed from the payment; one lent before the outcome stays valid too. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_cashier_text(
    payment: *const secupos_payment,
    language: secupos_language,
) -> *const c_char {
    get(ptr::null(), || {
        let texts = unsafe { peek(payment) }?;
        Some(texts.result().map_or(&texts.pending, |result| &result.cashier).lend(language))
    })
}

/// What went wrong, where something did: why it was not started or is unknown. NULL if nothing did.
///
/// Ownership: borrowed from the payment: do not free it. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_error(payment: *const secupos_payment) -> *const secupos_error {
    get(ptr::null(), || unsafe { peek(payment) }?.result()?.error.as_ref().map(Lent::pointer))
}

/// One copy of the receipt. There is always one once the payment is settled; without lines if the server sent none.
///
/// Ownership: the caller frees *out with secupos_receipt_free; it outlives the payment. NULL: no argument but error may
/// be NULL. Threads: any. Errors: INVALID_ARGUMENT for a number that is no copy, INVALID_STATE while the payment is running.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_receipt(
    payment: *const secupos_payment,
    copy: secupos_copy,
    out: *mut *mut secupos_receipt,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let receipt = || {
        let payment = unsafe { hold(payment, "payment") }?;
        Ok(ReceiptTexts::new(settled(&payment)?.receipt(copy_named(copy)?).clone()))
    };
    unsafe { produce(out, error, receipt) }
}

/// Renders one copy of the receipt in one call, as the options say; empty if the server sent none, but in JSON. That of a
/// reversed payment is marked as such. Card numbers on the customer's copy are masked, but in JSON.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: options may be NULL (UTF-8 text, 42 columns), and
/// error. Threads: any. Errors: INVALID_ARGUMENT for a number that is no copy and for ESC/POS in UTF-8, INVALID_STATE
/// while the payment is running.
/// @since 0.1
///
/// # Safety
/// `payment` and `options` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_render_receipt(
    payment: *const secupos_payment,
    copy: secupos_copy,
    options: *const secupos_render_options,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let render = || {
        let payment = unsafe { hold(payment, "payment") }?;
        settled(&payment)?.render_receipt(copy_named(copy)?, unsafe { chosen(options) }?).map(Blob::new)
    };
    unsafe { produce(out, error, render) }
}

/// The payment as one JSON object, the same in every binding, at any time: {"reference", "attempt", "outcome":
/// "approved|declined|not_started|unknown|reversed|pending", "reason", "reversal":
/// "unknown|none|pending|done|refused", "basis": "server|operator", "replayed", "conflict",
/// "next_actions": ["print_merchant", …], "amount", "amount_charged", "currency", "transaction_id", "status_text",
/// "receipt_number", "created_at", "settled_at", "signature": {"decision": "required|not_required|unknown", "line"},
/// "merchant_receipt_due", "receipts_pruned", "grant": "device|client_credentials", "cashier_text": {"de", "en"}, "error", "receipts":
/// {"customer", "merchant"}}. It holds the receipts: keep it as you keep those, and do not log it.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: NULL_ARGUMENT, INVALID_HANDLE.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_to_json(
    payment: *const secupos_payment,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let json = || Ok(Blob::new(unsafe { hold(payment, "payment") }?.payment.to_json().to_string()));
    unsafe { produce(out, error, json) }
}

/// How long C wants to wait; none is for ever.
pub(crate) fn limit_of(timeout_ms: i64) -> Result<Option<Duration>> {
    if timeout_ms == -1 {
        return Ok(None);
    }
    let fault = |_| {
        let fault = format!("is {timeout_ms}; it must be -1 (for ever), 0 (only ask) or more");
        Error::argument("timeout_ms", fault)
    };
    u64::try_from(timeout_ms).map(|ms| Some(Duration::from_millis(ms))).map_err(fault)
}

fn settled(texts: &PaymentTexts) -> Result<&Settled> {
    let running = || Error::new(Status::InvalidState, "the payment is still running: wait for it first");
    texts.settled().ok_or_else(running)
}
