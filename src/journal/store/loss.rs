//! Something may have been lost: until somebody accepts that, no payment begins.

use serde_json::json;

use crate::error::Result;
use crate::journal::store::chain::{Event, Subject};
use crate::journal::store::journal::{Condition, Journal};
use crate::journal::store::kind::Kind;
use crate::journal::store::till_time::Moment;

impl Journal {
    /// Whether something may have been lost and nobody has accepted that yet. Until then no payment begins.
    pub fn is_in_recovery(&self) -> bool {
        self.condition == Condition::InRecovery
    }

    /// The service knows newer payments than this file, which was brought back from an older day: nothing begins any more
    /// until somebody has accepted that. The ids that were seen count as known from then on.
    pub fn enter_recovery(&mut self, why: &str, seen: &[String], now: &Moment) -> Result<()> {
        let subject = Subject::File(json!({ "identity": self.identity, "why": why, "seen": seen }));
        self.write(&Event { kind: Kind::Recovered, now, subject, response: None })?;
        self.condition = Condition::InRecovery;
        Ok(())
    }

    /// Stores that an operator accepts that something may have been lost, and lets payments begin again. Does nothing
    /// where nothing was lost.
    pub fn accept_journal_loss(&mut self, operator: &str, now: &Moment) -> Result<()> {
        if !self.is_in_recovery() {
            return self.may_start();
        }
        let subject = Subject::File(json!({ "operator": operator }));
        self.write(&Event { kind: Kind::LossAccepted, now, subject, response: None })?;
        self.condition = Condition::Whole;
        Ok(())
    }
}
