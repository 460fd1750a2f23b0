//! Taking one payment: log in → create → durable row → start.
//!
//! Only here, and for the one second start that `resolve` may make, is anything started.

use std::time::Duration;

use crate::api::refusal;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, Sum, TransactionId};
use crate::api::transport::{Broken, Response};
use crate::api::verdict::{self, Doubt, ReadVerdict, Standing, StartVerdict};
use crate::error::{Error, Result, Status};
use crate::journal::{Attempt, Start, State};
use crate::money::Money;
use crate::till::desk::{Desk, End, PATIENCE, key, new_attempt, state_of};
use crate::till::doubt::Refused;
use crate::till::outcome::Reason;
use crate::till::payment::{Payment, Ticket};
use crate::till::sale::Sale;
use crate::till::settled::Settled;

/// The token must outlive the payment and its resolving by this much.
pub(super) const TOKEN_MARGIN: Duration = Duration::from_secs(60);
/// When start has blocked for so long, its connection may be dead without anybody noticing: the transaction is read
/// beside it, and again each time so much has passed.
const WATCH_FROM: Duration = Duration::from_secs(20);
const WATCH_EVERY: Duration = Duration::from_secs(5);
/// If more has passed since the durable row, the machine was asleep: whoever stood at the terminal may have gone.
pub(super) const STALE: Duration = Duration::from_secs(10);
/// What came of a start.
pub(super) enum Started {
    /// The server's final word, stored.
    Settled(Box<Settled>),
    /// Not one byte was sent.
    NeverSent(Error),
    /// The API has refused.
    Refused(Refused, Error),
    /// Nobody knows.
    InDoubt(Doubt),
}

impl Desk {
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
        Ok(match self.start(&mut token, &id, &attempt) {
            Started::Settled(settled) => *settled,
            Started::NeverSent(error) => {
                let (state, reason) = (State::NotStarted, Some(Reason::NoConnection));
                let end = End { state, fenced: false, reason, transaction: None, answer: None, took: None };
                self.finish(&attempt, &end, Some(error))
            }
            Started::Refused(how, error) => {
                self.resolve(token, attempt, error.into(), Some(how), self.timeouts.resolve)
            }
            Started::InDoubt(doubt) => self.resolve(token, attempt, doubt, None, self.timeouts.resolve),
        })
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

    /// Starts, and reads beside it once it blocks for long. The attempt's row must be durable.
    pub(super) fn start(&mut self, token: &mut Secret, id: &TransactionId, attempt: &Attempt) -> Started {
        let began = self.clock.elapsed();
        let mut flight = self.api.begin_start(token, id);
        let mut pause = WATCH_FROM;
        let came = loop {
            if let Some(came) = flight.wait(pause) {
                break came;
            }
            pause = WATCH_EVERY;
            if (self.rules.may_renew_in_flight)()
                && let Ok(renewed) = self.session.renew(&self.api, &*self.clock)
            {
                *token = renewed;
            }
            let seen = self.read_once(token, id, attempt.money, PATIENCE);
            if matches!(seen.verdict, ReadVerdict::Final(..)) {
                let took = self.clock.elapsed().saturating_sub(began);
                return Started::Settled(Box::new(self.settle_read(attempt, &seen, Some(took))));
            }
        };
        let took = self.clock.elapsed().saturating_sub(began);
        let answer = came.as_ref().ok().map(|response| response.body.clone());
        match verdict::of_start(came, took, id, attempt.money) {
            StartVerdict::Final(standing, transaction) => {
                let (state, reason) = state_of(standing);
                let (transaction, answer) = (Some(&*transaction), answer.as_deref());
                let end = End { state, fenced: false, reason, transaction, answer, took: Some(took) };
                Started::Settled(Box::new(self.finish(attempt, &end, None)))
            }
            StartVerdict::NeverSent(error) => Started::NeverSent(error),
            StartVerdict::TokenRefused(error) => Started::Refused(Refused::Token, error),
            StartVerdict::Refused(error) => Started::Refused(Refused::Start, error),
            StartVerdict::InDoubt(doubt) => Started::InDoubt(doubt),
        }
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

fn why_no_login(error: &Error) -> Reason {
    if error.status().is_connection() { Reason::NoConnection } else { Reason::LoginFailed }
}
