//! Errors as C sees them.

use std::ffi::{CString, c_char};

use crate::error::Error;
use crate::ffi::boundary::{free, get};
use crate::ffi::handle::{noun, peek};
use crate::ffi::text::{Bilingual, lend, owned, secupos_language};

/// The result of a call. The numbers are frozen.
///
/// A call that fails with one of these has sent no start. No money moved because of it. A status never says what became
/// of a payment: the payment's outcome says that.
///
/// In C it is SECUPOS_OK or one of SECUPOS_STATUS_*.
#[allow(non_camel_case_types)]
pub type secupos_status = i32;
/// The call succeeded.
pub const SECUPOS_OK: secupos_status = 0;
/// A required argument is missing: NULL.
pub const SECUPOS_STATUS_NULL_ARGUMENT: secupos_status = 10;
/// A text is not valid UTF-8.
pub const SECUPOS_STATUS_INVALID_UTF8: secupos_status = 11;
/// An argument has a value that cannot be used. The message names the argument and the value.
pub const SECUPOS_STATUS_INVALID_ARGUMENT: secupos_status = 12;
/// A handle of another type, or one that a panic has made unusable.
pub const SECUPOS_STATUS_INVALID_HANDLE: secupos_status = 13;
/// The object is in a state in which this call is not possible.
pub const SECUPOS_STATUS_INVALID_STATE: secupos_status = 14;
/// The state file does not exist.
pub const SECUPOS_STATUS_STATE_FILE_MISSING: secupos_status = 20;
/// Another till uses the state file, here or in another process.
pub const SECUPOS_STATUS_STATE_FILE_LOCKED: secupos_status = 21;
/// The state file was damaged, lost or brought back from an older day. No payment begins until
/// secupos_till_accept_journal_loss.
pub const SECUPOS_STATUS_STATE_FILE_DAMAGED: secupos_status = 22;
/// The state file belongs to another till.
pub const SECUPOS_STATUS_STATE_FILE_MISMATCH: secupos_status = 23;
/// The state file was written by a newer secupos.
pub const SECUPOS_STATUS_STATE_FILE_TOO_NEW: secupos_status = 24;
/// The state file could not be read or written.
pub const SECUPOS_STATUS_JOURNAL_FAILED: secupos_status = 25;
/// The reference was used before, with other values or in a way that cannot be repeated.
pub const SECUPOS_STATUS_REFERENCE_CONFLICT: secupos_status = 30;
/// The reference is closed: its payment was acknowledged.
pub const SECUPOS_STATUS_REFERENCE_CLOSED: secupos_status = 31;
/// A payment of the same amount under another reference is in doubt, or may have been paid after all. See
/// secupos_sale_confirm_not_duplicate.
pub const SECUPOS_STATUS_POSSIBLE_DUPLICATE: secupos_status = 32;
/// The attempt is not the next one.
pub const SECUPOS_STATUS_ATTEMPT_OUT_OF_ORDER: secupos_status = 33;
/// No payment has this reference and attempt.
pub const SECUPOS_STATUS_NOT_FOUND: secupos_status = 34;
/// The till is busy with another operation.
pub const SECUPOS_STATUS_BUSY: secupos_status = 35;
/// A person at the till must confirm it first.
pub const SECUPOS_STATUS_CONFIRMATION_REQUIRED: secupos_status = 36;
/// The till has not been registered.
pub const SECUPOS_STATUS_NOT_REGISTERED: secupos_status = 40;
/// The registration was denied.
pub const SECUPOS_STATUS_REGISTRATION_DENIED: secupos_status = 41;
/// The registration was not confirmed in time.
pub const SECUPOS_STATUS_REGISTRATION_EXPIRED: secupos_status = 42;
/// The server does not accept the client's id, secret or device code.
pub const SECUPOS_STATUS_INVALID_CREDENTIALS: secupos_status = 43;
/// The server could not be reached.
pub const SECUPOS_STATUS_UNREACHABLE: secupos_status = 50;
/// TLS failed: the server could not prove who it is.
pub const SECUPOS_STATUS_TLS: secupos_status = 51;
/// The server did not answer in time.
pub const SECUPOS_STATUS_TIMEOUT: secupos_status = 52;
/// The proxy refused the connection.
pub const SECUPOS_STATUS_PROXY: secupos_status = 53;
/// The server refused the request.
pub const SECUPOS_STATUS_SERVER_REFUSED: secupos_status = 60;
/// The server failed.
pub const SECUPOS_STATUS_SERVER_FAILED: secupos_status = 61;
/// The server's answer cannot be understood.
pub const SECUPOS_STATUS_PROTOCOL: secupos_status = 62;
/// The input is not a receipt.
pub const SECUPOS_STATUS_RECEIPT_MALFORMED: secupos_status = 70;
/// The input is larger than any receipt.
pub const SECUPOS_STATUS_RECEIPT_TOO_LARGE: secupos_status = 71;
/// A fault in secupos itself.
pub const SECUPOS_STATUS_INTERNAL: secupos_status = 90;
/// The process was forked after the till was opened.
pub const SECUPOS_STATUS_FORKED: secupos_status = 91;

/// Why a call failed. Shared: it never changes. It holds no secret and no receipt, so that it may be logged and shown.
#[allow(non_camel_case_types)]
pub struct secupos_error {
    _opaque: [u8; 0],
}
noun!(secupos_error: ErrorTexts);

/// An error with its texts as C reads them.
pub struct ErrorTexts {
    status: secupos_status,
    message: CString,
    cashier: Bilingual,
    http_status: i32,
    server_code: Option<CString>,
    server_text: Option<CString>,
    support_id: Option<CString>,
    retry_after_ms: i64,
}

impl ErrorTexts {
    pub(crate) fn new(error: Error) -> Self {
        let server = error.server();
        let text = |text: &Option<String>| text.as_deref().map(owned);
        ErrorTexts {
            status: error.status().number(),
            message: owned(error.message()),
            cashier: Bilingual::new(|language| error.cashier_text(language)),
            http_status: error.http_status().map_or(0, i32::from),
            server_code: text(&server.code),
            server_text: text(&server.text),
            support_id: text(&server.support_id),
            retry_after_ms: error.retry_after().map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)),
        }
    }
}

/// The status that the call returned.
///
/// @param error the error
/// @return one of SECUPOS_STATUS_*
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_status(error: *const secupos_error) -> secupos_status {
    get(SECUPOS_OK, || unsafe { peek(error) }.map(|error| error.status))
}

/// What went wrong, in English, for the programmer and the log. It names the argument at fault.
///
/// @param error the error
/// @return the message
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_message(error: *const secupos_error) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(error) }.map(|error| error.message.as_ptr()))
}

/// What happened and what to do now, for the person at the till. It contains the server's own words if the server sent
/// some.
///
/// @param error the error
/// @param language one of SECUPOS_LANGUAGE_*
/// @return the text
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_cashier_text(
    error: *const secupos_error,
    language: secupos_language,
) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(error) }.map(|error| error.cashier.lend(language)))
}

/// The HTTP status of the server's answer.
///
/// @param error the error
/// @return the status, such as 404; 0 if there was no answer
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_http_status(error: *const secupos_error) -> i32 {
    get(0, || unsafe { peek(error) }.map(|error| error.http_status))
}

/// The server's code for the error.
///
/// @param error the error
/// @return a number such as "2003" or an OAuth word such as "invalid_client"; NULL if the server sent none
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_server_code(error: *const secupos_error) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(error) }.map(|error| lend(error.server_code.as_ref())))
}

/// The server's text for the user (`error_user`), usually in German.
///
/// @param error the error
/// @return the text; NULL if the server sent none
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_server_text(error: *const secupos_error) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(error) }.map(|error| lend(error.server_text.as_ref())))
}

/// The number that the vendor's help desk asks for (`supportId`).
///
/// @param error the error
/// @return the number; NULL if the server sent none
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_support_id(error: *const secupos_error) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(error) }.map(|error| lend(error.support_id.as_ref())))
}

/// How long the server asks the till to wait.
///
/// @param error the error
/// @return milliseconds; 0 if the server does not ask
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_retry_after_ms(error: *const secupos_error) -> i64 {
    get(0, || unsafe { peek(error) }.map(|error| error.retry_after_ms))
}

/// Frees an error that a call gave through `error`. Do not free an error that a getter gave (secupos_payment_error,
/// secupos_report_error): it is borrowed.
///
/// @param error the error
/// @since 0.1
///
/// # Safety
/// `error` is NULL or a handle that is not freed and not borrowed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_error_free(error: *mut secupos_error) {
    unsafe { free(error) }
}
