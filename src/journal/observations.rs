//! What was noticed of the service, for the till's status. It is stored, because another process may be asked for the
//! status than the one that noticed it.

use rusqlite::OptionalExtension;
use serde_json::json;

use crate::error::Result;
use crate::journal::store::chain::{Event, Subject};
use crate::journal::store::fault;
use crate::journal::store::journal::Journal;
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;

impl Journal {
    /// Stores that the service has refused a token that it had just given: somebody else logs in as this device.
    pub fn note_login_taken(&mut self, now: &Moment) -> Result<()> {
        self.write(&Event { kind: Kind::LoginTaken, now, subject: Subject::File(json!({})), response: None })
    }

    /// How often that has happened.
    pub fn logins_taken(&self) -> Result<i64> {
        let query = "SELECT count(*) FROM events WHERE kind = 'login_taken' AND reference IS NULL";
        let counted = self.connection.query_row(query, [], |row| row.get(0));
        counted.map_err(fault::sqlite("counting the logins"))
    }

    /// Stores whether the service's list of transactions can be used, where that is new. Without it nobody notices that the
    /// file was brought back from an older day.
    pub fn note_list(&mut self, is_usable: bool, now: &Moment) -> Result<()> {
        if self.is_list_usable()? == is_usable {
            return Ok(());
        }
        let subject = Subject::File(json!({ "usable": is_usable }));
        self.write(&Event { kind: Kind::ListCompared, now, subject, response: None })
    }

    /// Whether it could be used when it was looked at last.
    pub fn is_list_usable(&self) -> Result<bool> {
        let query = "SELECT payload ->> 'usable' FROM events WHERE kind = 'list_compared' AND reference IS NULL
             ORDER BY sequence DESC LIMIT 1";
        let found = self.connection.query_row(query, [], |row| row.get(0)).optional();
        Ok(found.map_err(fault::sqlite("reading what is known of the list"))?.unwrap_or(true))
    }
}
