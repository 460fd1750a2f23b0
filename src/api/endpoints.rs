//! The requests, by name. Each sends once; what the answers mean together is the flow's business.

use std::cell::Cell;
use std::time::Duration;

use serde_json::Value;

use crate::api::action::ActionId;
use crate::api::logging::{Flight, LoggingTransport};
use crate::api::oauth::{self, Credentials, Granted};
use crate::api::registration::{self, Codes};
use crate::api::secret::Secret;
use crate::api::transaction::{NewTransaction, TransactionId};
use crate::api::transport::{Broken, Lane, Method, Request, Response, SecondLook, Transport};
use crate::error::{Error, Result, Status};
use crate::log::Log;

/// The API over some transport.
pub struct Api {
    wire: LoggingTransport,
    request_timeout: Duration,
    payment_timeout: Duration,
    terminal_timeout: Duration,
    /// No request that does nothing at the terminal takes longer.
    patience: Cell<Option<Duration>>,
}

impl Api {
    /// `request_timeout` bounds everything but start, which waits for the customer for `payment_timeout`, and what else
    /// the terminal does, which takes `terminal_timeout`.
    pub fn new(
        transport: Box<dyn Transport>,
        log: Log,
        request_timeout: Duration,
        payment_timeout: Duration,
        terminal_timeout: Duration,
    ) -> Self {
        let patience = Cell::default();
        Api {
            wire: LoggingTransport::new(transport, log),
            request_timeout,
            payment_timeout,
            terminal_timeout,
            patience,
        }
    }

    /// This secret is never passed on, whoever quotes it; those that go over the wire are kept anyway.
    pub fn keep_secret(&self, secret: &Secret) {
        self.wire.keep_secret(secret);
    }

    /// What the next requests are about, for the log.
    pub fn speak_of(&self, subject: &str) {
        self.wire.speak_of(subject);
    }

    /// From here on requests that do nothing at the terminal take no longer than this, whatever their timeout.
    pub fn be_patient_for(&self, patience: Option<Duration>) {
        self.patience.set(patience);
    }

    /// `POST /oauth/token` with the till's credentials.
    pub fn log_in(&self, credentials: &Credentials) -> Result<Granted> {
        self.token(credentials, credentials.login_body())
    }

    /// `POST /oauth/token` with the session's refresh token.
    pub fn refresh(&self, credentials: &Credentials, refresh_token: &Secret) -> Result<Granted> {
        self.token(credentials, credentials.refresh_body(refresh_token))
    }

    /// `POST /oauth/token` with the device's own name: asks for the codes of a registration.
    pub fn register(&self, credentials: &Credentials, uuid: &str) -> Result<Codes> {
        let body = credentials.registration_body(uuid).to_string().into_bytes();
        let request = self.short(Method::Post, "/oauth/token".into(), None, Some(body));
        registration::read_codes(&self.wire.exchange(request).map_err(Broken::into_error)?)
    }

    fn token(&self, credentials: &Credentials, body: Value) -> Result<Granted> {
        let body = body.to_string().into_bytes();
        let request = self.short(Method::Post, "/oauth/token".into(), None, Some(body));
        let response = self.wire.exchange(request).map_err(Broken::into_error)?;
        oauth::read_token(credentials.grant(), &response)
    }

    /// `POST /Smart/Transactions`: moves no money.
    pub fn create(
        &self,
        token: &Secret,
        action: &ActionId,
        transaction: &NewTransaction<'_>,
    ) -> std::result::Result<Response, Broken> {
        self.wire.exchange(self.creating(token, action, transaction)?)
    }

    /// The same, on a connection of its own, beside which others are exchanged.
    pub fn begin_create(
        &self,
        token: &Secret,
        action: &ActionId,
        transaction: &NewTransaction<'_>,
    ) -> std::result::Result<Flight<'_>, Broken> {
        Ok(self.wire.begin(Request { lane: Lane::Fresh, ..self.creating(token, action, transaction)? }))
    }

    fn creating(
        &self,
        token: &Secret,
        action: &ActionId,
        transaction: &NewTransaction<'_>,
    ) -> std::result::Result<Request, Broken> {
        let body = serde_json::to_vec(transaction).map_err(|fault| {
            Broken::NeverSent(Error::new(Status::Internal, format!("the sale has no JSON: {fault}")))
        })?;
        let action = Some(action.clone());
        Ok(Request { action, ..self.short(Method::Post, TRANSACTIONS.into(), Some(token), Some(body)) })
    }

    /// `GET /Smart/Transactions/{id}`, within `limit` if that is shorter than any request may take.
    pub fn read(&self, token: &Secret, id: &TransactionId, limit: Duration) -> std::result::Result<Response, Broken> {
        let request = self.short(Method::Get, format!("{TRANSACTIONS}/{id}"), Some(token), None);
        self.wire.exchange(Request { timeout: limit.min(request.timeout), ..request })
    }

    /// `GET /Smart/Transactions`: the newest `count` that the token may see, the newest first.
    pub fn newest(&self, token: &Secret, count: u32) -> std::result::Result<Response, Broken> {
        let path = format!("{TRANSACTIONS}?count={count}&offset=0&sort=created:desc");
        self.wire.exchange(self.short(Method::Get, path, Some(token), None))
    }

    /// `POST /Smart/Transactions/{id}/start/cashless`: money moves while it blocks. On a connection of its own.
    pub fn begin_start(&self, token: &Secret, action: &ActionId, id: &TransactionId, look: SecondLook) -> Flight<'_> {
        self.wire.begin(Request {
            timeout: self.payment_timeout,
            ..self.at_the_terminal(token, action, &format!("{id}/start/cashless"), look)
        })
    }

    /// `POST /Smart/Transactions/{id}/abort`: abandons a transaction that was never started; stops nothing that runs.
    pub fn abort(&self, token: &Secret, id: &TransactionId) -> std::result::Result<Response, Broken> {
        self.wire.exchange(Request {
            lane: Lane::Fresh,
            ..self.short(Method::Post, format!("{TRANSACTIONS}/{id}/abort"), Some(token), None)
        })
    }

    /// `POST /Smart/Transactions/{receipt_number}/cancelTrx`: money moves back while it blocks.
    pub fn reverse(
        &self,
        token: &Secret,
        action: &ActionId,
        receipt_number: i64,
        look: SecondLook,
    ) -> std::result::Result<Response, Broken> {
        self.wire.exchange(self.at_the_terminal(token, action, &format!("{receipt_number}/cancelTrx"), look))
    }

    /// `POST /Smart/Transactions/me/EndOfDay`: blocks until the terminal has closed its day.
    pub fn end_of_day(
        &self,
        token: &Secret,
        action: &ActionId,
        look: SecondLook,
    ) -> std::result::Result<Response, Broken> {
        self.wire.exchange(self.at_the_terminal(token, action, "me/EndOfDay", look))
    }

    /// `POST /Smart/Transactions/me/diagnosis`: blocks until the terminal has spoken with its host.
    pub fn diagnosis(
        &self,
        token: &Secret,
        action: &ActionId,
        look: SecondLook,
    ) -> std::result::Result<Response, Broken> {
        self.wire.exchange(self.at_the_terminal(token, action, "me/diagnosis", look))
    }

    /// What the terminal is set to work by: on a connection of its own, named, and looked at once more.
    fn at_the_terminal(&self, token: &Secret, action: &ActionId, end: &str, look: SecondLook) -> Request {
        Request {
            action: Some(action.clone()),
            lane: Lane::Fresh,
            second_look: Some(look),
            timeout: self.terminal_timeout,
            ..self.short(Method::Post, format!("{TRANSACTIONS}/{end}"), Some(token), None)
        }
    }

    fn short(&self, method: Method, path: String, token: Option<&Secret>, body: Option<Vec<u8>>) -> Request {
        let timeout = self.patience.get().map_or(self.request_timeout, |patience| patience.min(self.request_timeout));
        let bearer = token.cloned();
        Request { method, path, bearer, body, action: None, lane: Lane::Shared, second_look: None, timeout }
    }
}

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";
