//! Room on the disk for the response, acquired before start: a full disk must refuse a payment before the customer has
//! paid, not after.
//!
//! A file of bytes that mean nothing. When a result finds the disk full, the file is emptied and the result written into
//! its room: once into SQLite's log, once from there into the database. Emptied and not removed: on Windows a file that a
//! virus scanner or a backup has open keeps its room until they let go.

use std::io::Write;
use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::journal::store::names;
use crate::os::files::{self, Access};

/// The largest response that room is kept for.
pub const RESPONSE_ROOM_BYTES: usize = 1 << 20;
/// The log and the database each take the response, and each needs something around it.
const RESERVE_BYTES: usize = 3 * RESPONSE_ROOM_BYTES;
/// What is written at a time.
const BLOCK_BYTES: usize = 1 << 16;

/// The reserve file.
pub(super) struct Reserve {
    path: PathBuf,
    access: Access,
}

impl Reserve {
    /// The reserve of a state file; nothing is written yet.
    pub(super) fn new(path: PathBuf, access: Access) -> Reserve {
        Reserve { path, access }
    }

    /// Makes sure that the room is there. Costs one look at the file, except the first time and after a release.
    pub(super) fn acquire(&self) -> io::Result<()> {
        if fs::metadata(&self.path).is_ok_and(|found| found.len() == RESERVE_BYTES as u64) {
            return Ok(());
        }
        // Its length is its mark of completeness, so it gets its name only when it is whole.
        let unfinished = names::beside(&self.path, ".new");
        files::remove(&unfinished)?;
        let acquired = fill(&unfinished, &self.access).and_then(|()| files::rename(&unfinished, &self.path));
        if acquired.is_err() {
            // What is half taken would only make a full disk fuller.
            files::remove(&unfinished)?;
        }
        acquired
    }

    /// Gives the room back to the disk.
    pub(super) fn release(&self) -> io::Result<()> {
        files::open_private(&self.path, &self.access)?.set_len(0)
    }
}

/// Written and synced, because a length alone takes no room; and nothing that a compressed folder of Windows could make
/// smaller: its compression looks back four kilobytes, and the block has sixteen times as many without a pattern.
fn fill(path: &Path, access: &Access) -> io::Result<()> {
    let mut file = files::create_private(path, access)?;
    let block = without_a_pattern();
    for _ in 0..RESERVE_BYTES / BLOCK_BYTES {
        file.write_all(&block)?;
    }
    file.sync_all()
}

/// By a generator of Lehmer's.
fn without_a_pattern() -> Vec<u8> {
    let mut word = 1_u128;
    let words = std::iter::repeat_with(|| {
        word = word.wrapping_mul(0x2360_ed05_1fc6_5da4_4385_df64_9fcc_f645);
        ((word >> 64) as u64).to_le_bytes()
    });
    words.take(BLOCK_BYTES / size_of::<u64>()).flatten().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_four_bytes_come_twice_where_a_compression_would_look() {
        let block = without_a_pattern();
        assert_eq!((block.len(), RESERVE_BYTES % BLOCK_BYTES), (BLOCK_BYTES, 0));
        for window in block.chunks(4096) {
            let fours: std::collections::BTreeSet<&[u8]> = window.windows(4).collect();
            assert!(fours.len() > 4085, "{}", fours.len());
        }
    }
}
