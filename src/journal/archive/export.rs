//! The files of an exported day. They are private, whole or not there at all, and never replace another content.

use std::fs::{self, File};
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use ring::digest::{Context, SHA256};

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

/// A day that is being written, under names that nobody reads.
pub(crate) struct DayWriter {
    folder: PathBuf,
    date: String,
    lines: Unfinished,
    receipts: Unfinished,
}

impl DayWriter {
    /// Begins a day in that folder.
    pub(crate) fn new(folder: &Path, date: &str) -> Result<DayWriter> {
        if !folder.is_dir() {
            return Err(Error::argument("folder", format_args!("is no folder: {}", folder.display())));
        }
        let begin = |ending| Unfinished::new(&folder.join(format!("secupos-{date}.{ending}")));
        let begun = begin("jsonl").and_then(|lines| Ok((lines, begin("txt")?)));
        let (lines, receipts) = begun.map_err(fault::file("exporting into", folder))?;
        Ok(DayWriter { folder: folder.to_owned(), date: date.to_owned(), lines, receipts })
    }

    /// A payment, with its receipts as printed.
    pub(crate) fn write(&mut self, line: &str, receipts: &str) -> Result<()> {
        let written = self.lines.write(line).and_then(|()| self.lines.write("\n"));
        written.and_then(|()| self.receipts.write(receipts)).map_err(fault::file("exporting into", &self.folder))
    }

    /// The SHA-256 of the lines until now, and that of the receipts, in hex.
    pub(crate) fn checksums(&self) -> (String, String) {
        (self.lines.checksum(), self.receipts.checksum())
    }

    /// Gives the two files their names. Where another content has these already, as after an export of a day that was not
    /// over, they get the next number.
    ///
    /// The receipts come first: where the lines are, and their checksums fit, the day is whole.
    pub(crate) fn put(mut self) -> Result<DayFiles> {
        self.put_numbered().map_err(fault::file("exporting into", &self.folder))
    }

    fn put_numbered(&mut self) -> io::Result<DayFiles> {
        self.lines.sync()?;
        self.receipts.sync()?;
        for number in 1.. {
            let DayWriter { folder, date, .. } = &*self;
            let name = if number == 1 { format!("secupos-{date}") } else { format!("secupos-{date}-{number}") };
            let (lines, receipts) = (folder.join(format!("{name}.jsonl")), folder.join(format!("{name}.txt")));
            let (has_lines, has_receipts) = (self.lines.is_in(&lines)?, self.receipts.is_in(&receipts)?);
            if has_lines == Some(false) || has_receipts == Some(false) {
                continue;
            }
            if has_receipts.is_none() {
                self.receipts.put(&receipts)?;
            }
            if has_lines.is_none() {
                self.lines.put(&lines)?;
            }
            let was_there = (has_lines, has_receipts) == (Some(true), Some(true));
            return Ok(DayFiles { lines, receipts, was_there });
        }
        Err(io::Error::other("no number is left for the day"))
    }
}

/// A file under a name that nobody reads. What is left under it when it is dropped would only make a full disk fuller.
struct Unfinished {
    path: PathBuf,
    file: Option<BufWriter<File>>,
    digest: Context,
    length: u64,
}

impl Unfinished {
    fn new(path: &Path) -> io::Result<Unfinished> {
        let path = names::beside(path, ".new");
        files::remove(&path)?;
        let file = files::create_private(&path, &Access::Owner)?;
        Ok(Unfinished { path, file: Some(BufWriter::new(file)), digest: Context::new(&SHA256), length: 0 })
    }

    fn write(&mut self, text: &str) -> io::Result<()> {
        self.digest.update(text.as_bytes());
        self.length += text.len() as u64;
        self.file.as_mut().map_or(Ok(()), |file| file.write_all(text.as_bytes()))
    }

    fn checksum(&self) -> String {
        in_hex(self.digest.clone())
    }

    /// All is on the disk, and nothing more is written: Windows gives no other name to a file that is open.
    fn sync(&mut self) -> io::Result<()> {
        let Some(file) = self.file.take() else { return Ok(()) };
        file.into_inner()?.sync_all()
    }

    /// Whether a file has this content; none if there is no file.
    fn is_in(&self, file: &Path) -> io::Result<Option<bool>> {
        match fs::symlink_metadata(file) {
            Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(None),
            Err(fault) => Err(fault),
            Ok(found) if !found.is_file() || found.len() != self.length => Ok(Some(false)),
            Ok(_) => Ok(Some(digest_of(file)? == self.checksum())),
        }
    }

    fn put(&self, path: &Path) -> io::Result<()> {
        files::rename(&self.path, path)?;
        files::sync_directory(path)
    }
}

impl Drop for Unfinished {
    fn drop(&mut self) {
        self.file = None;
        // Whoever exports the day again removes it, too.
        let _ = files::remove(&self.path);
    }
}

fn in_hex(digest: Context) -> String {
    hash::to_hex(&hash::whole(&digest.finish()))
}

/// The SHA-256 of what a file holds, in hex.
fn digest_of(file: &Path) -> io::Result<String> {
    let mut digest = Context::new(&SHA256);
    let mut file = files::open_to_read(file)?;
    let mut part = [0; 16 * 1024];
    loop {
        match file.read(&mut part)? {
            0 => return Ok(in_hex(digest)),
            length => digest.update(&part[..length]),
        }
    }
}
