//! The log, as C sees it.

use std::ffi::{c_char, c_void};

use crate::error::{Error, Result, Status};
use crate::ffi::boundary::perform;
use crate::ffi::callback::secupos_free_callback;
use crate::ffi::config::{locked, secupos_config};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::hold;
use crate::ffi::text::owned;
use crate::ffi::userdata::Userdata;
use crate::log::{Level, Log};

/// How much a line of the log matters. A log has the lines of its level and those that matter more.
#[allow(non_camel_case_types)]
pub type secupos_log_level = i32;
/// No lines.
pub const SECUPOS_LOG_OFF: secupos_log_level = 0;
/// Something is broken: the disk, secupos itself.
pub const SECUPOS_LOG_ERROR: secupos_log_level = 1;
/// Something failed that may mend itself, or a payment is in doubt.
pub const SECUPOS_LOG_WARNING: secupos_log_level = 2;
/// What a till does: it was opened, a payment began, a payment ended.
pub const SECUPOS_LOG_INFO: secupos_log_level = 3;
/// Each request: method, path, HTTP status, duration, and the payment it belongs to.
pub const SECUPOS_LOG_DEBUG: secupos_log_level = 4;

/// Receives one line of the log. It must not throw.
///
/// @param level one of SECUPOS_LOG_*
/// @param line UTF-8 without a line break, valid until the callback returns
/// @param userdata what was given to secupos_config_set_log
#[allow(non_camel_case_types)]
pub type secupos_log_callback =
    Option<unsafe extern "C" fn(level: secupos_log_level, line: *const c_char, userdata: *mut c_void)>;

/// What the caller receives lines with.
struct Receiver {
    callback: secupos_log_callback,
    userdata: Userdata,
}

impl Receiver {
    fn receive(&self, level: Level, line: &str) {
        if let Some(callback) = self.callback {
            unsafe { callback(level as secupos_log_level, owned(line).as_ptr(), self.userdata.pointer) }
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

/// Sends the log of the tills that are opened with these settings from now on to a callback. It replaces the callback
/// that was set before. Tills that are open keep theirs. Without a callback the library logs nothing. No line holds a
/// secret, a receipt or an account number, at any level.
///
/// One of the library's own threads calls the callback, one line after the other, while payments go on. The callback
/// may take its time, call this library, and free the till. Up to 1024 lines wait for it. The library drops further
/// lines, and a line says how many it dropped. The log ends when these settings and all tills opened with them are
/// freed and their last payment has its outcome, or when secupos_end_callbacks is
/// called.
///
/// The library frees userdata by one call of userdata_free: after the last line, or before this call returns if the
/// call fails or the level is SECUPOS_LOG_OFF.
///
/// @param config the settings
/// @param level one of SECUPOS_LOG_*
/// @param callback receives the lines; NULL is accepted with SECUPOS_LOG_OFF
/// @param userdata is passed to the callback; may be NULL. It belongs to the library from now on.
/// @param userdata_free frees userdata; may be NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, INVALID_ARGUMENT if the number is no level, or INTERNAL if no thread could be
///     started
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; the callbacks may be called from any thread with `userdata`; `error`
/// is NULL or may be written to.
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
    let receiver = Receiver { callback, userdata: Userdata { pointer: userdata, free: userdata_free } };
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
