//! Registering a till as a device, as C sees it.

use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::{Arc, OnceLock};

use crate::ffi::boundary::{answer, free, get, produce};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun, peek};
use crate::ffi::payment::limit_of;
use crate::ffi::text::{self, lend, owned};
use crate::ffi::till::secupos_till;
use crate::till::handles::registration::{Registration, RegistrationState};

/// Where a till stands with the service.
#[allow(non_camel_case_types)]
pub type secupos_registration_state = i32;
/// It has no device code: it logs in as the vendor's client.
pub const SECUPOS_REGISTRATION_UNREGISTERED: secupos_registration_state = 0;
/// It is a device of the service.
pub const SECUPOS_REGISTRATION_REGISTERED: secupos_registration_state = 1;
/// A person must confirm it: show the user code and the address.
pub const SECUPOS_REGISTRATION_PENDING: secupos_registration_state = 2;
/// The person has refused.
pub const SECUPOS_REGISTRATION_DENIED: secupos_registration_state = 3;
/// Nobody has confirmed it in time: register again.
pub const SECUPOS_REGISTRATION_EXPIRED: secupos_registration_state = 4;

/// A registration that is going on, or has ended. Shared: any thread, concurrently.
#[allow(non_camel_case_types)]
pub struct secupos_registration {
    _opaque: [u8; 0],
}
noun!(secupos_registration: RegistrationTexts);

/// A registration with its texts as C reads them.
pub struct RegistrationTexts {
    registration: Arc<Registration>,
    texts: OnceLock<(CString, CString)>,
}

impl RegistrationTexts {
    fn new(registration: Arc<Registration>) -> Self {
        RegistrationTexts { registration, texts: OnceLock::new() }
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

/// Registers the till as a device of the service, once, when it is set up. Returns at once:
///   1. wait a moment (secupos_registration_wait) until there is a secupos_registration_user_code;
///   2. show it with secupos_registration_verification_url to the person who confirms the till there;
///   3. wait until that is done. The till asks by itself, as often as the service allows.
///
/// From then on the till is that device, also after a restart: its code is kept in the state file, which is bound to it. What
/// was in doubt before is asked about as the new device. May be done again, to become another device; payments may be taken
/// meanwhile. Closing the till ends a registration that is going on.
///
/// device_uuid: the device's name as agreed on with the vendor, such as "/vendor/unknown/cashier/1".
///
/// Ownership: device_uuid is copied; the caller frees *out with secupos_registration_free. NULL: no argument but error may be NULL. Threads: any. Errors: INVALID_ARGUMENT
/// if device_uuid is no such name; INVALID_STATE if the till was opened with a device code
/// (secupos_config_set_device_code): it is that device; BUSY while a payment or another registration is running;
/// INVALID_UTF8, JOURNAL_FAILED, FORKED, INTERNAL. What the service says is told by secupos_registration_wait.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `out` and `error` are NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_register(
    till: *const secupos_till,
    device_uuid: *const c_char,
    out: *mut *mut secupos_registration,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let register = || {
        let (till, uuid) = unsafe { (hold(till, "till")?, text::required(device_uuid, "device_uuid")?) };
        till.register(uuid).map(RegistrationTexts::new)
    };
    unsafe { produce(out, error, register) }
}

/// Says whether the till is a device of the service, or how its registration stands: one of SECUPOS_REGISTRATION_*. Uses no
/// network and never waits.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: any. Errors: FORKED, INTERNAL.
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

/// What the person enters who confirms the till. NULL until the service has said it.
///
/// Ownership: borrowed from the registration. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_user_code(registration: *const secupos_registration) -> *const c_char {
    get(ptr::null(), || Some(lend(unsafe { peek(registration) }?.texts().map(|(code, _)| code))))
}

/// Where that is entered. NULL until the service has said it.
///
/// Ownership: borrowed from the registration. NULL: gives NULL. Threads: any. Errors: none.
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

/// Until when, in milliseconds since 1970 UTC by this machine's clock. 0 until the service has said it.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_expires_at(registration: *const secupos_registration) -> i64 {
    get(0, || unsafe { peek(registration) }?.registration.confirmation().map(|said| said.expires_at))
}

/// Waits until the registration has ended. *out is one of SECUPOS_REGISTRATION_*: REGISTERED, DENIED, EXPIRED, or PENDING if
/// the time is over. Leaving the wait stops nothing.
///
/// timeout_ms: 0 only asks, -1 waits for ever.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: any; blocks the calling one. Errors: INVALID_ARGUMENT; what kept
/// the service from registering it at all: INVALID_CREDENTIALS (of the vendor's client), REFUSED, FAILED, PROTOCOL,
/// UNREACHABLE, TLS, TIMEOUT, PROXY; INVALID_STATE if the till was closed; JOURNAL_FAILED if it was confirmed and could not
/// be stored; FORKED, INTERNAL.
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

/// Frees a registration. One that is going on goes on.
///
/// Ownership: ends the caller's, and that of all texts borrowed from it. NULL: does nothing. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `registration` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_registration_free(registration: *mut secupos_registration) {
    unsafe { free(registration) }
}
