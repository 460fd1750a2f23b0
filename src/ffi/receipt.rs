//! Receipts, as C sees them.

use std::collections::HashMap;
use std::ffi::{CString, c_char};
use std::ptr;

use crate::error::{Error, Result};
use crate::ffi::boundary::{answer, free, get, produce};
use crate::ffi::bytes::{Blob, secupos_bytes};
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun, peek};
use crate::ffi::render::{chosen, secupos_render_options};
use crate::ffi::text::{self, lend, owned};
use crate::receipt::{Alignment, Decision, LineKind, Receipt, ReceiptCopy};

/// Whose copy of the receipt.
#[allow(non_camel_case_types)]
pub type secupos_copy = i32;
/// The customer's copy.
pub const SECUPOS_COPY_CUSTOMER: secupos_copy = 1;
/// The merchant's copy. It must be kept and may have to be signed. It holds full account numbers.
pub const SECUPOS_COPY_MERCHANT: secupos_copy = 2;

/// Whether the customer must sign the merchant's copy.
#[allow(non_camel_case_types)]
pub type secupos_signature = i32;
/// The receipt does not say: look at it.
pub const SECUPOS_SIGNATURE_UNKNOWN: secupos_signature = 0;
/// It must be signed.
pub const SECUPOS_SIGNATURE_REQUIRED: secupos_signature = 1;
/// It need not be signed.
pub const SECUPOS_SIGNATURE_NOT_REQUIRED: secupos_signature = 2;

/// What a line of a receipt is.
#[allow(non_camel_case_types)]
pub type secupos_line_type = i32;
/// A kind that secupos does not know; printed by its text, as far as it has one.
pub const SECUPOS_LINE_UNKNOWN: secupos_line_type = 0;
/// Begins a receipt or a section: a headline, or a rule where it has no text.
pub const SECUPOS_LINE_SEPARATOR: secupos_line_type = 1;
/// Text.
pub const SECUPOS_LINE_TEXT: secupos_line_type = 2;
/// A name on the left and a value on the right.
pub const SECUPOS_LINE_NAME_VALUE: secupos_line_type = 3;
/// An empty line.
pub const SECUPOS_LINE_SPACE: secupos_line_type = 4;

/// Where a line's text stands, or the value of a name with a value.
#[allow(non_camel_case_types)]
pub type secupos_alignment = i32;
/// At the left edge.
pub const SECUPOS_ALIGNMENT_LEFT: secupos_alignment = 0;
/// In the middle.
pub const SECUPOS_ALIGNMENT_CENTER: secupos_alignment = 1;
/// At the right edge.
pub const SECUPOS_ALIGNMENT_RIGHT: secupos_alignment = 2;

/// One copy of a receipt. Shared: never changes, may be read from any thread.
#[allow(non_camel_case_types)]
pub struct secupos_receipt {
    _opaque: [u8; 0],
}
noun!(secupos_receipt: ReceiptTexts);

/// A receipt with its texts as C reads them.
pub struct ReceiptTexts {
    receipt: Receipt,
    lines: Vec<LineTexts>,
    fields: HashMap<&'static str, CString>,
}

struct LineTexts {
    text: Option<CString>,
    name: Option<CString>,
    value: Option<CString>,
}

impl ReceiptTexts {
    pub(crate) fn new(receipt: Receipt) -> Self {
        let lines = receipt.lines().iter().map(|line| LineTexts {
            text: line.text().map(owned),
            name: line.name().map(owned),
            value: line.value().map(owned),
        });
        let lines = lines.collect();
        let fields = receipt.fields().into_iter().map(|field| (field.name, owned(&field.value))).collect();
        ReceiptTexts { receipt, lines, fields }
    }
}

/// The copy that C means by this number.
pub(crate) fn copy_named(copy: secupos_copy) -> Result<ReceiptCopy> {
    match copy {
        SECUPOS_COPY_CUSTOMER => Ok(ReceiptCopy::Customer),
        SECUPOS_COPY_MERCHANT => Ok(ReceiptCopy::Merchant),
        _ => Err(Error::argument("copy", format!("is {copy}, which is no SECUPOS_COPY_*"))),
    }
}

/// A decision as C's number.
pub(crate) fn signature(decision: Decision) -> secupos_signature {
    match decision {
        Decision::Unknown => SECUPOS_SIGNATURE_UNKNOWN,
        Decision::Required => SECUPOS_SIGNATURE_REQUIRED,
        Decision::NotRequired => SECUPOS_SIGNATURE_NOT_REQUIRED,
    }
}

/// Reads a receipt from JSON: a bare array of lines, or a whole Smart Transaction, of which copy is taken;
/// or what secupos_payment_to_json, secupos_report_to_json or secupos_receipt_to_json have told. Needs no till.
///
/// json: UTF-8, len bytes, at most 1 MiB, 10 000 lines, and 10 000 characters in a text.
///
/// Ownership: json is only read; the caller frees *out with secupos_receipt_free. NULL: no argument but error may be
/// NULL. Threads: any. Errors: MALFORMED if it is no receipt, TOO_LARGE, INVALID_ARGUMENT for a number that is no copy.
/// @since 0.1
///
/// # Safety
/// `json` is NULL or points to `len` bytes; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_parse(
    json: *const c_char,
    len: usize,
    copy: secupos_copy,
    out: *mut *mut secupos_receipt,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let parse = || {
        let json = unsafe { text::bytes(json, len, "json") }?;
        Receipt::parse(json, copy_named(copy)?).map(ReceiptTexts::new)
    };
    unsafe { produce(out, error, parse) }
}

/// Frees a receipt.
///
/// Ownership: ends the caller's, and that of all texts borrowed from it. NULL: does nothing. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_free(receipt: *mut secupos_receipt) {
    unsafe { free(receipt) }
}

/// How many lines there are.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_count(receipt: *const secupos_receipt) -> usize {
    get(0, || unsafe { peek(receipt) }.map(|texts| texts.lines.len()))
}

/// What the line is: one of SECUPOS_LINE_*.
///
/// Ownership: none. NULL: reads as SECUPOS_LINE_UNKNOWN, as does an index that is too large. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_type(receipt: *const secupos_receipt, index: usize) -> secupos_line_type {
    get(SECUPOS_LINE_UNKNOWN, || {
        unsafe { peek(receipt) }?.receipt.lines().get(index).map(|line| match line.kind() {
            LineKind::Unknown => SECUPOS_LINE_UNKNOWN,
            LineKind::Separator => SECUPOS_LINE_SEPARATOR,
            LineKind::Text => SECUPOS_LINE_TEXT,
            LineKind::NameValue => SECUPOS_LINE_NAME_VALUE,
            LineKind::Space => SECUPOS_LINE_SPACE,
        })
    })
}

/// The text of a text line, the caption of a separator, or what a line of an unknown kind says. Card numbers on the
/// customer's copy are masked. NULL for other lines and an index that is too large.
///
/// Ownership: borrowed from the receipt. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_text(receipt: *const secupos_receipt, index: usize) -> *const c_char {
    get(ptr::null(), || unsafe { peek(receipt) }?.lines.get(index).map(|line| lend(line.text.as_ref())))
}

/// The name of a name with a value; NULL for other lines and an index that is too large.
///
/// Ownership: borrowed from the receipt. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_name(receipt: *const secupos_receipt, index: usize) -> *const c_char {
    get(ptr::null(), || unsafe { peek(receipt) }?.lines.get(index).map(|line| lend(line.name.as_ref())))
}

/// The value of a name with a value; NULL for other lines and an index that is too large.
///
/// Ownership: borrowed from the receipt. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_value(receipt: *const secupos_receipt, index: usize) -> *const c_char {
    get(ptr::null(), || unsafe { peek(receipt) }?.lines.get(index).map(|line| lend(line.value.as_ref())))
}

/// 1 if the line is to be printed bold (of a name with a value only the value), else 0.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_is_important(receipt: *const secupos_receipt, index: usize) -> i32 {
    get(0, || unsafe { peek(receipt) }?.receipt.lines().get(index).map(|line| i32::from(line.is_important())))
}

/// Where the line's text stands, or the value of a name with a value: one of SECUPOS_ALIGNMENT_*.
///
/// Ownership: none. NULL: reads as SECUPOS_ALIGNMENT_LEFT. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_alignment(
    receipt: *const secupos_receipt,
    index: usize,
) -> secupos_alignment {
    get(SECUPOS_ALIGNMENT_LEFT, || {
        unsafe { peek(receipt) }?.receipt.lines().get(index).map(|line| match line.alignment() {
            Alignment::Left => SECUPOS_ALIGNMENT_LEFT,
            Alignment::Center => SECUPOS_ALIGNMENT_CENTER,
            Alignment::Right => SECUPOS_ALIGNMENT_RIGHT,
        })
    })
}

/// What the receipt says of one thing, as printed: "date", "time", "receipt_no" ("0003"), "trace_no", "terminal_id",
/// "merchant_no", "card", "expiry", "bank", "brand", "approval", "aid", "amount". NULL if it does not say. A convenience: the
/// payment's own getters are the authority.
///
/// Ownership: borrowed from the receipt; name is only read. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed; `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_field(receipt: *const secupos_receipt, name: *const c_char) -> *const c_char {
    get(ptr::null(), || {
        let name = unsafe { text::required(name, "name") }.ok()?;
        unsafe { peek(receipt) }?.fields.get(name).map(|value| value.as_ptr())
    })
}

/// Whether the customer must sign, judged on the merchant's copy: one of SECUPOS_SIGNATURE_*.
///
/// Ownership: none. NULL: reads as SECUPOS_SIGNATURE_UNKNOWN. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_signature(receipt: *const secupos_receipt) -> secupos_signature {
    get(SECUPOS_SIGNATURE_UNKNOWN, || {
        unsafe { peek(receipt) }.map(|texts| signature(texts.receipt.signature().decision))
    })
}

/// Renders the receipt as the options say. Empty if the receipt has no lines (JSON never is). Card numbers on the
/// customer's copy are masked in every format.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: options may be NULL (UTF-8 text, 42 columns), and
/// error. Threads: any. Errors: INVALID_ARGUMENT for ESC/POS in UTF-8.
/// @since 0.1
///
/// # Safety
/// `receipt` and `options` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_render(
    receipt: *const secupos_receipt,
    options: *const secupos_render_options,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let render = || {
        let receipt = unsafe { hold(receipt, "receipt") }?;
        receipt.receipt.render(&unsafe { chosen(options) }?).map(Blob::new)
    };
    unsafe { produce(out, error, render) }
}

/// How many characters of the receipt the code page of the options does not have, so that others stand in their place:
/// EUR for a Euro sign, a question mark for what has no likeness.
///
/// Ownership: none. NULL: options may be NULL (UTF-8 text, 42 columns), and error. Threads: any. Errors:
/// INVALID_ARGUMENT for ESC/POS in UTF-8.
/// @since 0.1
///
/// # Safety
/// `receipt` and `options` are NULL or handles that are not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_replaced(
    receipt: *const secupos_receipt,
    options: *const secupos_render_options,
    out: *mut i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let replaced = || {
        let receipt = unsafe { hold(receipt, "receipt") }?;
        let count = receipt.receipt.replaced(&unsafe { chosen(options) }?)?;
        Ok(i32::try_from(count).unwrap_or(i32::MAX))
    };
    unsafe { answer(out, 0, error, replaced) }
}

/// The receipt as one JSON object: {"copy", "lines", "fields": {name: {"value", "line"}}, "amount_matches",
/// "signature": {"decision", "line", "index"}}. The field "amount" also has "minor_units" and "currency", null where they
/// are not known. The lines are as the server sent them, except that card numbers on the customer's copy are masked.
/// "amount_matches" compares the printed amount with the transaction's and is null where either is not known.
///
/// Ownership: the caller frees *out with secupos_bytes_free. NULL: no argument but error may be NULL. Threads: any.
/// Errors: NULL_ARGUMENT, INVALID_HANDLE.
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed; `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_to_json(
    receipt: *const secupos_receipt,
    out: *mut *mut secupos_bytes,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let json = || Ok(Blob::new(unsafe { hold(receipt, "receipt") }?.receipt.to_json().to_string()));
    unsafe { produce(out, error, json) }
}
