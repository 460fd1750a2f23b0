//! The till's journal, shared by the thread that calls and the one that pays. Where a write has failed it is opened anew,
//! which verifies it and writes to it, before anything else is done with it; a result that could not be stored is stored then.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::error::{Error, Result, Status};
use crate::journal::{Identity, IfMissing, IsWanted, Journal, Moment, Opening};
use crate::os::files::Access;
use crate::payment::voice::Told;
use crate::till::clock::Clock;

/// An attempt's name.
pub(crate) type Key = (String, i32);

/// One till's state file. Held for single steps only, never while something is waited for.
#[derive(Clone)]
pub(crate) struct StateFile {
    held: Arc<Mutex<Held>>,
    /// How many wait for it.
    wanted: Arc<AtomicUsize>,
}

/// Where it is and whose it should be.
pub(crate) struct Place {
    pub(crate) path: PathBuf,
    pub(crate) head_file: Option<PathBuf>,
    pub(crate) access: Access,
    pub(crate) identity: Identity,
}

impl Place {
    pub(crate) fn opening(&self, if_missing: IfMissing) -> Opening<'_> {
        let Place { path, head_file, access, identity } = self;
        Opening { path, head_file: head_file.as_deref(), access, identity, if_missing }
    }
}

/// What is known and could not be stored.
type Unstored = Box<dyn FnMut(&mut Journal, &Moment) -> Result<()> + Send>;

pub(crate) struct Held {
    place: Place,
    clock: Arc<dyn Clock>,
    journal: Option<Journal>,
    unstored: Vec<Unstored>,
    /// What this process was told of each attempt, and so what it takes over.
    pub(crate) told: BTreeMap<Key, Told>,
    /// Whether what is asked for with money is stored when it is told; otherwise the caller says when it was.
    pub(crate) stores_demands: bool,
    is_closed: bool,
}

impl StateFile {
    pub(crate) fn open(
        place: Place,
        if_missing: IfMissing,
        clock: Arc<dyn Clock>,
        stores_demands: bool,
    ) -> Result<Self> {
        let journal = Some(Journal::open(&place.opening(if_missing), &clock.moment())?);
        let (unstored, told) = (Vec::new(), BTreeMap::new());
        let held = Held { place, clock, journal, unstored, told, stores_demands, is_closed: false };
        Ok(StateFile { held: Arc::new(Mutex::new(held)), wanted: Arc::default() })
    }

    /// For this step alone.
    pub(crate) fn hold(&self) -> MutexGuard<'_, Held> {
        self.wanted.fetch_add(1, Ordering::SeqCst);
        let held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        self.wanted.fetch_sub(1, Ordering::SeqCst);
        held
    }

    /// The same, if nobody holds it: in a forked child whoever held it is gone for ever.
    pub(crate) fn try_hold(&self) -> Option<MutexGuard<'_, Held>> {
        self.held.try_lock().ok()
    }

    /// Whether the whole of a long file is still to be gone through.
    pub(crate) fn is_doubted(&self) -> bool {
        self.hold().journal.as_ref().is_some_and(Journal::is_doubted)
    }

    /// Goes on with that until somebody wants the file. What is found wrong is dealt with when that is opened anew.
    pub(crate) fn go_through(&self) {
        let wanted = self.wanted.clone();
        let is_wanted: IsWanted = Arc::new(move || wanted.load(Ordering::SeqCst) > 0);
        let mut held = self.hold();
        let _ = held.journal().and_then(|journal| journal.go_through(&is_wanted));
    }
}

impl Held {
    /// What the clocks show.
    pub(crate) fn now(&self) -> Moment {
        self.clock.moment()
    }

    /// The journal as it is: for results, which are written wherever that can be tried, and for looking.
    pub(crate) fn journal(&mut self) -> Result<&mut Journal> {
        if self.is_closed {
            return Err(Error::new(Status::InvalidState, "the till has been closed"));
        }
        let journal = match self.journal.take() {
            Some(open) => open,
            None => self.reopened()?,
        };
        Ok(self.journal.insert(journal))
    }

    fn reopened(&mut self) -> Result<Journal> {
        let now = self.clock.moment();
        let mut journal = Journal::open(&self.place.opening(IfMissing::Refuse), &now)?;
        self.unstored.retain_mut(|store| store(&mut journal, &now).is_err());
        Ok(journal)
    }

    /// What could not be stored now is stored when the file is opened again.
    pub(crate) fn store_later(&mut self, store: impl FnMut(&mut Journal, &Moment) -> Result<()> + Send + 'static) {
        self.unstored.push(Box::new(store));
    }

    /// The till is that device from here on.
    pub(crate) fn rename(&mut self, identity: Identity) {
        self.place.identity = identity;
    }

    /// Lets go of the file for good, so that it can be opened again at once.
    pub(crate) fn close(&mut self) {
        self.journal = None;
        self.is_closed = true;
    }

    /// Lets go of the parent's file in a forked child, without touching it.
    pub(crate) fn abandon(&mut self) {
        if let Some(journal) = self.journal.take() {
            journal.abandon();
        }
        self.is_closed = true;
    }

    /// Whatever was being done with it may be half done.
    pub(crate) fn distrust(&mut self) {
        self.journal = None;
    }

    /// The journal, sound: for whatever a payment may begin with.
    pub(crate) fn sound_journal(&mut self) -> Result<&mut Journal> {
        // Closed first: the lock is its.
        if let Some(failed) = self.journal.take_if(|journal| journal.has_failed()) {
            failed.close_failed();
        }
        let journal = self.journal()?;
        if !journal.has_failed() {
            return Ok(journal);
        }
        Err(Error::new(Status::JournalFailed, "the state file could not be written"))
    }
}
