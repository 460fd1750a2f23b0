//! What the till logs in with: device code, refresh token, access token. In the same file, because they are as much the
//! till's as its payments are; outside the chain, because an old token must not stay for ever.

use std::fmt;

use rusqlite::{Connection, OptionalExtension, params};
use serde_json::json;

use crate::error::Result;
use crate::journal::chain::{Event, Kind, Subject};
use crate::journal::identity::Identity;
use crate::journal::till_time::Moment;
use crate::journal::{Condition, Journal, chain, fault};

/// A secret text, and until when it is good for something. `Debug` never shows it.
#[derive(Clone, PartialEq, Eq)]
pub struct Credential {
    /// The secret.
    pub value: String,
    /// When it expires: Unix time in milliseconds, UTC.
    pub expires_at: Option<i64>,
}

impl fmt::Debug for Credential {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Credential").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// The name of the code of the device that the till was registered as.
pub(super) const DEVICE_CODE: &str = "device_code";

/// The code of the device that the till was registered as, as it stands in the file.
pub(super) fn device_code(connection: &Connection) -> rusqlite::Result<Option<String>> {
    let query = "SELECT value FROM credentials WHERE name = ?1";
    connection.query_row(query, [DEVICE_CODE], |row| row.get(0)).optional()
}

impl Journal {
    /// The code of the device that the till was registered as.
    pub fn device_code(&self) -> Result<Option<String>> {
        device_code(&self.connection).map_err(fault::sqlite("reading the device code"))
    }

    /// Stores that the till was registered as this device, and binds the file to it: from here on it opens for a till that
    /// brings this code or none. Returns whose it is then. What was logged in with before is forgotten. All of it or nothing.
    pub fn register(&mut self, device_code: &str, now: &Moment) -> Result<Identity> {
        self.may_write()?;
        let bound = self.identity.registered(device_code);
        let subject = Subject::File(json!({ "identity": bound }));
        let event = Event { kind: Kind::Registered, now, subject, response: None };
        let registered = chain::append_and(&self.connection, &self.last, &[event], |connection| {
            connection.execute("DELETE FROM credentials", [])?;
            let row = params![DEVICE_CODE, device_code];
            connection.execute("INSERT INTO credentials VALUES (?1, ?2, NULL)", row).map(|_| ())
        });
        let written = registered.map_err(fault::sqlite("writing the registration")).and_then(|last| {
            self.last = last;
            self.write_head()
        });
        match written {
            Ok(()) => self.identity = bound.clone(),
            Err(_) => self.condition = Condition::Failed,
        }
        written.map(|()| bound)
    }

    /// The credential of this name, as last kept.
    pub fn credential(&self, name: &str) -> Result<Option<Credential>> {
        self.connection
            .query_row("SELECT value, expires_at FROM credentials WHERE name = ?1", [name], |row| {
                Ok(Credential { value: row.get(0)?, expires_at: row.get(1)? })
            })
            .optional()
            .map_err(fault::sqlite("reading a credential"))
    }

    /// Keeps a credential in the place of the one of the same name. When this returns, it is durable.
    pub fn keep_credential(&mut self, name: &str, credential: &Credential) -> Result<()> {
        let row = params![name, credential.value, credential.expires_at];
        self.change_credentials("REPLACE INTO credentials VALUES (?1, ?2, ?3)", row)
    }

    /// Forgets a credential. When this returns, that is durable.
    pub fn forget_credential(&mut self, name: &str) -> Result<()> {
        self.change_credentials("DELETE FROM credentials WHERE name = ?1", params![name])
    }

    fn change_credentials(&mut self, statement: &str, row: &[&dyn rusqlite::ToSql]) -> Result<()> {
        self.may_write()?;
        let changed = self.connection.execute(statement, row).map_err(fault::sqlite("writing a credential"));
        if changed.is_err() {
            self.condition = Condition::Failed;
        }
        changed.map(|_| ())
    }
}
