//! The words for what became of a payment, why, and what to do next, as numbers of C.

use std::ffi::c_char;

use crate::payment::action::Action;
use crate::payment::outcome::{DecidedBy, Outcome, ReversalOutcome};
use crate::payment::phase::Phase;
use crate::payment::reason::Reason;
use crate::till::handles::payment::Abort;

/// What became of a payment.
///
/// In C 0 is the safe reading: treat a number that you do not know as in doubt.
#[allow(non_camel_case_types)]
pub type secupos_outcome = i32;
/// In doubt: money may have moved. Do not charge again.
pub const SECUPOS_OUTCOME_UNKNOWN: secupos_outcome = 0;
/// Money moved.
pub const SECUPOS_OUTCOME_APPROVED: secupos_outcome = 1;
/// No money moved: the payment was refused, aborted or timed out.
pub const SECUPOS_OUTCOME_FAILED: secupos_outcome = 2;
/// No money moved: the payment was provably never started.
pub const SECUPOS_OUTCOME_NOT_STARTED: secupos_outcome = 3;
/// It was paid and has been reversed.
pub const SECUPOS_OUTCOME_REVERSED: secupos_outcome = 4;
/// The payment is running.
pub const SECUPOS_OUTCOME_PENDING: secupos_outcome = 5;

/// Why a payment has its outcome. For an approved payment: why its reversal was not done, or what is special about it.
#[allow(non_camel_case_types)]
pub type secupos_reason = i32;
/// No reason: the payment is approved, reversed or pending, or a person has decided.
pub const SECUPOS_REASON_NONE: secupos_reason = 0;
/// Failed: refused, aborted or timed out. The service does not say which.
pub const SECUPOS_REASON_FAILED: secupos_reason = 1;
/// Failed: aborted.
pub const SECUPOS_REASON_ABORTED: secupos_reason = 2;
/// Failed: the customer did not act in time.
pub const SECUPOS_REASON_TIMED_OUT: secupos_reason = 3;
/// Failed: cancelled before it was paid.
pub const SECUPOS_REASON_CANCELLED: secupos_reason = 4;
/// Not started: there is no connection, or an earlier attempt at the same sale cannot be read.
pub const SECUPOS_REASON_NO_CONNECTION: secupos_reason = 10;
/// Not started: the till could not log in.
pub const SECUPOS_REASON_LOGIN_FAILED: secupos_reason = 11;
/// Not started: the service did not accept the sale.
pub const SECUPOS_REASON_CREATE_REFUSED: secupos_reason = 12;
/// Not started: nobody knows whether the service accepted the sale, and it was never started.
pub const SECUPOS_REASON_CREATE_UNSURE: secupos_reason = 13;
/// Not started: the service refused the start at once. The till has told it never to start the payment.
pub const SECUPOS_REASON_START_REFUSED: secupos_reason = 14;
/// Not started: the till abandoned the payment before its start.
pub const SECUPOS_REASON_ABANDONED: secupos_reason = 15;
/// Not started: an earlier payment or reversal of this till is in doubt, and the customer might pay that one. It ends
/// with the grace of that one. secupos_till_recover, secupos_till_decide or secupos_till_decide_reversal may end it
/// sooner.
pub const SECUPOS_REASON_TERMINAL_BUSY: secupos_reason = 16;
/// Not started: the payment did not reach the terminal in time, or a person says that it was not paid. The till has
/// told the service never to start it.
pub const SECUPOS_REASON_NEVER_STARTED: secupos_reason = 17;
/// Not started: the state file could not be written. Approved: the result could not be stored. Print the receipts now.
pub const SECUPOS_REASON_JOURNAL_FAILED: secupos_reason = 18;
/// Not started: an earlier attempt at the same sale has been paid after all.
pub const SECUPOS_REASON_ALREADY_PAID: secupos_reason = 19;
/// Unknown: the connection broke.
pub const SECUPOS_REASON_CONNECTION_LOST: secupos_reason = 20;
/// Unknown: the service's answer cannot be understood.
pub const SECUPOS_REASON_ANSWER_UNREADABLE: secupos_reason = 21;
/// Unknown: the service has not given a final answer yet.
pub const SECUPOS_REASON_STILL_OPEN: secupos_reason = 22;
/// Unknown: the service has a fault.
pub const SECUPOS_REASON_SERVER_FAILED: secupos_reason = 23;
/// Unknown: the till program ended while the payment was running.
pub const SECUPOS_REASON_INTERRUPTED: secupos_reason = 24;
/// Not started: somebody else logs in as this device, so that the service refuses a token that it has just given. Call
/// support.
pub const SECUPOS_REASON_LOGIN_TAKEN: secupos_reason = 25;
/// Not started: the service knows newer payments than the state file. The file was brought back from an older day.
/// Compare the slips with the till's books, then call secupos_till_accept_journal_loss.
pub const SECUPOS_REASON_STATE_FILE_OLD: secupos_reason = 26;
/// Unknown or not started: a fault in secupos.
pub const SECUPOS_REASON_INTERNAL: secupos_reason = 29;
/// Approved: its reversal has reversed another payment. That one is SECUPOS_OUTCOME_REVERSED if this till has made it.
/// Call support.
pub const SECUPOS_REASON_WRONG_PAYMENT_REVERSED: secupos_reason = 30;
/// Approved: the amount charged is not the amount asked for, or nobody can read it. See secupos_payment_amount_charged
/// and secupos_payment_amount_due.
pub const SECUPOS_REASON_AMOUNT_DIFFERS: secupos_reason = 31;

/// How far a payment, its reversal or a report has come while it is running. It only goes forward.
#[allow(non_camel_case_types)]
pub type secupos_phase = i32;
/// Nothing is running: there is a result.
pub const SECUPOS_PHASE_NONE: secupos_phase = 0;
/// Nothing has been sent to the terminal: the till logs in, and asks about earlier payments.
pub const SECUPOS_PHASE_LOGGING_IN: secupos_phase = 1;
/// The terminal has it, and the customer or the terminal is at work.
pub const SECUPOS_PHASE_WAITING_FOR_TERMINAL: secupos_phase = 2;
/// The answer did not come or was not final: the till finds out what became of it.
pub const SECUPOS_PHASE_FINDING_OUT: secupos_phase = 3;

/// What became of a payment's reversal.
///
/// In C 0 is the safe reading: in doubt.
#[allow(non_camel_case_types)]
pub type secupos_reversal = i32;
/// In doubt: the payment may be reversed. Do not refund it in another way yet.
pub const SECUPOS_REVERSAL_UNKNOWN: secupos_reversal = 0;
/// Nobody has tried to reverse the payment.
pub const SECUPOS_REVERSAL_NONE: secupos_reversal = 1;
/// The reversal is running.
pub const SECUPOS_REVERSAL_PENDING: secupos_reversal = 2;
/// The payment is reversed. Its outcome is SECUPOS_OUTCOME_REVERSED.
pub const SECUPOS_REVERSAL_DONE: secupos_reversal = 3;
/// The payment is not reversed: the service refused at once, nothing was sent, or a person says so. The payment stands.
pub const SECUPOS_REVERSAL_REFUSED: secupos_reversal = 4;

/// What the till should do next. A till that does these actions in their order and nothing else does the right thing.
///
/// SECUPOS_ACTION_REFUND, SECUPOS_ACTION_COLLECT and SECUPOS_ACTION_COLLECT_REST ask for money and are given once, by
/// secupos_till_pay, secupos_till_recover or secupos_till_recover_all. Later the payment has
/// SECUPOS_ACTION_ASK_CASHIER: somebody may have done it already.
///
/// In C 0 means nothing.
#[allow(non_camel_case_types)]
pub type secupos_action = i32;
/// Print the merchant's copy and keep it.
pub const SECUPOS_ACTION_PRINT_MERCHANT: secupos_action = 1;
/// Have the customer sign the merchant's copy. If the signature is unknown, look whether the copy asks for it.
pub const SECUPOS_ACTION_TAKE_SIGNATURE: secupos_action = 2;
/// Print the customer's copy.
pub const SECUPOS_ACTION_PRINT_CUSTOMER: secupos_action = 3;
/// Offer another attempt.
pub const SECUPOS_ACTION_TRY_AGAIN: secupos_action = 4;
/// Ask again later what became of the payment, or for its receipts: secupos_till_recover.
pub const SECUPOS_ACTION_RECOVER_LATER: secupos_action = 5;
/// Look at the terminal.
pub const SECUPOS_ACTION_LOOK_AT_TERMINAL: secupos_action = 6;
/// Ask the cashier: is there a slip, and what does the terminal show?
pub const SECUPOS_ACTION_ASK_CASHIER: secupos_action = 7;
/// Give the money back: the sale was charged more than once, or the first request to reverse it was refused at once. It
/// is given once.
pub const SECUPOS_ACTION_REFUND: secupos_action = 8;
/// Collect the money: a person took the sale for paid, and the service says that it was not. It is given once.
pub const SECUPOS_ACTION_COLLECT: secupos_action = 9;
/// Call support.
pub const SECUPOS_ACTION_CALL_SUPPORT: secupos_action = 10;
/// Collect the rest of the amount in another way, or as a sale under a new reference. It is given once.
/// secupos_payment_amount_due says how much is missing.
pub const SECUPOS_ACTION_COLLECT_REST: secupos_action = 11;
/// Something else at this till needs a person and has not been reported. If this payment must be acknowledged, do that
/// first. Then call secupos_till_recover_all.
pub const SECUPOS_ACTION_CHECK_UNFINISHED: secupos_action = 12;

/// Who says what became of a payment.
#[allow(non_camel_case_types)]
pub type secupos_decided_by = i32;
/// The service.
pub const SECUPOS_DECIDED_BY_SERVER: secupos_decided_by = 0;
/// A person at the till, with secupos_till_decide or secupos_till_decide_reversal. The till still asks the service.
pub const SECUPOS_DECIDED_BY_OPERATOR: secupos_decided_by = 1;

/// What an abort can do. In each case wait for the payment's outcome.
///
/// In C 0 means that the call has failed.
#[allow(non_camel_case_types)]
pub type secupos_abort_result = i32;
/// The payment will never be started. In a moment it is SECUPOS_OUTCOME_NOT_STARTED with SECUPOS_REASON_ABANDONED.
pub const SECUPOS_ABORT_ABANDONED: secupos_abort_result = 1;
/// The payment may have reached the terminal: only STOP there can stop it. Wait for its outcome and trust that.
pub const SECUPOS_ABORT_AT_TERMINAL: secupos_abort_result = 2;
/// The payment has its outcome already.
pub const SECUPOS_ABORT_TOO_LATE: secupos_abort_result = 3;

// The core's numbers are the ABI's.
const _: () = {
    assert!(SECUPOS_OUTCOME_UNKNOWN == Outcome::Unknown as i32);
    assert!(SECUPOS_OUTCOME_APPROVED == Outcome::Approved as i32);
    assert!(SECUPOS_OUTCOME_FAILED == Outcome::Failed as i32);
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
    assert!(SECUPOS_REASON_LOGIN_TAKEN == Reason::LoginTaken as i32);
    assert!(SECUPOS_REASON_STATE_FILE_OLD == Reason::StateFileOld as i32);
    assert!(SECUPOS_REASON_INTERNAL == Reason::Internal as i32);
    assert!(SECUPOS_REASON_WRONG_PAYMENT_REVERSED == Reason::WrongPaymentReversed as i32);
    assert!(SECUPOS_REASON_AMOUNT_DIFFERS == Reason::AmountDiffers as i32);
    assert!(SECUPOS_PHASE_NONE == Phase::None as i32);
    assert!(SECUPOS_PHASE_LOGGING_IN == Phase::LoggingIn as i32);
    assert!(SECUPOS_PHASE_WAITING_FOR_TERMINAL == Phase::WaitingForTerminal as i32);
    assert!(SECUPOS_PHASE_FINDING_OUT == Phase::FindingOut as i32);
    assert!(SECUPOS_REVERSAL_UNKNOWN == ReversalOutcome::Unknown as i32);
    assert!(SECUPOS_REVERSAL_NONE == ReversalOutcome::None as i32);
    assert!(SECUPOS_REVERSAL_PENDING == ReversalOutcome::Pending as i32);
    assert!(SECUPOS_REVERSAL_DONE == ReversalOutcome::Done as i32);
    assert!(SECUPOS_REVERSAL_REFUSED == ReversalOutcome::Refused as i32);
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
    assert!(SECUPOS_ACTION_COLLECT_REST == Action::CollectRest as i32);
    assert!(SECUPOS_ACTION_CHECK_UNFINISHED == Action::CheckUnfinished as i32);
    assert!(SECUPOS_DECIDED_BY_SERVER == DecidedBy::Server as i32);
    assert!(SECUPOS_DECIDED_BY_OPERATOR == DecidedBy::Operator as i32);
    assert!(SECUPOS_ABORT_ABANDONED == Abort::Abandoned as i32);
    assert!(SECUPOS_ABORT_AT_TERMINAL == Abort::AtTerminal as i32);
    assert!(SECUPOS_ABORT_TOO_LATE == Abort::TooLate as i32);
};

/// A name of the core's with the NUL that C wants behind it.
struct Name {
    number: i32,
    text: [u8; 32],
}

const fn named(number: i32, name: &str) -> Name {
    assert!(name.len() < 32, "no room for the NUL");
    let mut text = [0; 32];
    let mut at = 0;
    while at < name.len() {
        text[at] = name.as_bytes()[at];
        at += 1;
    }
    Name { number, text }
}

/// The names of all words of one kind.
macro_rules! names {
    ($kind:ident) => {{
        let mut names = [const { named(0, "") }; $kind::ALL.len()];
        let mut at = 0;
        while at < names.len() {
            names[at] = named($kind::ALL[at] as i32, $kind::ALL[at].name());
            at += 1;
        }
        names
    }};
}

static OUTCOMES: [Name; Outcome::ALL.len()] = names!(Outcome);
static REASONS: [Name; Reason::ALL.len()] = names!(Reason);
static REVERSALS: [Name; ReversalOutcome::ALL.len()] = names!(ReversalOutcome);
static PHASES: [Name; Phase::ALL.len()] = names!(Phase);
static ACTIONS: [Name; Action::ALL.len()] = names!(Action);

/// The name of a number, or "unknown".
fn name_of(names: &'static [Name], number: i32) -> *const c_char {
    names.iter().find(|name| name.number == number).map_or(c"unknown".as_ptr(), |name| name.text.as_ptr().cast())
}

/// The name of an outcome, as in JSON.
///
/// @param outcome the outcome
/// @return "approved", "not_started", …; "unknown" also for a number that is no outcome; it is never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_outcome_name(outcome: secupos_outcome) -> *const c_char {
    name_of(&OUTCOMES, outcome)
}

/// The name of a reason, as in JSON. JSON has null in place of "none".
///
/// @param reason the reason
/// @return "no_connection", …; "none" for SECUPOS_REASON_NONE; "unknown" for a number that is no reason; never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_reason_name(reason: secupos_reason) -> *const c_char {
    match reason {
        SECUPOS_REASON_NONE => c"none".as_ptr(),
        _ => name_of(&REASONS, reason),
    }
}

/// The name of a reversal's result, as in JSON.
///
/// @param reversal the result
/// @return "done", "refused", …; "unknown" also for a number that is no result; it is never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_reversal_name(reversal: secupos_reversal) -> *const c_char {
    name_of(&REVERSALS, reversal)
}

/// The name of a phase, as in JSON.
///
/// @param phase the phase
/// @return "logging_in", …; "none" for SECUPOS_PHASE_NONE; "unknown" for a number that is no phase; it is never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_phase_name(phase: secupos_phase) -> *const c_char {
    name_of(&PHASES, phase)
}

/// The name of an action, as in JSON.
///
/// @param action the action
/// @return "print_merchant", "refund", …; "none" for 0; "unknown" for a number that is no action; it is never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_action_name(action: secupos_action) -> *const c_char {
    match action {
        0 => c"none".as_ptr(),
        _ => name_of(&ACTIONS, action),
    }
}

#[cfg(test)]
mod tests {
    use std::ffi::CStr;

    use super::*;

    #[test]
    fn every_word_has_the_name_of_the_core_and_any_other_number_a_safe_one() {
        type NameOf = extern "C" fn(i32) -> *const c_char;
        // They are static.
        let read = |name_of: NameOf, number| unsafe { CStr::from_ptr(name_of(number)) }.to_str().expect("UTF-8");
        let outcomes = Outcome::ALL.map(|outcome| (outcome as i32, outcome.name()));
        let reasons = Reason::ALL.map(|reason| (reason as i32, reason.name()));
        let reversals = ReversalOutcome::ALL.map(|reversal| (reversal as i32, reversal.name()));
        let phases = Phase::ALL.map(|phase| (phase as i32, phase.name()));
        let actions = Action::ALL.map(|action| (action as i32, action.name()));
        type Words<'a> = (NameOf, &'a [(i32, &'static str)], &'static str);
        let words: [Words<'_>; 5] = [
            (secupos_outcome_name, &outcomes, "unknown"),
            (secupos_reason_name, &reasons, "none"),
            (secupos_reversal_name, &reversals, "unknown"),
            (secupos_phase_name, &phases, "none"),
            (secupos_action_name, &actions, "none"),
        ];
        for (name_of, expected, zero) in words {
            for (number, name) in expected {
                assert_eq!(read(name_of, *number), *name);
            }
            assert_eq!([read(name_of, 0), read(name_of, -1), read(name_of, 77)], [zero, "unknown", "unknown"]);
        }
    }
}
