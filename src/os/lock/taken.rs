//! Why a lock is not to be had.

use std::fs::TryLockError;
use std::io;

/// Why a lock is not to be had.
#[derive(Debug)]
pub enum Taken {
    /// This process has it already. Some systems would grant it twice.
    ByOurselves,
    /// Another process has it.
    ByAnother,
    /// It was taken before this process was forked, and that was not freed here.
    BeforeTheFork,
    /// The system cannot say.
    Fault(io::Error),
}

impl From<TryLockError> for Taken {
    fn from(fault: TryLockError) -> Self {
        match fault {
            TryLockError::WouldBlock => Taken::ByAnother,
            TryLockError::Error(fault) => Taken::Fault(fault),
        }
    }
}
