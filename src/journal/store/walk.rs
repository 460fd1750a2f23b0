//! Going through the chain of events and the attempts that point at them: its end at each open, all of it where that is short
//! or something speaks against it, and the rest when there is time, see `check`.

use rusqlite::{Connection, OptionalExtension, params};

use crate::error::Result;
use crate::journal::store::chain::{self, Link, Written};
use crate::journal::store::damage::{self, Damage};
use crate::journal::store::identity::Identity;
use crate::journal::store::kind::Kind;
use crate::journal::store::{fault, pointer, schema};

/// So many events at the end of the chain are gone through at each open. That takes a few milliseconds, and is what a till writes
/// in an hour or in a day.
const TAIL: i64 = 500;

/// What going through the chain has found.
pub(in crate::journal) struct Walk {
    /// The last event that was gone through.
    pub(super) last: Link,
    /// Whether there is no event before the first one of these.
    pub(super) is_whole: bool,
    /// Whether there are more events, because somebody wanted the file.
    pub(super) was_interrupted: bool,
    /// What is not as it was written.
    pub(in crate::journal) damages: Vec<Damage>,
}

/// Goes through all events and attempts, and the indexes.
pub(in crate::journal) fn whole(connection: &Connection) -> Result<Walk> {
    let mut walk = after(connection, None, &|| false)?;
    damage::collect(&mut walk.damages, |found| check_pointers(connection, found))?;
    Ok(walk)
}

/// Goes through the last events. Where these are all, it is the whole.
pub(in crate::journal) fn tail(connection: &Connection) -> Result<Walk> {
    let before =
        event(connection, "sequence <= (SELECT max(sequence) FROM events) - ?1 ORDER BY sequence DESC", [TAIL]);
    // What cannot be read here cannot be read there either, and is named there.
    let Ok(Some(before)) = before else { return whole(connection) };
    let mut walk = after(connection, Some(before.link()), &|| false)?;
    damage::collect(&mut walk.damages, |found| {
        check_first(event(connection, "true ORDER BY sequence", [])?.as_ref(), found);
        Ok(())
    })?;
    Ok(walk)
}

/// Goes through the events that follow on this one, or all of them, until somebody wants the file.
pub(super) fn after(connection: &Connection, link: Option<Link>, is_wanted: &dyn Fn() -> bool) -> Result<Walk> {
    let is_whole = link.is_none();
    let last = link.unwrap_or_default();
    let mut walk = Walk { last, is_whole, was_interrupted: false, damages: Vec::new() };
    let mut found = Vec::new();
    damage::collect(&mut found, |found| check_chain(connection, &mut walk, is_wanted, found))?;
    walk.damages = found;
    Ok(walk)
}

fn check_chain(
    connection: &Connection,
    walk: &mut Walk,
    is_wanted: &dyn Fn() -> bool,
    found: &mut Vec<Damage>,
) -> rusqlite::Result<()> {
    let from = if walk.is_whole { i64::MIN } else { walk.last.sequence };
    let query = format!("SELECT {} FROM events WHERE sequence > ?1 ORDER BY sequence", chain::columns_of("events"));
    let mut query = connection.prepare(&query)?;
    let mut rows = query.query([from])?;
    let mut is_first = walk.is_whole;
    while let Some(row) = rows.next()? {
        let event = Written::read(row)?;
        if is_first {
            check_first(Some(&event), found);
        } else if event.is_intact() && !event.follows_on(&walk.last) {
            found.push(Damage::of_event(&event, "it does not follow on the event before it"));
        }
        if !event.is_intact() {
            found.push(Damage::of_event(&event, "it is not as it was written"));
        }
        if let Some(of_attempt) = event.of_attempt()
            && let Some(fault) = pointer::fault(connection, &of_attempt)?
        {
            found.push(Damage::of_event(&event, fault));
        }
        is_first = false;
        walk.last = event.link();
        if is_wanted() {
            walk.was_interrupted = true;
            return Ok(());
        }
    }
    if is_first {
        check_first(None, found);
    }
    Ok(())
}

/// The first event of all says whose the file is.
fn check_first(first: Option<&Written>, found: &mut Vec<Damage>) {
    match first {
        None => found.push(Damage::of_file("there are no events")),
        Some(first) if first.is_intact() && first.identity().is_none() => {
            found.push(Damage::of_event(first, "the events before it are missing"));
        }
        Some(_) => {}
    }
}

/// No attempt may point at another one's event, and each index must have what its table has.
pub(super) fn check_pointers(connection: &Connection, found: &mut Vec<Damage>) -> rusqlite::Result<()> {
    for (key, event) in pointer::strays(connection)? {
        let fault = "it does not say what its last event says".to_owned();
        found.push(Damage { event: Some(event), attempt: Some(key), fault });
    }
    found.extend(schema::index_fault(connection)?.map(Damage::of_file));
    Ok(())
}

/// Whose file it is, as the newest event says that binds it.
pub(super) fn identity(connection: &Connection) -> Result<Option<Identity>> {
    let bind = [Kind::Created, Kind::Recovered, Kind::Registered, Kind::Rebound];
    Ok(newest(connection, &bind)?.and_then(|event| event.identity()))
}

/// Whether a loss was noticed that nobody has accepted.
pub(super) fn is_in_recovery(connection: &Connection) -> Result<bool> {
    let newest = newest(connection, &[Kind::Recovered, Kind::LossAccepted])?;
    Ok(newest.is_some_and(|event| event.kind == Kind::Recovered.name()))
}

/// The newest event about the file that is of one of these kinds.
fn newest(connection: &Connection, kinds: &[Kind]) -> Result<Option<Written>> {
    let read = fault::sqlite("reading whose file it is");
    let mut newest: Option<Written> = None;
    for kind in kinds {
        let found = event(connection, "reference IS NULL AND kind = ?1 ORDER BY sequence DESC", params![kind.name()]);
        if let Some(found) = found.map_err(&read)?
            && newest.as_ref().is_none_or(|newest| newest.sequence < found.sequence)
        {
            newest = Some(found);
        }
    }
    match newest {
        Some(event) if !event.is_intact() => {
            Err(fault::damaged(Damage::of_event(&event, "it is not as it was written").to_string()))
        }
        newest => Ok(newest),
    }
}

/// The first event of which this is so.
fn event(connection: &Connection, condition: &str, values: impl rusqlite::Params) -> rusqlite::Result<Option<Written>> {
    let query = format!("SELECT {} FROM events WHERE {condition} LIMIT 1", chain::columns_of("events"));
    connection.query_row(&query, values, Written::read).optional()
}
