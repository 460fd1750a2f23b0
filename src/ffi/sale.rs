//! A sale, as C sees it.

use std::ffi::c_char;
use std::sync::Mutex;

use crate::error::Result;
use crate::ffi::boundary::{free, perform, produce};
use crate::ffi::config::locked;
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::text;
use crate::till::sale::{Group, Item, Kind, Sale};

/// What the till wants to be paid for. Exclusive: one thread at a time. May be freed as soon as the payment has
/// been started.
#[allow(non_camel_case_types)]
pub struct secupos_sale {
    _opaque: [u8; 0],
}
noun!(secupos_sale: Mutex<Sale>);

/// Makes a sale.
///
/// reference: the till's own number for the sale, 1 to 64 bytes of composed text (NFC): no combining mark, no control or
/// format character, no blank at either end; the error names the character. It identifies the payment for ever: a till that
/// restarts its numbers daily must put the day in. Sent as merchantRef.
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

/// What C says of an item, as one.
unsafe fn item(
    kind: Kind,
    description: *const c_char,
    quantity: i32,
    unit_price: i64,
    tax_percent: i32,
    article_number: *const c_char,
    ean: *const c_char,
) -> Result<Item> {
    let description = unsafe { text::required(description, "description") }?.to_owned();
    let article_number = unsafe { text::optional(article_number, "article_number") }?.map(str::to_owned);
    let ean = unsafe { text::optional(ean, "ean") }?.map(str::to_owned);
    Ok(Item { kind, description, quantity, unit_price, tax_percent, article_number, ean })
}

/// Adds an article. A sale with items (articles, coupons) must add up to its amount, or no payment is started, and the error
/// shows the arithmetic; a sale without any is a sum alone.
///
/// description: 1 to 200 bytes. quantity: 1 to 100 000, whole: the service takes no fractions, so what is weighed is one
/// article at the price of what was weighed. unit_price: gross price of one, in minor units, 0 to 99 999 999. tax_percent:
/// VAT rate, 0 to 100 (7, 19). article_number, ean: may be NULL.
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
        let article =
            unsafe { item(Kind::Article, description, quantity, unit_price, tax_percent, article_number, ean) }?;
        locked(&sale).add_item(article)
    };
    unsafe { perform(error, add) }
}

/// Adds a coupon that the customer hands in. It lowers what the articles make, by quantity times unit_price; all else is as
/// for secupos_sale_add_item.
///
/// Ownership: texts are copied. NULL: only article_number, ean and error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT naming the argument, INVALID_UTF8; the sale is unchanged then.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_add_coupon(
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
        let coupon =
            unsafe { item(Kind::Coupon, description, quantity, unit_price, tax_percent, article_number, ean) }?;
        locked(&sale).add_item(coupon)
    };
    unsafe { perform(error, add) }
}

/// Puts the item that was added last into a group of articles, such as "Bakery"; up to ten times.
///
/// group_id: the till's own name for the group, 1 to 64 bytes. group_description: 1 to 200 bytes. level: how deep it is, 1
/// to 10: 1 for a group of its own, 2 for one within that.
///
/// Ownership: texts are copied. NULL: no argument but error may be NULL. Threads: exclusive.
/// Errors: INVALID_ARGUMENT naming the argument, or the sale if it has no item yet; INVALID_UTF8.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; texts are NULL or NUL-terminated; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_add_item_group(
    sale: *mut secupos_sale,
    group_id: *const c_char,
    group_description: *const c_char,
    level: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let add = || {
        let sale = unsafe { hold(sale.cast_const(), "sale") }?;
        let id = unsafe { text::required(group_id, "group_id") }?.to_owned();
        let description = unsafe { text::required(group_description, "group_description") }?.to_owned();
        locked(&sale).add_group(Group { id, description, level })
    };
    unsafe { perform(error, add) }
}

/// Says how much of the amount is a tip, in minor units, from 0 to the amount. It is included in the amount; where the sale
/// has items it must be one of them, or they do not add up.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_set_gratuity(
    sale: *mut secupos_sale,
    gratuity: i64,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { perform(error, || locked(&*hold(sale.cast_const(), "sale")?).set_gratuity(gratuity)) }
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

/// Says that an operator has looked: this is another sale than the one over the same amount that is in doubt, or was taken for
/// not paid. Only after secupos_till_pay has answered POSSIBLE_DUPLICATE and a person has compared the two.
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
