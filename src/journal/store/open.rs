//! How a state file is opened: found, locked, checked against its head, and recovered if it is damaged.

use std::cell::Cell;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::{Connection, Transaction};
use serde_json::json;

use crate::error::{Error, Result, Status};
use crate::journal::store::chain::{self, Event, Link, Subject};
use crate::journal::store::doubt::{self, Doubt};
use crate::journal::store::head::Head;
use crate::journal::store::identity::Identity;
use crate::journal::store::journal::{Condition, Journal};
use crate::journal::store::kind::Kind;
use crate::journal::store::lock::Lock;
use crate::journal::store::reserve::Reserve;
use crate::journal::store::till_time::Moment;
use crate::journal::store::{create, credential, fault, names, recovery, schema, walk};
use crate::os::files::{self, Access};

/// What to do where there is no state file.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum IfMissing {
    /// Make one. For the setting-up of a till: a till that makes a new file each day forgets what was in doubt.
    Create,
    /// Refuse.
    Refuse,
}

/// Where a state file is and whose it should be.
#[derive(Clone, Copy, Debug)]
pub struct Opening<'a> {
    /// The file.
    pub path: &'a Path,
    /// Its head, if that is not beside it: on another disk, a backup of the one cannot bring back both.
    pub head_file: Option<&'a Path>,
    /// Whose it is.
    pub identity: &'a Identity,
    /// Who may read and write it and what is beside it.
    pub access: &'a Access,
    /// What to do where there is none.
    pub if_missing: IfMissing,
}

impl Journal {
    /// Opens the state file of this till.
    ///
    /// The file is locked, gone through as far as that takes no time, and written to: what opens can be written. One that is damaged, older than its
    /// head, or missing beside it is set aside under another name and what can be read of it is brought over; one that is
    /// whole but has lost its head stays as it is. Then the journal [is in recovery](Journal::is_in_recovery). With
    /// [`IfMissing::Create`], a file that exists is opened as without it.
    pub fn open(opening: &Opening<'_>, now: &Moment) -> Result<Journal> {
        Journal::open_as(opening, Whose::Own, now)
    }

    /// The same. `whose`: whether the file must be the till's own.
    pub(in crate::journal) fn open_as(opening: &Opening<'_>, whose: Whose, now: &Moment) -> Result<Journal> {
        let Opening { identity, access, if_missing, .. } = *opening;
        let path = real(opening.path)?;
        let head_file = opening.head_file.map_or_else(|| names::head_beside(&path), Path::to_owned);
        let is_nowhere = || Ok(!(files::exists(&path)? || files::exists(&head_file)?));
        let look = |found: io::Result<bool>| found.map_err(fault::file("looking for", &path));
        if if_missing == IfMissing::Refuse && look(is_nowhere())? {
            return Err(Error::new(Status::StateFileMissing, format!("there is no {}", path.display())));
        }
        let lock = Lock::take(&path, access)?;
        if look(is_nowhere())? {
            create::first(&path, access, identity, now)?;
        }
        let open_once = |if_missing, lock| match open_existing(&path, &head_file, access, identity, whose, if_missing) {
            Ok(opened) => Journal::opened(&path, access, opened, lock, now),
            Err(error) => Err((error, lock)),
        };
        // SQLite calls a disk that could not be read for a moment a damaged file, too: so it is opened twice.
        let open = |if_missing, lock| match open_once(if_missing, lock) {
            Err((error, lock)) if is_damaged(&error) => open_once(if_missing, lock),
            other => other,
        };
        let opened = match open(if_missing, lock) {
            Err((error, lock)) if is_damaged(&error) => {
                recovery::recover(&path, &head_file, access, identity, now, error.message())?;
                open(IfMissing::Refuse, lock)
            }
            other => other,
        };
        opened.map_err(|(error, _)| error)
    }

    /// A file that could be read, once it could be written, too. Otherwise the lock comes back.
    fn opened(
        path: &Path,
        access: &Access,
        opened: Opened,
        lock: Lock,
        now: &Moment,
    ) -> std::result::Result<Journal, (Error, Lock)> {
        let Opened { connection, found: Found { identity, last, condition, doubt }, head, has_lost_its_head } = opened;
        let reserve = Reserve::new(names::beside(path, ".reserve"), access.clone());
        let path = path.to_owned();
        let is_suspect = Cell::new(false);
        let mut journal =
            Journal { path, identity, connection, last, head, reserve, condition, is_suspect, doubt, lock };
        match journal.note_opening(has_lost_its_head, now) {
            Ok(()) => Ok(journal),
            Err(error) => {
                if is_damaged(&error) {
                    // It is evidence: nothing more of its log is brought into it.
                    let _ = schema::leave_on_close(&journal.connection);
                }
                let Journal { connection, lock, .. } = journal;
                drop(connection);
                Err((error, lock))
            }
        }
    }

    fn note_opening(&mut self, has_lost_its_head: bool, now: &Moment) -> Result<()> {
        if self.condition == Condition::ReadOnly {
            return Ok(());
        }
        if has_lost_its_head {
            self.enter_recovery("the head file is missing or cannot be read", &[], now)?;
        }
        let said = json!({ "secupos": env!("CARGO_PKG_VERSION") });
        self.write(&Event { kind: Kind::Opened, now, subject: Subject::File(said), response: None })
    }
}

fn is_damaged(error: &Error) -> bool {
    error.status() == Status::StateFileDamaged
}

/// Whose file is opened.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(in crate::journal) enum Whose {
    /// Only the till's own.
    Own,
    /// Anybody's, to bind it anew.
    Anybodys,
}

/// The file behind all links, because the lock must be the same by whatever name the file is opened.
fn real(path: &Path) -> Result<PathBuf> {
    let directory = match path.parent() {
        Some(directory) if !directory.as_os_str().is_empty() => directory,
        _ => Path::new("."),
    };
    let found = match files::real(path) {
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => {
            let name = path.file_name().ok_or_else(|| Error::argument("state_file", "has no file name"))?;
            files::real(directory).map(|directory| directory.join(name))
        }
        other => other,
    };
    found.map_err(|fault| match fault.kind() {
        io::ErrorKind::NotFound => Error::new(Status::StateFileMissing, format!("there is no {}", directory.display())),
        _ => fault::file("looking for", path)(fault),
    })
}

/// A state file that has been found whole.
struct Opened {
    connection: Connection,
    found: Found,
    head: Head,
    /// Nobody can say any more whether something is missing at its end.
    has_lost_its_head: bool,
}

/// What a state file says.
struct Found {
    /// Whose it is.
    identity: Identity,
    last: Link,
    condition: Condition,
    doubt: Option<Doubt>,
}

fn open_existing(
    path: &Path,
    head_file: &Path,
    access: &Access,
    identity: &Identity,
    whose: Whose,
    if_missing: IfMissing,
) -> Result<Opened> {
    let io = fault::file("opening", path);
    let has_head = files::exists(head_file).map_err(&io)?;
    if !files::exists(path).map_err(&io)? {
        return Err(fault::damaged(format!("{} is missing, but its head is there", path.display())));
    }
    if !schema::is_ours(path).map_err(&io)? {
        // Without a head beside it, it may be anybody's file: it is left alone.
        let status = if has_head { Status::StateFileDamaged } else { Status::StateFileMismatch };
        return Err(Error::new(status, format!("{} is no state file of secupos", path.display())));
    }
    let was_closed = schema::has_no_log(path).map_err(&io)?;
    files::make_private(path, access).and_then(|()| schema::make_log_private(path, access)).map_err(&io)?;
    let connection = schema::connect(path).map_err(|fault| {
        if fault::is_locked(&fault) {
            Error::new(Status::StateFileLocked, format!("another program reads {}", path.display()))
        } else {
            fault::sqlite("opening the journal")(fault)
        }
    })?;
    let found = examine(&connection, path, identity, whose, was_closed)?;
    // A file that was just made has no whole head yet.
    let was_just_made = if_missing == IfMissing::Create && found.last.sequence == 1;
    let mut head = Head::open(head_file, access).map_err(&io)?;
    if was_just_made && head.read().map_err(&io)?.is_none() {
        head.write(&found.last).and_then(|()| files::sync_directory(head_file)).map_err(&io)?;
    }
    let seen = head.read().map_err(&io)?;
    if let Some(seen) = &seen {
        check_head(&connection, seen)?;
    }
    if found.condition != Condition::ReadOnly {
        schema::tidy_on_close(&connection).map_err(fault::sqlite("opening the journal"))?;
    }
    Ok(Opened { connection, found, head, has_lost_its_head: seen.is_none() })
}

/// Looks at what an existing file says, as far as that takes no time; at all of it where something speaks against it.
fn examine(connection: &Connection, path: &Path, identity: &Identity, whose: Whose, was_closed: bool) -> Result<Found> {
    let version = schema::version(connection).map_err(fault::sqlite("reading the version"))?;
    if version > schema::VERSION + 1 {
        return Err(Error::new(Status::StateFileTooNew, format!("{} has version {version}", path.display())));
    }
    // An older version's file gets what it lacks, and keeps it only if it is whole: a damaged file is evidence.
    let migration = schema::migrate(connection, version).map_err(fault::sqlite("migrating the journal"))?;
    let stored_doubt = doubt::stored(connection).map_err(fault::sqlite("reading what is doubted"))?;
    let is_suspect = migration.is_some() || stored_doubt == Some(true);
    let walk = if is_suspect { walk::whole(connection) } else { walk::tail(connection) }?;
    let own = walk::identity(connection)?;
    let code = credential::device_code(connection).map_err(fault::sqlite("reading the device code"))?;
    check_identity(own.as_ref(), identity, whose, code.as_deref())?;
    if let Some(damage) = walk.damages.first() {
        return Err(fault::damaged(damage.to_string()));
    }
    let condition = match () {
        () if version > schema::VERSION => Condition::ReadOnly,
        () if walk::is_in_recovery(connection)? => Condition::InRecovery,
        () => Condition::Whole,
    };
    migration.map_or(Ok(()), Transaction::commit).map_err(fault::sqlite("migrating the journal"))?;
    let doubt = match condition {
        Condition::ReadOnly => None,
        _ => doubt::of(connection, &walk, was_closed, stored_doubt),
    };
    Ok(Found { identity: own.unwrap_or_else(|| identity.clone()), last: walk.last, condition, doubt })
}

fn check_identity(own: Option<&Identity>, identity: &Identity, whose: Whose, code_in_file: Option<&str>) -> Result<()> {
    let own = own.filter(|own| whose == Whose::Own && !identity.is_met_by(own, code_in_file));
    match own.and_then(|own| own.difference(identity)) {
        Some(part) => Err(Error::new(Status::StateFileMismatch, format!("the state file is bound to another {part}"))),
        None => Ok(()),
    }
}

/// Whether the file knows the event that its head has seen last. Being one ahead is no loss: the head is written after
/// the event.
fn check_head(connection: &Connection, head: &Link) -> Result<()> {
    let found = chain::find(connection, head.sequence).map_err(fault::sqlite("reading the journal"))?;
    if found.is_none_or(|event| event.hash != head.hash) {
        return Err(fault::damaged(format!("event {}, which the head has seen, is missing", head.sequence)));
    }
    Ok(())
}
