//! What a fault of SQLite or of the file system means for the till.

use std::io;
use std::path::Path;

use rusqlite::ErrorCode;

use crate::error::{Error, Status};

/// A fault of SQLite while `doing` something.
pub(in crate::journal) fn sqlite(doing: &str) -> impl Fn(rusqlite::Error) -> Error {
    move |fault| {
        let status = if is_damage(&fault) { Status::StateFileDamaged } else { Status::JournalFailed };
        Error::new(status, format!("{doing}: {fault}"))
    }
}

/// A fault of the file system while `doing` something with `path`.
pub(in crate::journal) fn file(doing: &'static str, path: &Path) -> impl Fn(io::Error) -> Error {
    move |fault| Error::new(Status::JournalFailed, format!("{doing} {}: {fault}", path.display()))
}

/// The state file is damaged.
pub(in crate::journal) fn damaged(fault: impl Into<String>) -> Error {
    Error::new(Status::StateFileDamaged, fault)
}

/// Whether the content of the file is at fault and not the disk. Our statements never change: one that no longer fits
/// the file, or a value of another type, means that the file is no longer ours as we wrote it.
pub(super) fn is_damage(fault: &rusqlite::Error) -> bool {
    use rusqlite::Error as Fault;
    match fault {
        Fault::SqliteFailure(code, _) | Fault::SqlInputError { error: code, .. } => matches!(
            code.code,
            ErrorCode::DatabaseCorrupt
                | ErrorCode::NotADatabase
                | ErrorCode::Unknown
                | ErrorCode::ConstraintViolation
                | ErrorCode::TypeMismatch
        ),
        _ => true,
    }
}

/// Whether the disk is at fault for certain, whatever the content. A file that ends too early is not the disk's fault.
pub(super) fn is_of_the_disk(fault: &rusqlite::Error) -> bool {
    match fault.sqlite_error() {
        Some(code) if code.extended_code == rusqlite::ffi::SQLITE_IOERR_SHORT_READ => false,
        Some(code) => matches!(code.code, ErrorCode::SystemIoFailure | ErrorCode::CannotOpen | ErrorCode::DiskFull),
        None => false,
    }
}

/// Whether there was no room left, so that releasing the reserve helps.
pub(super) fn is_full(fault: &rusqlite::Error) -> bool {
    fault.sqlite_error_code() == Some(ErrorCode::DiskFull)
}

/// Whether somebody else holds SQLite's own lock on the file.
pub(super) fn is_locked(fault: &rusqlite::Error) -> bool {
    matches!(fault.sqlite_error_code(), Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked))
}
