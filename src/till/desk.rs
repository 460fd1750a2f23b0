//! The desk at which the till's thread works: what it has, how it reads, and how a result is stored and told.
//!
//! `pay` takes payments, `resolve` ends doubts, `look_back` asks again about what was before.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::sync::Arc;
use std::time::Duration;

use crate::api::endpoints::Api;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, TransactionId};
use crate::api::verdict::{self, ReadVerdict, Standing};
use crate::error::{Error, Result, Status};
use crate::journal::{Attempt, Finish, Journal, NewAttempt, State, Swap};
use crate::money::Money;
use crate::till::clock::Clock;
use crate::till::config::Timeouts;
use crate::till::doubt::Rules;
use crate::till::outcome::Reason;
use crate::till::payment::Ticket;
use crate::till::registration::Registering;
use crate::till::sale::Sale;
use crate::till::session::Session;
use crate::till::settled::{Settled, minor_charged};
use crate::till::state_file::StateFile;

/// A read beside a start, or before the next payment, does not hold that up for longer.
pub(super) const PATIENCE: Duration = Duration::from_secs(5);

/// An attempt's name.
pub(super) type Key = (String, i32);

pub(super) fn key(attempt: &Attempt) -> Key {
    (attempt.reference.clone(), attempt.attempt)
}

/// All that a payment needs, owned by the till's worker thread.
pub(crate) struct Desk {
    pub(super) api: Api,
    pub(super) session: Session,
    pub(super) clock: Arc<dyn Clock>,
    pub(super) state: StateFile,
    pub(super) rules: Rules,
    pub(super) timeouts: Timeouts,
    /// When this process got to know of what was there before it.
    pub(super) opened_at: Duration,
    /// When it has begun what it has begun itself.
    pub(super) begun_at: BTreeMap<Key, Duration>,
    /// Whose grace deadline has been seen to pass.
    pub(super) grace_over: BTreeSet<Key>,
    /// When it has sent the reversals that it has sent itself.
    pub(super) reversing_since: BTreeMap<Key, Duration>,
    /// When an attempt was last looked at.
    pub(super) looked_at: BTreeMap<Key, Duration>,
    /// What was declined, and still was when it was looked at much later.
    pub(super) for_good: BTreeSet<Key>,
    /// The registration that is going on.
    pub(super) registering: Option<Registering>,
    /// The transactions that it has started: none is started twice, whatever create answers.
    pub(super) started: HashSet<TransactionId>,
}

/// What a read has brought.
pub(super) struct Seen {
    pub(super) verdict: ReadVerdict,
    pub(super) answer: Option<Vec<u8>>,
    pub(super) server_now: Option<i64>,
}

/// An attempt's end: what is stored of it.
pub(super) struct End<'a> {
    pub(super) state: State,
    pub(super) fenced: bool,
    pub(super) reason: Option<Reason>,
    pub(super) transaction: Option<&'a SmartTransaction>,
    pub(super) answer: Option<&'a [u8]>,
    pub(super) took: Option<Duration>,
}

impl End<'_> {
    pub(super) fn as_finish<'a>(&'a self, status_text: Option<&'a str>, money: Money, at: i64) -> Finish<'a> {
        let paid = self.transaction.filter(|_| self.state == State::Approved);
        Finish {
            state: self.state,
            at,
            fenced: self.fenced,
            reason: self.reason.map(Reason::name),
            status_text,
            amount_charged: paid.and_then(|transaction| minor_charged(transaction, money)),
            receipt_number: self.transaction.and_then(|transaction| transaction.receipt_number),
            took: self.took.and_then(|took| i64::try_from(took.as_millis()).ok()),
            response: self.answer,
        }
    }
}

impl Desk {
    pub(crate) fn new(
        api: Api,
        session: Session,
        clock: Arc<dyn Clock>,
        state: StateFile,
        rules: Rules,
        timeouts: Timeouts,
    ) -> Self {
        let opened_at = clock.elapsed();
        Desk {
            api,
            session,
            clock,
            state,
            rules,
            timeouts,
            opened_at,
            begun_at: BTreeMap::new(),
            grace_over: BTreeSet::new(),
            reversing_since: BTreeMap::new(),
            looked_at: BTreeMap::new(),
            for_good: BTreeSet::new(),
            registering: None,
            started: HashSet::new(),
        }
    }

    /// What the next requests are about, for the log.
    pub(crate) fn speak_of(&self, subject: &str) {
        self.api.speak_of(subject);
    }

    /// Reads, and once more with a new token if the old one is not taken. Not while a start is running.
    pub(super) fn read(&mut self, token: &mut Secret, id: &TransactionId, money: Money, limit: Duration) -> Seen {
        let seen = self.read_once(token, id, money, limit);
        if !matches!(seen.verdict, ReadVerdict::TokenRefused(_)) {
            return seen;
        }
        match self.session.renew(&self.api, &*self.clock) {
            Ok(renewed) => {
                *token = renewed;
                self.read_once(token, id, money, limit)
            }
            Err(error) => Seen { verdict: ReadVerdict::InDoubt(error.into()), ..seen },
        }
    }

    pub(super) fn read_once(&self, token: &Secret, id: &TransactionId, money: Money, limit: Duration) -> Seen {
        let came = self.api.read(token, id, limit);
        let answer = came.as_ref().ok().map(|response| response.body.clone());
        let server_now = came.as_ref().ok().and_then(|response| response.date);
        Seen { verdict: verdict::of_read(came, id, money), answer, server_now }
    }

    /// Stores the final word that a read has brought.
    pub(super) fn settle_read(&mut self, attempt: &Attempt, seen: &Seen, took: Option<Duration>) -> Settled {
        let ReadVerdict::Final(standing, transaction) = &seen.verdict else { return self.told(attempt, None) };
        let (state, reason) = match standing {
            // Cancelled, of what was paid.
            Standing::Cancelled if attempt.state == State::Approved => (State::Reversed, None),
            standing => state_of(*standing),
        };
        let answer = seen.answer.as_deref();
        self.finish(attempt, &End { state, fenced: false, reason, transaction: Some(transaction), answer, took }, None)
    }

    /// Stores how an attempt has ended, and tells it.
    pub(super) fn finish(&mut self, attempt: &Attempt, end: &End<'_>, error: Option<Error>) -> Settled {
        let status_text = end.transaction.and_then(SmartTransaction::status_text);
        let finish = end.as_finish(status_text.as_deref(), attempt.money, self.clock.now());
        let (reference, number) = (&attempt.reference, attempt.attempt);
        let stored = self.state.hold().journal().and_then(|journal| journal.finish(reference, number, &finish));
        match stored.map(Swap::into_attempt) {
            Ok(stored) if stored.state == end.state => Settled::of(&stored, end.answer, error, finish.at),
            Ok(stored) => self.told(&stored, error),
            Err(fault) => {
                // The row stays as it was, in doubt, and is read again when the file is opened. The result is told now.
                let mut told = attempt.clone().finished(&finish, None);
                if told.state == State::Approved {
                    told.reason = Some(Reason::JournalFailed.name().to_owned());
                }
                Settled::of(&told, end.answer, Some(journal_failed(fault)), finish.at)
            }
        }
    }

    /// What the journal says of an attempt.
    pub(super) fn told(&self, attempt: &Attempt, error: Option<Error>) -> Settled {
        let answer = self.state.hold().journal().and_then(|journal| stored_answer(journal, attempt));
        let now = self.clock.now();
        match answer {
            Ok(answer) => Settled::of(attempt, answer.as_deref(), error, now),
            Err(fault) => Settled::of(attempt, None, Some(fault), now),
        }
    }

    /// An attempt of which the journal can say nothing at the moment.
    pub(super) fn unreadable(&self, ticket: &Ticket, error: Error) -> Settled {
        let Ticket { reference, attempt, money, created_at, .. } = ticket;
        let reason = Some(Reason::JournalFailed.name().to_owned());
        let in_doubt = Attempt { reason, ..Attempt::new(reference, *attempt, *money, State::Starting, *created_at) };
        Settled::of(&in_doubt, None, Some(error), self.clock.now())
    }

    /// Stores an attempt that ended before anything was sent to the terminal, and tells it.
    pub(super) fn not_started(
        &mut self,
        sale: &Sale,
        ticket: &Ticket,
        id: Option<&TransactionId>,
        reason: Reason,
        error: Error,
    ) -> Settled {
        let now = self.clock.now();
        let new = new_attempt(sale, ticket, id);
        let stored = self.state.hold().journal().and_then(|journal| journal.refuse(&new, now, reason.name()));
        // What cannot be stored is true all the same: nothing was sent.
        let attempt = stored.unwrap_or_else(|_| Attempt {
            transaction_id: id.map(ToString::to_string),
            reason: Some(reason.name().to_owned()),
            finished_at: Some(now),
            ..Attempt::new(new.reference, new.attempt, new.money, State::NotStarted, new.created_at)
        });
        Settled::of(&attempt, None, Some(error), now)
    }
}

/// The server's whole answer that an attempt was settled by; the contradicting one, if there is one, unless the receipts
/// are with the first.
pub(crate) fn stored_answer(journal: &Journal, attempt: &Attempt) -> Result<Option<Vec<u8>>> {
    let conflict = attempt.conflict.as_ref().filter(|_| !attempt.is_unpaid_after_all());
    let contradicting = conflict.and_then(|conflict| conflict.response);
    let Some(event) = contradicting.or(attempt.response) else { return Ok(None) };
    journal.response(event)
}

pub(super) fn new_attempt<'a>(sale: &'a Sale, ticket: &'a Ticket, id: Option<&'a TransactionId>) -> NewAttempt<'a> {
    NewAttempt {
        reference: &ticket.reference,
        attempt: ticket.attempt,
        money: ticket.money,
        transaction_id: id.map(TransactionId::as_str),
        created_at: ticket.created_at,
        confirmed_by: sale.confirmed_by(),
    }
}

pub(super) fn id_of(attempt: &Attempt) -> Option<TransactionId> {
    attempt.transaction_id.as_deref().and_then(TransactionId::parse)
}

/// What the server's final word makes of an attempt, and why.
pub(super) fn state_of(standing: Standing) -> (State, Option<Reason>) {
    match standing {
        Standing::Paid => (State::Approved, None),
        Standing::Reversed => (State::Reversed, None),
        Standing::Failed => (State::Declined, Some(Reason::Failed)),
        Standing::Aborted => (State::Declined, Some(Reason::Aborted)),
        Standing::TimedOut => (State::Declined, Some(Reason::TimedOut)),
        Standing::Cancelled => (State::Declined, Some(Reason::Cancelled)),
        Standing::Created | Standing::Open => (State::Starting, Some(Reason::StillOpen)),
    }
}

pub(super) fn journal_failed(fault: Error) -> Error {
    match fault.status() {
        Status::JournalFailed => fault,
        _ => Error::new(Status::JournalFailed, fault.message().to_owned()),
    }
}
