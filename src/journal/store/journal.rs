//! The open state file of one till: whether it may be written, and how an event is written together with its head.

use std::cell::Cell;
use std::fmt;
use std::path::PathBuf;

use rusqlite::Connection;

use crate::error::{Error, Result, Status};
use crate::journal::store::chain::{self, Event, Link};
use crate::journal::store::doubt::Doubt;
use crate::journal::store::head::Head;
use crate::journal::store::identity::Identity;
use crate::journal::store::kind::Kind;
use crate::journal::store::lock::Lock;
use crate::journal::store::reserve::Reserve;
use crate::journal::store::till_time::Moment;
use crate::journal::store::{fault, schema};

/// The open state file of one till.
///
/// One owner, one thread at a time. Where a write has failed, no payment begins any more: drop it and open it again,
/// which verifies the file and writes to it.
pub struct Journal {
    pub(super) path: PathBuf,
    pub(in crate::journal) identity: Identity,
    pub(in crate::journal) connection: Connection,
    pub(super) last: Link,
    pub(super) head: Head,
    pub(super) reserve: Reserve,
    pub(super) condition: Condition,
    /// What was looked up was damaged.
    pub(super) is_suspect: Cell<bool>,
    /// Something speaks against trusting the whole file, and it has not been gone through since.
    pub(super) doubt: Option<Doubt>,
    // Last, because fields are dropped in this order: the lock outlives the connection.
    pub(super) lock: Lock,
}

/// Whether the journal may be written, and whether a payment may begin.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Condition {
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
    /// Whether a write has failed or a damage was met, so that it must be opened again before anything begins.
    pub fn has_failed(&self) -> bool {
        self.condition == Condition::Failed || self.is_suspect.get()
    }

    /// From here on a write counts as failed.
    pub(in crate::journal) fn fail(&mut self) {
        self.condition = Condition::Failed;
    }

    /// Lets go of the parent's file in a forked child, without touching it: nothing is brought from its log into it.
    pub(crate) fn abandon(self) {
        let _ = schema::leave_on_close(&self.connection);
    }

    /// Till time now.
    pub fn till(&self, now: &Moment) -> i64 {
        self.last.clock.at(now).till
    }

    /// The number that the next event will have.
    pub(in crate::journal) fn next_event(&self) -> i64 {
        self.last.next()
    }

    /// Whether a payment may begin, and if not, why.
    pub fn may_start(&self) -> Result<()> {
        let refuse = |status, fault: &str| Err(Error::new(status, format!("{} {fault}", self.path.display())));
        match self.condition {
            _ if self.is_suspect.get() => refuse(Status::JournalFailed, "is damaged; it must be opened again"),
            Condition::Whole => Ok(()),
            Condition::InRecovery => {
                refuse(Status::StateFileDamaged, "was damaged or lost; accept_journal_loss must be called first")
            }
            Condition::ReadOnly => {
                refuse(Status::StateFileTooNew, "was written by the next version; it can only be read")
            }
            Condition::Failed => refuse(Status::JournalFailed, "could not be written; it must be opened again"),
        }
    }

    /// A result is written wherever that can be tried: it cannot be had a second time.
    pub(in crate::journal) fn may_write(&self) -> Result<()> {
        if self.condition == Condition::ReadOnly { self.may_start() } else { Ok(()) }
    }

    /// Makes sure that there is room for the response of what begins now.
    pub(in crate::journal) fn reserve_room(&self) -> Result<()> {
        self.reserve.acquire().map_err(fault::file("keeping room for the result beside", &self.path))
    }

    /// Writes one event and its head. When this returns, the event is durable, and so is its head where it must be.
    pub(in crate::journal) fn write(&mut self, event: &Event<'_>) -> Result<()> {
        if event.kind.begins() { self.may_start() } else { self.may_write() }?;
        let written = self.append(event).and_then(|()| self.write_head(event.kind));
        written.inspect_err(|_| self.fail())
    }

    /// Writes one event and its head, and together with the event whatever `also` does, all or none. It never uses the
    /// room that is kept for a result.
    pub(in crate::journal) fn write_with(
        &mut self,
        event: &Event<'_>,
        doing: &str,
        also: impl FnOnce(&Connection) -> rusqlite::Result<()>,
    ) -> Result<()> {
        let events = std::slice::from_ref(event);
        let written = chain::append_and(&self.connection, &self.last, events, also).map_err(fault::sqlite(doing));
        let written = written.and_then(|last| {
            self.last = last;
            self.write_head(event.kind)
        });
        written.inspect_err(|_| self.fail())
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

    fn write_head(&mut self, kind: Kind) -> Result<()> {
        let written = if kind.may_be_asked_again() { self.head.note(&self.last) } else { self.head.write(&self.last) };
        written.map_err(fault::file("writing the head of", &self.path))
    }
}

impl fmt::Debug for Journal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Journal").field("path", &self.path).field("condition", &self.condition).finish_non_exhaustive()
    }
}
