//! Who owns the state file: an OS lock on a file beside it. It dies with its process, and no forked child keeps it.

use std::path::Path;
use std::time::{Duration, Instant};

use crate::error::{Error, Result, Status};
use crate::journal::store::fault;
use crate::journal::store::names::beside;
use crate::os::files::{self, Access};
use crate::os::lock::{FileLock, Taken};

/// A process that is just starting a child, or just ending, has a copy of the lock for a moment longer than its owner.
const COPIES_LAST: Duration = Duration::from_millis(250);
const LOOKED_AGAIN_AFTER: Duration = Duration::from_millis(5);

/// The lock; dropping it gives it back.
pub(super) struct Lock {
    _lock: FileLock,
}

impl Lock {
    /// Takes the lock of the state file, or says that it is taken. The lock file itself stays for ever: removing it
    /// would let two processes lock two files of the same name.
    pub(super) fn take(state_file: &Path, access: &Access) -> Result<Lock> {
        let path = beside(state_file, ".lock");
        let taken = |by: &str| Err(Error::new(Status::StateFileLocked, format!("{by} {}", state_file.display())));
        let since = Instant::now();
        let mut lock = FileLock::take(|| files::open_private(&path, access));
        while matches!(lock, Err(Taken::ByAnother)) && since.elapsed() < COPIES_LAST {
            std::thread::sleep(LOOKED_AGAIN_AFTER);
            lock = FileLock::take(|| files::open_private(&path, access));
        }
        match lock {
            Ok(lock) => Ok(Lock { _lock: lock }),
            Err(Taken::ByOurselves) => taken("this process itself uses"),
            Err(Taken::ByAnother) => taken("another process uses"),
            // SQLite, too, takes what was open before the fork for open.
            Err(Taken::BeforeTheFork) => {
                taken("a till that was opened before this process was forked must be freed here before it can open")
            }
            Err(Taken::Fault(error)) => Err(fault::file("locking", &path)(error)),
        }
    }
}
