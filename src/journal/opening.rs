//! How a state file is opened, or made for the first time.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use crate::error::{Error, Result, Status};
use crate::journal::chain::{Event, Kind, Link, Subject};
use crate::journal::head::Head;
use crate::journal::identity::Identity;
use crate::journal::lock::Lock;
use crate::journal::reserve::Reserve;
use crate::journal::verify::{self, Walk};
use crate::journal::{Journal, Standing, chain, credentials, fault, files, recovery, schema};

/// What to do where there is no state file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IfMissing {
    /// Make one. For the setting-up of a till: a till that makes a new file each day forgets what was in doubt.
    Create,
    /// Refuse.
    Refuse,
}

impl Journal {
    /// Opens the state file of this till.
    ///
    /// The file is locked, gone through, and written to: what opens can be written. One that is damaged, older than its
    /// head, or missing beside it is set aside under another name and what can be read of it is brought over; then the
    /// journal [is in recovery](Journal::is_in_recovery). With [`IfMissing::Create`], a file that exists is opened as
    /// without it.
    pub fn open(path: &Path, identity: &Identity, if_missing: IfMissing, now: i64) -> Result<Journal> {
        let path = real(path)?;
        let is_nowhere = || Ok(!(files::exists(&path)? || files::exists(&head_of(&path))?));
        let look = |found: io::Result<bool>| found.map_err(fault::file("looking for", &path));
        if if_missing == IfMissing::Refuse && look(is_nowhere())? {
            return Err(Error::new(Status::StateMissing, format!("there is no {}", path.display())));
        }
        let lock = Lock::take(&path)?;
        if look(is_nowhere())? {
            create(&path, identity, now)?;
        }
        let is_damaged = |error: &Error| error.status() == Status::StateDamaged;
        let mut opened = open_existing(&path, identity, if_missing);
        if opened.as_ref().is_err_and(is_damaged) {
            // SQLite calls a disk that could not be read for a moment a damaged file, too: so it is read twice.
            opened = open_existing(&path, identity, if_missing);
        }
        if let Some(damage) = opened.as_ref().err().filter(|error| is_damaged(error)) {
            recovery::recover(&path, identity, now, damage.message())?;
            opened = open_existing(&path, identity, IfMissing::Refuse);
        }
        let Opened { identity, connection, last, head, standing } = opened?;
        let reserve = Reserve::new(files::beside(&path, ".reserve"));
        let mut journal = Journal { path, identity, connection, last, head, reserve, standing, _lock: lock };
        if standing != Standing::ReadOnly {
            let said = json!({ "secupos": env!("CARGO_PKG_VERSION") });
            journal.write(&Event { kind: Kind::Opened, at: now, subject: Subject::File(said), response: None })?;
        }
        Ok(journal)
    }
}

/// The head file of a state file.
pub(super) fn head_of(path: &Path) -> PathBuf {
    files::beside(path, ".head")
}

/// The file behind all links, because the lock must be the same by whatever name the file is opened.
fn real(path: &Path) -> Result<PathBuf> {
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    let found = match fs::canonicalize(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            let name = path.file_name().ok_or_else(|| Error::argument("state_file", "has no file name"))?;
            fs::canonicalize(directory).map(|directory| directory.join(name))
        }
        other => other,
    };
    found.map_err(|fault| match fault.kind() {
        io::ErrorKind::NotFound => Error::new(Status::StateMissing, format!("there is no {}", directory.display())),
        _ => fault::file("looking for", path)(fault),
    })
}

/// Makes the first state file of a till. Its head is written when it is opened.
fn create(path: &Path, identity: &Identity, now: i64) -> Result<()> {
    make(path, |connection| {
        let subject = Subject::File(json!({ "identity": identity }));
        let event = Event { kind: Kind::Created, at: now, subject, response: None };
        chain::append(connection, &Link::default(), &[event])
    })?;
    put_in_place(path)
}

/// Makes a whole state file under a name of its own, so that there never is half a one under the right name.
pub(super) fn make(path: &Path, fill: impl FnOnce(&Connection) -> rusqlite::Result<Link>) -> Result<Link> {
    let unfinished = unfinished(path);
    let io = fault::file("making", path);
    for suffix in ["", "-wal", "-journal"] {
        files::remove(&files::beside(&unfinished, suffix)).map_err(&io)?;
    }
    files::create_private(&unfinished).map_err(&io)?;
    let write = || {
        let connection = schema::connect(&unfinished)?;
        // It is synced as a whole below, before it gets its name.
        connection.pragma_update(None, "synchronous", "OFF")?;
        schema::tidy_on_close(&connection)?;
        schema::create(&connection)?;
        let link = fill(&connection)?;
        connection.close().map_err(|(_, fault)| fault)?;
        Ok(link)
    };
    // Nothing here was read from a damaged file: whatever fails is the disk's fault.
    let link = write().map_err(|fault: rusqlite::Error| {
        Error::new(Status::JournalFailed, format!("making {}: {fault}", path.display()))
    })?;
    // Closing brings the log into the file, and says nothing where it could not.
    if files::exists(&files::beside(&unfinished, "-wal")).map_err(&io)? {
        return Err(Error::new(Status::JournalFailed, format!("making {}: its log is still there", path.display())));
    }
    File::open(&unfinished).and_then(|file| file.sync_all()).map_err(&io)?;
    Ok(link)
}

/// Gives what [`make`] has made its name.
pub(super) fn put_in_place(path: &Path) -> Result<()> {
    fs::rename(unfinished(path), path).and_then(|()| files::sync_directory(path)).map_err(fault::file("making", path))
}

fn unfinished(path: &Path) -> PathBuf {
    files::beside(path, ".new")
}

/// A state file that has been found whole.
struct Opened {
    /// Whose it is.
    identity: Identity,
    connection: Connection,
    last: Link,
    head: Head,
    standing: Standing,
}

fn open_existing(path: &Path, identity: &Identity, if_missing: IfMissing) -> Result<Opened> {
    let io = fault::file("opening", path);
    let has_head = files::exists(&head_of(path)).map_err(&io)?;
    if !files::exists(path).map_err(&io)? {
        return Err(fault::damaged(format!("{} is missing, but its head is there", path.display())));
    }
    if !schema::is_ours(path).map_err(&io)? {
        // Without a head beside it, it may be anybody's file: it is left alone.
        let status = if has_head { Status::StateDamaged } else { Status::StateMismatch };
        return Err(Error::new(status, format!("{} is no state file of secupos", path.display())));
    }
    files::make_private(path).map_err(&io)?;
    let connection = schema::connect(path).map_err(|fault| {
        if fault::is_locked(&fault) {
            Error::new(Status::StateLocked, format!("another program reads {}", path.display()))
        } else {
            fault::sqlite("opening the journal")(fault)
        }
    })?;
    let version = schema::version(&connection).map_err(fault::sqlite("reading the version"))?;
    if version > schema::VERSION + 1 {
        return Err(Error::new(Status::StateTooNew, format!("{} has version {version}", path.display())));
    }
    let walk = verify::walk(&connection)?;
    let code = credentials::device_code(&connection).map_err(fault::sqlite("reading the device code"))?;
    check(&walk, identity, code.as_deref())?;
    // A file that was just made has no whole head yet; anywhere else a missing head is as bad as a missing event.
    let was_just_made = if_missing == IfMissing::Create && walk.last.sequence == 1;
    if !has_head && !was_just_made {
        return Err(fault::damaged("the head file is missing"));
    }
    let mut head = Head::open(&head_of(path)).map_err(&io)?;
    if was_just_made && head.read().map_err(&io)?.is_none() {
        head.write(&walk.last).and_then(|()| files::sync_directory(path)).map_err(&io)?;
    }
    check_head(&connection, head.read().map_err(&io)?)?;
    let standing = match () {
        () if version > schema::VERSION => Standing::ReadOnly,
        () if walk.in_recovery => Standing::InRecovery,
        () => Standing::Whole,
    };
    if standing != Standing::ReadOnly {
        let settle = || schema::migrate(&connection, version).and_then(|()| schema::tidy_on_close(&connection));
        settle().map_err(fault::sqlite("migrating the journal"))?;
    }
    let identity = walk.identity.unwrap_or_else(|| identity.clone());
    Ok(Opened { identity, connection, last: walk.last, head, standing })
}

fn check(walk: &Walk, identity: &Identity, code_in_file: Option<&str>) -> Result<()> {
    let own = walk.identity.as_ref().filter(|own| !identity.is_met_by(own, code_in_file));
    if let Some(part) = own.and_then(|own| own.difference(identity)) {
        return Err(Error::new(Status::StateMismatch, format!("the state file is bound to another {part}")));
    }
    walk.damages.first().map_or(Ok(()), |damage| Err(fault::damaged(damage.to_string())))
}

/// Whether the file knows the event that its head has seen last. Being one ahead is no loss: the head is written after
/// the event.
fn check_head(connection: &Connection, head: Option<Link>) -> Result<()> {
    let Some(head) = head else {
        return Err(fault::damaged("the head file cannot be read"));
    };
    let found = chain::find(connection, head.sequence).map_err(fault::sqlite("reading the journal"))?;
    if found.is_none_or(|event| event.hash != head.hash) {
        return Err(fault::damaged(format!("event {}, which the head has seen, is missing", head.sequence)));
    }
    Ok(())
}
