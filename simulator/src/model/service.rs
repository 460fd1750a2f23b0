//! What whoever runs the model asks of it: that time passes, and that requests are worked on.

use std::time::Duration;

use crate::model::actions::takes_an_id;
use crate::model::answer::{Answer, Refusal};
use crate::model::endpoint::Endpoint;
use crate::model::request::{Pending, Reply, Request};
use crate::model::state::{Event, Model, Replied};
use crate::model::terminal::{Job, Visit};

impl Model {
    /// When something happens next, if nobody asks for anything before.
    pub fn next_due(&self) -> Option<Duration> {
        self.agenda.next()
    }

    /// It is so late now. Everything that is due by then happens, each at its own time.
    pub fn advance(&mut self, now: Duration) {
        while let Some((at, event)) = self.agenda.take(now) {
            self.now = self.now.max(at);
            match event {
                Event::Ends(number) => self.visit_ends(number),
                Event::PaidAfterAll(number, visit) => {
                    if let Job::Payment(id) = &visit.job {
                        self.is_paid_after_all(number, &visit, id);
                    }
                }
                Event::Refuses(awaited, refused) => self.answer(awaited, Err(Refusal::of(refused))),
            }
        }
        self.now = self.now.max(now);
    }

    fn visit_ends(&mut self, number: u64) {
        let Some(visit) = self.visits.remove(&number) else { return };
        let terminal = visit.terminal.clone();
        self.job_ends(number, visit);
        self.leaves(number, &terminal);
    }

    fn job_ends(&mut self, number: u64, visit: Visit) {
        match visit.job.clone() {
            Job::Payment(id) => self.payment_ends(number, visit, &id),
            Job::Reversal { number, as_done_before, answer } => {
                self.reversal_ends(&visit, &number, as_done_before, answer);
            }
            Job::Report { endpoint, device, answer } => self.report_ends(&visit, endpoint, device, answer),
        }
    }

    /// A request has come. What it asks for is done once, where it is made under an id and that is honoured.
    pub fn ask(&mut self, now: Duration, request: &Request<'_>) -> Reply {
        self.advance(now);
        let may_be_repeated = self.settings.honours_x_action && takes_an_id(request.endpoint);
        // Who may not call has not called.
        let id = request.action.filter(|_| may_be_repeated && self.admits(request).is_ok());
        let Some(id) = id else { return self.reply(request) };
        self.actions.forget(now, Duration::from_millis(self.settings.x_action_kept_ms));
        let waits = Pending(self.number());
        if let Some(repeated) = self.actions.repeats(id, waits) {
            return repeated;
        }
        let reply = self.reply(request);
        self.actions.replied(id, now, &reply);
        reply
    }

    fn reply(&mut self, request: &Request<'_>) -> Reply {
        self.work_on(request).unwrap_or_else(|refusal| Reply::Now(self.refuse(refusal)))
    }

    fn work_on(&mut self, request: &Request<'_>) -> Replied {
        match request.endpoint {
            Endpoint::Token => Ok(Reply::Now(self.log_in(request))),
            Endpoint::Create => self.create(request),
            Endpoint::List => self.list(request),
            Endpoint::Read => self.read(request),
            Endpoint::Start => self.start(request),
            Endpoint::Abort => self.abort(request),
            Endpoint::Cancel => self.cancel(request),
            Endpoint::EndOfDay | Endpoint::Diagnosis => self.report(request),
        }
    }

    fn log_in(&mut self, request: &Request<'_>) -> Answer {
        self.ending_tokens(|model| model.logins.answer(request.body.as_ref(), &model.settings, model.now))
    }

    /// Ends all tokens, as another login of the same device would.
    pub fn kill_tokens(&mut self, now: Duration) {
        self.advance(now);
        self.ending_tokens(|model| model.logins.kill_tokens());
    }

    /// The merchant gives the money of this transaction back at the terminal, if it was paid and has not been given back.
    pub fn give_back(&mut self, now: Duration, transaction: &str) {
        self.advance(now);
        self.merchant_gives_back(transaction);
    }
}
