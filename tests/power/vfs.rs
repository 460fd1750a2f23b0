//! The VFS that stands between SQLite and the unix VFS, and the only `unsafe` of these tests. It decides nothing: before
//! each call it asks the [`Disk`] of that directory, and after each it tells it what was done.
//!
//! Registered as the default, so that the journal opens its file through it without knowing.
#![allow(unsafe_code, reason = "SQLite's VFS is an interface of C")]

use std::ffi::{CStr, c_char, c_int, c_void};
use std::path::Path;
use std::sync::{Arc, Once};

use rusqlite::ffi::*;

use crate::disk::{self, Call, Disk, Node};

/// Puts the VFS in front of all others, once.
pub fn install() {
    static ONCE: Once = Once::new();
    // SAFETY: the unix VFS lives as long as the process, and so do the leaked copy of it and its name.
    ONCE.call_once(|| unsafe {
        let unix = sqlite3_vfs_find(std::ptr::null());
        let size = size_of::<Shadow>() as c_int + (*unix).szOsFile;
        let vfs = sqlite3_vfs {
            szOsFile: size,
            zName: c"power".as_ptr(),
            pNext: std::ptr::null_mut(),
            // Where the unix VFS is found again; it is called with itself only.
            pAppData: unix.cast(),
            xOpen: Some(open),
            xDelete: Some(delete),
            xAccess: Some(access),
            ..*unix
        };
        assert_eq!(sqlite3_vfs_register(Box::leak(Box::new(vfs)), 1), SQLITE_OK);
    });
}

/// SIGKILL: nothing is closed, nothing is flushed.
pub fn kill_this_process() -> ! {
    // SAFETY: a signal to this very process, which does not outlive it.
    unsafe { libc::kill(libc::getpid(), libc::SIGKILL) };
    unreachable!("the process has been killed")
}

/// An open file: this, and right behind it the unix VFS's own.
#[repr(C)]
struct Shadow {
    base: sqlite3_file,
    /// Which file of which disk; null where no disk is modelled.
    node: *mut Node,
}

unsafe fn unix(vfs: *mut sqlite3_vfs) -> *mut sqlite3_vfs {
    unsafe { (*vfs).pAppData.cast() }
}

unsafe fn real(file: *mut sqlite3_file) -> *mut sqlite3_file {
    unsafe { file.cast::<Shadow>().add(1).cast() }
}

unsafe fn node<'a>(file: *mut sqlite3_file) -> Option<&'a Node> {
    unsafe { (*file.cast::<Shadow>()).node.as_ref() }
}

/// Calls a method of the unix VFS's file.
macro_rules! real {
    ($file:ident, $method:ident $(, $argument:expr)*) => {{
        let real = real($file);
        (*(*real).pMethods).$method.expect("the unix VFS has all methods")(real $(, $argument)*)
    }};
}

/// A method that is only passed on.
macro_rules! pass_on {
    ($($name:ident: $method:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {$(
        unsafe extern "C" fn $name(file: *mut sqlite3_file $(, $argument: $type)*) $(-> $result)? {
            unsafe { real!(file, $method $(, $argument)*) }
        }
    )*};
}

pass_on! {
    lock: xLock(level: c_int) -> c_int;
    unlock: xUnlock(level: c_int) -> c_int;
    check_lock: xCheckReservedLock(out: *mut c_int) -> c_int;
    control: xFileControl(what: c_int, argument: *mut c_void) -> c_int;
    sector_size: xSectorSize() -> c_int;
    characteristics: xDeviceCharacteristics() -> c_int;
    shm_map: xShmMap(page: c_int, size: c_int, extend: c_int, out: *mut *mut c_void) -> c_int;
    shm_lock: xShmLock(offset: c_int, n: c_int, flags: c_int) -> c_int;
    shm_barrier: xShmBarrier();
    shm_unmap: xShmUnmap(delete: c_int) -> c_int;
}

static METHODS: sqlite3_io_methods = sqlite3_io_methods {
    // Without xFetch: nothing is mapped into memory, every byte goes through here.
    iVersion: 2,
    xClose: Some(close),
    xRead: Some(read),
    xWrite: Some(write),
    xTruncate: Some(truncate),
    xSync: Some(sync),
    xFileSize: Some(file_size),
    xLock: Some(lock),
    xUnlock: Some(unlock),
    xCheckReservedLock: Some(check_lock),
    xFileControl: Some(control),
    xSectorSize: Some(sector_size),
    xDeviceCharacteristics: Some(characteristics),
    xShmMap: Some(shm_map),
    xShmLock: Some(shm_lock),
    xShmBarrier: Some(shm_barrier),
    xShmUnmap: Some(shm_unmap),
    xFetch: None,
    xUnfetch: None,
};

/// The path that SQLite names.
unsafe fn path<'a>(name: *const c_char) -> Option<&'a Path> {
    if name.is_null() {
        return None;
    }
    unsafe { CStr::from_ptr(name) }.to_str().ok().map(Path::new)
}

/// Asks the disk of this path, does the call, and tells the disk about it.
fn on_path(
    path: Option<&Path>,
    call: Call,
    done: impl FnOnce() -> c_int,
    tell: impl FnOnce(&mut Disk, &Path),
) -> c_int {
    let Some((path, disk)) = path.and_then(|path| Some((path, disk::of(path)?))) else { return done() };
    around(&disk, call, done, |disk| tell(disk, path))
}

fn around(disk: &Arc<disk::Shared>, call: Call, done: impl FnOnce() -> c_int, tell: impl FnOnce(&mut Disk)) -> c_int {
    let mut disk = disk.lock();
    if let Some(fault) = disk.before(call) {
        return fault;
    }
    let said = done();
    if said == SQLITE_OK {
        tell(&mut disk);
        disk.after();
    }
    said
}

/// The same for an open file.
unsafe fn on_file(
    file: *mut sqlite3_file,
    call: Call,
    done: impl FnOnce() -> c_int,
    tell: impl FnOnce(&mut Disk, u64),
) -> c_int {
    match unsafe { node(file) } {
        Some(node) => around(&node.disk, call, done, |disk| tell(disk, node.inode)),
        None => done(),
    }
}

unsafe extern "C" fn open(
    vfs: *mut sqlite3_vfs,
    name: sqlite3_filename,
    file: *mut sqlite3_file,
    flags: c_int,
    out: *mut c_int,
) -> c_int {
    // SAFETY: SQLite has made room for szOsFile bytes and passes valid or null pointers, here and in all that follows.
    unsafe {
        (*file).pMethods = std::ptr::null();
        let unix = unix(vfs);
        let open = (*unix).xOpen.expect("the unix VFS opens");
        let mut opened = None;
        let known = path(name);
        let was_there = known.is_some_and(Path::exists);
        let said = on_path(
            known,
            Call::Open,
            || open(unix, name, real(file), flags, out),
            |disk, path| opened = Some(disk.opened(path, !was_there)),
        );
        if said == SQLITE_OK {
            let node = opened.map_or(std::ptr::null_mut(), |node| Box::into_raw(Box::new(node)));
            file.cast::<Shadow>().write(Shadow { base: sqlite3_file { pMethods: &METHODS }, node });
        }
        said
    }
}

unsafe extern "C" fn delete(vfs: *mut sqlite3_vfs, name: *const c_char, and_sync: c_int) -> c_int {
    unsafe {
        let unix = unix(vfs);
        let delete = (*unix).xDelete.expect("the unix VFS deletes");
        let known = path(name);
        let inode = known.and_then(disk::inode_of);
        let gone = |disk: &mut Disk, path: &Path| disk.deleted(path, inode, and_sync != 0);
        on_path(known, Call::Delete, || delete(unix, name, 0), gone)
    }
}

unsafe extern "C" fn access(vfs: *mut sqlite3_vfs, name: *const c_char, flags: c_int, out: *mut c_int) -> c_int {
    unsafe {
        let unix = unix(vfs);
        let access = (*unix).xAccess.expect("the unix VFS looks");
        on_path(path(name), Call::Look, || access(unix, name, flags, out), |_, _| ())
    }
}

unsafe extern "C" fn close(file: *mut sqlite3_file) -> c_int {
    unsafe {
        let node = (*file.cast::<Shadow>()).node;
        if !node.is_null() {
            drop(Box::from_raw(node));
        }
        real!(file, xClose)
    }
}

unsafe extern "C" fn read(file: *mut sqlite3_file, into: *mut c_void, length: c_int, at: i64) -> c_int {
    unsafe { on_file(file, Call::Read, || real!(file, xRead, into, length, at), |_, _| ()) }
}

unsafe extern "C" fn write(file: *mut sqlite3_file, data: *const c_void, length: c_int, at: i64) -> c_int {
    unsafe {
        let bytes = std::slice::from_raw_parts(data.cast::<u8>(), length as usize);
        let tell = |disk: &mut Disk, inode| disk.written(inode, at as usize, bytes);
        on_file(file, Call::Write, || real!(file, xWrite, data, length, at), tell)
    }
}

unsafe extern "C" fn truncate(file: *mut sqlite3_file, length: i64) -> c_int {
    unsafe {
        let tell = |disk: &mut Disk, inode| disk.truncated(inode, length as usize);
        on_file(file, Call::Truncate, || real!(file, xTruncate, length), tell)
    }
}

unsafe extern "C" fn sync(file: *mut sqlite3_file, flags: c_int) -> c_int {
    unsafe {
        match node(file) {
            // The power only ever fails in the model, so the real disk need not be waited for.
            Some(node) => around(&node.disk, Call::Sync(node.inode), || SQLITE_OK, |disk| disk.synced(node.inode)),
            None => real!(file, xSync, flags),
        }
    }
}

unsafe extern "C" fn file_size(file: *mut sqlite3_file, out: *mut i64) -> c_int {
    unsafe { on_file(file, Call::Look, || real!(file, xFileSize, out), |_, _| ()) }
}
