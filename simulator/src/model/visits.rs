//! Who comes to a terminal, has a turn, and goes.

use crate::model::answer::Refusal;
use crate::model::history::Stage;
use crate::model::node::Node;
use crate::model::state::{Event, Model};
use crate::model::terminal::{Job, Visit};

impl Model {
    /// Whether anybody may come to the terminal that the till is routed to.
    pub(crate) fn may_come(&mut self) -> Result<(), Refusal> {
        let busy = self.settings.terminal_busy;
        self.routed().queue.admits(busy)
    }

    /// Comes to it. Returns the number of the visit.
    pub(crate) fn comes(&mut self, node: Node, job: Job) -> u64 {
        let (number, busy) = (self.number(), self.settings.terminal_busy);
        let is_there = self.routed().queue.joins(number, busy);
        let terminal = self.settings.device_destination.clone();
        self.visits.insert(number, Visit { terminal, node, job, is_there: false });
        if is_there {
            self.has_its_turn(number);
        }
        number
    }

    fn has_its_turn(&mut self, number: u64) {
        let Some(visit) = self.visits.get_mut(&number) else { return };
        visit.is_there = true;
        let takes_ms = match visit.job.clone() {
            Job::Payment(id) => self.customer_takes_ms(&id),
            Job::Reversal { .. } | Job::Report { .. } => self.settings.think_ms,
        };
        self.expect(takes_ms, Event::Ends(number));
    }

    fn customer_takes_ms(&self, id: &str) -> u64 {
        let Ok(transaction) = self.transaction(id) else { return 0 };
        let thinks_ms = transaction.script.think_ms.unwrap_or(self.settings.think_ms);
        match transaction.stage() {
            Stage::Aborted => 0,
            Stage::Defied => thinks_ms.min(self.settings.pays_after_abort_ms.unwrap_or(thinks_ms)),
            _ => thinks_ms,
        }
    }

    /// Who is paying this transaction is done in so many milliseconds at the latest.
    pub(crate) fn hurries(&mut self, id: &str, after_ms: u64) {
        let pays = |visit: &Visit| visit.is_there && matches!(&visit.job, Job::Payment(of) if of == id);
        let visits: Vec<u64> = self.visits.iter().filter(|(_, visit)| pays(visit)).map(|(number, _)| *number).collect();
        visits.into_iter().for_each(|number| self.expect(after_ms, Event::Ends(number)));
    }

    /// Leaves the terminal to whoever is next.
    pub(crate) fn leaves(&mut self, number: u64, terminal: &str) {
        if let Some(next) = self.terminal(terminal).queue.leaves(number) {
            self.has_its_turn(next);
        }
    }
}
