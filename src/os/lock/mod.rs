//! The lock of a file, which dies with its process. No forked child keeps it.

mod taken;
#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

pub use taken::Taken;
#[cfg(unix)]
pub use unix::FileLock;
#[cfg(windows)]
pub use windows::FileLock;
