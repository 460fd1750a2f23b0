//! Binding the file to somebody else: to the device that the till is registered as, or to another host, device or client
//! because a person says that it is the same till.

use rusqlite::params;
use serde_json::json;

use crate::error::{Error, Result, Status};
use crate::journal::store::chain::{Event, Subject};
use crate::journal::store::credential::DEVICE_CODE;
use crate::journal::store::identity::Identity;
use crate::journal::store::journal::Journal;
use crate::journal::store::kind::Kind;
use crate::journal::store::open::{Opening, Whose};
use crate::journal::store::till_time::Moment;
use crate::payment::state::{Standing, State};

impl Journal {
    /// Stores that the till was registered as this device, and binds the file to it: from here on it opens for a till that
    /// brings this code or none. Returns whose it is then. What was logged in with before is forgotten. All of it or nothing.
    pub fn register(&mut self, device_code: &str, now: &Moment) -> Result<Identity> {
        self.may_write()?;
        let bound = self.identity.registered(device_code);
        let subject = Subject::File(json!({ "identity": bound }));
        let event = Event { kind: Kind::Registered, now, subject, response: None };
        self.write_with(&event, "writing the registration", |connection| {
            connection.execute("DELETE FROM credentials", [])?;
            let row = params![DEVICE_CODE, device_code];
            connection.execute("INSERT INTO credentials VALUES (?1, ?2, NULL)", row).map(|_| ())
        })?;
        self.identity = bound.clone();
        Ok(bound)
    }

    /// Binds the file to another host, device or client, because a person says that it is the same till. Refused while
    /// anything may still reach the terminal or is in doubt, and between the two environments. A till that was registered stays
    /// that device, unless it brings a code of its own or another client.
    pub fn rebind(opening: &Opening<'_>, operator: &str, reason: &str, now: &Moment) -> Result<()> {
        let mut journal = Journal::open_as(opening, Whose::Anybodys, now)?;
        let refuse = |fault: String| Err(Error::new(Status::InvalidState, fault));
        journal.may_start()?;
        if journal.identity.is_in_another_environment(opening.identity) {
            let own = journal.identity.environment.as_deref().unwrap_or_default();
            return Err(Error::new(Status::StateFileMismatch, format!("the state file is of the environment {own}")));
        }
        let till = journal.till(now);
        let unproven = journal.unproven()?;
        let open = unproven.iter().find(|attempt| {
            let in_doubt = attempt.in_doubt() || attempt.standing() == Standing::Reversing;
            let may_arrive = attempt.state == State::Starting && !attempt.is_grace_over(till);
            in_doubt || may_arrive || attempt.holds_the_terminal(till)
        });
        if let Some(open) = open {
            return refuse(format!("the payment {:?} attempt {} is still in doubt", open.reference, open.attempt));
        }
        let is_same_client = opening.identity.client_id == journal.identity.client_id;
        let code = journal.device_code()?.filter(|_| is_same_client && opening.identity.is_of_client());
        let identity = code.as_ref().map_or(opening.identity.clone(), |code| opening.identity.registered(code));
        let said = json!({ "identity": identity, "operator": operator, "reason": reason });
        let event = Event { kind: Kind::Rebound, now, subject: Subject::File(said), response: None };
        journal.write_with(&event, "writing whose the file is", |connection| {
            let kept = code.as_ref().map(|_| DEVICE_CODE);
            connection.execute("DELETE FROM credentials WHERE name IS NOT ?1", [kept]).map(|_| ())
        })
    }
}
