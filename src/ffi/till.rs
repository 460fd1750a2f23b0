//! The till, as C sees it.

use crate::ffi::boundary::{free, get, produce};
use crate::ffi::config::{locked, secupos_config};
use crate::ffi::error::{SECUPOS_OK, secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::payment::{PaymentTexts, secupos_payment};
use crate::ffi::sale::secupos_sale;
use crate::ffi::signals::without_sigpipe;
use crate::till::Till;

/// A till: one terminal, one payment at a time. Shared: any thread, concurrently. Open one and keep it for as long
/// as the program runs.
#[allow(non_camel_case_types)]
pub struct secupos_till {
    _opaque: [u8; 0],
}
noun!(secupos_till: Till);

/// Opens a till. Uses no network: wrong credentials show with the first payment.
///
/// Ownership: config is only read; the caller frees *out with secupos_till_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: INVALID_ARGUMENT if the settings are incomplete, TLS if the system's roots cannot be
/// read, INTERNAL.
/// @since 0.1
///
/// # Safety
/// `config` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_open(
    config: *const secupos_config,
    out: *mut *mut secupos_till,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let open = || {
        let config = locked(&*unsafe { hold(config, "config") }?).clone();
        without_sigpipe(|| Till::open(&config))
    };
    unsafe { produce(out, error, open) }
}

/// Closes a till. Never waits and never stops a payment: one that is running goes on, and its secupos_payment tells
/// what became of it.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: any, but no other call may begin on this till after it.
/// Errors: none.
/// @since 0.1
///
/// # Safety
/// `till` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_free(till: *mut secupos_till) {
    unsafe { free(till) }
}

/// Takes a card payment and blocks until it has an outcome, which may take minutes. The same as
/// secupos_till_start_payment followed by secupos_payment_wait without a limit.
///
/// SECUPOS_OK means that there is a payment in *out, whatever became of it: look at its outcome. Any other status
/// means that this call sent nothing and charged nothing.
///
/// Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any; blocks the calling one. Errors: as for secupos_till_start_payment.
/// @since 0.1
///
/// # Safety
/// `till` and `sale` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_pay(
    till: *const secupos_till,
    sale: *const secupos_sale,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let status = unsafe { secupos_till_start_payment(till, sale, out, error) };
    if status == SECUPOS_OK {
        // From here on there is a payment, whatever happens to the waiting.
        get((), || unsafe { hold(*out, "payment") }.ok().map(|payment| payment.wait()));
    }
    status
}

/// Begins a card payment and returns at once. Ask with secupos_payment_wait what became of it.
///
/// SECUPOS_OK means that there is a payment in *out, whatever becomes of it. Any other status means that this call
/// sent nothing and charged nothing.
///
/// Ownership: sale is only read; the caller frees *out with secupos_payment_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: INVALID_ARGUMENT if the articles do not add up to the amount, CONFLICT if the reference
/// has been used by this process, ATTEMPT_OUT_OF_ORDER, BUSY while another payment of this till is running, FORKED,
/// INTERNAL.
/// @since 0.1
///
/// # Safety
/// `till` and `sale` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_till_start_payment(
    till: *const secupos_till,
    sale: *const secupos_sale,
    out: *mut *mut secupos_payment,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let start = || unsafe {
        let sale = locked(&*hold(sale, "sale")?).clone();
        hold(till, "till")?.start_payment(&sale).map(PaymentTexts::new)
    };
    unsafe { produce(out, error, start) }
}
