//! Receipts, as C sees them.

use std::collections::HashMap;
use std::ffi::{CString, c_char};
use std::ptr;
use std::sync::OnceLock;

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
/// The customer must sign.
pub const SECUPOS_SIGNATURE_REQUIRED: secupos_signature = 1;
/// The customer need not sign.
pub const SECUPOS_SIGNATURE_NOT_REQUIRED: secupos_signature = 2;

/// The kind of a receipt's line.
#[allow(non_camel_case_types)]
pub type secupos_line_type = i32;
/// A kind that secupos does not know. If it has a text, the text is printed.
pub const SECUPOS_LINE_UNKNOWN: secupos_line_type = 0;
/// The beginning of a receipt or a section: a headline, or a rule if the line has no text.
pub const SECUPOS_LINE_SEPARATOR: secupos_line_type = 1;
/// Text.
pub const SECUPOS_LINE_TEXT: secupos_line_type = 2;
/// A name on the left and a value on the right.
pub const SECUPOS_LINE_NAME_VALUE: secupos_line_type = 3;
/// An empty line.
pub const SECUPOS_LINE_SPACE: secupos_line_type = 4;

/// The place of a line's text, or of the value in a line with a name and a value.
#[allow(non_camel_case_types)]
pub type secupos_alignment = i32;
/// At the left edge.
pub const SECUPOS_ALIGNMENT_LEFT: secupos_alignment = 0;
/// In the middle.
pub const SECUPOS_ALIGNMENT_CENTER: secupos_alignment = 1;
/// At the right edge.
pub const SECUPOS_ALIGNMENT_RIGHT: secupos_alignment = 2;

/// One copy of a receipt. Shared: it never changes.
#[allow(non_camel_case_types)]
pub struct secupos_receipt {
    _opaque: [u8; 0],
}
noun!(secupos_receipt: ReceiptTexts);

/// A receipt with its texts as C reads them, made when they are first asked for.
pub struct ReceiptTexts {
    receipt: Receipt,
    lines: OnceLock<Vec<LineTexts>>,
    fields: OnceLock<HashMap<&'static str, CString>>,
}

struct LineTexts {
    text: Option<CString>,
    name: Option<CString>,
    value: Option<CString>,
}

impl ReceiptTexts {
    pub(crate) fn new(receipt: Receipt) -> Self {
        ReceiptTexts { receipt, lines: OnceLock::new(), fields: OnceLock::new() }
    }

    fn line(&self, index: usize) -> Option<&LineTexts> {
        let lines = self.lines.get_or_init(|| {
            let lines = self.receipt.lines().iter().map(|line| LineTexts {
                text: line.text().map(owned),
                name: line.name().map(owned),
                value: line.value().map(owned),
            });
            lines.collect()
        });
        lines.get(index)
    }

    fn field(&self, name: &str) -> Option<&CString> {
        let fields = self
            .fields
            .get_or_init(|| self.receipt.fields().into_iter().map(|field| (field.name, owned(&field.value))).collect());
        fields.get(name)
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

/// Reads a receipt from JSON. It needs no till.
///
/// @param json UTF-8: a bare array of lines, a whole Smart Transaction, or the JSON from secupos_payment_to_json,
///     secupos_report_to_json or secupos_receipt_to_json. At most 1 MiB, 10 000 lines, and 10 000 characters in a text.
/// @param len the length of json in bytes
/// @param copy which copy to take from a transaction: one of SECUPOS_COPY_*
/// @param out the receipt; free it with secupos_receipt_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or:
/// - RECEIPT_MALFORMED if json is no receipt
/// - RECEIPT_TOO_LARGE if json is larger than described
/// - INVALID_ARGUMENT if the number is no copy
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
/// @param receipt the receipt
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_free(receipt: *mut secupos_receipt) {
    unsafe { free(receipt) }
}

/// The number of lines.
///
/// @param receipt the receipt
/// @return the number
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_count(receipt: *const secupos_receipt) -> usize {
    get(0, || unsafe { peek(receipt) }.map(|texts| texts.receipt.lines().len()))
}

/// The kind of a line.
///
/// @param receipt the receipt
/// @param index the line, from 0
/// @return one of SECUPOS_LINE_*; SECUPOS_LINE_UNKNOWN if index is too large
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

/// The text of a text line, the caption of a separator, or the text of a line of an unknown kind. Card numbers on the
/// customer's copy are masked.
///
/// @param receipt the receipt
/// @param index the line, from 0
/// @return the text; NULL for other lines and if index is too large
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_text(receipt: *const secupos_receipt, index: usize) -> *const c_char {
    get(ptr::null(), || unsafe { peek(receipt) }?.line(index).map(|line| lend(line.text.as_ref())))
}

/// The name in a line with a name and a value.
///
/// @param receipt the receipt
/// @param index the line, from 0
/// @return the name; NULL for other lines and if index is too large
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_name(receipt: *const secupos_receipt, index: usize) -> *const c_char {
    get(ptr::null(), || unsafe { peek(receipt) }?.line(index).map(|line| lend(line.name.as_ref())))
}

/// The value in a line with a name and a value.
///
/// @param receipt the receipt
/// @param index the line, from 0
/// @return the value; NULL for other lines and if index is too large
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_value(receipt: *const secupos_receipt, index: usize) -> *const c_char {
    get(ptr::null(), || unsafe { peek(receipt) }?.line(index).map(|line| lend(line.value.as_ref())))
}

/// Whether the line is to be printed bold. In a line with a name and a value only the value is bold.
///
/// @param receipt the receipt
/// @param index the line, from 0
/// @return 1 if it is, 0 if it is not
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_line_is_important(receipt: *const secupos_receipt, index: usize) -> i32 {
    get(0, || unsafe { peek(receipt) }?.receipt.lines().get(index).map(|line| i32::from(line.is_important())))
}

/// The place of the line's text, or of the value in a line with a name and a value.
///
/// @param receipt the receipt
/// @param index the line, from 0
/// @return one of SECUPOS_ALIGNMENT_*
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

/// One fact from the receipt, as it is printed. It is a convenience: for the facts of a payment use the payment's own
/// getters.
///
/// @param receipt the receipt
/// @param name "date", "time", "receipt_no" ("0003"), "trace_no", "terminal_id", "merchant_no", "card", "expiry",
///     "bank", "brand", "approval", "aid" or "amount"
/// @return the text; NULL if the receipt does not contain the fact
/// @since 0.1
///
/// # Safety
/// `receipt` is NULL or a handle that is not freed; `name` is NULL or NUL-terminated.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_receipt_field(receipt: *const secupos_receipt, name: *const c_char) -> *const c_char {
    get(ptr::null(), || {
        let name = unsafe { text::required(name, "name") }.ok()?;
        unsafe { peek(receipt) }?.field(name).map(|value| value.as_ptr())
    })
}

/// Whether the customer must sign. The library reads this from the merchant's copy.
///
/// @param receipt the receipt
/// @return one of SECUPOS_SIGNATURE_*
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

/// Renders the receipt. The result is empty if the receipt has no lines (JSON never is). Card numbers on the customer's
/// copy are masked in every format.
///
/// @param receipt the receipt
/// @param options the form of the result; may be NULL for UTF-8 text with 42 columns
/// @param out the rendered receipt; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT for ESC/POS in UTF-8
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

/// Counts the characters of the receipt that the options' code page does not have. Others are printed in their place:
/// EUR for a Euro sign, a question mark for a character without a similar one.
///
/// @param receipt the receipt
/// @param options the form of the result; may be NULL for UTF-8 text with 42 columns
/// @param out the number of characters
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT for ESC/POS in UTF-8
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
/// "signature": {"decision", "line", "index"}}.
/// - lines: as the server sent them, except that card numbers on the customer's copy are masked
/// - fields: "amount" also has "minor_units" and "currency"; they are null if they are not known
/// - amount_matches: whether the printed amount is the transaction's; null if one of the two is not known
///
/// @param receipt the receipt
/// @param out the JSON; free it with secupos_bytes_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
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
