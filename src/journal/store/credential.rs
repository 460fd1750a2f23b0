//! A secret that the till logs in with. One of them, the device code, also says whose the file is.

use std::fmt;

use rusqlite::{Connection, OptionalExtension};

/// A secret text, and until when it is good for something. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The secret.
    pub value: String,
    /// When it expires: Unix time in milliseconds, UTC.
    pub expires_at: Option<i64>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// The name of the code of the device that the till was registered as.
pub(in crate::journal) const DEVICE_CODE: &str = "device_code";

/// The code of the device that the till was registered as, as it stands in the file.
pub(in crate::journal) fn device_code(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let query = "SELECT value FROM credentials WHERE name = ?1";
    connection.query_row(query, [DEVICE_CODE], |row| row.get(0)).optional()
}
