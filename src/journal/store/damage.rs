//! What is wrong with a state file, row by row.

use std::fmt;

use serde_json::{Value, json};

use crate::error::{Result, Status};
use crate::journal::store::chain::Written;
use crate::journal::store::fault;

/// A row of the state file that is not as it was written.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Damage {
    /// The event's number, if the damage has one.
    pub event: Option<i64>,
    /// The attempt it belongs to, if it belongs to one: reference and number.
    pub attempt: Option<(String, i32)>,
    /// What is wrong with it.
    pub fault: String,
}

impl Damage {
    /// `{"event", "reference", "attempt", "fault"}`, null where it is of the whole file.
    pub fn to_json(&self) -> Value {
        let (reference, attempt) = self.attempt.clone().unzip();
        json!({ "event": self.event, "reference": reference, "attempt": attempt, "fault": self.fault })
    }

    pub(super) fn of_event(event: &Written, fault: &str) -> Damage {
        let attempt = event.reference.clone().zip(event.attempt);
        Damage { event: Some(event.sequence), attempt, fault: fault.to_owned() }
    }

    pub(in crate::journal) fn of_file(fault: impl fmt::Display) -> Damage {
        Damage { event: None, attempt: None, fault: fault.to_string() }
    }
}

impl fmt::Display for Damage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(event) = self.event {
            write!(f, "event {event}: ")?;
        }
        if let Some((reference, attempt)) = &self.attempt {
            write!(f, "reference {reference:?}, attempt {attempt}: ")?;
        }
        f.write_str(&self.fault)
    }
}

/// Runs one check. Content that SQLite cannot read is a damage too; a disk that cannot be read is none.
pub(in crate::journal) fn collect(
    found: &mut Vec<Damage>,
    check: impl FnOnce(&mut Vec<Damage>) -> rusqlite::Result<()>,
) -> Result<()> {
    match check(found).map_err(fault::sqlite("reading the journal")) {
        Err(error) if error.status() == Status::StateFileDamaged => found.push(Damage::of_file(error.message())),
        other => other?,
    }
    Ok(())
}
