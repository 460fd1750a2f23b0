//! A payment, as C sees it.

use std::ffi::{CString, c_char, c_void};
use std::ptr;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use crate::error::{Error, Result, Status};
use crate::ffi::boundary::{answer, free, get, perform, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::callback::{secupos_done_callback, secupos_free_callback};
use crate::ffi::error::{ErrorTexts, secupos_error, secupos_status};
use crate::ffi::handle::{Lent, hold, noun, peek};
use crate::ffi::notices::Notices;
use crate::ffi::outcome::{
    SECUPOS_DECIDED_BY_SERVER, SECUPOS_OUTCOME_UNKNOWN, SECUPOS_PHASE_NONE, SECUPOS_REASON_NONE,
    SECUPOS_REVERSAL_UNKNOWN, secupos_abort_result, secupos_action, secupos_decided_by, secupos_outcome, secupos_phase,
    secupos_reason, secupos_reversal,
};
use crate::ffi::receipt::{
    ReceiptTexts, SECUPOS_SIGNATURE_UNKNOWN, copy_named, secupos_copy, secupos_receipt, secupos_signature, signature,
};
use crate::ffi::render::{chosen, secupos_render_options};
use crate::ffi::text::{Bilingual, PhaseTexts, lend, owned, secupos_language};
use crate::ffi::userdata::Userdata;
use crate::till::handles::payment::Payment;
use crate::till::handles::settled::Settled;

/// A payment. Shared: any thread, concurrently. It changes once, from pending to its result. Until then the getters of
/// the result give NULL or 0. An unknown payment stays unknown: secupos_till_recover gives a new one that knows more.
#[allow(non_camel_case_types)]
pub struct secupos_payment {
    _opaque: [u8; 0],
}
noun!(secupos_payment: PaymentTexts, notices);

/// A payment with its texts as C reads them.
pub struct PaymentTexts {
    pub(crate) payment: Arc<Payment>,
    reference: CString,
    currency: CString,
    running: PhaseTexts,
    result: OnceLock<ResultTexts>,
    notices: Notices,
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
        let running = PhaseTexts::default();
        PaymentTexts { reference, currency, running, result: OnceLock::new(), notices: Notices::new(), payment }
    }

    /// Waits until there is a result.
    pub(crate) fn wait(&self) {
        self.payment.wait(None);
    }

    /// What the cashier reads before there is a result.
    fn running(&self) -> &Bilingual {
        self.running.of(self.payment.phase(), |phase, language| self.payment.running_text(phase, language))
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

/// Waits until the payment has an outcome or timeout_ms has passed. Leaving the wait stops nothing. You may wait again.
///
/// @param payment the payment
/// @param timeout_ms milliseconds; 0 only asks, -1 waits without a limit
/// @param out the outcome: one of SECUPOS_OUTCOME_*; SECUPOS_OUTCOME_PENDING if the time is over
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if timeout_ms is below -1
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

/// Calls done once, when the payment has an outcome, or at once if it has one. It is for window loops and for languages
/// with futures, in place of a thread that waits or a timer that asks. See "Being told" at the top.
///
/// @param payment the payment
/// @param done is called on a thread of the library's
/// @param userdata is passed to done; may be NULL. It belongs to the library from now on.
/// @param userdata_free frees userdata; may be NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INTERNAL if no thread could be started
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed; the callbacks may be called from any thread with `userdata`; `error` is
/// NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_notify(
    payment: *const secupos_payment,
    done: secupos_done_callback,
    userdata: *mut c_void,
    userdata_free: secupos_free_callback,
    error: *mut *mut secupos_error,
) -> secupos_status {
    // Whatever the call comes to, it frees the userdata.
    let userdata = Userdata { pointer: userdata, free: userdata_free };
    let notify = || {
        let texts = unsafe { hold(payment, "payment") }?;
        texts.notices.add(done, userdata, |notice| texts.payment.notify(notice))
    };
    unsafe { perform(error, notify) }
}

/// Asks the till to stop the payment, for example because the customer has walked away. It is a request, not a command:
/// a payment that was approved all the same is APPROVED. The outcome still comes: go on waiting for it. Any thread may
/// call it while another thread waits in secupos_till_pay or secupos_payment_wait.
///
/// @param payment the payment
/// @param out what the abort can do: one of SECUPOS_ABORT_*
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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

/// Frees a payment. A payment that is running goes on. The notices that were asked for by way of this handle are taken
/// back.
///
/// @param payment the payment
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_free(payment: *mut secupos_payment) {
    unsafe { free(payment) }
}

/// What became of the payment.
///
/// @param payment the payment
/// @return one of SECUPOS_OUTCOME_*; SECUPOS_OUTCOME_PENDING while it is running
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_outcome(payment: *const secupos_payment) -> secupos_outcome {
    get(SECUPOS_OUTCOME_UNKNOWN, || unsafe { peek(payment) }.map(|texts| texts.payment.outcome() as i32))
}

/// Why the payment has its outcome.
///
/// @param payment the payment
/// @return one of SECUPOS_REASON_*
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_reason(payment: *const secupos_payment) -> secupos_reason {
    get(SECUPOS_REASON_NONE, || unsafe { peek(payment) }?.settled()?.reason.map(|reason| reason as i32))
}

/// How far the payment has come, or its reversal, while that is running: what a till shows beside the cashier's text.
///
/// @param payment the payment
/// @return one of SECUPOS_PHASE_*; SECUPOS_PHASE_NONE as soon as there is a result, and for NULL
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_phase(payment: *const secupos_payment) -> secupos_phase {
    get(SECUPOS_PHASE_NONE, || Some(unsafe { peek(payment) }?.payment.phase() as secupos_phase))
}

/// What became of the payment's reversal. Unless it is SECUPOS_REVERSAL_DONE, the payment stays APPROVED.
/// secupos_payment_error says why a reversal was refused or is in doubt.
///
/// @param payment the payment
/// @return one of SECUPOS_REVERSAL_*; SECUPOS_REVERSAL_PENDING while it is running
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_reversal(payment: *const secupos_payment) -> secupos_reversal {
    get(SECUPOS_REVERSAL_UNKNOWN, || unsafe { peek(payment) }.map(|texts| texts.payment.reversal() as i32))
}

/// Who says what became of the payment.
///
/// @param payment the payment
/// @return one of SECUPOS_DECIDED_BY_*; SECUPOS_DECIDED_BY_OPERATOR if a person decided while it was in doubt
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_decided_by(payment: *const secupos_payment) -> secupos_decided_by {
    get(SECUPOS_DECIDED_BY_SERVER, || unsafe { peek(payment) }?.settled().map(|settled| settled.decided_by as i32))
}

/// Whether this is the result of an earlier payment, given again. Nothing was charged for giving it again. Its times
/// are those of the payment, and the cashier's text says when it got its result.
///
/// @param payment the payment
/// @return 1 if it is, 0 if it is not
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_replayed(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }.map(|texts| i32::from(texts.payment.replayed())))
}

/// Whether the service has contradicted an earlier result of the payment. It stays 1 for good. Until the payment is
/// acknowledged, its first next action says what to do: SECUPOS_ACTION_ASK_CASHIER, SECUPOS_ACTION_CALL_SUPPORT, or
/// once SECUPOS_ACTION_REFUND or SECUPOS_ACTION_COLLECT.
///
/// @param payment the payment
/// @return 1 if it has, 0 if it has not
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_conflict(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| i32::from(settled.conflict)))
}

/// The number of next actions.
///
/// @param payment the payment
/// @return the number
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_next_action_count(payment: *const secupos_payment) -> usize {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| settled.next_actions.len()))
}

/// What the till should do next, in this order. A till that does these actions and nothing else does the right thing.
///
/// REFUND, COLLECT and COLLECT_REST ask for money and are given once: by the first object that pay, recover or
/// recover_all gives for the payment. A later object has ASK_CASHIER in their place. An object of a list
/// (secupos_till_unfinished, secupos_till_find_payments) has RECOVER_LATER in their place.
///
/// @param payment the payment
/// @param index the action, from 0
/// @return one of SECUPOS_ACTION_*; 0 if index is too large
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
/// @param payment the payment
/// @return the reference
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_reference(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }.map(|texts| texts.reference.as_ptr()))
}

/// Which attempt to pay the sale this is.
///
/// @param payment the payment
/// @return the number, from 1
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_attempt(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }.map(|texts| texts.payment.ticket().attempt))
}

/// The server's id for the payment.
///
/// @param payment the payment
/// @return the id (STX_…); NULL if the server gave none
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_transaction_id(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }?.result().map(|result| lend(result.transaction_id.as_ref())))
}

/// The server's own word for the state of the payment. It is for logs: only the outcome counts.
///
/// @param payment the payment
/// @return a word such as "ok" or "failed"; NULL if there is none
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_status_text(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }?.result().map(|result| lend(result.status_text.as_ref())))
}

/// The amount that the till asked for.
///
/// @param payment the payment
/// @return minor units
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_amount(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }.map(|texts| texts.payment.ticket().money.minor))
}

/// The amount that was charged. It may differ from the amount asked for: it may include a tip, or be a part.
///
/// @param payment the payment
/// @return minor units; 0 unless the payment is APPROVED, and if nobody can read the amount
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_amount_charged(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled()?.amount_charged.map(|money| money.minor))
}

/// The rest of the amount if only a part was charged. Collect it in another way, or as a sale under a new reference
/// (SECUPOS_ACTION_COLLECT_REST).
///
/// @param payment the payment
/// @return minor units; 0 unless a part was charged
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_amount_due(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled()?.amount_due.map(|money| money.minor))
}

/// The currency of the amounts.
///
/// @param payment the payment
/// @return three capital letters (ISO 4217)
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_currency(payment: *const secupos_payment) -> *const c_char {
    get(ptr::null(), || unsafe { peek(payment) }.map(|texts| texts.currency.as_ptr()))
}

/// The terminal's receipt number, which a reversal needs. The receipt's field "receipt_no" has it as printed ("0003").
///
/// @param payment the payment
/// @return the number (3); 0 if there is none
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_receipt_number(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled()?.receipt_number)
}

/// When the payment was begun.
///
/// @param payment the payment
/// @return milliseconds since 1970 UTC
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_created_at(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }.map(|texts| texts.payment.ticket().created_at))
}

/// When the payment got its outcome.
///
/// @param payment the payment
/// @return milliseconds since 1970 UTC; 0 while it is running
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_completed_at(payment: *const secupos_payment) -> i64 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| settled.completed_at))
}

/// Whether the customer must sign the merchant's copy.
///
/// @param payment the payment
/// @return one of SECUPOS_SIGNATURE_*
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

/// Whether the server asks for the merchant's copy to be printed now (receipt_merchant_print).
///
/// @param payment the payment
/// @return 1 if it does, 0 if it does not
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_merchant_receipt_due(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| i32::from(settled.merchant_receipt_due)))
}

/// Whether secupos_till_prune_archive has removed the receipts. Then the receipts are empty, although there were some.
///
/// @param payment the payment
/// @return 1 if it has, 0 if it has not
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_receipts_pruned(payment: *const secupos_payment) -> i32 {
    get(0, || unsafe { peek(payment) }?.settled().map(|settled| i32::from(settled.receipts_pruned)))
}

/// What the cashier reads: what happens or has happened, whether money moved, what to do now. There is another text in
/// each phase; those from before stay valid, too.
///
/// @param payment the payment
/// @param language one of SECUPOS_LANGUAGE_*
/// @return the text
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
        Some(texts.result().map_or_else(|| texts.running(), |result| &result.cashier).lend(language))
    })
}

/// What went wrong: why the payment was not started or is unknown, or why its reversal was not done.
///
/// @param payment the payment
/// @return the error; NULL if nothing went wrong. It is borrowed: do not free it.
/// @since 0.1
///
/// # Safety
/// `payment` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_error(payment: *const secupos_payment) -> *const secupos_error {
    get(ptr::null(), || unsafe { peek(payment) }?.result()?.error.as_ref().map(Lent::pointer))
}

/// One copy of the payment's receipt. As soon as the payment has an outcome, there is one. It has no lines if the
/// server sent none.
///
/// @param payment the payment
/// @param copy one of SECUPOS_COPY_*
/// @param out the receipt; free it with secupos_receipt_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, INVALID_ARGUMENT if the number is no copy, or INVALID_STATE while the payment is
///     running
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

/// Renders one copy of the payment's receipt. The result is empty if the server sent no receipt (JSON never is). The
/// receipt of a reversed payment is marked as such. Card numbers on the customer's copy are masked in every format.
///
/// @param payment the payment
/// @param copy one of SECUPOS_COPY_*
/// @param options the form of the result; may be NULL for UTF-8 text with 42 columns
/// @param out the rendered receipt; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, INVALID_ARGUMENT if the number is no copy and for ESC/POS in UTF-8, or
///     INVALID_STATE while the payment is running
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

/// The payment as one JSON object, at any time. It is the same in every language: {"reference", "attempt", "outcome":
/// "approved|failed|not_started|unknown|reversed|pending", "reason", "phase":
/// "none|logging_in|waiting_for_terminal|finding_out", "reversal": "unknown|none|pending|done|refused",
/// "decided_by": "server|operator", "replayed", "conflict", "next_actions": ["print_merchant", …], "amount",
/// "amount_charged", "amount_due", "asked_before_at", "currency", "transaction_id", "status_text", "receipt_number",
/// "created_at", "completed_at", "signature": {"decision": "required|not_required|unknown", "line"},
/// "merchant_receipt_due", "receipts_pruned", "grant": "device|client_credentials", "cashier_text": {"de", "en"},
/// "error", "receipts": {"customer", "merchant"}}.
///
/// "asked_before_at" is the time at which the payment asked for money before; null if it did not. The object contains
/// the receipts: keep it as you keep receipts, and do not log it.
///
/// @param payment the payment
/// @param out the JSON; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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
