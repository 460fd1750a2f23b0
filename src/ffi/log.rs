//! The log, as C sees it: the one place at which the library calls somebody else's code.

use std::ffi::{c_char, c_void};

use crate::error::{Error, Result, Status};
use crate::ffi::boundary::{get, perform};
use crate::ffi::config::{locked, secupos_config};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::hold;
use crate::ffi::text::owned;
use crate::log::{self, Level, Log};

/// How much a line of the log matters. A log has the lines of its level and those that matter more.
#[allow(non_camel_case_types)]
pub type secupos_log_level = i32;
/// No lines.
pub const SECUPOS_LOG_OFF: secupos_log_level = 0;
/// Something is broken: the disk, secupos itself.
pub const SECUPOS_LOG_ERROR: secupos_log_level = 1;
/// Something failed that may mend itself, or a payment is in doubt.
pub const SECUPOS_LOG_WARNING: secupos_log_level = 2;
/// What a till does: opened, each payment's beginning and end.
pub const SECUPOS_LOG_INFO: secupos_log_level = 3;
/// Each request: method, path, HTTP status, time, and which payment it is about.
pub const SECUPOS_LOG_DEBUG: secupos_log_level = 4;

/// Takes one line of the log: UTF-8 without a line break, valid until the callback returns. Must not throw.
#[allow(non_camel_case_types)]
pub type secupos_log_callback =
    Option<unsafe extern "C" fn(level: secupos_log_level, line: *const c_char, userdata: *mut c_void)>;

/// Frees what was given as userdata. Must not throw.
#[allow(non_camel_case_types)]
pub type secupos_free_callback = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// What the caller receives lines with; frees the userdata at the end of its life.
struct Receiver {
    callback: secupos_log_callback,
    userdata: *mut c_void,
    free: secupos_free_callback,
}

// The caller has been told that all of it happens on a thread of the library's.
unsafe impl Send for Receiver {}

impl Receiver {
    fn receive(&self, level: Level, line: &str) {
        if let Some(callback) = self.callback {
            unsafe { callback(level as secupos_log_level, owned(line).as_ptr(), self.userdata) }
        }
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            unsafe { free(self.userdata) }
        }
    }
}

fn level(number: secupos_log_level) -> Result<Option<Level>> {
    Ok(Some(match number {
        SECUPOS_LOG_OFF => return Ok(None),
        SECUPOS_LOG_ERROR => Level::Error,
        SECUPOS_LOG_WARNING => Level::Warning,
        SECUPOS_LOG_INFO => Level::Info,
        SECUPOS_LOG_DEBUG => Level::Debug,
        _ => return Err(Error::argument("level", format!("is {number}, which is no SECUPOS_LOG_*"))),
    }))
}

/// Gives the log of the tills that are opened with these settings from now on to a callback, in place of the one before;
/// tills that are open keep theirs. Without it nothing is logged. No line holds a secret, a receipt or an account number, at
/// no level.
///
/// The callback is called on a thread of the library's own, one line after the other, while a payment goes on elsewhere: it
/// may take its time (up to 1024 lines wait for it; further ones are dropped, and a line says how many), call this library,
/// free the till. It ends with the last line, as soon as these settings and all tills opened with them are freed and their last
/// payment has settled, or secupos_end_logs is called.
///
/// level: with SECUPOS_LOG_OFF the callback may be NULL.
///
/// Ownership: userdata is the callback's, and the library's to free, by one call of userdata_free: after the last line, or
/// before this call returns if it fails or the level is OFF. NULL: userdata and userdata_free may be NULL, and error.
/// Threads: exclusive. Errors: INVALID_ARGUMENT for a level that is none, NULL_ARGUMENT, INTERNAL if there is no thread for
/// it.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; the callbacks may be called from any thread with `userdata`; `error` is
/// NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_log(
    config: *mut secupos_config,
    level: secupos_log_level,
    callback: secupos_log_callback,
    userdata: *mut c_void,
    userdata_free: secupos_free_callback,
    error: *mut *mut secupos_error,
) -> secupos_status {
    // Whatever the call comes to, it frees the userdata.
    let receiver = Receiver { callback, userdata, free: userdata_free };
    let set = || {
        let config = unsafe { hold(config.cast_const(), "config") }?;
        let log = match self::level(level)? {
            None => Log::default(),
            Some(_) if receiver.callback.is_none() => {
                return Err(Error::new(Status::NullArgument, "callback is NULL"));
            }
            Some(level) => Log::new(level, move |level, line| receiver.receive(level, line))?,
        };
        locked(&config).set_log(log);
        Ok(())
    };
    unsafe { perform(error, set) }
}

/// Ends all logs of this process. When it returns, no callback of theirs is running, none will be called any more, and each
/// userdata_free has been called; it waits for those that are running. Tills and payments go on, and log nothing more. For a
/// runtime that is about to leave, and must not be called into after that; a C program need not call it.
///
/// Every thread that calls it waits for that. A callback that calls it itself waits for none, and ends when it returns.
///
/// Ownership: none. NULL: none. Threads: any. Errors: none.
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_end_logs() {
    get((), || {
        log::end_all();
        Some(())
    });
}
