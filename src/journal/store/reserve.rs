//! Room on the disk for the response, acquired before start: a full disk must refuse a payment before the customer has
//! paid, not after.
//!
//! A file of bytes that mean nothing. When a result finds the disk full, the file is removed and the result written into
//! its room: once into SQLite's log, once from there into the database.

use std::io::Write;
use std::path::PathBuf;
use std::{fs, io};

use crate::journal::store::files;

/// The largest response that room is kept for.
pub const RESPONSE_ROOM_BYTES: usize = 1 << 20;
/// The log and the database each take the response, and each needs something around it.
const RESERVE_BYTES: usize = 3 * RESPONSE_ROOM_BYTES;

/// The reserve file.
pub(super) struct Reserve {
    path: PathBuf,
}

impl Reserve {
    /// The reserve of a state file; nothing is written yet.
    pub(super) fn new(path: PathBuf) -> Reserve {
        Reserve { path }
    }

    /// Makes sure that the room is there. Costs one look at the file, except the first time and after a release.
    pub(super) fn acquire(&self) -> io::Result<()> {
        if fs::metadata(&self.path).is_ok_and(|found| found.len() == RESERVE_BYTES as u64) {
            return Ok(());
        }
        // Its length is its mark of completeness, so it gets its name only when it is whole.
        let unfinished = files::beside(&self.path, ".new");
        files::remove(&unfinished)?;
        let acquired = fill(&unfinished).and_then(|()| fs::rename(&unfinished, &self.path));
        if acquired.is_err() {
            // What is half taken would only make a full disk fuller.
            files::remove(&unfinished)?;
        }
        acquired
    }

    /// Gives the room back to the disk.
    pub(super) fn release(&self) -> io::Result<()> {
        files::remove(&self.path)
    }
}

/// Written and synced, because a length alone takes no room.
fn fill(path: &std::path::Path) -> io::Result<()> {
    let mut file = files::create_private(path)?;
    let block = [0xA5; 1 << 16];
    for _ in 0..RESERVE_BYTES / block.len() {
        file.write_all(&block)?;
    }
    file.sync_all()
}
