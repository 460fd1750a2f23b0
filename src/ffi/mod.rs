//! The C ABI. Each function decodes its arguments, makes one call into the core and encodes the result. Nothing else
//! happens here. Besides `os` this is the only place with `unsafe`.
//!
//! Each public module is a part of the header; xtask has their order and titles. `header_preamble.h` is the manual
//! at its top: the comments of the functions say only what differs from the conventions there. Behind them: `boundary`
//! (no panic leaves), `handle` (tags and shares), `notices` and `userdata` (what callbacks need).
#![allow(unsafe_code)]
// The comments are the C manual, in the form that Doxygen reads.
#![allow(clippy::doc_lazy_continuation)]

pub mod archive;
mod boundary;
pub mod bytes;
pub mod callback;
pub mod config;
pub mod end;
pub mod error;
mod handle;
pub mod log;
mod notices;
pub mod outcome;
pub mod payment;
pub mod payment_list;
pub mod receipt;
pub mod registration;
pub mod render;
pub mod report;
pub mod sale;
pub mod text;
pub mod till;
mod userdata;
pub mod version;
#[cfg(windows)]
pub mod windows;
