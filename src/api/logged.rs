//! The transport with what is said of it: each request is logged with its number, and what it is about. Neither bodies nor
//! headers are.

use std::cell::{Cell, RefCell};
use std::time::{Duration, Instant};

use crate::api::discreet::Discreet;
use crate::api::secret::Secret;
use crate::api::transport::{Broken, InFlight, Request, Response, Transport};
use crate::log::{Level, Log};

/// Carries requests and tells of them.
pub(super) struct Logged {
    transport: Box<dyn Transport>,
    discreet: Discreet,
    log: Log,
    /// What the requests are about, such as "payment 3 attempt 1".
    subject: RefCell<String>,
    requests: Cell<u64>,
}

/// A request that is told of.
struct Told {
    request: Request,
    /// What is written before what came of it.
    name: String,
    since: Instant,
}

impl Logged {
    pub(super) fn new(transport: Box<dyn Transport>, log: Log) -> Self {
        let (subject, requests) = (RefCell::default(), Cell::default());
        Logged { transport, discreet: Discreet::default(), log, subject, requests }
    }

    /// This secret is never passed on, whoever quotes it.
    pub(super) fn keep_secret(&self, secret: &Secret) {
        self.discreet.learn(secret);
    }

    /// What the next requests are about.
    pub(super) fn speak_of(&self, subject: &str) {
        subject.clone_into(&mut self.subject.borrow_mut());
    }

    pub(super) fn exchange(&self, request: Request) -> Result<Response, Broken> {
        let told = self.told(request);
        let came = self.transport.exchange(&told.request);
        self.tell(&told, came)
    }

    pub(super) fn begin(&self, request: Request) -> Flight<'_> {
        let told = self.told(request.clone());
        Flight { carried: self.transport.begin(request), wire: self, told }
    }

    fn told(&self, request: Request) -> Told {
        self.discreet.learn_from(&request);
        self.requests.set(self.requests.get() + 1);
        let subject = self.subject.borrow();
        let gap = if subject.is_empty() { "" } else { " " };
        let name = format!("{subject}{gap}request {}: {request:?}", self.requests.get());
        Told { request, name, since: Instant::now() }
    }

    fn tell(&self, told: &Told, came: Result<Response, Broken>) -> Result<Response, Broken> {
        let (name, took) = (&told.name, told.since.elapsed().as_millis());
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
        came.map(|response| self.discreet.pass(&told.request, response))
    }
}

/// A request that has been sent. Dropping it leaves the request alone.
pub struct Flight<'a> {
    carried: Box<dyn InFlight>,
    wire: &'a Logged,
    told: Told,
}

impl Flight<'_> {
    /// Waits for what comes of it, but no longer than `limit`: then nothing has come yet.
    pub fn wait(&mut self, limit: Duration) -> Option<Result<Response, Broken>> {
        let came = self.carried.wait(limit)?;
        Some(self.wire.tell(&self.told, came))
    }
}
