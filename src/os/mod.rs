//! What is asked of the operating system itself: besides `ffi` the only room with `unsafe`. What differs between systems stands
//! in files that are called after them, with the same functions.
//!
//! - [`mod@clock`]: for how long the machine has been awake, and which start of it this is
//! - [`mod@files`]: private, durable files
//! - [`mod@lock`]: files whose lock a forked child must not keep
//! - [`mod@threads`]: the library's own threads
#![allow(unsafe_code)]

pub mod clock;
pub mod files;
pub mod lock;
pub mod threads;
