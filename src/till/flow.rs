//! The flow of one payment: log in → create → durable row → start → and, where it broke, read until it is final.
//!
//! Only here is anything started, and only by `pay`. An attempt that may have been started is read, never called not
//! started by a guess; only the server's own final word, or the fence, ends the doubt. `doubt` says what to do next,
//! `settled` tells what became of it.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::sync::Arc;
use std::time::Duration;

use crate::api::endpoints::Api;
use crate::api::refusal;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, Sum, TransactionId};
use crate::api::transport::{Broken, Response};
use crate::api::verdict::{self, Doubt, ReadVerdict, Standing, StartVerdict};
use crate::error::{Error, Result, Status};
use crate::journal::{Attempt, Finish, NewAttempt, Start, State, Swap};
use crate::money::Money;
use crate::till::clock::Clock;
use crate::till::config::Timeouts;
use crate::till::doubt::{Refused, Rules, Said, Situation, Step};
use crate::till::grace;
use crate::till::outcome::Reason;
use crate::till::payment::{Payment, Ticket};
use crate::till::sale::Sale;
use crate::till::session::Session;
use crate::till::settled::{Settled, minor_charged};
use crate::till::state_file::StateFile;

/// The token must outlive the payment and its resolving by this much.
const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// A read that begins at the very end of the resolve deadline still gets this long.
const LAST_READ: Duration = Duration::from_secs(2);
const FIRST_PAUSE: Duration = Duration::from_millis(250);
const LONGEST_PAUSE: Duration = Duration::from_secs(5);
/// When start has blocked for so long, its connection may be dead without anybody noticing: the transaction is read
/// beside it, and again each time so much has passed.
const WATCH_FROM: Duration = Duration::from_secs(20);
const WATCH_EVERY: Duration = Duration::from_secs(5);
/// A read beside a start, or before the next payment, does not hold that up for longer.
const PATIENCE: Duration = Duration::from_secs(5);
/// If more has passed since the durable row, the machine was asleep: whoever stood at the terminal may have gone.
const STALE: Duration = Duration::from_secs(10);
/// For so long the server is asked again about what it has not said its own final word on: 7 days.
pub(crate) const ASKED_FOR: i64 = 7 * 24 * 60 * 60 * 1000;
/// For so long a payment that was declined is looked at again before the next one, in milliseconds: some terminal may
/// have gone on.
const DECLINED_LATELY: i64 = 15 * 60 * 1000;
/// No more than so many are looked at before a payment, nor for longer altogether.
const LOOKED_AT: usize = 5;
const LOOKING_BACK: Duration = Duration::from_secs(10);

/// An attempt's name.
type Key = (String, i32);

fn key(attempt: &Attempt) -> Key {
    (attempt.reference.clone(), attempt.attempt)
}

/// All that a payment needs, owned by the till's worker thread.
pub(crate) struct Desk {
    api: Api,
    session: Session,
    clock: Arc<dyn Clock>,
    state: StateFile,
    rules: Rules,
    timeouts: Timeouts,
    /// When this process got to know of what was there before it.
    opened_at: Duration,
    /// When it has begun what it has begun itself.
    begun_at: BTreeMap<Key, Duration>,
    /// Whose grace deadline has been seen to pass.
    grace_over: BTreeSet<Key>,
    /// When an attempt was last looked at.
    looked_at: BTreeMap<Key, Duration>,
    /// The transactions that it has started: none is started twice, whatever create answers.
    started: HashSet<TransactionId>,
}

/// What a read has brought.
struct Seen {
    verdict: ReadVerdict,
    answer: Option<Vec<u8>>,
    server_now: Option<i64>,
}

/// How a start has ended.
enum Came {
    /// With an answer of its own, or broken.
    Answer(std::result::Result<Response, Broken>),
    /// A read beside it has brought the final word.
    Read(Seen),
}

/// An attempt's end: what is stored of it.
struct End<'a> {
    state: State,
    fenced: bool,
    reason: Option<Reason>,
    transaction: Option<&'a SmartTransaction>,
    answer: Option<&'a [u8]>,
    took: Option<Duration>,
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
            looked_at: BTreeMap::new(),
            started: HashSet::new(),
        }
    }

    /// Takes the payment for a sale that has been checked and admitted.
    pub(crate) fn pay(&mut self, sale: &Sale, payment: &Payment) -> Settled {
        self.begin(sale, payment).unwrap_or_else(|settled| *settled)
    }

    fn begin(&mut self, sale: &Sale, payment: &Payment) -> std::result::Result<Settled, Box<Settled>> {
        let ticket = payment.ticket();
        let refuse = |desk: &mut Desk, id: Option<&TransactionId>, (reason, error): (Reason, Error)| {
            Box::new(desk.not_started(sale, ticket, id, reason, error))
        };
        let abandoned = || (Reason::Abandoned, Error::new(Status::InvalidState, "abandoned before it was started"));
        self.look_back(ticket).map_err(|why| refuse(self, None, why))?;
        let needed = self.timeouts.payment + self.timeouts.resolve + TOKEN_MARGIN;
        let token = self.session.token(&self.api, &*self.clock, needed);
        let token = token.map_err(|error| refuse(self, None, (why_no_login(&error), error)))?;
        if payment.is_abandoned() {
            return Err(refuse(self, None, abandoned()));
        }
        let (mut token, id, server_date) = self.create(token, sale).map_err(|why| refuse(self, None, why))?;
        if !payment.may_start(&id) {
            return Err(refuse(self, Some(&id), abandoned()));
        }
        let (at, since) = (self.clock.now(), self.clock.elapsed());
        let attempt = self.store_start(sale, ticket, &id, server_date, at);
        let attempt = attempt.map_err(|error| refuse(self, Some(&id), (Reason::JournalFailed, error)))?;
        self.begun_at.insert(key(&attempt), since);
        self.started.insert(id.clone());
        let by_the_wall = u64::try_from(self.clock.now().saturating_sub(at)).unwrap_or(0);
        if self.clock.elapsed().saturating_sub(since).max(Duration::from_millis(by_the_wall)) > STALE {
            let fault =
                Error::new(Status::InvalidState, "the machine stood still just before start, which was not sent");
            return Ok(self.resolve(token, attempt, fault.into(), Some(Refused::Start), self.timeouts.resolve));
        }
        let (came, took) = self.start(&mut token, &id, attempt.money);
        Ok(match came {
            Came::Read(seen) => self.settle_read(&attempt, &seen, Some(took)),
            Came::Answer(came) => {
                let answer = came.as_ref().ok().map(|response| response.body.clone());
                match verdict::of_start(came, took, &id, attempt.money) {
                    StartVerdict::Final(standing, transaction) => {
                        let (state, reason) = state_of(standing);
                        let answer = answer.as_deref();
                        let end = End {
                            state,
                            fenced: false,
                            reason,
                            transaction: Some(&*transaction),
                            answer,
                            took: Some(took),
                        };
                        self.finish(&attempt, &end, None)
                    }
                    StartVerdict::NeverSent(error) => {
                        let reason = Some(Reason::NoConnection);
                        let state = State::NotStarted;
                        let end = End { state, fenced: false, reason, transaction: None, answer: None, took: None };
                        self.finish(&attempt, &end, Some(error))
                    }
                    StartVerdict::TokenRefused(error) => {
                        self.resolve(token, attempt, error.into(), Some(Refused::Token), self.timeouts.resolve)
                    }
                    StartVerdict::Refused(error) => {
                        self.resolve(token, attempt, error.into(), Some(Refused::Start), self.timeouts.resolve)
                    }
                    StartVerdict::InDoubt(doubt) => self.resolve(token, attempt, doubt, None, self.timeouts.resolve),
                }
            }
        })
    }

    /// Finds out what became of an attempt that was begun earlier. Sends neither create nor start.
    pub(crate) fn resume(&mut self, ticket: &Ticket) -> Settled {
        let found = self.state.hold().journal().and_then(|journal| journal.attempt(&ticket.reference, ticket.attempt));
        let missing = || Error::new(Status::NotFound, "the attempt is no longer in the journal");
        let attempt = match found.and_then(|found| found.ok_or_else(missing)) {
            Ok(attempt) => attempt,
            Err(error) => return self.unreadable(ticket, error),
        };
        if !attempt.is_unproven() {
            return self.told(&attempt, None);
        }
        let in_doubt = attempt.in_doubt();
        match self.session.token(&self.api, &*self.clock, Duration::ZERO) {
            Ok(token) if in_doubt => {
                let doubt = Error::new(Status::InvalidState, "the till ended while the payment was running").into();
                self.resolve(token, attempt, doubt, None, self.timeouts.resolve)
            }
            Ok(mut token) => self.look_at(&mut token, attempt),
            Err(error) if in_doubt => self.give_up(attempt, &error.into(), None),
            Err(_) => self.told(&attempt, None),
        }
    }

    /// Asks the server again about what it has not said its own final word on. At each open, as far as that goes.
    pub(crate) fn look_again(&mut self) {
        let _ = self.look_at_earlier();
    }

    /// Before a payment: is anything before it still open?
    fn look_back(&mut self, ticket: &Ticket) -> std::result::Result<(), (Reason, Error)> {
        let failed = |error| (Reason::JournalFailed, error);
        let in_doubt = self.look_at_earlier().map_err(failed)?;
        let own =
            self.state.hold().journal().and_then(|journal| journal.attempts(&ticket.reference)).map_err(failed)?;
        if let Some(paid) = own.iter().find(|attempt| attempt.forbids_another()) {
            let fault = format!("attempt {} of reference {:?} has been paid after all", paid.attempt, paid.reference);
            return Err((Reason::AlreadyPaid, Error::new(Status::ReferenceConflict, fault)));
        }
        match in_doubt.iter().find(|attempt| !self.is_grace_over(attempt, None)) {
            Some(open) => {
                let fault = format!("the payment {:?} attempt {} is still in doubt", open.reference, open.attempt);
                Err((Reason::TerminalBusy, Error::new(Status::Busy, fault)))
            }
            None => Ok(()),
        }
    }

    /// Looks at what is not proven, what is in doubt before all else, then what was not looked at for the longest time.
    /// Returns what is in doubt after that.
    fn look_at_earlier(&mut self) -> Result<Vec<Attempt>> {
        let now = self.clock.now();
        let since = now.saturating_sub(ASKED_FOR);
        let mut earlier = self.state.hold().journal()?.unproven(since)?;
        let lately = now.saturating_sub(DECLINED_LATELY)..now.saturating_add(1);
        let others = self.state.hold().journal()?.find(lately.start, lately.end, None)?;
        earlier.extend(others.into_iter().filter(|attempt| {
            attempt.state == State::Declined && attempt.conflict.is_none() && !attempt.is_unproven()
        }));
        earlier.sort_by_key(|attempt| (!attempt.in_doubt(), self.looked_at.get(&key(attempt)).copied()));
        earlier.truncate(LOOKED_AT);
        if earlier.is_empty() {
            return Ok(Vec::new());
        }
        let until = self.clock.elapsed() + LOOKING_BACK;
        // Without a login nothing will be started either.
        if let Ok(mut token) = self.session.token(&self.api, &*self.clock, Duration::ZERO) {
            for attempt in earlier {
                if self.clock.elapsed() >= until {
                    break;
                }
                self.look_at(&mut token, attempt);
            }
        }
        let unproven = self.state.hold().journal()?.unproven(since)?;
        Ok(unproven.into_iter().filter(Attempt::in_doubt).collect())
    }

    /// Reads an attempt once more and stores what the server says now. Fences it if its deadline has passed.
    fn look_at(&mut self, token: &mut Secret, attempt: Attempt) -> Settled {
        self.looked_at.insert(key(&attempt), self.clock.elapsed());
        if attempt.state == State::Starting {
            let doubt = Error::new(Status::InvalidState, "it was in doubt before").into();
            return self.resolve(token.clone(), attempt, doubt, None, Duration::ZERO);
        }
        match id_of(&attempt) {
            Some(id) => {
                let seen = self.read(token, &id, attempt.money, PATIENCE);
                match seen.verdict {
                    ReadVerdict::Final(..) => self.settle_read(&attempt, &seen, None),
                    _ => self.told(&attempt, None),
                }
            }
            None => self.told(&attempt, None),
        }
    }

    /// Creates the transaction. No money moves here; a transaction that nobody starts is an orphan and harmless.
    fn create(
        &mut self,
        mut token: Secret,
        sale: &Sale,
    ) -> std::result::Result<(Secret, TransactionId, Option<i64>), (Reason, Error)> {
        let mut came = self.api.create(&token, &sale.to_transaction());
        if came.as_ref().is_ok_and(refusal::is_token_refused) {
            // Refused with the API's own words, so this created nothing: renew the token and ask once more.
            token = self.session.renew(&self.api, &*self.clock).map_err(|error| (why_no_login(&error), error))?;
            came = self.api.create(&token, &sale.to_transaction());
        }
        let server_date = came.as_ref().ok().and_then(|response| response.date);
        let id = read_created(came, sale.reference(), sale.money())?;
        if self.started.contains(&id) {
            let fault = format!("the answer to creating the transaction names {id}, which was started before");
            return Err((Reason::CreateRefused, Error::new(Status::Protocol, fault)));
        }
        Ok((token, id, server_date))
    }

    /// The one synced write before the first byte of start.
    fn store_start(
        &mut self,
        sale: &Sale,
        ticket: &Ticket,
        id: &TransactionId,
        server_date: Option<i64>,
        at: i64,
    ) -> Result<Attempt> {
        let grace = i64::try_from(self.timeouts.until_grace_is_over().as_millis()).unwrap_or(i64::MAX);
        let start = Start { at, server_date, grace_deadline: at.saturating_add(grace) };
        self.state.hold().journal()?.begin_starting(&new_attempt(sale, ticket, Some(id)), &start)
    }

    /// Starts, and watches beside it. Returns how it ended, and after how long.
    fn start(&mut self, token: &mut Secret, id: &TransactionId, money: Money) -> (Came, Duration) {
        let began = self.clock.elapsed();
        let mut flight = self.api.begin_start(token, id);
        let mut pause = WATCH_FROM;
        let came = loop {
            if let Some(came) = flight.wait(pause) {
                break Came::Answer(came);
            }
            pause = WATCH_EVERY;
            if (self.rules.may_renew_in_flight)()
                && let Ok(renewed) = self.session.renew(&self.api, &*self.clock)
            {
                *token = renewed;
            }
            let seen = self.read_once(token, id, money, PATIENCE);
            if matches!(seen.verdict, ReadVerdict::Final(..)) {
                break Came::Read(seen);
            }
        };
        (came, self.clock.elapsed().saturating_sub(began))
    }

    /// Ends the doubt about an attempt, as far as that can be done within `limit`.
    fn resolve(
        &mut self,
        mut token: Secret,
        mut attempt: Attempt,
        mut doubt: Doubt,
        mut refused: Option<Refused>,
        limit: Duration,
    ) -> Settled {
        let Some(id) = id_of(&attempt) else { return self.give_up(attempt, &doubt, None) };
        let deadline = self.clock.elapsed() + limit;
        let (mut refused_at, mut starts, mut turn) = (self.clock.elapsed(), attempt.starts, 0);
        let (mut said, mut fence, mut server_now) = (None, None, None);
        let mut word = doubt.status_word.clone();
        if refused == Some(Refused::Token) {
            // Where this fails, reading says so.
            token = self.session.renew(&self.api, &*self.clock).unwrap_or(token);
        }
        loop {
            let left = deadline.saturating_sub(self.clock.elapsed());
            let situation = Situation {
                said,
                refused,
                since_refusal: self.clock.elapsed().saturating_sub(refused_at),
                starts,
                grace_over: self.is_grace_over(&attempt, server_now),
                fence,
                left,
                pause: pause(&attempt.reference, turn),
            };
            match (self.rules.next_step)(&situation) {
                Step::Read { after } => {
                    if !after.is_zero() {
                        self.clock.sleep(after);
                        turn += 1;
                    }
                    let left = deadline.saturating_sub(self.clock.elapsed());
                    let seen = self.read(&mut token, &id, attempt.money, left.max(LAST_READ));
                    server_now = seen.server_now;
                    said = Some(match &seen.verdict {
                        ReadVerdict::Final(..) => return self.settle_fenced(&attempt, &seen, refused, fence, &doubt),
                        ReadVerdict::Created => {
                            word = Some("created".into());
                            Said::Created
                        }
                        ReadVerdict::InDoubt(Doubt { status_word: Some(open), .. }) => {
                            word = Some(open.clone());
                            Said::NothingFinal
                        }
                        ReadVerdict::InDoubt(now) => {
                            // Of one that was begun earlier no more was known than that.
                            if doubt.error.status() == Status::InvalidState {
                                doubt.error = now.error.clone();
                            }
                            Said::NothingFinal
                        }
                        ReadVerdict::TokenRefused(_) => Said::NothingFinal,
                    });
                }
                Step::Fence => {
                    let answer = self.api.abort(&token, &id);
                    fence = Some(answer.is_ok_and(|answer| (200..300).contains(&answer.status)));
                    said = None;
                }
                Step::StartAgain => {
                    starts = 2;
                    said = None;
                    refused = Some(Refused::Start);
                    refused_at = self.clock.elapsed();
                    let Some(again) = self.store_second_start(&attempt) else { continue };
                    attempt = again;
                    let (came, took) = self.start(&mut token, &id, attempt.money);
                    let came = match came {
                        Came::Read(seen) => return self.settle_read(&attempt, &seen, Some(took)),
                        Came::Answer(came) => came,
                    };
                    let answer = came.as_ref().ok().map(|response| response.body.clone());
                    refused_at = self.clock.elapsed();
                    match verdict::of_start(came, took, &id, attempt.money) {
                        StartVerdict::Final(standing, transaction) => {
                            let (state, reason) = state_of(standing);
                            let (transaction, answer) = (Some(&*transaction), answer.as_deref());
                            let end = End { state, fenced: false, reason, transaction, answer, took: Some(took) };
                            return self.finish(&attempt, &end, None);
                        }
                        StartVerdict::InDoubt(second) => {
                            refused = None;
                            word = second.status_word.clone();
                            doubt = second;
                        }
                        StartVerdict::NeverSent(error)
                        | StartVerdict::TokenRefused(error)
                        | StartVerdict::Refused(error) => doubt = error.into(),
                    }
                }
                Step::CallNotStarted => {
                    let reason = Some(Reason::NeverStarted);
                    let state = State::NotStarted;
                    let end = End { state, fenced: false, reason, transaction: None, answer: None, took: None };
                    return self.finish(&attempt, &end, None);
                }
                Step::GiveUp => return self.give_up(attempt, &doubt, word),
            }
        }
    }

    /// The durable row of a second start; none if there may not be one.
    fn store_second_start(&mut self, attempt: &Attempt) -> Option<Attempt> {
        let now = self.clock.now();
        let mut held = self.state.hold();
        match held.journal().ok()?.begin_starting_again(&attempt.reference, attempt.attempt, now) {
            Ok(Swap::Made(again)) => Some(*again),
            Ok(Swap::Lost(_)) | Err(_) => None,
        }
    }

    fn is_grace_over(&mut self, attempt: &Attempt, server_now: Option<i64>) -> bool {
        let key = key(attempt);
        let known_since = self.begun_at.get(&key).copied().unwrap_or(self.opened_at);
        let over = grace::is_over(attempt, self.clock.elapsed().saturating_sub(known_since), server_now);
        if over {
            self.grace_over.insert(key.clone());
        }
        self.grace_over.contains(&key)
    }

    /// Reads, and once more with a new token if the old one is not taken. Not while a start is running.
    fn read(&mut self, token: &mut Secret, id: &TransactionId, money: Money, limit: Duration) -> Seen {
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

    fn read_once(&self, token: &Secret, id: &TransactionId, money: Money, limit: Duration) -> Seen {
        let came = self.api.read(token, id, limit);
        let answer = came.as_ref().ok().map(|response| response.body.clone());
        let server_now = came.as_ref().ok().and_then(|response| response.date);
        Seen { verdict: verdict::of_read(came, id, money), answer, server_now }
    }

    /// Stores the final word that a read has brought.
    fn settle_read(&mut self, attempt: &Attempt, seen: &Seen, took: Option<Duration>) -> Settled {
        let ReadVerdict::Final(standing, transaction) = &seen.verdict else { return self.told(attempt, None) };
        let (state, reason) = state_of(*standing);
        let answer = seen.answer.as_deref();
        self.finish(attempt, &End { state, fenced: false, reason, transaction: Some(transaction), answer, took }, None)
    }

    /// Stores the final word about an attempt that was perhaps fenced. What our own abort has ended was never started;
    /// what ended otherwise was declined.
    fn settle_fenced(
        &mut self,
        attempt: &Attempt,
        seen: &Seen,
        refused: Option<Refused>,
        fence: Option<bool>,
        doubt: &Doubt,
    ) -> Settled {
        let ReadVerdict::Final(standing, transaction) = &seen.verdict else { return self.told(attempt, None) };
        if !matches!(standing, Standing::Aborted | Standing::Cancelled) || fence != Some(true) {
            return self.settle_read(attempt, seen, None);
        }
        let reason = Some(if refused.is_some() { Reason::StartRefused } else { Reason::NeverStarted });
        let (state, answer) = (State::NotStarted, seen.answer.as_deref());
        let end = End { state, fenced: true, reason, transaction: Some(transaction), answer, took: None };
        self.finish(attempt, &end, Some(doubt.error.clone()))
    }

    /// Stores how an attempt has ended, and tells it.
    fn finish(&mut self, attempt: &Attempt, end: &End<'_>, error: Option<Error>) -> Settled {
        let status_text = end.transaction.and_then(SmartTransaction::status_text);
        let finish = Finish {
            state: end.state,
            at: self.clock.now(),
            fenced: end.fenced,
            reason: end.reason.map(Reason::name),
            status_text: status_text.as_deref(),
            amount_charged: end
                .transaction
                .filter(|_| end.state == State::Approved)
                .and_then(|transaction| minor_charged(transaction, attempt.money)),
            receipt_number: end.transaction.and_then(|transaction| transaction.receipt_number),
            took: end.took.and_then(|took| i64::try_from(took.as_millis()).ok()),
            response: end.answer,
        };
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

    /// Leaves an attempt in doubt, and stores why.
    fn give_up(&mut self, attempt: Attempt, doubt: &Doubt, word: Option<String>) -> Settled {
        let now = self.clock.now();
        let reason = why_in_doubt(doubt, &attempt).name();
        let noted = Attempt { reason: Some(reason.to_owned()), status_text: word, ..attempt.clone() };
        if noted != attempt {
            let word = noted.status_text.as_deref();
            let mut held = self.state.hold();
            // A note that cannot be stored changes nothing: the row says that it is in doubt.
            let _ = held
                .journal()
                .and_then(|journal| journal.note_doubt(&attempt.reference, attempt.attempt, now, reason, word));
        }
        Settled::of(&noted, None, Some(doubt.error.clone()), now)
    }

    /// What the journal says of an attempt.
    fn told(&self, attempt: &Attempt, error: Option<Error>) -> Settled {
        let answer = self.state.hold().journal().and_then(|journal| stored_answer(journal, attempt));
        let now = self.clock.now();
        match answer {
            Ok(answer) => Settled::of(attempt, answer.as_deref(), error, now),
            Err(fault) => Settled::of(attempt, None, Some(fault), now),
        }
    }

    /// An attempt of which the journal can say nothing at the moment.
    fn unreadable(&self, ticket: &Ticket, error: Error) -> Settled {
        let Ticket { reference, attempt, money, created_at, .. } = ticket;
        let reason = Some(Reason::JournalFailed.name().to_owned());
        let in_doubt = Attempt { reason, ..Attempt::new(reference, *attempt, *money, State::Starting, *created_at) };
        Settled::of(&in_doubt, None, Some(error), self.clock.now())
    }

    /// Stores an attempt that ended before anything was sent to the terminal, and tells it.
    fn not_started(
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

/// The server's whole answer that an attempt was settled by; the contradicting one, if there is one.
pub(crate) fn stored_answer(journal: &crate::journal::Journal, attempt: &Attempt) -> Result<Option<Vec<u8>>> {
    let contradicting = attempt.conflict.as_ref().and_then(|conflict| conflict.response);
    let Some(event) = contradicting.or(attempt.response) else { return Ok(None) };
    journal.response(event)
}

fn new_attempt<'a>(sale: &'a Sale, ticket: &'a Ticket, id: Option<&'a TransactionId>) -> NewAttempt<'a> {
    NewAttempt {
        reference: &ticket.reference,
        attempt: ticket.attempt,
        money: ticket.money,
        transaction_id: id.map(TransactionId::as_str),
        created_at: ticket.created_at,
        confirmed_by: sale.confirmed_by(),
    }
}

fn id_of(attempt: &Attempt) -> Option<TransactionId> {
    attempt.transaction_id.as_deref().and_then(TransactionId::parse)
}

/// What the server's final word makes of an attempt, and why.
fn state_of(standing: Standing) -> (State, Option<Reason>) {
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

fn journal_failed(fault: Error) -> Error {
    match fault.status() {
        Status::JournalFailed => fault,
        _ => Error::new(Status::JournalFailed, fault.message().to_owned()),
    }
}

/// Reads the answer to create. What is not clearly our new transaction is refused before anything is started.
fn read_created(
    came: std::result::Result<Response, Broken>,
    reference: &str,
    money: Money,
) -> std::result::Result<TransactionId, (Reason, Error)> {
    let response = match came {
        Ok(response) => response,
        Err(Broken::NeverSent(error)) => return Err((Reason::NoConnection, error)),
        Err(Broken::MaybeSent(error)) => return Err((Reason::CreateUnsure, error)),
    };
    if response.status != 200 {
        return Err((Reason::CreateRefused, refusal::error("creating the transaction", &response)));
    }
    let refuse = |fault: &str| {
        let message = format!("the answer to creating the transaction {fault}");
        (Reason::CreateRefused, Error::new(Status::Protocol, message))
    };
    let transaction = SmartTransaction::parse(&response.body).map_err(|error| (Reason::CreateRefused, error))?;
    let id = transaction.id.clone().ok_or_else(|| refuse("has no usable id"))?;
    match () {
        () if transaction.contradicts(&id, money) => Err(refuse("has another currency")),
        () if !matches!(transaction.sum, Sum::Absent | Sum::Of(_)) => Err(refuse("has an amount that cannot be read")),
        () if matches!(transaction.sum, Sum::Of(sum) if sum != money.minor) => Err(refuse("has another amount")),
        () if transaction.body["merchantRef"].as_str().is_some_and(|own| own != reference) => {
            Err(refuse("has another reference"))
        }
        () if !matches!(verdict::standing(&transaction), Standing::Created | Standing::Open) => {
            Err(refuse("is already final"))
        }
        () => Ok(id),
    }
}

fn is_connection(error: &Error) -> bool {
    matches!(error.status(), Status::Unreachable | Status::Tls | Status::Timeout | Status::Proxy)
}

fn why_no_login(error: &Error) -> Reason {
    if is_connection(error) { Reason::NoConnection } else { Reason::LoginFailed }
}

fn why_in_doubt(doubt: &Doubt, attempt: &Attempt) -> Reason {
    match doubt.error.status() {
        // Nothing new.
        Status::InvalidState => attempt.reason.as_deref().and_then(Reason::named).unwrap_or(Reason::Interrupted),
        _ if doubt.status_word.is_some() => Reason::StillOpen,
        _ if is_connection(&doubt.error) => Reason::ConnectionLost,
        Status::ServerFailed => Reason::ServerFailed,
        Status::Refused => Reason::StillOpen,
        _ => Reason::AnswerUnreadable,
    }
}

/// How long to wait before the next read: longer each time, and not the same for all tills after an outage. The spread
/// comes from the reference, so that a simulated run can be repeated exactly.
fn pause(reference: &str, turn: u32) -> Duration {
    let mut hasher = DefaultHasher::new();
    (reference, turn).hash(&mut hasher);
    let spread = 0.75 + 0.5 * (hasher.finish() % 1000) as f64 / 1000.0;
    FIRST_PAUSE.saturating_mul(1 << turn.min(8)).min(LONGEST_PAUSE).mul_f64(spread)
}
