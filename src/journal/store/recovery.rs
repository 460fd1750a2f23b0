//! What happens to a state file that is damaged, rolled back or gone: it is set aside, never overwritten, and a new one
//! is made from what can still be read.
//!
//! Until the last step the head shows that something is wrong, so a crash in between only begins the recovery anew.

use std::collections::HashMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use rusqlite::Connection;
use serde_json::json;

use crate::error::{Error, Result, Status};
use crate::journal::store::chain::{self, Event, Link, Subject};
use crate::journal::store::head::Head;
use crate::journal::store::identity::Identity;
use crate::journal::store::kind::Kind;
use crate::journal::store::names::head_beside;
use crate::journal::store::salvage::{self, Salvage, Salvaged};
use crate::journal::store::till_time::Moment;
use crate::journal::store::{create, fault, names};
use crate::os::files::{self, Access};
use crate::payment::attempt::{Attempt, Conflict};

/// The parts of a state file that are set aside together.
const PARTS: [&str; 3] = ["", "-wal", "-shm"];

/// Sets the state file aside and makes a new one in its place. `why` is kept in it.
pub(super) fn recover(
    path: &Path,
    head_file: &Path,
    access: &Access,
    identity: &Identity,
    now: &Moment,
    why: &str,
) -> Result<()> {
    let io = fault::file("recovering", path);
    // From here on there is a head, if only an empty one: a crash must not make the file look as if it never was.
    let mut head = Head::open(head_file, access).map_err(&io)?;
    files::sync_directory(head_file).map_err(&io)?;
    let seen = head.read().map_err(&io)?;

    let aside = Aside::of(path, head_file).map_err(&io)?;
    if aside.is_resumed() {
        // The crash may have come between the file and its log, and the last payments may stand in the log alone.
        aside.set_aside(path, head_file).map_err(&io)?;
    }
    let scratch = names::beside(path, ".salvage");
    let salvage = salvage::read(aside.source.as_deref(), &scratch)?;
    let kept = salvage.identity.as_ref().filter(|own| identity.is_met_by(own, salvage.device_code()));
    let identity = kept.unwrap_or(identity);
    // The code may be lost with the file. Then the till must be registered again; its payments are brought over.
    let is_forgotten = |part: &&str| *part == "device" && salvage.was_registered && identity.is_of_client();
    let differs = salvage.identity.as_ref().and_then(|own| own.difference(identity));
    if let Some(part) = differs.filter(|part| !is_forgotten(part)) {
        return Err(Error::new(
            Status::StateFileMismatch,
            format!("the damaged state file is bound to another {part}"),
        ));
    }
    // Numbers go on where the old file or its head ended, so that none is ever given twice.
    let base = salvage.last_sequence.max(seen.map_or(0, |link| link.sequence));
    let name = aside.target.file_name().map(|name| name.to_string_lossy().into_owned());
    let said = json!({ "identity": identity, "why": why, "set_aside": name, "attempts": salvage.attempts() });
    let last = create::make(path, access, |connection| fill(connection, base, said, &salvage, now))?;
    drop(salvage);
    salvage::clean_up(&scratch).map_err(&io)?;

    aside.set_aside(path, head_file).map_err(&io)?;
    create::put_in_place(path)?;
    head.write(&last).map_err(&io)
}

/// Writes what was salvaged: one event for each attempt, which carries it whole.
fn fill(
    connection: &Connection,
    base: i64,
    said: serde_json::Value,
    salvage: &Salvage,
    now: &Moment,
) -> rusqlite::Result<Link> {
    // Till time goes on where the old file ended.
    let from = Link { sequence: base, clock: salvage.clock.clone(), ..Link::default() };
    let event = Event { kind: Kind::Recovered, now, subject: Subject::File(said), response: None };
    let mut last = chain::append(connection, &from, &[event])?;
    let mut renumbered_reports: HashMap<i64, i64> = HashMap::new();
    for item in &salvage.items {
        match item {
            Salvaged::Attempt(attempt) => last = fill_attempt(connection, last, attempt, salvage, now)?,
            Salvaged::OfTheFile { sequence, kind, payload } => {
                let mut said = payload.clone();
                if let Some(began) = said["began"].as_i64().and_then(|began| renumbered_reports.get(&began)) {
                    said["began"] = (*began).into();
                }
                renumbered_reports.insert(*sequence, last.next());
                let event = Event { kind: *kind, now, subject: Subject::File(said), response: None };
                last = chain::append(connection, &last, &[event])?;
            }
        }
    }
    for (name, credential) in &salvage.credentials {
        let row = rusqlite::params![name, credential.value, credential.expires_at];
        connection.execute("INSERT INTO credentials VALUES (?1, ?2, ?3)", row)?;
    }
    Ok(last)
}

fn fill_attempt(
    connection: &Connection,
    last: Link,
    attempt: &Attempt,
    salvage: &Salvage,
    now: &Moment,
) -> rusqlite::Result<Link> {
    let response = |event: Option<i64>| event.map_or(Ok(None), |event| salvage.response(event));
    let result = response(attempt.response)?;
    let conflict = response(attempt.conflict.as_ref().and_then(|conflict| conflict.response))?;
    let kind = Kind::Salvaged;
    let image = renumbered(attempt, result.as_ref().map(|_| last.next()), conflict.as_ref().map(|_| last.next() + 1));
    let first = Event { kind, now, subject: Subject::New(&image), response: result.as_deref() };
    let last = chain::append(connection, &last, &[first])?;
    if conflict.is_none() {
        return Ok(last);
    }
    let second = Event { kind, now, subject: Subject::From(image.state, &image), response: conflict.as_deref() };
    chain::append(connection, &last, &[second])
}

/// The attempt, with its responses where they stand in the new file.
fn renumbered(attempt: &Attempt, result: Option<i64>, conflict: Option<i64>) -> Attempt {
    let attempt = attempt.clone();
    let conflict = attempt.conflict.map(|said| Conflict { response: conflict, ..said });
    Attempt { response: result, conflict, ..attempt }
}

/// Where the damaged file is, and where it goes.
struct Aside {
    /// What to salvage from; nothing if the file is simply gone.
    source: Option<PathBuf>,
    target: PathBuf,
}

impl Aside {
    fn of(path: &Path, head_file: &Path) -> io::Result<Aside> {
        let is_here = files::exists(path)?;
        let mut newest = None;
        for number in 1.. {
            let target = names::beside(path, &format!(".damaged-{number}"));
            let mut is_taken = files::exists(&head_beside(&target))?;
            for part in PARTS {
                is_taken |= files::exists(&names::beside(&target, part))?;
            }
            if is_taken {
                newest = Some(target);
                continue;
            }
            // A crash may have come after the file was set aside and before the new one was in its place. Then the
            // head that was set aside with it is still the present one.
            let resumed = newest
                .filter(|_| !is_here)
                .map(|newest| is_same(&newest, head_file).map(|same| same.then_some(newest)));
            let resumed = resumed.transpose()?.flatten();
            return Ok(match resumed {
                Some(target) => Aside { source: Some(target.clone()), target },
                None => Aside { source: is_here.then(|| path.to_owned()), target },
            });
        }
        Err(io::Error::other("no number is left for the file that is set aside"))
    }

    fn is_resumed(&self) -> bool {
        self.source.as_ref() == Some(&self.target)
    }

    /// Sets everything aside that is there: the head as a copy and first, because it stays as the mark.
    fn set_aside(&self, path: &Path, head_file: &Path) -> io::Result<()> {
        let head = head_beside(&self.target);
        if !files::exists(&head)? {
            fs::copy(head_file, &head)?;
            files::sync(&head)?;
            files::sync_directory(path)?;
        }
        for part in PARTS {
            let (from, to) = (names::beside(path, part), names::beside(&self.target, part));
            if files::exists(&from)? && !files::exists(&to)? {
                files::rename(&from, &to)?;
            }
        }
        files::sync_directory(path)
    }
}

/// Whether the file that was set aside has this head.
fn is_same(aside: &Path, head_file: &Path) -> io::Result<bool> {
    let head = head_beside(aside);
    Ok(files::exists(aside)? && files::exists(&head)? && fs::read(head)? == fs::read(head_file)?)
}
