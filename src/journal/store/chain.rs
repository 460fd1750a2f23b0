//! The events, each bound to the one before it. Rows of events are written nowhere else.

use std::sync::LazyLock;

use rusqlite::{Connection, OptionalExtension, Row, params};
use serde::Deserialize;
use serde_json::Value;

use crate::error::Result;
use crate::journal::store::fault;
use crate::journal::store::hash::{self, Covered, Hash};
use crate::journal::store::identity::Identity;
use crate::journal::store::kind::Kind;
use crate::journal::store::pointer::{self, OfAttempt};
use crate::journal::store::till_time::{Moment, TillClock};
use crate::payment::attempt::Attempt;
use crate::payment::state::State;

/// One end of the chain: the number and hash of an event, and till time at it. The first event of all follows on number 0.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Link {
    pub(super) sequence: i64,
    pub(super) hash: Hash,
    pub(super) clock: TillClock,
}

impl Link {
    /// The number of the event that will hang on this one.
    pub(super) fn next(&self) -> i64 {
        self.sequence.saturating_add(1)
    }
}

/// What an event is about: an attempt, which it then carries whole, or the state file, with what there is to say.
pub(in crate::journal) enum Subject<'a> {
    /// An attempt that is new to the file.
    New(&'a Attempt),
    /// An attempt that is in this state before the event.
    From(State, &'a Attempt),
    /// The file itself.
    File(Value),
}

impl Subject<'_> {
    fn attempt(&self) -> Option<&Attempt> {
        match self {
            Subject::New(image) | Subject::From(_, image) => Some(image),
            Subject::File(_) => None,
        }
    }
}

/// An event to be written.
pub(in crate::journal) struct Event<'a> {
    pub(in crate::journal) kind: Kind,
    pub(in crate::journal) now: &'a Moment,
    pub(in crate::journal) subject: Subject<'a>,
    /// The whole answer of the server, as received.
    pub(in crate::journal) response: Option<&'a [u8]>,
}

/// An event as it was read.
pub(in crate::journal) struct Written {
    pub(in crate::journal) sequence: i64,
    pub(super) at: i64,
    pub(super) kind: String,
    pub(super) reference: Option<String>,
    pub(super) attempt: Option<i32>,
    pub(in crate::journal) payload: String,
    pub(super) response_hash: Option<Hash>,
    pub(super) previous: Hash,
    pub(in crate::journal) hash: Hash,
    /// Till time.
    pub(super) clock: TillClock,
}

/// The columns that [`Written::read`] wants.
pub(in crate::journal) const COLUMNS: [&str; 12] = [
    "sequence",
    "at",
    "kind",
    "reference",
    "attempt",
    "payload",
    "response_hash",
    "previous",
    "hash",
    "till",
    "awake",
    "boot",
];

/// These columns of the table that a query calls so.
pub(in crate::journal) fn columns_of(table: &str) -> String {
    COLUMNS.map(|column| format!("{table}.{column}")).join(", ")
}

impl Written {
    /// From a row of [`COLUMNS`].
    pub(in crate::journal) fn read(row: &Row<'_>) -> rusqlite::Result<Written> {
        Ok(Written {
            sequence: row.get(0)?,
            at: row.get(1)?,
            kind: row.get(2)?,
            reference: row.get(3)?,
            attempt: row.get(4)?,
            payload: row.get(5)?,
            response_hash: row.get(6)?,
            previous: row.get(7)?,
            hash: row.get(8)?,
            clock: TillClock { till: row.get(9)?, awake: row.get(10)?, boot: row.get(11)? },
        })
    }

    /// Whether it is as it was written.
    pub(in crate::journal) fn is_intact(&self) -> bool {
        let covered = Covered {
            previous: &self.previous,
            sequence: self.sequence,
            at: self.at,
            kind: &self.kind,
            reference: self.reference.as_deref(),
            attempt: self.attempt,
            payload: &self.payload,
            response_hash: self.response_hash.as_ref(),
            clock: &self.clock,
        };
        covered.hash() == self.hash
    }

    /// The same as `pointer` sees it, if it is about an attempt.
    pub(super) fn of_attempt(&self) -> Option<OfAttempt<'_>> {
        let (reference, attempt) = self.reference.as_deref().zip(self.attempt)?;
        Some(OfAttempt { sequence: self.sequence, kind: &self.kind, reference, attempt, payload: &self.payload })
    }

    /// Whether it hangs on this link.
    pub(super) fn follows_on(&self, link: &Link) -> bool {
        self.previous == link.hash && self.sequence == link.next()
    }

    /// Whose file it is from here on, if this is an event that says so.
    pub(super) fn identity(&self) -> Option<Identity> {
        #[derive(Deserialize)]
        struct Binding {
            identity: Identity,
        }
        let binds = [Kind::Created, Kind::Recovered, Kind::Registered, Kind::Rebound]
            .map(Kind::name)
            .contains(&self.kind.as_str());
        binds.then(|| serde_json::from_str::<Binding>(&self.payload).ok()).flatten().map(|said| said.identity)
    }

    /// The link that the next event hangs on.
    pub(super) fn link(&self) -> Link {
        Link { sequence: self.sequence, hash: self.hash, clock: self.clock.clone() }
    }
}

/// Writes several events, all or none, and returns the new end of the chain. When this returns, they are durable.
pub(super) fn append(connection: &Connection, last: &Link, events: &[Event<'_>]) -> rusqlite::Result<Link> {
    append_and(connection, last, events, |_| Ok(()))
}

/// The same, and together with the events whatever `also` does, all or none.
pub(super) fn append_and(
    connection: &Connection,
    last: &Link,
    events: &[Event<'_>],
    also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
) -> rusqlite::Result<Link> {
    let transaction = connection.unchecked_transaction()?;
    let end = events.iter().try_fold(last.clone(), |last, event| insert(&transaction, &last, event))?;
    also(&transaction)?;
    transaction.commit()?;
    Ok(end)
}

fn insert(connection: &Connection, last: &Link, event: &Event<'_>) -> rusqlite::Result<Link> {
    let image = event.subject.attempt();
    let (reference, attempt) = (image.map(|image| image.reference.as_str()), image.map(|image| image.attempt));
    let payload = match &event.subject {
        Subject::New(image) | Subject::From(_, image) => as_json(image)?,
        Subject::File(said) => said.to_string(),
    };
    let response_hash = event.response.map(hash::of);
    let sequence = last.next();
    let (at, clock) = (event.now.at, last.clock.at(event.now));
    let covered = Covered {
        previous: &last.hash,
        sequence,
        at,
        kind: event.kind.name(),
        reference,
        attempt,
        payload: &payload,
        response_hash: response_hash.as_ref(),
        clock: &clock,
    };
    let (kind, hash) = (covered.kind, covered.hash());
    let mut insert =
        connection.prepare_cached("INSERT INTO events VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)")?;
    insert.execute(params![
        sequence,
        at,
        kind,
        reference,
        attempt,
        payload,
        response_hash,
        last.hash,
        hash,
        clock.till,
        clock.awake,
        clock.boot
    ])?;
    if let Some(body) = event.response {
        connection.prepare_cached("INSERT INTO responses VALUES (?1, ?2)")?.execute(params![sequence, body])?;
    }
    match event.subject {
        Subject::New(image) => pointer::insert(connection, image, event.kind, sequence)?,
        Subject::From(state, image) => pointer::update(connection, image, state, event.kind.name(), sequence)?,
        Subject::File(_) => {}
    }
    Ok(Link { sequence, hash, clock })
}

fn as_json(image: &Attempt) -> rusqlite::Result<String> {
    serde_json::to_string(image).map_err(|fault| rusqlite::Error::ToSqlConversionFailure(Box::new(fault)))
}

/// The attempt that an event carries, from its payload.
pub(in crate::journal) fn image(payload: &str) -> Result<Attempt> {
    serde_json::from_str(payload).map_err(|fault| fault::damaged(format!("an attempt cannot be read: {fault}")))
}

static FIND: LazyLock<String> =
    LazyLock::new(|| format!("SELECT {} FROM events WHERE sequence = ?1", columns_of("events")));

/// The event with this number.
pub(super) fn find(connection: &Connection, sequence: i64) -> rusqlite::Result<Option<Written>> {
    connection.prepare_cached(&FIND)?.query_row([sequence], Written::read).optional()
}
