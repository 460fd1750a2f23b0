//! The tables of the state file, how they have grown, and the settings of SQLite.

use std::io::{self, Read};
use std::path::Path;
use std::time::Duration;

use rusqlite::config::DbConfig;
use rusqlite::{Connection, OpenFlags, Transaction};

use crate::journal::store::names::beside;
use crate::journal::store::pointer;
use crate::os::files::{self, Access};

/// What SQLite writes into the header of our files: `SCPS`.
const APPLICATION_ID: u32 = 0x5343_5053;

/// The steps from nothing to the present schema; the file's version is how many of them it has seen. Additive only: the
/// version before must still be able to read.
///
/// `attempts` points at each attempt's last event, see `pointer`. An index that is damaged finds too little in silence: so
/// `totals` says how many there are of what a payment must find, and the rest is checked, see `check`. `doubts` has a row
/// from when a file is found that was not closed until the whole of it has been gone through. A response is removed only while
/// the last event of all says so, see `prune`.
const STEPS: &[&str] = &[
    "
    CREATE TABLE events (
        sequence      INTEGER PRIMARY KEY,
        at            INTEGER NOT NULL,
        kind          TEXT NOT NULL,
        reference     TEXT,
        attempt       INTEGER,
        payload       TEXT NOT NULL,
        response_hash BLOB,
        previous      BLOB NOT NULL,
        hash          BLOB NOT NULL,
        till          INTEGER NOT NULL,
        awake         INTEGER NOT NULL,
        boot          TEXT
    ) STRICT;
    CREATE INDEX events_by_attempt ON events (reference, attempt) WHERE reference IS NOT NULL;
    CREATE INDEX events_of_the_file ON events (kind) WHERE reference IS NULL;
    CREATE TRIGGER events_are_never_changed BEFORE UPDATE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER events_are_never_removed BEFORE DELETE ON events BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TABLE responses (
        event INTEGER PRIMARY KEY REFERENCES events (sequence),
        body  BLOB NOT NULL
    ) STRICT;
    CREATE TRIGGER responses_are_never_changed BEFORE UPDATE ON responses
        BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TRIGGER responses_are_removed_only_when_pruned BEFORE DELETE ON responses
        WHEN NOT EXISTS (
            SELECT 1 FROM events pruned JOIN events own ON own.sequence = old.event
            WHERE pruned.sequence = (SELECT max(sequence) FROM events) AND pruned.kind = 'pruned'
                AND own.payload ->> 'server_date' < pruned.payload ->> 'before'
                AND NOT EXISTS (SELECT 1 FROM json_each(pruned.payload, '$.kept') WHERE value = old.event)
        )
        BEGIN SELECT RAISE(ABORT, 'append only'); END;
    CREATE TABLE attempts (
        reference      TEXT NOT NULL,
        attempt        INTEGER NOT NULL,
        event          INTEGER NOT NULL REFERENCES events (sequence),
        state          TEXT NOT NULL,
        amount         INTEGER NOT NULL,
        currency       TEXT NOT NULL,
        created_at     INTEGER NOT NULL,
        receipt_number INTEGER,
        unfinished     INTEGER NOT NULL,
        unproven       INTEGER NOT NULL,
        conflict       INTEGER NOT NULL,
        transaction_id TEXT,
        PRIMARY KEY (reference, attempt)
    ) STRICT, WITHOUT ROWID;
    CREATE INDEX attempts_by_transaction ON attempts (transaction_id) WHERE transaction_id IS NOT NULL;
    CREATE INDEX attempts_unfinished ON attempts (created_at) WHERE unfinished;
    CREATE INDEX attempts_unproven ON attempts (created_at) WHERE unproven;
    CREATE TABLE credentials (
        name       TEXT PRIMARY KEY,
        value      TEXT NOT NULL,
        expires_at INTEGER
    ) STRICT, WITHOUT ROWID;
",
    "
    ALTER TABLE attempts ADD COLUMN began INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN server_date INTEGER;
    ALTER TABLE attempts ADD COLUMN terminal TEXT;
    ALTER TABLE attempts ADD COLUMN needs_a_person INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN may_be_doubled INTEGER NOT NULL DEFAULT 0;
    CREATE INDEX attempts_by_beginning ON attempts (began, receipt_number);
    CREATE INDEX attempts_by_creation ON attempts (created_at);
    CREATE INDEX attempts_by_day ON attempts (coalesce(server_date, created_at));
    CREATE INDEX attempts_by_money ON attempts (amount, currency) WHERE may_be_doubled;
    CREATE INDEX attempts_by_number ON attempts (receipt_number) WHERE receipt_number IS NOT NULL;
    CREATE INDEX attempts_dated ON attempts (began) WHERE server_date IS NOT NULL;
    CREATE INDEX attempts_of_terminals ON attempts (began) WHERE terminal IS NOT NULL;
    CREATE INDEX attempts_that_need_a_person ON attempts (created_at) WHERE needs_a_person;
    CREATE TABLE totals (
        one            INTEGER PRIMARY KEY CHECK (one = 1),
        unfinished     INTEGER NOT NULL,
        unproven       INTEGER NOT NULL,
        needs_a_person INTEGER NOT NULL
    ) STRICT;
    INSERT INTO totals SELECT 1, coalesce(sum(unfinished), 0), coalesce(sum(unproven), 0), 0 FROM attempts;
    CREATE TRIGGER attempts_are_counted AFTER INSERT ON attempts BEGIN
        UPDATE totals SET unfinished = unfinished + new.unfinished, unproven = unproven + new.unproven,
            needs_a_person = needs_a_person + new.needs_a_person;
    END;
    CREATE TRIGGER attempts_are_counted_anew AFTER UPDATE ON attempts BEGIN
        UPDATE totals SET unfinished = unfinished + new.unfinished - old.unfinished,
            unproven = unproven + new.unproven - old.unproven,
            needs_a_person = needs_a_person + new.needs_a_person - old.needs_a_person;
    END;
    CREATE TABLE doubts (
        one        INTEGER PRIMARY KEY CHECK (one = 1),
        is_damaged INTEGER NOT NULL
    ) STRICT;
",
    "
    ALTER TABLE attempts ADD COLUMN ended INTEGER NOT NULL DEFAULT 0;
    ALTER TABLE attempts ADD COLUMN brand TEXT;
    CREATE INDEX attempts_approved ON attempts (ended, brand, created_at) WHERE state = 'approved';
",
];

/// From this version on `attempts` has all that is searched for; before it, [`pointer::renew`] fills that.
const POINTED: i64 = 3;

/// The schema that this secupos writes.
pub(super) const VERSION: i64 = STEPS.len() as i64;

/// Opens an empty file to be filled. Nothing is kept beside it meanwhile, and nothing synced: a crash leaves half a file
/// under a name that nobody reads.
pub(super) fn connect_to_fill(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path)?;
    connection.pragma_update(None, "journal_mode", "MEMORY")?;
    connection.pragma_update(None, "synchronous", "OFF")?;
    Ok(connection)
}

/// The file is full: from its next opening on it has a log.
pub(super) fn give_a_log(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "journal_mode", "WAL")
}

fn open(path: &Path) -> rusqlite::Result<Connection> {
    let flags = OpenFlags::SQLITE_OPEN_READ_WRITE | OpenFlags::SQLITE_OPEN_NO_MUTEX;
    Connection::open_with_flags(files::in_full(path), flags)
}

/// Whether nothing stands in the log, which closing brings into the file.
pub(super) fn has_no_log(path: &Path) -> io::Result<bool> {
    match std::fs::metadata(beside(path, "-wal")) {
        Ok(found) => Ok(found.len() == 0),
        Err(fault) if fault.kind() == io::ErrorKind::NotFound => Ok(true),
        Err(fault) => Err(fault),
    }
}

/// Makes the log of a file that has none, as private as the file: SQLite would give it the rights of the folder on Windows,
/// and elsewhere the group of its user.
pub(super) fn make_log_private(path: &Path, access: &Access) -> io::Result<()> {
    files::open_private(&beside(path, "-wal"), access).map(drop)
}

/// Opens an existing file as SQLite is to treat it. Until [`tidy_on_close`] closing it changes nothing: a damaged file
/// is evidence.
pub(super) fn connect(path: &Path) -> rusqlite::Result<Connection> {
    let connection = open(path)?;
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true)?;
    connection.busy_timeout(Duration::from_secs(5))?;
    // What is bound to a statement does not change how it is carried out: else each is planned anew each time.
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_ENABLE_QPSG, true)?;
    // Exclusive: one process owns the file, and so SQLite needs no shared memory beside it. The sync of macOS reaches
    // the disk only when asked for by name. The last two are against a file that is not as we wrote it.
    connection.pragma_update(None, "locking_mode", "EXCLUSIVE")?;
    connection.pragma_update(None, "journal_mode", "WAL")?;
    for (pragma, value) in [
        ("synchronous", "FULL"),
        ("fullfsync", "ON"),
        ("checkpoint_fullfsync", "ON"),
        ("foreign_keys", "ON"),
        ("trusted_schema", "OFF"),
        ("cell_size_check", "ON"),
    ] {
        connection.pragma_update(None, pragma, value)?;
    }
    Ok(connection)
}

/// From here on, closing it brings the log into the file and removes it.
pub(super) fn tidy_on_close(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, false).map(|_| ())
}

/// From here on, closing it leaves the log as it is.
pub(super) fn leave_on_close(connection: &Connection) -> rusqlite::Result<()> {
    connection.set_db_config(DbConfig::SQLITE_DBCONFIG_NO_CKPT_ON_CLOSE, true).map(|_| ())
}

/// Makes the tables in an empty file.
pub(super) fn create(connection: &Connection) -> rusqlite::Result<()> {
    connection.pragma_update(None, "application_id", APPLICATION_ID)?;
    migrate(connection, 0)?.map_or(Ok(()), Transaction::commit)
}

/// Takes the steps that the file has not seen yet. They are kept when the transaction is committed; none if there are none.
pub(super) fn migrate(connection: &Connection, version: i64) -> rusqlite::Result<Option<Transaction<'_>>> {
    let missing = usize::try_from(version).ok().and_then(|seen| STEPS.get(seen..)).unwrap_or_default();
    if missing.is_empty() {
        return Ok(None);
    }
    let transaction = connection.unchecked_transaction()?;
    missing.iter().try_for_each(|step| transaction.execute_batch(step))?;
    if (1..POINTED).contains(&version) {
        pointer::renew(&transaction)?;
    }
    transaction.pragma_update(None, "user_version", VERSION)?;
    Ok(Some(transaction))
}

/// How many steps the file has seen.
pub(super) fn version(connection: &Connection) -> rusqlite::Result<i64> {
    connection.pragma_query_value(None, "user_version", |row| row.get(0))
}

/// Whether the file says of itself that it is one of ours. Looked up before SQLite may touch it.
pub(super) fn is_ours(path: &Path) -> io::Result<bool> {
    let mut header = Vec::new();
    files::open_to_read(path)?.take(100).read_to_end(&mut header)?;
    Ok(header.starts_with(b"SQLite format 3\0") && header.get(68..72) == Some(&APPLICATION_ID.to_be_bytes()))
}

/// What is wrong with the events, the attempts, their indexes and totals, if anything is.
pub(super) fn index_fault(connection: &Connection) -> rusqlite::Result<Option<String>> {
    for table in ["attempts", "events", "totals"] {
        let mut query = connection.prepare(&format!("PRAGMA integrity_check({table})"))?;
        let said: Vec<String> = query.query_map([], |row| row.get(0))?.collect::<rusqlite::Result<_>>()?;
        if let Some(fault) = said.into_iter().find(|line| line != "ok") {
            return Ok(Some(fault));
        }
    }
    let is_counted_right = connection.query_row(
        "SELECT count(*) = 1 AND max(unfinished) = (SELECT count(*) FROM attempts NOT INDEXED WHERE unfinished)
             AND max(unproven) = (SELECT count(*) FROM attempts NOT INDEXED WHERE unproven)
             AND max(needs_a_person) = (SELECT count(*) FROM attempts NOT INDEXED WHERE needs_a_person) FROM totals",
        [],
        |row| row.get(0),
    )?;
    Ok(if is_counted_right { None } else { Some("the totals of the attempts are wrong".to_owned()) })
}
