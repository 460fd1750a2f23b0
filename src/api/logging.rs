//! The transport with what is said of it: each request is logged with its number, and what it is about. Neither bodies nor
//! headers are.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use crate::api::redaction::Redaction;
use crate::api::secret::Secret;
use crate::api::transport::{Broken, InFlight, Request, Response, Transport};
use crate::log::{Level, Log};

/// Carries requests and tells of them.
pub(super) struct LoggingTransport {
    transport: Box<dyn Transport>,
    redaction: Redaction,
    log: Log,
    /// What the requests are about, such as "payment 3 attempt 1".
    subject: RefCell<String>,
    requests: Cell<u64>,
}

/// A request that is logged.
struct Logged {
    request: Request,
    /// What is written before what came of it.
    name: String,
    since: Instant,
}

impl LoggingTransport {
    pub(super) fn new(transport: Box<dyn Transport>, log: Log) -> Self {
        let (subject, requests) = (RefCell::default(), Cell::default());
        LoggingTransport { transport, redaction: Redaction::default(), log, subject, requests }
    }

    /// This secret is never passed on, whoever quotes it.
    pub(super) fn keep_secret(&self, secret: &Secret) {
        self.redaction.learn(secret);
    }

    /// What the next requests are about.
    pub(super) fn speak_of(&self, subject: &str) {
        subject.clone_into(&mut self.subject.borrow_mut());
    }

    pub(super) fn exchange(&self, request: Request) -> Result<Response, Broken> {
        let logged = self.logged(request);
        let came = self.transport.exchange(&logged.request);
        self.log_result(&logged, came)
    }

    pub(super) fn begin(&self, request: Request) -> Flight<'_> {
        let logged = self.logged(request.clone());
        Flight { carried: self.transport.begin(request), wire: self, logged }
    }

    fn logged(&self, request: Request) -> Logged {
        self.redaction.learn_from(&request);
        self.requests.set(self.requests.get() + 1);
        let subject = self.subject.borrow();
        let gap = if subject.is_empty() { "" } else { " " };
        let name = format!("{subject}{gap}request {}: {request:?}", self.requests.get());
        Logged { request, name, since: Instant::now() }
    }

    fn log_result(&self, logged: &Logged, came: Result<Response, Broken>) -> Result<Response, Broken> {
        let (name, took) = (&logged.name, logged.since.elapsed().as_millis());
        match &came {
            Ok(response) => {
                let level = if response.status >= 500 { Level::Warning } else { Level::Debug };
                self.log.write(level, || format!("{name}: HTTP {} after {took} ms", response.status));
            }
            Err(Broken::NeverSent(error)) => {
                self.log.write(Level::Warning, || format!("{name}: not sent, after {took} ms: {error}"));
            }
            Err(Broken::MaybeSent(error)) => {
                self.log.write(Level::Warning, || format!("{name}: no answer after {took} ms: {error}"));
            }
        }
        came.map(|response| self.redaction.pass(&logged.request, response))
    }
}

/// A request that has been sent. Dropping it leaves the request alone.
pub struct Flight<'a> {
    carried: Box<dyn InFlight>,
    wire: &'a LoggingTransport,
    logged: Logged,
}

impl Flight<'_> {
    /// Waits for what comes of it, but no longer than `limit`: then nothing has come yet.
    pub fn wait(&mut self, limit: Duration) -> Option<Result<Response, Broken>> {
        let came = self.carried.wait(limit)?;
        Some(self.wire.log_result(&self.logged, came))
    }
}
