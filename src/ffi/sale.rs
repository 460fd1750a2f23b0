//! A sale, as C sees it.

use std::ffi::c_char;
use std::sync::Mutex;

use crate::ffi::boundary::{free, perform, produce};
use crate::ffi::config::locked;
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::text;
use crate::till::sale::{Item, Sale};

/// What the till wants to be paid for. Exclusive: one thread at a time. May be freed as soon as the payment has
/// been started.
#[allow(non_camel_case_types)]
pub struct secupos_sale {
    _opaque: [u8; 0],
}
noun!(secupos_sale: Mutex<Sale>);

/// Makes a sale.
///
/// reference: the till's own number for the sale, 1 to 64 bytes without control characters. It identifies the payment for
/// ever: a till that restarts its numbers daily must put the day in. Sent as merchantRef.
/// amount: what the customer pays, in minor units (cents), from 1 to 99 999 999.
/// currency: three capital letters (ISO 4217), for example "EUR".
///
/// Ownership: texts are copied; the caller frees *out with secupos_sale_free. NULL: no argument but error may be NULL.
/// Threads: any. Errors: INVALID_ARGUMENT naming the argument, INVALID_UTF8, NULL_ARGUMENT.
/// @since 0.1
///
/// # Safety
/// Texts are NULL or NUL-terminated; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_new(
    reference: *const c_char,
    amount: i64,
    currency: *const c_char,
    out: *mut *mut secupos_sale,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let make = || {
        let (reference, currency) =
            unsafe { (text::required(reference, "reference")?, text::required(currency, "currency")?) };
        Sale::new(reference, amount, currency).map(Mutex::new)
    };
    unsafe { produce(out, error, make) }
}

/// Says which try this is: 1 (the default), and one more after an attempt that was declined or not started. The library
/// never counts up by itself: paying again with the same number asks for the same payment again.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT unless attempt is from 1 to 9999.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_set_attempt(
    sale: *mut secupos_sale,
    attempt: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { perform(error, || locked(&*hold(sale.cast_const(), "sale")?).set_attempt(attempt)) }
}

/// Adds an article. A sale with articles must add up to its amount, or no payment is started; a sale without any is a
/// sum alone.
///
/// description: 1 to 200 bytes. quantity: 1 to 100 000. unit_price: gross price of one, in minor units, 0 to
/// 99 999 999. tax_percent: VAT rate, 0 to 100 (7, 19). article_number, ean: may be NULL.
///
/// Ownership: texts are copied. NULL: only article_number, ean and error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT naming the argument, INVALID_UTF8; the sale is unchanged then.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_add_item(
    sale: *mut secupos_sale,
    description: *const c_char,
    quantity: i32,
    unit_price: i64,
    tax_percent: i32,
    article_number: *const c_char,
    ean: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let add = || {
        let sale = unsafe { hold(sale.cast_const(), "sale") }?;
        let description = unsafe { text::required(description, "description") }?.to_owned();
        let article_number = unsafe { text::optional(article_number, "article_number") }?.map(str::to_owned);
        let ean = unsafe { text::optional(ean, "ean") }?.map(str::to_owned);
        locked(&sale).add_item(Item { description, quantity, unit_price, tax_percent, article_number, ean })
    };
    unsafe { perform(error, add) }
}

/// Sets the purpose line of the customer's bank statement (transactionRef), 1 to 200 bytes.
///
/// Ownership: transaction_ref is copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_set_transaction_ref(
    sale: *mut secupos_sale,
    transaction_ref: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let set = || {
        let sale = unsafe { hold(sale.cast_const(), "sale") }?;
        locked(&sale).set_transaction_ref(unsafe { text::required(transaction_ref, "transaction_ref") }?)
    };
    unsafe { perform(error, set) }
}

/// Says that an operator has looked: this is another sale than the one over the same amount that is still in doubt. Only
/// after secupos_till_pay has answered POSSIBLE_DUPLICATE and a person has compared the two.
///
/// operator_name: who says so, 1 to 200 bytes; it is kept in the state file.
///
/// Ownership: operator_name is copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT, INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_confirm_not_duplicate(
    sale: *mut secupos_sale,
    operator_name: *const c_char,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let confirm = || {
        let sale = unsafe { hold(sale.cast_const(), "sale") }?;
        locked(&sale).confirm_not_duplicate(unsafe { text::required(operator_name, "operator") }?)
    };
    unsafe { perform(error, confirm) }
}

/// Frees a sale. A payment that was started with it goes on.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: exclusive. Errors: none.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_free(sale: *mut secupos_sale) {
    unsafe { free(sale) }
}
