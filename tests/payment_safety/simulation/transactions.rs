//! What the judge knows of each transaction: what the service's ledger says of it, and how every client is deceived about it.
//! The service itself is the simulator's model.

use std::collections::BTreeMap;
use std::time::Duration;

use secupos_simulator::model::answer::Answer;
use secupos_simulator::model::request::{Reply, Request};
use secupos_simulator::{Moment, Step};

use super::behaviour::{AbortWhileRunning, TokenKilled, WhileRunning};
use super::network::Flight;
use super::world::World;

/// A word that start itself did not say is believed after a minute, and what follows on an abort after this.
const BELIEVED: Duration = Duration::from_secs(60);
const BELIEVED_AFTER_ABORT: Duration = Duration::from_secs(12);

/// How every client is deceived. What it leads to is no fault of the till, if `conflict` is raised.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Deception {
    AbortedYetPaid,
    OkAfterFailed,
    FailedForAMinute,
    DecidedWrongly,
}

impl Deception {
    pub const ALL: [Deception; 4] =
        [Deception::AbortedYetPaid, Deception::OkAfterFailed, Deception::FailedForAMinute, Deception::DecidedWrongly];

    /// What it is, as the documentation says it.
    pub fn words(self) -> &'static str {
        match self {
            Deception::AbortedYetPaid => {
                "The service takes our abort of a payment that is running, calls it aborted for 12 s, and the customer pays \
                 all the same."
            }
            Deception::OkAfterFailed => "The service calls a payment failed that is over, and it is paid later.",
            Deception::FailedForAMinute => {
                "The connection of start breaks while the customer stands at the terminal, the service says `failed` for more \
                 than 60 s, and then it is paid."
            }
            Deception::DecidedWrongly => {
                "A person decides by what the terminal shows, and the start is still on its way; or the slip is that of \
                 another attempt of the same sale."
            }
        }
    }
}

/// Money that moved.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Charge {
    pub at: Duration,
    pub minor: i64,
}

#[derive(Default)]
pub struct Transaction {
    pub id: String,
    pub reference: String,
    pub amount: i64,
    pub charges: Vec<Charge>,
    /// It was over once, and nobody had paid.
    was_not_paid: bool,
    /// The service calls it failed, although it runs.
    is_cut_off: bool,
    is_own_fault: bool,
    decided_not_paid: bool,
    /// How every client is deceived about it, and from when on: who has believed it sooner was not deceived.
    pub deceptions: BTreeMap<Deception, Duration>,
}

impl Transaction {
    pub fn is_charged(&self) -> bool {
        !self.charges.is_empty()
    }
}

/// What somebody sees who looks at the terminal.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum AtTerminal {
    Running,
    Paid,
    NotPaid,
}

impl World {
    pub fn find(&self, id: &str) -> Option<usize> {
        self.transactions.iter().position(|transaction| transaction.id == id)
    }

    fn is_running(&self, at: usize) -> bool {
        self.model.is_running(&self.transactions[at].id)
    }

    /// Something has happened at the service or its terminal.
    pub fn hears(&mut self, step: &Step) {
        self.note(|| format!("{}: {:?}", step.transaction, step.moment));
        match (step.moment, self.find(&step.transaction)) {
            (Moment::Created, _) => self.is_created(&step.transaction),
            (Moment::NotPaid, Some(at)) => self.transactions[at].was_not_paid = true,
            (Moment::Paid, Some(at)) => self.is_charged(at),
            _ => {}
        }
    }

    fn is_created(&mut self, id: &str) {
        let created = self.model.truths().next_back().expect("what was created");
        let (reference, amount) = (created["merchantRef"].as_str(), created["basket_info"]["sum"].as_i64());
        let (reference, amount) = (reference.unwrap_or_default().to_owned(), amount.unwrap_or_default());
        self.transactions.push(Transaction { id: id.to_owned(), reference, amount, ..Transaction::default() });
    }

    fn is_charged(&mut self, at: usize) {
        let (now, says) = (self.now, self.behaviour.while_running);
        let minor = self.model.ledger().last().expect("what was charged").amount;
        let broke = |flight: &Flight| flight.ended_at.filter(|_| flight.transaction == at);
        let believed_from = self.flights.iter().find_map(broke).map(|broke| broke + BELIEVED);
        let lags_until = now + Duration::from_millis(self.model.settings.result_lag_ms);
        let transaction = &mut self.transactions[at];
        let says_failed = says == WhileRunning::Failed || transaction.is_cut_off;
        let is_deceiving = says_failed && !transaction.is_own_fault;
        let believed_from = believed_from.filter(|from| is_deceiving && *from <= lags_until);
        transaction.charges.push(Charge { at: now, minor });
        let deceptions = &mut transaction.deceptions;
        if transaction.decided_not_paid {
            deceptions.insert(Deception::DecidedWrongly, Duration::ZERO);
        }
        if transaction.was_not_paid {
            deceptions.insert(Deception::OkAfterFailed, Duration::ZERO);
        } else if let Some(from) = believed_from {
            deceptions.insert(Deception::FailedForAMinute, from);
        }
    }

    /// An abort has reached the service.
    pub fn abort(&mut self, request: &Request<'_>) -> Reply {
        let is_running = self.model.is_running(request.named);
        let reply = self.model.ask(self.now, request);
        let is_taken = matches!(&reply, Reply::Now(Answer { status: 200, .. }));
        let pays_all_the_same = self.behaviour.abort == AbortWhileRunning::SaysAbortedYetPays;
        if let (true, true, true, Some(at)) = (is_running, is_taken, pays_all_the_same, self.find(request.named)) {
            let from = self.now + BELIEVED_AFTER_ABORT;
            self.transactions[at].deceptions.entry(Deception::AbortedYetPaid).or_insert(from);
        }
        reply
    }

    /// Does something that ends tokens. `is_ours`: it is the till itself that logs in.
    pub fn ending_tokens<T>(&mut self, is_ours: bool, act: impl FnOnce(&mut World) -> T) -> T {
        let is_alive = |world: &World, flight: &Flight| {
            flight.has_arrived && world.is_running(flight.transaction) && world.model.takes(&flight.token)
        };
        let were_alive: Vec<bool> = self.flights.iter().map(|flight| is_alive(self, flight)).collect();
        let done = act(self);
        for (number, was_alive) in were_alive.into_iter().enumerate() {
            if was_alive && !is_alive(self, &self.flights[number]) {
                self.token_is_killed(number, is_ours);
            }
        }
        self.has_heard();
        done
    }

    fn token_is_killed(&mut self, number: usize, is_ours: bool) {
        let Flight { transaction: at, is_waited_for, .. } = self.flights[number];
        self.note(|| format!("its token is killed while transaction {at} is running"));
        let transaction = &mut self.transactions[at];
        // A till that kills the token of its own running start is not deceived: it has been told not to.
        transaction.is_own_fault |= is_ours && is_waited_for;
        transaction.is_cut_off |= self.behaviour.token_killed == TokenKilled::CutOff;
    }

    /// Another till logs in as the same device.
    pub fn another_logs_in(&mut self) {
        self.note(|| "another till logs in".into());
        self.ending_tokens(false, |world| world.model.kill_tokens(world.now));
    }

    /// A person has said so of this transaction.
    pub fn is_decided(&mut self, id: &str, paid: bool) {
        let Some(at) = self.find(id) else { return };
        let transaction = &mut self.transactions[at];
        if !paid {
            transaction.decided_not_paid = true;
        } else if !transaction.is_charged() {
            transaction.deceptions.insert(Deception::DecidedWrongly, Duration::ZERO);
        }
    }

    /// Whoever looks at the terminal and its slips sees what became of this reference.
    pub fn at_terminal(&self, reference: &str) -> AtTerminal {
        let of_it = || (0..self.transactions.len()).filter(|at| self.transactions[*at].reference == reference);
        if of_it().any(|at| self.is_running(at)) {
            AtTerminal::Running
        } else if of_it().any(|at| self.transactions[at].is_charged()) {
            AtTerminal::Paid
        } else {
            AtTerminal::NotPaid
        }
    }
}
