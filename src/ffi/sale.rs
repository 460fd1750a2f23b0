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

/// What the customer is to pay. Exclusive: one thread at a time. It may be freed as soon as the payment has been
/// started.
#[allow(non_camel_case_types)]
pub struct secupos_sale {
    _opaque: [u8; 0],
}
noun!(secupos_sale: Mutex<Sale>);

/// Makes a sale.
///
/// @param reference the till's own number for the sale: 1 to 64 bytes of composed text (NFC), without a combining mark,
///     a control or format character, or a blank at either end. The error names the character at fault. The reference
///     identifies the sale for ever: a till that restarts its numbers daily must put the day in. It is sent as
///     merchantRef.
/// @param amount what the customer pays, in minor units (cents), from 1 to 99 999 999
/// @param currency three capital letters (ISO 4217), for example "EUR"
/// @param out the sale; free it with secupos_sale_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument
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

/// Says which attempt to pay the sale this is. The library never counts up by itself: paying again with the same number
/// asks for the same payment again.
///
/// @param sale the sale
/// @param attempt from 1 to 9999. A new sale has 1. After an attempt that was declined or not started, take the next
///     number.
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
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

/// Adds an article. The items of a sale (articles and coupons) must add up to its amount. If they do not, no payment is
/// started, and the error shows the sum. A sale without items has only its amount. If the call fails, the sale is
/// unchanged.
///
/// @param sale the sale
/// @param description 1 to 200 bytes
/// @param quantity 1 to 100 000. The service takes no fractions: an article that is sold by weight has the quantity 1
///     and the price of what was weighed.
/// @param unit_price the gross price of one article, in minor units, 0 to 99 999 999
/// @param tax_percent the VAT rate in percent, 0 to 100, for example 7 or 19
/// @param article_number the till's number of the article; may be NULL
/// @param ean the article's EAN; may be NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument
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

/// Adds a coupon that the customer hands in. It lowers the sum of the items by quantity times unit_price. Everything
/// else is as for secupos_sale_add_item.
///
/// @param sale the sale
/// @param description 1 to 200 bytes
/// @param quantity 1 to 100 000
/// @param unit_price the value of one coupon, in minor units, 0 to 99 999 999
/// @param tax_percent the VAT rate in percent, 0 to 100
/// @param article_number the till's number of the coupon; may be NULL
/// @param ean the coupon's EAN; may be NULL
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument
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

/// Puts the item that was added last into a group of articles, such as "Bakery". An item may be in up to ten groups.
///
/// @param sale the sale
/// @param group_id the till's own name for the group, 1 to 64 bytes
/// @param group_description 1 to 200 bytes
/// @param level the depth of the group, 1 to 10: 1 for a group of its own, 2 for a group within that
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT, whose message names the argument, or the sale if it has no
///     item yet
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

/// Says how much of the amount is a tip. The amount includes the tip. If the sale has items, one of them must be the
/// tip: otherwise they do not add up.
///
/// @param sale the sale
/// @param gratuity in minor units, from 0 to the amount
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
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

/// Sets the purpose line of the customer's bank statement (transactionRef).
///
/// @param sale the sale
/// @param transaction_ref 1 to 200 bytes
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
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

/// Says that an operator has looked: this sale is another one than the sale of the same amount that is in doubt or was
/// taken for not paid. Call it only after secupos_till_pay has returned POSSIBLE_DUPLICATE and a person has compared
/// the two.
///
/// @param sale the sale
/// @param operator_name who says so, 1 to 200 bytes; the state file keeps it
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
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
/// @param sale the sale
/// @since 0.1
///
/// # Safety
/// `sale` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_sale_free(sale: *mut secupos_sale) {
    unsafe { free(sale) }
}
