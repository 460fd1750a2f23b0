//! Whether the state file is whole: the chain of events, the attempts that point at them, and the responses.

use std::collections::HashMap;
use std::fmt;

use rusqlite::Connection;
use serde_json::{Value, json};

use crate::error::{Result, Status};
use crate::journal::chain::{self, Link, Written};
use crate::journal::hash::{self, Hash};
use crate::journal::identity::Identity;
use crate::journal::prune::Prunings;
use crate::journal::{Journal, fault};
use crate::payment::attempt::Attempt;

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

    fn of_event(event: &Written, fault: &str) -> Damage {
        let attempt = event.reference.clone().zip(event.attempt);
        Damage { event: Some(event.sequence), attempt, fault: fault.to_owned() }
    }

    fn of_file(fault: impl fmt::Display) -> Damage {
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

impl Journal {
    /// Goes through the whole file, responses and SQLite's own structure included, and names every damaged row. The
    /// chain alone, which takes about as long as reading it, is gone through at each open.
    pub fn verify(&self) -> Result<Vec<Damage>> {
        let mut found = walk(&self.connection)?.damages;
        collect(&mut found, |found| check_responses(&self.connection, found))?;
        collect(&mut found, |found| check_structure(&self.connection, found))?;
        Ok(found)
    }
}

/// What going through the chain has found.
pub(super) struct Walk {
    /// Its last event.
    pub(super) last: Link,
    /// Whose file it is, as its first event says, or the last one that has bound it anew.
    pub(super) identity: Option<Identity>,
    /// Whether a loss was noticed that nobody has accepted.
    pub(super) in_recovery: bool,
    /// What is not as it was written.
    pub(super) damages: Vec<Damage>,
    /// The last event of each attempt.
    attempts: HashMap<(String, i32), i64>,
}

/// Goes through the chain of events and the attempts, at each open: 0.2 s for 20 000 payments.
pub(super) fn walk(connection: &Connection) -> Result<Walk> {
    let mut walk = Walk {
        last: Link::default(),
        identity: None,
        in_recovery: false,
        damages: Vec::new(),
        attempts: HashMap::new(),
    };
    let mut found = Vec::new();
    collect(&mut found, |found| check_chain(connection, &mut walk, found))?;
    collect(&mut found, |found| check_attempts(connection, &mut walk, found))?;
    walk.damages = found;
    Ok(walk)
}

/// Runs one check. Content that SQLite cannot read is a damage too; a disk that cannot be read is none.
fn collect(found: &mut Vec<Damage>, check: impl FnOnce(&mut Vec<Damage>) -> rusqlite::Result<()>) -> Result<()> {
    match check(found).map_err(fault::sqlite("reading the journal")) {
        Err(error) if error.status() == Status::StateDamaged => found.push(Damage::of_file(error.message())),
        other => other?,
    }
    Ok(())
}

fn check_chain(connection: &Connection, walk: &mut Walk, found: &mut Vec<Damage>) -> rusqlite::Result<()> {
    let mut query = connection.prepare(&format!("SELECT {} FROM events ORDER BY sequence", chain::COLUMNS))?;
    let mut rows = query.query([])?;
    let mut is_first = true;
    while let Some(row) = rows.next()? {
        let event = Written::read(row)?;
        if !event.is_intact() {
            found.push(Damage::of_event(&event, "it is not as it was written"));
        } else if is_first {
            walk.identity = event.identity();
            if walk.identity.is_none() {
                found.push(Damage::of_event(&event, "the events before it are missing"));
            }
        } else if event.previous != walk.last.hash || event.sequence != walk.last.sequence + 1 {
            found.push(Damage::of_event(&event, "it does not follow on the event before it"));
        } else {
            walk.identity = event.identity().or(walk.identity.take());
        }
        is_first = false;
        walk.last = event.link();
        match event.kind.as_str() {
            "recovered" => walk.in_recovery = true,
            "loss_accepted" => walk.in_recovery = false,
            _ => {}
        }
        if let Some(key) = event.reference.zip(event.attempt) {
            walk.attempts.insert(key, event.sequence);
        }
    }
    if is_first {
        found.push(Damage::of_file("there are no events"));
    }
    Ok(())
}

/// Each attempt must point at its last event and say the same.
fn check_attempts(connection: &Connection, walk: &mut Walk, found: &mut Vec<Damage>) -> rusqlite::Result<()> {
    let mut query = connection.prepare(
        "SELECT a.reference, a.attempt, a.event, e.payload, a.state, a.amount, a.currency, a.created_at,
                a.receipt_number, a.unfinished, a.unproven, a.conflict, a.transaction_id
         FROM attempts a LEFT JOIN events e ON e.sequence = a.event",
    )?;
    let mut rows = query.query([])?;
    while let Some(row) = rows.next()? {
        let (key, event): ((String, i32), i64) = ((row.get(0)?, row.get(1)?), row.get(2)?);
        let payload: Option<String> = row.get(3)?;
        let image = payload.and_then(|payload| serde_json::from_str::<Attempt>(&payload).ok());
        let says_the_same = match &image {
            None => false,
            Some(image) => {
                (&image.reference, image.attempt) == (&key.0, key.1)
                    && row.get::<_, String>(4)? == image.state.name()
                    && row.get::<_, i64>(5)? == image.money.minor
                    && row.get::<_, String>(6)? == image.money.currency.code()
                    && row.get::<_, i64>(7)? == image.created_at
                    && row.get::<_, Option<i64>>(8)? == image.receipt_number
                    && row.get::<_, bool>(9)? == image.is_unfinished()
                    && row.get::<_, bool>(10)? == image.is_unproven()
                    && row.get::<_, bool>(11)? == image.conflict.is_some()
                    && row.get::<_, Option<String>>(12)? == image.transaction_id
            }
        };
        if walk.attempts.remove(&key) != Some(event) || !says_the_same {
            let fault = "it does not say what its last event says".to_owned();
            found.push(Damage { event: Some(event), attempt: Some(key), fault });
        }
    }
    for (key, event) in walk.attempts.drain() {
        found.push(Damage { event: Some(event), attempt: Some(key), fault: "its row is missing".to_owned() });
    }
    Ok(())
}

/// A response must be there as it was received, unless it was removed by a pruning that the chain tells of.
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
            Some(body) if hash::of_response(&body) == expected => continue,
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
