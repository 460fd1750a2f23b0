//! The terminal and the customer before it: they do not care whether anybody waits for the answer.

use std::time::{Duration, Instant};

use serde_json::{Value, json};
use time::OffsetDateTime;

use crate::invented;
use crate::receipts::Slip;
use crate::scenario::{Scenario, Script};
use crate::transactions::Stage;
use crate::world::{Entry, Moment, Shared, World, locked};

/// The terminal's own counter.
pub(crate) struct Terminal {
    next_receipt_number: i64,
}

impl Default for Terminal {
    fn default() -> Self {
        // So that the first slip is numbered as the documentation's is.
        Terminal { next_receipt_number: 3 }
    }
}

impl Terminal {
    /// Somebody has put the terminal back to its first state.
    pub(crate) fn restart_counter(&mut self) {
        *self = Terminal::default();
    }
}

/// Takes a payment. Who stops waiting for it does not stop it.
pub(crate) async fn take(world: &Shared, id: &str) {
    let (world, id) = (world.clone(), id.to_owned());
    let (done, ended) = tokio::sync::oneshot::channel();
    tokio::spawn(async move {
        let Some((scenario, script, think)) = agreed(&world, &id) else { return };
        tokio::time::sleep(think).await;
        finish(&mut locked(&world), &id, scenario, script.status.as_deref());
        let _ = done.send(());
        if let Some(paid_after) = script.paid_after_ms.filter(|_| !scenario.is_paid()) {
            tokio::time::sleep(Duration::from_millis(paid_after)).await;
            finish(&mut locked(&world), &id, Scenario::Girocard, None);
        }
    });
    let _ = ended.await;
}

/// What the customer is going to do, and how long that takes.
fn agreed(world: &Shared, id: &str) -> Option<(Scenario, Script, Duration)> {
    let world = &mut *locked(world);
    let usual = world.settings.think_ms;
    let transaction = world.transaction(id)?;
    let script = transaction.script.clone();
    let think = Duration::from_millis(script.think_ms.unwrap_or(usual));
    Some((transaction.scenario, script, think))
}

/// Money moves or does not, and the receipts are printed.
fn finish(world: &mut World, id: &str, scenario: Scenario, status: Option<&str>) {
    let number = world.terminal.next_receipt_number;
    let Some(transaction) = world.transaction(id) else { return };
    if *transaction.stage.borrow() == Stage::Aborted {
        return;
    }
    let mut result = transaction.body.clone();
    let currency = result["basket_info"]["currency"].as_str().unwrap_or_default().to_owned();
    let asked = result["basket_info"]["sum"].as_i64().unwrap_or_default();
    let amount = transaction.script.charged.unwrap_or(asked);
    let slip = Slip { scenario, number, amount, currency: &currency, at: OffsetDateTime::now_utc() };
    result["updated"] = invented::timestamp().into();
    result["payment_method"] = "cashless".into();
    let usual = if scenario.is_paid() {
        as_paid(&mut result, &slip);
        "ok"
    } else {
        result["receipt"] = if scenario == Scenario::Declined { slip.customer() } else { json!([]) };
        result["receipt_merchant"] = json!([]);
        result["receipt_number"] = Value::Null;
        "failed"
    };
    result["status"] = status.unwrap_or(usual).into();
    let reference = transaction.reference.clone();
    transaction.result = Some((Instant::now(), result));
    transaction.stage.send_replace(Stage::Ended);
    if scenario.is_paid() {
        world.terminal.next_receipt_number += 1;
        let (time, transaction) = (invented::now_ms(), id.to_owned());
        world.ledger.push(Entry { time, transaction, reference, amount, currency, change: 1 });
    }
    world.tell(id, if scenario.is_paid() { Moment::Paid } else { Moment::NotPaid });
}

/// The documented answer to a paid one has other fields than the one to create: no merchant, references or basket.
fn as_paid(result: &mut Value, slip: &Slip<'_>) {
    if let Some(fields) = result.as_object_mut() {
        for name in ["merchant", "merchantRef", "transactionRef", "basket", "is_demo"] {
            fields.remove(name);
        }
    }
    result["device_destination"] = json!({"object": "smart.devices", "id": "SDV_SIMULATED_TERMINAL"});
    result["transactions"] = json!([]);
    result["receipt"] = slip.customer();
    result["receipt_merchant"] = slip.merchant();
    result["receipt_merchant_print"] = slip.scenario.is_signed().into();
    result["receipt_number"] = slip.number.into();
    let gratuity = result["basket_info"]["gratuity"].take();
    result["basket_info"] = json!({"sum": slip.amount, "gratuity": gratuity, "currency": slip.currency});
}
