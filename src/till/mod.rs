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

use std::collections::HashSet;
use std::panic::{AssertUnwindSafe, catch_unwind};
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
use crate::till::payment::{Payment, Settled, Ticket};
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
    register: Arc<Mutex<Register>>,
    work: Sender<Work>,
}

/// A payment to be taken. Settled even if the worker fails: unknown if its start may have been sent, else not started.
struct Work {
    sale: Sale,
    payment: Arc<Payment>,
}

impl Drop for Work {
    fn drop(&mut self) {
        if self.payment.settled().is_some() {
            return;
        }
        let transaction_id = self.payment.noted_start().cloned();
        let outcome = if transaction_id.is_some() { Outcome::Unknown } else { Outcome::NotStarted };
        let error = Error::new(Status::Internal, "the till's thread has failed");
        let settled = flow::without_content(outcome, Reason::Internal, error, SystemClock::new().now());
        self.payment.settle(Settled { transaction_id, ..settled });
    }
}

impl Till {
    /// Opens a till. Uses no network.
    pub fn open(config: &Config) -> Result<Till> {
        let (base_url, credentials) = config.complete()?;
        let register = Register::of(&base_url, &credentials);
        let timeouts = &config.timeouts;
        let http = Http::new(base_url, timeouts.connect, &config.extra_roots)?;
        let grant = credentials.grant();
        let desk = Desk {
            api: Api::new(Box::new(http), timeouts.request, timeouts.payment),
            session: Session::new(credentials),
            clock: Box::new(SystemClock::new()),
            payment_timeout: timeouts.payment,
            resolve_timeout: timeouts.resolve,
            started: HashSet::new(),
        };
        let work = spawn_worker(desk)?;
        Ok(Till { grant, process: std::process::id(), register, work })
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
        payment::check_process(self.process)?;
        let ticket = Ticket::new(sale, SystemClock::new().now(), self.grant);
        let payment = self.register.lock().unwrap_or_else(PoisonError::into_inner).admit(ticket)?;
        // Should the worker be gone, the work comes back, and dropping it settles the payment.
        let _ = self.work.send(Work { sale: sale.clone(), payment: payment.clone() });
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
                // A fault in one payment must not cost the next one its till. The work is dropped either way.
                let _ = catch_unwind(AssertUnwindSafe(|| work.payment.settle(desk.pay(&work.sale, &work.payment))));
            }
        })
        .map_err(|fault| Error::new(Status::Internal, format!("no thread for the till: {fault}")))?;
    Ok(sender)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::time::Duration;

    use super::*;
    use crate::api::oauth::Credentials;
    use crate::api::secret::Secret;
    use crate::api::transport::{Broken, Request, Response, Transport};

    /// Approves every payment, but fails inside at the first create and at the second start.
    #[derive(Default)]
    struct Faulty {
        creates: AtomicUsize,
        starts: AtomicUsize,
    }

    impl Transport for Faulty {
        fn exchange(&self, request: &Request) -> std::result::Result<Response, Broken> {
            let number = self.creates.load(Ordering::Relaxed);
            let body = match request.path.as_str() {
                "/oauth/token" => r#"{"access_token":"t","expires_in":1200}"#.to_owned(),
                path if path.ends_with("/start/cashless") => {
                    assert!(self.starts.fetch_add(1, Ordering::Relaxed) != 1, "the second start fails");
                    format!(r#"{{"id":"STX_{number}","status":"ok"}}"#)
                }
                _ => {
                    assert!(self.creates.fetch_add(1, Ordering::Relaxed) != 0, "the first create fails");
                    format!(r#"{{"id":"STX_{}","status":"created"}}"#, number + 1)
                }
            };
            Ok(Response { status: 200, retry_after: None, body: body.into_bytes() })
        }
    }

    #[test]
    fn a_fault_inside_costs_one_payment_and_says_whether_it_may_have_been_started() {
        let credentials =
            Credentials { client_id: "id".into(), client_secret: Secret::new("secret"), device_code: None };
        let desk = Desk {
            api: Api::new(Box::<Faulty>::default(), Duration::from_secs(1), Duration::from_secs(1)),
            session: Session::new(credentials),
            clock: Box::new(SystemClock::new()),
            payment_timeout: Duration::from_secs(1),
            resolve_timeout: Duration::ZERO,
            started: HashSet::new(),
        };
        let till = Till {
            grant: Grant::ClientCredentials,
            process: std::process::id(),
            register: Arc::default(),
            work: spawn_worker(desk).expect("a thread"),
        };
        for (reference, outcome, transaction) in [
            ("create fails", Outcome::NotStarted, None),
            ("a", Outcome::Approved, Some("STX_2")),
            ("start fails", Outcome::Unknown, Some("STX_3")),
            ("b", Outcome::Approved, Some("STX_4")),
        ] {
            let payment = till.pay(&Sale::new(reference, 1, "EUR").expect("a sale")).expect("a payment");
            let settled = payment.settled().expect("settled");
            assert_eq!(settled.outcome, outcome, "{reference}");
            assert_eq!(settled.transaction_id.as_ref().map(|id| id.as_str()), transaction, "{reference}");
        }
    }
}
