//! The terminal and the customer before it: they do not care whether anybody waits for the answer.

use std::time::Duration;

use serde_json::{Value, json};
use time::OffsetDateTime;
use tokio::sync::oneshot;

use crate::http::state::{Entry, Moment, Shared, World, locked};
use crate::model::history::Stage;
use crate::model::ids;
use crate::model::node::Clock;
use crate::model::queue::{Place, Queue};
use crate::model::receipts::Slip;
use crate::model::scenario::{Scenario, Script};

/// A terminal: its counter, and the queue before it.
pub(crate) struct Terminal {
    next_receipt_number: i64,
    pub(crate) queue: Queue,
}

impl Default for Terminal {
    fn default() -> Self {
        // So that the first slip is numbered as the documentation's is.
        Terminal { next_receipt_number: FIRST, queue: Queue::default() }
    }
}

const FIRST: i64 = 3;

impl Terminal {
    /// Somebody has put the terminal back to its first state.
    pub(crate) fn restart_counter(&mut self) {
        self.next_receipt_number = FIRST;
    }
}

/// A payment at a terminal.
pub(crate) struct Visit {
    /// The transaction's id.
    pub(crate) id: String,
    /// The terminal's.
    pub(crate) terminal: String,
    /// Whose node sent it there.
    pub(crate) clock: Clock,
}

/// Takes a payment. Who stops waiting for its end does not stop it.
pub(crate) fn take(world: &Shared, visit: Visit, place: Place) -> oneshot::Receiver<()> {
    let world = world.clone();
    let (done, ended) = oneshot::channel();
    tokio::spawn(async move {
        let there = place.comes().await;
        let Some((scenario, script)) = customer(&world, &visit.id).await else { return };
        visit.finish(&mut locked(&world), scenario, script.status.as_deref());
        drop(there);
        // Whoever waits is told by its end.
        let _waits = script.start_answers_last.then_some(done);
        if let Some(paid_after) = script.paid_after_ms.filter(|_| !scenario.is_paid()) {
            tokio::time::sleep(Duration::from_millis(paid_after)).await;
            visit.finish(&mut locked(&world), Scenario::Girocard, None);
        }
    });
    ended
}

/// Returns when the customer is done, or an abort has stopped the terminal, and what the customer has done.
async fn customer(world: &Shared, id: &str) -> Option<(Scenario, Script)> {
    let (scenario, script, think, mut stopped, mut defied) = {
        let world = &mut *locked(world);
        let usual = world.settings.think_ms;
        let transaction = world.transaction(id)?;
        let script = transaction.script.clone();
        let think = Duration::from_millis(script.think_ms.unwrap_or(usual));
        (transaction.scenario, script, think, transaction.stage.subscribe(), transaction.stage.subscribe())
    };
    let defies = async {
        let _ = defied.wait_for(|stage| *stage == Stage::Defied).await;
        let after = locked(world).settings.pays_after_abort_ms;
        match after {
            Some(ms) => tokio::time::sleep(Duration::from_millis(ms)).await,
            None => std::future::pending().await,
        }
    };
    tokio::select! {
        () = tokio::time::sleep(think) => {}
        () = defies => {}
        _ = stopped.wait_for(|stage| *stage == Stage::Aborted) => {}
    }
    Some((scenario, script))
}

impl Visit {
    /// Money moves or does not, and the receipts are printed.
    fn finish(&self, world: &mut World, scenario: Scenario, status: Option<&str>) {
        let number = world.terminal(&self.terminal).next_receipt_number;
        let Some(transaction) = world.transaction(&self.id) else { return };
        if *transaction.stage.borrow() == Stage::Aborted {
            return;
        }
        let mut result = transaction.created().clone();
        let currency = result["basket_info"]["currency"].as_str().unwrap_or_default().to_owned();
        let asked = result["basket_info"]["sum"].as_i64().unwrap_or_default();
        let amount = transaction.script.charged.unwrap_or(asked);
        let told = transaction.script.charged_as.clone().unwrap_or(amount.into());
        let slip = Slip { scenario, number, amount, currency: &currency, at: OffsetDateTime::now_utc() };
        result["updated"] = self.clock.timestamp().into();
        result["payment_method"] = "cashless".into();
        result["device_destination"] = json!({"object": "smart.devices", "id": self.terminal});
        let usual = if scenario.is_paid() {
            as_paid(&mut result, &slip, told);
            "ok"
        } else {
            result["receipt"] = if scenario == Scenario::Declined { slip.customer() } else { json!([]) };
            result["receipt_merchant"] = json!([]);
            result["receipt_number"] = Value::Null;
            "failed"
        };
        result["status"] = status.unwrap_or(usual).into();
        let reference = transaction.reference.clone();
        transaction.has_ended(result);
        if scenario.is_paid() {
            world.terminal(&self.terminal).next_receipt_number += 1;
        }
        let moves = scenario.is_paid() && amount != 0;
        if moves {
            let (time, transaction) = (ids::now_ms(), self.id.clone());
            world.ledger.push(Entry { time, transaction, reference, amount, currency, change: 1 });
        }
        world.tell(&self.id, if moves { Moment::Paid } else { Moment::NotPaid });
    }
}

/// The documented answer to a paid one has other fields than the one to create: no merchant, references or basket.
fn as_paid(result: &mut Value, slip: &Slip<'_>, sum: Value) {
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
}
