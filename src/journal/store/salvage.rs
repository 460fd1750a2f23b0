//! What can still be read of a damaged state file: every event that is as it was written, wherever it stands.
//!
//! A disk that fails meanwhile is no damage: then nothing is salvaged, and the next open tries again.

use std::collections::{BTreeMap, HashMap};
use std::io;
use std::path::Path;

use rusqlite::{Connection, OpenFlags};
use serde_json::Value;

use crate::error::Result;
use crate::journal::store::chain::{self, Written};
use crate::journal::store::credential::{Credential, DEVICE_CODE};
use crate::journal::store::hash::{self, Hash};
use crate::journal::store::identity::Identity;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::TillClock;
use crate::journal::store::{fault, names};
use crate::os::files::{self, Access};
use crate::payment::attempt::Attempt;

/// No event takes fewer bytes, so a file cannot hold more events than its length says: a damaged one may pretend to.
const SMALLEST_EVENT_BYTES: u64 = 100;

/// What was read.
#[derive(Default)]
pub(super) struct Salvage {
    /// Whose file it was, if that could be read.
    pub(super) identity: Option<Identity>,
    /// Whether it was bound to it by registering the till as a device.
    pub(super) was_registered: bool,
    /// Each attempt as its last readable event has it, and what was said of the file, in the order in which they began.
    pub(super) items: Vec<Salvaged>,
    pub(super) credentials: Vec<(String, Credential)>,
    /// The highest number of a readable event.
    pub(super) last_sequence: i64,
    /// Till time at it.
    pub(super) clock: TillClock,
    response_hashes: HashMap<i64, Hash>,
    connection: Option<Connection>,
}

/// One thing that was read.
pub(super) enum Salvaged {
    Attempt(Box<Attempt>),
    /// A report or a binding: what was begun before it must not be taken for later.
    OfTheFile {
        sequence: i64,
        kind: Kind,
        payload: Value,
    },
}

impl Salvage {
    /// How many attempts there are.
    pub(super) fn attempts(&self) -> usize {
        self.items.iter().filter(|item| matches!(item, Salvaged::Attempt(_))).count()
    }

    /// The code of the device that the till was registered as.
    pub(super) fn device_code(&self) -> Option<&str> {
        let code = self.credentials.iter().find(|(name, _)| name == DEVICE_CODE);
        code.map(|(_, credential)| credential.value.as_str())
    }

    /// The response of this event, if it is as it was received.
    pub(super) fn response(&self, event: i64) -> rusqlite::Result<Option<Vec<u8>>> {
        let (Some(expected), Some(connection)) = (self.response_hashes.get(&event), &self.connection) else {
            return Ok(None);
        };
        let query = "SELECT body FROM responses WHERE event = ?1";
        let body: Option<Vec<u8>> = readable(connection.query_row(query, [event], |row| row.get(0)))?;
        Ok(body.filter(|body| hash::of(body) == *expected))
    }
}

/// Reads what can be read, from a copy: SQLite changes what it opens, and the damaged file is evidence.
pub(super) fn read(source: Option<&Path>, scratch: &Path) -> Result<Salvage> {
    let Some(source) = source else { return Ok(Salvage::default()) };
    let io = fault::file("copying", source);
    clean_up(scratch).map_err(&io)?;
    let size = copy(source, scratch).map_err(&io)?;
    let disk = fault::sqlite("salvaging the journal");
    // What SQLite does not open at all has nothing to be read.
    let Some(connection) = readable(open(scratch)).map_err(&disk)? else { return Ok(Salvage::default()) };
    let limit = usize::try_from(size / SMALLEST_EVENT_BYTES).unwrap_or(usize::MAX);
    let mut newest: BTreeMap<(String, i32), (i64, Attempt)> = BTreeMap::new();
    let mut begun: BTreeMap<(String, i32), i64> = BTreeMap::new();
    let mut of_the_file = BTreeMap::new();
    let mut salvage = Salvage::default();
    let mut bound_by = 0;
    for event in intact_events(&connection, limit).map_err(&disk)? {
        if event.sequence >= salvage.last_sequence {
            (salvage.last_sequence, salvage.clock) = (event.sequence, event.clock.clone());
        }
        if let Some(identity) = event.identity().filter(|_| event.sequence >= bound_by) {
            (salvage.identity, bound_by) = (Some(identity), event.sequence);
            salvage.was_registered = event.kind == Kind::Registered.name();
        }
        if let Some(hash) = event.response_hash {
            salvage.response_hashes.insert(event.sequence, hash);
        }
        let kept = [Kind::ReportStarting, Kind::ReportEnded, Kind::Rebound].into_iter();
        if let Some(kind) = kept.into_iter().find(|kind| kind.name() == event.kind)
            && let Ok(payload) = serde_json::from_str::<Value>(&event.payload)
        {
            let sequence = event.sequence;
            of_the_file.insert(sequence, Salvaged::OfTheFile { sequence, kind, payload });
        }
        let key = event.reference.clone().zip(event.attempt);
        if let Some(key) =
            key.filter(|_| [Kind::Starting, Kind::Salvaged].map(Kind::name).contains(&event.kind.as_str()))
        {
            let first = begun.entry(key).or_insert(event.sequence);
            *first = event.sequence.min(*first);
        }
        let image = serde_json::from_str::<Attempt>(&event.payload);
        if let (Some(key), Ok(image)) = (event.reference.zip(event.attempt), image)
            && newest.get(&key).is_none_or(|(sequence, _)| *sequence < event.sequence)
        {
            newest.insert(key, (event.sequence, image));
        }
    }
    // One whose beginning cannot be read counts as older than everything else: that is the careful side.
    let begun_at = |key: &(String, i32)| begun.get(key).copied().unwrap_or(0);
    let mut items: Vec<_> = of_the_file.into_iter().map(|(sequence, item)| ((sequence, 0), item)).collect();
    let attempts = newest
        .into_iter()
        .map(|(key, (sequence, attempt))| ((begun_at(&key), sequence), Salvaged::Attempt(Box::new(attempt))));
    items.extend(attempts);
    items.sort_by_key(|(order, _)| *order);
    salvage.items = items.into_iter().map(|(_, item)| item).collect();
    salvage.credentials = credentials(&connection, limit).map_err(&disk)?;
    salvage.connection = Some(connection);
    Ok(salvage)
}

/// Removes the copy.
pub(super) fn clean_up(scratch: &Path) -> io::Result<()> {
    ["", "-wal", "-shm", "-journal"].iter().try_for_each(|part| files::remove(&names::beside(scratch, part)))
}

/// Copies the file and its log, and returns their length.
fn copy(source: &Path, scratch: &Path) -> io::Result<u64> {
    let mut size = 0;
    for part in ["", "-wal"] {
        let (from, to) = (names::beside(source, part), names::beside(scratch, part));
        if files::exists(&from)? {
            size += io::copy(&mut files::open_to_read(&from)?, &mut files::create_private(&to, &Access::Owner)?)?;
        }
    }
    Ok(size)
}

/// Opens the copy. SQLite reads no file that is shorter than it should be, unless the schema may be
/// written, as for a repair.
fn open(scratch: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    let connection = Connection::open_with_flags(files::in_full(scratch), flags)?;
    for (pragma, value) in [("writable_schema", "ON"), ("trusted_schema", "OFF"), ("cell_size_check", "ON")] {
        connection.pragma_update(None, pragma, value)?;
    }
    Ok(connection)
}

/// What was read; nothing where the content is damaged. A fault of the disk stays one.
fn readable<T>(read: rusqlite::Result<T>) -> rusqlite::Result<Option<T>> {
    match read {
        Err(fault) if fault::is_of_the_disk(&fault) => Err(fault),
        read => Ok(read.ok()),
    }
}

/// From the front until something cannot be read, from the back likewise, and what lies between one by one.
fn intact_events(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<Written>> {
    let mut events = Vec::new();
    if let Some(reached) = read_in_order(connection, "ASC", limit, &mut events)?
        && let Some(back) = read_in_order(connection, "DESC", limit, &mut events)?
    {
        for sequence in (reached.saturating_add(1)..back).take(limit) {
            events.extend(readable(chain::find(connection, sequence))?.flatten());
        }
    }
    events.retain(Written::is_intact);
    Ok(events)
}

/// Reads all events in this order; where that ends before its time, says after which number.
fn read_in_order(
    connection: &Connection,
    order: &str,
    limit: usize,
    events: &mut Vec<Written>,
) -> rusqlite::Result<Option<i64>> {
    let mut reached = if order == "ASC" { 0 } else { i64::MAX };
    let mut read = || -> rusqlite::Result<()> {
        let mut query = connection
            .prepare(&format!("SELECT {} FROM events ORDER BY sequence {order}", chain::columns_of("events")))?;
        for event in query.query_map([], Written::read)?.take(limit) {
            let event = event?;
            reached = event.sequence;
            events.push(event);
        }
        Ok(())
    };
    let is_whole = readable(read())?.is_some();
    Ok((!is_whole).then_some(reached))
}

fn credentials(connection: &Connection, limit: usize) -> rusqlite::Result<Vec<(String, Credential)>> {
    let mut found = BTreeMap::new();
    let mut read = || -> rusqlite::Result<()> {
        let mut query = connection.prepare("SELECT name, value, expires_at FROM credentials")?;
        let rows =
            query.query_map([], |row| Ok((row.get(0)?, Credential { value: row.get(1)?, expires_at: row.get(2)? })))?;
        for row in rows.take(limit) {
            let (name, credential) = row?;
            found.insert(name, credential);
        }
        Ok(())
    };
    // What is missing here costs a log-in, not money.
    readable(read())?;
    Ok(found.into_iter().collect())
}
