//! What stands in a till's state file, seen from outside: in a copy, so that nothing is changed.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, OpenFlags};

/// An attempt's name.
pub type Name = (String, i32);

/// The attempts of these references and all that are in doubt, each with its state. The till must not be running.
pub fn states(directory: &Path, reference: &str) -> rusqlite::Result<BTreeMap<Name, String>> {
    let copy = |suffix: &str| {
        let (from, to) = (directory.join(format!("state.db{suffix}")), directory.join(format!("look.db{suffix}")));
        // What is not there, as before the first start, is not copied.
        let _ = fs::remove_file(&to);
        let _ = fs::copy(&from, &to);
        to
    };
    let file: PathBuf = copy("");
    copy("-wal");
    let _ = fs::remove_file(directory.join("look.db-shm"));
    if !file.exists() {
        return Ok(BTreeMap::new());
    }
    let connection = Connection::open_with_flags(&file, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    let sql = "SELECT reference, attempt, state FROM attempts WHERE state = 'starting' OR reference = ?1";
    let mut query = connection.prepare(sql)?;
    let rows = query.query_map([reference], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    rows.collect()
}

/// The head file as it is at this moment: it changes with each event that became durable.
pub fn head(directory: &Path) -> Vec<u8> {
    fs::read(directory.join("state.db.head")).unwrap_or_default()
}
