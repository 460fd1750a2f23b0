//! What the chain says of the responses that were removed.

use std::collections::HashSet;

use rusqlite::Connection;
use serde::{Deserialize, Serialize};

/// What a `pruned` event says.
#[derive(Serialize, Deserialize)]
pub(super) struct Payload {
    pub(super) operator: String,
    pub(super) before: i64,
    pub(super) responses: usize,
    /// The events whose responses are old and stay.
    pub(super) kept: Vec<i64>,
}

/// All that the chain says of what was removed.
pub(super) struct Prunings(Vec<Pruning>);

struct Pruning {
    event: i64,
    before: i64,
    kept: HashSet<i64>,
}

impl Prunings {
    pub(super) fn read(connection: &Connection) -> rusqlite::Result<Prunings> {
        let mut query =
            connection.prepare("SELECT sequence, payload FROM events WHERE reference IS NULL AND kind = 'pruned'")?;
        let found = query.query_map([], |row| Ok((row.get(0)?, row.get::<_, String>(1)?)))?;
        let mut prunings = Vec::new();
        for found in found {
            let (event, payload) = found?;
            // One that cannot be read allows nothing to be missing.
            if let Ok(said) = serde_json::from_str::<Payload>(&payload) {
                prunings.push(Pruning { event, before: said.before, kept: said.kept.into_iter().collect() });
            }
        }
        Ok(Prunings(prunings))
    }

    /// Whether the response of this event, of a payment with this date of the service, has been removed.
    pub(super) fn removed(&self, event: i64, server_date: Option<i64>) -> bool {
        server_date.is_some_and(|date| {
            let covers = |one: &Pruning| event < one.event && date < one.before && !one.kept.contains(&event);
            self.0.iter().any(covers)
        })
    }
}
