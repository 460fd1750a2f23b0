//! Whether something speaks against trusting a file that is too long to be gone through at each open: it was found in another
//! state than closing leaves it in. Until the whole has been gone through, `doubts` has a row, so that also a process that
//! lives for a second passes the doubt on.

use rusqlite::{Connection, OptionalExtension};

use crate::journal::store::chain::Link;
use crate::journal::store::walk::Walk;

/// The file has not been gone through since it was found in another state than closing leaves it in.
#[derive(Default)]
pub(super) struct Doubt {
    /// How far it has been gone through.
    pub(super) checked: Option<Link>,
}

/// What the file says of itself: whether there is a doubt, and whether that has turned out to be right.
pub(super) fn stored(connection: &Connection) -> rusqlite::Result<Option<bool>> {
    connection.query_row("SELECT is_damaged FROM doubts", [], |row| row.get(0)).optional()
}

/// What is doubted of a file that was opened, after this much of it has been gone through.
pub(super) fn of(connection: &Connection, walk: &Walk, was_closed: bool, stored: Option<bool>) -> Option<Doubt> {
    let is_doubted = !walk.is_whole && (!was_closed || stored.is_some());
    // On a full disk, what is new is known to this process alone.
    let _ = match (is_doubted, stored) {
        (true, None) => store(connection, false),
        (false, Some(_)) => settle(connection),
        (true, Some(_)) | (false, None) => Ok(()),
    };
    is_doubted.then(Doubt::default)
}

/// Stores a doubt.
pub(super) fn store(connection: &Connection, is_damaged: bool) -> rusqlite::Result<()> {
    connection.execute("REPLACE INTO doubts VALUES (1, ?1)", [is_damaged]).map(drop)
}

/// The whole has been gone through.
pub(super) fn settle(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute("DELETE FROM doubts", []).map(drop)
}
