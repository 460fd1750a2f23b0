//! Who is at a terminal, and what happens to those who come meanwhile.

use std::collections::VecDeque;

use crate::model::answer::Refusal;
use crate::model::settings::TerminalBusy;

/// The queue before a terminal. Those who come are numbers.
#[derive(Default)]
pub(crate) struct Queue {
    there: Option<u64>,
    behind: VecDeque<u64>,
}

impl Queue {
    /// Whether anybody may come now.
    pub(crate) fn admits(&self, busy: TerminalBusy) -> Result<(), Refusal> {
        match (self.there, busy) {
            (Some(_), TerminalBusy::Refused) => Err(Refusal::busy()),
            _ => Ok(()),
        }
    }

    /// Somebody comes. Whether the turn is theirs at once: those who come together have no terminal to themselves.
    pub(crate) fn joins(&mut self, visit: u64, busy: TerminalBusy) -> bool {
        match (self.there, busy) {
            (None, _) => self.there = Some(visit),
            (Some(_), TerminalBusy::Queued) => {
                self.behind.push_back(visit);
                return false;
            }
            (Some(_), TerminalBusy::Together | TerminalBusy::Refused) => {}
        }
        true
    }

    /// Somebody goes. Returns whose turn it is then.
    pub(crate) fn leaves(&mut self, visit: u64) -> Option<u64> {
        if self.there != Some(visit) {
            return None;
        }
        self.there = self.behind.pop_front();
        self.there
    }
}
