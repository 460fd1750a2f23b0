//! The files beside the state file: their names, who may read them, and how they become durable.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
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

/// Opens a file for reading and writing, or makes it, readable by its owner alone.
pub(super) fn open_private(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().read(true).write(true).create(true).truncate(false)).open(path)
}

/// Makes a file that must not exist yet, readable by its owner alone.
pub(in crate::journal) fn create_private(path: &Path) -> io::Result<File> {
    private(OpenOptions::new().read(true).write(true).create_new(true)).open(path)
}

#[cfg(unix)]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    std::os::unix::fs::OpenOptionsExt::mode(options, 0o600)
}

#[cfg(not(unix))]
fn private(options: &mut OpenOptions) -> &mut OpenOptions {
    options
}

/// Takes from everybody else what a restored backup may have given them.
#[cfg(unix)]
pub(super) fn make_private(path: &Path) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(path, fs::Permissions::from_mode(0o600))
}

#[cfg(not(unix))]
pub(super) fn make_private(_path: &Path) -> io::Result<()> {
    Ok(())
}

/// Removes a file; it is no fault if there is none.
pub(in crate::journal) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(()),
        other => other,
    }
}

/// Whether there is a file. A fault is not an absence.
pub(super) fn exists(path: &Path) -> io::Result<bool> {
    path.try_exists()
}

/// Makes durable that files have come, gone or changed their names in the directory of `path`.
pub(in crate::journal) fn sync_directory(path: &Path) -> io::Result<()> {
    // Other systems keep the directory durable by themselves, or offer no way to ask for it.
    if cfg!(unix) { File::open(path.parent().unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}
