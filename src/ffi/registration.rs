//! Registering a till as a device, as C sees it.

use std::ffi::{CString, c_char, c_void};
use std::ptr;
use std::sync::{Arc, OnceLock};

use crate::ffi::boundary::{answer, free, get, perform, produce};
use crate::ffi::callback::{secupos_done_callback, secupos_free_callback};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun, peek};
use crate::ffi::notices::Notices;
use crate::ffi::payment::limit_of;
use crate::ffi::text::{self, lend, owned};
use crate::ffi::till::secupos_till;
use crate::ffi::userdata::Userdata;
use crate::till::handles::registration::{Registration, RegistrationState};

/// How far a till's registration with the service has come.
#[allow(non_camel_case_types)]
pub type secupos_registration_state = i32;
/// The till has no device code. It logs in as the vendor's client.
pub const SECUPOS_REGISTRATION_UNREGISTERED: secupos_registration_state = 0;
/// The till is a device of the service.
pub const SECUPOS_REGISTRATION_REGISTERED: secupos_registration_state = 1;
/// A person must confirm it: show the user code and the address.
pub const SECUPOS_REGISTRATION_PENDING: secupos_registration_state = 2;
/// The person has refused.
pub const SECUPOS_REGISTRATION_DENIED: secupos_registration_state = 3;
/// Nobody has confirmed it in time: register again.
pub const SECUPOS_REGISTRATION_EXPIRED: secupos_registration_state = 4;

/// A registration that is running or has ended. Shared: any thread, concurrently.
#[allow(non_camel_case_types)]
pub struct secupos_registration {
    _opaque: [u8; 0],
}
noun!(secupos_registration: RegistrationTexts, notices);

/// A registration with its texts as C reads them.
pub struct RegistrationTexts {
    registration: Arc<Registration>,
    texts: OnceLock<(CString, CString)>,
    notices: Notices,
}

impl RegistrationTexts {
    fn new(registration: Arc<Registration>) -> Self {
        RegistrationTexts { registration, texts: OnceLock::new(), notices: Notices::new() }
    }

    /// The user code and the address, once the service has said them.
    fn texts(&self) -> Option<&(CString, CString)> {
        let said = self.registration.confirmation()?;
        Some(self.texts.get_or_init(|| (owned(&said.user_code), owned(&said.verification_url))))
    }
}

fn number(state: RegistrationState) -> secupos_registration_state {
    state as secupos_registration_state
}

/// Registers the till as a device of the service, once, when the till is set up. It returns at once:
/// - wait a moment with secupos_registration_wait until secupos_registration_user_code gives a code
/// - show the code and secupos_registration_verification_url to the person who confirms the till there
/// - wait until the registration has ended; the till asks the service by itself, as often as the service allows
///
/// From then on the till is that device, also after a restart. The state file keeps the device's code and is bound to
/// the device. As the new device the till asks about what was in doubt before. A till may register again to become
/// another device. It may take payments meanwhile. Closing the till ends a registration that is running.
///
/// @param till the till
/// @param device_name the device's name as agreed on with the vendor, such as "/vendor/unknown/cashier/1"
/// @param out the registration; free it with secupos_registration_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or one of these (secupos_registration_wait gives what the service says):
/// - INVALID_ARGUMENT if device_name is no such name
/// - INVALID_STATE if the till was opened with a device code (secupos_config_set_device_code): it is that device
/// - BUSY while a payment or another registration is running
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_register(
    till: *const secupos_till,
    device_name: *const c_char,
    out: *mut *mut secupos_registration,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let register = || {
        let (till, uuid) = unsafe { (hold(till, "till")?, text::required(device_name, "device_name")?) };
        till.register(uuid).map(RegistrationTexts::new)
    };
    unsafe { produce(out, error, register) }
}

/// Says whether the till is a device of the service, or how its registration stands.
///
/// @param till the till
/// @param out one of SECUPOS_REGISTRATION_*
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_registration_state(
    till: *const secupos_till,
    out: *mut secupos_registration_state,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let state = || unsafe { hold(till, "till") }?.registration_state().map(number);
    unsafe { answer(out, SECUPOS_REGISTRATION_UNREGISTERED, error, state) }
}

/// The code that a person enters to confirm the till.
///
/// @param registration the registration
/// @return the code; NULL until the service has sent it
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_user_code(registration: *const secupos_registration) -> *const c_char {
    get(ptr::null(), || Some(lend(unsafe { peek(registration) }?.texts().map(|(code, _)| code))))
}

/// The address at which the code is entered.
///
/// @param registration the registration
/// @return the address; NULL until the service has sent it
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_verification_url(
    registration: *const secupos_registration,
) -> *const c_char {
    get(ptr::null(), || Some(lend(unsafe { peek(registration) }?.texts().map(|(_, url)| url))))
}

/// The end of the time in which the code can be entered.
///
/// @param registration the registration
/// @return milliseconds since 1970 UTC by this machine's clock; 0 until the service has sent it
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_expires_at(registration: *const secupos_registration) -> i64 {
    get(0, || unsafe { peek(registration) }?.registration.confirmation().map(|said| said.expires_at))
}

/// Waits until the registration has ended or timeout_ms has passed. Leaving the wait stops nothing.
///
/// @param registration the registration
/// @param timeout_ms milliseconds; 0 only asks, -1 waits without a limit
/// @param out SECUPOS_REGISTRATION_REGISTERED, _DENIED or _EXPIRED; SECUPOS_REGISTRATION_PENDING if the time is over
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - INVALID_ARGUMENT if timeout_ms is below -1
/// - INVALID_CREDENTIALS if the service does not accept the vendor's client
/// - SERVER_REFUSED, SERVER_FAILED, PROTOCOL, UNREACHABLE, TLS, TIMEOUT or PROXY if something else kept the service from
///   registering it
/// - INVALID_STATE if the till was closed
/// - JOURNAL_FAILED if a person confirmed the till and the code could not be stored
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_wait(
    registration: *const secupos_registration,
    timeout_ms: i64,
    out: *mut secupos_registration_state,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let wait = || {
        let texts = unsafe { hold(registration, "registration") }?;
        texts.registration.wait(limit_of(timeout_ms)?).map(number)
    };
    unsafe { answer(out, SECUPOS_REGISTRATION_UNREGISTERED, error, wait) }
}

/// Calls done once, when the registration has ended, or at once if it has. It is for window loops and for languages
/// with futures, in place of a thread that waits or a timer that asks. See "Being told" at the top.
///
/// @param registration the registration
/// @param done is called on a thread of the library's
/// @param userdata is passed to done; may be NULL. It belongs to the library from now on.
/// @param userdata_free frees userdata; may be NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INTERNAL if no thread could be started
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed; the callbacks may be called from any thread with `userdata`; `error` is
/// NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_notify(
    registration: *const secupos_registration,
    done: secupos_done_callback,
    userdata: *mut c_void,
    userdata_free: secupos_free_callback,
    error: *mut *mut secupos_error,
) -> secupos_status {
    // Whatever the call comes to, it frees the userdata.
    let userdata = Userdata { pointer: userdata, free: userdata_free };
    let notify = || {
        let texts = unsafe { hold(registration, "registration") }?;
        texts.notices.add(done, userdata, |notice| texts.registration.notify(notice))
    };
    unsafe { perform(error, notify) }
}

/// Frees a registration. A registration that is running goes on. The notices that were asked for by way of this handle
/// are taken back.
///
/// @param registration the registration
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_free(registration: *mut secupos_registration) {
    unsafe { free(registration) }
}
