//! How a receipt is rendered, as C sees it.

use std::ffi::c_char;
use std::sync::Mutex;

use crate::error::{Error, Language, Result};
use crate::ffi::boundary::{ErrorOut, free, perform, produce};
use crate::ffi::config::locked;
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::ffi::text::{self, SECUPOS_LANGUAGE_ENGLISH, SECUPOS_LANGUAGE_GERMAN, secupos_language};
use crate::receipt::{CodePage, Cut, Format, Options};
use crate::till::clock::{Clock, SystemClock};

/// How a receipt is rendered. Exclusive: one thread at a time. They may be used for any number of receipts. A format
/// ignores the options that it has no use for. NULL in their place means UTF-8 text with 42 columns.
#[allow(non_camel_case_types)]
pub struct secupos_render_options {
    _opaque: [u8; 0],
}
noun!(secupos_render_options: Mutex<RenderOptions>);

/// The format of a rendered receipt.
#[allow(non_camel_case_types)]
pub type secupos_format = i32;
/// Plain text in UTF-8 or in a code page. Lines end with a line feed.
pub const SECUPOS_FORMAT_TEXT: secupos_format = 1;
/// Bytes for a receipt printer. Send them as they are.
pub const SECUPOS_FORMAT_ESCPOS: secupos_format = 2;
/// One section of HTML in UTF-8, without scripts, for the screen and for paper of 58 or 80 mm.
pub const SECUPOS_FORMAT_HTML: secupos_format = 3;
/// A PDF file (Courier, not PDF/A).
pub const SECUPOS_FORMAT_PDF: secupos_format = 4;
/// The JSON object of secupos_receipt_to_json with "duplicate" and "reversed".
pub const SECUPOS_FORMAT_JSON: secupos_format = 5;

/// The characters that a printer or an old till can print.
#[allow(non_camel_case_types)]
pub type secupos_code_page = i32;
/// All characters. Not for ESC/POS.
pub const SECUPOS_CODE_PAGE_UTF8: secupos_code_page = 1;
/// Windows, Western Europe, with the Euro sign. Usually in slot 16.
pub const SECUPOS_CODE_PAGE_CP1252: secupos_code_page = 2;
/// DOS, Western Europe, with the Euro sign. Usually in slot 19.
pub const SECUPOS_CODE_PAGE_CP858: secupos_code_page = 3;
/// DOS, USA: with umlauts, without the Euro sign. Usually in slot 0.
pub const SECUPOS_CODE_PAGE_CP437: secupos_code_page = 4;

/// How an ESC/POS job ends.
#[allow(non_camel_case_types)]
pub type secupos_cut = i32;
/// The paper is not cut. Many printers have no cutter.
pub const SECUPOS_CUT_NONE: secupos_cut = 1;
/// The paper is cut except for one point.
pub const SECUPOS_CUT_PARTIAL: secupos_cut = 2;
/// The paper is cut off.
pub const SECUPOS_CUT_FULL: secupos_cut = 3;

/// How a receipt is rendered; a duplicate is stamped with the time at which it is.
#[derive(Default)]
pub struct RenderOptions {
    options: Options,
    duplicate: bool,
}

/// The options, or the defaults where NULL was given.
///
/// # Safety
/// `options` is NULL or a handle that is not freed.
pub(crate) unsafe fn chosen(options: *const secupos_render_options) -> Result<Options> {
    if options.is_null() {
        return Ok(Options::default());
    }
    let held = unsafe { hold(options, "options") }?;
    let RenderOptions { options, duplicate } = &*locked(&held);
    let mut options = options.clone();
    options.set_duplicate(duplicate.then(|| SystemClock::new().now()))?;
    Ok(options)
}

unsafe fn set(
    options: *mut secupos_render_options,
    error: ErrorOut,
    change: impl FnOnce(&mut RenderOptions) -> Result<()>,
) -> secupos_status {
    unsafe { perform(error, || change(&mut locked(&*hold(options.cast_const(), "options")?))) }
}

/// Makes options: UTF-8 text with 42 columns.
///
/// @param out the options; free them with secupos_render_options_free
/// @param error why the call failed
/// @return SECUPOS_OK or a common error
/// @since 0.1
///
/// # Safety
/// `out` and `error` are NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_new(
    out: *mut *mut secupos_render_options,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { produce(out, error, || Ok(Mutex::default())) }
}

/// Sets the format. The default is text.
///
/// @param options the options
/// @param format one of SECUPOS_FORMAT_*
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_format(
    options: *mut secupos_render_options,
    format: secupos_format,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| {
        chosen.options.set_format(match format {
            SECUPOS_FORMAT_TEXT => Format::Text,
            SECUPOS_FORMAT_ESCPOS => Format::EscPos,
            SECUPOS_FORMAT_HTML => Format::Html,
            SECUPOS_FORMAT_PDF => Format::Pdf,
            SECUPOS_FORMAT_JSON => Format::Json,
            _ => return Err(Error::argument("format", format!("is {format}, which is no SECUPOS_FORMAT_*"))),
        });
        Ok(())
    };
    unsafe { set(options, error, change) }
}

/// Sets the width of the paper in characters.
///
/// @param options the options
/// @param columns 16 to 96: 32 for paper of 58 mm, 42 or 48 for 80 mm
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_columns(
    options: *mut secupos_render_options,
    columns: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    unsafe { set(options, error, |chosen| chosen.options.set_columns(columns)) }
}

/// Sets the characters of text and ESC/POS. The default is UTF-8 for text and CP1252 for ESC/POS. HTML and JSON are
/// always UTF-8, PDF is always CP1252. If a page does not have a character, another one is printed: see
/// secupos_receipt_replaced.
///
/// @param options the options
/// @param page one of SECUPOS_CODE_PAGE_*
/// @param slot the number that the printer's maker gave to the page (ESC t), 0 to 255, or -1 for the usual one; always
///     -1 for UTF-8
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_code_page(
    options: *mut secupos_render_options,
    page: secupos_code_page,
    slot: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| {
        let slot = match slot {
            -1 => None,
            _ => Some(byte("slot", slot)?),
        };
        let page = match page {
            SECUPOS_CODE_PAGE_UTF8 => CodePage::Utf8,
            SECUPOS_CODE_PAGE_CP1252 => CodePage::Cp1252,
            SECUPOS_CODE_PAGE_CP858 => CodePage::Cp858,
            SECUPOS_CODE_PAGE_CP437 => CodePage::Cp437,
            _ => return Err(Error::argument("page", format!("is {page}, which is no SECUPOS_CODE_PAGE_*"))),
        };
        chosen.options.set_code_page(page, slot)
    };
    unsafe { set(options, error, change) }
}

/// Sets how an ESC/POS job ends. The default is no cut.
///
/// @param options the options
/// @param cut one of SECUPOS_CUT_*
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_cut(
    options: *mut secupos_render_options,
    cut: secupos_cut,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| {
        chosen.options.set_cut(match cut {
            SECUPOS_CUT_NONE => Cut::None,
            SECUPOS_CUT_PARTIAL => Cut::Partial,
            SECUPOS_CUT_FULL => Cut::Full,
            _ => return Err(Error::argument("cut", format!("is {cut}, which is no SECUPOS_CUT_*"))),
        });
        Ok(())
    };
    unsafe { set(options, error, change) }
}

/// Sets the number of empty lines at the end of an ESC/POS job. They move the last printed line out of the printer.
///
/// @param options the options
/// @param lines 0 to 255; the default is 4
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_feed(
    options: *mut secupos_render_options,
    lines: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| {
        chosen.options.set_feed(byte("lines", lines)?);
        Ok(())
    };
    unsafe { set(options, error, change) }
}

/// Marks the receipt as a reprint, with the time at which it is rendered. Do not mark the repetition of a first print
/// that failed: it is not signed yet, and a duplicate asks for no signature.
///
/// @param options the options
/// @param duplicate 1 for a reprint, 0 for a first print
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_duplicate(
    options: *mut secupos_render_options,
    duplicate: i32,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| {
        chosen.duplicate = match duplicate {
            0 => false,
            1 => true,
            _ => return Err(Error::argument("duplicate", format!("is {duplicate}; it must be 0 or 1"))),
        };
        Ok(())
    };
    unsafe { set(options, error, change) }
}

/// Sets the language of the library's own words: the marks and the name of an HTML section. The default is German. The
/// receipt's own words stay as they are.
///
/// @param options the options
/// @param language one of SECUPOS_LANGUAGE_*
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `error` is NULL or may be written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_language(
    options: *mut secupos_render_options,
    language: secupos_language,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| {
        chosen.options.set_language(match language {
            SECUPOS_LANGUAGE_GERMAN => Language::German,
            SECUPOS_LANGUAGE_ENGLISH => Language::English,
            _ => return Err(Error::argument("language", format!("is {language}, which is no SECUPOS_LANGUAGE_*"))),
        });
        Ok(())
    };
    unsafe { set(options, error, change) }
}

/// Sets bytes that are sent as they are before an ESC/POS job, for example to print a logo.
///
/// @param options the options
/// @param prefix the bytes
/// @param len how many, at most 65 536; 0 removes the prefix
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `prefix` is NULL or points to `len` bytes; `error` is NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_prefix(
    options: *mut secupos_render_options,
    prefix: *const c_char,
    len: usize,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| chosen.options.set_prefix(unsafe { text::bytes(prefix, len, "prefix") }?);
    unsafe { set(options, error, change) }
}

/// Sets bytes that are sent as they are after an ESC/POS job, for example to print a logo.
///
/// @param options the options
/// @param suffix the bytes
/// @param len how many, at most 65 536; 0 removes the suffix
/// @param error why the call failed
/// @return SECUPOS_OK, a common error, or INVALID_ARGUMENT
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed; `suffix` is NULL or points to `len` bytes; `error` is NULL or may be
/// written to.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_set_suffix(
    options: *mut secupos_render_options,
    suffix: *const c_char,
    len: usize,
    error: *mut *mut secupos_error,
) -> secupos_status {
    let change = |chosen: &mut RenderOptions| chosen.options.set_suffix(unsafe { text::bytes(suffix, len, "suffix") }?);
    unsafe { set(options, error, change) }
}

/// Frees options.
///
/// @param options the options
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_free(options: *mut secupos_render_options) {
    unsafe { free(options) }
}

fn byte(argument: &str, number: i32) -> Result<u8> {
    u8::try_from(number).map_err(|_| Error::argument(argument, format!("is {number}; it must be from 0 to 255")))
}
