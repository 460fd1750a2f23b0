//! The state file of one till: what it has begun, what became of it, and what it must not forget.
//!
//! Nothing is started that does not stand here first, durable; nothing that stands here is ever overwritten. See
//! `docs/payment-safety.md` for what that is good for.
//!
//! - `chain`: the events, of which each carries its attempt whole; `hash`: what binds them; `till_time`: the clock they carry
//! - `steps`: what may happen to an attempt; `queries`: what may be asked; `credentials`: the till's login
//! - `reversing`: the reversal of an attempt; `reports`: the ends of the terminal's days; `noticed`: what the service is like
//! - `opening`: how a file is opened or made; `schema`: its tables; `identity`: whose it is
//! - the archive is all of this: `archived` tells a day as it was received, `export` keeps that in files, `prune` removes
//!   what has been kept for long enough
//! - `verify`: whether it is whole; `recovery`: what happens if it is not; `salvage`: what can still be read
//! - beside it on the disk: `head`, `lock`, `reserve`; their names and rights in `files`

use std::fmt;
use std::path::PathBuf;

use rusqlite::Connection;

use crate::error::{Error, Result, Status};
use crate::journal::chain::{Event, Link};
use crate::journal::head::Head;
use crate::journal::lock::Lock;
use crate::journal::reserve::Reserve;

mod archived;
mod chain;
mod credentials;
mod export;
mod fault;
mod files;
mod hash;
mod head;
mod identity;
mod lock;
mod noticed;
mod opening;
mod prune;
mod queries;
mod recovery;
mod reports;
mod reserve;
mod reversing;
mod salvage;
mod schema;
mod steps;
mod till_time;
mod verify;

pub use archived::{Archived, Body, Original};
pub use credentials::Credential;
pub(crate) use export::{DayFiles, checksum, put};
pub use identity::Identity;
pub use opening::{IfMissing, Opening};
pub use prune::{Pruned, RETENTION_DAYS};
pub use reports::EndOfDay;
pub use reserve::RESPONSE_ROOM;
pub use steps::{NewAttempt, Start, Swap};
pub use till_time::Moment;
pub use verify::Damage;

/// The open state file of one till.
///
/// One owner, one thread at a time. Where a write has failed, no payment begins any more: drop it and open it again,
/// which verifies the file and writes to it.
pub struct Journal {
    path: PathBuf,
    identity: Identity,
    connection: Connection,
    last: Link,
    head: Head,
    reserve: Reserve,
    condition: Condition,
    // Last, because fields are dropped in this order: the lock outlives the connection.
    _lock: Lock,
}

/// Whether the journal may be written, and whether a payment may begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Condition {
    /// As it should be.
    Whole,
    /// Something may have been lost, and nobody has accepted that yet.
    InRecovery,
    /// Written by the version after this one, which this one can only read.
    ReadOnly,
    /// A write has failed.
    Failed,
}

impl Journal {
    /// Whether something may have been lost and nobody has accepted that yet. Until then no payment begins.
    pub fn is_in_recovery(&self) -> bool {
        self.condition == Condition::InRecovery
    }

    /// Whether a write has failed, so that it must be opened again before anything begins.
    pub fn has_failed(&self) -> bool {
        self.condition == Condition::Failed
    }

    /// Lets go of the parent's file in a forked child, without touching it: nothing is brought from its log into it.
    pub(crate) fn abandon(self) {
        let _ = schema::leave_on_close(&self.connection);
    }

    /// Till time now.
    pub fn till(&self, now: &Moment) -> i64 {
        self.last.clock.at(now).till
    }

    /// Why the journal is in recovery; none if it is not.
    pub fn why_in_recovery(&self) -> Result<Option<String>> {
        if !self.is_in_recovery() {
            return Ok(None);
        }
        let query = "SELECT payload ->> 'why' FROM events WHERE reference IS NULL AND kind = 'recovered'
             ORDER BY sequence DESC LIMIT 1";
        let why = self.connection.query_row(query, [], |row| row.get(0));
        why.map(Some).map_err(fault::sqlite("reading the journal"))
    }

    /// Whether a payment may begin, and if not, why.
    pub fn may_start(&self) -> Result<()> {
        let refuse = |status, fault: &str| Err(Error::new(status, format!("{} {fault}", self.path.display())));
        match self.condition {
            Condition::Whole => Ok(()),
            Condition::InRecovery => {
                refuse(Status::StateDamaged, "was damaged or lost; accept_journal_loss must be called first")
            }
            Condition::ReadOnly => refuse(Status::StateTooNew, "was written by the next version; it can only be read"),
            Condition::Failed => refuse(Status::JournalFailed, "could not be written; it must be opened again"),
        }
    }

    /// A result is written wherever that can be tried: it cannot be had a second time.
    fn may_write(&self) -> Result<()> {
        if self.condition == Condition::ReadOnly { self.may_start() } else { Ok(()) }
    }

    /// Writes one event and its head. When this returns, both are durable.
    fn write(&mut self, event: &Event<'_>) -> Result<()> {
        if event.kind.begins() { self.may_start() } else { self.may_write() }?;
        let written = self.append(event).and_then(|()| self.write_head());
        if written.is_err() {
            self.condition = Condition::Failed;
        }
        written
    }

    fn append(&mut self, event: &Event<'_>) -> Result<()> {
        let events = std::slice::from_ref(event);
        let mut written = chain::append(&self.connection, &self.last, events);
        if written.as_ref().is_err_and(fault::is_full) && !event.kind.begins() {
            // This is what the room was kept for. What begins something may not use it.
            self.reserve.release().map_err(fault::file("releasing the room beside", &self.path))?;
            written = chain::append(&self.connection, &self.last, events);
        }
        self.last = written.map_err(fault::sqlite("writing the journal"))?;
        Ok(())
    }

    fn write_head(&mut self) -> Result<()> {
        self.head.write(&self.last).map_err(fault::file("writing the head of", &self.path))
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).field("condition", &self.condition).finish_non_exhaustive()
    }
}
