//! Blobs that the library hands out.

use std::ffi::c_char;

use crate::ffi::boundary::{free, get};
use crate::ffi::handle::{noun, peek};

/// Bytes: a rendered receipt, or JSON. Shared: never changes, may be read from any thread. A NUL follows the last
/// byte, so that text may be used as a C string.
#[allow(non_camel_case_types)]
pub struct secupos_bytes {
    _opaque: [u8; 0],
}
noun!(secupos_bytes: Blob);

/// Bytes with a NUL behind them.
pub struct Blob(Vec<u8>);

impl Blob {
    pub(crate) fn new(bytes: impl Into<Vec<u8>>) -> Self {
        let mut bytes = bytes.into();
        bytes.push(0);
        Blob(bytes)
    }
}

/// The bytes; a NUL follows them.
///
/// Ownership: borrowed from the object. NULL: gives NULL. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `bytes` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_bytes_data(bytes: *const secupos_bytes) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(bytes) }.map(|blob| blob.0.as_ptr().cast()))
}

/// How many bytes there are, without the NUL that follows them.
///
/// Ownership: none. NULL: reads as 0. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `bytes` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_bytes_len(bytes: *const secupos_bytes) -> usize {
    get(0, || unsafe { peek(bytes) }.map(|blob| blob.0.len() - 1))
}

/// Frees the bytes.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: any. Errors: none.
/// @since 0.1
///
/// # Safety
/// `bytes` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_bytes_free(bytes: *mut secupos_bytes) {
    unsafe { free(bytes) }
}
