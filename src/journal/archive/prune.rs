//! What has been kept for long enough is removed: the server's responses with their receipts, and nothing else.
//!
//! The events stay, all of them, without receipts and account numbers: so the chain is gone through as before from its
//! very first event, the head and the salvage know nothing of pruning, and a reference that was used stays used. The
//! `pruned` event says which responses are gone, in the same transaction in which they go; a response that is missing
//! without such an event is damage.
//!
//! A payment is as old as the service's clock said before its start, and today is at most what that clock has said last:
//! a till's own clock may be set wrong, and what is removed does not come back.

use rusqlite::{Connection, params};
use serde_json::{Value, json};

use crate::error::{Error, Result};
use crate::journal::archive::prunings::Payload;
use crate::journal::store::chain::{Event, Subject};
use crate::journal::store::fault;
use crate::journal::store::journal::Journal;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;

/// How long responses are kept if nothing else is said: the longest that German law asks for, ten years (books and
/// records; booking vouchers eight, since 2025), counted from the end of the calendar year in which they were made, and
/// so eleven years from the payment.
pub const RETENTION_DAYS: u32 = 4018;

const DAY_MS: i64 = 24 * 60 * 60 * 1000;

/// What a pruning has done.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Pruned {
    /// Responses were removed of payments before this: Unix time in milliseconds, UTC. Zero if the service has never
    /// said what time it is: then nothing is old.
    pub before: i64,
    /// How many responses were removed.
    pub responses: usize,
    /// How many bytes these had.
    pub bytes: u64,
    /// How many responses are as old and stay, because something is still to be done about their payments.
    pub kept: usize,
    /// Whether the room was given back to the disk. Otherwise the state file uses it again before it grows.
    pub shrunk: bool,
}

impl Pruned {
    /// `{"before", "responses", "bytes", "kept", "shrunk"}`.
    pub fn to_json(&self) -> Value {
        let Pruned { before, responses, bytes, kept, shrunk } = self;
        json!({ "before": before, "responses": responses, "bytes": bytes, "kept": kept, "shrunk": shrunk })
    }
}

impl Journal {
    /// Removes the server's responses of payments that were begun more than `retention_days` ago, but never those of
    /// payments that are unfinished, or of which the server has not said its own final word. Of a file that is not
    /// whole, nothing is removed: what is left of it is evidence.
    ///
    /// All of them or none, and durable when this returns. To give the room back to the disk the file is written anew
    /// afterwards, for which SQLite needs about twice the room of what stays, once beside the file and once in the
    /// system's directory for temporary files; where that cannot be had, the room stays with the file.
    pub fn prune(&mut self, retention_days: u32, operator: &str, now: &Moment) -> Result<Pruned> {
        if retention_days == 0 {
            return Err(Error::argument("retention_days", "is 0; it must be at least 1"));
        }
        self.may_start()?;
        if let Some(damage) = self.verify()?.first() {
            return Err(fault::damaged(format!("nothing is removed from a file that is not whole: {damage}")));
        }
        let read = fault::sqlite("looking for old responses");
        let Some(today) = last_server_date(&self.connection).map_err(&read)? else { return Ok(Pruned::default()) };
        let before = today.min(now.at).saturating_sub(i64::from(retention_days).saturating_mul(DAY_MS));
        let old = Old::find(&self.connection, before).map_err(&read)?;
        let mut pruned =
            Pruned { before, responses: old.removable.len(), bytes: old.bytes, kept: old.kept.len(), shrunk: false };
        if old.removable.is_empty() {
            return Ok(pruned);
        }
        self.remove(operator, before, old, now).inspect_err(|_| self.fail())?;
        pruned.shrunk = self.shrink();
        Ok(pruned)
    }

    fn remove(&mut self, operator: &str, before: i64, old: Old, now: &Moment) -> Result<()> {
        let doing = "removing old responses";
        let said = Payload { operator: operator.to_owned(), before, responses: old.removable.len(), kept: old.kept };
        // What was removed must not be readable any more in the pages that are free now.
        self.connection.pragma_update(None, "secure_delete", "ON").map_err(fault::sqlite(doing))?;
        let said = serde_json::to_value(said).map_err(|fault| fault::damaged(fault.to_string()))?;
        let event = Event { kind: Kind::Pruned, now, subject: Subject::File(said), response: None };
        self.write_with(&event, doing, |connection| {
            let mut delete = connection.prepare("DELETE FROM responses WHERE event = ?1")?;
            old.removable.iter().try_for_each(|event| delete.execute([event]).map(|_| ()))
        })
    }

    /// Writes the file anew without the free pages. Where that fails, everything is as it was.
    fn shrink(&mut self) -> bool {
        let shrunk = self.connection.execute_batch("VACUUM; PRAGMA wal_checkpoint(TRUNCATE)").is_ok();
        if !shrunk {
            // A write has failed: whatever the reason, it is opened again before anything begins.
            self.fail();
        }
        shrunk
    }
}

/// What the service's clock has said last.
fn last_server_date(connection: &Connection) -> rusqlite::Result<Option<i64>> {
    connection.query_row("SELECT max(server_date) FROM attempts", [], |row| row.get(0))
}

/// The responses of payments that are old.
#[derive(Default)]
struct Old {
    removable: Vec<i64>,
    bytes: u64,
    kept: Vec<i64>,
}

impl Old {
    fn find(connection: &Connection, before: i64) -> rusqlite::Result<Old> {
        let mut query = connection.prepare(
            "SELECT r.event, length(r.body), coalesce(a.unfinished OR a.unproven, 1)
             FROM responses r JOIN events e ON e.sequence = r.event
             LEFT JOIN attempts a ON a.reference = e.reference AND a.attempt = e.attempt
             WHERE e.payload ->> 'server_date' < ?1 ORDER BY r.event",
        )?;
        let mut rows = query.query(params![before])?;
        let mut old = Old::default();
        while let Some(row) = rows.next()? {
            if row.get(2)? {
                old.kept.push(row.get(0)?);
            } else {
                old.removable.push(row.get(0)?);
                old.bytes += u64::from(row.get::<_, u32>(1)?);
            }
        }
        Ok(old)
    }
}
