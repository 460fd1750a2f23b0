//! How a payment ends at the terminal, and what those hear who have started it. The customer does not care whether anybody
//! waits.

use serde_json::{Value, json};

use crate::model::answer::{Answer, Refusal};
use crate::model::endpoint::Endpoint;
use crate::model::history::{Stage, Transaction};
use crate::model::ledger::Entry;
use crate::model::node::utc;
use crate::model::receipts::Slip;
use crate::model::scenario::Scenario;
use crate::model::settings::TokenKilled;
use crate::model::state::{Event, Model, Start};
use crate::model::step::Moment;
use crate::model::terminal::Visit;

impl Model {
    /// The customer is done, or an abort has stopped the terminal.
    pub(crate) fn payment_ends(&mut self, number: u64, visit: Visit, id: &str) {
        let Ok(Transaction { scenario, script, .. }) = self.transaction(id) else { return };
        let (scenario, script) = (*scenario, script.clone());
        self.finish(&visit, id, scenario, script.status.as_deref());
        let paid_after_ms = script.paid_after_ms.filter(|_| !scenario.is_paid());
        let starts_wait = paid_after_ms.is_some() && script.start_answers_last;
        self.answer_starts(id, (!starts_wait).then_some(number));
        if let Some(after_ms) = paid_after_ms {
            self.expect(after_ms, Event::PaidAfterAll(number, visit));
        }
    }

    /// What has failed is paid.
    pub(crate) fn is_paid_after_all(&mut self, number: u64, visit: &Visit, id: &str) {
        self.finish(visit, id, Scenario::Girocard, None);
        self.answer_starts(id, Some(number));
    }

    /// Money moves or does not, and the receipts are printed.
    fn finish(&mut self, visit: &Visit, id: &str, scenario: Scenario, status: Option<&str>) {
        let (unix, time) = (self.unix(), self.unix_ms());
        let number = self.terminal(&visit.terminal).next_receipt_number();
        let Ok((transaction, _, now)) = self.change(id) else { return };
        if transaction.stage() == Stage::Aborted {
            return;
        }
        let mut result = transaction.created().clone();
        let currency = result["basket_info"]["currency"].as_str().unwrap_or_default().to_owned();
        let amount = transaction.script.charged.unwrap_or(transaction.sum());
        let told = transaction.script.charged_as.clone().unwrap_or(amount.into());
        let slip = Slip { scenario, number, amount, currency: &currency, at: utc(unix) };
        result["updated"] = visit.node.timestamp(unix).into();
        result["payment_method"] = "cashless".into();
        result["device_destination"] = json!({"object": "smart.devices", "id": visit.terminal});
        let usual = if scenario.is_paid() { as_paid(&mut result, &slip, told) } else { as_failed(&mut result, &slip) };
        result["status"] = status.unwrap_or(usual).into();
        let reference = transaction.reference.clone();
        transaction.has_ended(now, result);
        if scenario.is_paid() {
            self.terminal(&visit.terminal).counts_receipt();
        }
        let moves = scenario.is_paid() && amount != 0;
        if moves {
            self.ledger.charge(Entry { time, transaction: id.to_owned(), reference, amount, currency, change: 1 });
        }
        self.tell(id, if moves { Moment::Paid } else { Moment::NotPaid });
    }

    /// Those hear of it who wait for this visit to end, and those who wait for whichever ends.
    fn answer_starts(&mut self, id: &str, ended: Option<u64>) {
        let is_at_rest = !self.is_running(id);
        let is_answered = |start: &Start| match start.visit {
            _ if start.transaction != id => false,
            Some(visit) => Some(visit) == ended,
            None => is_at_rest,
        };
        let (answered, waiting) = std::mem::take(&mut self.starts).into_iter().partition(is_answered);
        self.starts = waiting;
        let answered: Vec<Start> = answered;
        for start in answered {
            let result = self.result(id, &start.bearer);
            self.answer(start.answer, result);
        }
    }

    /// What start says in the end.
    pub(crate) fn result(&self, id: &str, bearer: &str) -> Result<Answer, Refusal> {
        if self.settings.token_killed_while_running == TokenKilled::RefusedAfterwards {
            self.logins.admit(Some(bearer), &self.settings, self.now)?;
        }
        let transaction = self.transaction(id)?;
        let body = transaction.as_ended(&self.settings, self.now);
        let (quirk, is_lost) = (transaction.script.quirk, transaction.scenario == Scenario::AnswerLost);
        Ok(Answer { quirk, is_lost, ..Answer::success(&self.settings, Endpoint::Start, body) })
    }

    /// Does something that may end tokens. Where that is set, the starts whose token it has ended are cut off.
    pub(crate) fn ending_tokens<T>(&mut self, act: impl FnOnce(&mut Model) -> T) -> T {
        let were_alive: Vec<bool> = self.starts.iter().map(|start| self.takes(&start.bearer)).collect();
        let done = act(self);
        if self.settings.token_killed_while_running != TokenKilled::CutOff {
            return done;
        }
        for (start, was_alive) in std::mem::take(&mut self.starts).into_iter().zip(were_alive) {
            if was_alive && !self.takes(&start.bearer) {
                self.cut_off(&start);
            } else {
                self.starts.push(start);
            }
        }
        done
    }

    fn cut_off(&mut self, start: &Start) {
        if let Ok((transaction, ..)) = self.change(&start.transaction) {
            transaction.is_cut_off = true;
        }
        self.answer(start.answer, Err(Refusal::token(self.settings.dead_token_status)));
    }
}

/// The documented answer to a paid one has other fields than the one to create: no merchant, references or basket.
fn as_paid(result: &mut Value, slip: &Slip<'_>, sum: Value) -> &'static str {
    if let Some(fields) = result.as_object_mut() {
        for name in ["merchant", "merchantRef", "transactionRef", "basket", "is_demo"] {
            fields.remove(name);
        }
    }
    result["transactions"] = json!([]);
    result["receipt"] = slip.customer();
    result["receipt_merchant"] = slip.merchant();
    result["receipt_merchant_print"] = slip.scenario.is_signed().into();
    result["receipt_number"] = slip.number.into();
    let gratuity = result["basket_info"]["gratuity"].take();
    result["basket_info"] = json!({"sum": sum, "gratuity": gratuity, "currency": slip.currency});
    "ok"
}

fn as_failed(result: &mut Value, slip: &Slip<'_>) -> &'static str {
    result["receipt"] = if slip.scenario == Scenario::Declined { slip.customer() } else { json!([]) };
    result["receipt_merchant"] = json!([]);
    result["receipt_number"] = Value::Null;
    "failed"
}
