//! The files of an exported day. They are private, whole or not there at all, and never replace another content.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::error::{Error, Result};
use crate::journal::store::{fault, hash, names};
use crate::os::files::{self, Access};

/// The two files of a day.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct DayFiles {
    /// One payment a line, and the checksums in the last one.
    pub(crate) lines: PathBuf,
    /// The receipts, as printed.
    pub(crate) receipts: PathBuf,
    /// Whether the same was there before.
    pub(crate) was_there: bool,
}

/// Puts a day into the folder. Where another content has its names already, as after an export of a day that was not
/// over, it gets the next number.
///
/// The receipts come first: where the lines are, and their checksums fit, the day is whole.
pub(crate) fn put(folder: &Path, date: &str, lines: &[u8], receipts: &[u8]) -> Result<DayFiles> {
    if !folder.is_dir() {
        return Err(Error::argument("folder", format_args!("is no folder: {}", folder.display())));
    }
    write(folder, date, lines, receipts).map_err(fault::file("exporting into", folder))
}

/// The SHA-256 of a file's content, in hex.
pub(crate) fn checksum(content: &[u8]) -> String {
    hash::to_hex(&hash::of(content))
}

fn write(folder: &Path, date: &str, lines: &[u8], receipts: &[u8]) -> io::Result<DayFiles> {
    for number in 1.. {
        let name = if number == 1 { format!("secupos-{date}") } else { format!("secupos-{date}-{number}") };
        let lines_file = folder.join(format!("{name}.jsonl"));
        let receipts_file = folder.join(format!("{name}.txt"));
        let (has_lines, has_receipts) = (holds(&lines_file, lines)?, holds(&receipts_file, receipts)?);
        if has_lines == Some(false) || has_receipts == Some(false) {
            continue;
        }
        for (file, content, has) in [(&receipts_file, receipts, has_receipts), (&lines_file, lines, has_lines)] {
            if has.is_none() {
                put_whole(file, content)?;
            }
        }
        let was_there = (has_lines, has_receipts) == (Some(true), Some(true));
        return Ok(DayFiles { lines: lines_file, receipts: receipts_file, was_there });
    }
    Err(io::Error::other("no number is left for the day"))
}

/// Whether the file holds this content; none if there is no file.
fn holds(file: &Path, content: &[u8]) -> io::Result<Option<bool>> {
    match fs::symlink_metadata(file) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(fault) => Err(fault),
        Ok(found) if !found.is_file() || found.len() != content.len() as u64 => Ok(Some(false)),
        Ok(_) => Ok(Some(fs::read(file)? == content)),
    }
}

/// Written under another name, synced, and only then given its own.
fn put_whole(path: &Path, content: &[u8]) -> io::Result<()> {
    let unfinished = names::beside(path, ".new");
    files::remove(&unfinished)?;
    let written = files::create_private(&unfinished, &Access::Owner).and_then(|mut file: File| {
        file.write_all(content)?;
        file.sync_all()
    });
    let named = written.and_then(|()| files::rename(&unfinished, path));
    if named.is_err() {
        // What is half written would only make a full disk fuller.
        files::remove(&unfinished)?;
    }
    named.and_then(|()| files::sync_directory(path))
}
