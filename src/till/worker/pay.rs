//! Taking one payment: log in → what was before → create → durable row → start. Only here is anything started, and nothing
//! is started twice.

use std::time::Duration;

use crate::api::action::ActionId;
use crate::api::answer::{Answer, Expected};
use crate::api::refusal;
use crate::api::secret::Secret;
use crate::api::transaction::{SmartTransaction, Sum, TransactionId};
use crate::api::transport::{Broken, Response, SecondLook};
use crate::error::{Error, Result, Status};
use crate::journal::Start;
use crate::money::Money;
use crate::payment::attempt::Attempt;
use crate::payment::grace;
use crate::payment::phase::Phase;
use crate::payment::reason::Reason;
use crate::payment::state::State;
use crate::payment::verdict::{self, ReadVerdict, RemoteStatus, StartVerdict};
use crate::till::clock::Stopwatch;
use crate::till::handles::payment::{Payment, Ticket};
use crate::till::handles::settled::Settled;
use crate::till::handles::telling::Telling;
use crate::till::sale::Sale;
use crate::till::worker::engine::{End, Engine, PATIENCE, Refusal, STALE, Seen, TOKEN_MARGIN, id_of, new_attempt};
use crate::till::worker::resolve::Doubt;

/// When start has blocked for so long, its connection may be dead without anybody noticing: the transaction is read
/// beside it, and again each time so much has passed.
const WATCH_FROM: Duration = Duration::from_secs(20);
const WATCH_EVERY: Duration = Duration::from_secs(5);
/// A read beside start says that it is paid: start's own answer, which brings the receipts, is waited for so much longer.
const WAITED_FOR_RECEIPTS: Duration = Duration::from_secs(15);
/// A create whose answer was lost is asked again under the same name, if no more has passed.
const ASKED_AGAIN: Duration = Duration::from_secs(10);
/// What has nothing to do with the sale is asked about beside create, and not for longer.
const BESIDE_CREATE: Duration = Duration::from_secs(3);

/// A transaction that was created.
struct Created {
    token: Secret,
    id: TransactionId,
    /// The server's clock.
    date: Option<i64>,
    /// The device that the service takes us for.
    device: Option<String>,
}

impl Engine {
    /// Takes the payment for a sale that has been checked and admitted.
    pub(crate) fn pay(&mut self, sale: &Sale, payment: &Payment) -> Settled {
        self.begin(sale, payment).unwrap_or_else(|settled| *settled)
    }

    fn begin(&mut self, sale: &Sale, payment: &Payment) -> std::result::Result<Settled, Box<Settled>> {
        let ticket = payment.ticket();
        let began = self.clock.elapsed();
        let refuse = |engine: &mut Engine, id: Option<&TransactionId>, (reason, error): Refusal| {
            Box::new(engine.not_started(sale, ticket, id, reason, error))
        };
        let abandoned = || (Reason::Abandoned, Error::new(Status::InvalidState, "abandoned before it was started"));
        let needed = self.timeouts.payment + self.timeouts.resolve + TOKEN_MARGIN;
        let token = self.session.token(&self.api, &*self.clock, needed);
        let mut token = token.map_err(|error| refuse(self, None, (why_no_login(&error), error)))?;
        let others = self.look_back(&mut token, ticket).map_err(|why| refuse(self, None, why))?;
        if payment.is_abandoned() {
            return Err(refuse(self, None, abandoned()));
        }
        let created = self.create(token, sale, began, others).map_err(|why| refuse(self, None, why))?;
        let Created { mut token, id, date, device } = created;
        let newer = self.compare_list(&token, &id, device.as_deref()).map_err(|why| refuse(self, Some(&id), why))?;
        if let Some(newer) = newer {
            // In this order: in recovery nothing would be stored of this attempt, and the next one be out of order.
            let error = Error::new(Status::StateFileDamaged, newer.fault.clone());
            let settled = refuse(self, Some(&id), (Reason::StateFileOld, error));
            self.enter_recovery(&newer);
            return Err(settled);
        }
        if !payment.may_start(&id, self.clock.elapsed()) {
            return Err(refuse(self, Some(&id), abandoned()));
        }
        let action = ActionId::draw();
        let watch = Stopwatch::start(&*self.clock);
        let attempt = self.store_start(sale, ticket, &id, date, &action);
        let attempt = attempt.map_err(|error| refuse(self, Some(&id), (why_no_row(&error), error)))?;
        Ok(self.start(&mut token, &action, &id, &attempt, watch, began))
    }

    /// Creates the transaction, and asks beside it about what has nothing to do with the sale. No money moves here; a
    /// transaction that nobody starts is an orphan and harmless.
    fn create(
        &mut self,
        mut token: Secret,
        sale: &Sale,
        began: Duration,
        others: Vec<Attempt>,
    ) -> std::result::Result<Created, Refusal> {
        let mut action = ActionId::draw();
        let watch = Stopwatch::start(&*self.clock);
        let (mut came, seen) = self.create_beside(&token, &action, sale, others);
        for (attempt, seen) in seen {
            self.take_in(&attempt, &seen);
        }
        if came.as_ref().is_ok_and(refusal::is_token_refused) {
            // Refused with the API's own words, so this created nothing: renew the token and ask once more, under another
            // name, because this one has its answer.
            action = ActionId::draw();
            token = self.session.renew(&self.api, &*self.clock).map_err(|error| (why_no_login(&error), error))?;
            came = self.api.create(&token, &action, &sale.to_transaction());
        }
        let was_lost = matches!(came, Err(Broken::MaybeSent(_)));
        if was_lost && watch.read(&*self.clock) <= ASKED_AGAIN {
            came = self.api.create(&token, &action, &sale.to_transaction());
        }
        if came.as_ref().is_ok_and(refusal::is_token_refused) && self.session.has_token_since(began) {
            self.note_login_taken();
            let error = came.map(|response| refusal::error("creating the transaction", &response));
            return Err((Reason::LoginTaken, error.unwrap_or_else(Broken::into_error)));
        }
        let date = came.as_ref().ok().and_then(|response| response.date);
        let (id, device) = read_created(came, sale.reference(), sale.money())?;
        Ok(Created { token, id, date, device })
    }

    /// What came of create, and of the reads beside it.
    fn create_beside(
        &mut self,
        token: &Secret,
        action: &ActionId,
        sale: &Sale,
        others: Vec<Attempt>,
    ) -> (std::result::Result<Response, Broken>, Vec<(Attempt, Seen)>) {
        let mut seen = Vec::new();
        if others.is_empty() {
            return (self.api.create(token, action, &sale.to_transaction()), seen);
        }
        let mut flight = match self.api.begin_create(token, action, &sale.to_transaction()) {
            Ok(flight) => flight,
            Err(broken) => return (Err(broken), seen),
        };
        let until = self.clock.elapsed() + BESIDE_CREATE;
        for attempt in others {
            let left = until.saturating_sub(self.clock.elapsed());
            if left.is_zero() {
                break;
            }
            if let Some(id) = id_of(&attempt) {
                // With this token or none: a login would kill the one that create goes by.
                let read = self.read_once(token, &id, attempt.money, left.min(PATIENCE));
                seen.push((attempt, read));
            }
        }
        let came = flight.wait(self.timeouts.request + PATIENCE);
        let silent = || Err(Broken::MaybeSent(Error::new(Status::Timeout, "create was not answered in time")));
        (came.unwrap_or_else(silent), seen)
    }

    /// The one synced write before the first byte of start.
    fn store_start(
        &mut self,
        sale: &Sale,
        ticket: &Ticket,
        id: &TransactionId,
        server_date: Option<i64>,
        action: &ActionId,
    ) -> Result<Attempt> {
        let grace = grace::millis(self.timeouts.until_grace_is_over());
        let start = Start { server_date, grace, action: action.as_str() };
        let mut held = self.state.hold();
        let now = held.now();
        held.journal()?.begin_starting(&new_attempt(sale, ticket, Some(id)), &start, &now)
    }

    /// Starts, and reads beside it once it blocks for long. The attempt's row must be durable; `watch` runs since then.
    fn start(
        &mut self,
        token: &mut Secret,
        action: &ActionId,
        id: &TransactionId,
        attempt: &Attempt,
        watch: Stopwatch,
        began: Duration,
    ) -> Settled {
        let not_sent = |error| (End::not_started(Reason::NoConnection), error);
        if watch.read(&*self.clock) > STALE {
            let fault = "the machine stood still just before start, which was not sent";
            let (end, error) = not_sent(Error::new(Status::InvalidState, fault));
            return self.finish(attempt, &end, Some(error));
        }
        self.enter(Phase::WaitingForTerminal);
        let sent = Stopwatch::start(&*self.clock);
        let look = self.second_look(watch);
        let (came, paid) = self.watch_start(token, action, id, attempt, look);
        let took = sent.read(&*self.clock);
        let Some(came) = came else {
            // Start's own answer did not come, but a read has said that it is paid.
            return match paid {
                Some(seen) => self.finish(attempt, &end_paid(&seen, took), None),
                None => self.told(attempt, None),
            };
        };
        let answer = Answer::read("start", came, Expected::Ours(id, attempt.money));
        match (verdict::of_start(answer.came, took), paid) {
            (StartVerdict::Final(status), paid) if paid.is_none() || status == RemoteStatus::Paid => {
                let end = End { said_by_start: true, took: Some(took), ..End::said(attempt.state, status, &answer) };
                self.finish(attempt, &end, None)
            }
            (_, Some(seen)) => self.finish(attempt, &end_paid(&seen, took), None),
            (StartVerdict::NeverSent, None) => {
                let (end, error) = not_sent(answer.why());
                self.finish(attempt, &end, Some(error))
            }
            (StartVerdict::Refused { of_token }, None) => {
                let was_taken = of_token && self.session.has_token_since(began);
                if was_taken {
                    self.note_login_taken();
                }
                if of_token {
                    // Where this fails, reading says so.
                    *token = self.session.renew(&self.api, &*self.clock).unwrap_or_else(|_| token.clone());
                }
                let reason = if was_taken { Reason::LoginTaken } else { Reason::StartRefused };
                self.find_out(token, attempt, Doubt { refused: Some(reason), ..Doubt::of(&answer) })
            }
            (StartVerdict::InDoubt { .. } | StartVerdict::Final(_), None) => {
                self.find_out(token, attempt, Doubt::of(&answer))
            }
        }
    }

    fn find_out(&mut self, token: &Secret, attempt: &Attempt, doubt: Doubt) -> Settled {
        self.enter(Phase::FindingOut);
        self.resolve(token.clone(), attempt.clone(), doubt, self.timeouts.resolve, None, Telling::Call)
    }

    /// Waits for start's own answer, and reads beside it. What a read says counts only if it says that it is paid.
    fn watch_start(
        &mut self,
        token: &mut Secret,
        action: &ActionId,
        id: &TransactionId,
        attempt: &Attempt,
        look: SecondLook,
    ) -> (Option<std::result::Result<Response, Broken>>, Option<Seen>) {
        let mut flight = self.api.begin_start(token, action, id, look);
        let mut pause = WATCH_FROM;
        let mut paid: Option<(Seen, Duration)> = None;
        loop {
            if let Some(came) = flight.wait(self.clock.real(pause)) {
                return (Some(came), paid.map(|(seen, _)| seen));
            }
            if let Some((seen, _)) =
                paid.take_if(|(_, since)| self.clock.elapsed().saturating_sub(*since) >= WAITED_FOR_RECEIPTS)
            {
                return (None, Some(seen));
            }
            pause = WATCH_EVERY;
            if paid.is_some() {
                continue;
            }
            if (self.rules.may_renew_in_flight)()
                && let Ok(renewed) = self.session.renew(&self.api, &*self.clock)
            {
                *token = renewed;
            }
            let seen = self.read_once(token, id, attempt.money, PATIENCE);
            if seen.verdict == ReadVerdict::Says(RemoteStatus::Paid) {
                paid = Some((seen, self.clock.elapsed()));
            }
        }
    }
}

/// What a read beside start has said.
fn end_paid(seen: &Seen, took: Duration) -> End<'_> {
    End { took: Some(took), ..End::said(State::Starting, RemoteStatus::Paid, &seen.answer) }
}

/// Reads the answer to create: its id, and the device that the service takes us for. What is not clearly our new
/// transaction is refused before anything is started.
fn read_created(
    came: std::result::Result<Response, Broken>,
    reference: &str,
    money: Money,
) -> std::result::Result<(TransactionId, Option<String>), Refusal> {
    let response = match came {
        Ok(response) => response,
        Err(Broken::NeverSent(error)) => return Err((Reason::NoConnection, error)),
        Err(Broken::MaybeSent(error)) => return Err((Reason::CreateUnsure, error)),
    };
    if !response.is_success() {
        return Err((Reason::CreateRefused, refusal::error("creating the transaction", &response)));
    }
    let refuse = |fault: &str| {
        let message = format!("the answer to creating the transaction {fault}");
        (Reason::CreateRefused, Error::new(Status::Protocol, message))
    };
    let transaction = SmartTransaction::parse(&response.body).map_err(|error| (Reason::CreateRefused, error))?;
    let id = transaction.id.clone().ok_or_else(|| refuse("has no usable id"))?;
    match () {
        () if transaction.is_of_another_currency(money) => Err(refuse("has another currency")),
        () if !matches!(transaction.sum, Sum::Absent | Sum::Of(_)) => Err(refuse("has an amount that cannot be read")),
        () if matches!(transaction.sum, Sum::Of(sum) if sum != money.minor) => Err(refuse("has another amount")),
        () if transaction.body["merchantRef"].as_str().is_some_and(|own| own != reference) => {
            Err(refuse("has another reference"))
        }
        () if transaction.remote_status().is_final() => Err(refuse("is already final")),
        () => Ok((id, transaction.device_source)),
    }
}

fn why_no_login(error: &Error) -> Reason {
    if error.status().is_connection() { Reason::NoConnection } else { Reason::LoginFailed }
}

/// A transaction that was started before is the service's fault, anything else the journal's.
fn why_no_row(error: &Error) -> Reason {
    if error.status() == Status::Protocol { Reason::CreateRefused } else { Reason::JournalFailed }
}
