//! Texts across the boundary: NUL-terminated UTF-8, checked on the way in, borrowed on the way out.

use std::ffi::{CStr, CString, c_char};
use std::ptr;
use std::sync::OnceLock;

use crate::error::{Error, Language, Result, Status};
use crate::payment::phase::Phase;

/// A text that must be there.
///
/// # Safety
/// `pointer` is NULL or points to a NUL-terminated text that outlives `'a`.
pub(crate) unsafe fn required<'a>(pointer: *const c_char, argument: &str) -> Result<&'a str> {
    unsafe { optional(pointer, argument) }?
        .ok_or_else(|| Error::new(Status::NullArgument, format!("{argument} is NULL")))
}

/// A text that may be NULL.
///
/// # Safety
/// As for [`required`].
pub(crate) unsafe fn optional<'a>(pointer: *const c_char, argument: &str) -> Result<Option<&'a str>> {
    if pointer.is_null() {
        return Ok(None);
    }
    let bytes = unsafe { CStr::from_ptr(pointer) }.to_bytes();
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Some(text)),
        Err(fault) => {
            let at = fault.valid_up_to();
            // In Windows-1252 an umlaut is one high byte among ASCII; in broken UTF-8 high bytes come in groups.
            let stands_alone = bytes.get(at + 1).is_none_or(u8::is_ascii);
            let hint = if stands_alone { "; it looks like Windows-1252: convert it to UTF-8" } else { "" };
            Err(Error::new(Status::InvalidUtf8, format!("{argument} is not valid UTF-8 at byte {at}{hint}")))
        }
    }
}

/// Bytes that come with their length.
///
/// # Safety
/// `pointer` is NULL or points to `len` bytes that outlive `'a`.
pub(crate) unsafe fn bytes<'a>(pointer: *const c_char, len: usize, argument: &str) -> Result<&'a [u8]> {
    if pointer.is_null() {
        return Err(Error::new(Status::NullArgument, format!("{argument} is NULL")));
    }
    if isize::try_from(len).is_err() {
        return Err(Error::argument("len", format!("is {len}, more than any memory holds")));
    }
    Ok(unsafe { std::slice::from_raw_parts(pointer.cast(), len) })
}

/// A text to lend. Our texts hold no NUL; should one ever, the text ends there, as C would read it.
pub(crate) fn owned(text: &str) -> CString {
    let end = text.find('\0').unwrap_or(text.len());
    CString::new(&text[..end]).unwrap_or_default()
}

/// Lends a text, or NULL.
pub(crate) fn lend(text: Option<&CString>) -> *const c_char {
    text.map_or(ptr::null(), |text| text.as_ptr())
}

/// The same text in both languages.
pub(crate) struct Bilingual {
    german: CString,
    english: CString,
}

impl Bilingual {
    pub(crate) fn new(text: impl Fn(Language) -> String) -> Self {
        Bilingual { german: owned(&text(Language::German)), english: owned(&text(Language::English)) }
    }

    /// The text in a language as C names it.
    pub(crate) fn lend(&self, language: secupos_language) -> *const c_char {
        match language {
            SECUPOS_LANGUAGE_ENGLISH => self.english.as_ptr(),
            _ => self.german.as_ptr(),
        }
    }
}

/// What is shown in each phase, made when it is first shown: a text that was lent stays valid in the next phase.
#[derive(Default)]
pub(crate) struct PhaseTexts([OnceLock<Bilingual>; Phase::ALL.len()]);

impl PhaseTexts {
    /// The text of this phase.
    pub(crate) fn of(&self, phase: Phase, text: impl Fn(Phase, Language) -> &'static str) -> &Bilingual {
        self.0[phase as usize].get_or_init(|| Bilingual::new(|language| text(phase, language).to_owned()))
    }
}

/// The language of a text for the cashier.
///
/// In C any other number means German.
#[allow(non_camel_case_types)]
pub type secupos_language = i32;
/// German.
pub const SECUPOS_LANGUAGE_GERMAN: secupos_language = 1;
/// English.
pub const SECUPOS_LANGUAGE_ENGLISH: secupos_language = 2;
