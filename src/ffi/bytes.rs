//! Blobs that the library hands out.

use std::ffi::c_char;

use crate::ffi::boundary::{free, get};
use crate::ffi::handle::{noun, peek};

/// Bytes: a rendered receipt, or JSON. Shared: they never change. A NUL follows the last byte, so that text may be used
/// as a C string.
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

/// The bytes. A NUL follows them.
///
/// @param bytes the object
/// @return the first byte
/// @since 0.1
///
/// # Safety
/// `bytes` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_bytes_data(bytes: *const secupos_bytes) -> *const c_char {
    get(std::ptr::null(), || unsafe { peek(bytes) }.map(|blob| blob.0.as_ptr().cast()))
}

/// The number of bytes, without the NUL that follows them.
///
/// @param bytes the object
/// @return the number
/// @since 0.1
///
/// # Safety
/// `bytes` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_bytes_len(bytes: *const secupos_bytes) -> usize {
    get(0, || unsafe { peek(bytes) }.map(|blob| blob.0.len() - 1))
}

/// Frees bytes.
///
/// @param bytes the object
/// @since 0.1
///
/// # Safety
/// `bytes` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_bytes_free(bytes: *mut secupos_bytes) {
    unsafe { free(bytes) }
}
