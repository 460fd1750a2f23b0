//! The head file: the number and hash of the last event, beside the database. A database that does not know its head
//! has lost something, be it by a restored backup, a copied file or a disk that lies.
//!
//! Two slots, written in place: a torn write spoils one of them, and the other still names an event before. In place, because
//! that needs no room on a full disk and one sync instead of two. Not every write is synced, see `Kind::may_be_asked_again`: what
//! is not goes into the slot that does not hold what was synced last.

use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::Path;

use crate::journal::store::chain::Link;
use crate::journal::store::hash;
use crate::os::files::{self, Access};

/// Each slot has a page of its own, so that no disk tears both.
const SLOT_BYTES: usize = 4096;
const SLOT_MARK: &str = "secupos-head-1";

/// The open head file.
pub(super) struct Head {
    file: File,
    /// The slot that holds what was synced last: it is written only when the other one has been synced.
    synced: usize,
}

impl Head {
    /// Opens the head file, or makes an empty one.
    pub(super) fn open(path: &Path, access: &Access) -> io::Result<Head> {
        Ok(Head { file: files::open_private(path, access)?, synced: 0 })
    }

    /// The newer of the two slots; none if neither can be read.
    pub(super) fn read(&mut self) -> io::Result<Option<Link>> {
        let mut content = Vec::new();
        self.file.seek(SeekFrom::Start(0))?;
        (&self.file).take(2 * SLOT_BYTES as u64).read_to_end(&mut content)?;
        let slots = content.chunks(SLOT_BYTES).enumerate();
        let links = slots.filter_map(|(slot, content)| Some((slot, read_slot(content)?)));
        let newest = links.max_by_key(|(_, link)| link.sequence);
        self.synced = newest.as_ref().map_or(0, |(slot, _)| *slot);
        Ok(newest.map(|(_, link)| link))
    }

    /// Writes the link into the slot that does not hold what was synced last. When this returns, it is durable.
    pub(super) fn write(&mut self, link: &Link) -> io::Result<()> {
        self.note(link)?;
        self.file.sync_data()?;
        self.synced = self.other_slot();
        Ok(())
    }

    /// The same without waiting for the disk.
    pub(super) fn note(&mut self, link: &Link) -> io::Result<()> {
        let mut slot = line(link).into_bytes();
        slot.resize(SLOT_BYTES, b' ');
        self.file.seek(SeekFrom::Start((self.other_slot() * SLOT_BYTES) as u64))?;
        self.file.write_all(&slot)
    }

    fn other_slot(&self) -> usize {
        1 - self.synced
    }
}

/// One line of text, with a checksum at its end.
fn line(link: &Link) -> String {
    let content = format!("{SLOT_MARK} {} {}", link.sequence, hash::to_hex(&link.hash));
    let checksum = hash::to_hex(&hash::of(content.as_bytes()));
    format!("{content} {checksum}\n")
}

fn read_slot(slot: &[u8]) -> Option<Link> {
    let text = std::str::from_utf8(slot).ok()?;
    let mut words = text.split_ascii_whitespace();
    let (_mark, sequence, hash) = (words.next()?, words.next()?.parse().ok()?, hash::from_hex(words.next()?)?);
    let link = Link { sequence, hash, ..Link::default() };
    text.starts_with(&line(&link)).then_some(link)
}
