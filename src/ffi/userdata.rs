//! What a C program gives with a callback and gets back in it: the library's own until it calls what frees it, once.

use std::ffi::c_void;

use crate::ffi::callback::secupos_free_callback;

/// A caller's userdata.
pub(crate) struct Userdata {
    pub(crate) pointer: *mut c_void,
    pub(crate) free: secupos_free_callback,
}

// The caller has been told that it is used on a thread of the library's.
unsafe impl Send for Userdata {}

impl Drop for Userdata {
    fn drop(&mut self) {
        if let Some(free) = self.free {
            unsafe { free(self.pointer) }
        }
    }
}
