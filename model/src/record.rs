//! What is stored of an attempt, as the shipping functions change it; and what a story says of it.

use secupos::payment::attempt::{Attempt, Finish};
use secupos::payment::changes::Finished;
use secupos::payment::reason::Reason;
use secupos::payment::resolution::Ending;
use secupos::payment::state::{Standing, State};
use secupos::payment::trigger::Trigger;
use secupos::payment::verdict::RemoteStatus;

use crate::reading::Seen;
use crate::till::Phase;
use crate::world::Step;

impl Step<'_> {
    /// An end, with what was seen of the transaction.
    pub fn end<'a>(&self, ending: Ending, seen: Option<&Seen>) -> Finish<'a> {
        Finish {
            state: ending.state,
            at: 0,
            till: self.now(),
            said_by_start: false,
            fenced: ending.fenced,
            reason: ending.reason,
            status_text: None,
            amount_charged: seen.and_then(|seen| seen.amount),
            amount_unreadable: seen.is_some_and(|seen| seen.is_unreadable),
            receipt_number: seen.and_then(|seen| seen.receipt_number),
            terminal: None,
            copies: seen.map(|seen| seen.copies).unwrap_or_default(),
            brand: None,
            took: None,
            response: None,
        }
    }

    /// An end by the service's own word.
    pub fn said<'a>(&self, at: usize, status: RemoteStatus, seen: &Seen) -> Finish<'a> {
        let (state, reason) = status.ends_as(self.attempt(at).state);
        self.end(Ending { state, reason, fenced: false }, Some(seen))
    }

    /// What the service says of an attempt is stored.
    pub fn settle(&mut self, at: usize, finish: &Finish<'_>) {
        let found = self.attempt(at);
        let (standing, trigger) = (found.standing(), finish.trigger());
        let settled = match found.after_finish(finish, Some(0)) {
            Some(Finished::Final(attempt) | Finished::Contradicted(attempt)) => Some(attempt),
            None => found.after_completion(finish, Some(0)),
        };
        self.play.coverage.reach_cell(standing, trigger);
        if let Some(settled) = settled {
            self.store(at, settled);
        }
    }

    /// One synced write.
    pub fn store(&mut self, at: usize, attempt: Attempt) {
        self.say(|| format!("The library stores {}/{}: {}.", attempt.reference, attempt.attempt, word_for(&attempt)));
        self.world.is_told = false;
        self.world.file.attempts[at] = attempt;
    }

    /// Not one byte was sent.
    pub fn never_sent(&mut self, at: usize) {
        let ending = Ending { state: State::NotStarted, reason: Some(Reason::NoConnection), fenced: false };
        let finish = self.end(ending, None);
        self.settle(at, &finish);
    }

    /// It ends before there is a start.
    pub fn refuse(&mut self, reference: &str, number: i32, why: Reason) {
        self.play.coverage.reach_cell(Standing::New, Trigger::NeverSent);
        let refused = Attempt {
            reason: Some(why.name().to_owned()),
            begun_till: self.now(),
            finished_at: Some(0),
            finished_till: Some(self.now()),
            ..Attempt::new(reference, number, crate::ledger::money(crate::ledger::PRICE), State::NotStarted, 0)
        };
        self.say(|| format!("Nothing is sent for {reference}/{number}: {}.", why.name()));
        self.world.file.attempts.push(refused);
        let at = self.world.file.attempts.len() - 1;
        self.is_over(Phase::Ended { of: vec![at] });
    }
}

/// How a story says where an attempt stands.
fn word_for(attempt: &Attempt) -> String {
    let standing = attempt.standing().name();
    match &attempt.conflict {
        Some(conflict) => format!("{standing}, contradicted by {}", conflict.state.name()),
        None => standing.to_owned(),
    }
}
