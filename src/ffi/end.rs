//! The end of all callbacks.

use crate::ffi::boundary::get;
use crate::log;
use crate::till::handles::notice;

/// Ends all logs of this process and takes all its notices back (secupos_payment_notify and its kin). It waits for
/// callbacks that are running. When it returns, no callback is running, none will be called again, and each
/// userdata_free has been called. Tills and payments go on. They log nothing more, and nobody is told of their end. What
/// is asked for after this call is called again.
///
/// It is meant for a language's runtime that is about to end and cannot be called afterwards. A C program need not call
/// it. Several threads may call it at once: each of them waits. A callback that calls it does not wait, and is not
/// called again.
/// @since 0.1
#[unsafe(no_mangle)]
pub extern "C" fn secupos_end_callbacks() {
    get((), || {
        log::end_all();
        notice::take_all_back();
        Some(())
    });
}
