//! The flow, which is the product: a till takes payments, one at a time.
//!
//! - [`mod@config`]: how a till is set up
//! - [`mod@sale`]: what it wants to be paid for
//! - `flow`: how one payment goes, and what happens where it breaks
//! - [`mod@payment`]: what the till holds of it
//! - [`mod@outcome`]: what became of it, why, what next, and how to say it
//! - `register`: which references have been used
//! - `session`: the access token
//! - [`mod@clock`]: time, which a simulation may bend

use std::sync::mpsc::{self, Sender};
use std::sync::{Arc, Mutex, PoisonError};

use crate::api::endpoints::Api;
use crate::api::http::Http;
use crate::api::oauth::Grant;
use crate::error::{Error, Result, Status};
use crate::till::clock::{Clock, SystemClock};
use crate::till::config::Config;
use crate::till::flow::Desk;
use crate::till::outcome::{Outcome, Reason};
use crate::till::payment::{Payment, Ticket};
use crate::till::register::Register;
use crate::till::sale::Sale;
use crate::till::session::Session;

pub mod clock;
pub mod config;
pub(crate) mod flow;
pub mod outcome;
pub mod payment;
pub(crate) mod register;
pub mod sale;
pub(crate) mod session;

/// A till: one terminal, one payment at a time. May be used from any thread.
///
/// Dropping it neither waits nor stops anything: a running payment goes on, and whoever holds it learns its outcome.
pub struct Till {
    grant: Grant,
    /// The process that opened it: threads do not survive a fork.
    process: u32,
    register: Mutex<Register>,
    work: Sender<Work>,
}

/// A payment to be taken. Settled even if the worker fails: then nobody knows what became of it.
struct Work {
    sale: Sale,
    payment: Arc<Payment>,
}

impl Work {
    fn fail(&self, outcome: Outcome) {
        let error = Error::new(Status::Internal, "the till's thread has failed");
        let settled = flow::without_content(outcome, Some(Reason::Internal), Some(error), SystemClock::new().now());
        self.payment.settle(settled);
    }
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.payment.settled().is_none() {
            self.fail(Outcome::Unknown);
        }
    }
}

impl Till {
    /// Opens a till. Uses no network.
    pub fn open(config: &Config) -> Result<Till> {
        let (base_url, credentials) = config.complete()?;
        let timeouts = &config.timeouts;
        let http = Http::new(base_url, timeouts.connect, &config.extra_roots)?;
        let grant = credentials.grant();
        let desk = Desk {
            api: Api::new(Box::new(http), timeouts.request, timeouts.payment),
            session: Session::new(credentials),
            clock: Box::new(SystemClock::new()),
            payment_timeout: timeouts.payment,
            resolve_timeout: timeouts.resolve,
        };
        let work = spawn_worker(desk)?;
        Ok(Till { grant, process: std::process::id(), register: Mutex::default(), work })
    }

    /// Takes the payment and waits until it has an outcome.
    pub fn pay(&self, sale: &Sale) -> Result<Arc<Payment>> {
        let payment = self.start_payment(sale)?;
        payment.wait(None);
        Ok(payment)
    }

    /// Begins to take the payment and returns at once. An error means that nothing was sent.
    pub fn start_payment(&self, sale: &Sale) -> Result<Arc<Payment>> {
        sale.check_sum()?;
        if std::process::id() != self.process {
            return Err(Error::new(Status::Forked, "the till was opened before this process was forked"));
        }
        let ticket = Ticket::new(sale, SystemClock::new().now(), self.grant);
        let payment = self.register.lock().unwrap_or_else(PoisonError::into_inner).admit(ticket)?;
        if let Err(unsent) = self.work.send(Work { sale: sale.clone(), payment: payment.clone() }) {
            // An earlier payment's fault has ended the worker: this one certainly never began.
            unsent.0.fail(Outcome::NotStarted);
        }
        Ok(payment)
    }
}

/// The thread on which everything happens that may take time, all of reqwest's life included. It ends when the till is
/// dropped and the last payment settled.
fn spawn_worker(mut desk: Desk) -> Result<Sender<Work>> {
    let (sender, receiver) = mpsc::channel::<Work>();
    std::thread::Builder::new()
        .name("secupos-till".into())
        .spawn(move || {
            for work in receiver {
                let settled = desk.pay(&work.sale);
                work.payment.settle(settled);
            }
        })
        .map_err(|fault| Error::new(Status::Internal, format!("no thread for the till: {fault}")))?;
    Ok(sender)
}
