//! The row of `attempts` that points at an attempt's newest event, which holds the attempt whole. Beside that it has what is
//! searched for, and nothing else. It is written, and compared with its event, nowhere but here.

use std::sync::LazyLock;

use rusqlite::types::{Value, ValueRef};
use rusqlite::{Connection, OptionalExtension, ToSql, params, params_from_iter};

use crate::journal::store::kind::Kind;
use crate::payment::attempt::Attempt;
use crate::payment::state::State;

/// The columns that are searched. Two are not among them, because what they say is not in the newest event: `began` is the number
/// of the event with which a start became possible and stays as it was written, `ended` that of the event by which it became
/// final last; each is 0 where there was none.
const SEARCHED: [&str; 14] = [
    "state",
    "amount",
    "currency",
    "created_at",
    "receipt_number",
    "unfinished",
    "unproven",
    "conflict",
    "transaction_id",
    "server_date",
    "terminal",
    "needs_a_person",
    "may_be_doubled",
    "brand",
];

/// What stands in these columns.
fn searched(image: &Attempt) -> [Value; SEARCHED.len()] {
    [
        image.state.name().to_owned().into(),
        image.money.minor.into(),
        image.money.currency.code().to_owned().into(),
        image.created_at.into(),
        image.receipt_number.into(),
        image.is_unfinished().into(),
        image.is_unproven().into(),
        image.conflict.is_some().into(),
        image.transaction_id.clone().into(),
        image.server_date.into(),
        image.terminal.clone().into(),
        image.needs_a_person().into(),
        image.may_be_doubled().into(),
        image.brand.clone().into(),
    ]
}

/// Whether an event of this kind is the one with which a start became possible, as far as this file knows.
fn begins(kind: &str) -> bool {
    [Kind::Starting, Kind::Salvaged].map(Kind::name).contains(&kind)
}

/// Whether it became final by an event of this kind, as far as this file knows.
fn ends(kind: &str) -> bool {
    [Kind::Finished, Kind::Salvaged].map(Kind::name).contains(&kind)
}

static INSERT: LazyLock<String> = LazyLock::new(|| {
    let (columns, values) = (SEARCHED.join(", "), places());
    format!(
        "INSERT INTO attempts (reference, attempt, event, began, ended, {columns}) VALUES (?1, ?2, ?3, ?4, ?5, {values})"
    )
});

static UPDATE: LazyLock<String> = LazyLock::new(|| {
    let (columns, values) = (SEARCHED.join(", "), places());
    format!(
        "UPDATE attempts SET event = ?3, ended = iif(?5, ?3, ended), ({columns}) = ({values})
         WHERE reference = ?1 AND attempt = ?2 AND state = ?4"
    )
});

static SELECT: LazyLock<String> = LazyLock::new(|| {
    let columns = SEARCHED.join(", ");
    format!("SELECT event, began, ended, {columns} FROM attempts WHERE reference = ?1 AND attempt = ?2")
});

/// `?6, ?7, …`, one for each of the searched columns.
fn places() -> String {
    (0..SEARCHED.len()).map(|column| format!("?{}", column + 6)).collect::<Vec<_>>().join(", ")
}

/// Points a new attempt at its first event, which is of this kind.
pub(super) fn insert(connection: &Connection, image: &Attempt, kind: Kind, event: i64) -> rusqlite::Result<()> {
    let (began, ended) = (begins(kind.name()).then_some(event), ends(kind.name()).then_some(event));
    let reference = image.reference.clone();
    let key: [Value; 5] = [
        reference.into(),
        image.attempt.into(),
        event.into(),
        began.unwrap_or_default().into(),
        ended.unwrap_or_default().into(),
    ];
    changes_one(connection, &INSERT, key.into_iter().chain(searched(image)))
}

/// Points an attempt at this event, which is of this kind. Compare and swap: only where it still stands where it was found.
pub(super) fn update(
    connection: &Connection,
    image: &Attempt,
    from: State,
    kind: &str,
    event: i64,
) -> rusqlite::Result<()> {
    let (reference, from) = (image.reference.clone(), from.name().to_owned());
    let key: [Value; 5] = [reference.into(), image.attempt.into(), event.into(), from.into(), ends(kind).into()];
    changes_one(connection, &UPDATE, key.into_iter().chain(searched(image)))
}

fn changes_one(
    connection: &Connection,
    statement: &str,
    values: impl IntoIterator<Item: ToSql>,
) -> rusqlite::Result<()> {
    let changed = connection.prepare_cached(statement)?.execute(params_from_iter(values))?;
    if changed == 1 { Ok(()) } else { Err(rusqlite::Error::StatementChangedRows(changed)) }
}

/// An event that is about an attempt.
pub(super) struct OfAttempt<'a> {
    pub(super) sequence: i64,
    pub(super) kind: &'a str,
    pub(super) reference: &'a str,
    pub(super) attempt: i32,
    pub(super) payload: &'a str,
}

/// What is wrong with the row of the attempt that this event is about, if anything is.
pub(super) fn fault(connection: &Connection, event: &OfAttempt<'_>) -> rusqlite::Result<Option<&'static str>> {
    const WRONG: Option<&str> = Some("it does not say what its last event says");
    let mut query = connection.prepare_cached(&SELECT)?;
    let fault = query.query_row(params![event.reference, event.attempt], |row| {
        let (newest, began, ended): (i64, i64, i64) = (row.get(0)?, row.get(1)?, row.get(2)?);
        let is_older = newest < event.sequence || ends(event.kind) && ended < event.sequence;
        if is_older || begins(event.kind) && !(1..=event.sequence).contains(&began) {
            return Ok(WRONG);
        }
        if newest > event.sequence {
            return Ok(None);
        }
        let Ok(image) = serde_json::from_str::<Attempt>(event.payload) else { return Ok(WRONG) };
        for (place, value) in searched(&image).iter().enumerate() {
            if row.get_ref(place + 3)? != ValueRef::from(value) {
                return Ok(WRONG);
            }
        }
        Ok(if image.reference == event.reference && image.attempt == event.attempt { None } else { WRONG })
    });
    Ok(fault.optional()?.unwrap_or(Some("its row is missing")))
}

/// A row that points at another attempt's events, or at none: its key and what it points at.
pub(super) type Stray = ((String, i32), i64);

/// All rows that do.
pub(super) fn strays(connection: &Connection) -> rusqlite::Result<Vec<Stray>> {
    let mut query = connection.prepare(
        "SELECT a.reference, a.attempt, a.event FROM attempts a
         LEFT JOIN events newest ON newest.sequence = a.event
         LEFT JOIN events first ON first.sequence = a.began
         LEFT JOIN events last ON last.sequence = a.ended
         WHERE newest.reference IS NOT a.reference OR newest.attempt IS NOT a.attempt OR a.began <> 0 AND
             (first.reference IS NOT a.reference OR first.attempt IS NOT a.attempt
              OR first.kind NOT IN ('starting', 'salvaged'))
             OR a.ended <> 0 AND (last.reference IS NOT a.reference OR last.attempt IS NOT a.attempt
              OR last.kind NOT IN ('finished', 'salvaged'))",
    )?;
    let strays = query.query_map([], |row| Ok(((row.get(0)?, row.get(1)?), row.get(2)?)))?;
    strays.collect()
}

/// Fills the columns of a file that an older version has written.
pub(super) fn renew(connection: &Connection) -> rusqlite::Result<()> {
    connection.execute(
        "UPDATE attempts SET
             began = coalesce((SELECT min(e.sequence) FROM events e WHERE e.reference = attempts.reference
                 AND e.attempt = attempts.attempt AND e.kind IN ('starting', 'salvaged')), 0),
             ended = coalesce((SELECT max(e.sequence) FROM events e WHERE e.reference = attempts.reference
                 AND e.attempt = attempts.attempt AND e.kind IN ('finished', 'salvaged')), 0)",
        [],
    )?;
    let mut newest = connection
        .prepare("SELECT e.payload, e.kind, a.event FROM attempts a JOIN events e ON e.sequence = a.event")?;
    let mut rows = newest.query([])?;
    while let Some(row) = rows.next()? {
        // What cannot be read was damage already, and is found as that.
        if let Ok(image) = serde_json::from_str::<Attempt>(&row.get::<_, String>(0)?) {
            update(connection, &image, image.state, &row.get::<_, String>(1)?, row.get(2)?)?;
        }
    }
    Ok(())
}
