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

/// A till's settings. Exclusive: one thread at a time. They may be used for several tills. They may be freed as soon as
/// the till is open.
#[allow(non_camel_case_types)]
pub struct secupos_config {
    _opaque: [u8; 0],
}
noun!(secupos_config: Mutex<Config>);

/// One of the vendor's installations.
#[allow(non_camel_case_types)]
pub type secupos_environment = i32;
/// The installation where tills take money.
pub const SECUPOS_ENVIRONMENT_PRODUCTION: secupos_environment = 1;
/// The installation where tills are tried out. Terminal payments move real money there too: try with cents.
pub const SECUPOS_ENVIRONMENT_TESTING: secupos_environment = 2;

/// Which timeout: each limits one thing that can take too long.
#[allow(non_camel_case_types)]
pub type secupos_timeout = i32;
/// Name lookup, connecting and TLS. Default 10 000 ms.
pub const SECUPOS_TIMEOUT_CONNECT: secupos_timeout = 1;
/// Every request except the payment itself. Default 30 000 ms.
pub const SECUPOS_TIMEOUT_REQUEST: secupos_timeout = 2;
/// The customer at the terminal. Default 300 000 ms, at most 600 000 ms.
pub const SECUPOS_TIMEOUT_PAYMENT: secupos_timeout = 3;
/// Reading a payment in doubt before it is called unknown. Default 90 000 ms.
pub const SECUPOS_TIMEOUT_RESOLVE: secupos_timeout = 4;
/// A reversal, an end of day or a diagnosis at the terminal. Default 180 000 ms.
pub const SECUPOS_TIMEOUT_TERMINAL: secupos_timeout = 6;

/// How the state file is opened.
#[allow(non_camel_case_types)]
pub type secupos_state_flags = i32;
/// Makes the state file if there is none. Give it once, when the till is set up. A till that makes a new file each day
/// forgets which payments were in doubt.
pub const SECUPOS_STATE_CREATE: secupos_state_flags = 1;

/// Nothing a panicking setter could leave half done matters: each sets one value, and the boundary poisons the handle.
pub(crate) fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Changes one setting.
///
/// # Safety
/// As for the functions that set something.
pub(super) unsafe fn set(
    config: *mut secupos_config,
    error: ErrorOut,
    change: impl FnOnce(&mut Config) -> Result<()>,
) -> secupos_status {
    unsafe { perform(error, || change(&mut locked(&*hold(config.cast_const(), "config")?))) }
}

/// Makes empty settings.
///
/// @param out the settings; free them with secupos_config_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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
/// @param config the settings
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_free(config: *mut secupos_config) {
    unsafe { free(config) }
}

/// Chooses one of the vendor's installations. A till needs this call or secupos_config_set_base_url. The later call
/// counts.
///
/// @param config the settings
/// @param environment one of SECUPOS_ENVIRONMENT_*
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the number is no environment
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

/// Sets the address of the API, for example `https://connect.secucard.com`.
///
/// @param config the settings
/// @param url an https address. Plain http is accepted only for this machine (127.0.0.1, ::1, localhost), for a
///     simulator.
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the address cannot be used
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_base_url(
    config: *mut secupos_config,
    url: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_base_url(text::required(url, "base_url")?)) }
}

/// Sets the client id and secret that the vendor gave to the maker of the till. Every till needs them.
///
/// @param config the settings
/// @param id the client id
/// @param secret the client secret
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
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

/// Sets the code of a device that was registered elsewhere. The till logs in as that device, which determines the
/// merchant and the terminal. Without a code it logs in as the vendor's client. It never uses one in place of the
/// other. Do not call this for a till that is to be registered by secupos_till_register.
///
/// @param config the settings
/// @param code the device code
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_device_code(
    config: *mut secupos_config,
    code: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_device_code(text::required(code, "device_code")?)) }
}

/// Trusts the certificates in a PEM file in addition to the system's roots. The call reads the file. TLS is always
/// verified: no switch turns that off.
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
pub unsafe extern "C" fn secupos_config_add_ca_file(
    config: *mut secupos_config,
    ca_file: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.add_ca_file(Path::new(text::required(ca_file, "ca_file")?))) }
}

/// Connects through an HTTP proxy. Without this call the till uses no proxy. The connection to the service stays
/// encrypted from end to end: the proxy opens a tunnel (CONNECT). A service on this machine that is reached without TLS
/// is reached without a proxy.
///
/// The word `environment` in place of an address means: use the proxy that HTTPS_PROXY or ALL_PROXY names, except for
/// the hosts in NO_PROXY. If neither is set, or if it cannot be read, the till uses no proxy. A failure on the way
/// through such a proxy is UNREACHABLE, never PROXY. The library reads these variables only then.
///
/// @param config the settings
/// @param url the proxy's address, for example `http://proxy.example:3128`, or the word `environment`
/// @param user the user name at the proxy; may be NULL if password is NULL. It must be NULL with `environment`, whose
///     address contains it.
/// @param password the password at the proxy; may be NULL if user is NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, INVALID_ARGUMENT, or NULL_ARGUMENT if only one of user and password is given
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
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

/// Adds the till's own name to the User-Agent that the library sends.
///
/// @param config the settings
/// @param suffix a name such as "Kasse/3.2": up to 100 bytes of visible ASCII
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_user_agent_suffix(
    config: *mut secupos_config,
    suffix: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(config, error, |config| config.set_user_agent_suffix(text::required(suffix, "suffix")?)) }
}

/// Names the state file. Every till needs one: see "The state file" at the top. The call does not touch the disk yet.
///
/// @param config the settings
/// @param state_file a file on a local disk, in a folder that exists. A relative path begins at the folder in which the
///     program runs when the till is opened. Files that belong to it are kept beside it under the same name with an
///     ending (.head, .lock, .reserve, …).
/// @param flags 0, or SECUPOS_STATE_CREATE when the till is set up
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty or the flags are unknown
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_state_file(
    config: *mut secupos_config,
    state_file: *const c_char,
    flags: secupos_state_flags,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| {
        let path = Path::new(unsafe { text::required(state_file, "state_file") }?);
        config.set_state_file(path, if_missing(flags)?)
    };
    unsafe { set(config, error, change) }
}

pub(super) fn if_missing(flags: secupos_state_flags) -> Result<IfMissing> {
    match flags {
        0 => Ok(IfMissing::Refuse),
        SECUPOS_STATE_CREATE => Ok(IfMissing::Create),
        _ => Err(Error::argument("flags", format!("is {flags}; it must be 0 or SECUPOS_STATE_CREATE"))),
    }
}

/// Puts the head of the state file in another place than beside it. The head shows that a state file was lost or
/// brought back from a backup. Choose another disk, so that one backup cannot bring back both files. Set the same place
/// each time the till is opened, from the first time on: a head that is not there counts as a loss. The call does not
/// touch the disk yet.
///
/// @param config the settings
/// @param head_file a file on a local disk, in a folder that exists. A relative path begins at the folder in which the
///     program runs when the till is opened.
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if the path is empty
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
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

/// Lets a group of the machine's users read and write the state file and the files beside it, in addition to their
/// owner. For a till at which several users of the machine work in turn. Whoever is in the group can read the receipts.
/// All of them must set the same group, and must be allowed to make files in the folder. Days that are exported stay
/// their owner's.
///
/// @param config the settings
/// @param state_group the group's name. In its place its number, or on Windows its identifier: `S-1-5-32-545` are the
///     users, which have another name in each language of Windows. A single user of Windows is taken, too.
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT if this machine does not know the group
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written
/// to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_config_set_state_group(
    config: *mut secupos_config,
    state_group: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |config: &mut Config| config.set_state_group(unsafe { text::required(state_group, "state_group") }?);
    unsafe { set(config, error, change) }
}

/// Sets one timeout.
///
/// @param config the settings
/// @param which one of SECUPOS_TIMEOUT_*
/// @param ms milliseconds, from 100 to 3 600 000. SECUPOS_TIMEOUT_PAYMENT is at most 600 000. SECUPOS_TIMEOUT_RESOLVE
///     may be 0, which means: read once.
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
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
        SECUPOS_TIMEOUT_TERMINAL => config.set_timeout_ms(Timeout::Terminal, ms),
        _ => Err(Error::argument("which", format!("is {which}, which is no SECUPOS_TIMEOUT_*"))),
    };
    unsafe { set(config, error, change) }
}
