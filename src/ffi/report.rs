//! A report of the terminal's, as C sees it: the end of its day, its diagnosis.

use std::ffi::{c_char, c_void};
use std::ptr;
use std::sync::{Arc, OnceLock};

use crate::error::{Error, Result};
use crate::ffi::boundary::{answer, free, get, perform, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::callback::{secupos_done_callback, secupos_free_callback};
use crate::ffi::error::{ErrorTexts, secupos_error, secupos_status};
use crate::ffi::handle::{Lent, hold, noun, peek};
use crate::ffi::notices::Notices;
use crate::ffi::outcome::{SECUPOS_PHASE_NONE, secupos_phase};
use crate::ffi::payment::limit_of;
use crate::ffi::render::{chosen, secupos_render_options};
use crate::ffi::text::{Bilingual, PhaseTexts, secupos_language};
use crate::ffi::till::secupos_till;
use crate::ffi::userdata::Userdata;
use crate::payment::cashier_text::running_report_text;
use crate::till::handles::report::{Report, ReportKind, ReportOutcome};

/// What became of a report.
///
/// In C 0 is the safe reading: it may have run.
#[allow(non_camel_case_types)]
pub type secupos_report_outcome = i32;
/// Nobody knows: look at the terminal. The library never sends it again by itself.
pub const SECUPOS_REPORT_MAY_HAVE_RUN: secupos_report_outcome = 0;
/// The report was run.
pub const SECUPOS_REPORT_DONE: secupos_report_outcome = 1;
/// The service or the terminal refused the report.
pub const SECUPOS_REPORT_REFUSED: secupos_report_outcome = 2;
/// The report was provably not sent.
pub const SECUPOS_REPORT_NOT_RUN: secupos_report_outcome = 3;
/// The report is running.
pub const SECUPOS_REPORT_PENDING: secupos_report_outcome = 4;

// The core's numbers are the ABI's.
const _: () = {
    assert!(SECUPOS_REPORT_MAY_HAVE_RUN == ReportOutcome::MayHaveRun as i32);
    assert!(SECUPOS_REPORT_DONE == ReportOutcome::Done as i32);
    assert!(SECUPOS_REPORT_REFUSED == ReportOutcome::Refused as i32);
    assert!(SECUPOS_REPORT_NOT_RUN == ReportOutcome::NotRun as i32);
    assert!(SECUPOS_REPORT_PENDING == ReportOutcome::Pending as i32);
};

/// How a report is run.
///
/// In C 0 means none of these.
#[allow(non_camel_case_types)]
pub type secupos_report_flags = i32;
/// Runs the report even if a payment or its reversal is in doubt and may still reach the terminal.
pub const SECUPOS_REPORT_FORCE: secupos_report_flags = 1;

/// A report. Shared: any thread, concurrently. It changes once, from pending to its result.
#[allow(non_camel_case_types)]
pub struct secupos_report {
    _opaque: [u8; 0],
}
noun!(secupos_report: ReportTexts, notices);

/// A report with its error as C reads it.
pub struct ReportTexts {
    report: Arc<Report>,
    running: PhaseTexts,
    cashier: OnceLock<Bilingual>,
    error: OnceLock<Option<Lent<secupos_error>>>,
    notices: Notices,
}

impl ReportTexts {
    /// What the cashier reads now.
    fn cashier(&self) -> &Bilingual {
        match self.report.ended() {
            Some(_) => self.cashier.get_or_init(|| Bilingual::new(|language| self.report.cashier_text(language))),
            None => self.running.of(self.report.phase(), running_report_text),
        }
    }
}

fn begin(till: *const secupos_till, kind: Result<ReportKind>) -> Result<ReportTexts> {
    let till = unsafe { hold(till, "till") }?;
    Ok(ReportTexts {
        report: till.run_report(kind?)?,
        running: PhaseTexts::default(),
        cashier: OnceLock::new(),
        error: OnceLock::new(),
        notices: Notices::new(),
    })
}

fn forced(flags: secupos_report_flags) -> Result<bool> {
    match flags {
        0 => Ok(false),
        SECUPOS_REPORT_FORCE => Ok(true),
        _ => Err(Error::argument("flags", format!("is {flags}; it must be 0 or SECUPOS_REPORT_FORCE"))),
    }
}

/// Begins the end of the terminal's day and returns at once. secupos_report_wait gives what became of it. It clears the
/// girocard and direct debit payments: they can no longer be reversed.
///
/// While a payment or its reversal is in doubt and may still reach the terminal, the report is SECUPOS_REPORT_NOT_RUN
/// with the error BUSY, except with SECUPOS_REPORT_FORCE.
///
/// @param till the till
/// @param flags 0 or SECUPOS_REPORT_FORCE
/// @param out the report; free it with secupos_report_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or one of these, and then nothing was sent:
/// - BUSY while something else runs at this terminal
/// - INVALID_ARGUMENT if the flags are unknown
/// - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
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

/// Begins a diagnosis and returns at once. secupos_report_wait gives what became of it. The terminal calls its host and
/// updates its settings. A till must offer this to the cashier. It may be run again, whatever became of the last one.
///
/// While a payment or its reversal is in doubt and may still reach the terminal, the report is SECUPOS_REPORT_NOT_RUN
/// with the error BUSY, except with SECUPOS_REPORT_FORCE.
///
/// @param till the till
/// @param flags 0 or SECUPOS_REPORT_FORCE
/// @param out the report; free it with secupos_report_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or one of these, and then nothing was sent:
/// - BUSY while something else runs at this terminal
/// - INVALID_ARGUMENT if the flags are unknown
/// - STATE_FILE_DAMAGED until secupos_till_accept_journal_loss is called
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

/// Waits until the report has an outcome or timeout_ms has passed. Leaving the wait stops nothing.
///
/// @param report the report
/// @param timeout_ms milliseconds; 0 only asks, -1 waits without a limit
/// @param out one of SECUPOS_REPORT_*; SECUPOS_REPORT_PENDING if the time is over
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if timeout_ms is below -1
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

/// What became of the report so far. It waits for nothing.
///
/// @param report the report
/// @return one of SECUPOS_REPORT_*; SECUPOS_REPORT_PENDING while it is running; SECUPOS_REPORT_MAY_HAVE_RUN for NULL
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_outcome_now(report: *const secupos_report) -> secupos_report_outcome {
    get(SECUPOS_REPORT_MAY_HAVE_RUN, || Some(unsafe { peek(report) }?.report.outcome() as secupos_report_outcome))
}

/// How far the report has come while it is running.
///
/// @param report the report
/// @return one of SECUPOS_PHASE_*; SECUPOS_PHASE_NONE as soon as there is a result, and for NULL
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_phase(report: *const secupos_report) -> secupos_phase {
    get(SECUPOS_PHASE_NONE, || Some(unsafe { peek(report) }?.report.phase() as secupos_phase))
}

/// When the report was begun.
///
/// @param report the report
/// @return Unix time in milliseconds, UTC; 0 for NULL
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_created_at(report: *const secupos_report) -> i64 {
    get(0, || Some(unsafe { peek(report) }?.report.created_at()))
}

/// What the cashier reads of the report: what happens or has happened, and what to do now. There is another text in each
/// phase; those from before stay valid, too.
///
/// @param report the report
/// @param language one of SECUPOS_LANGUAGE_*
/// @return the text; NULL for NULL. It is borrowed: do not free it.
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_cashier_text(
    report: *const secupos_report,
    language: secupos_language,
) -> *const c_char {
    get(ptr::null(), || Some(unsafe { peek(report) }?.cashier().lend(language)))
}

/// Calls done once, when the report has a result, or at once if it has one. It is for window loops and for languages
/// with futures, in place of a thread that waits or a timer that asks. See "Being told" at the top.
///
/// @param report the report
/// @param done is called on a thread of the library's
/// @param userdata is passed to done; may be NULL. It belongs to the library from now on.
/// @param userdata_free frees userdata; may be NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INTERNAL if no thread could be started
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed; the callbacks may be called from any thread with `userdata`; `error` is
/// NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_notify(
    report: *const secupos_report,
    done: secupos_done_callback,
    userdata: *mut c_void,
    userdata_free: secupos_free_callback,
    error: *mut *mut secupos_error,
) -> secupos_status {
    // Whatever the call comes to, it frees the userdata.
    let userdata = Userdata { pointer: userdata, free: userdata_free };
    let notify = || {
        let texts = unsafe { hold(report, "report") }?;
        texts.notices.add(done, userdata, |notice| texts.report.notify(notice))
    };
    unsafe { perform(error, notify) }
}

/// Renders what the terminal prints for the report. The result is empty if it prints nothing, and while the report is
/// running.
///
/// @param report the report
/// @param options the form of the result; may be NULL for UTF-8 text with 42 columns
/// @param out the rendered report; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT for ESC/POS in UTF-8
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

/// The report as one JSON object. It is the same in every language: {"report": "end_of_day|diagnosis", "outcome":
/// "may_have_run|done|refused|not_run|pending", "phase": "none|logging_in|waiting_for_terminal", "created_at",
/// "cashier_text": {"de", "en"}, "error", "receipt"}.
///
/// @param report the report
/// @param out the JSON; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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

/// What went wrong with the report.
///
/// @param report the report
/// @return the error; NULL if nothing went wrong, and while the report is running. It is borrowed: do not free it.
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

/// Frees a report. A report that is running goes on. The notices that were asked for by way of this handle are taken
/// back.
///
/// @param report the report
/// @since 0.1
///
/// # Safety
/// `report` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_report_free(report: *mut secupos_report) {
    unsafe { free(report) }
}
