//! What the till logs in with: device code, refresh token, access token. They are in the same file, because they belong to
//! the till as its payments do. They are outside the chain, because an old token must not stay for ever.

use rusqlite::{OptionalExtension, params};

use crate::error::Result;
use crate::journal::store::credential::{self, Credential};
use crate::journal::store::fault;
use crate::journal::store::journal::Journal;

impl Journal {
    /// The code of the device that the till was registered as.
    pub fn device_code(&self) -> Result<Option<String>> {
        credential::device_code(&self.connection).map_err(fault::sqlite("reading the device code"))
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
        self.may_write()?;
        let row = params![name, credential.value, credential.expires_at];
        let kept = self.connection.execute("REPLACE INTO credentials VALUES (?1, ?2, ?3)", row);
        kept.map(|_| ()).map_err(fault::sqlite("writing a credential")).inspect_err(|_| self.fail())
    }
}
