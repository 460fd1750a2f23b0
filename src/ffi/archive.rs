//! The archive of a till's payments, as C sees it.

use std::ffi::c_char;
use std::path::Path;

use crate::error::{Error, Result};
use crate::ffi::boundary::produce;
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::hold;
use crate::ffi::text;
use crate::ffi::till::secupos_till;
use crate::till::business_day::Day;

/// Goes through the whole state file, the kept answers of the service included, and says all that is not as it was
/// written: *out is a JSON array, empty if the file is whole, of {"event", "reference", "attempt", "fault"}; the first
/// three are null where the damage is of the whole file. Takes about a second for 100 MB; no payment can begin meanwhile.
/// Uses no network.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: BUSY while a payment is running, JOURNAL_FAILED if the state file cannot be read, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_verify_archive(
    till: *const secupos_till,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let verify = || {
        let damages = unsafe { hold(till, "till") }?.verify_archive()?;
        let told: serde_json::Value = damages.iter().map(|damage| damage.to_json()).collect();
        Ok(Blob::new(told.to_string()))
    };
    unsafe { produce(out, error, verify) }
}

/// Exports all payments that were begun on a day, by German legal time, into a folder: as JSON lines with the service's
/// answers as received, and as text with the receipts as printed. *out is a JSON object: {"payments_file",
/// "receipts_file", "payments", "damaged", "was_there"}. The files hold account numbers, but nothing with which one could
/// log in. None is ever written over: the same day exported again changes nothing, and one that has changed since gets
/// files with a number. Uses no network.
///
/// date: such as "2026-11-23". folder: must exist; one till, one folder.
///
/// Ownership: texts are only read; the caller frees *out with secupos_bytes_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: INVALID_ARGUMENT if date is none or the folder cannot be written to, INVALID_UTF8,
/// JOURNAL_FAILED, DAMAGED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_export_day(
    till: *const secupos_till,
    date: *const c_char,
    folder: *const c_char,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let export = || {
        let (till, day) = unsafe { (hold(till, "till")?, Day::german(text::required(date, "date")?)?) };
        let folder = Path::new(unsafe { text::required(folder, "folder") }?);
        Ok(Blob::new(till.export_day(&day, folder)?.to_json().to_string()))
    };
    unsafe { produce(out, error, export) }
}

/// Removes the service's answers, and with them the receipts, of payments that were begun more than so many days ago. This
/// cannot be taken back: export before. All else that is known of a payment stays, its reference stays used, and the
/// archive can be verified as before; nothing is removed of what is unfinished or not proven. *out is a JSON object:
/// {"before", "responses", "bytes", "kept", "shrunk"}. No payment can begin meanwhile. Uses no network.
///
/// retention_days: from 1 on, or 0 for 4018: ten years from the end of the payment's year, the longest that German law
/// asks for. operator_name: who wants it, 1 to 200 bytes; it is kept.
///
/// Ownership: operator_name is copied; the caller frees *out with secupos_bytes_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: INVALID_ARGUMENT, INVALID_UTF8, BUSY while a payment is running, DAMAGED if the file is not
/// whole, JOURNAL_FAILED, FORKED, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_prune_archive(
    till: *const secupos_till,
    retention_days: i32,
    operator_name: *const c_char,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let prune = || {
        let (till, operator) = unsafe { (hold(till, "till")?, text::required(operator_name, "operator")?) };
        let pruned = till.prune_archive(days(retention_days)?, operator)?;
        Ok(Blob::new(pruned.to_json().to_string()))
    };
    unsafe { produce(out, error, prune) }
}

fn days(retention_days: i32) -> Result<Option<u32>> {
    let fault = |_| Error::argument("retention_days", format!("is {retention_days}; it must not be negative"));
    u32::try_from(retention_days).map(|days| (days != 0).then_some(days)).map_err(fault)
}
