//! A report of the terminal's, as C sees it: the end of its day, its diagnosis.

use std::ptr;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::ffi::boundary::{answer, free, get, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::error::{ErrorTexts, secupos_error, secupos_status};
use crate::ffi::handle::{Lent, hold, noun, peek};
use crate::ffi::payment::limit_of;
use crate::ffi::render::{chosen, secupos_render_options};
use crate::ffi::till::secupos_till;
use crate::till::handles::report::{Report, ReportKind, ReportOutcome};

/// What became of a report. 0 is the safe reading.
#[allow(non_camel_case_types)]
pub type secupos_report_outcome = i32;
/// Nobody knows: look at the terminal. It is never sent again by itself.
pub const SECUPOS_REPORT_MAY_HAVE_RUN: secupos_report_outcome = 0;
/// It was run.
pub const SECUPOS_REPORT_DONE: secupos_report_outcome = 1;
/// The service or the terminal refused.
pub const SECUPOS_REPORT_REFUSED: secupos_report_outcome = 2;
/// It was provably not sent.
pub const SECUPOS_REPORT_NOT_RUN: secupos_report_outcome = 3;
/// It is still running.
pub const SECUPOS_REPORT_PENDING: secupos_report_outcome = 4;

// The core's numbers are the ABI's.
const _: () = {
    assert!(SECUPOS_REPORT_MAY_HAVE_RUN == ReportOutcome::MayHaveRun as i32);
    assert!(SECUPOS_REPORT_DONE == ReportOutcome::Done as i32);
    assert!(SECUPOS_REPORT_REFUSED == ReportOutcome::Refused as i32);
    assert!(SECUPOS_REPORT_NOT_RUN == ReportOutcome::NotRun as i32);
    assert!(SECUPOS_REPORT_PENDING == ReportOutcome::Pending as i32);
};

/// How a report is run; 0 is none of these.
#[allow(non_camel_case_types)]
pub type secupos_report_flags = i32;
/// Even if a payment or its reversal is in doubt and may still reach the terminal.
pub const SECUPOS_REPORT_FORCE: secupos_report_flags = 1;

/// A report. Shared: any thread, concurrently. It changes once, from pending to its result. Freeing it neither waits nor
/// stops anything.
#[allow(non_camel_case_types)]
pub struct secupos_report {
    _opaque: [u8; 0],
}
noun!(secupos_report: ReportTexts);

/// A report with its error as C reads it.
pub struct ReportTexts {
    report: Arc<Report>,
    error: OnceLock<Option<Lent<secupos_error>>>,
}

fn begin(till: *const secupos_till, kind: Result<ReportKind>) -> Result<ReportTexts> {
    let till = unsafe { hold(till, "till") }?;
    Ok(ReportTexts { report: till.run_report(kind?)?, error: OnceLock::new() })
}

fn forced(flags: secupos_report_flags) -> Result<bool> {
    match flags {
        0 => Ok(false),
        SECUPOS_REPORT_FORCE => Ok(true),
        _ => Err(Error::argument("flags", format!("is {flags}; it must be 0 or SECUPOS_REPORT_FORCE"))),
    }
}

/// Begins the end of the terminal's day and returns at once; secupos_report_wait tells what became of it. girocard and
/// direct debit payments are cleared by it, and can no longer be reversed. While a payment or its reversal is in doubt and
/// may still reach the terminal, it comes to SECUPOS_REPORT_NOT_RUN with the error BUSY, unless flags is
/// SECUPOS_REPORT_FORCE.
///
/// flags: 0 or SECUPOS_REPORT_FORCE.
///
/// Ownership: the caller frees *out with secupos_report_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: where one of these comes back, nothing was sent: BUSY while something else runs at this terminal,
/// INVALID_ARGUMENT, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_run_end_of_day(
    till: *const secupos_till,
    flags: secupos_report_flags,
    out: *mut *mut secupos_report,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let kind = || forced(flags).map(|forced| ReportKind::EndOfDay { forced });
    unsafe { produce(out, error, || begin(till, kind())) }
}

/// Begins a diagnosis and returns at once; secupos_report_wait tells what became of it. The terminal calls its host and
/// updates its settings. A till must offer this to the cashier. It may be run again whatever became of the last one. While a
/// payment or its reversal is in doubt and may still reach the terminal, it comes to SECUPOS_REPORT_NOT_RUN with the error
/// BUSY, unless flags is SECUPOS_REPORT_FORCE.
///
/// flags: 0 or SECUPOS_REPORT_FORCE.
///
/// Ownership: the caller frees *out with secupos_report_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: where one of these comes back, nothing was sent: BUSY while something else runs at this terminal,
/// INVALID_ARGUMENT, JOURNAL_FAILED, DAMAGED, TOO_NEW, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_run_diagnosis(
    till: *const secupos_till,
    flags: secupos_report_flags,
    out: *mut *mut secupos_report,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let kind = || forced(flags).map(|forced| ReportKind::Diagnosis { forced });
    unsafe { produce(out, error, || begin(till, kind())) }
}

/// Waits until the report has an outcome, but no longer than timeout_ms: 0 only asks, -1 waits for ever. *out is one of
/// SECUPOS_REPORT_*; SECUPOS_REPORT_PENDING if the time is over. Leaving the wait stops nothing.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: any; blocks the calling one.
/// Errors: INVALID_ARGUMENT if timeout_ms is below -1, FORKED in a forked child.
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_wait(
    report: *const secupos_report,
    timeout_ms: i64,
    out: *mut secupos_report_outcome,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let wait = || {
        let limit = limit_of(timeout_ms)?;
        let texts = unsafe { hold(report, "report") }?;
        texts.report.check_process()?;
        Ok(texts.report.wait(limit) as secupos_report_outcome)
    };
    unsafe { answer(out, SECUPOS_REPORT_MAY_HAVE_RUN, error, wait) }
}

/// Renders what the terminal prints, as the options say; empty if it prints nothing, and while the report is running.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: options may be NULL (UTF-8 text, 42 columns), and
/// error. Threads: any. Errors: INVALID_ARGUMENT for ESC/POS in UTF-8.
/// @since 0.1
///
/// # Safety
/// `report` and `options` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_render(
    report: *const secupos_report,
    options: *const secupos_render_options,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let render = || {
        let texts = unsafe { hold(report, "report") }?;
        texts.report.render(&unsafe { chosen(options) }?).map(Blob::new)
    };
    unsafe { produce(out, error, render) }
}

/// The report as one JSON object, the same in every binding: {"report": "end_of_day|diagnosis", "outcome":
/// "may_have_run|done|refused|not_run|pending", "created_at", "cashier_text": {"de", "en"}, "error", "receipt"}.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: NULL_ARGUMENT, INVALID_HANDLE.
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_to_json(
    report: *const secupos_report,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let to_json = || Ok(Blob::new(unsafe { hold(report, "report") }?.report.to_json().to_string().into_bytes()));
    unsafe { produce(out, error, to_json) }
}

/// What went wrong, where something did. NULL if nothing did, and while it is running.
///
/// Ownership: borrowed from the report: do not free it. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_error(report: *const secupos_report) -> *const secupos_error {
    get(ptr::null(), || {
        let texts = unsafe { peek(report) }?;
        if texts.report.outcome() == ReportOutcome::Pending {
            return None;
        }
        let lend = || texts.report.error().cloned().map(|error| Lent::new(ErrorTexts::new(error)));
        texts.error.get_or_init(lend).as_ref().map(Lent::pointer)
    })
}

/// Frees a report. Never waits and never stops it.
///
/// Ownership: ends the caller's, and that of the error borrowed from it. NULL: does nothing.
/// Threads: any, but no other call may begin on this handle after it. Errors: none.
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_free(report: *mut secupos_report) {
    unsafe { free(report) }
}
