//! Which secupos this is.

use std::ffi::{CStr, c_char};

use crate::error::TABLE;
use crate::ffi::error::{SECUPOS_OK, secupos_status};

/// The version of the binary interface that this header describes. It changes only when a program would break. A
/// program that loads the library at run time compares it with secupos_abi_version().
pub const SECUPOS_ABI_VERSION: u32 = 1;

const VERSION: &CStr = match CStr::from_bytes_with_nul(concat!(env!("CARGO_PKG_VERSION"), "\0").as_bytes()) {
    Ok(text) => text,
    Err(_) => panic!("a version holds no NUL"),
};

/// The library's version.
///
/// @return a text such as "0.1.0"; it is never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_version() -> *const c_char {
    VERSION.as_ptr()
}

/// The version of the library's binary interface. If it is not SECUPOS_ABI_VERSION, this header does not describe the
/// library that was loaded: do not call any other function.
///
/// @return the version
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_abi_version() -> u32 {
    SECUPOS_ABI_VERSION
}

/// The name of a status without its prefix, for logs.
///
/// @param status the status
/// @return "OK", "BUSY", …; "?" for a number that is no status; it is never freed
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_status_name(status: secupos_status) -> *const c_char {
    if status == SECUPOS_OK {
        return c"OK".as_ptr();
    }
    let row = TABLE.iter().find(|row| row.status.number() == status);
    row.map_or(c"?".as_ptr(), |row| row.name_with_nul.as_ptr().cast())
}
