//! What is asked of the operating system itself: besides `ffi` the only room with `unsafe`.
//!
//! - [`mod@clock`]: for how long the machine has been awake, and which start of it this is
//! - [`mod@fork`]: files whose lock a forked child must not keep
#![allow(unsafe_code)]

pub mod clock;
pub mod fork;
