//! What the till logs in with: device code, refresh token, access token. In the same file, because they are as much the
//! till's as its payments are; outside the chain, because an old token must not stay for ever.

use std::fmt;

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::journal::{Journal, Standing, fault};

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

impl Journal {
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
            self.standing = Standing::Failed;
        }
        changed.map(|_| ())
    }
}
