//! The whole of a long file is gone through when there is time for it, and not when somebody waits: after it was found in
//! another state than closing leaves it in. What is damaged makes the next open go through the whole file at once, and set it
//! aside.

use std::sync::Arc;

use rusqlite::{Connection, ErrorCode};

use crate::error::{Result, Status};
use crate::journal::store::damage::Damage;
use crate::journal::store::journal::{Condition, Journal};
use crate::journal::store::{doubt, fault, walk};

/// Whether somebody wants the file.
pub type IsWanted = Arc<dyn Fn() -> bool + Send + Sync>;

/// So many steps of SQLite's are gone before it is asked whether somebody wants the file: less than a millisecond.
const STEPS: i32 = 10_000;

impl Journal {
    /// Looks something up, `doing` what an error says.
    pub(in crate::journal) fn look_up<T>(
        &self,
        doing: &str,
        find: impl FnOnce(&Connection) -> rusqlite::Result<T>,
    ) -> Result<T> {
        self.met(find(&self.connection).map_err(fault::sqlite(doing)))
    }

    /// Passes on what a look-up has met: where it is a damage, nothing begins any more before the file was opened again.
    pub(in crate::journal) fn met<T>(&self, found: Result<T>) -> Result<T> {
        if found.as_ref().is_err_and(|error| error.status() == Status::StateFileDamaged) {
            self.is_suspect.set(true);
        }
        found
    }

    /// Closes a journal that has failed. Where a damage was met, the next open goes through the whole file.
    pub fn close_failed(self) {
        if self.is_suspect.get() && self.condition != Condition::ReadOnly {
            // Where that cannot be stored, it is met again.
            let _ = doubt::store(&self.connection, true);
        }
    }

    /// Whether the whole file is still to be gone through.
    pub fn is_doubted(&self) -> bool {
        self.doubt.is_some() && !self.has_failed()
    }

    /// Goes through the whole file until somebody wants it; where it was interrupted it goes on the next time. Where something
    /// is damaged the journal counts as failed.
    pub fn go_through(&mut self, is_wanted: &IsWanted) -> Result<()> {
        let Some(doubt) = &mut self.doubt else { return Ok(()) };
        let walk = walk::after(&self.connection, doubt.checked.take(), &**is_wanted)?;
        let (was_interrupted, mut damages) = (walk.was_interrupted, walk.damages);
        doubt.checked = Some(walk.last);
        if damages.is_empty() && !was_interrupted {
            match interruptible(&mut self.connection, is_wanted, &mut damages) {
                Err(fault) if fault.sqlite_error_code() == Some(ErrorCode::OperationInterrupted) => return Ok(()),
                Err(fault) if fault::is_damage(&fault) => damages.push(Damage::of_file(fault)),
                other => other.map_err(fault::sqlite("checking the journal"))?,
            }
        }
        match damages.first() {
            Some(damage) => {
                let damage = fault::damaged(damage.to_string());
                self.met(Err(damage))
            }
            None if was_interrupted => Ok(()),
            None => {
                doubt::settle(&self.connection).map_err(fault::sqlite("writing that the journal is whole"))?;
                self.doubt = None;
                Ok(())
            }
        }
    }
}

fn interruptible(connection: &mut Connection, is_wanted: &IsWanted, damages: &mut Vec<Damage>) -> rusqlite::Result<()> {
    let is_wanted = is_wanted.clone();
    connection.progress_handler(STEPS, Some(move || is_wanted()))?;
    let checked = walk::check_pointers(connection, damages);
    connection.progress_handler(STEPS, None::<fn() -> bool>)?;
    checked
}
