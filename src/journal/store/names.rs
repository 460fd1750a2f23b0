//! How the files beside the state file are called.

use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// `path` with `suffix` behind its whole name.
pub(in crate::journal) fn beside(path: &Path, suffix: &str) -> PathBuf {
    let mut name = OsString::from(path);
    name.push(suffix);
    PathBuf::from(name)
}

/// The head file of a state file, where nobody has said that it is elsewhere.
pub(super) fn head_beside(path: &Path) -> PathBuf {
    beside(path, ".head")
}
