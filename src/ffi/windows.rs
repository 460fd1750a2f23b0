//! Paths in UTF-16, as Windows has them: only there. `argv` of a C program is in the machine's code page on Windows, and most
//! programs have their paths as `wchar_t`.

use std::ffi::{OsString, c_char};
use std::os::windows::ffi::OsStringExt;
use std::path::PathBuf;

use libc::wchar_t;

use crate::error::{Error, Result, Status};
use crate::ffi::archive::export_day;
use crate::ffi::bytes::secupos_bytes;
use crate::ffi::config::{if_missing, secupos_config, secupos_state_flags, set};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::till::secupos_till;
use crate::till::config::Config;

/// Does what secupos_config_add_ca_file does, with the path in UTF-16.
///
/// @param config the settings
/// @param ca_file the path of the file
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the file cannot be read or holds no certificate
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_add_ca_file_w(
    config: *mut secupos_config,
    ca_file: *const wchar_t,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.add_ca_file(&path(ca_file, "ca_file")?)) }
}

/// Does what secupos_config_set_state_file does, with the path in UTF-16.
///
/// @param config the settings
/// @param state_file a file on a local disk, in a folder that exists
/// @param flags 0, or SECUPOS_STATE_CREATE when the till is set up
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty or the flags are unknown
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_state_file_w(
    config: *mut secupos_config,
    state_file: *const wchar_t,
    flags: secupos_state_flags,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| {
        let path = unsafe { path(state_file, "state_file") }?;
        config.set_state_file(&path, if_missing(flags)?)
    };
    unsafe { set(config, error, change) }
}

/// Does what secupos_config_set_head_file does, with the path in UTF-16.
///
/// @param config the settings
/// @param head_file a file on a local disk, in a folder that exists
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_head_file_w(
    config: *mut secupos_config,
    head_file: *const wchar_t,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_head_file(&path(head_file, "head_file")?)) }
}

/// Does what secupos_till_export_day does, with the folder's path in UTF-16.
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
pub unsafe extern "C" fn secupos_till_export_day_w(
    till: *const secupos_till,
    date: *const c_char,
    folder: *const wchar_t,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { export_day(till, date, || path(folder, "folder"), out, error) }
}

/// A path that must be there.
///
/// # Safety
/// `pointer` is NULL or points to a NUL-terminated text.
unsafe fn path(pointer: *const wchar_t, argument: &str) -> Result<PathBuf> {
    if pointer.is_null() {
        return Err(Error::new(Status::NullArgument, format!("{argument} is NULL")));
    }
    let length = (0..).take_while(|at| unsafe { *pointer.add(*at) } != 0).count();
    let letters = unsafe { std::slice::from_raw_parts(pointer, length) };
    Ok(OsString::from_wide(letters).into())
}
