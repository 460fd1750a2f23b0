//! The archive of a till's payments, as C sees it.

use std::ffi::c_char;
use std::path::PathBuf;

use crate::error::{Error, Result};
use crate::ffi::boundary::produce;
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::hold;
use crate::ffi::text;
use crate::ffi::till::secupos_till;
use crate::till::business_day::Day;

/// Checks the whole state file and the service's answers in it. It lists everything that is not as it was written. It
/// takes about a second for 100 MB. No payment can begin meanwhile.
///
/// @param till the till
/// @param out a JSON array of {"event", "reference", "attempt", "fault"}; free it with secupos_bytes_free. It is empty
///     if the file is whole. The first three are null if the damage concerns the whole file.
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or BUSY while a payment is running
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

/// Exports all payments that were begun on one day of German legal time. It writes two files: JSON lines with the
/// service's answers as received, and text with the receipts as printed. The files hold account numbers. They hold
/// nothing with which one could log in. The call never overwrites a file: if a day is exported again, an unchanged day
/// changes nothing, and a changed day gets new files with a number.
///
/// @param till the till
/// @param date the day, such as "2026-11-23"
/// @param folder a folder that exists; use one folder for one till
/// @param out a JSON object {"payments_file", "receipts_file", "payments", "damaged", "was_there"}; free it with
///     secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if date is no day or the folder cannot be written to
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
    unsafe { export_day(till, date, || text::required(folder, "folder").map(PathBuf::from), out, error) }
}

/// The export of a day into a folder, however its path is written.
///
/// # Safety
/// As for [`secupos_till_export_day`].
pub(super) unsafe fn export_day(
    till: *const secupos_till,
    date: *const c_char,
    folder: impl FnOnce() -> Result<PathBuf>,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let export = || {
        let (till, day) = unsafe { (hold(till, "till")?, Day::german(text::required(date, "date")?)?) };
        Ok(Blob::new(till.export_day(&day, &folder()?)?.to_json().to_string()))
    };
    unsafe { produce(out, error, export) }
}

/// Removes the service's answers of old payments, and the receipts with them. This cannot be undone: export first.
/// Everything else about a payment stays: its reference stays used, and the archive can be verified as before. Nothing
/// is removed from a payment that is unfinished or not proven. No payment can begin meanwhile.
///
/// @param till the till
/// @param retention_days the age in days above which a payment is old, from 1; 0 means 4018. That is ten years from the
///     end of the payment's year, the longest time that German law asks for.
/// @param operator_name who wants it, 1 to 200 bytes; the state file keeps it
/// @param out a JSON object {"before", "responses", "bytes", "kept", "shrunk"}; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, INVALID_ARGUMENT, BUSY while a payment is running, or STATE_FILE_DAMAGED if the
///     file is not whole
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
