//! Several payments, as C sees them.

use std::ptr;
use std::sync::Arc;

use crate::ffi::boundary::{free, get};
use crate::ffi::handle::{Lent, noun, peek};
use crate::ffi::payment::{PaymentTexts, secupos_payment};
use crate::till::handles::payment::Payment;

/// Payments, the oldest first. Shared: never changes, may be read from any thread; its payments may, while they are
/// running.
#[allow(non_camel_case_types)]
pub struct secupos_payment_list {
    _opaque: [u8; 0],
}
noun!(secupos_payment_list: PaymentList);

/// Payments that are lent out one by one.
pub struct PaymentList(Vec<Lent<secupos_payment>>);

impl PaymentList {
    pub(crate) fn new(payments: Vec<Arc<Payment>>) -> Self {
        PaymentList(payments.into_iter().map(|payment| Lent::new(PaymentTexts::new(payment))).collect())
    }
}

/// How many payments there are; 0 is a good answer.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `list` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_list_count(list: *const secupos_payment_list) -> usize {
    get(0, || unsafe { peek(list) }.map(|list| list.0.len()))
}

/// One of the payments, from 0; NULL if index is too large. Whatever takes a secupos_payment takes it, but for
/// secupos_payment_free.
///
/// Ownership: borrowed from the list: do not free it; it lives until the list is freed, and so do the texts borrowed from
/// it. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `list` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_list_payment(
    list: *const secupos_payment_list,
    index: usize,
) -> *const secupos_payment {
    get(ptr::null(), || unsafe { peek(list) }?.0.get(index).map(Lent::pointer))
}

/// Frees a list and the payments lent by it. Never waits and stops none of them; receipts, bytes and JSON that were asked
/// of them live on.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: any, but no other call may begin on this list or on one of
/// its payments after it. Errors: none.
/// @since 0.1
///
/// # Safety
/// `list` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_list_free(list: *mut secupos_payment_list) {
    unsafe { free(list) }
}
