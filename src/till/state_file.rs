//! The till's journal, shared by the thread that calls and the one that pays. Where a write has failed it is opened anew,
//! which verifies it and writes to it, before anything else is done with it.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result, Status};
use crate::journal::{Identity, IfMissing, Journal};
use crate::till::clock::Clock;

/// One till's state file. Held for single steps only, never while something is waited for.
#[derive(Clone)]
pub(crate) struct StateFile(Arc<Mutex<Held>>);

pub(crate) struct Held {
    path: PathBuf,
    identity: Identity,
    clock: Arc<dyn Clock>,
    journal: Option<Journal>,
    is_closed: bool,
}

impl StateFile {
    pub(crate) fn open(
        path: PathBuf,
        identity: Identity,
        if_missing: IfMissing,
        clock: Arc<dyn Clock>,
    ) -> Result<Self> {
        let journal = Some(Journal::open(&path, &identity, if_missing, clock.now())?);
        Ok(StateFile(Arc::new(Mutex::new(Held { path, identity, clock, journal, is_closed: false }))))
    }

    /// For this step alone.
    pub(crate) fn hold(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Held {
    /// The journal as it is: for results, which are written wherever that can be tried, and for looking.
    pub(crate) fn journal(&mut self) -> Result<&mut Journal> {
        if self.is_closed {
            return Err(Error::new(Status::InvalidState, "the till has been closed"));
        }
        let journal = match self.journal.take() {
            Some(open) => open,
            None => Journal::open(&self.path, &self.identity, IfMissing::Refuse, self.clock.now())?,
        };
        Ok(self.journal.insert(journal))
    }

    /// Lets go of the file for good, so that it can be opened again at once.
    pub(crate) fn close(&mut self) {
        self.journal = None;
        self.is_closed = true;
    }

    /// Whatever was being done with it may be half done.
    pub(crate) fn distrust(&mut self) {
        self.journal = None;
    }

    /// The journal, sound: for whatever a payment may begin with.
    pub(crate) fn sound_journal(&mut self) -> Result<&mut Journal> {
        if self.journal.as_ref().is_some_and(Journal::has_failed) {
            // Closed first: the lock is its.
            self.journal = None;
        }
        self.journal()
    }
}
