//! Files as a state file wants them: readable by nobody who has no business with them, durable, and not given up because
//! another program has one of them open for a moment.

#[cfg(unix)]
mod unix;
#[cfg(windows)]
mod windows;

#[cfg(unix)]
use unix as system;
#[cfg(windows)]
use windows as system;

use std::borrow::Cow;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

/// A group of the machine's users: the name and what the system itself calls it.
pub use system::Group;

/// Who may read and write a file.
#[derive(Clone, PartialEq, Eq, Default, Debug)]
pub enum Access {
    /// Its owner alone.
    #[default]
    Owner,
    /// Its owner and this group.
    Group(Group),
}

/// Opens a file for reading and writing, or makes it, for nobody else.
pub fn open_private(path: &Path, access: &Access) -> io::Result<File> {
    system::open_private(path, access)
}

/// Makes a file that must not exist yet, for nobody else.
pub fn create_private(path: &Path, access: &Access) -> io::Result<File> {
    system::create_private(path, access)
}

/// Takes from everybody else what a restored backup may have given them.
pub fn make_private(path: &Path, access: &Access) -> io::Result<()> {
    system::make_private(path, access)
}

/// Opens a file for reading.
pub fn open_to_read(path: &Path) -> io::Result<File> {
    system::open_to_read(path)
}

/// Gives a file another name, and takes the place of the one that had it. [`sync_directory`] makes that durable.
pub fn rename(from: &Path, to: &Path) -> io::Result<()> {
    system::rename(from, to)
}

/// Removes a file; it is no fault if there is none.
pub fn remove(path: &Path) -> io::Result<()> {
    match system::remove(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether there is a file. A fault is not an absence.
pub fn exists(path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Makes durable what was written to a file by another handle than one's own.
pub fn sync(path: &Path) -> io::Result<()> {
    // Windows syncs only what was opened for writing.
    system::open_to_write(path)?.sync_all()
}

/// Makes durable that files have come, gone or changed their names in the directory of `path`.
pub fn sync_directory(path: &Path) -> io::Result<()> {
    system::sync_directory(path)
}

/// The file or folder behind all links, which must be there, as people write it.
pub fn real(path: &Path) -> io::Result<PathBuf> {
    system::real(path)
}

/// The path for a program that opens it by the plainest of the system's calls, as SQLite does, however long it is.
pub fn in_full(path: &Path) -> Cow<'_, Path> {
    system::in_full(path)
}
