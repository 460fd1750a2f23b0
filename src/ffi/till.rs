//! The till, as C sees it.

use std::ffi::c_char;
use std::time::Duration;

use crate::error::{Error, Result};
use crate::ffi::boundary::{answer, free, get, perform, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::config::{locked, secupos_config};
use crate::ffi::error::{SECUPOS_OK, secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::payment::{PaymentTexts, secupos_payment};
use crate::ffi::payment_list::{PaymentList, secupos_payment_list};
use crate::ffi::sale::secupos_sale;
use crate::ffi::text;
use crate::till::Till;
use crate::till::decide::{ReversalVerdict, Verdict};

/// A till: one state file, one terminal, one payment at a time. Shared: any thread, concurrently. Open it once and keep
/// it for as long as the program runs.
#[allow(non_camel_case_types)]
pub struct secupos_till {
    _opaque: [u8; 0],
}
noun!(secupos_till: Till);

/// What a till may wait for when it starts.
const LONGEST_RECOVERY_MS: u64 = 3_600_000;

/// What a person says about a payment in doubt.
#[allow(non_camel_case_types)]
pub type secupos_decision = i32;
/// The customer has paid: there is a slip, or the terminal shows it.
pub const SECUPOS_DECISION_PAID: secupos_decision = 1;
/// The customer has not paid.
pub const SECUPOS_DECISION_NOT_PAID: secupos_decision = 2;

/// What a person says about a reversal in doubt.
#[allow(non_camel_case_types)]
pub type secupos_reversal_decision = i32;
/// The money has gone back: there is a slip, or the terminal shows it.
pub const SECUPOS_REVERSAL_DECISION_REVERSED: secupos_reversal_decision = 1;
/// The money has not gone back.
pub const SECUPOS_REVERSAL_DECISION_NOT_REVERSED: secupos_reversal_decision = 2;

/// Opens a till and its state file. It does not wait for the network: wrong credentials show with the first payment.
/// The till asks in the background about what was left in doubt. Call secupos_till_recover_all next.
///
/// A state file that is damaged or lost opens, too. The library sets it aside and keeps what can be read of it.
/// Payments are then refused with STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called.
///
/// @param config the settings
/// @param out the till; free it with secupos_till_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - INVALID_ARGUMENT if the settings are incomplete
/// - STATE_FILE_MISSING if there is no state file and SECUPOS_STATE_CREATE was not given, or if its folder does not
///   exist
/// - STATE_FILE_LOCKED if the state file is in use: by another process, by another till of this one, by a payment that
///   goes on after its till was freed, or, in a forked child, by the till that it inherited, until that one is freed
///   there
/// - STATE_FILE_MISMATCH if the state file belongs to another till (base URL, client or device). If it is the same till
///   all the same, call secupos_till_rebind.
/// - STATE_FILE_TOO_NEW if a newer secupos wrote the state file
/// - JOURNAL_FAILED if the state file cannot be written
/// - TLS if the system's roots cannot be read
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
        Till::open(&config)
    };
    unsafe { produce(out, error, open) }
}

/// Closes a till. A payment that is running goes on, and its secupos_payment still receives its outcome. The till
/// releases the state file at once, or, if a payment is running, a moment after that has ended.
///
/// @param till the till
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_free(till: *mut secupos_till) {
    unsafe { free(till) }
}

/// Takes a card payment and blocks until it has an outcome, which may take minutes. It does the same as
/// secupos_till_start_payment followed by secupos_payment_wait without a limit. Another thread that wants to abort the
/// payment gets it from secupos_till_recover.
///
/// SECUPOS_OK means that there is a payment in *out. Its outcome says what became of it. Any other status means that
/// this call sent nothing and charged nothing.
///
/// It is always safe to call it again, also after an error, a crash or a power cut: secupos_till_start_payment explains
/// why.
///
/// @param till the till
/// @param sale what the customer is to pay
/// @param out the payment; free it with secupos_payment_free
/// @param error why the call failed
/// @return as secupos_till_start_payment
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

/// Begins a card payment and returns at once. secupos_payment_wait gives its outcome.
///
/// SECUPOS_OK means that there is a payment in *out. Its outcome says what became of it. Any other status means that
/// this call sent nothing and charged nothing.
///
/// The call is idempotent in the sale's reference and attempt. It depends on what the state file says about the two:
/// - nothing: it takes the payment
/// - the payment is running: it gives that payment; two callers make one charge
/// - the payment is in doubt: it goes on finding out what became of it, and starts nothing
/// - the payment has an outcome: it gives that outcome and the receipts again (secupos_payment_replayed), and sends
///   nothing
///
/// After FAILED or NOT_STARTED the next attempt has the next number (secupos_sale_set_attempt). An APPROVED or
/// REVERSED reference takes no further attempt. If an earlier payment is in doubt, the payment may be NOT_STARTED with
/// SECUPOS_REASON_TERMINAL_BUSY. Then clear up the earlier payment or wait for the end of its grace, and pay again with
/// the next attempt. The call reports only the attempt that it was asked for. SECUPOS_ACTION_CHECK_UNFINISHED says that
/// something else needs a person.
///
/// @param till the till
/// @param sale what the customer is to pay
/// @param out the payment; free it with secupos_payment_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - INVALID_ARGUMENT if the items do not add up to the amount
/// - REFERENCE_CONFLICT if the reference or the attempt was used for another amount, or if one of its attempts took
///   money
/// - REFERENCE_CLOSED if the reference was acknowledged and this attempt needs nothing: use a new reference
/// - ATTEMPT_OUT_OF_ORDER if this is not the next attempt, or if the one before is neither FAILED nor NOT_STARTED
/// - POSSIBLE_DUPLICATE if a payment of the same amount has been in doubt for less than an hour, or if a person decided
///   less than 15 minutes ago, without the terminal's own word, that one was not paid. Compare the two, then call
///   secupos_sale_confirm_not_duplicate.
/// - BUSY while something else runs at this till's terminal
/// - STATE_FILE_DAMAGED if the state file was damaged, lost or brought back from an older day: call
///   secupos_till_accept_journal_loss
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

/// Lists what the till must still deal with: payments and reversals in doubt, payments that were approved or reversed
/// and are not acknowledged, conflicts, and receipts that came after the payment was acknowledged. A payment that is
/// running in this process is listed as PENDING as soon as its start may have been sent.
///
/// The list is for a screen. It never asks for money: it shows SECUPOS_ACTION_RECOVER_LATER instead.
/// secupos_till_recover_all asks.
///
/// @param till the till
/// @param out the payments; free them with secupos_payment_list_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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

/// Finds out what became of an earlier payment and returns at once. secupos_payment_wait gives its outcome. It never
/// starts anything: it only reads. A payment that was never started is NOT_STARTED. If the payment is running, *out is
/// that payment. If the outcome is proven, it comes from the state file. Otherwise the till asks the service again.
///
/// @param till the till
/// @param reference the sale's reference
/// @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
/// @param out the payment; free it with secupos_payment_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - NOT_FOUND if the state file does not know the reference or the attempt
/// - INVALID_STATE if attempt is 0 and two attempts need something
/// - INVALID_ARGUMENT if attempt is negative
/// - BUSY if the service must be asked and another payment of this till is running
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

/// Finds out what became of everything that is unfinished. It blocks until that is done or timeout_ms has passed. What
/// is still in doubt then is UNKNOWN. In the time that is left it asks about what is not proven, and adds the payments
/// that have changed. It never starts anything. Payments are BUSY while it runs.
///
/// Each till calls this when it is started, and when an action is SECUPOS_ACTION_CHECK_UNFINISHED. See "After a crash"
/// at the top. For each payment in *out do what its actions say, then call secupos_payment_acknowledge.
///
/// @param till the till
/// @param timeout_ms from 0 to 3 600 000; 0 uses no network and gives only what is known
/// @param out one payment for each attempt; free them with secupos_payment_list_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, BUSY while something else runs at this terminal, or INVALID_ARGUMENT
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

/// Begins to reverse an approved payment at the terminal and returns at once. Wait with secupos_payment_wait, then ask
/// secupos_payment_reversal. The receipt number comes from the state file. Only girocard and direct debit payments can
/// be reversed, and only until the end of the terminal's day. The service refuses everything else.
///
/// The reversal is SECUPOS_REVERSAL_REFUSED if no request was sent, or if the service itself refused the first request
/// at once and the payment still stands 12 s later. Any other reversal that is not done is SECUPOS_REVERSAL_UNKNOWN
/// until the service says "cancelled" or a person decides (secupos_till_decide_reversal). While it is in doubt and may
/// still reach the terminal, payments are NOT_STARTED with SECUPOS_REASON_TERMINAL_BUSY.
///
/// It is safe to call it again. It joins a reversal that is running, and gives the result of one that is done. For a
/// reversal in doubt it sends a second request only if the first one can no longer reach the terminal and the service
/// says that the payment stands. secupos_till_recover only asks.
///
/// @param till the till
/// @param reference the sale's reference
/// @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
/// @param out the payment; free it with secupos_payment_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or one of these, and then nothing was sent:
/// - NOT_FOUND if the state file does not know the reference or the attempt
/// - INVALID_STATE if the payment is not approved
/// - INVALID_STATE if its number may be another payment's, because the terminal has counted anew or is another one now,
///   because an end of day ran or may have run after it, or because the till was bound anew
/// - INVALID_STATE if attempt is 0 and two attempts need something
/// - CONFIRMATION_REQUIRED if the payment is older than 24 hours, if a clock makes no sense, or if
///   SECUPOS_ACTION_REFUND was given for it: see secupos_till_reverse_confirmed
/// - BUSY while something else runs at this terminal
/// - INVALID_ARGUMENT if attempt is negative
/// - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
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

/// Does the same as secupos_till_reverse for a payment of any age. A person has compared the receipt number with the
/// customer's slip, and knows that the money was not given back in another way.
///
/// @param till the till
/// @param reference the sale's reference
/// @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
/// @param operator_name who confirms it, 1 to 200 bytes; the state file keeps it
/// @param out the payment; free it with secupos_payment_free
/// @param error why the call failed
/// @return as secupos_till_reverse, except CONFIRMATION_REQUIRED
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

/// How many payments wait for the end of the terminal's day. The card on the receipt decides whether a payment waits. A
/// payment whose receipt does not name a card counts. Uses no network.
///
/// @param till the till
/// @param out the number of payments
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_end_of_day_due(
    till: *const secupos_till,
    out: *mut i64,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let due = || Ok(unsafe { hold(till, "till") }?.end_of_day_due()?.payments);
    unsafe { answer(out, 0, error, due) }
}

/// Since when payments wait for the end of the terminal's day. Uses no network.
///
/// @param till the till
/// @param out when the first of them was begun: Unix time in milliseconds, UTC; 0 if none waits
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_end_of_day_due_since(
    till: *const secupos_till,
    out: *mut i64,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let since = || Ok(unsafe { hold(till, "till") }?.end_of_day_due()?.since.unwrap_or(0));
    unsafe { answer(out, 0, error, since) }
}

/// The till's state as one JSON object: {"end_of_day_due": {"payments", "since"}, "last_end_of_day", "logins_taken",
/// "rollback_unnoticed"}. Times are milliseconds since 1970 UTC, or null.
/// - end_of_day_due: how many payments wait for the end of the terminal's day, and since when. The card on the receipt
///   decides whether a payment waits. A payment whose receipt does not name a card counts.
/// - logins_taken: how often somebody else has logged in as this device
/// - rollback_unnoticed: whether the till could not use the service's list the last time it asked for it. Then nobody
///   would notice a state file that was brought back from an older day together with its head.
///
/// @param till the till
/// @param out the JSON; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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

/// Says that the till has taken over the result of an attempt: it has booked the payment and printed its receipts. The
/// result is the one that this process was given last. Prefer secupos_payment_acknowledge, which takes over the result
/// of one payment object.
///
/// A payment that is APPROVED or REVERSED must be acknowledged, and so must a conflict. After that
/// secupos_till_unfinished no longer lists it, and its reference is closed: paying with the reference fails with
/// REFERENCE_CLOSED, also for the next attempt after a FAILED one. The exception is another attempt that still needs
/// something: that is given. A conflict or a receipt that comes later is listed again. The call may be repeated.
///
/// @param till the till
/// @param reference the sale's reference
/// @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - NOT_FOUND if the state file does not know the reference or the attempt
/// - INVALID_STATE while the payment or its reversal is running or in doubt: it has no result yet
/// - INVALID_STATE if attempt is 0 and two attempts need something
/// - INVALID_ARGUMENT if attempt is negative
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

/// Says that the till has taken over the result of this payment object, and nothing newer: it has booked the payment
/// and printed its receipts. secupos_till_acknowledge explains what that changes.
///
/// A conflict or a receipt that came after this object was made stays listed by secupos_till_unfinished. A conflict
/// also stays listed if the object comes from secupos_till_unfinished or secupos_till_find_payments, because lists do
/// not report conflicts: recover the payment first.
///
/// @param payment the payment
/// @param till the till that it belongs to
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, NOT_FOUND if the state file does not know the payment, or INVALID_STATE while
///     the payment or its reversal is running or in doubt: it has no result yet
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

/// Stores what a person says became of a payment that is UNKNOWN. The payment is then APPROVED or NOT_STARTED, with
/// SECUPOS_DECIDED_BY_OPERATOR. The call charges nothing, gives nothing back and overwrites nothing. The till still asks
/// the service for 7 days. If the service says otherwise, the payment is a conflict (secupos_payment_conflict) and
/// unfinished again.
///
/// A payment that is running may be decided as soon as its start has been open for a minute.
///
/// @param till the till
/// @param reference the sale's reference
/// @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
/// @param decision one of SECUPOS_DECISION_*
/// @param operator_name who says so, 1 to 200 bytes; the state file keeps it
/// @param reason why, such as "slip in hand" or "terminal shows ready", 1 to 200 bytes; the state file keeps it
/// @param slip_number the number on the slip, or 0 for none
/// @param out the payment with its new outcome; free it with secupos_payment_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - NOT_FOUND if the state file does not know the reference or the attempt
/// - INVALID_STATE if the payment is running, or if it is not in doubt: recover it
/// - INVALID_STATE if attempt is 0 and two attempts need something
/// - INVALID_ARGUMENT if an argument has another value than described
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

/// Stores what a person says became of a reversal that is SECUPOS_REVERSAL_UNKNOWN: the terminal shows it, or there is
/// a slip. The payment is then REVERSED, or APPROVED with SECUPOS_REVERSAL_REFUSED, and has SECUPOS_DECIDED_BY_OPERATOR.
/// The till still asks the service for 7 days. If the service says "cancelled" after a "not reversed", the payment is a
/// conflict (secupos_payment_conflict) and unfinished again. If the service goes on saying "paid" after a "reversed",
/// that is no conflict.
///
/// @param till the till
/// @param reference the sale's reference
/// @param attempt which attempt; 0 lets the library choose, see "References and attempts" at the top
/// @param decision one of SECUPOS_REVERSAL_DECISION_*
/// @param operator_name who says so, 1 to 200 bytes; the state file keeps it
/// @param reason why, 1 to 200 bytes; the state file keeps it
/// @param out the payment with its new outcome; free it with secupos_payment_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - NOT_FOUND if the state file does not know the reference or the attempt
/// - INVALID_STATE if the payment is running, or if no reversal of it is in doubt
/// - INVALID_STATE if attempt is 0 and two attempts need something
/// - INVALID_ARGUMENT if an argument has another value than described
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

/// Binds the state file to the host, device and client of these settings, because a person says that it is the same
/// till. It is needed after the vendor has renamed a host, or after the device code or the client has changed. Payments
/// that were begun before can no longer be reversed at the terminal. The till must not be open.
///
/// @param config the settings
/// @param operator_name who says so, 1 to 200 bytes; the state file keeps it
/// @param reason why, 1 to 200 bytes; the state file keeps it
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - STATE_FILE_MISSING if there is no state file
/// - STATE_FILE_LOCKED while the till is open
/// - INVALID_STATE while a payment is in doubt and undecided, or may still reach the terminal
/// - STATE_FILE_MISMATCH between PRODUCTION and TESTING
/// - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
/// - STATE_FILE_TOO_NEW if a newer secupos wrote the state file
/// - JOURNAL_FAILED if the state file cannot be read or written
/// - INVALID_ARGUMENT if the settings are incomplete or a text is too long or empty
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
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

/// Lists the payments that were begun in a period: all attempts with any outcome.
///
/// @param till the till
/// @param from_ms the beginning of the period, in milliseconds since 1970 UTC
/// @param to_ms the end of the period, in milliseconds since 1970 UTC; a payment begun at this moment is not listed
/// @param receipt_number only payments to which the terminal gave this number; 0 for all
/// @param out the payments; free them with secupos_payment_list_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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

/// Accepts that the state file was damaged, lost or brought back from an older day, and that it may lack payments.
/// Until then payments are refused with STATE_FILE_DAMAGED. Only a person who has compared the last slips with the
/// till's books may cause this call; a program never makes it by itself. If nothing was lost, the call does nothing.
///
/// @param till the till
/// @param operator_name who accepts it, 1 to 200 bytes; the state file keeps it
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if operator_name is empty or too long
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
