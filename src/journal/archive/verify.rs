//! Whether the state file is whole: the chain of events, the attempts that point at them, and the responses.

use rusqlite::Connection;

use crate::error::Result;
use crate::journal::archive::prunings::Prunings;
use crate::journal::store::damage::{Damage, collect};
use crate::journal::store::hash::{self, Hash};
use crate::journal::store::journal::Journal;
use crate::journal::store::walk;

impl Journal {
    /// Goes through the whole file, responses and SQLite's own structure included, and names every damaged row. The
    /// chain alone, which takes about as long as reading it, is gone through at each open.
    pub fn verify(&self) -> Result<Vec<Damage>> {
        let mut found = walk::whole(&self.connection)?.damages;
        collect(&mut found, |found| check_responses(&self.connection, found))?;
        collect(&mut found, |found| check_structure(&self.connection, found))?;
        Ok(found)
    }
}

/// A response must be there as it was received, unless the chain says that it was pruned.
fn check_responses(connection: &Connection, found: &mut Vec<Damage>) -> rusqlite::Result<()> {
    let prunings = Prunings::read(connection)?;
    let mut query = connection.prepare(
        "SELECT e.sequence, e.reference, e.attempt, e.response_hash, e.payload ->> 'server_date', r.body
         FROM events e LEFT JOIN responses r ON r.event = e.sequence WHERE e.response_hash IS NOT NULL",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (event, expected, body): (i64, Hash, Option<Vec<u8>>) = (row.get(0)?, row.get(3)?, row.get(5)?);
        let is_pruned = prunings.removed(event, row.get(4)?);
        let fault = match body {
            None if is_pruned => continue,
            Some(_) if is_pruned => "its response was pruned and is there again",
            Some(body) if hash::of(&body) == expected => continue,
            None | Some(_) => "its response is not as it was received",
        };
        let attempt = row.get::<_, Option<String>>(1)?.zip(row.get(2)?);
        found.push(Damage { event: Some(event), attempt, fault: fault.into() });
    }
    Ok(())
}

fn check_structure(connection: &Connection, found: &mut Vec<Damage>) -> rusqlite::Result<()> {
    let mut query = connection.prepare("PRAGMA integrity_check(20)")?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let said: String = row.get(0)?;
        if said != "ok" {
            found.push(Damage::of_file(said));
        }
    }
    Ok(())
}
