//! What the library calls of C's, apart from the log's lines: the function that hears that something is done, and the one
//! that frees userdata.

use std::ffi::c_void;

/// Hears that a payment, a report or a registration is done. It must not throw.
///
/// @param userdata what was given with the callback
#[allow(non_camel_case_types)]
pub type secupos_done_callback = Option<unsafe extern "C" fn(userdata: *mut c_void)>;

/// Frees userdata. It must not throw.
///
/// @param userdata what was given with the callback
/// @since 0.1
#[allow(non_camel_case_types)]
pub type secupos_free_callback = Option<unsafe extern "C" fn(userdata: *mut c_void)>;
