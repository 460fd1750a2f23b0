//! How a till is set up, as C sees it.

use std::ffi::c_char;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result, Status};
use crate::ffi::boundary::{ErrorOut, free, perform, produce};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::text;
use crate::journal::IfMissing;
use crate::till::config::{Config, Environment, Timeout};

/// A till's settings. Exclusive: one thread at a time. May be freed as soon as the till is open, and used for
/// several tills.
#[allow(non_camel_case_types)]
pub struct secupos_config {
    _opaque: [u8; 0],
}
noun!(secupos_config: Mutex<Config>);

/// One of the vendor's installations.
#[allow(non_camel_case_types)]
pub type secupos_environment = i32;
/// Where tills take money.
pub const SECUPOS_ENVIRONMENT_PRODUCTION: secupos_environment = 1;
/// Where tills are tried out. Terminal payments move real money there too: try with cents.
pub const SECUPOS_ENVIRONMENT_TESTING: secupos_environment = 2;

/// What can take too long.
#[allow(non_camel_case_types)]
pub type secupos_timeout = i32;
/// Name lookup, connecting, TLS. Default 10 000 ms.
pub const SECUPOS_TIMEOUT_CONNECT: secupos_timeout = 1;
/// Every request but the payment itself. Default 30 000 ms.
pub const SECUPOS_TIMEOUT_REQUEST: secupos_timeout = 2;
/// The customer at the terminal. Default 300 000 ms, at most 600 000.
pub const SECUPOS_TIMEOUT_PAYMENT: secupos_timeout = 3;
/// Reading a payment in doubt, before it is called unknown. Default 90 000 ms.
pub const SECUPOS_TIMEOUT_RESOLVE: secupos_timeout = 4;
/// A reversal, an end of day or a diagnosis at the terminal. Default 180 000 ms.
pub const SECUPOS_TIMEOUT_REPORT: secupos_timeout = 6;

/// How the state file is opened.
#[allow(non_camel_case_types)]
pub type secupos_state_flags = i32;
/// Makes the state file if there is none. Once, when the till is set up: a till that makes a new file each day forgets
/// what was in doubt.
pub const SECUPOS_STATE_CREATE: secupos_state_flags = 1;

/// Nothing a panicking setter could leave half done matters: each sets one value, and the boundary poisons the handle.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

unsafe fn set(
    config: *mut secupos_config,
    error: ErrorOut,
    change: impl FnOnce(&mut Config) -> Result<()>,
) -> secupos_status {
    unsafe { perform(error, || change(&mut locked(&*hold(config.cast_const(), "config")?))) }
}

/// Makes empty settings.
///
/// Ownership: the caller frees *out with secupos_config_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: NULL_ARGUMENT.
/// @since 0.1
///
/// # Safety
/// `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_new(
    out: *mut *mut secupos_config,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { produce(out, error, || Ok(Mutex::new(Config::default()))) }
}

/// Frees settings. Tills that were opened with them live on.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: exclusive. Errors: none.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_free(config: *mut secupos_config) {
    unsafe { free(config) }
}

/// Chooses one of the vendor's installations. This or secupos_config_set_base_url is needed; the later call counts.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT for a number that is no environment.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_environment(
    config: *mut secupos_config,
    environment: secupos_environment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| match environment {
        SECUPOS_ENVIRONMENT_PRODUCTION => config.set_environment(Environment::Production),
        SECUPOS_ENVIRONMENT_TESTING => config.set_environment(Environment::Testing),
        _ => Err(Error::argument("environment", format!("is {environment}, which is no SECUPOS_ENVIRONMENT_*"))),
    };
    unsafe { set(config, error, change) }
}

/// Sets the address of the API, for example `https://connect.secucard.com`. Must be https; plain http is taken only
/// for this machine itself (127.0.0.1, ::1, localhost), for a simulator.
///
/// Ownership: url is copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_base_url(
    config: *mut secupos_config,
    url: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_base_url(text::required(url, "base_url")?)) }
}

/// Sets the vendor's client id and secret. Needed always.
///
/// Ownership: texts are copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_client_credentials(
    config: *mut secupos_config,
    id: *const c_char,
    secret: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| {
        let (id, secret) = unsafe { (text::required(id, "client_id")?, text::required(secret, "client_secret")?) };
        config.set_client_credentials(id, secret)
    };
    unsafe { set(config, error, change) }
}

/// Sets the code of a device that is registered already, elsewhere; a till that is to be registered by
/// secupos_till_register is opened without. With it the till logs in as that device (the merchant and the
/// terminal follow from it), without it as the vendor's client; never one in place of the other.
///
/// Ownership: code is copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_device_code(
    config: *mut secupos_config,
    code: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_device_code(text::required(code, "device_code")?)) }
}

/// Trusts the certificates in a PEM file too, in addition to the system's roots. TLS is always verified; there is no
/// switch to turn that off. The file is read now.
///
/// Ownership: ca_file is copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT if the file cannot be read or holds no certificate, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_add_ca_file(
    config: *mut secupos_config,
    ca_file: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.add_ca_file(Path::new(text::required(ca_file, "ca_file")?))) }
}

/// Goes through an HTTP proxy, for example `http://proxy.example:3128`. Nothing goes through one unless this is called. The
/// connection to the service stays encrypted from end to end: the proxy opens a tunnel (CONNECT).
///
/// url: also the word `environment`: whatever proxy HTTPS_PROXY or ALL_PROXY names, but for the hosts in NO_PROXY; none if
/// they are not set, and what cannot be read there is as if it were not set. The environment is not asked otherwise. What
/// fails on such a way is UNREACHABLE, not PROXY. A service on this machine that is reached without TLS is reached without
/// a proxy, too.
/// user and password: both, or NULL for none, as for `environment`, whose URL says them itself.
///
/// Ownership: texts are copied. NULL: user and password may be NULL, and error. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8, NULL_ARGUMENT if only one of user and password is given.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_proxy(
    config: *mut secupos_config,
    url: *const c_char,
    user: *const c_char,
    password: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| {
        let url = unsafe { text::required(url, "url") }?;
        let login = match unsafe { (text::optional(user, "user")?, text::optional(password, "password")?) } {
            (None, None) => None,
            (Some(user), Some(password)) => Some((user, password)),
            (None, _) => return Err(Error::new(Status::NullArgument, "user is NULL, but password is not")),
            (_, None) => return Err(Error::new(Status::NullArgument, "password is NULL, but user is not")),
        };
        config.set_proxy(url, login)
    };
    unsafe { set(config, error, change) }
}

/// Adds the till's own name to the User-Agent that the library sends, such as "Kasse/3.2": up to 100 bytes of visible ASCII.
///
/// Ownership: suffix is copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_user_agent_suffix(
    config: *mut secupos_config,
    suffix: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_user_agent_suffix(text::required(suffix, "suffix")?)) }
}

/// Says where the till keeps what it must not forget. Needed always. See "The state file" at the top.
///
/// state_file: a file on a local disk, in a folder that exists; what belongs to it is kept beside it under the same name
/// with more behind it (.head, .lock, .reserve, …). A path that is not absolute begins at the folder in which the program
/// runs when the till is opened. flags: 0, or SECUPOS_STATE_CREATE at set-up.
///
/// Ownership: state_file is copied. NULL: no argument but error may be NULL. Threads: exclusive. Uses no disk yet.
/// Errors: INVALID_ARGUMENT for an empty path or flags that are none, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_state_file(
    config: *mut secupos_config,
    state_file: *const c_char,
    flags: secupos_state_flags,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| {
        let path = Path::new(unsafe { text::required(state_file, "state_file") }?);
        let if_missing = match flags {
            0 => IfMissing::Refuse,
            SECUPOS_STATE_CREATE => IfMissing::Create,
            _ => return Err(Error::argument("flags", format!("is {flags}; it must be 0 or SECUPOS_STATE_CREATE"))),
        };
        config.set_state_file(path, if_missing)
    };
    unsafe { set(config, error, change) }
}

/// Keeps the head of the state file, by which a loss is noticed, somewhere else than beside it: best on another disk, so that
/// one backup cannot bring back both. Set it at set-up, and the same ever after: a head that is not there is a loss.
///
/// head_file: a file on a local disk, in a folder that exists. A path that is not absolute begins at the folder in which the
/// program runs when the till is opened.
///
/// Ownership: head_file is copied. NULL: no argument but error may be NULL. Threads: exclusive. Uses no disk yet.
/// Errors: INVALID_ARGUMENT for an empty path, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_head_file(
    config: *mut secupos_config,
    head_file: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change =
        |config: &mut Config| config.set_head_file(Path::new(unsafe { text::required(head_file, "head_file") }?));
    unsafe { set(config, error, change) }
}

/// Sets one timeout in milliseconds, from 100 to 3 600 000; SECUPOS_TIMEOUT_PAYMENT to 600 000 at most;
/// SECUPOS_TIMEOUT_RESOLVE may be 0 (read once).
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_timeout_ms(
    config: *mut secupos_config,
    which: secupos_timeout,
    ms: i64,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| match which {
        SECUPOS_TIMEOUT_CONNECT => config.set_timeout_ms(Timeout::Connect, ms),
        SECUPOS_TIMEOUT_REQUEST => config.set_timeout_ms(Timeout::Request, ms),
        SECUPOS_TIMEOUT_PAYMENT => config.set_timeout_ms(Timeout::Payment, ms),
        SECUPOS_TIMEOUT_RESOLVE => config.set_timeout_ms(Timeout::Resolve, ms),
        SECUPOS_TIMEOUT_REPORT => config.set_timeout_ms(Timeout::Report, ms),
        _ => Err(Error::argument("which", format!("is {which}, which is no SECUPOS_TIMEOUT_*"))),
    };
    unsafe { set(config, error, change) }
}
