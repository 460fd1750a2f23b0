//! A span of time in the archive: each attempt as it stands, with everything that the server ever answered to it.

use rusqlite::{Connection, Row, params};

use crate::error::Result;
use crate::journal::archive::prunings::Prunings;
use crate::journal::store::chain::{self, Written};
use crate::journal::store::fault;
use crate::journal::store::hash::{self, Hash};
use crate::journal::store::journal::Journal;
use crate::payment::attempt::Attempt;

/// An attempt in the archive.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Archived {
    /// The attempt as it stands.
    pub attempt: Attempt,
    /// The number of its last event.
    pub event: i64,
    /// The hash of that event, in hex.
    pub hash: String,
    /// What the server answered, in the order in which it came.
    pub responses: Vec<Original>,
}

/// A response of the server.
#[derive(Clone, PartialEq, Eq)]
pub struct Original {
    /// The number of the event that holds it.
    pub event: i64,
    /// When it was stored.
    pub at: i64,
    /// What it brought about, by the event's name on disk.
    pub kind: String,
    /// The SHA-256 of it, as it was received, in hex. Known even if the rest is gone.
    pub sha256: String,
    /// What there is of it.
    pub body: Body,
}

/// What there is of a response.
#[derive(Clone, PartialEq, Eq)]
pub enum Body {
    /// All, as received.
    AsReceived(Vec<u8>),
    /// Nothing: it was kept for long enough and has been removed.
    Pruned,
    /// Something else than was received.
    Damaged,
}

impl std::fmt::Debug for Original {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Original").field("event", &self.event).field("kind", &self.kind).finish_non_exhaustive()
    }
}

/// Somebody who goes through a span of the archive, oldest first, a page at a time. Between two pages payments may go on.
pub struct Reader {
    /// What was read last: when it was begun, and its name. These never change.
    last: (i64, String, i32),
    to: i64,
}

/// So many attempts are a page.
const PAGE: i64 = 50;

/// When an attempt was begun: by the service's clock if that has said what time it was, because a till's own may be set wrong.
const BEGUN: &str = "coalesce(a.server_date, a.created_at)";

impl Reader {
    /// Of what was begun from `from` on and before `to`, by the service's clock if that has said what time it was.
    pub fn new(from: i64, to: i64) -> Reader {
        // No attempt has a name before this one.
        Reader { last: (from, String::new(), i32::MIN), to }
    }

    /// The next page, with all responses; empty at the end.
    pub fn next_page(&mut self, journal: &Journal) -> Result<Vec<Archived>> {
        let read = fault::sqlite("reading the archive");
        let prunings = Prunings::read(&journal.connection).map_err(&read)?;
        let newest = self.newest_events(&journal.connection).map_err(&read)?;
        let mut page = Vec::with_capacity(newest.len());
        for (begun, event) in newest {
            let attempt = chain::image(&event.payload)?;
            let responses = originals(&journal.connection, &attempt, &prunings).map_err(&read)?;
            self.last = (begun, attempt.reference.clone(), attempt.attempt);
            page.push(Archived { attempt, event: event.sequence, hash: hash::to_hex(&event.hash), responses });
        }
        Ok(page)
    }

    fn newest_events(&self, connection: &Connection) -> rusqlite::Result<Vec<(i64, Written)>> {
        let columns = chain::columns_of("newest");
        // An attempt whose event is gone must be noticed, not left out.
        let mut query = connection.prepare_cached(&format!(
            "SELECT {columns}, {BEGUN} FROM attempts a LEFT JOIN events newest ON newest.sequence = a.event
             WHERE {BEGUN} >= ?1 AND {BEGUN} < ?2 AND ({BEGUN} > ?1 OR (a.reference, a.attempt) > (?3, ?4))
             ORDER BY {BEGUN}, a.reference, a.attempt LIMIT ?5"
        ))?;
        let (begun, reference, attempt) = &self.last;
        let read = |row: &Row<'_>| Ok((row.get(chain::COLUMNS.len())?, Written::read(row)?));
        query.query_map(params![begun, self.to, reference, attempt, PAGE], read)?.collect()
    }
}

/// All that the server ever answered to an attempt.
fn originals(connection: &Connection, attempt: &Attempt, prunings: &Prunings) -> rusqlite::Result<Vec<Original>> {
    let mut query = connection.prepare_cached(
        "SELECT e.sequence, e.at, e.kind, e.response_hash, e.payload ->> 'server_date', r.body
         FROM events e LEFT JOIN responses r ON r.event = e.sequence
         WHERE e.reference = ?1 AND e.attempt = ?2 AND e.response_hash IS NOT NULL ORDER BY e.sequence",
    )?;
    let mut rows = query.query(params![attempt.reference, attempt.attempt])?;
    let mut originals = Vec::new();
    while let Some(row) = rows.next()? {
        let (event, expected, body): (i64, Hash, Option<Vec<u8>>) = (row.get(0)?, row.get(3)?, row.get(5)?);
        let body = match body {
            Some(body) if hash::of(&body) == expected => Body::AsReceived(body),
            None if prunings.removed(event, row.get(4)?) => Body::Pruned,
            None | Some(_) => Body::Damaged,
        };
        originals.push(Original { event, at: row.get(1)?, kind: row.get(2)?, sha256: hash::to_hex(&expected), body });
    }
    Ok(originals)
}
