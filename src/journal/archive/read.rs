//! A span of time in the archive: each attempt as it stands, with everything that the server ever answered to it.

use std::collections::HashMap;

use rusqlite::params;

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

/// When an attempt was begun: by the service's clock if that has said what time it was, because a till's own may be set wrong.
const BEGUN: &str = "coalesce(a.server_date, a.created_at)";

impl Journal {
    /// What was begun from `from` on and before `to`, with all of its responses, by the service's clock if that has said
    /// what time it was. Oldest first.
    pub fn archived(&self, from: i64, to: i64) -> Result<Vec<Archived>> {
        let read = fault::sqlite("reading the archive");
        let mut responses = self.originals(from, to).map_err(&read)?;
        let newest = self.newest_events(from, to).map_err(&read)?;
        let archived = newest.into_iter().map(|event| {
            let attempt = chain::image(&event.payload)?;
            let responses = responses.remove(&(attempt.reference.clone(), attempt.attempt)).unwrap_or_default();
            Ok(Archived { attempt, event: event.sequence, hash: hash::to_hex(&event.hash), responses })
        });
        archived.collect()
    }

    fn newest_events(&self, from: i64, to: i64) -> rusqlite::Result<Vec<Written>> {
        let columns = chain::columns_of("newest");
        // An attempt whose event is gone must be noticed, not left out.
        let mut query = self.connection.prepare(&format!(
            "SELECT {columns} FROM attempts a LEFT JOIN events newest ON newest.sequence = a.event
             WHERE {BEGUN} >= ?1 AND {BEGUN} < ?2 ORDER BY {BEGUN}, a.event"
        ))?;
        query.query_map(params![from, to], Written::read)?.collect()
    }

    fn originals(&self, from: i64, to: i64) -> rusqlite::Result<HashMap<(String, i32), Vec<Original>>> {
        let prunings = Prunings::read(&self.connection)?;
        let mut query = self.connection.prepare(&format!(
            "SELECT e.reference, e.attempt, e.sequence, e.at, e.kind, e.response_hash, e.payload ->> 'server_date', r.body
             FROM attempts a
             JOIN events e ON e.reference = a.reference AND e.attempt = a.attempt
             LEFT JOIN responses r ON r.event = e.sequence
             WHERE e.response_hash IS NOT NULL AND {BEGUN} >= ?1 AND {BEGUN} < ?2 ORDER BY e.sequence",
        ))?;
        let mut rows = query.query(params![from, to])?;
        let mut originals: HashMap<_, Vec<_>> = HashMap::new();
        while let Some(row) = rows.next()? {
            let (event, expected, body): (i64, Hash, Option<Vec<u8>>) = (row.get(2)?, row.get(5)?, row.get(7)?);
            let body = match body {
                Some(body) if hash::of(&body) == expected => Body::AsReceived(body),
                None if prunings.removed(event, row.get(6)?) => Body::Pruned,
                None | Some(_) => Body::Damaged,
            };
            let (at, kind, sha256) = (row.get(3)?, row.get(4)?, hash::to_hex(&expected));
            let key = (row.get(0)?, row.get(1)?);
            originals.entry(key).or_default().push(Original { event, at, kind, sha256, body });
        }
        Ok(originals)
    }
}
