//! Reversing a payment, as the caller begins it.

use std::sync::Arc;

use crate::error::Result;
use crate::payment::outcome::ReversalOutcome;
use crate::payment::state::State;
use crate::till::handles::payment::{Payment, check_process};
use crate::till::sale::{LONGEST_TEXT, check_text};
use crate::till::worker::job::{PaymentJob, Task};
use crate::till::worker::reverse::check;
use crate::till::{Till, attempt_meant, busy, names, payment_of};

impl Till {
    /// Begins to reverse a payment at the terminal and returns at once: what becomes of it is the payment's
    /// [`reversal`](Payment::reversal). An error means that nothing was sent. `attempt` may be left out where only one
    /// attempt at the sale needs something.
    ///
    /// Joins one that is running, tells again of one that is done. Where one is in doubt, the service is asked first, and
    /// only if it says that the payment still stands is a second request sent. A payment older than 24 hours must be
    /// confirmed by somebody.
    pub fn reverse(&self, reference: &str, attempt: Option<i32>, confirmed_by: Option<&str>) -> Result<Arc<Payment>> {
        if let Some(operator) = confirmed_by {
            check_text("operator", operator, LONGEST_TEXT)?;
        }
        check_process(self.process)?;
        let mut running = self.running();
        let same = payment_of(&running).filter(|running| names(running, reference, attempt));
        if let Some(same) = same.filter(|same| same.reversal() == ReversalOutcome::Pending) {
            return Ok(same.clone());
        }
        let mut held = self.state.hold();
        let now = held.now();
        let attempt = attempt_meant(&mut held, reference, attempt)?;
        if attempt.state == State::Reversed {
            return Ok(self.replay(&mut held, &attempt));
        }
        if running.is_some() {
            return Err(busy());
        }
        check(held.journal()?, &attempt, &now, None, confirmed_by)?;
        let payment = Arc::new(Payment::to_be_reversed(&attempt, self.grant()));
        let (from, confirmed_by) = (Box::new(attempt), confirmed_by.map(str::to_owned));
        drop(held);
        Ok(self.set_off(&mut running, PaymentJob { task: Task::Reverse { from, confirmed_by }, payment }))
    }
}
