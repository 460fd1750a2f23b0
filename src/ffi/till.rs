//! The till, as C sees it.

use std::ffi::c_char;

use crate::error::{Error, Result};
use crate::ffi::boundary::{free, get, perform, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::config::{locked, secupos_config};
use crate::ffi::error::{SECUPOS_OK, secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::payment::{PaymentTexts, secupos_payment};
use crate::ffi::payment_list::{PaymentList, secupos_payment_list};
use crate::ffi::sale::secupos_sale;
use crate::ffi::signals::without_sigpipe;
use crate::ffi::text;
use crate::till::{Till, Verdict};

/// A till: one state file, one terminal, one payment at a time. Shared: any thread, concurrently. Open one and keep it for
/// as long as the program runs.
#[allow(non_camel_case_types)]
pub struct secupos_till {
    _opaque: [u8; 0],
}
noun!(secupos_till: Till);

/// What a person says of a payment in doubt.
#[allow(non_camel_case_types)]
pub type secupos_decision = i32;
/// The customer has paid: there is a slip, or the terminal shows it.
pub const SECUPOS_DECISION_PAID: secupos_decision = 1;
/// The customer has not paid.
pub const SECUPOS_DECISION_NOT_PAID: secupos_decision = 2;

/// Opens a till and its state file. Waits for no network: wrong credentials show with the first payment. What was left in
/// doubt is asked about in the background; go through secupos_till_unfinished next.
///
/// Ownership: config is only read; the caller frees *out with secupos_till_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: INVALID_ARGUMENT if the settings are incomplete; MISSING if there is no state file and
/// SECUPOS_STATE_CREATE was not given, or no folder for it; LOCKED if it is in use, here or in another process, also by a
/// payment that goes on after its till was freed; MISMATCH if it is another till's (base URL, client or device); TOO_NEW
/// if a newer secupos wrote it; JOURNAL_FAILED if it cannot be written; TLS if the system's roots cannot be read;
/// INTERNAL. A file that is damaged or lost opens: it is set aside, what can be read of it is kept, and payments are
/// refused with DAMAGED until secupos_till_accept_journal_loss.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_open(
    config: *const secupos_config,
    out: *mut *mut secupos_till,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let open = || {
        let config = locked(&*unsafe { hold(config, "config") }?).clone();
        without_sigpipe(|| Till::open(&config))
    };
    unsafe { produce(out, error, open) }
}

/// Closes a till. Never waits and never stops a payment: one that is running goes on, and its secupos_payment tells
/// what became of it. The state file is let go at once, or, where a payment is running, a moment after that is done.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: any, but no other call may begin on this till after it.
/// Errors: none.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_free(till: *mut secupos_till) {
    unsafe { free(till) }
}

/// Takes a card payment and blocks until it has an outcome, which may take minutes. The same as
/// secupos_till_start_payment followed by secupos_payment_wait without a limit. Another thread that wants to abort it gets
/// the running payment from secupos_till_recover.
///
/// SECUPOS_OK means that there is a payment in *out, whatever became of it: look at its outcome. Any other status means
/// that this call sent nothing and charged nothing.
///
/// Calling it again is always safe, after an error, a crash or a power cut: it is idempotent in (reference, attempt), see
/// secupos_till_start_payment.
///
/// Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any; blocks the calling one. Errors: as for secupos_till_start_payment.
/// @since 0.1
///
/// # Safety
/// `till` and `sale` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_pay(
    till: *const secupos_till,
    sale: *const secupos_sale,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let status = unsafe { secupos_till_start_payment(till, sale, out, error) };
    if status == SECUPOS_OK {
        // From here on there is a payment, whatever happens to the waiting.
        get((), || unsafe { hold(*out, "payment") }.ok().map(|payment| payment.wait()));
    }
    status
}

/// Begins a card payment and returns at once. Ask with secupos_payment_wait what became of it.
///
/// SECUPOS_OK means that there is a payment in *out, whatever becomes of it. Any other status means that this call
/// sent nothing and charged nothing.
///
/// Idempotent in the sale's (reference, attempt). By what the state file knows of them, it:
///   nothing yet                takes the payment;
///   it is running              gives the same payment: two callers, one charge;
///   it is in doubt             goes on finding out what became of it, and starts nothing;
///   it has an outcome          tells that again, receipts included, with secupos_payment_replayed; sends nothing.
/// After DECLINED or NOT_STARTED the next attempt is one more (secupos_sale_set_attempt). An APPROVED or REVERSED
/// reference takes no further attempt. It may still come to NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY, because an
/// earlier payment is in doubt: then settle that one and pay again with the next attempt.
///
/// Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: where one of these comes back, nothing was sent.
///   INVALID_ARGUMENT           the articles do not add up to the amount;
///   CONFLICT                   the reference or the attempt was used for another amount, or an attempt of it took money;
///   CLOSED                     the reference was acknowledged: use a new one;
///   ATTEMPT_OUT_OF_ORDER       only the next attempt can be made, and only after DECLINED or NOT_STARTED;
///   POSSIBLE_DUPLICATE         a payment over the same amount is in doubt, or was decided as not paid, within the last
///                              15 minutes: look, then secupos_sale_confirm_not_duplicate;
///   BUSY                       another payment of this till is running;
///   DAMAGED                    the state file was damaged or lost: secupos_till_accept_journal_loss;
///   JOURNAL_FAILED, TOO_NEW    the state file cannot be written;
///   FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` and `sale` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_start_payment(
    till: *const secupos_till,
    sale: *const secupos_sale,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let start = || unsafe {
        let sale = locked(&*hold(sale, "sale")?).clone();
        hold(till, "till")?.start_payment(&sale).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, start) }
}

/// Lists what the till has to do something about: payments in doubt, payments that were approved or reversed and are not
/// acknowledged yet, and conflicts. Each time the till is started, go through it; see "After a crash" at the top. Uses no
/// network and never waits. One that is running in this process is listed too, as it is: PENDING,
/// as soon as its start may be sent.
///
/// Ownership: the caller frees *out with secupos_payment_list_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: JOURNAL_FAILED if the state file cannot be read, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_unfinished(
    till: *const secupos_till,
    out: *mut *mut secupos_payment_list,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let unfinished = || unsafe { hold(till, "till") }?.unfinished().map(PaymentList::new);
    unsafe { produce(out, error, unfinished) }
}

/// Finds out what became of the payment with this reference, and returns at once: wait for it with secupos_payment_wait.
/// Starts nothing, ever: it reads, and what was never started comes back as NOT_STARTED. One that is running is that same
/// payment. Of several attempts it is the one that took money or may have, else the last one. One whose outcome is known is
/// told from the state file; only for receipts that were not there yet the service is asked again.
///
/// Ownership: reference is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: NOT_FOUND if the state file knows no such reference, BUSY while another payment of this
/// till is running and this one would have to be asked about, INVALID_UTF8, JOURNAL_FAILED, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_recover(
    till: *const secupos_till,
    reference: *const c_char,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let recover = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        till.recover(reference).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, recover) }
}

/// Begins to reverse an approved payment at the terminal, and returns at once: wait for it with secupos_payment_wait, then
/// ask secupos_payment_reversal. Its number comes from the state file. Only girocard and direct debit payments can be
/// reversed, and only until the end of the terminal's day; anything else comes back as SECUPOS_REVERSAL_REFUSED with the
/// service's words.
///
/// Calling it again is safe: it joins one that is running and tells again of one that is DONE. After
/// SECUPOS_REVERSAL_UNKNOWN the service is asked first, and only if it says that the payment stands is a second request
/// sent; secupos_till_recover only asks. While a reversal is in doubt and may still reach the terminal, payments come to
/// NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY. One that is older than 24 hours is reversed by
/// secupos_till_reverse_confirmed.
///
/// Ownership: reference is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: where one of these comes back, nothing was sent: NOT_FOUND; INVALID_STATE if it is not
/// approved, if the terminal has counted anew since, or if an end of day ran after it or may have;
/// CONFIRMATION_REQUIRED if it is older than 24 hours: it must be confirmed; BUSY while something else runs at
/// this terminal; INVALID_UTF8, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_reverse(
    till: *const secupos_till,
    reference: *const c_char,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let reverse = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        till.reverse(reference, None).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, reverse) }
}

/// The same for a payment of any age: a person has compared the receipt number with the customer's slip.
///
/// operator_name: who, 1 to 200 bytes; it is kept.
///
/// Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
/// Threads: any. Errors: as for secupos_till_reverse, but CONFIRMATION_REQUIRED; NOT_FOUND, INVALID_STATE, BUSY,
/// INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_reverse_confirmed(
    till: *const secupos_till,
    reference: *const c_char,
    operator_name: *const c_char,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let reverse = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        let operator = unsafe { text::required(operator_name, "operator") }?;
        till.reverse(reference, Some(operator)).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, reverse) }
}

/// How the till stands, as one JSON object: {"end_of_day_due": {"payments", "since"}, "last_end_of_day"}: how many
/// payments wait for the end of the terminal's day and since when, by what their receipts say of the card; what says
/// nothing counts. Times are milliseconds since 1970 UTC, or null. Uses no network and never waits for the terminal.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: JOURNAL_FAILED if the state file cannot be read, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_to_json(
    till: *const secupos_till,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let to_json = || Ok(Blob::new(unsafe { hold(till, "till") }?.to_json()?.to_string().into_bytes()));
    unsafe { produce(out, error, to_json) }
}

/// Says that the till has taken over the result of this reference: it is booked, and its receipts are printed. It is no
/// longer listed by secupos_till_unfinished, and the reference is closed: paying with it again is the error CLOSED, also
/// with the next attempt after a DECLINED one. Needed for what was APPROVED or REVERSED, and for a conflict; one that
/// this till has not been given yet, by secupos_till_unfinished or secupos_till_recover, stays listed. May be repeated.
/// Uses no network and never waits.
///
/// Ownership: reference is only read. NULL: no argument but error may be NULL. Threads: any. Errors: NOT_FOUND;
/// INVALID_STATE while it is running or in doubt: there is no result yet; INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_acknowledge(
    till: *const secupos_till,
    reference: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let acknowledge = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        till.acknowledge(reference)
    };
    unsafe { perform(error, acknowledge) }
}

/// Stores what a person says became of a payment that is UNKNOWN. *out is the payment as it stands then: APPROVED or
/// NOT_STARTED, with SECUPOS_BASIS_OPERATOR. Nothing is overwritten, and nothing is charged or given back by it. The
/// service is still asked for 7 days; should it say otherwise, secupos_till_unfinished lists the payment with
/// secupos_payment_conflict. Uses no network and never waits.
///
/// decision: one of SECUPOS_DECISION_*. operator_name: who says so, reason: why ("slip in hand", "terminal shows ready"),
/// 1 to 200 bytes each; both are kept. slip_number: the number on the slip, or 0 for none.
///
/// Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
/// Threads: any. Errors: NOT_FOUND; INVALID_STATE if it is running or not in doubt (any more: recover it);
/// INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_decide(
    till: *const secupos_till,
    reference: *const c_char,
    decision: secupos_decision,
    operator_name: *const c_char,
    reason: *const c_char,
    slip_number: i64,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let decide = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        let (operator, reason) =
            unsafe { (text::required(operator_name, "operator")?, text::required(reason, "reason")?) };
        let verdict = Verdict {
            paid: means_paid(decision)?,
            operator: operator.to_owned(),
            reason: reason.to_owned(),
            slip_number: (slip_number != 0).then_some(slip_number),
        };
        till.decide(reference, &verdict).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, decide) }
}

/// Lists the payments that were begun from from_ms on and before to_ms, all attempts, whatever became of them. Uses no
/// network and never waits.
///
/// from_ms, to_ms: milliseconds since 1970 UTC. receipt_number: only those with this number of the terminal's, or 0 for any.
///
/// Ownership: the caller frees *out with secupos_payment_list_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: JOURNAL_FAILED if the state file cannot be read, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_find_payments(
    till: *const secupos_till,
    from_ms: i64,
    to_ms: i64,
    receipt_number: i64,
    out: *mut *mut secupos_payment_list,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let find = || {
        let number = (receipt_number != 0).then_some(receipt_number);
        unsafe { hold(till, "till") }?.find_payments(from_ms, to_ms, number).map(PaymentList::new)
    };
    unsafe { produce(out, error, find) }
}

/// Accepts that the state file was damaged or lost and that payments in it may be forgotten; until then payments are
/// refused with DAMAGED. For a person who has compared the last slips with what the till has booked, never for a program
/// by itself. Does nothing where nothing was lost. Uses no network and never waits.
///
/// operator_name: who accepts it, 1 to 200 bytes; it is kept.
///
/// Ownership: operator_name is copied. NULL: no argument but error may be NULL. Threads: any. Errors: INVALID_ARGUMENT,
/// INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_accept_journal_loss(
    till: *const secupos_till,
    operator_name: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let accept = || {
        let (till, operator) = unsafe { (hold(till, "till")?, text::required(operator_name, "operator")?) };
        till.accept_journal_loss(operator)
    };
    unsafe { perform(error, accept) }
}

fn means_paid(decision: secupos_decision) -> Result<bool> {
    match decision {
        SECUPOS_DECISION_PAID => Ok(true),
        SECUPOS_DECISION_NOT_PAID => Ok(false),
        _ => Err(Error::argument("decision", format!("is {decision}, which is no SECUPOS_DECISION_*"))),
    }
}
