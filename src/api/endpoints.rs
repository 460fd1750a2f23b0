//! The requests, by name. Each sends once; what the answers mean together is the flow's business.

use std::time::Duration;

use serde_json::Value;

use crate::api::logged::{Flight, Logged};
use crate::api::oauth::{self, Credentials, Granted};
use crate::api::registration::{self, Codes};
use crate::api::secret::Secret;
use crate::api::transaction::{NewTransaction, TransactionId};
use crate::api::transport::{Broken, Lane, Method, Request, Response, Transport};
use crate::error::{Error, Result, Status};
use crate::log::Log;

/// The API over some transport.
pub struct Api {
    wire: Logged,
    request_timeout: Duration,
    payment_timeout: Duration,
    report_timeout: Duration,
}

impl Api {
    /// `request_timeout` bounds everything but start, which waits for the customer for `payment_timeout`, and what else
    /// the terminal does, which takes `report_timeout`.
    pub fn new(
        transport: Box<dyn Transport>,
        log: Log,
        request_timeout: Duration,
        payment_timeout: Duration,
        report_timeout: Duration,
    ) -> Self {
        Api { wire: Logged::new(transport, log), request_timeout, payment_timeout, report_timeout }
    }

    /// This secret is never passed on, whoever quotes it; those that go over the wire are kept anyway.
    pub fn keep_secret(&self, secret: &Secret) {
        self.wire.keep_secret(secret);
    }

    /// What the next requests are about, for the log.
    pub fn speak_of(&self, subject: &str) {
        self.wire.speak_of(subject);
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
    pub fn create(&self, token: &Secret, transaction: &NewTransaction<'_>) -> std::result::Result<Response, Broken> {
        let body = serde_json::to_vec(transaction).map_err(|fault| {
            Broken::NeverSent(Error::new(Status::Internal, format!("the sale has no JSON: {fault}")))
        })?;
        self.wire.exchange(self.short(Method::Post, TRANSACTIONS.into(), Some(token), Some(body)))
    }

    /// `GET /Smart/Transactions/{id}`, within `limit` if that is shorter than any request may take.
    pub fn read(&self, token: &Secret, id: &TransactionId, limit: Duration) -> std::result::Result<Response, Broken> {
        self.wire.exchange(Request {
            timeout: self.request_timeout.min(limit),
            ..self.short(Method::Get, format!("{TRANSACTIONS}/{id}"), Some(token), None)
        })
    }

    /// `POST /Smart/Transactions/{id}/start/cashless`: money moves while it blocks. On a connection of its own.
    pub fn begin_start(&self, token: &Secret, id: &TransactionId) -> Flight<'_> {
        self.wire.begin(Request {
            method: Method::Post,
            path: format!("{TRANSACTIONS}/{id}/start/cashless"),
            bearer: Some(token.clone()),
            body: None,
            lane: Lane::Fresh,
            timeout: self.payment_timeout,
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
    pub fn reverse(&self, token: &Secret, receipt_number: i64) -> std::result::Result<Response, Broken> {
        self.at_the_terminal(token, &format!("{receipt_number}/cancelTrx"))
    }

    /// `POST /Smart/Transactions/me/EndOfDay`: blocks until the terminal has closed its day.
    pub fn end_of_day(&self, token: &Secret) -> std::result::Result<Response, Broken> {
        self.at_the_terminal(token, "me/EndOfDay")
    }

    /// `POST /Smart/Transactions/me/diagnosis`: blocks until the terminal has spoken with its host.
    pub fn diagnosis(&self, token: &Secret) -> std::result::Result<Response, Broken> {
        self.at_the_terminal(token, "me/diagnosis")
    }

    fn at_the_terminal(&self, token: &Secret, end: &str) -> std::result::Result<Response, Broken> {
        self.wire.exchange(Request {
            lane: Lane::Fresh,
            timeout: self.report_timeout,
            ..self.short(Method::Post, format!("{TRANSACTIONS}/{end}"), Some(token), None)
        })
    }

    fn short(&self, method: Method, path: String, token: Option<&Secret>, body: Option<Vec<u8>>) -> Request {
        Request { method, path, bearer: token.cloned(), body, lane: Lane::Shared, timeout: self.request_timeout }
    }
}

const TRANSACTIONS: &str = "/api/v2/Smart/Transactions";
