//! Who owns the state file: an OS lock on a file beside it, which dies with its process, and a list within the process.

use std::collections::BTreeSet;
use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use crate::error::{Error, Result, Status};
use crate::journal::{fault, files};

/// What this process has open. Some systems grant a lock twice to the same process.
static OPEN_HERE: Mutex<BTreeSet<PathBuf>> = Mutex::new(BTreeSet::new());

/// The lock; dropping it gives it back.
pub(super) struct Lock {
    path: PathBuf,
    file: Option<File>,
}

impl Lock {
    /// Takes the lock of the state file, or says that it is taken. The lock file itself stays for ever: removing it
    /// would let two processes lock two files of the same name.
    pub(super) fn take(state_file: &Path) -> Result<Lock> {
        let path = files::beside(state_file, ".lock");
        let taken = |by: &str| Error::new(Status::StateLocked, format!("{by} uses {}", state_file.display()));
        if !OPEN_HERE.lock().unwrap_or_else(PoisonError::into_inner).insert(path.clone()) {
            return Err(taken("this process itself"));
        }
        // From here on, dropping it takes the path off the list again.
        let mut lock = Lock { path, file: None };
        let file = files::open_private(&lock.path).map_err(fault::file("opening", &lock.path))?;
        match file.try_lock() {
            Ok(()) => lock.file = Some(file),
            Err(TryLockError::WouldBlock) => return Err(taken("another process")),
            Err(TryLockError::Error(error)) => return Err(fault::file("locking", &lock.path)(error)),
        }
        Ok(lock)
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // First the file, so that nobody in this process finds the list free and the lock taken.
        self.file = None;
        OPEN_HERE.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.path);
    }
}
