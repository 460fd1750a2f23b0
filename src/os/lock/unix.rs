//! Locks of files that a forked child does not keep. Such a lock belongs to the open file and lasts until its last descriptor is
//! closed; a child has a copy of every descriptor, so one that lives on would keep its parent's files locked.
//!
//! So the descriptors stand in a table, and a fork lets go of them in the child: another file, in which nothing is locked,
//! takes their numbers. Whoever closes them later closes nothing that matters.

use std::fs::File;
use std::io;
use std::os::fd::AsRawFd;
use std::os::unix::fs::MetadataExt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, AtomicI32, AtomicU32, AtomicU64, Ordering};

use crate::os::lock::taken::Taken;

/// So many may be held at a time.
const SLOTS: usize = 256;
/// In place of a descriptor: the slot is free.
const FREE: i32 = -1;

/// Of one lock. Only looked at and changed by whoever has entered, so that the order of memory is that gate's.
struct Slot {
    descriptor: AtomicI32,
    device: AtomicU64,
    inode: AtomicU64,
    /// How many forks lie behind the process that has taken it.
    generation: AtomicU32,
}

static TABLE: [Slot; SLOTS] = [const {
    Slot {
        descriptor: AtomicI32::new(FREE),
        device: AtomicU64::new(0),
        inode: AtomicU64::new(0),
        generation: AtomicU32::new(0),
    }
}; SLOTS];

/// How many forks lie behind this process. Its number may have been another's before.
static GENERATION: AtomicU32 = AtomicU32::new(0);

/// The lock of a file; dropping it gives it back. A forked child has none of it.
pub struct FileLock {
    slot: &'static Slot,
    /// None only while it is dropped.
    file: Option<File>,
}

impl FileLock {
    /// Opens a file and takes its lock.
    pub fn take(open: impl FnOnce() -> io::Result<File>) -> Result<FileLock, Taken> {
        heed_forks().map_err(Taken::Fault)?;
        let _inside = Gate::enter();
        let file = open().map_err(Taken::Fault)?;
        let found = file.metadata().map_err(Taken::Fault)?;
        let key = (found.dev(), found.ino());
        let key_of = |slot: &Slot| (get(&slot.device), get(&slot.inode));
        let is_free = |slot: &Slot| slot.descriptor.load(Ordering::Relaxed) == FREE;
        let holders = || TABLE.iter().filter(|slot| !is_free(slot) && key_of(slot) == key);
        let generation = GENERATION.load(Ordering::Relaxed);
        if holders().any(|slot| slot.generation.load(Ordering::Relaxed) == generation) {
            return Err(Taken::ByOurselves);
        }
        file.try_lock()?;
        if holders().next().is_some() {
            return Err(Taken::BeforeTheFork);
        }
        let full = || Taken::Fault(io::Error::other(format!("this process holds {SLOTS} locks already")));
        let slot = TABLE.iter().find(|slot| is_free(slot)).ok_or_else(full)?;
        slot.device.store(key.0, Ordering::Relaxed);
        slot.inode.store(key.1, Ordering::Relaxed);
        slot.generation.store(generation, Ordering::Relaxed);
        slot.descriptor.store(file.as_raw_fd(), Ordering::Relaxed);
        Ok(FileLock { slot, file: Some(file) })
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Both at once: a fork between them would leave a copy that is not known, or take a number that is somebody else's.
        let _inside = Gate::enter();
        self.file = None;
        self.slot.descriptor.store(FREE, Ordering::Relaxed);
    }
}

fn get(number: &AtomicU64) -> u64 {
    number.load(Ordering::Relaxed)
}

/// Nobody forks while somebody is inside. It is no lock of the system's: what happens in a fork may use nothing that a
/// signal handler may not.
struct Gate;

static IS_TAKEN: AtomicBool = AtomicBool::new(false);

impl Gate {
    fn enter() -> Gate {
        enter();
        Gate
    }
}

impl Drop for Gate {
    fn drop(&mut self) {
        leave();
    }
}

extern "C" fn enter() {
    while IS_TAKEN.swap(true, Ordering::Acquire) {
        std::thread::yield_now();
    }
}

extern "C" fn leave() {
    IS_TAKEN.store(false, Ordering::Release);
}

/// From now on each fork lets go of what stands in the table.
fn heed_forks() -> io::Result<()> {
    static HEEDED: OnceLock<i32> = OnceLock::new();
    // SAFETY: the functions live as long as the process: the library is never unloaded (`-z nodelete`).
    let failed = *HEEDED.get_or_init(|| unsafe { libc::pthread_atfork(Some(enter), Some(leave), Some(let_go)) });
    if failed == 0 { Ok(()) } else { Err(io::Error::from_raw_os_error(failed)) }
}

/// In the child. Only what is async-signal-safe: atomics, and system calls.
extern "C" fn let_go() {
    GENERATION.fetch_add(1, Ordering::Relaxed);
    let mut pipe = [FREE; 2];
    // SAFETY: the array has room for two descriptors. Each descriptor of the table is open, because nobody was inside when
    // this process was forked, and belongs to a `FileLock`, which goes on to own whatever has its number.
    unsafe {
        if libc::pipe(pipe.as_mut_ptr()) == 0 {
            for slot in &TABLE {
                let descriptor = slot.descriptor.load(Ordering::Relaxed);
                if descriptor != FREE && libc::dup2(pipe[0], descriptor) == descriptor {
                    libc::fcntl(descriptor, libc::F_SETFD, libc::FD_CLOEXEC);
                }
            }
            libc::close(pipe[0]);
            libc::close(pipe[1]);
        }
    }
    leave();
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::FileTypeExt;
    use std::path::{Path, PathBuf};

    use super::*;

    fn path(name: &str) -> PathBuf {
        std::env::temp_dir().join(format!("secupos-fork-{}-{name}", std::process::id()))
    }

    fn take(path: &Path) -> Result<FileLock, Taken> {
        FileLock::take(|| File::create(path))
    }

    /// Does this in a forked child, where it must come true.
    fn in_a_child(comes_true: impl FnOnce() -> bool) {
        // SAFETY: the child opens and closes files, and ends without running anything else of its parent's.
        let child = unsafe { libc::fork() };
        if child == 0 {
            let status = i32::from(!comes_true());
            // SAFETY: it returns nowhere.
            unsafe { libc::_exit(status) };
        }
        let mut status = 0;
        // SAFETY: the status is this function's.
        let waited = unsafe { libc::waitpid(child, &mut status, 0) };
        assert_eq!((waited, status), (child, 0));
    }

    #[test]
    fn a_child_has_another_file_in_its_place_and_the_parent_keeps_its_lock() {
        let path = path("kept");
        let mut lock = Some(take(&path).expect("taken"));
        let is_a_pipe = |lock: &Option<FileLock>| {
            let found = lock.as_ref().and_then(|lock| lock.file.as_ref()?.metadata().ok());
            found.is_some_and(|found| found.file_type().is_fifo())
        };
        assert!(!is_a_pipe(&lock));
        in_a_child(|| {
            let has_another = is_a_pipe(&lock) && matches!(take(&path), Err(Taken::ByAnother));
            // What it frees is nothing of the parent's.
            lock = None;
            has_another && matches!(take(&path), Err(Taken::ByAnother))
        });
        assert!(matches!(take(&path), Err(Taken::ByOurselves)));
        drop(lock);
        drop(take(&path).expect("taken again"));
        std::fs::remove_file(path).expect("removed");
    }

    #[test]
    fn a_slot_is_used_again() {
        let path = path("again");
        for _ in 0..2 * SLOTS {
            drop(take(&path).expect("taken"));
        }
        std::fs::remove_file(path).expect("removed");
    }
}
