//! Receipts that the service has only after it has said that it was paid: asked for again when the till recovers the
//! payment, and kept with it.

use std::time::Duration;

use crate::api::verdict::{ReadVerdict, Standing};
use crate::journal::{Attempt, State};
use crate::till::desk::{Desk, End, PATIENCE, id_of, journal_failed};
use crate::till::settled::Settled;

impl Desk {
    /// Tells of a payment that was approved, with its receipts if the service has them now.
    pub(super) fn ask_for_receipts(&mut self, attempt: &Attempt) -> Settled {
        let known = self.told(attempt, None);
        let Some(id) = id_of(attempt).filter(|_| known.lacks_receipts()) else { return known };
        let Ok(mut token) = self.session.token(&self.api, &*self.clock, Duration::ZERO) else { return known };
        let seen = self.read(&mut token, &id, attempt.money, PATIENCE);
        let ReadVerdict::Final(standing, transaction) = &seen.verdict else { return known };
        if *standing != Standing::Paid {
            return self.settle_read(attempt, &seen, None);
        }
        let now = Settled::of(attempt, seen.answer.as_deref(), None, self.clock.now());
        if now.lacks_receipts() {
            return known;
        }
        let answer = seen.answer.as_deref();
        let end = End {
            state: State::Approved,
            fenced: false,
            reason: None,
            transaction: Some(transaction),
            answer,
            took: None,
        };
        let status_text = transaction.status_text();
        let finish = end.as_finish(status_text.as_deref(), attempt.money, self.clock.now());
        let stored = self
            .state
            .hold()
            .journal()
            .and_then(|journal| journal.complete(&attempt.reference, attempt.attempt, &finish));
        match stored {
            Ok(stored) => self.told(stored.attempt(), None),
            // They can be printed all the same.
            Err(fault) => Settled { error: Some(journal_failed(fault).of_what_was_sent()), ..now },
        }
    }
}
