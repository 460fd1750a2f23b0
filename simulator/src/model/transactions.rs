//! Smart Transactions: create, read, start at the terminal, abort.

use serde_json::{Value, json};

use crate::model::answer::{Answer, Refusal};
use crate::model::basket;
use crate::model::endpoint::Endpoint;
use crate::model::history::{Stage, Transaction, with_status};
use crate::model::request::{Pending, Reply, Request};
use crate::model::scenario::Scenario;
use crate::model::settings::{AbortBeforeStart, AbortWhileRunning, SecondStart};
use crate::model::state::{Event, Model, REMEMBERED, Replied, Start};
use crate::model::step::Moment;
use crate::model::terminal::Job;

impl Model {
    /// `POST /Smart/Transactions`
    pub(crate) fn create(&mut self, request: &Request<'_>) -> Replied {
        let device = self.admits(request)?;
        let asked = request.body.as_ref().ok_or_else(|| Refusal::invalid("No JSON".into()))?;
        let basket = basket::checked(asked)?;
        let mut body = self.created(request, asked);
        self.settings.name_source(&mut body, device);
        if let Some(basket) = basket {
            body["basket"] = basket;
        }
        if !asked["basket_info"]["gratuity"].is_null() {
            body["basket_info"]["gratuity"] = asked["basket_info"]["gratuity"].clone();
        }
        let answer = Answer::success(&self.settings, Endpoint::Create, body.clone());
        let sum = body["basket_info"]["sum"].as_i64().unwrap_or_default();
        let script = self.scripts.pop_front().unwrap_or_default();
        let is_tried_again = self.transactions.iter().any(|earlier| earlier.sum() == sum);
        let scenario = script.scenario.unwrap_or_else(|| Scenario::of_amount(sum, is_tried_again));
        let transaction = Transaction::new(self.now, body, script, scenario);
        self.tell(&transaction.id, Moment::Created);
        self.transactions.push(transaction);
        self.forgets_the_oldest();
        Ok(Reply::Now(answer))
    }

    fn forgets_the_oldest(&mut self) {
        if self.transactions.len() > REMEMBERED
            && let Some(oldest) = self.transactions.iter().position(|transaction| !transaction.is_running())
        {
            self.transactions.remove(oldest);
        }
    }

    fn created(&mut self, request: &Request<'_>, asked: &Value) -> Value {
        json!({
            "object": "smart.transactions",
            "id": self.ids.id("STX"),
            "merchant": {"object": "general.merchants", "id": "MRC_SIMULATED", "companyname": "Musterfirma GmbH"},
            "created": request.node.timestamp(self.unix()),
            "status": "created",
            "merchantRef": asked["merchantRef"],
            "transactionRef": asked["transactionRef"],
            "basket_info": {"sum": asked["basket_info"]["sum"], "currency": asked["basket_info"]["currency"]},
            "is_demo": false,
        })
    }

    /// `GET /Smart/Transactions/{id}`
    pub(crate) fn read(&self, request: &Request<'_>) -> Replied {
        self.admits(request)?;
        let id = request.named;
        let said = |body| Answer::success(&self.settings, Endpoint::Read, body);
        if let Some(report) = self.reports.iter().find(|report| report.body["id"] == id) {
            return Ok(Reply::Now(said(report.body.clone())));
        }
        let transaction = self.transaction(id)?;
        let body = transaction.as_read(&self.settings, self.now).ok_or_else(|| Refusal::unknown(id))?;
        Ok(Reply::Now(Answer { quirk: transaction.script.quirk, ..said(body) }))
    }

    /// `POST …/{id}/start/cashless`: answered when the customer is done.
    pub(crate) fn start(&mut self, request: &Request<'_>) -> Replied {
        self.admits(request)?;
        let id = request.named;
        let bearer = request.bearer.unwrap_or_default();
        match (self.transaction(id)?.stage(), self.settings.second_start) {
            (Stage::Created, _) => {}
            (Stage::Aborted, _) | (_, SecondStart::Refused) => return Err(Refusal::started_before(id)),
            (_, SecondStart::Charges) => {}
            (_, SecondStart::Same) if self.is_running(id) => return Ok(self.waits(id, bearer, None)),
            (_, SecondStart::Same) => return Ok(Reply::Now(self.result(id, bearer)?)),
        }
        self.may_come()?;
        let (transaction, _, now) = self.change(id)?;
        transaction.is_started(now);
        let refused = transaction.script.refused;
        let visit = self.comes(request.node, Job::Payment(id.to_owned()));
        Ok(match refused {
            Some(refused) => {
                let answer = Pending(self.number());
                self.expect(refused.after_ms, Event::Refuses(answer, refused));
                Reply::Later(answer)
            }
            None => self.waits(id, bearer, Some(visit)),
        })
    }

    fn waits(&mut self, id: &str, bearer: &str, visit: Option<u64>) -> Reply {
        let answer = Pending(self.number());
        self.starts.push(Start { answer, transaction: id.to_owned(), bearer: bearer.to_owned(), visit });
        Reply::Later(answer)
    }

    /// `POST …/{id}/abort`: "Abandons a Smart Transaction that has not yet been started."
    pub(crate) fn abort(&mut self, request: &Request<'_>) -> Replied {
        self.admits(request)?;
        let body = self.abandon(request.named)?;
        Ok(Reply::Now(Answer::success(&self.settings, Endpoint::Abort, body)))
    }

    fn abandon(&mut self, id: &str) -> Result<Value, Refusal> {
        let (transaction, settings, now) = self.change(id)?;
        let follows = settings.abort_while_running == AbortWhileRunning::FollowsStatus;
        let stage = if follows { transaction.stage_seen(settings, now) } else { transaction.stage() };
        let aborted = transaction.aborted(settings);
        let pays_after_ms = settings.pays_after_abort_ms;
        match (stage, settings.abort_before_start, settings.abort_while_running) {
            (Stage::Created, AbortBeforeStart::WithoutEffect, _) => return Ok(transaction.created().clone()),
            (Stage::Created, AbortBeforeStart::Accepted, _) if follows => transaction.seems_aborted(settings, now),
            (Stage::Created, AbortBeforeStart::Accepted, _) => transaction.is_aborted(settings, now),
            (Stage::Running | Stage::Defied, _, AbortWhileRunning::Stops) => {
                transaction.is_aborted(settings, now);
                self.hurries(id, 0);
            }
            (Stage::Running | Stage::Defied, _, AbortWhileRunning::PaysAnyway) => {
                transaction.is_defied(settings, now);
                pays_after_ms.into_iter().for_each(|after_ms| self.hurries(id, after_ms));
            }
            (Stage::Running | Stage::Defied, _, AbortWhileRunning::WithoutEffect) => {
                return Ok(with_status(transaction.created(), &settings.status_while_running));
            }
            _ => return Err(Refusal::started_before(id)),
        }
        Ok(aborted)
    }
}
