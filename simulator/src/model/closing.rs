//! What happens at the terminal after a payment: it is reversed by its receipt number, the day is closed, the terminal is
//! diagnosed. All three are answered when the terminal is done, and go on when nobody waits any more.

use serde_json::{Value, json};

use crate::model::answer::{Answer, Refusal};
use crate::model::endpoint::Endpoint;
use crate::model::history::Transaction;
use crate::model::node::{Node, utc};
use crate::model::receipts;
use crate::model::request::{Pending, Reply, Request};
use crate::model::settings::{Reversal, ReversalHits};
use crate::model::state::{Event, Model, Replied, Report};
use crate::model::terminal::{Job, Visit};

impl Model {
    /// `POST /Smart/Transactions/{receipt_number}/cancelTrx`: girocard and direct debit, and only until the day is closed.
    pub(crate) fn cancel(&mut self, request: &Request<'_>) -> Replied {
        self.admits(request)?;
        self.may_come()?;
        let (awaited, how) = (Pending(self.number()), self.settings.reversal);
        let (is_done, refused) = match how {
            Reversal::Done | Reversal::DoneBefore => (true, None),
            Reversal::Refused(refused) => (false, Some(refused)),
            Reversal::RefusedYetDone(refused) => (true, Some(refused)),
        };
        if let Some(refused) = refused {
            self.expect(refused.after_ms, Event::Refuses(awaited, refused));
        }
        if is_done {
            let answer = refused.is_none().then_some(awaited);
            let (number, as_done_before) = (request.named.to_owned(), how == Reversal::DoneBefore);
            self.comes(request.node, Job::Reversal { number, as_done_before, answer });
        }
        Ok(Reply::Later(awaited))
    }

    /// `POST /Smart/Transactions/me/EndOfDay` or `…/diagnosis`
    pub(crate) fn report(&mut self, request: &Request<'_>) -> Replied {
        let device = self.admits(request)?;
        self.may_come()?;
        let answer = Pending(self.number());
        self.comes(request.node, Job::Report { endpoint: request.endpoint, device, answer });
        Ok(Reply::Later(answer))
    }

    /// The terminal has reversed what has this number, or not.
    pub(crate) fn reversal_ends(&mut self, visit: &Visit, number: &str, as_done_before: bool, answer: Option<Pending>) {
        let said = self.reverse(visit, number).and_then(|body| match as_done_before {
            true => Err(Refusal::reversed_before(number)),
            false => Ok(Answer::success(&self.settings, Endpoint::Cancel, body)),
        });
        if let Some(awaited) = answer {
            self.answer(awaited, said);
        }
    }

    fn reverse(&mut self, visit: &Visit, number: &str) -> Result<Value, Refusal> {
        let at = self.reversed(visit, number)?;
        let (unix, time) = (self.unix(), self.unix_ms());
        let transaction = &mut self.transactions[at];
        if !transaction.may_be_reversed() {
            return Err(Refusal::not_reversible(number));
        }
        let mut body = transaction.whole_truth();
        body["status"] = "cancelled".into();
        body["updated"] = visit.node.timestamp(unix).into();
        transaction.is_reversed(self.now, body.clone());
        self.ledger.give_back(time, &transaction.id);
        Ok(body)
    }

    /// Which transaction a reversal reverses.
    fn reversed(&self, visit: &Visit, number: &str) -> Result<usize, Refusal> {
        let wanted: i64 = number.parse().map_err(|_| Refusal::unknown(number))?;
        // Each terminal counts for itself, and knows its own payments only.
        let named = |transaction: &Transaction| {
            transaction.truth()["receipt_number"].as_i64() == Some(wanted) && transaction.was_at(&visit.terminal)
        };
        // The counter may have been restarted: the newest one counts.
        let at = self.transactions.iter().rposition(named).ok_or_else(|| Refusal::unknown(number))?;
        let another = |(index, other): &(usize, &Transaction)| *index != at && other.may_be_reversed();
        Ok(match self.settings.reversal_hits {
            ReversalHits::Named => at,
            ReversalHits::Another => self.transactions.iter().enumerate().find(another).map_or(at, |(index, _)| index),
        })
    }

    /// The terminal has closed the day, or diagnosed itself.
    pub(crate) fn report_ends(&mut self, visit: &Visit, endpoint: Endpoint, device: Option<String>, answer: Pending) {
        let lines = match endpoint {
            Endpoint::EndOfDay => self.close(&visit.terminal),
            _ => receipts::diagnosis(utc(self.unix())),
        };
        let body = self.reported(visit.node, device, &lines);
        self.reports.push(Report { since: self.now, body: body.clone() });
        self.answer(answer, Ok(Answer::success(&self.settings, endpoint, body)));
    }

    /// What has been paid at a terminal since the last time is cleared.
    fn close(&mut self, terminal: &str) -> Value {
        let mut sums: Vec<(&str, i64, i64)> = Vec::new();
        let waits = |transaction: &&mut Transaction| transaction.waits_for_closing() && transaction.was_at(terminal);
        for transaction in self.transactions.iter_mut().filter(waits) {
            transaction.is_cleared = true;
            // What was charged, whatever the answers say.
            let (brand, sum) = (transaction.scenario.brand(), self.ledger.sum(&transaction.id));
            match sums.iter_mut().find(|(of, ..)| *of == brand) {
                Some((_, count, total)) => (*count, *total) = (*count + 1, *total + sum),
                None => sums.push((brand, 1, sum)),
            }
        }
        self.closings += 1;
        receipts::closing(utc(self.unix()), &sums)
    }

    /// How a report is told of is shown nowhere: as a transaction that is done, with what the terminal prints.
    fn reported(&mut self, node: Node, device: Option<String>, lines: &Value) -> Value {
        let now = node.timestamp(self.unix());
        let mut body = json!({
            "object": "smart.transactions",
            "id": self.ids.id("STX"),
            "created": now,
            "updated": now,
            "status": "ok",
            "receipt": [],
            "receipt_merchant": lines,
            "receipt_merchant_print": true,
            "transactions": [],
        });
        self.settings.name_source(&mut body, device);
        body
    }

    /// The merchant gives the money of this transaction back at the terminal, if it was paid and has not been given back.
    pub(crate) fn merchant_gives_back(&mut self, transaction: &str) {
        if self.ledger.charges(transaction) > 0 {
            self.ledger.give_back(self.unix_ms(), transaction);
        }
    }
}
