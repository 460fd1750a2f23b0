//! How a receipt is rendered, as C sees it.

use std::sync::Mutex;

use crate::error::{Error, Result};
use crate::ffi::boundary::{free, perform, produce};
use crate::ffi::config::locked;
use crate::ffi::error::{secupos_error, secupos_status};
use crate::ffi::handle::{hold, noun};
use crate::receipt::{LEAST_COLUMNS, MOST_COLUMNS};

/// How a receipt is rendered. Exclusive: one thread at a time. NULL in its place means UTF-8 text, 42 columns.
#[allow(non_camel_case_types)]
pub struct secupos_render_options {
    _opaque: [u8; 0],
}
noun!(secupos_render_options: Mutex<RenderOptions>);

/// How a receipt is rendered.
pub struct RenderOptions {
    pub(crate) columns: u16,
}

impl Default for RenderOptions {
    fn default() -> Self {
        // 80 mm paper in the printers' own font.
        RenderOptions { columns: 42 }
    }
}

/// The options, or the defaults where NULL was given.
///
/// # Safety
/// `options` is NULL or a handle that is not freed.
pub(crate) unsafe fn columns(options: *const secupos_render_options) -> Result<u16> {
    match options.is_null() {
        true => Ok(RenderOptions::default().columns),
        false => Ok(locked(&*unsafe { hold(options, "options") }?).columns),
    }
}

/// Makes options: UTF-8 text, 42 columns.
///
/// Ownership: the caller frees *out with secupos_render_options_free. NULL: out must not be NULL. Threads: any.
/// Errors: NULL_ARGUMENT.
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

/// Sets the width of the paper in characters, 16 to 96: 32 for 58 mm, 42 or 48 for 80 mm.
///
/// Ownership: none. NULL: no argument but error may be NULL. Threads: exclusive. Errors: INVALID_ARGUMENT.
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
    let set = || {
        let options = unsafe { hold(options.cast_const(), "options") }?;
        locked(&options).columns = u16::try_from(columns)
            .ok()
            .filter(|columns| (LEAST_COLUMNS..=MOST_COLUMNS).contains(columns))
            .ok_or_else(|| {
                let fault = format!("is {columns}; it must be from {LEAST_COLUMNS} to {MOST_COLUMNS}");
                Error::argument("columns", fault)
            })?;
        Ok(())
    };
    unsafe { perform(error, set) }
}

/// Frees options.
///
/// Ownership: ends the caller's. NULL: does nothing. Threads: exclusive. Errors: none.
/// @since 0.1
///
/// # Safety
/// `options` is NULL or a handle that is not freed.
#[unsafe(no_mangle)]
pub unsafe extern "C" fn secupos_render_options_free(options: *mut secupos_render_options) {
    unsafe { free(options) }
}
