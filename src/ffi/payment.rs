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
use crate::ffi::outcome::{
    SECUPOS_BASIS_SERVER, SECUPOS_OUTCOME_UNKNOWN, SECUPOS_REASON_NONE, SECUPOS_REVERSAL_UNKNOWN, secupos_abort_result,
    secupos_action, secupos_basis, secupos_outcome, secupos_reason, secupos_reversal,
};
use crate::ffi::receipt::{
    ReceiptTexts, SECUPOS_SIGNATURE_UNKNOWN, copy_named, secupos_copy, secupos_receipt, secupos_signature, signature,
};
use crate::ffi::render::{chosen, secupos_render_options};
use crate::ffi::text::{Bilingual, lend, owned, secupos_language};
use crate::till::handles::payment::Payment;
use crate::till::handles::settled::Settled;

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
    pub(crate) payment: Arc<Payment>,
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
/// telling, its times are those of then, and the cashier's text says when it got its result.
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

/// 1 if the service has contradicted what was believed before, else 0; it stays 1 for good. Until the payment is acknowledged
/// its first next action says what to do about that: SECUPOS_ACTION_ASK_CASHIER, SECUPOS_ACTION_CALL_SUPPORT, or once
/// SECUPOS_ACTION_REFUND or SECUPOS_ACTION_COLLECT.
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
/// else, does right. What asks for money is told once, by the first payment that pay, recover or recover_all gives: REFUND,
/// COLLECT and COLLECT_REST are ASK_CASHIER in what is told later. Lists (secupos_till_unfinished,
/// secupos_till_find_payments) tell nothing and show RECOVER_LATER in their place.
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

/// What is missing of what was asked for, in minor units: 0 unless a part was charged. Collect it in another way, or as a
/// sale under a new reference (SECUPOS_ACTION_COLLECT_REST).
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_amount_due(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled()?.amount_due.map(|money| money.minor))
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
/// Ownership: borrowed from the payment; one lent before the outcome stays valid too. NULL: gives NULL. Threads: any.
/// Errors: none.
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

/// Renders one copy of the receipt in one call, as the options say. Empty if the server sent none (JSON never is). That of
/// a reversed payment is marked as such. Card numbers on the customer's copy are masked in every format.
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
/// "next_actions": ["print_merchant", …], "amount", "amount_charged", "amount_due", "asked_before_at", "currency",
/// "transaction_id", "status_text", "receipt_number", "created_at", "settled_at", "signature": {"decision":
/// "required|not_required|unknown", "line"}, "merchant_receipt_due", "receipts_pruned", "grant":
/// "device|client_credentials", "cashier_text": {"de", "en"}, "error", "receipts": {"customer", "merchant"}}.
/// "asked_before_at": when money was asked for before; null if it was not. It holds the receipts: keep it as you keep those,
/// and do not log it.
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
