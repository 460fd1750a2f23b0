//! The till, as C sees it.

use std::ffi::c_char;
use std::time::Duration;

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
use crate::till::Till;
use crate::till::decide::{ReversalVerdict, Verdict};

/// A till: one state file, one terminal, one payment at a time. Shared: any thread, concurrently. Open one and keep it for
/// as long as the program runs.
#[allow(non_camel_case_types)]
pub struct secupos_till {
    _opaque: [u8; 0],
}
noun!(secupos_till: Till);

/// What a till may wait for when it starts.
const LONGEST_RECOVERY_MS: u64 = 3_600_000;

/// What a person says of a payment in doubt.
#[allow(non_camel_case_types)]
pub type secupos_decision = i32;
/// The customer has paid: there is a slip, or the terminal shows it.
pub const SECUPOS_DECISION_PAID: secupos_decision = 1;
/// The customer has not paid.
pub const SECUPOS_DECISION_NOT_PAID: secupos_decision = 2;

/// What a person says of a reversal in doubt.
#[allow(non_camel_case_types)]
pub type secupos_reversal_decision = i32;
/// The money has gone back: there is a slip, or the terminal shows it.
pub const SECUPOS_REVERSAL_DECISION_REVERSED: secupos_reversal_decision = 1;
/// It has not.
pub const SECUPOS_REVERSAL_DECISION_NOT_REVERSED: secupos_reversal_decision = 2;

/// Opens a till and its state file. Waits for no network: wrong credentials show with the first payment. What was left in
/// doubt is asked about in the background; call secupos_till_recover_all next.
///
/// Ownership: config is only read; the caller frees *out with secupos_till_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: INVALID_ARGUMENT if the settings are incomplete; MISSING if there is no state file and
/// SECUPOS_STATE_CREATE was not given, or no folder for it; LOCKED if it is in use, here or in another process, also by
/// a payment that goes on after its till was freed, and in a forked child until secupos_till_free of the till that it
/// has inherited; MISMATCH if it is another till's (base URL, client or device; if it is the same till all the same,
/// secupos_till_rebind); TOO_NEW if a newer secupos wrote it; JOURNAL_FAILED if it cannot be written; TLS if the
/// system's roots cannot be read; INTERNAL. A file that is damaged or lost opens: it is set aside, what can be read of
/// it is kept, and payments are refused with DAMAGED until secupos_till_accept_journal_loss.
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
/// earlier payment is in doubt: then settle that one, or wait for the end of its grace, and pay again with the next attempt.
/// It tells the attempt that it was asked for; whatever else needs a person, SECUPOS_ACTION_CHECK_UNFINISHED says.
///
/// Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: where one of these comes back, nothing was sent.
///   INVALID_ARGUMENT           the articles do not add up to the amount;
///   CONFLICT                   the reference or the attempt was used for another amount, or an attempt of it took money;
///   CLOSED                     the reference was acknowledged, and this attempt needs nothing: use a new one;
///   ATTEMPT_OUT_OF_ORDER       only the next attempt can be made, and only after DECLINED or NOT_STARTED;
///   POSSIBLE_DUPLICATE         a payment over the same amount is in doubt since less than an hour, or was taken for not paid
///                              less than 15 minutes ago without the terminal's own word: look, then
///                              secupos_sale_confirm_not_duplicate;
///   BUSY                       something else is running at this till's terminal;
///   DAMAGED                    the state file was damaged, lost or brought back from an older day:
///                              secupos_till_accept_journal_loss;
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

/// Lists what the till has to do something about: payments and reversals in doubt, payments that were approved or reversed
/// and are not acknowledged yet, conflicts, and receipts that came after the payment was acknowledged. For a screen: it tells
/// nothing, and shows SECUPOS_ACTION_RECOVER_LATER where money is asked for; secupos_till_recover_all tells. Uses no network
/// and never waits. One that is running in this process is listed too, as it is: PENDING, as soon as its start may be sent.
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

/// Finds out what became of an attempt to take the payment with this reference, and returns at once: wait for it with
/// secupos_payment_wait. Starts nothing, ever: it reads, and what was never started comes back as NOT_STARTED. One that is
/// running is that same payment. What is proven is told from the state file; anything else the service is asked about again.
///
/// attempt: which one; or 0 for the one that needs something, or else the one that took money, or else the last one.
///
/// Ownership: reference is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: NOT_FOUND if the state file knows no such reference or attempt; INVALID_STATE if attempt is 0
/// and two attempts need something; BUSY while another payment of this till is running and this one would have to be asked
/// about; INVALID_ARGUMENT for a negative attempt; INVALID_UTF8, JOURNAL_FAILED, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_recover(
    till: *const secupos_till,
    reference: *const c_char,
    attempt: i32,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let recover = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        till.recover(reference, one_attempt(attempt)?).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, recover) }
}

/// Finds out about everything that is unfinished, in turns, and blocks until that is done or timeout_ms is over; what is
/// still in doubt then is UNKNOWN. With the time that is left it asks about what is not proven, and adds what has changed
/// by that. Starts nothing, ever. *out is one payment for each attempt, the oldest first: do what its actions say, then
/// secupos_payment_acknowledge. Each till calls this when it is started, and when an action is
/// SECUPOS_ACTION_CHECK_UNFINISHED; see "After a crash" at the top. Meanwhile payments are BUSY.
///
/// timeout_ms: from 0 (no network: only what is known) to 3 600 000.
///
/// Ownership: the caller frees *out with secupos_payment_list_free. NULL: no argument but error may be NULL. Threads: any;
/// blocks the calling one. Errors: BUSY while something else runs at this terminal, INVALID_ARGUMENT, JOURNAL_FAILED if the
/// state file cannot be read, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_recover_all(
    till: *const secupos_till,
    timeout_ms: i64,
    out: *mut *mut secupos_payment_list,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let recover = || {
        let timeout = match u64::try_from(timeout_ms) {
            Ok(timeout) if timeout <= LONGEST_RECOVERY_MS => Duration::from_millis(timeout),
            _ => {
                let fault = format!("is {timeout_ms}; it must be from 0 to {LONGEST_RECOVERY_MS}");
                return Err(Error::argument("timeout_ms", fault));
            }
        };
        unsafe { hold(till, "till") }?.recover_all(timeout).map(PaymentList::new)
    };
    unsafe { produce(out, error, recover) }
}

/// Begins to reverse an approved payment at the terminal, and returns at once: wait for it with secupos_payment_wait, then
/// ask secupos_payment_reversal. Its number comes from the state file. Only girocard and direct debit payments can be
/// reversed, and only until the end of the terminal's day; anything else is refused by the service.
///
/// attempt: which one; or 0 for the one that needs something, or else the one that took money, or else the last one.
///
/// It is SECUPOS_REVERSAL_REFUSED where no request was sent, or where the first one was refused at once by the service
/// itself and the payment still stands 12 s later. Anything else that is not done is SECUPOS_REVERSAL_UNKNOWN until the
/// service says cancelled or a person decides (secupos_till_decide_reversal). Calling it again is safe: it joins one that
/// is running and tells again of one that is DONE; of one in doubt a second request is sent only when the first one
/// cannot reach the terminal any more and the service says that the payment stands; secupos_till_recover only asks. While
/// a reversal is in doubt and may still reach the terminal, payments come to NOT_STARTED with
/// SECUPOS_REASON_TERMINAL_BUSY. One that is older than 24 hours, or whose money was to be given back in another way, is
/// reversed by secupos_till_reverse_confirmed.
///
/// Ownership: reference is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: where one of these comes back, nothing was sent: NOT_FOUND; INVALID_STATE if it is not
/// approved, if its number may be another payment's, because the terminal has counted anew or is another one now, if an
/// end of day ran after it or may have, if the till was bound anew, or if attempt is 0 and two attempts need something;
/// CONFIRMATION_REQUIRED if it is older than 24 hours, if a clock makes no sense, or if SECUPOS_ACTION_REFUND was told of
/// it; BUSY while something else runs at this terminal; INVALID_ARGUMENT for a negative attempt; INVALID_UTF8,
/// JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_reverse(
    till: *const secupos_till,
    reference: *const c_char,
    attempt: i32,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let reverse = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        till.reverse(reference, one_attempt(attempt)?, None).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, reverse) }
}

/// The same for a payment of any age: a person has compared the receipt number with the customer's slip, and knows that the
/// money has not been given back in another way.
///
/// attempt: as for secupos_till_reverse. operator_name: who, 1 to 200 bytes; it is kept.
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
    attempt: i32,
    operator_name: *const c_char,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let reverse = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        let operator = unsafe { text::required(operator_name, "operator") }?;
        till.reverse(reference, one_attempt(attempt)?, Some(operator)).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, reverse) }
}

/// How the till stands, as one JSON object: {"end_of_day_due": {"payments", "since"}, "last_end_of_day", "logins_taken",
/// "rollback_unnoticed"}. Times are milliseconds since 1970 UTC, or null. Uses no network and never waits for the terminal.
///
/// end_of_day_due: how many payments wait for the end of the terminal's day and since when, by what their receipts say of the
/// card; what says nothing counts. logins_taken: how often somebody else has logged in as this device. rollback_unnoticed:
/// whether the service's list could not be used the last time, so that nobody would notice a state file that was brought back
/// from an older day together with its head.
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

/// Says that the till has taken over the result of an attempt, as this process was told it last: it is booked, and its
/// receipts are printed. Better is secupos_payment_acknowledge, which takes over what that payment told. It is no longer
/// listed by secupos_till_unfinished, and the reference is closed: paying with it again is the error CLOSED, also with
/// the next attempt after a DECLINED one; only another attempt of it that still needs something is told. Needed for what
/// was APPROVED or REVERSED, and for a conflict. A conflict or a receipt that came later stays listed. May be repeated.
/// Uses no network and never waits.
///
/// attempt: which one; or 0 for the one that needs something, or else the one that took money, or else the last one.
///
/// Ownership: reference is only read. NULL: no argument but error may be NULL. Threads: any. Errors: NOT_FOUND;
/// INVALID_STATE while it or its reversal is running or in doubt: there is no result yet, or if attempt is 0 and two attempts
/// need something;
/// INVALID_ARGUMENT for a negative attempt; INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_acknowledge(
    till: *const secupos_till,
    reference: *const c_char,
    attempt: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let acknowledge = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        till.acknowledge(reference, one_attempt(attempt)?)
    };
    unsafe { perform(error, acknowledge) }
}

/// Says that the till has taken over what this payment told, and no more: it is booked, and its receipts are printed. A
/// conflict or a receipt that came later stays listed by secupos_till_unfinished. So does any conflict of a payment that
/// secupos_till_unfinished or secupos_till_find_payments has listed, because they tell none: recover it first. Otherwise
/// as secupos_till_acknowledge. Uses no network and never waits.
///
/// till: that whose payment it is.
///
/// Ownership: payment is only read. NULL: no argument but error may be NULL. Threads: any. Errors: NOT_FOUND; INVALID_STATE
/// while it or its reversal is running or in doubt: there is no result yet; JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `payment` and `till` are NULL or handles that are not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_acknowledge(
    payment: *const secupos_payment,
    till: *const secupos_till,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let acknowledge = || {
        let (texts, till) = unsafe { (hold(payment, "payment")?, hold(till, "till")?) };
        till.acknowledge_payment(&texts.payment)
    };
    unsafe { perform(error, acknowledge) }
}

/// Stores what a person says became of a payment that is UNKNOWN. *out is the payment as it stands then: APPROVED or
/// NOT_STARTED, with SECUPOS_BASIS_OPERATOR. Nothing is overwritten, and nothing is charged or given back by it. The
/// service is still asked for 7 days; should it say otherwise, the payment is a conflict (secupos_payment_conflict), and
/// unfinished again. Of one whose start has been open for a minute it may be said while that goes on. Uses no network and
/// never waits.
///
/// attempt: which one; or 0 for the one that needs something. decision: one of SECUPOS_DECISION_*. operator_name: who
/// says so, reason: why ("slip in hand", "terminal shows ready"), 1 to 200 bytes each; both are kept. slip_number: the
/// number on the slip, or 0 for none.
///
/// Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
/// Threads: any. Errors: NOT_FOUND; INVALID_STATE if it is running or not in doubt (any more: recover it), or if attempt is 0
/// and two attempts need something; INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_decide(
    till: *const secupos_till,
    reference: *const c_char,
    attempt: i32,
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
        till.decide(reference, one_attempt(attempt)?, &verdict).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, decide) }
}

/// Stores what a person says became of a reversal that is SECUPOS_REVERSAL_UNKNOWN: the terminal shows it, or there is a
/// slip. *out is the payment as it stands then: REVERSED, or APPROVED with SECUPOS_REVERSAL_REFUSED, with
/// SECUPOS_BASIS_OPERATOR. The service is still asked for 7 days. That it goes on saying "paid" contradicts nobody's
/// "reversed"; should it say cancelled after a "not reversed", the payment is a conflict (secupos_payment_conflict), and
/// unfinished again. Uses no network and never waits.
///
/// attempt: which one; or 0 for the one that needs something. decision: one of SECUPOS_REVERSAL_DECISION_*.
/// operator_name: who says so, reason: why, 1 to 200 bytes each; both are kept.
///
/// Ownership: texts are copied; the caller frees *out with secupos_payment_free. NULL: no argument but error may be NULL.
/// Threads: any. Errors: NOT_FOUND; INVALID_STATE if it is running or no reversal of it is in doubt, or if attempt is 0
/// and two attempts need something; INVALID_ARGUMENT, INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_decide_reversal(
    till: *const secupos_till,
    reference: *const c_char,
    attempt: i32,
    decision: secupos_reversal_decision,
    operator_name: *const c_char,
    reason: *const c_char,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let decide = || {
        let (till, reference) = unsafe { (hold(till, "till")?, text::required(reference, "reference")?) };
        let (operator, reason) =
            unsafe { (text::required(operator_name, "operator")?, text::required(reason, "reason")?) };
        let reversed = match decision {
            SECUPOS_REVERSAL_DECISION_REVERSED => true,
            SECUPOS_REVERSAL_DECISION_NOT_REVERSED => false,
            _ => {
                let fault = format!("is {decision}, which is no SECUPOS_REVERSAL_DECISION_*");
                return Err(Error::argument("decision", fault));
            }
        };
        let verdict = ReversalVerdict { reversed, operator: operator.to_owned(), reason: reason.to_owned() };
        till.decide_reversal(reference, one_attempt(attempt)?, &verdict).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, decide) }
}

/// Binds the state file to the host, device and client of these settings, because a person says that it is the same till:
/// after the vendor has renamed a host, or the device code or the client has changed. What was begun before cannot be
/// reversed at the terminal any more. The till must not be open. Uses no network.
///
/// operator_name: who says so, reason: why, 1 to 200 bytes each; both are kept.
///
/// Ownership: config is only read; texts are copied. NULL: no argument but error may be NULL. Threads: any. Errors: MISSING;
/// LOCKED while it is open; INVALID_STATE while a payment is in doubt and undecided, or may still reach the terminal;
/// MISMATCH between PRODUCTION and TESTING; DAMAGED until secupos_till_accept_journal_loss; INVALID_ARGUMENT, INVALID_UTF8,
/// TOO_NEW, JOURNAL_FAILED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_rebind(
    config: *const secupos_config,
    operator_name: *const c_char,
    reason: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let rebind = || {
        let config = locked(&*unsafe { hold(config, "config") }?).clone();
        let (operator, reason) =
            unsafe { (text::required(operator_name, "operator")?, text::required(reason, "reason")?) };
        Till::rebind(&config, operator, reason)
    };
    unsafe { perform(error, rebind) }
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

/// Accepts that the state file was damaged, lost or brought back from an older day, and that payments in it may be
/// forgotten; until then payments are refused with DAMAGED. For a person who has compared the last slips with what the
/// till has booked, never for a program by itself. Does nothing where nothing was lost. Uses no network and never waits.
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

/// One attempt, or none where 0 leaves it open.
fn one_attempt(attempt: i32) -> Result<Option<i32>> {
    match attempt {
        0 => Ok(None),
        1.. => Ok(Some(attempt)),
        _ => Err(Error::argument("attempt", format!("is {attempt}; it must be 0 or at least 1"))),
    }
}

fn means_paid(decision: secupos_decision) -> Result<bool> {
    match decision {
        SECUPOS_DECISION_PAID => Ok(true),
        SECUPOS_DECISION_NOT_PAID => Ok(false),
        _ => Err(Error::argument("decision", format!("is {decision}, which is no SECUPOS_DECISION_*"))),
    }
}
