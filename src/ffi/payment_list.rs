//! Several payments, as C sees them.

use std::ptr;
use std::sync::Arc;

use crate::ffi::boundary::{free, get};
use crate::ffi::handle::{Lent, noun, peek};
use crate::ffi::payment::{PaymentTexts, secupos_payment};
use crate::till::handles::payment::Payment;

/// Payments, the oldest first. Shared: the list never changes. A payment in it changes if it is still running.
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

/// The number of payments. 0 is a good answer.
///
/// @param list the list
/// @return the number
/// @since 0.1
///
/// # Safety
/// `list` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_list_count(list: *const secupos_payment_list) -> usize {
    get(0, || unsafe { peek(list) }.map(|list| list.0.len()))
}

/// One of the payments. Every function that takes a secupos_payment takes it, except secupos_payment_free.
///
/// @param list the list
/// @param index the payment, from 0
/// @return the payment; NULL if index is too large. It is borrowed: do not free it. It and its texts live until the
///     list is freed.
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

/// Frees a list and the payments in it. Payments that are running go on. Receipts, bytes and JSON that the payments
/// gave live on. The notices that were asked for by way of its payments are taken back. Once it begins, no other call on
/// the list or on one of its payments may begin.
///
/// @param list the list
/// @since 0.1
///
/// # Safety
/// `list` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_payment_list_free(list: *mut secupos_payment_list) {
    unsafe { free(list) }
}
