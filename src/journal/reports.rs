//! The end of the terminal's day. It stands here before it may be sent, and its result follows. One without a result may
//! have been run.

use std::collections::BTreeMap;

use rusqlite::{Row, params};
use serde_json::json;

use crate::error::Result;
use crate::journal::store::chain::{Event, Subject};
use crate::journal::store::journal::Journal;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;
use crate::payment::attempt::Attempt;

/// The end of a day, as it stands on disk.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct EndOfDay {
    /// The number of the event that it began with.
    pub event: i64,
    /// When the request became possible: Unix milliseconds, UTC.
    pub begun_at: i64,
    /// What became of it, in the flow's word; none if that was never learnt.
    pub outcome: Option<String>,
}

/// Approved payments of one brand.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Approved {
    /// The brand as their receipts print it, where they name one.
    pub brand: Option<String>,
    /// How many they are.
    pub payments: i64,
    /// When the first of them was begun: Unix milliseconds, UTC.
    pub since: i64,
}

impl Journal {
    /// Stores that the end of the day may be sent from here on, and returns the event's number. Only then may the first
    /// byte be written.
    pub fn begin_end_of_day(&mut self, forced: bool, action: &str, now: &Moment) -> Result<i64> {
        self.may_start()?;
        self.reserve_room()?;
        let event = self.next_event();
        let subject = Subject::File(json!({ "report": "end_of_day", "forced": forced, "action": action }));
        self.write(&Event { kind: Kind::ReportStarting, now, subject, response: None })?;
        Ok(event)
    }

    /// Stores what became of it, with the server's whole answer.
    pub fn end_report(&mut self, event: i64, outcome: &str, response: Option<&[u8]>, now: &Moment) -> Result<()> {
        let subject = Subject::File(json!({ "began": event, "outcome": outcome }));
        self.write(&Event { kind: Kind::ReportEnded, now, subject, response })
    }

    /// All ends of days that were begun after this event. Oldest first.
    pub fn ends_of_days(&self, after: i64) -> Result<Vec<EndOfDay>> {
        self.look_up("reading the ends of the days", |connection| {
            // In one pass: there is one of them each day, for years.
            let mut query = connection.prepare_cached(
                "SELECT sequence, at, kind = 'report_starting', payload ->> 'began', payload ->> 'outcome' FROM events
                 WHERE reference IS NULL AND kind IN ('report_starting', 'report_ended') AND sequence > ?1
                 ORDER BY sequence",
            )?;
            let mut rows = query.query([after])?;
            let mut days: BTreeMap<i64, EndOfDay> = BTreeMap::new();
            while let Some(row) = rows.next()? {
                let (event, begun_at, is_beginning) = (row.get(0)?, row.get(1)?, row.get(2)?);
                let began: Option<i64> = row.get(3)?;
                if is_beginning {
                    days.insert(event, EndOfDay { event, begun_at, outcome: None });
                } else if let Some(day) = began.and_then(|began| days.get_mut(&began)) {
                    day.outcome = row.get(4)?;
                }
            }
            Ok(days.into_values().collect())
        })
    }

    /// The event with which this attempt's start became possible; 0 if it is older than this file.
    pub fn started_by(&self, attempt: &Attempt) -> Result<i64> {
        let query = "SELECT began FROM attempts WHERE reference = ?1 AND attempt = ?2";
        let values = params![attempt.reference, attempt.attempt];
        self.look_up("reading the beginning of an attempt", |connection| {
            connection.prepare_cached(query)?.query_row(values, |row| row.get(0))
        })
    }

    /// What is approved and became final, or was salvaged, after this event.
    pub fn approved_after(&self, event: i64) -> Result<Vec<Approved>> {
        let query = "SELECT brand, count(*), min(created_at) FROM attempts
             WHERE state = 'approved' AND ended > ?1 GROUP BY brand";
        self.look_up("counting what was approved", |connection| {
            let mut query = connection.prepare_cached(query)?;
            let read = |row: &Row<'_>| Ok(Approved { brand: row.get(0)?, payments: row.get(1)?, since: row.get(2)? });
            query.query_map([event], read)?.collect()
        })
    }
}
