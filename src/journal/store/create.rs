//! How a state file is made. It gets its name only when it is whole.

use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use crate::error::{Error, Result, Status};
use crate::journal::store::chain::{self, Event, Link, Subject};
use crate::journal::store::identity::Identity;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;
use crate::journal::store::{fault, names, schema};
use crate::os::files::{self, Access};

/// Makes the first state file of a till. Its head is written when it is opened.
pub(super) fn first(path: &Path, access: &Access, identity: &Identity, now: &Moment) -> Result<()> {
    make(path, access, |connection| {
        let subject = Subject::File(json!({ "identity": identity }));
        let event = Event { kind: Kind::Created, now, subject, response: None };
        chain::append(connection, &Link::default(), &[event])
    })?;
    put_in_place(path)
}

/// Makes a whole state file under a name of its own, so that there never is half a one under the right name.
pub(super) fn make(
    path: &Path,
    access: &Access,
    fill: impl FnOnce(&Connection) -> rusqlite::Result<Link>,
) -> Result<Link> {
    let unfinished = unfinished(path);
    let io = fault::file("making", path);
    for suffix in ["", "-wal", "-journal"] {
        files::remove(&names::beside(&unfinished, suffix)).map_err(&io)?;
    }
    files::create_private(&unfinished, access).map_err(&io)?;
    let write = || {
        let connection = schema::connect_to_fill(&unfinished)?;
        schema::create(&connection)?;
        let link = fill(&connection)?;
        schema::give_a_log(&connection)?;
        connection.close().map_err(|(_, fault)| fault)?;
        Ok(link)
    };
    // Nothing here was read from a damaged file: whatever fails is the disk's fault.
    let link = write().map_err(|fault: rusqlite::Error| {
        Error::new(Status::JournalFailed, format!("making {}: {fault}", path.display()))
    })?;
    // Closing brings the log into the file, and says nothing where it could not.
    if files::exists(&names::beside(&unfinished, "-wal")).map_err(&io)? {
        return Err(Error::new(Status::JournalFailed, format!("making {}: its log is still there", path.display())));
    }
    files::sync(&unfinished).map_err(&io)?;
    Ok(link)
}

/// Gives what [`make`] has made its name.
pub(super) fn put_in_place(path: &Path) -> Result<()> {
    files::rename(&unfinished(path), path)
        .and_then(|()| files::sync_directory(path))
        .map_err(fault::file("making", path))
}

fn unfinished(path: &Path) -> PathBuf {
    names::beside(path, ".new")
}
