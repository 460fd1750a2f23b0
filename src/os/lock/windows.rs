//! Locks of files, which Windows grants to an open file. What this process has locked stands in a table, because the system
//! does not say who it is that has the lock.

use std::fs::File;
use std::io;
use std::os::windows::io::AsRawHandle;
use std::sync::{Mutex, PoisonError};

use windows_sys::Win32::Storage::FileSystem::{BY_HANDLE_FILE_INFORMATION, GetFileInformationByHandle};

use crate::os::lock::taken::Taken;

/// Which file it is: the volume's number and the file's own, both parts.
type Identity = (u32, u32, u32);

/// What this process has locked.
static HELD: Mutex<Vec<Identity>> = Mutex::new(Vec::new());

/// The lock of a file; dropping it gives it back.
pub struct FileLock {
    identity: Identity,
    /// None only while it is dropped.
    file: Option<File>,
}

impl FileLock {
    /// Opens a file and takes its lock.
    pub fn take(open: impl FnOnce() -> io::Result<File>) -> Result<FileLock, Taken> {
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        let file = open().map_err(Taken::Fault)?;
        let identity = identity(&file).map_err(Taken::Fault)?;
        if held.contains(&identity) {
            return Err(Taken::ByOurselves);
        }
        file.try_lock()?;
        held.push(identity);
        Ok(FileLock { identity, file: Some(file) })
    }
}

impl Drop for FileLock {
    fn drop(&mut self) {
        // Both at once, so that nobody who opens it meanwhile is told that another process has it.
        let mut held = HELD.lock().unwrap_or_else(PoisonError::into_inner);
        self.file = None;
        held.retain(|identity| *identity != self.identity);
    }
}

fn identity(file: &File) -> io::Result<Identity> {
    let mut found = BY_HANDLE_FILE_INFORMATION::default();
    // SAFETY: the handle is that of an open file, and the structure is this function's.
    if unsafe { GetFileInformationByHandle(file.as_raw_handle(), &mut found) } == 0 {
        return Err(io::Error::last_os_error());
    }
    Ok((found.dwVolumeSerialNumber, found.nFileIndexHigh, found.nFileIndexLow))
}
